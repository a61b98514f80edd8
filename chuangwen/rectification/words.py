"""How a problem's state, deadline and route are put in words and shapes, the same on every page."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.templatetags.chuangwen import state as state_tag
from chuangwen.core.templatetags.wording import day, deadline
from chuangwen.rectification.enums import ProblemClass, ProblemState, Routed
from chuangwen.rectification.models import Problem, RoutingRule

ENDED_SHAPES = {ProblemState.MERGED: "not-applicable", ProblemState.GONE: "not-applicable"}


def state_of(problem: Problem) -> tuple[str, str]:
    """(shape, word). What is back within 30 days of closing shows as a recurrence while it runs."""
    if problem.recurrence_of_id and problem.state == ProblemState.ASSIGNED:
        return "recurrence", _("Recurrence")
    state = ProblemState(problem.state)
    return ENDED_SHAPES.get(state, str(state)), str(state.label)


def state_cell(problem: Problem) -> SafeString:
    """Shape and word."""
    shape, word = state_of(problem)
    return state_tag(shape, word)


def due_cell(problem: Problem) -> str | SafeString:
    """The deadline as long as the unit's clock runs, else what stands in its place."""
    now = clock.now()
    if problem.state == ProblemState.LONG_TERM:
        return _milestone(problem) or deadline(problem.due_at)
    if problem.state == ProblemState.CLOSED:
        return _("In time") if problem.closed_in_time else _("Late")
    if problem.state in {ProblemState.MERGED, ProblemState.GONE}:
        return "—"
    if problem.due_at < now and problem.state == ProblemState.FIXED:
        in_time = problem.fixed_at is not None and problem.fixed_at <= problem.due_at
        return (
            _("Reported in time")
            if in_time
            else format_html('<span class="cw-due--late">{}</span>', _("Reported late"))
        )
    if problem.due_at < now and problem.state in {ProblemState.DISPUTED, ProblemState.FOUND}:
        return _("The clock stands")
    return deadline(problem.due_at)


def _milestone(problem: Problem) -> str | SafeString:
    """The next step of the long-term plan, red where its day has passed."""
    step = next((one for one in problem.milestones.all() if one.done_on is None), None)
    if step is None:
        return ""
    words = _("Step due %s") % day(step.due_on)
    if step.due_on < clock.today():
        return format_html('<span class="cw-due cw-due--late">{}</span>', words)
    return format_html('<span class="cw-due">{}</span>', words)


def class_word(problem: Problem) -> str:
    """立行立改, 限期整改, 长期整改."""
    try:
        return str(ProblemClass(problem.problem_class).label)
    except ValueError:
        return problem.problem_class


def rule_words(rule: RoutingRule | None) -> str:
    """The parts of a rule that say something: 占道经营 × 农贸市场 × 东关街道."""
    if rule is None:
        return ""
    parts = (rule.problem_type, rule.place_type, rule.territory)
    return " × ".join(str(part) for part in parts if part is not None)


def routed_words(by: str, rule: RoutingRule | None) -> str:
    """By what a problem came to its lead, as a sentence."""
    if by == Routed.RULE and rule is not None:
        return _("By routing rule: %s.") % rule_words(rule)
    sentences = {
        Routed.RULE: _("By a routing rule."),
        Routed.KEEPER: _("No rule fits; it goes to the place's keeper."),
        Routed.TERRITORY: _("No rule fits and the place has no keeper; it goes to the territory."),
        Routed.OFFICE: _("No rule fits; the office decides."),
        Routed.HAND: _("Chosen by hand."),
        Routed.RULING: _("By a ruling on an objection."),
    }
    return sentences.get(Routed(by), "")


def within_words(within: str) -> str:
    """2h, 3d, 24H as a reader says it."""
    amount, unit = int(within[:-1]), within[-1]
    sentences = {
        "h": ngettext("%d working hour", "%d working hours", amount),
        "d": ngettext("%d working day", "%d working days", amount),
        "H": ngettext("%d hour", "%d hours", amount),
    }
    return sentences[unit] % amount
