"""What to do next: what closing each problem wins back, what it takes, and the plans that were issued."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.core.models import RegionRecord, ScopedRecord
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task
from chuangwen.scoring.models.runs import Run
from chuangwen.standards.models import ProblemType


class EffortRate(RegionRecord):
    """What a problem of a kind takes, as the office says; a kind without a row takes what is proposed (efforts.py)."""

    problem_type = models.ForeignKey(ProblemType, models.CASCADE, related_name="+", verbose_name=_("problem type"))
    person_days = models.FloatField(_("person-days"))
    least_days = models.PositiveIntegerField(_("days at least"))
    cost = models.FloatField(_("cost in yuan"), default=0)

    view_permission = "scoring.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "problem_type"], name="effort_once"),
        ]

    def __str__(self) -> str:
        return str(self.problem_type)


class ProblemGain(ScopedRecord):
    """What the run's total gains if every failing row of one problem were met; computed by the engine, kept by run."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="gains")
    problem = models.ForeignKey(Problem, models.CASCADE, related_name="gains")
    points = models.FloatField()
    codes = models.TextField(blank=True)  # of the leaves that it holds back, each between blanks: " 1.1 2.3 "
    missed = models.JSONField(default=dict)  # by leaf: [weight, rows] that would count if the problem were met

    view_permission = "scoring.view"
    scope_units = ("problem__lead_id", "problem__territory_id")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "problem"], name="problem_gain_once"),
        ]

    def __str__(self) -> str:
        return str(self.problem)


class ActionPlan(ScopedRecord):
    """A plan that was issued: which problems first, under which limits. It never changes; a new one can be made."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="plans")
    people = models.PositiveIntegerField(_("people"))
    days = models.PositiveIntegerField(_("working days"))
    until = models.DateField(_("until"))
    money = models.FloatField(_("money in yuan"), null=True)
    before = models.FloatField()  # the total with what has been closed since the run
    expected = models.FloatField()  # with the chosen problems closed too
    person_days = models.FloatField()
    cost = models.FloatField()
    proven = models.BooleanField(default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "scoring.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return str(self.run.round)


class PlanItem(ScopedRecord):
    """A problem of a plan, as it stood then; `task` is what its unit was sent, none where only the office verifies."""

    plan = models.ForeignKey(ActionPlan, models.CASCADE, related_name="items")
    problem = models.ForeignKey(Problem, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    points = models.FloatField()
    person_days = models.FloatField()
    cost = models.FloatField()
    task = models.ForeignKey(Task, models.SET_NULL, null=True, related_name="+")

    view_permission = "scoring.view"
    scope_units = ("unit_id",)

    class Meta:
        ordering: ClassVar[list[str]] = ["plan", "position"]

    def __str__(self) -> str:
        return str(self.problem)
