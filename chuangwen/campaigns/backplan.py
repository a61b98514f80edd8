"""The back plan (倒排工期): milestones counted back from the assessment date in working days.

Pure. The default plans are ours ("proposed") and can be edited milestone by milestone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from chuangwen.core.workdays import WorkCalendar

SOURCE: Final = "proposed: 按多数城市的创建节奏"
UNIT_SOURCE: Final = "proposed: 按多数单位的申报节奏"


@dataclass(frozen=True, slots=True)
class Step:
    """One milestone of a default plan: so many working days before the assessment."""

    name: str
    offset: int
    source: str = SOURCE


CITY_PLAN: Final = (
    Step("方案印发、责任分解", 210),
    Step("动员部署、培训到位", 190),
    Step("第一轮模拟测评", 62),
    Step("第一轮问题清零", 44),
    Step("第二轮模拟测评", 20),
    Step("第二轮问题清零", 10),
    Step("材料封卷", 6),
    Step("正式测评", 0),
)
UNIT_PLAN: Final = (
    Step("方案印发、任务分到{office}", 150, UNIT_SOURCE),
    Step("动员培训", 140, UNIT_SOURCE),
    Step("第一次自评", 90, UNIT_SOURCE),
    Step("台账补齐", 60, UNIT_SOURCE),
    Step("第二次自评", 30, UNIT_SOURCE),
    Step("材料封卷", 10, UNIT_SOURCE),
    Step("正式测评", 0, UNIT_SOURCE),
)


def default_plan(shape: str, office_word: str) -> tuple[Step, ...]:
    """The default plan of a campaign's shape (city or unit), the earliest milestone first.

    `office_word` is what the offices inside a unit are called (core.models.OFFICE_WORDS).
    """
    if shape != "unit":
        return CITY_PLAN
    return tuple(replace(step, name=step.name.format(office=office_word)) for step in UNIT_PLAN)


def counted_back(assessment: date, offset: int, calendar: WorkCalendar) -> date:
    """The day `offset` working days before the assessment; the assessment day itself for 0."""
    return calendar.add_workdays(assessment, -offset)


def moved_along(day: date, old: date, new: date, calendar: WorkCalendar) -> date:
    """`day` as many working days from the new assessment date as it was from the old one.

    A day that was the assessment day stays the assessment day, whether it is worked or not.
    """
    if day == old:
        return new
    return calendar.add_workdays(new, calendar.workdays_between(old, day))


def default_weights(years: int) -> tuple[float, ...]:
    """Weights of a campaign's years, summing to 1: 15/25/60 for three years (customary, 2018-20).

    For other numbers of years (proposed): the last year 0.6, the others alike.
    """
    if years < 1:
        raise ValueError("a campaign has at least one year")
    if years == 1:
        return (1.0,)
    if years == 3:
        return (0.15, 0.25, 0.60)
    first = round(0.4 / (years - 1), 4)
    return (*([first] * (years - 1)), round(1 - first * (years - 1), 4))
