"""Titles in force and ended, what befalls them, and the contests of offices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Title
from chuangwen.core.models import ScopedRecord
from chuangwen.honors.enums import (
    STANDING_AWARDS,
    AwardState,
    CardOutcome,
    CheckOutcome,
    ContestState,
    Ruling,
)
from chuangwen.honors.models.applications import Application
from chuangwen.honors.models.families import Family
from chuangwen.honors.models.programmes import PERSON, points_field
from chuangwen.organizations.models import Unit


class Award(ScopedRecord):
    """A title that a unit holds or held, an office inside a unit among them, or a family that the unit recommends."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="awards", verbose_name=_("unit"))
    title = models.ForeignKey(
        Title, models.PROTECT, related_name="awards", verbose_name=pgettext_lazy("honour", "title")
    )
    family = models.ForeignKey(Family, models.PROTECT, null=True, related_name="awards")  # `unit` recommended it
    granted_on = models.DateField(_("granted on"))
    held_since = models.DateField(_("held since"))  # the first award's day where it was carried on
    document = models.CharField(_("document number"), max_length=80, blank=True)
    plaque = models.CharField(_("plaque number"), max_length=40, blank=True)
    application = models.OneToOneField(Application, models.PROTECT, null=True, related_name="award")
    contest = models.ForeignKey("Contest", models.PROTECT, null=True, related_name="awards")
    carried_from = models.OneToOneField("self", models.PROTECT, null=True, related_name="carried_to")
    reverify_by = models.DateField(_("re-verified until"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    plaque_back_on = models.DateField(_("plaque taken back on"), null=True, blank=True)
    barred_until = models.DateField(_("no application until"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=AwardState, default=AwardState.VALID)

    view_permission = "honors.view"
    scope_units = ("unit_id",)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "state", "title"], name="award_standing"),
            models.Index(fields=["region", "-granted_on"], name="award_granted"),
            models.Index(fields=["region", "reverify_by"], name="award_reverify"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "title"], name="award_standing_once",
                condition=models.Q(family__isnull=True, state__in=STANDING_AWARDS),
            ),
            models.UniqueConstraint(
                fields=["family", "title"], name="award_family_standing_once",
                condition=models.Q(family__isnull=False, state__in=STANDING_AWARDS),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.unit} {self.title} {self.plaque}" if self.family_id else f"{self.unit} {self.title}"

    @property
    def holder(self) -> str:
        """Who holds the title, as pages and papers show it."""
        return self.family.shown if self.family else str(self.unit)

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING_AWARDS


