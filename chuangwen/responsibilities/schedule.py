"""When a recurring duty (定期工作) falls due: each week, month or quarter, each year on a day, before festivals.

Pure. A day that is not worked is moved to the working day before it, within its month or week; what is done daily is
reported once a week, on its last working day, since nobody fills in a form a day (practice.md, What people refuse).
Festivals are those of mainland China; days before them are working days (mechanism 57, 重大节假日前).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any, Final

from chuangwen.core.workdays import FIRST_LUNAR_YEAR, LAST_LUNAR_YEAR, WorkCalendar, festival_dates

SOLAR_FESTIVALS: Final = {
    "元旦": (1, 1), "学雷锋纪念日": (3, 5), "妇女节": (3, 8), "劳动节": (5, 1), "儿童节": (6, 1), "建党节": (7, 1),
    "建军节": (8, 1), "教师节": (9, 10), "国庆": (10, 1), "国家宪法日": (12, 4), "国际志愿者日": (12, 5),
}  # fmt: skip
FESTIVALS: Final = (  # in the order of a year; those that SOLAR_FESTIVALS lacks are of the lunar calendar
    "元旦", "除夕", "春节", "元宵", "学雷锋纪念日", "妇女节", "清明", "劳动节", "儿童节", "端午", "建党节", "建军节",
    "七夕", "教师节", "中秋", "国庆", "重阳", "国家宪法日", "国际志愿者日",
)  # fmt: skip
# 全国年节及纪念日放假办法, days off for everybody; and the seven of 我们的节日.
STATUTORY: Final = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")
TRADITIONAL: Final = ("春节", "元宵", "清明", "端午", "七夕", "中秋", "重阳")
FIRST_MONDAY: Final = date(2000, 1, 3)  # weeks of a cycle are counted from here
LAST_YEAR: Final = 2099  # as far as the lunar calendar goes
STEPS: Final = {1: "月", 2: "两月", 3: "季度", 4: "4个月", 6: "半年", 12: "年"}
MOST_BEFORE: Final = 60
WEEKDAYS: Final = "一二三四五六日"


class Every(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    FESTIVAL = "festival"


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often something is due. Which fields count depends on `every`:

    - DAY: none of them;
    - WEEK: each `step` weeks, the `phase`-th week of the cycle, on weekday `day` (1 Monday to 7);
    - MONTH: each `step` months (1, 2, 3, 4, 6, 12, so that cycles fit into years), the `phase`-th month of the cycle,
      on `day` 1 to 31 (a shorter month's last); with `working` on its n-th working day, from its end for -1 and below;
    - FESTIVAL: `before` working days before each of `festivals`.

    Raises ValueError for what is none of these.
    """

    every: Every
    step: int = 1
    phase: int = 1
    day: int = 1
    working: bool = False
    festivals: tuple[str, ...] = ()
    before: int = 1

    def __post_init__(self) -> None:
        fault = _fault(self)
        if fault:
            raise ValueError(fault)

    def as_data(self) -> dict[str, Any]:
        """As plain JSON types, for a database."""
        data: dict[str, Any] = {"every": str(self.every)}
        if self.every == Every.FESTIVAL:
            return data | {"festivals": list(self.festivals), "before": self.before}
        if self.every == Every.DAY:
            return data
        return data | {"step": self.step, "phase": self.phase, "day": self.day, "working": self.working}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Schedule:
        """The schedule that `as_data` wrote. Raises ValueError, TypeError or KeyError for anything else."""
        fields = dict(data)
        every = Every(fields.pop("every"))
        return cls(every, **fields | {"festivals": tuple(fields.get("festivals", ()))})


@dataclass(frozen=True, slots=True, order=True)
class Occurrence:
    """One day on which it is due. `key` names its period: one period has one occurrence; `name` says it to people."""

    due: date
    key: str
    name: str


