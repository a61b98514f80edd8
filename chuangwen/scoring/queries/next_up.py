"""What to do next: which problems can be put right before the next judgement, the dearest for their effort first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Case, F, FloatField, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.core.templatetags.wording import day
from chuangwen.core.workdays import default_calendar
from chuangwen.rectification.enums import ProblemState
from chuangwen.scoring.models import ProblemGain, Run
from chuangwen.scoring.queries.efforts import efforts_of

USUAL_DAYS: Final = 30  # calendar days, where neither a round nor the assessment lies ahead (proposed)
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
