"""The breakdown (责任分解) and the tasks that come out of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import Scope
from chuangwen.core.models import RegionRecord, ScopedRecord
from chuangwen.organizations.models import Post, Unit
from chuangwen.standards.models import Node


class Share(models.TextChoices):
    LEAD = "lead", _("Lead")
    COOPERATE = "cooperate", _("Cooperate")


class Origin(models.TextChoices):
    """How a cell of the matrix or a task came to be."""

    HAND = "hand", _("Written by hand")
    HINT = "hint", _("By the standard's hint")
    WORKBOOK = "workbook", _("From a workbook")
    BREAKDOWN = "breakdown", _("From the breakdown")
    DIRECTIVE = "directive", _("From a document")
    INSTRUCTION = "instruct", _("By a leader's instruction")


TASK_ORIGINS = (Origin.BREAKDOWN, Origin.DIRECTIVE, Origin.INSTRUCTION, Origin.HAND)


class Assignment(ScopedRecord):
    """One cell of the matrix criterion x unit."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="assignments")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments")
    share = models.CharField(max_length=10, choices=Share)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.HAND)

    view_permission = "responsibilities.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "node", "unit"], name="assignment_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["campaign", "unit"], name="assignment_unit")]

    def __str__(self) -> str:
        return f"{self.node} {self.share} {self.unit}"


class Collective(RegionRecord):
    """Whom a collective name of papers means here: 窗口单位, 通信企业, 各行业主管部门.

    Names for all units of a kind (各街道) need no row: organizations.naming knows them.
    """

    name = models.CharField(_("name"), max_length=80)
    units = models.ManyToManyField(Unit, related_name="+")

    view_permission = "responsibilities.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "name"], name="collective_once"),
        ]

    def __str__(self) -> str:
        return self.name


class SplitCriterion(RegionRecord):
    """A criterion that several territories lead side by side (分片牵头): not an overlap."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="split_criteria")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+")

    view_permission = "responsibilities.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "node"], name="split_once"),
        ]

    def __str__(self) -> str:
        return str(self.node)


class TaskState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Waiting to be accepted")
    ACCEPTED = "accepted", _("Under way")
    OBJECTED = "objected", _("Objected to")
    REPORTED = "reported", _("Waiting to be confirmed")
    CONFIRMED = "confirmed", _("Closed as done")
    CANCELLED = "cancelled", _("Task cancelled")


class Urgency(models.TextChoices):
    """How soon a leader wants an instruction done, as papers are marked: 平件, 加急, 特急."""

    ORDINARY = "ordinary", pgettext_lazy("instruction", "Ordinary")
    URGENT = "urgent", pgettext_lazy("instruction", "Urgent")
    MOST = "most", pgettext_lazy("instruction", "Most urgent")


class Medium(models.TextChoices):
    """How an instruction was given."""

    PAPER = "paper", pgettext_lazy("instruction", "On paper")
    SPOKEN = "spoken", pgettext_lazy("instruction", "By word of mouth")
    SCREEN = "screen", pgettext_lazy("instruction", "On screen")


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


# Still running against the unit's clock.
OPEN_TASK_STATES = (TaskState.ISSUED, TaskState.ACCEPTED, TaskState.OBJECTED)


class Task(ScopedRecord):
    """A task with the five fixings: task, progress (deadline), responsibility, measures, people."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="tasks")
    number = models.CharField(_("number"), max_length=24)
    title = models.CharField(_("task"), max_length=300)
    detail = models.TextField(_("detail"), blank=True)
    node = models.ForeignKey(Node, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("criterion"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tasks", verbose_name=_("unit"))
    post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("post"))
    cooperating = models.ManyToManyField(
        Unit, related_name="cooperating_tasks", blank=True, verbose_name=_("cooperating units")
    )
    measure = models.CharField(_("measure of success"), max_length=300, blank=True)
    frequency = models.CharField(_("how often"), max_length=80, blank=True)
    due_at = models.DateTimeField(_("deadline"))
    measures = models.TextField(_("measures"), blank=True)  # added by the unit
    people = models.TextField(_("people"), blank=True)  # added by the unit, as posts
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.HAND)
    instruction = models.ForeignKey(Instruction, models.PROTECT, null=True, blank=True, related_name="tasks")
    origin_text = models.TextField(_("source sentence"), blank=True)
    origin_url = models.CharField(max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=TaskState, default=TaskState.DRAFT)
    issued_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "responsibilities.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "number"], name="task_number"),
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
        """Also the units that cooperate see a task; a subquery, since a join would double rows."""
        inside = super().scope_filter(scope)
        if scope.unit_ids:
            shared = cls.cooperating.through.objects.filter(unit_id__in=scope.unit_ids)
            inside |= models.Q(pk__in=shared.values("task_id"))
        return inside
