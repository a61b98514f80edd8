"""What of a loss can be won back (可挽回) until the next judgement, and why the rest cannot.

The one definition for every page: who lost what, what to do next, plans, goals. Source: docs/scoring.md, Who lost
what, on the page. The loss of a failing row cannot be won back where its problem is long-term with a date after the
next round, or ended because its object is gone. What is put right can be, also while it waits to be verified; a
problem that was merged stands as the one that it was merged into. Rows without a problem, entered results and what
falls on no row are judged anew in the next round: they can be (docs/scoring.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Round, RoundState
from chuangwen.core import clock
from chuangwen.core.templatetags.wording import day
from chuangwen.rectification.enums import OPEN_STATES, ProblemClass, ProblemState
from chuangwen.scoring.models import Run

USUAL_DAYS: Final = 30  # calendar days, where neither a round nor the assessment lies ahead (proposed)
UNDONE: Final = tuple(state for state in OPEN_STATES if state != ProblemState.FIXED)


@dataclass(frozen=True, slots=True)
class Horizon:
    """Until when points can be won back: the day of the next judgement, and what it is; "" where nothing lies ahead."""

    day: date
    name: str

    @property
    def words(self) -> str:
        return f"{self.name} {day(self.day)}" if self.name else day(self.day)


@dataclass(frozen=True, slots=True)
class Hopeless:
    """Points that cannot be won back until then, and the problem they hang on; `until` None: its object is gone."""

    points: float
    number: str
    until: date | None


def horizon_of(run: Run) -> Horizon:
    """The campaign's next round that begins after today and after the run's, else the assessment, else thirty days.

    Nothing is won back in a round that has begun: for a run of an earlier one, too, what lies ahead counts. One query.
    """
    campaign, since = run.round.campaign, max(clock.today(), run.round.starts)
    ahead = Round.objects.filter(campaign=campaign, starts__gt=since).exclude(state=RoundState.CANCELLED)
    if following := ahead.order_by("starts", "pk").first():
        return Horizon(following.starts, following.name)
    if campaign.assessment_on > since:
        return Horizon(campaign.assessment_on, _("assessment"))
    return Horizon(clock.today() + timedelta(days=USUAL_DAYS), "")


def beyond(horizon: Horizon, path: str = "problem__") -> Q:
    """Rows whose problem, found at `path`, cannot be won back before the horizon; due on its very day is in time."""
    merged = Q(**{f"{path}state": ProblemState.MERGED})
    return _beyond(horizon, path) | (merged & _beyond(horizon, f"{path}merged_into__"))


def _beyond(horizon: Horizon, path: str) -> Q:
    gone = Q(**{f"{path}state": ProblemState.GONE})
    after = clock.midnight(horizon.day + timedelta(days=1))
    long_term = Q(**{f"{path}problem_class": ProblemClass.LONG_TERM, f"{path}due_at__gte": after})
    return gone | (long_term & Q(**{f"{path}state__in": UNDONE}))
