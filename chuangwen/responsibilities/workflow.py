"""The legal steps of a task, from issue to confirmation, and of a recurring duty."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.access import may, scope_of
from chuangwen.organizations.scopes import units_of_user
from chuangwen.responsibilities.enums import ClaimState, HouseRuleState, LevelState, ObjectionState
from chuangwen.responsibilities.models import DutyState, Origin, Request, TaskState, WeekState
from chuangwen.workflow.models import Step
from chuangwen.workflow.transitions import Transition, Words, Workflow


def is_complete(actor: Any, task: Any) -> Words:
    """A task is issued only with unit, person, measure and deadline (mechanism 18: 缺一不得下发)."""
    if reason := has_measure(actor, task):
        return reason
    if task.post_id is None:
        return _("%s has no responsible person yet. Name its acting responsible on the page of the unit.") % task.unit
    return ""


def is_on_own_list(actor: Any, task: Any) -> Words:
    """Only what the unit wrote on its own list needs nobody to issue it."""
    return "" if task.origin == Origin.OWN else _("The office issues this task.")


def has_measures_and_people(actor: Any, task: Any) -> Words:
    """The unit adds the last two of the five fixings before it reports (practice.md); a letter's reply has none."""
    if task.origin == Origin.LETTER:
        return ""
    return "" if task.measures.strip() and task.people.strip() else _("Add your measures and people first.")


def has_measure(actor: Any, task: Any) -> Words:
    """What a leader instructs, and what a unit puts on its own list: nobody waits until a post is entered."""
    return "" if task.measure.strip() else _("Say by what measure it counts as done.")


def comes_from_instruction(actor: Any, task: Any) -> Words:
    """A leader sends out what the own instruction asks for; other tasks are the office's to issue."""
    return "" if task.instruction_id else _("This task comes from no instruction.")


def is_not_of_the_unit(actor: Any, task: Any) -> Words:
    """Nobody confirms the own unit's work (mechanism 29: 监督人不得与实施人相同)."""
    if actor is not None and speaks_for(actor, task):
        return _("Somebody outside the unit confirms it.")
    return ""


def speaks_for(actor: Any, task: Any) -> bool:
    """Whether `actor` answers for the task's unit by a role of its own, not only for the whole region."""
    return task.unit_id in scope_of(actor, "responsibilities.answer").unit_ids


def checks_kind(actor: Any, task: Any) -> bool:
    """Whether `actor` checks the task since its unit is of a kind of organization that checks its own (mechanism 19):
    for the organization that leads the kind and the unit above; never for the people of the task's unit itself."""
    if actor is None or task.duty is None or task.duty.kind_lead is None:
        return False
    return may(actor, "responsibilities.answer", task.duty.kind_lead) and task.unit_id not in units_of_user(actor)


def is_of_checked_kind(actor: Any, task: Any) -> Words:
    """Who leads the kind confirms, and not what the same person reported for the unit."""
    if not checks_kind(actor, task):
        return _("This is up to somebody with another role.")
    steps = Step.objects.filter(object_type=task._meta.label_lower, object_id=task.pk, action="report")
    if steps.order_by("-pk").values_list("actor_id", flat=True).first() == actor.pk:
        return _("Who reported it does not confirm it.")
    return ""


def laid_it_out(actor: Any, duty: Any) -> Words:
    """What a unit laid out on those below it by their kind of organization, it pauses and ends itself."""
    if duty.kind_lead is not None and may(actor, "responsibilities.answer", duty.kind_lead.unit):
        return ""
    return _("This is up to somebody with another role.")


def keeps_the_catalogue(actor: Any, rule: Any) -> Words:
    """Who only answers for a rule or checks it does not end it: the catalogue is the unit's."""
    if actor is None or may(actor, "responsibilities.answer", rule.unit):
        return ""
    return _("%s keeps its rules itself.") % rule.unit


