"""Tries a rule on past days: what would have gone out with it and without it, beside what really went out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from chuangwen.core.models import Region
from chuangwen.core.workdays import default_calendar
from chuangwen.evidence.models import Dossier
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task
from chuangwen.supervision.ladder import COLOURS, Finding, Rule, Step
from chuangwen.supervision.models import NoticeRule, SupervisionNotice
from chuangwen.supervision.queries.matters import as_rule, rules_in_force
from chuangwen.supervision.queries.pasts import histories
from chuangwen.supervision.queries.rows import Row
from chuangwen.supervision.replay import notices, replay

Sheet = tuple[int, Step, date]  # unit, colour, day


@dataclass(frozen=True, slots=True)
class Trial:
    """`now`: by the other rules in force; `then`: with the rule, which takes the place of what it replaces."""

    now: list[Finding]
    then: list[Finding]
    sent: list[Sheet]  # what really went out: one for each sheet that was signed
    looked: int  # how many matters were looked at

    @property
    def sheets(self) -> tuple[set[Sheet], set[Sheet], list[Sheet]]:
        """With the rule, without it, and really."""
        return notices(self.then), notices(self.now), self.sent


def trial_of(rule: NoticeRule, first: date, last: date) -> Trial:
    """Both replays over the same past, from `first` to `last`. Reads only; a fixed number of queries.

    A rule that is in force already is compared with itself taken away. Reminders are looked for where the rule is one.
    """
    past = histories(rule.region, first, last)
    rules = [one for one in rules_in_force(rule.region) if one.key != rule.pk]
    with_it = [one for one in rules if one.key != rule.replaces_id] + [as_rule(rule)]
    steps = {*COLOURS, Step(rule.step)}

    def tried(several: Iterable[Rule]) -> list[Finding]:
        kept = [one for one in several if one.step in steps]
        return replay(past, kept, (first, last), default_calendar())

    return Trial(tried(rules), tried(with_it), _sent(rule.region, first, last), len(past))


def rows_of(keys: Collection[str]) -> dict[str, Row]:
    """The problems, tasks and dossiers of these keys, for the few that are shown: at most three queries."""
    ids = {kind: [int(key[1:]) for key in keys if key[0] == kind] for kind in "ptd"}
    found: dict[str, Row] = {}
    asked = (
        ("p", Problem.objects.select_related("lead")),
        ("t", Task.objects.select_related("unit")),
        ("d", Dossier.objects.select_related("unit", "node")),
    )
    for kind, rows in asked:
        if ids[kind]:
            found |= {f"{kind}{pk}": row for pk, row in rows.in_bulk(ids[kind]).items()}
    return found


def _sent(region: Region, first: date, last: date) -> list[Sheet]:
    """The sheets that were signed in the period, withdrawn ones among them: they did go out."""
    rows = SupervisionNotice.objects.filter(region=region, day__range=(first, last), signed_at__isnull=False)
    return [(unit, Step(colour), day) for unit, colour, day in rows.values_list("unit", "colour", "day")]
