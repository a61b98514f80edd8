"""What to do next: the problems that hold points back, the dearest for their effort first, and the expected totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Case, F, FloatField, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.core.templatetags.wording import day
from chuangwen.core.workdays import default_calendar
from chuangwen.rectification.enums import ProblemState
from chuangwen.rectification.models import Problem
from chuangwen.scoring.efforts import Effort
from chuangwen.scoring.models import ProblemGain, Run
from chuangwen.scoring.queries.efforts import efforts_of
from chuangwen.scoring.queries.missed import as_supposed, supposed_totals, together

if TYPE_CHECKING:
    from chuangwen.scoring.engine.what_if import Supposed

USUAL_DAYS: Final = 30  # calendar days, where neither a round nor the assessment lies ahead (proposed)
STEPS_SHOWN: Final = 6  # points of the curve behind what waits to be verified
FREE: Final = 1e6  # rank of what only waits to be verified: before everything that takes work
LEAST_EFFORT: Final = 0.01  # person-days, so that no effort divides by nothing


@dataclass(frozen=True, slots=True)
class Horizon:
    """Until when points can be won back: the day on which the next round begins, and its name."""

    day: date
    name: str

    @property
    def words(self) -> str:
        return f"{self.name} {day(self.day)}" if self.name else day(self.day)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A problem that could be put right before the horizon, or waits to be verified (`free`)."""

    problem: Problem
    points: float
    effort: Effort
    missed: Supposed
    free: bool

    @property
    def person_days(self) -> float:
        return 0.0 if self.free else self.effort.person_days

    @property
    def cost(self) -> float:
        return 0.0 if self.free else self.effort.cost

    @property
    def rank(self) -> float:
        return FREE + self.points if self.free else self.points / max(self.effort.person_days, LEAST_EFFORT)


@dataclass(frozen=True, slots=True)
class Point:
    """The expected total once the first `number` problems of the list are closed, and the person-days until then."""

    number: int
    person_days: float
    total: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """The candidates in their order, and the totals: of the run, with what was closed since, with the first k."""

    candidates: list[Candidate]
    closed: Supposed
    closed_number: int
    total: float
    with_closed: float
    points: list[Point]
    reach: Point | None  # where the campaign's goal is first reached, if it is

    @property
    def free(self) -> list[Candidate]:
        return [one for one in self.candidates if one.free]

    @property
    def with_free(self) -> float:
        return next(point.total for point in self.points if point.number == len(self.free))

    @property
    def with_all(self) -> float:
        return self.points[-1].total


def horizon_of(run: Run) -> Horizon:
    """The next round of the campaign that has not begun, else the assessment, else thirty days. One query."""
    today, campaign = clock.today(), run.round.campaign
    ahead = Round.objects.filter(campaign=campaign, starts__gt=today).exclude(pk=run.round_id).order_by("starts", "pk")
    if following := ahead.first():
        return Horizon(following.starts, following.name)
    if campaign.assessment_on > today:
        return Horizon(campaign.assessment_on, _("assessment"))
    return Horizon(today + timedelta(days=USUAL_DAYS), "")


def free_condition(at: str = "") -> Q:
    """Put right, and waiting to be verified: points for no effort."""
    return Q(**{f"{at}state": ProblemState.FIXED})


def too_late(horizon: Horizon, at: str = "") -> Q:
    """Long-term, with a day after the horizon."""
    last = default_calendar().end_of_day(horizon.day)
    return Q(**{f"{at}state": ProblemState.LONG_TERM, f"{at}due_at__gt": last})


def open_condition(horizon: Horizon, at: str = "") -> Q:
    """Problems that can be put right before the horizon."""
    working = [ProblemState.FOUND, ProblemState.ASSIGNED, ProblemState.RETURNED, ProblemState.LONG_TERM]
    return Q(**{f"{at}state__in": working}) & ~too_late(horizon, at)


def apart_condition(horizon: Horizon, at: str = "") -> Q:
    """Not counted before the horizon: disputed, object gone, long-term beyond it."""
    return Q(**{f"{at}state__in": [ProblemState.DISPUTED, ProblemState.GONE]}) | too_late(horizon, at)


def closed_condition(at: str = "") -> Q:
    """Closed since they were seen: their points are won already, and show in the next round."""
    return Q(**{f"{at}state": ProblemState.CLOSED})


