"""From something seen to a problem with a lead and a deadline, without anybody typing it twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign, Round
from chuangwen.core import clock
from chuangwen.core.access import require_region, require_within
from chuangwen.core.asking import Question
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.models import Region
from chuangwen.core.numbering import next_number
from chuangwen.core.soundness import true_time
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import sole_heir
from chuangwen.places.models import Place
from chuangwen.rectification.enums import OPEN_STATES, PhotoRole, ProblemState, Routed, Source
from chuangwen.rectification.models import Problem, RoutingRule
from chuangwen.rectification.queries import routing_rules, territory_chain
from chuangwen.rectification.routing import Rule, route
from chuangwen.rectification.services.assigning import assign_problem
from chuangwen.rectification.services.photos import add_uploads
from chuangwen.rectification.services.telling import tell_office
from chuangwen.standards.models import ProblemType
from chuangwen.workflow.services import note_step

LONGEST_ANSWER_NUMBER = 100
RECURRENCE_DAYS = 30  # practice.md: a recurrence within 30 days counts as late
PLACE_HELD = Question(lambda place: Place.objects.filter(pk=place).select_for_update().values_list("pk", flat=True))
# Held until the finding stands in it: one that is being closed is waited for, and then no twin any more.
TWIN = Question(
    lambda place, kind: (
        Problem.objects.filter(place=place, problem_type=kind, state__in=[str(state) for state in OPEN_STATES])
        .select_for_update()
        .order_by("pk")
        .values_list("pk", flat=True)[:1]
    )
)
CLOSED_LATELY = Question(
    lambda place, kind, since, until: (
        Problem.objects.filter(
            place=place, problem_type=kind, state=ProblemState.CLOSED, closed_at__gte=since, closed_at__lte=until
        )
        .order_by("-closed_at", "pk")
        .values_list("pk", flat=True)[:1]
    )
)
LEAD = Question(lambda key: Unit.objects.filter(pk=key))


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen, as far as the finder knows it. `at` is the true time of what is entered later."""

    region: Region
    problem_type: ProblemType
    title: str
    place: Place | None = None
    territory: Unit | None = None
    spot: str = ""
    detail: str = ""
    source: str = Source.INSPECTION
    source_number: str = ""
    answer_number: str = ""  # of the document by which a superior was answered already
    campaign: Campaign | None = None
    round: Round | None = None
    check_code: str = ""
    node_codes: list[str] = field(default_factory=list)
    longitude: float | None = None
    latitude: float | None = None
    at: datetime | None = None
    due_at: datetime | None = None  # where the source sets its own time limit; else the problem type's counts

    @property
    def in_territory(self) -> Unit | None:
        """The territory it lies in: as the finder says, else the place's."""
        return self.territory or (self.place.territory if self.place else None)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """To whom a finding would go, and by what; `lead` None waits for the office."""

    lead: Unit | None
    by: str
    rule: RoutingRule | None = None


def report_problem(
    finding: Finding, *, actor: Any, lead: Unit | None = None, photos: Iterable[Upload] = ()
) -> tuple[Problem, bool]:
    """Enter a problem and assign it where its lead is clear; returns (problem, whether it is new).

    A finding at a place where a problem of the same type is open joins that one (spec/fieldwork.md,
    From check to problem). One that comes back within RECURRENCE_DAYS of closing is linked to it
    as a recurrence. Without a lead it waits for the office as "to be assigned".
    """
    require_within(actor, "rectification.report", finding.region.pk)
    _check(finding)
    with transaction.atomic():
        if finding.place:  # two finders of one thing wait for each other here
            PLACE_HELD(finding.place)
        problem = _open_twin(finding)
        is_new = problem is None
        if problem is None:
            way = Suggestion(lead, Routed.HAND) if lead else suggest_route(finding)
            problem = _enter(finding, way, actor=actor)
        else:
            seen = {"source": str(finding.source), "source_number": finding.source_number}
            note_step(problem, "seen_again", actor=actor, note=finding.title, at=finding.at, data=seen)
        add_uploads(problem, photos, role=PhotoRole.BEFORE, actor=actor, at=finding.at)
    return problem, is_new


