"""Tries a rule on past days: what the rules in force would have proposed, and what they would with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chuangwen.core.workdays import default_calendar
from chuangwen.rectification.models import Problem
from chuangwen.supervision.ladder import Finding, replay
from chuangwen.supervision.models import NoticeRule
from chuangwen.supervision.queries.matters import as_rule, histories, rules_in_force


@dataclass(frozen=True, slots=True)
class Trial:
    """`now`: by the other rules in force; `then`: with the rule, which takes the place of what it replaces."""

    now: list[Finding]
    then: list[Finding]
    titles: dict[str, tuple[str, str]]  # key -> title and number of the problem
    looked: int  # how many problems were looked at


def trial_of(rule: NoticeRule, first: date, last: date) -> Trial:
    """Both replays over the same past, from `first` to `last`. Reads only; six queries.

    A rule that is in force already is compared with itself taken away.
    """
    calendar = default_calendar()
    past = histories(rule.region, first, last)
    rules = [one for one in rules_in_force(rule.region) if one.key != rule.pk]
    with_it = [one for one in rules if one.key != rule.replaces_id] + [as_rule(rule)]
    now = replay(past, rules, (first, last), calendar)
    then = replay(past, with_it, (first, last), calendar)
    keys = {int(one.key[1:]) for one in then}
    rows = Problem.objects.filter(pk__in=keys).values_list("pk", "title", "number")
    return Trial(now, then, {f"p{pk}": (title, number) for pk, title, number in rows}, len(past))