def occurrences(schedule: Schedule, first: date, last: date, calendar: WorkCalendar) -> Iterator[Occurrence]:
    """The occurrences due from `first` to `last`, both included, in order. None after 2099."""
    last = min(last, date(LAST_YEAR, 12, 31))
    if first > last:
        return
    found: Iterator[Occurrence]
    if schedule.every == Every.FESTIVAL:
        found = _before_festivals(schedule, first, last, calendar)
    elif schedule.every == Every.MONTH:
        found = _monthly(schedule, first, last, calendar)
    else:
        found = _weekly(schedule, first, last, calendar)
    yield from (one for one in found if first <= one.due <= last)


def following(schedule: Schedule, after: date, number: int, calendar: WorkCalendar) -> list[Occurrence]:
    """The next `number` occurrences due after the day `after`."""
    if after >= date(LAST_YEAR, 12, 31):
        return []
    day = after + timedelta(days=1)
    return list(islice(occurrences(schedule, day, date(LAST_YEAR, 12, 31), calendar), number))


def usual_ahead(schedule: Schedule) -> int:
    """How many working days ahead of its date an occurrence is opened by default (proposed): 4 of a week, 10, 20."""
    if schedule.every in {Every.DAY, Every.WEEK}:
        return 4
    return 20 if schedule.every == Every.MONTH and schedule.step > 2 else 10


def phrase_of(schedule: Schedule) -> str:
    """The schedule as offices write it; `frequency.schedule_of` reads it back as the same schedule."""
    if schedule.every == Every.DAY:
        return "每天（每周一件任务）"
    if schedule.every == Every.FESTIVAL:
        return "、".join(schedule.festivals) + f"前{schedule.before}个工作日"
    if schedule.every == Every.WEEK:
        cycle = "" if schedule.step == 1 else f"{schedule.step}"
        which = "" if schedule.phase == schedule.step else f"第{schedule.phase}周的"
        weekday = WEEKDAYS[schedule.day - 1]
        return f"每周{weekday}" if not cycle else f"每{cycle}周{which or '的'}周{weekday}"
    if schedule.step == 12:
        return f"每年{schedule.phase}月{_day_words(schedule)}"
    which = "" if schedule.phase == schedule.step else f"第{schedule.phase}个月"
    return f"每{STEPS[schedule.step]}{which}{_day_words(schedule)}"


def _day_words(schedule: Schedule) -> str:
    if not schedule.working:
        return f"{schedule.day}日"
    if schedule.day == -1:
        return "最后一个工作日"
    return f"第{schedule.day}个工作日" if schedule.day > 0 else f"倒数第{-schedule.day}个工作日"


def _fault(one: Schedule) -> str:
    if one.every == Every.FESTIVAL:
        unknown = set(one.festivals) - set(FESTIVALS)
        if not one.festivals or unknown or len(set(one.festivals)) != len(one.festivals):
            return f"festivals must be some of {FESTIVALS}, each once"
        return "" if 1 <= one.before <= MOST_BEFORE else f"before must be from 1 to {MOST_BEFORE} working days"
    if one.every == Every.DAY:
        return ""
    if one.every == Every.WEEK:
        fits = 1 <= one.step <= 8 and 1 <= one.day <= 7 and not one.working
    elif one.working:
        fits = one.step in STEPS and (1 <= one.day <= 23 or -23 <= one.day <= -1)
    else:
        fits = one.step in STEPS and 1 <= one.day <= 31
    return "" if fits and 1 <= one.phase <= one.step else "step, phase and day do not fit together"


def _weekly(schedule: Schedule, first: date, last: date, calendar: WorkCalendar) -> Iterator[Occurrence]:
    """One a week: the weekday, or the nearest working day of its week before it, else after it."""
    weekday = 7 if schedule.every == Every.DAY else schedule.day
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        number = (monday - FIRST_MONDAY).days // 7
        if number % schedule.step == schedule.phase - 1:
            week = [monday + timedelta(days=offset) for offset in range(7)]
            due = _worked([*reversed(week[:weekday]), *week[weekday:]], calendar)
            if due:
                year, week_number, _day = monday.isocalendar()
                yield Occurrence(due, f"{year}-W{week_number:02}", f"{year}年第{week_number}周")
        monday += timedelta(days=7)


