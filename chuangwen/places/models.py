"""The register of places: what may be drawn and inspected, and who keeps it."""

from __future__ import annotations

import secrets
from functools import partial
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.core.models import ScopedRecord
from chuangwen.organizations.models import Grid, Post, Unit
from chuangwen.standards.models import PlaceType


class PlaceState(models.TextChoices):
    OPEN = "open", _("In use")
    CLOSED = "closed", _("Closed for a time")
    GONE = "gone", _("Gone")


# A fresh name for a plate: short enough to type, too many to guess through or to meet by chance (of 32 bits, two of
# 12,000 were the same in one import of sixty). No function of ours,
# since migrations name the default and must not import application code.
new_plate = partial(secrets.token_hex, 6)


class Place(ScopedRecord):
    """A place (点位) with the columns of the 点位信息表 (the office's register of places).

    `plate` names the place on its QR plate, so that a plate on a wall outlives a change of the code.
    """

    code = models.CharField(_("code"), max_length=40)
    plate = models.CharField(max_length=12, unique=True, default=new_plate, editable=False)
    name = models.CharField(_("name"), max_length=80)
    place_type = models.ForeignKey(PlaceType, models.PROTECT, related_name="places", verbose_name=_("place type"))
    address = models.CharField(_("address"), max_length=160, blank=True)
    contact = models.CharField(_("contact"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    territory = models.ForeignKey(Unit, models.PROTECT, related_name="places_in", verbose_name=_("territory"))
    department = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="places_supervised",
        verbose_name=_("department in charge"),
    )
    keeper = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="places_kept", verbose_name=_("keeper")
    )
    leader = models.ForeignKey(
        Post, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contracted leader")
    )
    grid = models.ForeignKey(Grid, models.SET_NULL, null=True, blank=True, related_name="places")
    hours = models.CharField(_("opening hours"), max_length=80, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    length = models.PositiveIntegerField(_("length in metres"), null=True, blank=True)  # of a road, along its middle
    batch = models.CharField(_("batch declared"), max_length=40, blank=True)
    declared = models.BooleanField(_("declared for the draw"), default=True)
    state = models.CharField(_("state"), max_length=8, choices=PlaceState, default=PlaceState.OPEN)

    view_permission = "places.view"
    scope_units = ("territory_id", "keeper_id", "department_id")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "code"], name="place_code"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "place_type", "state"], name="place_type_state"),
            models.Index(fields=["territory", "state"], name="place_territory"),
            models.Index(fields=["region", "state", "code"], name="place_state_code"),
            models.Index(fields=["region", "name"], name="place_name"),
            models.Index(fields=["region", "batch"], name="place_batch"),
            # Roads are few among places; whether one has a gap stands on the office's start page.
            models.Index(
                fields=["region", "code", "state", "length"],
                condition=models.Q(length__isnull=False),
                name="place_road",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceStateChange(ScopedRecord):
    """The dated states of a place: from `day` on it is open, closed for a time, or gone."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="state_changes")
    state = models.CharField(max_length=8, choices=PlaceState)
    day = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    changed_by = models.CharField(max_length=120, blank=True)

    view_permission = "places.view"
    scope_units = ("place__territory_id", "place__keeper_id", "place__department_id")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["place", "day"], name="place_state_day")]

    def __str__(self) -> str:
        return f"{self.place} {self.state}"
