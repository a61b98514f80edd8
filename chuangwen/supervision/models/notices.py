"""Notices (督办单) and what they list, the ladder's rules, talks, referrals, veto events."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core.access import Scope
from chuangwen.core.models import RegionRecord, ScopedRecord
from chuangwen.evidence.models import Dossier
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task
from chuangwen.supervision.enums import (
    UNSENT_STATES,
    Addressee,
    Colour,
    CopyTo,
    LadderStep,
    NoticeState,
    RuleCondition,
    Signer,
)

UNSENT = [str(state) for state in UNSENT_STATES]


class NoticeStep(RegionRecord):
    """One rung of the ladder as the office has it: to whom, signed by whom, answered within how long."""

    step = models.CharField(_("step"), max_length=10, choices=LadderStep)
    addressee = models.CharField(_("to"), max_length=12, choices=Addressee)
    copy_to = models.CharField(_("copy to"), max_length=12, choices=CopyTo, blank=True)
    signer = models.CharField(pgettext_lazy("supervision", "signed by"), max_length=12, choices=Signer, blank=True)
    answer_within = models.CharField(_("answer within"), max_length=5, blank=True)  # 2d, as workdays.deadline reads it
    talk_within = models.CharField(_("talk within"), max_length=5, blank=True)
    source = models.CharField(_("source"), max_length=160)  # customary: … | proposed: … | site: …

    view_permission = "supervision.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "step"], name="notice_step_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_step_display())


class NoticeRule(RegionRecord):
    """When the ladder asks for a step. Dated and never changed: another decision ends it and begins a new one.

    A new rule is kept switched off, so that it can be tried on past data first; switched on it ends what it
    replaces.
    """

    step = models.CharField(_("step"), max_length=10, choices=LadderStep)
    condition = models.CharField(_("when"), max_length=12, choices=RuleCondition)
    number = models.PositiveSmallIntegerField(_("number"), default=0)
    source = models.CharField(_("source"), max_length=160)
    is_on = models.BooleanField(_("in force"), default=False)
    starts = models.DateField(_("holds from"), null=True, blank=True)
    ends = models.DateField(_("holds until"), null=True, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    position = models.PositiveSmallIntegerField(default=0)

    view_permission = "supervision.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.get_condition_display()} {self.number}"


class SupervisionNotice(ScopedRecord):
    """A notice (督办单): one for each unit, colour and day, listing all that is late.

    `number` is the register's and stays the address; `serial` is the sheet's own, given when it is signed.
    """

    number = models.CharField(_("number"), max_length=24)  # 2026-0012
    serial = models.PositiveIntegerField(_("sheet number"), null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="notices", verbose_name=_("unit"))
    colour = models.CharField(_("colour"), max_length=8, choices=Colour)
    day = models.DateField(_("date"))
    state = models.CharField(_("state"), max_length=14, choices=NoticeState, default=NoticeState.PROPOSED)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    reason = models.TextField(_("what is asked"), blank=True)
    signer = models.CharField(max_length=12, choices=Signer)
    addressee = models.CharField(_("to"), max_length=200, blank=True)
    copy_to = models.CharField(_("copy to"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"))
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_name = models.CharField(pgettext_lazy("supervision", "signed by"), max_length=80, blank=True)
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    due_at = models.DateTimeField(_("answer due"))
    talk_due_on = models.DateField(_("talk due"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("received"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    returned_times = models.PositiveSmallIntegerField(default=0)
    escalated_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="escalated_from")

    view_permission = "supervision.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "number"], name="notice_number"),
            models.UniqueConstraint(
                fields=["unit", "colour"], condition=models.Q(state="proposed"), name="notice_one_proposal"
            ),
            models.UniqueConstraint(
                fields=["unit", "colour", "day"], condition=~models.Q(state__in=UNSENT), name="notice_one_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=UNSENT) | (models.Q(signed_at__isnull=False) & ~models.Q(signed_name="")),
                name="notice_signed",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "state", "due_at"], name="notice_state_due"),
            models.Index(fields=["unit", "state", "due_at"], name="notice_unit_due"),
            models.Index(fields=["region", "day"], name="notice_day"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_colour_display()}"

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """A unit's people see what was sent to it and what it is asked to sign; other proposals are the office's."""
        inside = models.Q(region_id__in=scope.regions)
        if scope.unit_ids:
            inside |= models.Q(unit_id__in=scope.unit_ids) & ~models.Q(state__in=UNSENT)
            asked = JointSigner.objects.filter(unit_id__in=scope.unit_ids).values("notice")
            inside |= models.Q(pk__in=asked) & ~models.Q(state=NoticeState.DROPPED)
        return inside


class NoticeItem(ScopedRecord):
    """A matter that a notice lists, with the figure by which its rule held (frozen as the sheet was written)."""

    notice = models.ForeignKey(SupervisionNotice, models.CASCADE, related_name="items")
    problem = models.ForeignKey(Problem, models.PROTECT, null=True, blank=True, related_name="notice_items")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="notice_items")
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, related_name="notice_items")
    rule = models.ForeignKey(NoticeRule, models.PROTECT, null=True, blank=True, related_name="+")
    ground = models.CharField(max_length=12, choices=RuleCondition, blank=True)  # empty: by hand
    found = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(_("deadline"))

    view_permission = "supervision.view"
    scope_units = ("notice__unit_id",)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["notice", "problem"], name="notice_problem_once"),
            models.UniqueConstraint(fields=["notice", "task"], name="notice_task_once"),
            models.UniqueConstraint(fields=["notice", "dossier"], name="notice_dossier_once"),
            models.CheckConstraint(
                condition=models.Q(problem__isnull=False, task__isnull=True, dossier__isnull=True)
                | models.Q(problem__isnull=True, task__isnull=False, dossier__isnull=True)
                | models.Q(problem__isnull=True, task__isnull=True, dossier__isnull=False),
                name="notice_item_one_matter",
            ),
        ]

    def __str__(self) -> str:
        return str(self.matter)

    @property
    def matter(self) -> Any:
        """The problem, the task or the dossier."""
        return self.problem or self.task or self.dossier

    @property
    def target(self) -> tuple[int | None, int | None, int | None]:
        """By which two lines are known to list the same matter."""
        return self.problem_id, self.task_id, self.dossier_id


class JointSigner(ScopedRecord):
    """A body that signs a notice beside the office (联合督办, 会同督办); nothing goes out before all have signed."""

    notice = models.ForeignKey(SupervisionNotice, models.CASCADE, related_name="bodies")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("body"))
    signed_name = models.CharField(pgettext_lazy("supervision", "signed by"), max_length=80, blank=True)
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "supervision.view"
    scope_units = ("unit_id",)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["notice", "unit"], name="joint_signer_once"),
            models.CheckConstraint(
                condition=models.Q(signed_at__isnull=True) | ~models.Q(signed_name=""), name="joint_signer_named"
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)


class Talk(ScopedRecord):
    """An admonition talk (约谈): who spoke with whom, as posts, about what, and what was agreed."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="talks", verbose_name=_("unit"))
    notice = models.ForeignKey(SupervisionNotice, models.PROTECT, null=True, blank=True, related_name="talks")
    held_at = models.DateTimeField(_("held at"))
    place = models.CharField(_("place"), max_length=80, blank=True)
    held_by = models.CharField(_("held by"), max_length=120)
    held_with = models.CharField(_("held with"), max_length=120)
    subject = models.TextField(_("about"))
    agreed = models.TextField(_("what was agreed"))

    view_permission = "supervision.view"
    scope_units = ("unit_id",)

    class Meta:
        ordering: ClassVar[list[str]] = ["held_at", "pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "held_at"], name="talk_held"),
            models.Index(fields=["unit", "held_at"], name="talk_unit"),
        ]

    def __str__(self) -> str:
        return gettext("Talk with %s") % self.unit


class Referral(ScopedRecord):
    """That a matter was handed over, to whom and when. Never its content (mechanisms 68, 117)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="referrals", verbose_name=_("unit"))
    notice = models.ForeignKey(SupervisionNotice, models.PROTECT, null=True, blank=True, related_name="referrals")
    handed_to = models.CharField(_("handed over to"), max_length=80)
    handed_on = models.DateField(_("handed over on"))
    paper_number = models.CharField(_("number of the letter"), max_length=60, blank=True)
    closed_on = models.DateField(_("result came back on"), null=True, blank=True)

    view_permission = "supervision.referrals"
    scope_units = ()

    class Meta:
        ordering: ClassVar[list[str]] = ["-handed_on", "-pk"]

    def __str__(self) -> str:
        return gettext("Referral to %s") % self.handed_to
