"""Days as offices write them: 2026.11.22, 2026年11月22日, 二〇二六年十一月二十二日, 46348 in Excel."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from chuangwen.core.workbooks.cells import Value, show
from chuangwen.core.workbooks.misfits import Misfit, clean, half_width

_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DATES = range(18_264, 73_051)  # 1950-01-01 to 2099-12-31 as Excel counts days
FIRST_YEAR, LAST_YEAR = 1900, 2099
_DAY = re.compile(
    r"(?P<y>\d{4})\s*(?:年|[-./])\s*(?P<m>\d{1,2})\s*(?:月|[-./])\s*(?P<d>\d{1,2})\s*[日号]?"
    r"(?:[T\s]*(?:上午|下午)?\d{1,2}[:时点].*|\s*(?:星期|周).)?"
)
_PACKED_DAY = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")
_CHINESE_DAY = re.compile(
    r"([〇零○O一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
_DIGITS = {mark: str(digit) for digit, marks in enumerate(("〇零○O", *"一二三四五六七八九")) for mark in marks}
_DATE_WAY = ("Write it as 2026-11-22.", "请写成2026-11-22这样的形式。")


def read_date(value: Value, field: object = None) -> date:
    """A day from a date cell, a number or text. Raises Misfit, also for a day outside 1900 to 2099."""
    del field  # all readers of `kinds.READERS` take one
    found = _from_cell(value) or _from_text(half_width(clean(show(value))))
    if found is None:
        raise Misfit("no_such_day", f"is no day of the calendar. {_DATE_WAY[0]}", f"不是真实的日期。{_DATE_WAY[1]}")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Misfit(
            "far_day",
            f"has a year that cannot be right. Write a day between {FIRST_YEAR} and {LAST_YEAR}.",
            f"的年份不对。请写{FIRST_YEAR}年到{LAST_YEAR}年之间的日期。",
        )
    return found


def _from_cell(value: Value) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and int(value) in _EXCEL_DATES:
        return _EXCEL_EPOCH + timedelta(days=int(value))
    return None


def _from_text(text: str) -> date | None:
    """The day that a text names; None for one that the calendar does not have."""
    counted = _from_cell(float(text)) if re.fullmatch(r"\d{5}(?:\.\d+)?", text) else None
    if counted is not None:
        return counted
    parts = _chinese_day(text)
    if parts is None:
        written = _DAY.fullmatch(text) or _PACKED_DAY.fullmatch(text)
        if written is None:
            raise _no_date(text)
        parts = int(written["y"]), int(written["m"]), int(written["d"])
    try:
        return date(*parts)
    except ValueError:
        return None


def _no_date(text: str) -> Misfit:
    if re.fullmatch(r"\d{4}\s*[年./-]\s*\d{1,2}\s*月?", text):
        return Misfit("day_missing", f"lacks the day. {_DATE_WAY[0]}", f"缺少“日”。{_DATE_WAY[1]}")
    if re.fullmatch(r"\d{1,2}\s*[月./-]\s*\d{1,2}\s*[日号]?", text):
        return Misfit("year_missing", f"lacks the year. {_DATE_WAY[0]}", f"缺少年份。{_DATE_WAY[1]}")
    return Misfit("not_a_date", f"is no date. {_DATE_WAY[0]}", f"不是日期。{_DATE_WAY[1]}")


def _chinese_day(text: str) -> tuple[int, int, int] | None:
    found = _CHINESE_DAY.fullmatch(text)
    if found is None:
        return None
    year = int("".join(_DIGITS[mark] for mark in found[1]))
    return year, _chinese_number(found[2]), _chinese_number(found[3])


def _chinese_number(text: str) -> int:
    """二十二 is 22; up to 99."""
    tens, ten, ones = text.rpartition("十")
    return (int(_DIGITS.get(tens, "1")) if ten else 0) * 10 + int(_DIGITS.get(ones, "0"))
