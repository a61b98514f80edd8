"""The course of duties: what comes again (recurring duties) and what always holds (standing rules)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import RegionRecord, ScopedRecord
from chuangwen.organizations.models import Post, Unit
from chuangwen.responsibilities.enums import DutyState, Origin
from chuangwen.responsibilities.schedule import Schedule
from chuangwen.standards.models import Node


class Duty(ScopedRecord):
    """A recurring duty (定期工作) of one unit: each of its dates becomes a task of its own, ahead of time.

    `schedule` is a Schedule as data. `next_on` is the next date that has no task yet, `opens_on` the day on which it
    gets one; both None where no date is left. `source` names what the duty came of, once for each unit.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="recurring_duties")
    number = models.CharField(_("number"), max_length=24)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="recurring_duties", verbose_name=_("unit"))
    post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("post"))
    cooperating = models.ManyToManyField(Unit, related_name="+", blank=True, verbose_name=_("cooperating units"))
    title = models.CharField(_("recurring duty"), max_length=200)
    measure = models.CharField(_("measure of success"), max_length=300)
    node = models.ForeignKey(Node, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("criterion"))
    schedule = models.JSONField(_("how often"))
    ahead = models.PositiveSmallIntegerField(_("opened ahead by working days"))
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"))
    next_on = models.DateField(_("next date"), null=True, blank=True)
    opens_on = models.DateField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=DutyState, default=DutyState.RUNNING)
    source = models.CharField(max_length=120, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.HAND)
    origin_text = models.TextField(_("source sentence"), blank=True)
    origin_url = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "responsibilities.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "number"], name="duty_number"),
            models.UniqueConstraint(
                fields=["campaign", "unit", "source"], condition=~models.Q(source=""), name="duty_source_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "opens_on"], name="duty_opens"),
            models.Index(fields=["campaign", "state", "next_on"], name="duty_next"),
            models.Index(fields=["unit", "state"], name="duty_unit"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def plan(self) -> Schedule:
        """The schedule as an object."""
        return Schedule.from_data(self.schedule)


class StandingRule(RegionRecord):
    """A rule that always holds (无…, 全覆盖…): nothing to be reported, shown beside what its units have to do.

    No units means all of them. `source` names what the rule came of.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="standing_rules")
    text = models.CharField(_("standing rule"), max_length=300)
    units = models.ManyToManyField(Unit, related_name="standing_rules", blank=True, verbose_name=_("units"))
    node = models.ForeignKey(Node, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("criterion"))
    source = models.CharField(max_length=120, blank=True)
    origin_text = models.TextField(_("source sentence"), blank=True)
    origin_url = models.CharField(max_length=300, blank=True)
    ended_on = models.DateField(_("held until"), null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "responsibilities.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["campaign", "source"], condition=~models.Q(source=""), name="rule_source_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["campaign", "ended_on", "-created_at"], name="rule_ended"),
        ]

    def __str__(self) -> str:
        return self.text
