"""What it takes to put a problem right, by its kind: person-days, the least days, yuan. Pure.

No text gives these figures. The proposals below follow the class of a kind and the time that it is given
(standards.ProblemType.within); the office sets its own, and says nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HOURS_A_DAY: Final = 8
LARGEST_DAYS: Final = 9999.0
LARGEST_COST: Final = 1e9


@dataclass(frozen=True, slots=True)
class Effort:
    """Person-days of work, calendar days that it takes at least, yuan; `proposed`: nobody has set it."""

    person_days: float
    least_days: int
    cost: float
    proposed: bool = True


def proposed_effort(problem_class: str, within: str) -> Effort:
    """(proposed) By class and time limit: "2h" working hours, "3d" working days, "24H" clock hours.

    At once: a quarter of a person-day where hours are given, else half a one, the same day. By a deadline: a third of
    a person-day for each day given, at least one; half of the time. Long-term: a person-day for each five days given,
    at least ten; half of the time. Money is proposed for none.
    """
    days = _days(within)
    if problem_class == "immediate":
        return Effort(0.25 if within.endswith("h") else 0.5, 1, 0.0)
    if problem_class == "limited":
        return Effort(max(1.0, round(days / 3 * 2) / 2), max(1, round(days / 2)), 0.0)
    return Effort(max(10.0, round(days / 5 * 2) / 2), max(10, round(days / 2)), 0.0)


def _days(within: str) -> float:
    number, unit = within[:-1], within[-1:]
    amount = float(number) if number.isdecimal() else 1.0
    return {"h": amount / HOURS_A_DAY, "H": amount / 24}.get(unit, amount)
