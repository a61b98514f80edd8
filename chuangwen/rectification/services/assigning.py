"""Handing problems out: to whom, until when, and the friendly reminder in between."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit
from chuangwen.rectification.enums import ProblemState, Routed
from chuangwen.rectification.models import Problem, RoutingRule
from chuangwen.rectification.queries import waiting_extensions
from chuangwen.rectification.services.telling import tell_both, tell_unit
from chuangwen.rectification.workflow import PROBLEM_WORKFLOW
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import StaleState, advance, note_step

RUNNING = (ProblemState.ASSIGNED, ProblemState.RETURNED)


def assign_problem(
    problem: Problem,
    *,
    lead: Unit,
    by: str = Routed.HAND,
    rule: RoutingRule | None = None,
    actor: Any,
    at: datetime | None = None,
    tell: bool = True,
    due: datetime | None = None,
) -> None:
    """Hand the problem to `lead`, and tell the unit and the territory.

    The deadline is the one that its source set, else by its type from `at` on; the caller may know it as `due`.
    With `tell` False the caller tells them, of several problems at once.
    """
    check_lead(problem, lead)
    moment = at or clock.now()
    due = due or set_deadline(problem) or default_calendar().deadline(moment, problem.problem_type.within)
    with transaction.atomic():
        advance(
            problem, PROBLEM_WORKFLOW, "assign", actor=actor, at=moment, lead=lead, routed_by=by, routing_rule=rule,
            assigned_at=moment, due_at=due, data={"lead": str(lead), "by": by, "rule": rule and rule.pk, "due": due},
        )  # fmt: skip
        if tell:
            tell_both(problem, _("New problem: %s") % problem.title)


def reassign_problem(problem: Problem, *, lead: Unit, reason: str, actor: Any, at: datetime | None = None) -> None:
    """Give the problem to another lead; both units are told.

    The time of its type is counted anew; a deadline that its source set stays, unless it is over.
    """
    check_lead(problem, lead)
    former = problem.lead
    if lead.pk == former.pk:
        raise Refusal(_("%s has this problem already.") % lead, _("Choose another unit."))
    moment = at or clock.now()
    given = set_deadline(problem)
    anew = default_calendar().deadline(moment, problem.problem_type.within)
    due = given if given and given > moment else anew
    with transaction.atomic():
        advance(
            problem, PROBLEM_WORKFLOW, "reassign", actor=actor, note=reason, at=moment, lead=lead, assigned_at=moment,
            received_at=None, due_at=due, routed_by=Routed.HAND, routing_rule=None,
            data={"from": str(former), "to": str(lead), "due": due, "former": former.pk},
        )  # fmt: skip
        tell_both(problem, _("New problem: %s") % problem.title)
        tell_unit(problem, _("No longer yours: %s") % problem.title, unit=former)


def set_deadline(problem: Problem) -> datetime | None:
    """The deadline that the problem's source set when it was found, such as a superior's ledger: one query."""
    given = history_of(problem).filter(action="find").values_list("data__due", flat=True).first()
    return datetime.fromisoformat(given) if given else None


def change_deadline(problem: Problem, *, due_at: datetime, reason: str, actor: Any, at: datetime | None = None) -> None:
    """The office sets another deadline; the old one and the reason stay in the history.

    A later one grants what the unit may have asked for.
    """
    if actor is not None:
        require(actor, "rectification.assign", problem)
    if problem.state not in RUNNING:
        raise Refusal(_("Only a problem that is being put right has a deadline to change."))
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It is shown to the other side."))
    if due_at <= (at or clock.now()):
        raise Refusal(_("The new deadline lies in the past."), _("Choose a later day."))
    former = problem.due_at
    with transaction.atomic():
        row = Problem.objects.filter(pk=problem.pk, state=problem.state, due_at=former)
        if row.update(due_at=due_at, updated_at=clock.now()) != 1:
            raise StaleState(problem)
        asked = waiting_extensions().filter(problem=problem) if due_at > former else None
        granted = asked is not None and asked.update(decided_at=clock.now(), granted_until=due_at, answer=reason)
        data = {"from": former, "to": due_at} | ({"granted": True} if granted else {})
        note_step(problem, "deadline", actor=actor, note=reason, at=at, data=data)
        problem.due_at = due_at
        words = _("More time granted: %s") if granted else _("New deadline: %s")
        tell_unit(problem, words % problem.title)


def remind_unit(problem: Problem, *, actor: Any) -> int:
    """A friendly word to the lead (催办), at most once a day; returns how many people got it."""
    if actor is not None:
        require(actor, "rectification.assign", problem)
    if problem.state not in RUNNING:
        raise Refusal(_("There is nothing to remind of now: “%s”.") % problem.get_state_display())
    with transaction.atomic():
        key = f"remind-{problem.pk}-{clock.today()}"
        told = tell_unit(problem, _("Reminder: %s") % problem.title, key=key, urgent=True)
        if not told:
            raise Refusal(
                _("%s has nobody to remind.") % problem.lead, _("Name a liaison under Units and posts first.")
            )
        note_step(problem, "remind", actor=actor)
    return told


def check_lead(problem: Problem, lead: Unit) -> None:
    """Refuse a unit of elsewhere and one that has ended."""
    ended = lead.valid_to is not None and lead.valid_to < clock.today()
    if lead.region_id != problem.region_id or ended:
        raise Refusal(_("%s cannot take it: the unit no longer exists.") % lead, _("Choose its successor."))
