"""A visit of a unit's first responsible on the spot (到场检查) that no other ledger holds."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import ScopedRecord
from chuangwen.organizations.models import Post, Unit
from chuangwen.places.models import Place


class SiteVisit(ScopedRecord):
    """Where the first responsible went on a day and what was found. A day and places, never a track.

    `seen_as` is what the post was called then. Photos hang on the visit; what comes of it names its number.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="site_visits")
    number = models.CharField(_("number"), max_length=24)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="site_visits", verbose_name=_("unit"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="site_visits", verbose_name=_("post"))
    seen_as = models.CharField(max_length=160)
    day = models.DateField(_("day"))
    places = models.ManyToManyField(Place, related_name="site_visits", blank=True, verbose_name=_("places"))
    spot = models.CharField(pgettext_lazy("visit", "where else"), max_length=160, blank=True)
    found = models.TextField(pgettext_lazy("visit", "what was found"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "responsibilities.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "number"], name="site_visit_number"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "day"], name="site_visit_unit"),
        ]

    def __str__(self) -> str:
        return self.number