def enter_from_ledger(finding: Finding, *, actor: Any, lead: Unit | None = None) -> Problem:
    """A line of a ledger kept elsewhere as a problem: routed, numbered and kept as by `report_problem`.

    It stays a problem of its own beside an open one of the same type and place, since its source counts it and
    asks for its answer by number. Nobody is told: who takes in many lines tells each unit once for all of them.
    """
    require_region(actor, "rectification.assign", finding.region.pk)
    _check(finding)
    with transaction.atomic():
        way = Suggestion(lead, Routed.HAND) if lead else suggest_route(finding)
        return _enter(finding, way, actor=actor, tell=False)


def _check(finding: Finding) -> None:
    if not finding.title.strip():
        raise Refusal(_("Please say in a few words what is wrong."), _("For example: rubbish not cleared at the gate."))
    true_time(finding.at)


def suggest_route(finding: Finding) -> Suggestion:
    """To whom routing would give the finding, with the rule. A lead that has ended stands for its one successor."""
    place, territory = finding.place, finding.in_territory
    rules = {rule.pk: rule for rule in routing_rules(finding.region, finding.problem_type)}
    way = route(
        [Rule(one.pk, one.problem_type_id, one.place_type_id, one.territory_id, one.lead_id) for one in rules.values()],
        problem_type=finding.problem_type.pk,
        place_type=place.place_type_id if place else None,
        territories=territory_chain(territory),
        keeper=place.keeper_id if place else None,
    )
    if way.lead is None:
        return Suggestion(None, Routed.OFFICE)
    unit = LEAD.first(way.lead)
    lead = unit and _today(unit)
    if lead is None:
        return Suggestion(None, Routed.OFFICE)
    return Suggestion(lead, way.by, rules[way.rule] if way.rule else None)


def _today(unit: Unit) -> Unit | None:
    """The unit while it lasts, else its one successor; None where it was split, which a person must decide."""
    if unit.valid_to is None or unit.valid_to >= clock.today():
        return unit
    return sole_heir(unit)


def _enter(finding: Finding, way: Suggestion, *, actor: Any, tell: bool = True) -> Problem:
    problem = _create(finding, way, actor=actor)
    data = {"source": str(finding.source), "source_number": finding.source_number, "round": str(finding.round or "")}
    if finding.due_at:
        data["due"] = finding.due_at.isoformat()  # binds whoever takes the lead, also later (assigning.set_deadline)
    note_step(problem, "find", actor=actor, note=finding.detail, at=finding.at, data=data)
    if way.lead is not None:
        assign_problem(
            problem,
            lead=way.lead,
            by=way.by,
            rule=way.rule,
            actor=None,
            at=finding.at,
            tell=tell,
            due=problem.due_at,
        )
    elif tell:
        tell_office(problem, _("To be assigned: %s") % problem.title, "rectification.assign")
    return problem


def _open_twin(finding: Finding) -> Problem | None:
    if finding.place is None:
        return None
    pk = TWIN.first(finding.place, finding.problem_type)  # mostly there is none
    return Problem.objects.select_related("region", "problem_type", "lead").get(pk=pk) if pk else None


def _create(finding: Finding, way: Suggestion, *, actor: Any) -> Problem:
    moment = finding.at or clock.now()
    year = clock.local(moment).year
    place = finding.place
    problem: Problem = Problem.objects.create(
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
        source_number=finding.source_number[:60],
        answer_number=finding.answer_number[:LONGEST_ANSWER_NUMBER] if finding.source == Source.SUPERIOR else "",
        # Until the office decides, an unrouted problem hangs on the region's root, where no unit sees it as its own.
        lead=way.lead or Unit.objects.filter(region=finding.region, depth=1).order_by("pk")[0],
        territory=finding.in_territory,
        found_by=actor,
        found_at=moment,
        due_at=finding.due_at or default_calendar().deadline(moment, finding.problem_type.within),
        recurrence_of_id=_closed_lately(finding, moment),
        state=ProblemState.FOUND,
    )
    return problem


def _closed_lately(finding: Finding, moment: datetime) -> int | None:
    if finding.place is None:
        return None
    since = moment - timedelta(days=RECURRENCE_DAYS)
    last: int | None = CLOSED_LATELY.first(finding.place, finding.problem_type, since, moment)
    return last