TASK_WORKFLOW = Workflow(
    [
        Transition(
            "issue", (TaskState.DRAFT,), TaskState.ISSUED, _("Issue"), _("Issued"),
            permission="responsibilities.edit", guards=(is_complete,), icon="send",
        ),
        Transition(
            "take_on", (TaskState.DRAFT,), TaskState.ACCEPTED, _("Take on"), _("Taken on from the own list"),
            permission="responsibilities.answer", guards=(is_on_own_list, has_measure), icon="plus",
        ),
        Transition(
            "instruct", (TaskState.DRAFT,), TaskState.ISSUED, _("Issue"), _("Issued by instruction"),
            permission="responsibilities.instruct", guards=(has_measure, comes_from_instruction), icon="signature",
        ),
        Transition(
            "accept", (TaskState.ISSUED,), TaskState.ACCEPTED, _("Accept"), _("Accepted"),
            permission="responsibilities.answer", icon="check",
        ),
        Transition(
            "object", (TaskState.ISSUED,), TaskState.OBJECTED, _("Object"), _("Objection raised"),
            permission="responsibilities.answer", icon="messages", needs_note=True,
        ),
        Transition(
            "uphold", (TaskState.OBJECTED,), TaskState.ISSUED, _("Decide"), _("Objection decided"),
            permission="responsibilities.edit", icon="gavel", needs_note=True,
        ),
        Transition(
            "report", (TaskState.ACCEPTED,), TaskState.REPORTED, _("Report as done"), _("Reported done"),
            permission="responsibilities.answer", guards=(has_measures_and_people,), icon="flag",
        ),
        Transition(
            "confirm", (TaskState.REPORTED,), TaskState.CONFIRMED, _("Confirm"), _("Confirmed"),
            permission="responsibilities.confirm", guards=(is_not_of_the_unit,), icon="check",
        ),
        Transition(
            "reopen", (TaskState.REPORTED,), TaskState.ACCEPTED, _("Send back"), _("Sent back"),
            permission="responsibilities.confirm", guards=(is_not_of_the_unit,), icon="arrow-back-up", needs_note=True,
        ),
        Transition(
            "assign", (TaskState.ISSUED, TaskState.ACCEPTED), TaskState.ISSUED, _("Give to another"),
            _("Given to another unit"), permission="responsibilities.edit", icon="arrow-right", needs_note=True,
        ),
        Transition(
            "address", (TaskState.DRAFT,), TaskState.DRAFT, _("Give to another"), _("Given to another unit"),
            permission="responsibilities.edit", icon="arrow-right", needs_note=True,
        ),
        Transition(
            "cancel", (TaskState.DRAFT, TaskState.ISSUED, TaskState.ACCEPTED, TaskState.OBJECTED),
            TaskState.CANCELLED, _("Cancel the task"), _("Cancelled"),
            permission="responsibilities.edit", icon="trash", needs_note=True,
        ),
    ]
)  # fmt: skip
DUTY_WORKFLOW = Workflow(
    [
        Transition(
            "pause", (DutyState.RUNNING,), DutyState.PAUSED, pgettext_lazy("duty", "Pause"),
            pgettext_lazy("duty", "Paused"), permission="responsibilities.edit", icon="player-pause", needs_note=True,
        ),
        Transition(
            "resume", (DutyState.PAUSED,), DutyState.RUNNING, pgettext_lazy("duty", "Resume"),
            pgettext_lazy("duty", "Resumed"), permission="responsibilities.edit", icon="player-play",
        ),
        Transition(
            "end", (DutyState.RUNNING, DutyState.PAUSED), DutyState.ENDED, pgettext_lazy("duty", "End it"),
            pgettext_lazy("duty", "Ended"), permission="responsibilities.edit", icon="circle-x", needs_note=True,
        ),
    ]
)  # fmt: skip
# The same steps for who checks a kind of organization, and for the unit that laid a duty out by it
KIND_TASK_WORKFLOW = Workflow(
    [
        replace(TASK_WORKFLOW[action], permission="", guards=(is_of_checked_kind,))
        for action in ("confirm", "reopen")
    ]
)  # fmt: skip
LAID_OUT_WORKFLOW = Workflow(
    [replace(step, permission="", guards=(laid_it_out,)) for step in DUTY_WORKFLOW.transitions]
)


def task_flow(task: Any, actor: Any) -> Workflow:
    """Which table says whether `actor` confirms the task: the office's, or the one of its kind of organization."""
    if may(actor, "responsibilities.confirm", task) or not checks_kind(actor, task):
        return TASK_WORKFLOW
    return KIND_TASK_WORKFLOW


def duty_flow(duty: Any, actor: Any) -> Workflow:
    """Which table says whether `actor` pauses and ends the duty: the office's, or the one of who laid it out."""
    if actor is None or duty.kind_lead is None or may(actor, "responsibilities.edit", duty):
        return DUTY_WORKFLOW
    return LAID_OUT_WORKFLOW