def _monthly(schedule: Schedule, first: date, last: date, calendar: WorkCalendar) -> Iterator[Occurrence]:
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        if (month - schedule.phase) % schedule.step == 0:
            due = _in_month(schedule, year, month, calendar)
            yield Occurrence(due, f"{year}-{month:02}", _period_name(schedule.step, year, month))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _in_month(schedule: Schedule, year: int, month: int, calendar: WorkCalendar) -> date:
    days = _days_of(year, month)
    if schedule.working:
        worked = [day for day in days if calendar.is_workday(day)]
        if not worked:
            return days[-1]
        place = schedule.day - 1 if schedule.day > 0 else len(worked) + schedule.day
        return worked[max(0, min(place, len(worked) - 1))]
    place = min(schedule.day, len(days))
    return _worked([*reversed(days[:place]), *days[place:]], calendar) or days[place - 1]


def _before_festivals(schedule: Schedule, first: date, last: date, calendar: WorkCalendar) -> Iterator[Occurrence]:
    """Festivals that are due on the same day, such as 中秋 in the holiday of 国庆, are one occurrence."""
    for year in range(max(first.year, FIRST_LUNAR_YEAR), min(last.year + 1, LAST_LUNAR_YEAR) + 1):
        by_due: dict[date, list[str]] = {}
        for name in schedule.festivals:
            due = calendar.add_workdays(festival_day(name, year), -schedule.before)
            by_due.setdefault(due, []).append(name)
        for due, names in sorted(by_due.items()):
            yield Occurrence(due, f"{year}-{names[0]}", f"{year}年{'、'.join(names)}")


def festival_day(name: str, year: int) -> date:
    """The day of a festival of FESTIVALS in a year of 2000 to 2099."""
    if name in SOLAR_FESTIVALS:
        return date(year, *SOLAR_FESTIVALS[name])
    return festival_dates(year)[name]


def _period_name(step: int, year: int, month: int) -> str:
    if step == 3:
        return f"{year}年{'一二三四'[(month - 1) // 3]}季度"
    if step == 6:
        return f"{year}年{'上下'[(month - 1) // 6]}半年"
    return f"{year}年" if step == 12 else f"{year}年{month}月"


def _worked(days: list[date], calendar: WorkCalendar) -> date | None:
    """The first of `days` that is worked."""
    return next((day for day in days if calendar.is_workday(day)), None)


def _days_of(year: int, month: int) -> list[date]:
    day, days = date(year, month, 1), []
    while day.month == month:
        days.append(day)
        day += timedelta(days=1)
    return days


def english_of(schedule: Schedule) -> str:
    """The schedule for the English screens, which keep the Chinese names of festivals."""
    if schedule.every == Every.DAY:
        return "every day (one task a week)"
    if schedule.every == Every.FESTIVAL:
        return f"{_plural(schedule.before, 'working day')} before {', '.join(schedule.festivals)}"
    if schedule.every == Every.WEEK:
        which = f", week {schedule.phase} of the cycle" if schedule.step > 1 else ""
        cycle = f"every {schedule.step} weeks" if schedule.step > 1 else "every week"
        return f"{cycle} on {date(2000, 1, 2 + schedule.day):%A}{which}"
    if not schedule.working:
        day = f"on day {schedule.day}"
    elif schedule.day == -1:
        day = "on the last working day"
    else:
        day = f"on working day {abs(schedule.day)}" + (" from the end" if schedule.day < 0 else "")
    if schedule.step == 12:
        return f"every year in {date(2000, schedule.phase, 1):%B} {day}"
    which = f", month {schedule.phase} of the cycle" if schedule.step > 1 else ""
    names = {1: "every month", 3: "every quarter", 6: "every half-year"}
    return f"{names.get(schedule.step, f'every {schedule.step} months')} {day}{which}"


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
