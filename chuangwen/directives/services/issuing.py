"""Makes tasks, recurring duties and standing rules of accepted directives: never the same one twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.directives.addressees import unit_ids
from chuangwen.directives.models import Candidate, Document
from chuangwen.directives.plans import Plan, due_at, issue_plan, plan_repeats
from chuangwen.directives.services.deciding import check_current
from chuangwen.directives.titles import undated
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Post, Unit
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.models import Duty, Origin, Task
from chuangwen.responsibilities.queries.repeats import OpenRequest
from chuangwen.responsibilities.schedule import Schedule
from chuangwen.responsibilities.services import draft_task, issue_task, open_duty, set_rule
from chuangwen.responsibilities.services.news import News
from chuangwen.responsibilities.services.repeating import FIRST, Again, keep_repeats
from chuangwen.workflow.services import note_step

MEASURE_LIMIT, DUTY_LIMIT = 300, 200


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued, and which accepted directives stayed because nobody leads them."""

    directives: int
    tasks: int
    without_lead: tuple[Candidate, ...]
    duties: int = 0
    rules: int = 0


@dataclass
class _Press:
    """One press of the button: the document, what stands in for what is missing, and what came of it for whom."""

    document: Document
    actor: Any
    due_on: date | None
    measure: str
    schedule: Schedule | None
    units: dict[int, Unit]
    posts: dict[int, Post]
    repeats: dict[tuple[int, int], OpenRequest]
    again: list[tuple[Task, OpenRequest]] = field(default_factory=list)
    news: News = field(default_factory=News)


def issue_accepted(
    document: Document,
    *,
    actor: Any,
    due_on: date | None = None,
    measure: str = "",
    rhythm: str = "",
    again: Again = FIRST,
    step: Callable[[], None] = lambda: None,
) -> Issued:
    """Issue each accepted directive that is not out yet: a task or duty for each leading unit, a rule once for all.

    `due_on` stands in where a task names no deadline or its deadline is over, `measure` where none is named,
    `rhythm` (每周) where a duty does not say when, `again` for what is
    open at its unit already. A second call issues only what is new. A directive whose lead is not named stays and is
    told. Each unit is told once of what it leads, cooperates in and always keeps. All or nothing: raises Refusal where
    something is missing, or nothing can be issued.
    """
    require_actor(actor, "responsibilities.edit", document)
    with transaction.atomic():
        # Whoever presses at the same moment waits here, and then finds the tasks already out.
        document = Document.objects.select_for_update().select_related("campaign__region", "region").get(pk=document.pk)
        check_current(document)
        plan = issue_plan(document)
        repeats = plan_repeats(document, plan)
        plan.leave_out(again.left_out(repeats))
        _check(plan, due_on, measure, rhythm)
        wanted = {unit for row in plan.candidates for unit in unit_ids([*row.lead, *row.cooperate])}
        posts = Post.objects.filter(unit__in=wanted, kind=PostKind.ACTING)
        press = _Press(
            document, actor, due_on, measure, schedule_of(rhythm), Unit.objects.in_bulk(wanted),
            {post.unit_id: post for post in posts}, repeats,
        )  # fmt: skip
        for candidate, waiting in plan.ready:
            for unit in waiting:
                _issue_task(press, candidate, press.units[unit], late=candidate in plan.late)
                step()
        for candidate, waiting, schedule in plan.duties:
            for unit in waiting:
                _open_duty(press, candidate, press.units[unit], schedule)
                step()
        for candidate in plan.rules:
            _set_rule(press, candidate)
            step()
        keep_repeats(press.again, again, actor)
        press.news.tell(lambda tasks, duties: lead_words(document.title, tasks, duties))
        data = {"directives": len(plan.candidates), "tasks": plan.tasks}
        data |= {name: number for name, number in (("duties", plan.new_duties), ("rules", len(plan.rules))) if number}
        note_step(document, "issue", actor=actor, data=data)
    return Issued(len(plan.candidates), plan.tasks, tuple(plan.without_lead), plan.new_duties, len(plan.rules))


def _check(plan: Plan, due_on: date | None, measure: str, rhythm: str) -> None:
    if not plan.number:
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
    if undated and due_on and due_at(due_on) <= clock.now():
        raise Refusal(_("The date given for them is over already."), _("Give a later date."))
    if plan.without_measure and not measure.strip():
        raise Refusal(
            ngettext("%d directive has no measure.", "%d directives have no measure.", len(plan.without_measure))
            % len(plan.without_measure),
            _("Say by what it counts as done, once for all of them, or edit them one by one."),
        )
    if plan.without_rhythm and schedule_of(rhythm) is None:
        raise Refusal(
            _("When are these due? %s") % _names(plan.without_rhythm),
            _("Choose a rhythm for them, or make them tasks or rules."),
        )