REQUEST_WORKFLOW = Workflow(
    [
        Transition(
            "grant", (Request.ASKED,), Request.GRANTED, _("Grant"), pgettext_lazy("request", "Granted"),
            permission="responsibilities.edit", icon="check",
        ),
        Transition(
            "refuse", (Request.ASKED,), Request.REFUSED, _("Refuse"), pgettext_lazy("request", "Refused"),
            permission="responsibilities.edit", icon="x", needs_note=True,
        ),
    ]
)  # fmt: skip

CLAIM_WORKFLOW = Workflow(
    [
        Transition(
            "give", (ClaimState.WAITING,), ClaimState.GIVEN, _("Give the lead"), _("Given the lead"),
            permission="responsibilities.edit", icon="check",
        ),
        Transition(
            "turn_down", (ClaimState.WAITING,), ClaimState.DOWN, _("Turn down"), _("Turned down"),
            permission="responsibilities.edit", icon="x",
        ),
        Transition(
            "withdraw", (ClaimState.WAITING,), ClaimState.WITHDRAWN, _("Withdraw"), _("Withdrawn"),
            permission="responsibilities.answer", icon="arrow-back-up",
        ),
        Transition(
            "claim_again", (ClaimState.WITHDRAWN,), ClaimState.WAITING, _("Claim"), pgettext_lazy("claim", "Claimed"),
            permission="responsibilities.answer", icon="hand-stop",
        ),
    ]
)  # fmt: skip

OBJECTION_WORKFLOW = Workflow(
    [
        Transition(
            "stay", (ObjectionState.OPEN,), ObjectionState.STAYS, _("It stays with the unit"),
            _("Ruled: it stays with the unit"), permission="responsibilities.edit", icon="gavel", needs_note=True,
        ),
        Transition(
            "move", (ObjectionState.OPEN,), ObjectionState.MOVED, _("Take it off the unit"),
            _("Ruled: taken off the unit"), permission="responsibilities.edit", icon="gavel", needs_note=True,
        ),
    ]
)  # fmt: skip

WEEK_WORKFLOW = Workflow(
    [
        Transition(
            "confirm", (WeekState.OPEN, WeekState.WAIVED), WeekState.CONFIRMED, _("Confirm the weekly report"),
            pgettext_lazy("weekly", "Confirmed"), permission="responsibilities.answer", icon="check",
        ),
        Transition(
            "waive", (WeekState.OPEN,), WeekState.WAIVED, pgettext_lazy("weekly", "Let off"),
            pgettext_lazy("weekly", "Let off"), permission="responsibilities.edit", icon="x", needs_note=True,
        ),
    ]
)  # fmt: skip

LEVEL_WORKFLOW = Workflow(
    [
        Transition(
            "judge", (LevelState.OPEN, LevelState.JUDGED), LevelState.JUDGED, pgettext_lazy("level", "Judge"),
            pgettext_lazy("level", "Judged"), permission="responsibilities.answer", icon="gavel", needs_note=True,
        ),
        Transition(
            "agree", (LevelState.JUDGED,), LevelState.AGREED, pgettext_lazy("level", "Confirm"),
            pgettext_lazy("level", "Confirmed"), permission="responsibilities.answer", icon="check",
        ),
        Transition(
            "object", (LevelState.JUDGED,), LevelState.OBJECTED, pgettext_lazy("level", "Object"),
            pgettext_lazy("level", "Objected"), permission="responsibilities.answer", icon="messages", needs_note=True,
        ),
        Transition(
            "change", (LevelState.OBJECTED,), LevelState.JUDGED, _("Change the judgement"),
            pgettext_lazy("level", "Judged anew"), permission="responsibilities.answer", icon="edit", needs_note=True,
        ),
        Transition(
            "stay", (LevelState.OBJECTED,), LevelState.STAYS, _("It stays"), pgettext_lazy("level", "It stays"),
            permission="responsibilities.answer", icon="gavel", needs_note=True,
        ),
    ]
)  # fmt: skip

HOUSE_RULE_WORKFLOW = Workflow(
    [
        Transition(
            "replace", (HouseRuleState.HOLDS,), HouseRuleState.REPLACED, pgettext_lazy("house rule", "Replace it"),
            pgettext_lazy("house rule", "Replaced by another"), permission="responsibilities.answer",
            guards=(keeps_the_catalogue,), icon="refresh",
        ),
        Transition(
            "end", (HouseRuleState.HOLDS,), HouseRuleState.ENDED, pgettext_lazy("house rule", "End it"),
            pgettext_lazy("house rule", "Ended"), permission="responsibilities.answer", guards=(keeps_the_catalogue,),
            icon="circle-x", needs_note=True,
        ),
    ]
)  # fmt: skip