class Card(ScopedRecord):
    """A yellow card (黄牌警告) with its reason and term."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="cards")
    reason = models.CharField(_("reason"), max_length=500)
    decided_by = models.CharField(_("decided by"), max_length=60)
    issued_on = models.DateField(_("issued on"))
    until = models.DateField(_("put right until"))
    outcome = models.CharField(max_length=10, choices=CardOutcome, blank=True)
    settled_on = models.DateField(null=True)

    view_permission = "honors.view"
    scope_units = ("award__unit_id",)

    class Meta:
        ordering: ClassVar[list[str]] = ["-issued_on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["award"], condition=models.Q(settled_on__isnull=True), name="card_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.issued_on}"


class Reverification(ScopedRecord):
    """One yearly re-verification (复查) of one award."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="reverifications")
    due_on = models.DateField(_("due"))
    checked_on = models.DateField(_("checked on"))
    points = points_field(pgettext_lazy("score", "points"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=CheckOutcome)
    remarks = models.CharField(_("remarks"), max_length=500, blank=True)
    checked_by = models.CharField(_("checked by"), max_length=60)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    view_permission = "honors.view"
    scope_units = ("award__unit_id",)

    class Meta:
        ordering: ClassVar[list[str]] = ["-checked_on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["award", "due_on"], name="reverified_once"),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.due_on}"


class Appeal(ScopedRecord):
    """A unit appeals against a card, a suspension or a delisting; another person decides."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="appeals")
    against = models.CharField(_("against"), max_length=10, choices=AwardState)  # the state that was given
    text = models.TextField(_("appeal"))
    raised_on = models.DateField(_("raised on"))
    raised_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    ruling = models.CharField(_("ruling"), max_length=10, choices=Ruling, blank=True)
    reply = models.TextField(_("reply"), blank=True)
    ruled_on = models.DateField(null=True)
    ruled_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    view_permission = "honors.view"
    scope_units = ("award__unit_id",)

    class Meta:
        ordering: ClassVar[list[str]] = ["-raised_on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["award"], condition=models.Q(ruled_on__isnull=True), name="appeal_open"),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.raised_on}"


class Contest(ScopedRecord):
    """A contest of the offices inside one unit for civil or model office (文明处室、标兵处室评比), or of the families
    that one unit recommends (星级文明户评议). `by_vote`: ayes of a meeting are counted in place of judges' points.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="contests", verbose_name=_("unit"))
    title = models.ForeignKey(
        Title, models.PROTECT, related_name="contests", verbose_name=pgettext_lazy("honour", "title")
    )
    name = models.CharField(_("name"), max_length=80)
    decide_on = models.DateField(_("decided on"))
    places = models.PositiveSmallIntegerField(_("at most so many winners"))
    least = points_field(_("points to be reached"), default=Decimal(85))
    trimmed = models.BooleanField(_("without the highest and the lowest score"), default=True)
    by_vote = models.BooleanField(_("by a vote"), default=False)
    weights = models.JSONField(default=dict)  # aspect code -> [name, weight], as they stood when it was planned
    state = models.CharField(max_length=10, choices=ContestState, default=ContestState.PLANNED)

    view_permission = "honors.view"
    scope_units = ("unit_id",)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["region", "-decide_on"], name="contest_day")]

    def __str__(self) -> str:
        return self.name

    def weight_of(self) -> dict[str, Decimal]:
        """The weight of each aspect by its code."""
        return {code: Decimal(str(weight)) for code, (_name, weight) in self.weights.items()}


class Contestant(ScopedRecord):
    """An office or a family that takes part in a contest: one of the two."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="contestants")
    office = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=pgettext_lazy("contest", "office")
    )
    family = models.ForeignKey(Family, models.PROTECT, null=True, related_name="+")
    points = points_field(pgettext_lazy("score", "points"), null=True)
    won = models.BooleanField(null=True)

    view_permission = "honors.view"
    scope_units = ("contest__unit_id",)

    class Meta:
        ordering: ClassVar[list[str]] = ["office__path", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contest", "office"], name="contestant_once"),
            models.UniqueConstraint(fields=["contest", "family"], name="contestant_family_once"),
            models.CheckConstraint(
                condition=models.Q(office__isnull=True) ^ models.Q(family__isnull=True), name="contestant_of_one"
            ),
        ]

    def __str__(self) -> str:
        return str(self.family or self.office)

    @property
    def shown(self) -> str:
        """Who takes part, as pages show it."""
        return self.family.shown if self.family else str(self.office)


class JudgeSheet(ScopedRecord):
    """One judge's points for one contestant, aspect by aspect (六维评分表); or a meeting's vote."""

    contestant = models.ForeignKey(Contestant, models.CASCADE, related_name="sheets")
    judge = models.CharField(_("judge"), max_length=60)
    aspects = models.JSONField(default=dict)  # aspect code -> points as text; of a vote: {"ayes", "votes"}
    points = points_field(pgettext_lazy("score", "points"))
    entered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    view_permission = "honors.view"
    scope_units = ("contestant__contest__unit_id",)

    class Meta:
        ordering: ClassVar[list[str]] = ["judge", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contestant", "judge"], name="judge_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contestant} {self.judge}"


def year_end(day: date, years: int) -> date:
    """31 December of the year `years` after that of `day`."""
    return date(day.year + years, 12, 31)
