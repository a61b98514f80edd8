"""Flags by peer group (流动黑牌, 红旗), weekly red and black lists (红黑榜), and the numbers they go by."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.access import Scope
from chuangwen.core.models import RegionRecord, ScopedRecord
from chuangwen.organizations.enums import Branch
from chuangwen.organizations.models import Unit
from chuangwen.supervision.enums import Brings, FlagColour, FlagState, ListState, NumberKey, ScorePart, Side


class PeerNumber(RegionRecord):
    """One number of the rules of flags and lists, with its source."""

    key = models.CharField(_("number"), max_length=24, choices=NumberKey)
    value = models.PositiveSmallIntegerField(pgettext_lazy("number", "value"))
    source = models.CharField(_("source"), max_length=160)

    view_permission = "supervision.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "key"], name="peer_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_key_display()} {self.value}"


class ScoreWeight(RegionRecord):
    """What a part weighs in the monthly score of lines or of territories."""

    branch = models.CharField(max_length=10, choices=Branch)
    part = models.CharField(_("part"), max_length=14, choices=ScorePart)
    weight = models.PositiveSmallIntegerField(_("weight"))
    source = models.CharField(_("source"), max_length=160)

    view_permission = "supervision.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "branch", "part"], name="score_weight_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_branch_display()} {self.get_part_display()} {self.weight}"


class Flag(ScopedRecord):
    """A flag proposed from a period's scores and given by a person; `figures` are those it was proposed by."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="flags", verbose_name=_("unit"))
    colour = models.CharField(_("flag"), max_length=6, choices=FlagColour)
    peer_group = models.CharField(_("peer group"), max_length=40)
    starts = models.DateField(_("period from"))
    ends = models.DateField(_("period to"))
    score = models.FloatField(_("score"))
    figures = models.JSONField(default=dict)
    running = models.PositiveSmallIntegerField(_("times running"), default=1)
    brings = models.CharField(_("what it brings"), max_length=14, choices=Brings, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=FlagState, default=FlagState.PROPOSED)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    given_on = models.DateField(_("given on"), null=True, blank=True)
    back_on = models.DateField(_("handed back on"), null=True, blank=True)

    view_permission = "supervision.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "colour", "starts"], name="flag_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "dropped"]) | models.Q(given_on__isnull=False),
                name="flag_given_on",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "state", "starts"], name="flag_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_colour_display()} {self.unit}"

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """Who holds a flag is no secret inside the region; what is only proposed is the office's."""
        inside = models.Q(region_id__in=scope.regions)
        return inside | models.Q(region_id__in=scope.home_regions, state__in=[FlagState.GIVEN, FlagState.BACK])


class FlagLook(RegionRecord):
    """That a period's flags were looked for: the daily job proposes once for each month and quarter that is over."""

    colour = models.CharField(_("flag"), max_length=6, choices=FlagColour)
    starts = models.DateField(_("period from"))
    found = models.PositiveSmallIntegerField(default=0)

    view_permission = "supervision.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "colour", "starts"], name="flag_look_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_colour_display()} {self.starts:%Y-%m}"


class WeekList(RegionRecord):
    """The red and black list of one week, frozen when it is made; a person releases it."""

    starts = models.DateField(_("week from"))
    ends = models.DateField(_("week to"))
    made_at = models.DateTimeField(_("status date"))
    state = models.CharField(_("state"), max_length=10, choices=ListState, default=ListState.DRAFT)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)

    view_permission = "supervision.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "starts"], name="week_list_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts:%Y-%m-%d}"

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """A draft is the office's and of those who see the region."""
        inside = models.Q(region_id__in=scope.regions)
        return inside | models.Q(region_id__in=scope.home_regions, state=ListState.RELEASED)


class ListLine(ScopedRecord):
    """A unit's line in a week's list: closed in time of due, and on which side it stands."""

    week = models.ForeignKey(WeekList, models.CASCADE, related_name="lines")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="list_lines", verbose_name=_("unit"))
    branch = models.CharField(max_length=10, choices=Branch)
    rank = models.PositiveSmallIntegerField(pgettext_lazy("list", "rank"))
    numerator = models.PositiveIntegerField(_("closed in time"))
    denominator = models.PositiveIntegerField(pgettext_lazy("list", "due"))
    side = models.CharField(_("list"), max_length=6, choices=Side, blank=True)
    running = models.PositiveSmallIntegerField(_("times running"), default=0)
    brings = models.CharField(_("what it brings"), max_length=14, choices=Brings, blank=True)

    view_permission = "supervision.view"
    scope_units = ("unit_id",)

    class Meta:
        ordering: ClassVar[list[str]] = ["branch", "rank", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["week", "unit"], name="list_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.numerator}/{self.denominator}"

    @property
    def share(self) -> float:
        return self.numerator / self.denominator
