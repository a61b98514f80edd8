"""The chain of audit entries, one for each region. Rows are added by services.record alone."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.core.access import scope_of
from chuangwen.core.inserting import QuickInsert
from chuangwen.core.models import Region

SITE = "-"  # the chain of what belongs to no region: sign-ins of nobody, settings


class Chain(models.Model):
    """The head of a region's chain; its row is what serialises writers."""

    region_code = models.CharField(max_length=24, unique=True)
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.region_code


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries under scoped access: whole regions, never single units."""

    def visible_to(self, user: Any, permission: str = "") -> Self:
        """The entries of the regions in which `user` holds the permission over all units.

        Where the site serves one region alone, what belongs to no region is its matter too.
        """
        codes = visible_codes(user, permission or Entry.view_permission)
        return self.filter(chain__region_code__in=codes)


def visible_codes(user: Any, permission: str) -> list[str]:
    """The codes of the chains that `user` may read."""
    regions = scope_of(user, permission).regions
    codes = dict(Region.objects.values_list("pk", "code"))
    found = [code for pk, code in codes.items() if pk in regions]
    return [*found, SITE] if found and len(codes) == 1 else found


class Entry(QuickInsert):
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

    objects = EntryQuerySet.as_manager()
    view_permission: ClassVar[str] = "audit.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="entry_sequence"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["object_type", "object_id"], name="entry_object"),
            models.Index(fields=["actor_id", "-id"], name="entry_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"