def _names(candidates: list[Candidate]) -> str:
    return "、".join(f"“{candidate.action[:20]}”" for candidate in candidates[:5])


def _issue_task(press: _Press, candidate: Candidate, unit: Unit, *, late: bool) -> None:
    day = press.due_on if late else candidate.due_on or press.due_on
    if day is None:
        raise ValueError("a directive without a deadline passed the check")
    task = draft_task(
        press.document.campaign, unit, title=undated(candidate.action, candidate.deadline),
        due_at=due_at(day), measure=_measure(press, candidate),
        post=press.posts.get(unit.pk), cooperating=_helpers(press, candidate), frequency=candidate.frequency,
        origin=Origin.DIRECTIVE, origin_text=candidate.quote, origin_url=candidate_url(candidate), actor=press.actor,
    )  # fmt: skip
    candidate.tasks.add(task)
    issue_task(task, actor=press.actor, tell=False)
    press.news.lead(task, _helpers(press, candidate))
    _asked_again(press, candidate, unit, [task])


def _open_duty(press: _Press, candidate: Candidate, unit: Unit, schedule: Schedule | None) -> None:
    found = schedule or press.schedule
    if found is None:
        raise ValueError("a duty without a rhythm passed the check")
    ends = candidate.due_on if candidate.due_on and candidate.due_on > clock.today() else None
    title = candidate.action if len(candidate.action) <= DUTY_LIMIT else candidate.action[: DUTY_LIMIT - 1] + "…"
    try:
        duty = open_duty(
            press.document.campaign, unit, title=title, measure=_measure(press, candidate), schedule=found, ends=ends,
            post=press.posts.get(unit.pk), cooperating=_helpers(press, candidate), source=source_of(candidate),
            origin=Origin.DIRECTIVE, origin_text=candidate.quote, origin_url=candidate_url(candidate),
            actor=press.actor, tell=False,
        )  # fmt: skip
    except Refusal as refusal:
        raise Refusal(f"“{candidate.action[:20]}”: {refusal.message}", refusal.way_out) from refusal
    candidate.duties.add(duty)
    press.news.lead(duty, _helpers(press, candidate))
    _asked_again(press, candidate, unit, duty.tasks.all()[:1])


def _asked_again(press: _Press, candidate: Candidate, unit: Unit, tasks: Iterable[Task]) -> None:
    like = press.repeats.get((candidate.pk, unit.pk))
    if like is not None:
        press.again += [(task, like) for task in tasks]


def _set_rule(press: _Press, candidate: Candidate) -> None:
    rule = set_rule(
        press.document.campaign,
        text=candidate.action,
        units=[*_units(press, candidate.lead), *_helpers(press, candidate)],
        source=source_of(candidate),
        origin_text=candidate.quote,
        origin_url=candidate_url(candidate),
        actor=press.actor,
        news=press.news,
    )
    candidate.rules.add(rule)


def _measure(press: _Press, candidate: Candidate) -> str:
    return (candidate.measure.strip() or press.measure.strip())[:MEASURE_LIMIT]


def _units(press: _Press, parties: list[dict[str, Any]]) -> list[Unit]:
    return [press.units[one] for one in unit_ids(parties) if one in press.units]


def _helpers(press: _Press, candidate: Candidate) -> list[Unit]:
    leading = set(unit_ids(candidate.lead))
    return [unit for unit in _units(press, candidate.cooperate) if unit.pk not in leading]


def lead_words(title: str, tasks: Sequence[Task], duties: Sequence[Duty]) -> str:
    """What a unit leads of a document or a meeting of that title, in one line."""
    if not tasks:
        words = ngettext(
            "%(n)d new recurring duty from “%(title)s”", "%(n)d new recurring duties from “%(title)s”", len(duties)
        )
        return words % {"n": len(duties), "title": title}
    words = ngettext("%(n)d new task from “%(title)s”", "%(n)d new tasks from “%(title)s”", len(tasks))
    told = words % {"n": len(tasks), "title": title}
    if duties:
        told += ngettext(", and %d recurring duty", ", and %d recurring duties", len(duties)) % len(duties)
    return told


def source_of(candidate: Candidate) -> str:
    """What a duty or rule came of, by which it is known again."""
    return f"directives.candidate:{candidate.pk}"


def candidate_url(candidate: Candidate) -> str:
    """The review, opened at this candidate."""
    address = reverse("directives:review", args=[candidate.document_id])
    return f"{address}?at={candidate.pk}#c{candidate.pk}"
