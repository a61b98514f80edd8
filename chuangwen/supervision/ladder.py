"""The ladder of notices: from facts about late matters and an office's rules to what is proposed, and when. Pure.

Everything that is decided about a matter is decided by `finding`: the daily proposals, what a unit is told
comes next, and the trial of a rule on past days only call it with other moments.

Sources: practice.md, "Default ladder of supervision"; DESIGN "supervision".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Protocol

from chuangwen.core.workdays import ONE_DAY, ZONE, WorkCalendar

RUN_AT = time(8, 15)  # when the program looks, on working days
OUTLOOK_DAYS = 60  # working days; what lies further ahead nobody plans with


class Days(Protocol):
    """What the ladder asks of a calendar."""

    def is_workday(self, day: date) -> bool: ...

    def workdays_between(self, a: date, b: date) -> int: ...


class Step(StrEnum):
    """The rungs, from the mildest to the sharpest."""

    REMINDER = "reminder"
    WHITE = "white"
    YELLOW = "yellow"
    RED = "red"


RANK = {step: rank for rank, step in enumerate(Step)}
COLOURS = (Step.WHITE, Step.YELLOW, Step.RED)
BELOW = {Step.YELLOW: Step.WHITE, Step.RED: Step.YELLOW}


class Condition(StrEnum):
    """When a rule holds; what its number counts stands behind each."""

    DUE_SOON = "due-soon"  # working days before the deadline
    LATE = "late"  # working days after the deadline
    AFTER = "after"  # working days after the notice of the colour below, the matter being late still
    RETURNED = "returned"  # times that what was reported as done was sent back
    RECURRENCE = "recurrence"  # days at most from closing to coming back
    FALSIFIED = "falsified"  # no number: a person confirmed that what was reported is not true


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition that leads to one step."""

    key: int
    step: Step
    condition: Condition
    number: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """A step that the matter has had. `sent` is False for a proposal that nobody signed yet."""

    step: Step
    day: date
    sent: bool = True


@dataclass(frozen=True, slots=True)
class Matter:
    """A problem or task as the ladder sees it at one moment.

    `running`: on the unit's clock (what is disputed, approved as long-term or waits for the office is not).
    `came_back_after`: days from closing to recurrence, None where it is none.
    """

    key: str
    unit: int
    due: datetime
    running: bool = True
    returned: int = 0
    came_back_after: int | None = None
    falsified: bool = False
    given: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What the ladder says of one matter on one day. `found` is the figure that met the rule."""

    key: str
    unit: int
    step: Step
    day: date
    rule: Rule
    found: int


def finding(matter: Matter, rules: Iterable[Rule], now: datetime, calendar: Days) -> Finding | None:
    """The sharpest step that a rule asks for now and that the matter has not had; None on a day off.

    A matter climbs and never goes back: no step at or below one that it has had, proposed or sent.
    """
    today = _day(now)
    if not calendar.is_workday(today):
        return None
    had = max((RANK[given.step] for given in matter.given), default=-1)
    best: Finding | None = None
    for rule in rules:
        if RANK[rule.step] <= had or (best and RANK[rule.step] <= RANK[best.step]):
            continue
        found = _met(rule, matter, now, calendar)
        if found is not None:
            best = Finding(matter.key, matter.unit, rule.step, today, rule, found)
    return best


def proposals(
    matters: Iterable[Matter], rules: Sequence[Rule], now: datetime, calendar: WorkCalendar
) -> dict[tuple[int, Step], list[Finding]]:
    """One sheet for each unit and colour with all its matters; reminders under their own step."""
    sheets: dict[tuple[int, Step], list[Finding]] = {}
    for matter in matters:
        found = finding(matter, rules, now, calendar)
        if found:
            sheets.setdefault((found.unit, found.step), []).append(found)
    return sheets


def outlook(matter: Matter, rules: Sequence[Rule], now: datetime, calendar: WorkCalendar) -> Iterator[Finding]:
    """What comes next for the matter and when, if nothing is done and each notice is sent on the day it is proposed."""
    for moment in _looks(now, calendar):
        found = finding(matter, rules, moment, calendar)
        if found:
            yield found
            matter = replace(matter, given=(*matter.given, Given(found.step, found.day)))
            if found.step == Step.RED:
                return


def _met(rule: Rule, matter: Matter, now: datetime, calendar: Days) -> int | None:
    """The figure by which the rule holds, None where it does not."""
    if rule.condition == Condition.FALSIFIED:
        return 0 if matter.falsified else None
    if not matter.running:
        return None
    today, due = _day(now), _day(matter.due)
    late = now > matter.due
    found: int | None = None
    if rule.condition == Condition.DUE_SOON:
        left = calendar.workdays_between(today, due)
        return left if not late and left <= rule.number else None
    if rule.condition == Condition.LATE:
        found = calendar.workdays_between(due, today) if late else None
    elif rule.condition == Condition.AFTER:
        found = _since_below(rule, matter, today, calendar) if late else None
    elif rule.condition == Condition.RETURNED:
        found = matter.returned
    elif rule.condition == Condition.RECURRENCE:
        back = matter.came_back_after
        return back if back is not None and back <= rule.number else None
    return found if found is not None and found >= max(rule.number, 1) else None


def _since_below(rule: Rule, matter: Matter, today: date, calendar: Days) -> int | None:
    """Working days since the notice of the colour below was sent; a deadline given after it begins the count anew."""
    below = BELOW.get(rule.step)
    sent = [given.day for given in matter.given if given.step == below and given.sent]
    if not sent:
        return None
    return calendar.workdays_between(max(*sent, _day(matter.due)), today)


def _looks(now: datetime, calendar: WorkCalendar) -> Iterator[datetime]:
    """The moments at which the program looks from now on."""
    day, left = _day(now), OUTLOOK_DAYS
    while left:
        if calendar.is_workday(day) and look_at(day) > now:
            yield look_at(day)
            left -= 1
        day += ONE_DAY


def look_at(day: date) -> datetime:
    """The moment of a day at which the program looks."""
    return datetime.combine(day, RUN_AT, ZONE)


def _day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()