def ranked(rows: QuerySet[ProblemGain], region_id: int) -> QuerySet[ProblemGain]:
    """`rows` with person_days, least_days, cost of their kind, and `rank`: points for each person-day."""
    efforts = efforts_of(region_id)
    kind = "problem__problem_type"
    days = [When(**{kind: pk}, then=Value(one.person_days)) for pk, one in efforts.items()]
    cost = [When(**{kind: pk}, then=Value(one.cost)) for pk, one in efforts.items()]
    least = [When(**{kind: pk}, then=Value(one.least_days)) for pk, one in efforts.items()]
    number = FloatField()
    free = free_condition("problem__")
    rows = rows.annotate(
        person_days=Case(When(free, then=Value(0.0)), *days, default=Value(1.0), output_field=number),
        cost=Case(When(free, then=Value(0.0)), *cost, default=Value(0.0), output_field=number),
        least_days=Case(*least, default=Value(1), output_field=IntegerField()),
    )
    floor = Case(
        When(person_days__lt=LEAST_EFFORT, then=Value(LEAST_EFFORT)), default=F("person_days"), output_field=number
    )
    rank = Case(When(free, then=Value(FREE) + F("points")), default=F("points") / floor, output_field=number)
    return rows.annotate(rank=Cast(rank, number))


def candidates_of(run: Run, horizon: Horizon) -> list[Candidate]:
    """All that can be won back before the horizon: what waits to be verified first, then by points for each day."""
    wanted = free_condition("problem__") | open_condition(horizon, "problem__")
    rows = ProblemGain.objects.filter(wanted, run=run).select_related(
        "problem__lead", "problem__territory", "problem__place", "problem__problem_type"
    )
    efforts = efforts_of(run.region_id)
    found = [
        Candidate(
            row.problem, row.points, efforts.get(row.problem.problem_type_id, Effort(1.0, 1, 0.0)),
            as_supposed(row.missed), row.problem.state == ProblemState.FIXED,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.rank, one.problem.pk))


def outlook_of(run: Run, horizon: Horizon) -> Outlook:
    """The ranked candidates and the expected totals. What is shown for a k is exact; between two k nothing is said."""
    candidates = candidates_of(run, horizon)
    closed = _closed(run)
    free = sum(one.free for one in candidates)
    supposed = together(closed)
    numbers = _numbers(free, len(candidates))
    cases = [{}, supposed, *(_first(supposed, candidates, number) for number in numbers)]
    total, with_closed, *totals = supposed_totals(run, cases)
    points = [
        Point(number, sum(one.person_days for one in candidates[:number]), found)
        for number, found in zip(numbers, totals, strict=True)
    ]
    reach = _reach(run, supposed, candidates, points)
    return Outlook(candidates, supposed, len(closed), total, with_closed, points, reach)


def _closed(run: Run) -> list[Supposed]:
    kept = ProblemGain.objects.filter(closed_condition("problem__"), run=run).values_list("missed", flat=True)
    return [as_supposed(one) for one in kept]


def _numbers(free: int, every: int) -> list[int]:
    """The k that are shown: 0, what waits to be verified, and even steps to the last."""
    step = max(1.0, (every - free) / STEPS_SHOWN)
    steps = {free + round(step * number) for number in range(1, STEPS_SHOWN + 1)}
    return sorted({0, free, every} | {number for number in steps if number < every})


def _first(supposed: Supposed, candidates: Sequence[Candidate], number: int) -> Supposed:
    return together([supposed, *(one.missed for one in candidates[:number])])


def _reach(run: Run, supposed: Supposed, candidates: Sequence[Candidate], points: Sequence[Point]) -> Point | None:
    """The first k at which the goal is reached, found between the two shown points around it."""
    goal = run.round.campaign.target
    after = next((n for n, point in enumerate(points) if goal is not None and point.total >= goal), None)
    if after is None or goal is None:
        return None
    low, high = (points[after - 1].number if after else 0), points[after]
    while high.number - low > 1:
        step = max(1, (high.number - low) // 16)
        numbers = list(range(low + step, high.number, step))
        totals = supposed_totals(run, [_first(supposed, candidates, number) for number in numbers])
        reached = [(number, total) for number, total in zip(numbers, totals, strict=True) if total >= goal]
        if reached:
            number, total = reached[0]
            high = Point(number, sum(one.person_days for one in candidates[:number]), total)
        low = max([low, *(number for number in numbers if number < high.number)])
    return high
