"""Makes tasks of accepted directives: one for each leading unit, and never the same one twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import ZONE
from chuangwen.directives.addressees import unit_ids
from chuangwen.directives.models import Candidate, CandidateState, Document
from chuangwen.directives.services.deciding import check_current
from chuangwen.directives.services.documents import on_workday
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Post, Unit
from chuangwen.responsibilities.models import Origin, Task
from chuangwen.responsibilities.services import draft_task, issue_task
from chuangwen.responsibilities.services.telling import tell_unit_of_many
from chuangwen.workflow.services import note_step

DUE_HOUR = time(17, 30)
MEASURE_LIMIT = 300


@dataclass
class Plan:
    """What issuing would do: for each accepted directive the units that still lack their task."""

    ready: list[tuple[Candidate, list[int]]] = field(default_factory=list)
    without_lead: list[Candidate] = field(default_factory=list)
    without_due: list[Candidate] = field(default_factory=list)
    without_measure: list[Candidate] = field(default_factory=list)
    late: list[Candidate] = field(default_factory=list)  # the deadline that the document names is over
    done: int = 0  # directives whose tasks are all out

    @property
    def tasks(self) -> int:
        return sum(len(units) for _candidate, units in self.ready)

    @property
    def undated(self) -> int:
        """Directives that need a date from the person: they name none, or theirs is over."""
        return len(self.without_due) + len(self.late)


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued, and which accepted directives stayed because nobody leads them."""

    directives: int
    tasks: int
    without_lead: tuple[Candidate, ...]


def issue_plan(document: Document) -> Plan:
    """What is ready to be issued, and what is missing where: three queries."""
    plan = Plan()
    rows = document.candidates.filter(state=CandidateState.ACCEPTED).prefetch_related("tasks").order_by("start", "pk")
    for row in rows:
        out = {task.unit_id for task in row.tasks.all()}
        waiting = [unit for unit in unit_ids(row.lead) if unit not in out]
        if row.needs_unit:
            plan.without_lead.append(row)
        if not waiting:
            plan.done += bool(out)
            continue
        if row.needs_unit:
            continue  # half of the leading parties named: it waits until all are, so that nobody is left out
        plan.ready.append((row, waiting))
        if not row.due_on:
            plan.without_due.append(row)
        elif _due_at(row.due_on) <= clock.now():
            plan.late.append(row)
        if not row.measure.strip():
            plan.without_measure.append(row)
    return plan


def issue_accepted(
    document: Document,
    *,
    actor: Any,
    due_on: date | None = None,
    measure: str = "",
    step: Callable[[], None] = lambda: None,
) -> Issued:
    """Issue a task to each leading unit of each accepted directive that lacks one.

    `due_on` stands in where a directive names no deadline or its deadline is over, `measure` where
    it names none. A second call issues only what is new. A directive whose lead is not named stays
    and is told. Each unit is told once. All or nothing: raises Refusal where a deadline or measure
    is missing, or nothing can be issued.
    """
    if actor is not None and not may(actor, "responsibilities.edit", document):
        raise PermissionDenied("responsibilities.edit")
    with transaction.atomic():
        # Whoever presses at the same moment waits here, and then finds the tasks already out.
        document = Document.objects.select_for_update().select_related("campaign__region", "region").get(pk=document.pk)
        check_current(document)
        plan = issue_plan(document)
        _check(plan, due_on, measure)
        wanted = {unit for _candidate, units in plan.ready for unit in units}
        wanted |= {unit for candidate, _units in plan.ready for unit in unit_ids(candidate.cooperate)}
        units = Unit.objects.in_bulk(wanted)
        posts = {post.unit_id: post for post in Post.objects.filter(unit__in=wanted, kind=PostKind.ACTING)}
        told: defaultdict[int, list[Task]] = defaultdict(list)
        for candidate, waiting in plan.ready:
            day = due_on if candidate in plan.late else candidate.due_on or due_on
            for unit in waiting:
                task = _draft(document, candidate, units, units[unit], posts.get(unit), actor, day, measure)
                issue_task(task, actor=actor, tell=False)
                told[unit].append(task)
                step()
        for unit, tasks in told.items():
            words = ngettext("%(n)d new task from “%(title)s”", "%(n)d new tasks from “%(title)s”", len(tasks))
            tell_unit_of_many(units[unit], tasks, words % {"n": len(tasks), "title": document.title})
        data = {"directives": len(plan.ready), "tasks": plan.tasks}
        note_step(document, "issue", actor=actor, data=data)
    return Issued(len(plan.ready), plan.tasks, tuple(plan.without_lead))


def _check(plan: Plan, due_on: date | None, measure: str) -> None:
    if not plan.ready:
        if plan.without_lead:
            raise Refusal(_("No leading unit is named for: %s") % _names(plan.without_lead), _("Name the unit first."))
        raise Refusal(_("There is nothing new to issue."), _("Accept directives first."))
    undated = plan.undated
    if undated and not due_on:
        raise Refusal(
            ngettext(
                "%d directive has no deadline, or one that is over.",
                "%d directives have no deadline, or one that is over.",
                undated,
            )
            % undated,
            _("Give one date for them, or edit them one by one."),
        )
    if undated and due_on and _due_at(due_on) <= clock.now():
        raise Refusal(_("The date given for them is over already."), _("Give a later date."))
    if plan.without_measure and not measure.strip():
        raise Refusal(
            ngettext("%d directive has no measure.", "%d directives have no measure.", len(plan.without_measure))
            % len(plan.without_measure),
            _("Say by what it counts as done, once for all of them, or edit them one by one."),
        )


def _names(candidates: list[Candidate]) -> str:
    return "、".join(f"“{candidate.action[:20]}”" for candidate in candidates[:5])


def _due_at(day: date) -> datetime:
    """Half past five on that day, or on the next working day where it is free."""
    return datetime.combine(on_workday(day) or day, DUE_HOUR, ZONE)


def _draft(
    document: Document, candidate: Candidate, units: dict[int, Unit], unit: Unit, post: Post | None, actor: Any,
    day: date | None, measure: str,
) -> Task:  # fmt: skip
    if day is None:
        raise ValueError("a directive without a deadline passed the check")
    leading = set(unit_ids(candidate.lead))
    task = draft_task(
        document.campaign,
        unit,
        title=candidate.action,
        due_at=_due_at(day),
        measure=(candidate.measure.strip() or measure.strip())[:MEASURE_LIMIT],
        post=post,
        cooperating=[units[one] for one in unit_ids(candidate.cooperate) if one in units and one not in leading],
        frequency=candidate.frequency,
        origin=Origin.DIRECTIVE,
        origin_text=candidate.quote,
        origin_url=candidate_url(candidate),
        actor=actor,
    )
    candidate.tasks.add(task)
    return task


def candidate_url(candidate: Candidate) -> str:
    """The review, opened at this candidate."""
    address = reverse("directives:review", args=[candidate.document_id])
    return f"{address}?at={candidate.pk}#c{candidate.pk}"
