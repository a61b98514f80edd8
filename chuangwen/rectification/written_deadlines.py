"""Deadlines as ledgers write them: 2026.11.30前, 11月底, 5个工作日内, 24小时, 立行立改. Pure.

A ledger of a superior's feedback gives each item its own time limit (practice.md, 上级反馈整改台账), and every
office words it differently. What is no deadline at all (长期坚持) is told apart from what cannot be read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from chuangwen.core.workbooks.dates import FIRST_YEAR, LAST_YEAR, read_date
from chuangwen.core.workbooks.misfits import Misfit, half_width
from chuangwen.core.workdays import ZONE, WorkCalendar

MOST_DAYS = 366  # a longer limit is a slip of the pen
AT_ONCE = "24H"  # practice.md: 立行立改 is 24 hours (customary)

_BEFORE = re.compile(r"^(?:请|限|限期|应|须)?(?:于|在)?(?:收到(?:通知|交办)?后)?")
_BEHIND = re.compile(r"(?:(?:之|以)?[前内]|止|为止|截止)?(?:整改|全部)*(?:完成|到位|办结|整改|回复|反馈)*$")
_AT_ONCE = re.compile(r"立行立改|立查立改|即知即改|即查即改|立即|马上")
_SAME_DAY = re.compile(r"当[日天]|今[日天]")
_NO_DAY = re.compile(r"长期|持续|常态|坚持|长效")
_NUMBER = r"(?P<n>\d{1,4}|半|[一二两三四五六七八九十]{1,3})"
_SPAN = re.compile(rf"{_NUMBER}个?(?P<unit>工作日|工作天|天|日|小时|钟头|周|星期|月)")
_MONTH_END = re.compile(r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?:底|末)")
_THIS_MONTH_END = re.compile(r"(?:本|当)?月[底末]")
_YEAR_END = re.compile(r"(?:(?P<y>\d{4})|本|今)?年[底末]")
_DAY = re.compile(r"(?P<m>\d{1,2})(?:[月/-](?P<d>\d{1,2})|\.(?P<dd>\d{2}))[日号]?")  # 11.3 may be 11.30, cut by Excel
_DAY_ALONE = re.compile(r"\d{1,2}[日号]之?前.*")  # of which month?
_BARE = re.compile(r"\d{1,3}")
_DIGITS = {mark: place for place, mark in enumerate("零一二三四五六七八九")} | {"两": 2}


class UnreadableDeadline(Exception):  # noqa: N818  (becomes a fault of a cell)
    """Text in which no deadline can be recognised."""


def read_deadline(text: str, *, found: datetime, calendar: WorkCalendar) -> datetime | None:
    """The moment until which `text` gives time, for a matter found at `found` (aware).

    A day lasts until its working hours end; numbers of days are working days, as everywhere (practice.md).
    A day without a year lies in the year of `found`, past the turn of the year in the next. None for words
    that set no day (长期坚持). Raises UnreadableDeadline.
    """
    said = "".join(half_width(text).split())
    if _AT_ONCE.search(said):
        return calendar.deadline(found, AT_ONCE)
    if _NO_DAY.search(said):
        return None
    bare = _BEHIND.sub("", _BEFORE.sub("", said), count=1)
    start = found.astimezone(ZONE).date()
    if _SAME_DAY.fullmatch(bare):
        return calendar.end_of_day(start)
    if _DAY_ALONE.fullmatch(said):
        raise UnreadableDeadline(text)
    if _BARE.fullmatch(bare):
        return _after(bare, "天", found, calendar)
    if span := _SPAN.fullmatch(bare):
        return _after(span["n"], span["unit"], found, calendar)
    try:
        day = _day(bare, start)
    except ValueError:  # a month or day that the calendar does not have
        raise UnreadableDeadline(text) from None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UnreadableDeadline(text)
    return calendar.end_of_day(day)


def _after(number: str, unit: str, found: datetime, calendar: WorkCalendar) -> datetime:
    """`number` units after `found`; weeks and months are those of the calendar on the wall."""
    half = number == "半"
    count = 1 if half else _count(number)
    if not 1 <= count <= MOST_DAYS or (half and unit not in {"月", "天", "日"}):
        raise UnreadableDeadline(f"{number}{unit}")
    if unit in {"小时", "钟头"}:
        return calendar.deadline(found, f"{count}H")
    start = found.astimezone(ZONE).date()
    if unit in {"周", "星期"}:
        return calendar.end_of_day(start + timedelta(days=7 * count))
    if unit == "月":
        return calendar.end_of_day(start + timedelta(days=15) if half else _months_on(start, count))
    return calendar.end_of_day(start) if half else calendar.deadline(found, f"{count}d")


def _count(number: str) -> int:
    if number.isdecimal():
        return int(number)
    tens, ten, ones = number.rpartition("十")
    digits = [mark for mark in (tens, ones) if mark]
    if any(mark not in _DIGITS for mark in digits):
        return 0
    return (_DIGITS.get(tens, 1) if ten else 0) * 10 + _DIGITS.get(ones, 0)


def _months_on(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _day(bare: str, start: date) -> date | None:
    if end := _MONTH_END.fullmatch(bare):
        month = int(end["m"])
        year = int(end["y"]) if end["y"] else _year_of(date(start.year, month, 1), start)
        return date(year, month, monthrange(year, month)[1])
    if _THIS_MONTH_END.fullmatch(bare):
        return start.replace(day=monthrange(start.year, start.month)[1])
    if end := _YEAR_END.fullmatch(bare):
        return date(int(end["y"] or start.year), 12, 31)
    if written := _DAY.fullmatch(bare):
        month, day = int(written["m"]), int(written["d"] or written["dd"])
        return date(_year_of(date(start.year, month, 1), start), month, day)
    try:
        return read_date(bare)
    except Misfit:
        return None


def _year_of(month: date, start: date) -> int:
    """January written in December is the next year's; September written in November is not."""
    return month.year + (start.month >= 11 and month.month <= 2)
