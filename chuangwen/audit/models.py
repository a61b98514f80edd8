"""The chain of audit entries, one for each region. Rows are added by services.record alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Chain(models.Model):
    """The head of a region's chain; its row is what serialises writers."""

    region_code = models.CharField(max_length=24, unique=True)
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.region_code


class Entry(models.Model):
    """One thing that was done. Everything is text, so that it stays true when rows are renamed.

    Database triggers refuse UPDATE and DELETE (migration 0002); the hash chain shows what got
    past them.
    """

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="entries")
    sequence = models.PositiveBigIntegerField()
    at = models.CharField(_("time"), max_length=40)  # ISO 8601 with offset: text, so that its hash is stable
    actor_id = models.CharField(max_length=40, blank=True)
    actor_name = models.CharField(_("actor"), max_length=120)
    action = models.CharField(_("action"), max_length=80)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    object_name = models.CharField(_("object"), max_length=200, blank=True)
    data = models.JSONField(default=dict)
    algorithm = models.CharField(max_length=10)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    view_permission: ClassVar[str] = "audit.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="entry_sequence"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["object_type", "object_id"], name="entry_object"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"
