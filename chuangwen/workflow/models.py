"""The history of every state: one row for each step that any matter took."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.core.inserting import QuickInsert
from chuangwen.core.models import Region


class Step(QuickInsert):
    """One step of one matter. Written by services.advance and note_step alone."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    action = models.CharField(_("action"), max_length=40)
    source = models.CharField(max_length=24, blank=True)
    target = models.CharField(max_length=24, blank=True)
    actor_id = models.BigIntegerField(null=True)  # a number, not a key: people stand above workflow
    actor_name = models.CharField(max_length=120)
    on_behalf = models.CharField(_("entered on behalf of"), max_length=120, blank=True)
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["object_type", "object_id", "at"], name="step_object"),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.object_id} {self.action}"
