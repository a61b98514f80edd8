"""From something seen to a problem with a lead and a deadline, without anybody typing it twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign, Round
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.core.numbering import next_number
from chuangwen.core.workdays import default_calendar
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import office_people, people_to_tell
from chuangwen.places.models import Place
from chuangwen.rectification.enums import OPEN_STATES, ProblemState, Source
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import routing_rules
from chuangwen.rectification.routing import Route, route
from chuangwen.rectification.workflow import PROBLEM_WORKFLOW
from chuangwen.standards.models import ProblemType
from chuangwen.workflow.services import advance, note_step

RECURRENCE_DAYS = 30  # practice.md: a recurrence within 30 days counts as late


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen, as far as the finder knows it."""

    region: Region
    problem_type: ProblemType
    title: str
    place: Place | None = None
    territory: Unit | None = None
    spot: str = ""
    detail: str = ""
    source: str = Source.INSPECTION
    source_number: str = ""
    campaign: Campaign | None = None
    round: Round | None = None
    check_code: str = ""
    node_codes: list[str] = field(default_factory=list)
    longitude: float | None = None
    latitude: float | None = None
    at: datetime | None = None


def report_problem(finding: Finding, *, actor: Any, lead: Unit | None = None) -> tuple[Problem, bool]:
    """Enter a problem and assign it where its lead is clear; returns (problem, whether it is new).

    A finding at a place where a problem of the same type is open joins that one (spec/fieldwork.md,
    From check to problem). One that comes back within RECURRENCE_DAYS of closing is linked to it
    as a recurrence. Without a lead it waits for the office as "to be assigned".
    """
    if not finding.title.strip():
        raise Refusal(_("Please say in a few words what is wrong."), _("For example: rubbish not cleared at the gate."))
    with transaction.atomic():
        if joined := _open_twin(finding):
            note_step(joined, "seen_again", actor=actor, note=finding.title, at=finding.at)
            return joined, False
        way = _route(finding, lead)
        problem = _create(finding, way, actor=actor)
        note_step(problem, "find", actor=actor, note=finding.detail, at=finding.at)
        if way.lead is not None:
            assign_problem(problem, lead=Unit.objects.get(pk=way.lead), by=way.by, actor=None, at=finding.at)
        else:
            _tell_office(problem)
    return problem, True


def assign_problem(problem: Problem, *, lead: Unit, by: str = "hand", actor: Any, at: datetime | None = None) -> None:
    """Hand the problem to `lead` with the deadline of its type, and tell the unit."""
    moment = at or clock.now()
    due = default_calendar().deadline(moment, problem.problem_type.within)
    advance(
        problem, PROBLEM_WORKFLOW, "assign", actor=actor, at=moment, lead=lead, routed_by=by, assigned_at=moment,
        due_at=due, data={"lead": str(lead), "by": by, "due": due.isoformat()},
    )  # fmt: skip
    tell_unit(problem, _("New problem: %s") % problem.title)


def tell_unit(problem: Problem, title: str) -> None:
    """One line into the inbox of the lead's liaisons and, if another unit, the territory's."""
    url = reverse("rectification:problem", args=[problem.number])
    for unit in {problem.lead, problem.territory} - {None}:
        people = people_to_tell(unit, "rectification.answer")
        notify(people, "rectification", title, region=problem.region, url=url, body=str(problem.place or problem.spot))


def _open_twin(finding: Finding) -> Problem | None:
    if finding.place is None:
        return None
    twins = Problem.objects.filter(
        place=finding.place, problem_type=finding.problem_type, state__in=[str(state) for state in OPEN_STATES]
    )
    return twins.order_by("pk").first()


def _route(finding: Finding, lead: Unit | None) -> Route:
    if lead is not None:
        return Route(lead.pk, "hand")
    place = finding.place
    territory = _territory(finding)
    return route(
        routing_rules(finding.region, finding.problem_type),
        problem_type=finding.problem_type.pk,
        place_type=place.place_type_id if place else None,
        territory=territory.pk if territory else None,
        keeper=place.keeper_id if place else None,
    )


def _territory(finding: Finding) -> Unit | None:
    return finding.territory or (finding.place.territory if finding.place else None)


def _create(finding: Finding, way: Route, *, actor: Any) -> Problem:
    moment = finding.at or clock.now()
    year = clock.local(moment).year
    territory = _territory(finding)
    place = finding.place
    return Problem.objects.create(
        region=finding.region,
        campaign=finding.campaign or (finding.round.campaign if finding.round else None),
        round=finding.round,
        number=f"{year}-{next_number(finding.region, f'problem-{year}'):04d}",
        title=finding.title.strip()[:200],
        detail=finding.detail,
        place=place,
        spot=finding.spot[:160],
        longitude=finding.longitude if finding.longitude is not None else (place.longitude if place else None),
        latitude=finding.latitude if finding.latitude is not None else (place.latitude if place else None),
        problem_type=finding.problem_type,
        problem_class=finding.problem_type.problem_class,
        check_code=finding.check_code,
        node_codes=finding.node_codes,
        source=finding.source,
        source_number=finding.source_number,
        # Until the office decides, an unrouted problem hangs on the region's root.
        lead_id=way.lead or Unit.objects.get(region=finding.region, depth=1).pk,
        territory=territory,
        found_by=actor,
        found_at=moment,
        due_at=default_calendar().deadline(moment, finding.problem_type.within),
        recurrence_of=_closed_lately(finding, moment),
        state=ProblemState.FOUND,
    )


def _closed_lately(finding: Finding, moment: datetime) -> Problem | None:
    if finding.place is None:
        return None
    closed = Problem.objects.filter(
        place=finding.place,
        problem_type=finding.problem_type,
        state=ProblemState.CLOSED,
        closed_at__gte=moment - timedelta(days=RECURRENCE_DAYS),
    )
    return closed.order_by("-closed_at").first()


def _tell_office(problem: Problem) -> None:
    people = office_people(problem.region, "rectification.assign")
    url = reverse("rectification:problem", args=[problem.number])
    notify(people, "rectification", _("To be assigned: %s") % problem.title, region=problem.region, url=url)
