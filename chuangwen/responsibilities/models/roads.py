"""Road sections (路段分包) and shop fronts (门前三包): who has which metres of a road, and which shops signed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.models import ScopedRecord
from chuangwen.organizations.models import Post, Unit
from chuangwen.places.models import Place
from chuangwen.responsibilities.enums import RoadSide


class RoadSection(ScopedRecord):
    """Metres of a road (a place that has a length) that a unit answers for, from a day on.

    `leader` is whoever of the leading group contracted it; `post` the one at the unit who answers right there.
    """

    road = models.ForeignKey(Place, models.PROTECT, related_name="sections", verbose_name=_("road"))
    starts_at = models.PositiveIntegerField(_("from metre"))
    ends_at = models.PositiveIntegerField(_("to metre"))
    side = models.CharField(pgettext_lazy("road", "side"), max_length=5, choices=RoadSide, default=RoadSide.BOTH)
    between = models.CharField(_("from where to where"), max_length=120, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="road_sections", verbose_name=_("unit"))
    post = models.ForeignKey(
        Post, models.SET_NULL, null=True, blank=True, related_name="road_sections", verbose_name=_("post")
    )
    leader = models.ForeignKey(
        Post, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contracted leader")
    )
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)

    view_permission = "responsibilities.view"
    scope_units = ("unit_id", "road__territory_id", "road__keeper_id")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="section_has_metres"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["road", "starts_at", "ends_at", "side", "starts", "ends"], name="section_road"),
            models.Index(fields=["unit", "ends"], name="section_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.road} {self.starts_at}—{self.ends_at}"


class ShopFront(ScopedRecord):
    """A shop that answers for what lies before its door: clean, orderly, green (包卫生、包秩序、包绿化).

    Of the shop only what its sign says is kept, no person.
    """

    road = models.ForeignKey(Place, models.PROTECT, related_name="fronts", verbose_name=_("road"))
    number = models.CharField(_("house number"), max_length=30)
    name = models.CharField(_("shop"), max_length=80)
    side = models.CharField(pgettext_lazy("road", "side"), max_length=5, choices=RoadSide, default=RoadSide.BOTH)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="shop_fronts", verbose_name=_("supervised by"))
    keeps_clean = models.BooleanField(_("keeps it clean"), default=False)
    keeps_order = models.BooleanField(_("keeps order"), default=False)
    keeps_green = models.BooleanField(_("keeps the green"), default=False)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    closed_on = models.DateField(_("shop closed on"), null=True, blank=True)

    view_permission = "responsibilities.view"
    scope_units = ("unit_id", "road__territory_id", "road__keeper_id")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["road", "number"], condition=models.Q(closed_on__isnull=True), name="front_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "number"], name="front_number"),
            models.Index(fields=["unit", "closed_on"], name="front_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.road}{self.number} {self.name}"

    @property
    def is_signed(self) -> bool:
        return self.signed_on is not None and self.keeps_clean and self.keeps_order and self.keeps_green
