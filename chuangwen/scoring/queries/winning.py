"""What of a loss can be won back (可挽回) until the next round, and why the rest cannot.

Source: issue 5, Who lost what. The loss of a failing row cannot be won back where its problem is long-term with a date
after the next round, or ended because its object is gone. What is closed has been put right and can be; a problem that
was merged stands as the one that it was merged into. Rows without a problem, entered results and what falls on no row
are judged anew in the next round: they can be (docs/scoring.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from chuangwen.campaigns.models import Round, RoundState
from chuangwen.core import clock
from chuangwen.rectification.enums import OPEN_STATES, ProblemClass, ProblemState
from chuangwen.scoring.models import Run


@dataclass(frozen=True, slots=True)
class NextJudgement:
    """The day on which the matter is looked at again, and by what: a round, or the assessment itself (None)."""

    on: date
    round: Round | None


@dataclass(frozen=True, slots=True)
class Hopeless:
    """Points that cannot be won back until then, and the problem they hang on; `until` None: its object is gone."""

    points: float
    number: str
    until: date | None


def next_judgement(run: Run) -> NextJudgement:
    """The campaign's next round after this run's by its start, else the assessment date: one query."""
    rounds = Round.objects.filter(campaign=run.round.campaign_id, starts__gt=run.round.starts)
    following = rounds.exclude(state=RoundState.CANCELLED).order_by("starts", "pk").first()
    return NextJudgement(following.starts if following else run.round.campaign.assessment_on, following)


def beyond(on: date, path: str = "problem__") -> Q:
    """Rows whose problem, found at `path`, cannot be put right by `on`."""
    merged = Q(**{f"{path}state": ProblemState.MERGED})
    return _beyond(on, path) | (merged & _beyond(on, f"{path}merged_into__"))


def _beyond(on: date, path: str) -> Q:
    gone = Q(**{f"{path}state": ProblemState.GONE})
    after = clock.midnight(on + timedelta(days=1))
    long_term = Q(**{f"{path}problem_class": ProblemClass.LONG_TERM, f"{path}due_at__gte": after})
    return gone | (long_term & Q(**{f"{path}state__in": OPEN_STATES}))
