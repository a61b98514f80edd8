"""What to do next: which problems can be put right before the next judgement, the dearest for their effort first."""

from __future__ import annotations

from typing import Final

from django.db.models import Case, F, FloatField, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from chuangwen.rectification.enums import ProblemState
from chuangwen.scoring.models import ProblemGain
from chuangwen.scoring.queries.efforts import efforts_of
from chuangwen.scoring.queries.winning import Horizon, beyond

FREE: Final = 1e6  # rank of what only waits to be verified: before everything that takes work
LEAST_EFFORT: Final = 0.01  # person-days, so that no effort divides by nothing


def free_condition(at: str = "") -> Q:
    """Put right, and waiting to be verified: points for no effort."""
    return Q(**{f"{at}state": ProblemState.FIXED})


def open_condition(horizon: Horizon, at: str = "") -> Q:
    """Problems that can be put right before the horizon."""
    working = [ProblemState.FOUND, ProblemState.ASSIGNED, ProblemState.RETURNED, ProblemState.LONG_TERM]
    return Q(**{f"{at}state__in": working}) & ~beyond(horizon, at)


def apart_condition(horizon: Horizon, at: str = "") -> Q:
    """Not to be worked on before the horizon: disputed, until there is a ruling, and what cannot be won back."""
    return Q(**{f"{at}state": ProblemState.DISPUTED}) | beyond(horizon, at)


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
