"""Tasks with their five fixings (五定), and the instructions (批示) that some come from."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import Scope
from chuangwen.core.models import ScopedRecord
from chuangwen.organizations.models import Post, Unit
from chuangwen.responsibilities.enums import Book, Medium, Origin, TaskState, Urgency
from chuangwen.standards.models import Node


class Instruction(ScopedRecord):
    """A leader's instruction (批示). What comes of it are its tasks; where it stands follows from theirs (standing.py).

    `signed_as` is what the writer's post was called then: old papers keep old names.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="instructions")
    number = models.CharField(_("number"), max_length=24)
    post = models.ForeignKey(
        Post, models.PROTECT, related_name="instructions", verbose_name=pgettext_lazy("instruction", "leader")
    )
    signed_as = models.CharField(max_length=160)
    written_on = models.DateField(_("written on"))
    about = models.CharField(pgettext_lazy("instruction", "about"), max_length=200)
    content = models.TextField(_("instruction"))
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.URGENT)
    medium = models.CharField(_("how it was given"), max_length=10, choices=Medium)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    on_letter = models.BooleanField(default=False)  # stands on a letter, which says itself whether a unit has to act

    view_permission = "responsibilities.view"
    scope_units = ("post__unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "number"], name="instruction_number"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["campaign", "written_on"], name="instruction_written"),
        ]

    def __str__(self) -> str:
        return self.about

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """Also the units that were given a task by it see an instruction."""
        inside = super().scope_filter(scope)
        if scope.unit_ids:
            inside |= models.Q(pk__in=Task.objects.filter(Task.scope_filter(scope)).values("instruction"))
        return inside


class Task(ScopedRecord):
    """A task with the five fixings: task, progress (deadline), responsibility, measures, people."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="tasks")
    number = models.CharField(_("number"), max_length=24)
    title = models.CharField(_("task"), max_length=300)
    detail = models.TextField(_("detail"), blank=True)
    node = models.ForeignKey(Node, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("criterion"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tasks", verbose_name=_("unit"))
    post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("post"))
    implementer = models.ForeignKey(
        Post, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    supervisor = models.ForeignKey(
        Post, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("supervised by")
    )
    cooperating = models.ManyToManyField(
        Unit, related_name="cooperating_tasks", blank=True, verbose_name=_("cooperating units")
    )
    measure = models.CharField(_("measure of success"), max_length=300, blank=True)
    frequency = models.CharField(_("how often"), max_length=80, blank=True)
    due_at = models.DateTimeField(_("deadline"))
    measures = models.TextField(_("measures"), blank=True)  # added by the unit
    people = models.TextField(_("people"), blank=True)  # added by the unit, as posts
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)  # counted by services.planning alone
    waits_for = models.ManyToManyField("self", symmetrical=False, related_name="waited_for", blank=True)
    book = models.CharField(_("ledger"), max_length=10, choices=Book, default=Book.CAMPAIGN)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.HAND)
    instruction = models.ForeignKey(Instruction, models.PROTECT, null=True, blank=True, related_name="tasks")
    duty = models.ForeignKey(
        "responsibilities.Duty", models.PROTECT, null=True, blank=True, related_name="tasks",
        verbose_name=_("recurring duty"),
    )  # fmt: skip
    occurrence = models.CharField(max_length=24, blank=True)  # the period of the duty, one task for each
    origin_text = models.TextField(_("source sentence"), blank=True)
    origin_url = models.CharField(max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=TaskState, default=TaskState.DRAFT)
    accepted_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "responsibilities.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "number"], name="task_number"),
            models.UniqueConstraint(fields=["duty", "occurrence"], name="task_occurrence"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["campaign", "state", "due_at"], name="task_state_due"),
            models.Index(fields=["unit", "state", "due_at"], name="task_unit_due"),
            models.Index(fields=["campaign", "issued_at"], name="task_issued"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """Also the units that cooperate see a task, and who checks its unit's kind of organization (KindLead);
        subqueries, since a join would double rows."""
        inside = super().scope_filter(scope)
        if scope.unit_ids:
            shared = cls.cooperating.through.objects.filter(unit_id__in=scope.unit_ids)
            inside |= models.Q(pk__in=shared.values("task_id"))
            duties: Any = cls._meta.get_field("duty").related_model
            inside |= models.Q(duty__in=duties.objects.filter(kind_lead__lead__in=scope.unit_ids).values("pk"))
        return inside
