"""What does not go the straight way: money and months, doubles, places that are gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import may, require
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import default_calendar
from chuangwen.places.models import Place
from chuangwen.rectification.enums import OPEN_STATES, ProblemClass, ProblemState
from chuangwen.rectification.models import Problem, ProblemMilestone
from chuangwen.rectification.services.handling import check_time
from chuangwen.rectification.services.telling import tell_both
from chuangwen.rectification.workflow import PROBLEM_WORKFLOW
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import StaleState, advance, note_step

LONG_TERM_DAYS = 90  # practice.md: at most 90 days, then a leader renews
MILESTONE_EVERY_DAYS = 31
Milestones = Sequence[tuple[str, date]]


@dataclass(frozen=True, slots=True)
class LongTermPlan:
    """The columns of the 难点问题清单: cause, money and its source, interim measure, steps, coordinating leader."""

    interim_measure: str
    milestones: Milestones
    cause: str = ""
    funding: str = ""
    coordinator: str = ""


def make_long_term(
    problem: Problem, *, reason: str, plan: LongTermPlan, actor: Any, at: datetime | None = None
) -> None:
    """Put on the long-term list with an interim measure and at least one milestone a month."""
    moment = check_time(problem, at)
    if not plan.interim_measure.strip():
        raise Refusal(_("Say what is done for the time being."), _("For example: fenced off and signposted."))
    last = _last_day(plan.milestones, start=clock.local(moment).date())
    with transaction.atomic():
        advance(
            problem, PROBLEM_WORKFLOW, "make_long_term", actor=actor, note=reason, at=moment, cause=plan.cause,
            interim_measure=plan.interim_measure, funding=plan.funding, coordinator=plan.coordinator,
            problem_class=ProblemClass.LONG_TERM, due_at=default_calendar().end_of_day(last),
            data={"until": last, "class": problem.problem_class},
        )  # fmt: skip
        _write_milestones(problem, plan.milestones)
        tell_both(problem, _("On the long-term list: %s") % problem.title)


def renew_long_term(
    problem: Problem, *, reason: str, milestones: Milestones, actor: Any, at: datetime | None = None
) -> None:
    """A leader lets a long-term problem run on, with a new plan of at most another 90 days.

    Steps of the old plan that were not done are kept in the history entry.
    """
    if actor is not None:
        require(actor, "rectification.renew", problem)
    if problem.state != ProblemState.LONG_TERM:
        raise Refusal(
            _("Only a problem on the long-term list is renewed."), _("Open it again to see its present state.")
        )
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It is shown to the other side."))
    moment = check_time(problem, at)
    last = _last_day(milestones, start=clock.local(moment).date())
    due = default_calendar().end_of_day(last)
    with transaction.atomic():
        row = Problem.objects.filter(pk=problem.pk, state=ProblemState.LONG_TERM, due_at=problem.due_at)
        if row.update(due_at=due, updated_at=clock.now()) != 1:
            raise StaleState(problem)
        left = [[one.name, one.due_on] for one in problem.milestones.filter(done_on__isnull=True)]
        note_step(problem, "renew", actor=actor, note=reason, at=moment, data={"until": last, "not_done": left})
        _write_milestones(problem, milestones)
        problem.due_at = due
        tell_both(problem, _("Renewed: %s") % problem.title)


def complete_milestone(milestone: ProblemMilestone, *, actor: Any, on: date | None = None) -> None:
    """A step of the long-term plan is done; a second press changes nothing."""
    problem = milestone.problem
    if actor is not None and not may(actor, "rectification.answer", problem):
        raise PermissionDenied("rectification.answer")
    if problem.state != ProblemState.LONG_TERM:
        raise Refusal(_("This problem is not on the long-term list."), _("Open it again to see its present state."))
    day = on or clock.today()
    with transaction.atomic():
        if ProblemMilestone.objects.filter(pk=milestone.pk, done_on__isnull=True).update(done_on=day):
            note_step(problem, "milestone", actor=actor, note=milestone.name, data={"on": day})


def merge_problem(problem: Problem, into: Problem, *, actor: Any, at: datetime | None = None) -> None:
    """The same matter entered twice: this one ends in the other and is shown there."""
    unfit = Refusal(_("These two cannot be merged."), _("Choose another problem that is still open."))
    if into.pk == problem.pk or into.region_id != problem.region_id:
        raise unfit
    with transaction.atomic():
        # Both rows are held, always in the same order: two merged into each other would both leave the ledger.
        both = Problem.objects.select_for_update().filter(pk__in=[problem.pk, into.pk]).order_by("pk")
        if dict(both.values_list("pk", "state")).get(into.pk) not in OPEN_STATES:
            raise unfit
        advance(problem, PROBLEM_WORKFLOW, "merge", actor=actor, at=at, merged_into=into, data={"into": into.number})
        note_step(into, "merged_here", actor=actor, note=problem.title, at=at, data={"from": problem.number})


def end_gone_problem(problem: Problem, *, reason: str, actor: Any, at: datetime | None = None) -> None:
    """The object is gone (demolished, moved): ends without being counted (practice.md, What the data must survive)."""
    moment = check_time(problem, at)
    with transaction.atomic():
        advance(problem, PROBLEM_WORKFLOW, "object_gone", actor=actor, note=reason, at=moment, closed_at=moment)
        tell_both(problem, _("Ended, the object is gone: %s") % problem.title)


def end_problems_of_gone_place(place: Place, *, actor: Any, day: date, reason: str) -> None:
    """A place goes: what is open there ends as "object gone" (practice.md). Called in the place's own transaction.

    A problem that was found or last moved after `day` ends now: its history stays in order.
    """
    morning = timezone.make_aware(datetime.combine(day, time()))
    words = _("The place is no longer on the register: %s") % reason if reason else _("The place is gone")
    for problem in Problem.objects.filter(place=place, state__in=[str(state) for state in OPEN_STATES]).order_by("pk"):
        last = history_of(problem).order_by("-at").values_list("at", flat=True).first() or problem.found_at
        backdated = day < clock.today() and last <= morning
        end_gone_problem(problem, reason=words, actor=actor, at=morning if backdated else None)


def _last_day(milestones: Milestones, *, start: date) -> date:
    """The plan's last day, once its steps are found to lie no more than a month apart and within 90 days."""
    days = sorted(day for name, day in milestones if name.strip())
    if not days or len(days) < len(milestones):
        raise Refusal(_("The plan has no steps, or a step without a name."), _("Add at least one step a month."))
    if days[0] < start or days[-1] > start + timedelta(days=LONG_TERM_DAYS):
        raise Refusal(_("The steps must lie within the next 90 days."), _("A leader can renew it afterwards."))
    gaps = [later - earlier for earlier, later in pairwise([start, *days])]
    if max(gaps) > timedelta(days=MILESTONE_EVERY_DAYS):
        raise Refusal(_("There is a month without a step."), _("Add a step in between."))
    return days[-1]


def _write_milestones(problem: Problem, milestones: Milestones) -> None:
    problem.milestones.filter(done_on__isnull=True).delete()
    ProblemMilestone.objects.bulk_create(
        ProblemMilestone(region=problem.region, problem=problem, name=name, due_on=day) for name, day in milestones
    )
