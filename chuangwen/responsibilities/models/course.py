"""The course of duties: what comes again and what always holds; a task's milestones and its requests for more time."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import Scope
from chuangwen.core.models import RegionRecord, ScopedRecord
from chuangwen.organizations.models import Post, Unit
from chuangwen.responsibilities.enums import DutyState, Origin, Request
from chuangwen.responsibilities.models.kinds import KindLead
from chuangwen.responsibilities.models.tasks import Task
from chuangwen.responsibilities.schedule import Schedule
from chuangwen.standards.models import Node


class Duty(ScopedRecord):
    """A recurring duty (定期工作) of one unit: each of its dates becomes a task of its own, ahead of time.

    `schedule` is a Schedule as data. `next_on` is the next date that has no task yet, `opens_on` the day on which it
    gets one; both None where no date is left. `source` names what the duty came of, once for each unit. `kind_lead`: it
    was laid out on the unit because of the kind of organization that it is, and who leads the kind checks it.
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
    kind_lead = models.ForeignKey(KindLead, models.PROTECT, null=True, blank=True, related_name="duties")
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

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """Also the units that cooperate see a duty; a subquery, since a join would double rows."""
        inside = super().scope_filter(scope)
        if scope.unit_ids:
            shared = cls.cooperating.through.objects.filter(unit_id__in=scope.unit_ids)
            inside |= models.Q(pk__in=shared.values("duty_id"))
        return inside

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


class _OfTask(ScopedRecord):
    """A row that belongs to a task: whoever sees the task sees it."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="+")

    view_permission = "responsibilities.view"
    scope_units = ("task__unit_id",)

    class Meta:
        abstract = True

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        inside = super().scope_filter(scope)
        if scope.unit_ids:
            inside |= models.Q(task__in=Task.objects.filter(Task.scope_filter(scope)).values("pk"))
        return inside


class TaskMilestone(_OfTask):
    """One step of a task's plan, with the share of the task that is done with it; proved by a paper or the ledger."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="milestones")
    name = models.CharField(_("milestone"), max_length=80)
    share = models.PositiveSmallIntegerField(_("share in per cent"))
    due_on = models.DateField(_("day"))
    done_at = models.DateTimeField(null=True, blank=True)
    proof = models.CharField(max_length=300, blank=True)  # in words; the paper hangs on the task

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["task", "due_on"], name="step_task_due"),
            models.Index(fields=["region", "done_at", "due_on"], name="step_open_due"),
        ]

    def __str__(self) -> str:
        return self.name


class Postponement(_OfTask):
    """A unit's request for a later deadline, and what the office decided."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="postponements")
    reason = models.TextField(_("reason"))
    wanted = models.DateTimeField(_("asked for"))
    asked_at = models.DateTimeField()
    before = models.DateTimeField()  # the deadline when it was asked
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=Request, default=Request.ASKED)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["task"], condition=models.Q(state="asked"), name="postponement_open_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["region", "state"], name="postponement_state")]

    def __str__(self) -> str:
        return str(self.task)
