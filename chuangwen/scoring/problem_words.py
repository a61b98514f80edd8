"""Where a problem stands towards the next round, in a few words: the same on the list, in a plan and in a task."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.templatetags.wording import day
from chuangwen.rectification.enums import ProblemState
from chuangwen.rectification.models import Problem
from chuangwen.scoring.engine import show

SMALL = 0.005  # below it two decimals would say 0.00


def won(points: float) -> str:
    """Points to be won back, signed: +0.41; small ones with three decimals."""
    return f"+{points:.3f}" if 0 < points < SMALL else f"+{show(points)}"


def standing_of(problem: Problem) -> str:
    """What is going on with the problem already, so that nobody asks for it twice."""
    return {
        ProblemState.FIXED: _("put right: counts once it is verified"),
        ProblemState.FOUND: _("waits for its lead"),
        ProblemState.ASSIGNED: _("under way already, due %s") % day(problem.due_at),
        ProblemState.RETURNED: _("returned, due %s") % day(problem.due_at),
        ProblemState.LONG_TERM: _("long-term, until %s") % day(problem.due_at),
        ProblemState.DISPUTED: _("disputed: waits for the ruling"),
        ProblemState.GONE: _("its object is gone"),
        ProblemState.CLOSED: pgettext("problem", "closed since"),
    }.get(ProblemState(problem.state), problem.get_state_display())
