"""The trial of rules on past days: how each matter stood, and what the ladder would have asked for. Pure.

Nothing is decided here: each moment is put before `ladder.finding`, as the morning look does. Only the order is
another one: while nothing happens to a matter, what the ladder asks for does not become less with time, so the first
morning on which it asks for anything is found by halving, instead of by asking every morning.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise

from chuangwen.core.workdays import WorkCalendar
from chuangwen.supervision.ladder import COLOURS, Days, Finding, Given, Matter, Rule, Step, finding, look_at

BEFORE, AFTER = 500, 120  # days around the trial for which working days are counted beforehand


@dataclass(frozen=True, slots=True)
class Phase:
    """How a matter stood from `since` up to, not with, `until` (None: to this day)."""

    since: datetime
    until: datetime | None
    unit: int
    due: datetime
    running: bool
    returned: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """A matter's past as its steps tell it.

    `falsified`: from when to when (None: to this day) each falsification stood confirmed. `given`: the sheets that
    each unit had had for it before the trial begins. `unit`: whose it was all the time; the unit of its phases and of
    what was given is then 0, so that two matters of one kind are alike.
    """

    key: str
    phases: tuple[Phase, ...]
    unit: int = 0
    came_back_after: int | None = None
    falsified: tuple[tuple[datetime, datetime | None], ...] = ()
    given: tuple[tuple[int, Given], ...] = ()


class CountedDays:
    """A calendar whose working days are counted beforehand: a trial asks for them some hundred thousand times."""

    def __init__(self, calendar: WorkCalendar, first: date, last: date) -> None:
        self._calendar, self._from = calendar, (first - timedelta(days=BEFORE)).toordinal()
        days = range(self._from, (last + timedelta(days=AFTER)).toordinal() + 1)
        self._works = [calendar.is_workday(date.fromordinal(day)) for day in days]
        self._count = [0, *accumulate(self._works)]  # working days before each day

    def is_workday(self, day: date) -> bool:
        """As the calendar says."""
        at = day.toordinal() - self._from
        return self._works[at] if 0 <= at < len(self._works) else self._calendar.is_workday(day)

    def workdays_between(self, a: date, b: date) -> int:
        """As the calendar counts them."""
        early, late = a.toordinal() - self._from, b.toordinal() - self._from
        if not (0 <= early < len(self._works) and 0 <= late < len(self._works)):
            return self._calendar.workdays_between(a, b)
        if late < early:
            return self._count[late] - self._count[early]
        return self._count[late + 1] - self._count[early + 1]


def replay(
    histories: Iterable[History], rules: Sequence[Rule], days: tuple[date, date], calendar: WorkCalendar
) -> list[Finding]:
    """What the rules would have proposed from the first to the last day, had each notice been sent at once.

    Matters that went the same way are looked at once.
    """
    counted = CountedDays(calendar, *days)
    moments = [look_at(day) for day in _span(*days) if counted.is_workday(day)]
    known: dict[Hashable, list[Finding]] = {}
    found: list[Finding] = []
    for history in histories:
        if not history.unit:
            found += _replayed(history, rules, moments, counted)
            continue
        alike = (history.phases, history.came_back_after, history.falsified, history.given)
        if alike not in known:
            known[alike] = list(_replayed(history, rules, moments, counted))
        found += [Finding(history.key, history.unit, one.step, one.day, one.rule, one.found) for one in known[alike]]
    return found


def notices(found: Iterable[Finding]) -> set[tuple[int, Step, date]]:
    """The sheets that findings make: one for each unit, colour and day. Reminders are no sheets."""
    return {(one.unit, one.step, one.day) for one in found if one.step in COLOURS}


def _replayed(history: History, rules: Sequence[Rule], moments: Sequence[datetime], days: Days) -> Iterator[Finding]:
    """Stretch by stretch; what a unit has had it has had, and in other hands a matter begins anew."""
    had: defaultdict[int, tuple[Given, ...]] = defaultdict(tuple)
    for unit, given in history.given:
        had[unit] += (given,)
    for phase in history.phases:
        for start, end in _stretches(history, phase, moments):
            at, falsified = start, _falsified(history, moments[start])
            if not (phase.running or falsified):
                continue
            while at < end:
                matter = Matter(
                    history.key, phase.unit, phase.due, phase.running, phase.returned, history.came_back_after,
                    falsified, had[phase.unit],
                )  # fmt: skip
                found = _first(matter, rules, moments, (at, end), days)
                if found is None:
                    break
                at, one = found[0] + 1, found[1]
                had[phase.unit] += (Given(one.step, one.day),)
                yield one


def _first(
    matter: Matter, rules: Sequence[Rule], moments: Sequence[datetime], stretch: tuple[int, int], days: Days
) -> tuple[int, Finding] | None:
    """The first morning of the stretch on which the ladder asks for anything, and what it asks for."""
    start, end = stretch
    if finding(matter, rules, moments[end - 1], days) is None:
        return None
    asks = range(start, end)
    first = start + bisect_left(asks, True, key=lambda at: finding(matter, rules, moments[at], days) is not None)
    one = finding(matter, rules, moments[first], days)
    return None if one is None else (first, one)


def _stretches(history: History, phase: Phase, moments: Sequence[datetime]) -> Iterator[tuple[int, int]]:
    """The mornings of a phase, cut where the deadline passes and where a falsification comes and goes."""
    start = bisect_left(moments, phase.since)
    end = len(moments) if phase.until is None else bisect_left(moments, phase.until)
    cuts = {bisect_right(moments, phase.due)}
    cuts |= {bisect_left(moments, edge) for span in history.falsified for edge in span if edge is not None}
    edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
    return (pair for pair in pairwise(edges) if pair[0] < pair[1])


def _falsified(history: History, moment: datetime) -> bool:
    return any(since <= moment and (until is None or moment < until) for since, until in history.falsified)


def _span(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
