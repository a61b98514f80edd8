"""Campaigns: who strives for which title, under which standards, by which plan."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.models import RegionRecord
from chuangwen.organizations.models import Unit
from chuangwen.standards.enums import Subject
from chuangwen.standards.models import StandardVersion

CITY_SHAPED = frozenset({"city", "district", "county", "village"})


class Title(RegionRecord):
    """An entry of the catalogue of titles (称号)."""

    name = models.CharField(pgettext_lazy("honour", "title"), max_length=60)
    subject = models.CharField(_("for"), max_length=12, choices=Subject)
    level = models.CharField(_("level"), max_length=20, blank=True)  # nation | province | city | county

    view_permission = "campaigns.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "name"], name="title_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shape(self) -> str:
        return shape_of(self.subject)


def shape_of(subject: str) -> str:
    """city: places, draws, inspections; unit: dossiers, activities, offices."""
    return "city" if subject in CITY_SHAPED else "unit"


class CampaignState(models.TextChoices):
    PREPARING = "preparing", _("Preparing")
    RUNNING = "running", pgettext_lazy("campaign", "Running")
    ENDED = "ended", pgettext_lazy("campaign", "Ended")


class CycleRule(models.TextChoices):
    """How the years make the total (spec/scoring.md, Cycle)."""

    WEIGHTED = "weighted", _("Sum of years by weight")
    LAST = "last", _("Only the last year counts")
    ALL_PASS = "all-pass", _("Every year must pass")


class Campaign(RegionRecord):
    """One subject's campaign (创建周期) for one title."""

    name = models.CharField(_("name"), max_length=80)
    subject = models.ForeignKey(Unit, models.PROTECT, related_name="campaigns", verbose_name=_("subject"))
    subject_kind = models.CharField(_("kind of subject"), max_length=12, choices=Subject, default="city")
    title = models.ForeignKey(Title, models.PROTECT, related_name="campaigns", verbose_name=_("title aimed at"))
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"))
    assessment_on = models.DateField(_("assessment date"))
    cycle_rule = models.CharField(max_length=10, choices=CycleRule, default=CycleRule.WEIGHTED)
    target = models.FloatField(_("target score"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=CampaignState, default=CampaignState.PREPARING)

    view_permission = "campaigns.view"

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "-assessment_on"], name="campaign_assessment"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shape(self) -> str:
        return shape_of(self.subject_kind)


class CampaignStandard(RegionRecord):
    """A standard that counts in a campaign; several run at once, one is the main one."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="standards")
    version = models.ForeignKey(StandardVersion, models.PROTECT, related_name="+")
    is_main = models.BooleanField(_("main standard"), default=False)

    view_permission = "campaigns.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "version"], name="campaign_standard_once"),
            models.UniqueConstraint(fields=["campaign"], condition=models.Q(is_main=True), name="campaign_one_main"),
        ]

    def __str__(self) -> str:
        return str(self.version)


class CampaignYear(RegionRecord):
    """A year of the campaign and its weight in the total."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"))
    weight = models.FloatField(_("weight"))

    view_permission = "campaigns.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["year"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "year"], name="campaign_year_once"),
        ]

    def __str__(self) -> str:
        return str(self.year)


class RoundKind(models.TextChoices):
    MOCK = "mock", _("Mock")
    LOOK_BACK = "look-back", _("Look-back")
    OFFICIAL = "official", _("Official")
    REVERIFICATION = "re-verification", _("Re-verification")


class RoundState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", pgettext_lazy("campaign", "Running")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", pgettext_lazy("campaign", "Cancelled")


class Round(RegionRecord):
    """One assessment of a campaign (轮次); pinned to the versions it was planned with."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="rounds")
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(pgettext_lazy("campaign", "kind"), max_length=16, choices=RoundKind, default=RoundKind.MOCK)
    year = models.PositiveSmallIntegerField(_("year"))
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"))
    unannounced = models.BooleanField(_("unannounced"), default=False)
    versions = models.ManyToManyField(StandardVersion, related_name="+")
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.PLANNED)

    view_permission = "campaigns.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["starts", "pk"]

    def __str__(self) -> str:
        return self.name


class Milestone(RegionRecord):
    """A node of the back plan: so many working days before the assessment, or a fixed date."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="milestones")
    name = models.CharField(_("milestone"), max_length=60)
    offset_workdays = models.PositiveIntegerField(_("working days before the assessment"), null=True, blank=True)
    due_on = models.DateField(_("due"))
    pinned = models.BooleanField(_("date fixed by hand"), default=False)
    round = models.ForeignKey(Round, models.SET_NULL, null=True, blank=True, related_name="milestones")
    done_on = models.DateField(_("done"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)  # customary: … | proposed: … | site: …

    view_permission = "campaigns.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.name
