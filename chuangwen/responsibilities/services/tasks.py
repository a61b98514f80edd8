"""Issues tasks and moves them on: unit, post, measure and deadline from above, measures and people from the unit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.numbering import next_number
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.queries import office_people, people_to_tell
from chuangwen.responsibilities.models import Assignment, Share, Task, TaskState
from chuangwen.responsibilities.workflow import TASK_WORKFLOW
from chuangwen.standards.models import Node
from chuangwen.workflow.services import advance, note_step


def draft_task(
    campaign: Campaign,
    unit: Unit,
    *,
    title: str,
    due_at: datetime,
    actor: Any,
    measure: str = "",
    post: Post | None = None,
    node: Node | None = None,
    cooperating: Iterable[Unit] = (),
    frequency: str = "",
    detail: str = "",
    origin: str = "hand",
    origin_text: str = "",
    origin_url: str = "",
) -> Task:
    """Write a task down without sending it. `post` says who at the unit; the liaison is told anyway."""
    if not title.strip():
        raise Refusal(_("Say what is to be done."), _("One short sentence is enough."))
    year = clock.local(clock.now()).year
    with transaction.atomic():
        task = Task.objects.create(
            region=campaign.region,
            campaign=campaign,
            number=f"R{year}-{next_number(campaign.region, f'task-{year}'):04d}",
            title=title.strip()[:300],
            detail=detail,
            unit=unit,
            post=post,
            node=node,
            measure=measure,
            due_at=due_at,
            frequency=frequency[:80],
            origin=origin,
            origin_text=origin_text,
            origin_url=origin_url,
            made_by=actor,
        )
        task.cooperating.set([one for one in cooperating if one.pk != unit.pk])
        note_step(task, "draft", actor=actor)
    return task


def issue_task(task: Task, *, actor: Any, at: datetime | None = None) -> None:
    """Send the task to its unit."""
    with transaction.atomic():
        advance(task, TASK_WORKFLOW, "issue", actor=actor, at=at, issued_at=at or clock.now())
        _tell_unit(task, _("New task: %s") % task.title)


def issue_breakdown(campaign: Campaign, *, due_at: datetime, measure: str, actor: Any) -> int:
    """Issue one task for each criterion that has exactly one lead and no task yet; returns how many.

    Split criteria become one task for each leading unit.
    """
    done = set(
        Task.objects.filter(campaign=campaign, origin="breakdown").exclude(state=TaskState.CANCELLED)
        .values_list("node_id", "unit_id")
    )  # fmt: skip
    split = set(campaign.split_criteria.values_list("node_id", flat=True))
    shares = Assignment.objects.filter(campaign=campaign).select_related("node", "unit").order_by("node", "unit")
    leads: dict[int, list[Assignment]] = {}
    others: dict[int, list[Unit]] = {}
    for one in shares:
        if one.share == Share.LEAD:
            leads.setdefault(one.node_id, []).append(one)
        else:
            others.setdefault(one.node_id, []).append(one.unit)
    issued = 0
    with transaction.atomic():
        for node_id, rows in leads.items():
            if len(rows) > 1 and node_id not in split:
                continue
            for row in rows:
                if (node_id, row.unit_id) in done:
                    continue
                task = draft_task(
                    campaign, row.unit, title=row.node.title_zh, node=row.node, due_at=due_at, measure=measure,
                    cooperating=others.get(node_id, []), origin="breakdown", actor=actor,
                )  # fmt: skip
                issue_task(task, actor=actor)
                issued += 1
    return issued


def accept_task(task: Task, *, actor: Any, on_behalf: str = "", at: datetime | None = None) -> None:
    """The unit takes the task on."""
    advance(task, TASK_WORKFLOW, "accept", actor=actor, on_behalf=on_behalf, at=at)


def object_to_task(task: Task, *, reason: str, actor: Any) -> None:
    """The unit says why the task is not its own or not possible; the office decides."""
    with transaction.atomic():
        advance(task, TASK_WORKFLOW, "object", actor=actor, note=reason)
        _tell_office(task, _("Objection to a task: %s") % task.title)


def uphold_task(task: Task, *, reason: str, actor: Any, unit: Unit | None = None) -> None:
    """Decide an objection: the task stays with its unit or goes to another."""
    with transaction.atomic():
        advance(task, TASK_WORKFLOW, "uphold", actor=actor, note=reason, unit=unit or task.unit)
        _tell_unit(task, _("Decided: %s") % task.title)


def add_measures(task: Task, *, measures: str, people: str, actor: Any) -> None:
    """The unit adds measures and people, within three days of accepting (practice.md)."""
    if task.state != TaskState.ACCEPTED:
        raise Refusal(_("Accept the task first."), _("Then add measures and people."))
    with transaction.atomic():
        Task.objects.filter(pk=task.pk).update(measures=measures, people=people)
        task.measures, task.people = measures, people
        note_step(task, "measures", actor=actor)


def report_task(task: Task, *, note: str, actor: Any, at: datetime | None = None) -> None:
    """The unit reports the task done, with what was achieved."""
    with transaction.atomic():
        advance(
            task, TASK_WORKFLOW, "report", actor=actor, note=note, at=at, progress=100, finished_at=at or clock.now()
        )
        _tell_office(task, _("Reported done: %s") % task.title)


def confirm_task(task: Task, *, actor: Any, note: str = "", at: datetime | None = None) -> None:
    """The office confirms that it is done."""
    advance(task, TASK_WORKFLOW, "confirm", actor=actor, note=note, at=at)


def reopen_task(task: Task, *, reason: str, actor: Any) -> None:
    """Not done yet: back to the unit with the reason."""
    with transaction.atomic():
        advance(task, TASK_WORKFLOW, "reopen", actor=actor, note=reason, finished_at=None)
        _tell_unit(task, _("Sent back: %s") % task.title)


def cancel_task(task: Task, *, reason: str, actor: Any) -> None:
    """The task falls away."""
    with transaction.atomic():
        advance(task, TASK_WORKFLOW, "cancel", actor=actor, note=reason)
        _tell_unit(task, _("Cancelled: %s") % task.title)


def postpone_task(task: Task, *, due_at: datetime, reason: str, actor: Any) -> None:
    """Move the deadline, with the reason kept; the unit is told."""
    with transaction.atomic():
        old = task.due_at
        Task.objects.filter(pk=task.pk).update(due_at=due_at)
        task.due_at = due_at
        note_step(task, "postpone", actor=actor, note=reason, data={"from": old.isoformat(), "to": due_at.isoformat()})
        record("responsibilities.task.postpone", task, actor=actor, data={"to": due_at.isoformat()})
        _tell_unit(task, _("New deadline: %s") % task.title)


def _tell_unit(task: Task, title: str) -> None:
    people = people_to_tell(task.unit, "responsibilities.answer")
    notify(people, "responsibilities", title, region=task.region, url=reverse("responsibilities:task", args=[task.pk]))


def _tell_office(task: Task, title: str) -> None:
    people = office_people(task.region, "responsibilities.edit")
    notify(people, "responsibilities", title, region=task.region, url=reverse("responsibilities:task", args=[task.pk]))
