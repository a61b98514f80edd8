"""What a unit answers to a task, and what the office says to that.

A person of another unit (the office) enters an answer on behalf (代录): the name of who gave it is
kept with the step, and `at` is when it was really given.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.responsibilities.models import Task, TaskState, WeekReport
from chuangwen.responsibilities.queries.milestones import proved_progress
from chuangwen.responsibilities.queries.proposed import proposed_fixings
from chuangwen.responsibilities.services.telling import address, tell_lead, tell_leader, tell_office, tell_unit
from chuangwen.responsibilities.workflow import TASK_WORKFLOW, speaks_for, task_flow
from chuangwen.workflow.services import StaleState, advance, note_step


def accept_task(
    task: Task, *, actor: Any, measures: str = "", people: str = "", on_behalf: str = "", at: datetime | None = None
) -> None:
    """The unit takes the task on, with its measures and people where it gives them at once; both or neither."""
    check_voice(task, actor, on_behalf, at)
    moment = at or clock.now()
    with transaction.atomic():
        advance(task, TASK_WORKFLOW, "accept", actor=actor, on_behalf=on_behalf, at=at, accepted_at=moment)
        if measures.strip() or people.strip():
            _fix(task, measures, people, actor, on_behalf, at)


def object_to_task(task: Task, *, reason: str, actor: Any, on_behalf: str = "", at: datetime | None = None) -> None:
    """The unit says why the task is not its own or not possible; the office decides."""
    check_voice(task, actor, on_behalf, at)
    with transaction.atomic():
        advance(task, TASK_WORKFLOW, "object", actor=actor, note=reason, on_behalf=on_behalf, at=at)
        tell_office(task, _("Objection to a task: %s") % task.title)


def add_measures(
    task: Task, *, measures: str, people: str, actor: Any, on_behalf: str = "", at: datetime | None = None
) -> None:
    """The unit adds measures and people (as posts), within three days of accepting (practice.md)."""
    check_voice(task, actor, on_behalf, at)
    if task.state != TaskState.ACCEPTED:
        raise Refusal(_("Accept the task first."), _("Then add measures and people."))
    with transaction.atomic():
        _fix(task, measures, people, actor, on_behalf, at)


def note_progress(task: Task, *, note: str, actor: Any, on_behalf: str = "", at: datetime | None = None) -> None:
    """How the unit is getting on, in words; the figure is counted from its plan and never claimed."""
    check_voice(task, actor, on_behalf, at)
    if task.state != TaskState.ACCEPTED:
        raise Refusal(_("Accept the task first."), _("Then note its progress."))
    if not note.strip():
        raise Refusal(_("Say in a few words how it is getting on."))
    note_step(task, "progress", actor=actor, note=note, on_behalf=on_behalf, at=at)


def report_task(
    task: Task, *, actor: Any, note: str = "", measures: str = "", people: str = "", on_behalf: str = "",
    at: datetime | None = None,
) -> None:  # fmt: skip
    """The unit reports the task done, in a few words where there is anything to say.

    Measures and people that were still missing can be confirmed with it, both or neither. A leader who instructed is
    owed words. The figure stays the one that was proved: only who confirms makes it 100.
    """
    check_voice(task, actor, on_behalf, at)
    if task.instruction_id and not note.strip():
        raise Refusal(_("Say in a few words what was achieved."), _("The leader reads it as the reply."))
    with transaction.atomic():
        moment = at or clock.now()
        if task.state == TaskState.ACCEPTED and (measures.strip() or people.strip()):
            _fix(task, measures, people, actor, on_behalf, at)
        advance(task, TASK_WORKFLOW, "report", actor=actor, note=note, on_behalf=on_behalf, at=at, finished_at=moment)
        if not _tell_who_checks(task, _("Reported done: %s") % task.title):
            tell_office(task, _("Reported done: %s") % task.title)
        tell_leader(
            task, _("%(unit)s replies to your instruction: %(title)s") % {"unit": task.unit, "title": task.title}
        )


def confirm_task(task: Task, *, actor: Any, note: str = "", at: datetime | None = None) -> None:
    """The office confirms that it is done, or who checks the unit's kind of organization."""
    advance(task, task_flow(task, actor), "confirm", actor=actor, note=note, at=at, progress=100)


def reopen_task(task: Task, *, reason: str, actor: Any) -> None:
    """Not done yet: back to the unit with the reason."""
    with transaction.atomic():
        proved = proved_progress(task)
        advance(task, task_flow(task, actor), "reopen", actor=actor, note=reason, finished_at=None, progress=proved)
        tell_unit(task, _("Sent back: %s") % task.title)


def _tell_who_checks(task: Task, title: str) -> bool:
    """Tell who checks the unit's kind of organization; whether anybody knows. Nobody checks the own work."""
    lead = task.duty.kind_lead if task.duty else None
    if lead is None or lead.lead_id == task.unit_id:
        return False
    return tell_lead(lead, title, url=address(task)) > 0


def _fix(task: Task, measures: str, people: str, actor: Any, on_behalf: str, at: datetime | None) -> None:
    """Measures and people of an accepted task; whether they are the program's own proposal stays in the history."""
    measures, people = measures.strip(), people.strip()
    if not measures or not people:
        raise Refusal(_("Both measures and people are needed."), _("Say what is done and which posts do it."))
    proposal = proposed_fixings(task)
    fresh = proposal.measures_from or proposal.people_from
    data = {"proposed": True} if fresh and (measures, people) == (proposal.measures, proposal.people) else {}
    _change(task, measures=measures, people=people)
    note_step(task, "measures", actor=actor, data=data, on_behalf=on_behalf, at=at)


def _change(task: Task, **fields: Any) -> None:
    """Write facts of an accepted task that is still accepted in the database."""
    row = Task.objects.filter(pk=task.pk, state=TaskState.ACCEPTED)
    if row.update(**fields, updated_at=clock.now()) != 1:
        raise StaleState(task)
    for name, value in fields.items():
        setattr(task, name, value)


def check_voice(task: Task | WeekReport, actor: Any, on_behalf: str, at: datetime | None) -> None:
    """A unit speaks for itself; whoever else enters its answer says for whom, and never a time to come."""
    if actor is not None:
        if not may(actor, "responsibilities.answer", task):
            raise PermissionDenied("responsibilities.answer")
        if not on_behalf.strip() and not speaks_for(actor, task):
            raise Refusal(
                _("You enter this for “%s”: say who gave the answer.") % task.unit, _("Name the unit's post.")
            )
    if at is not None and at > clock.now():
        raise Refusal(_("The time given lies in the future."), _("Give the time at which it was really said."))
