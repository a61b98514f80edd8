"""What does not go the straight way: money and months, doubles, places that are gone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Refusal
from chuangwen.rectification.enums import ProblemClass, ProblemState
from chuangwen.rectification.models import Problem, ProblemMilestone
from chuangwen.rectification.workflow import PROBLEM_WORKFLOW
from chuangwen.workflow.services import advance, note_step

LONG_TERM_DAYS = 90  # practice.md: at most 90 days, then a leader renews
MILESTONE_EVERY_DAYS = 31


def make_long_term(
    problem: Problem, *, reason: str, interim_measure: str, milestones: list[tuple[str, date]], actor: Any
) -> None:
    """Put on the long-term list with an interim measure and at least one milestone a month."""
    _check_plan(interim_measure, milestones, start=clock.today())
    last = max(day for _name, day in milestones)
    with transaction.atomic():
        advance(
            problem, PROBLEM_WORKFLOW, "make_long_term", actor=actor, note=reason, interim_measure=interim_measure,
            problem_class=ProblemClass.LONG_TERM, due_at=_end_of(last),
        )  # fmt: skip
        _write_milestones(problem, milestones)


def renew_long_term(problem: Problem, *, reason: str, milestones: list[tuple[str, date]], actor: Any) -> None:
    """A leader lets a long-term problem run on, with a new plan of at most another 90 days."""
    require(actor, "rectification.renew", problem)
    if problem.state != ProblemState.LONG_TERM:
        raise Refusal(
            _("Only a problem on the long-term list is renewed."), _("Open it again to see its present state.")
        )
    _check_plan(problem.interim_measure, milestones, start=clock.today())
    last = max(day for _name, day in milestones)
    with transaction.atomic():
        Problem.objects.filter(pk=problem.pk).update(due_at=_end_of(last))
        note_step(problem, "renew", actor=actor, note=reason, data={"until": last.isoformat()})
        _write_milestones(problem, milestones)
    problem.refresh_from_db()


def complete_milestone(milestone: ProblemMilestone, *, actor: Any, on: date | None = None) -> None:
    """A step of the long-term plan is done."""
    with transaction.atomic():
        done = ProblemMilestone.objects.filter(pk=milestone.pk, done_on__isnull=True).update(
            done_on=on or clock.today()
        )
        if done:
            note_step(milestone.problem, "milestone", actor=actor, note=milestone.name)


def merge_problem(problem: Problem, into: Problem, *, actor: Any) -> None:
    """The same matter entered twice: this one ends in the other, with its photos and history to be seen there."""
    if into.pk == problem.pk or into.merged_into_id or into.region_id != problem.region_id:
        raise Refusal(_("These two cannot be merged."), _("Choose another problem that is still open."))
    with transaction.atomic():
        advance(problem, PROBLEM_WORKFLOW, "merge", actor=actor, merged_into=into, data={"into": into.number})
        note_step(into, "merged_here", actor=actor, note=problem.title, data={"from": problem.number})


def end_gone_problem(problem: Problem, *, reason: str, actor: Any) -> None:
    """The object is gone (demolished, moved): ends without being counted (practice.md, What the data must survive)."""
    advance(problem, PROBLEM_WORKFLOW, "object_gone", actor=actor, note=reason, closed_at=clock.now())


def _check_plan(interim_measure: str, milestones: list[tuple[str, date]], *, start: date) -> None:
    if not interim_measure.strip():
        raise Refusal(_("Say what is done for the time being."), _("For example: fenced off and signposted."))
    if not milestones:
        raise Refusal(_("The plan has no steps."), _("Add at least one step a month."))
    days = sorted(day for _name, day in milestones)
    if days[0] < start or days[-1] > start + timedelta(days=LONG_TERM_DAYS):
        raise Refusal(_("The steps must lie within the next 90 days."), _("A leader can renew it afterwards."))
    gaps = [later - earlier for earlier, later in zip([start, *days], days, strict=False)]
    if max(gaps) > timedelta(days=MILESTONE_EVERY_DAYS):
        raise Refusal(_("There is a month without a step."), _("Add a step in between."))


def _write_milestones(problem: Problem, milestones: list[tuple[str, date]]) -> None:
    problem.milestones.filter(done_on__isnull=True).delete()
    ProblemMilestone.objects.bulk_create(
        ProblemMilestone(region=problem.region, problem=problem, name=name, due_on=day) for name, day in milestones
    )


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59)))
