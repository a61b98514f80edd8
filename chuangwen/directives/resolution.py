"""What a deadline phrase means in the calendar, seen from the day of the meeting.

Days are working days unless said otherwise (customary in the field); from fifteen on (三十日内) they are
calendar days, as such periods are quoted from statutes (proposed). A period counted from the meeting starts
the day after it (Civil Code, art. 201); a month or year without a number is the meeting's; a date without a
year that lies more than half a year back is next year's; a day without a month (28日前) is the next of that number.
Of a range the end counts. 上旬 ends on the 10th, 中旬 on the 20th, 下旬 with its month. What only an event or a clock
says (方案批准之前, 开学前, 早上六点半前) has no date: a person gives it.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from chuangwen.directives.cleaning import clean_text
from chuangwen.directives.folding import fold

IsWorkday = Callable[[date], bool]

_DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUM = "([0-9]{1,4}|[零〇一二三四五六七八九十两半]{1,4})"
_YEAR: Final = re.compile(rf"(?:{_NUM}年|(今年|本年度?|明年|年(?=内)))")
_MONTH_DAY: Final = re.compile(rf"{_NUM}月(?:份)?(?:{_NUM}[日号]|(底|末|内|下旬|中旬|上旬|初))?")
_RANGE: Final = re.compile(
    rf"^[从自]?(?:(?P<year>{_NUM}年|今年|明年)?(?P<month>{_NUM}月)(?:{_NUM}[日号]|[上中下]旬|份|底|末|初)?|{_NUM}[日号]"
    r"|即日|现在|今[天日]|明天)起?(?:到|至|—{1,2}|[-~–])(?P<end>.+)"
)
_OF_MONTH: Final = re.compile(rf"(这个|本|当|下个?|次)月(?:{_NUM}[日号]|([上中下]旬|初))?")
_LONE_DAY: Final = re.compile(rf"^(?![一二三四五六七八九十]日$){_NUM}[日号](?![之以]?[内后])")
_LAST_OF_PART: Final = {"上旬": 10, "初": 10, "中旬": 20}
_RELATIVE: Final = re.compile(rf"{_NUM}(?:个?(工作日|天|周|星期|礼拜|年|季度)|个(月)|(日))")
_WEEKDAY: Final = re.compile(r"(本|这个?|下个?)?(?:周|星期|礼拜)([一二三四五六日天末])?")
_QUARTER: Final = re.compile(r"第?([一二三四])季度")
_WEEK: Final = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6}
_FAR_PAST: Final = timedelta(days=183)
_MAX_STEPS: Final = 400
_CALENDAR_FROM: Final = 15


def is_weekday(day: date) -> bool:
    """Monday to Friday: the calendar of a site that has not loaded holidays."""
    return day.weekday() < 5


def resolve_deadline(
    text: str, meeting_date: date, is_workday: IsWorkday = is_weekday, *, previous: date | None = None
) -> date | None:
    """The last day on which `text` is kept, or None when it names no day (抓紧, masked numbers, festivals).

    届时 gives `previous`, the date of the deadline before it. 11月30日前 includes the day itself, as the
    Civil Code (art. 1259) reads 以前.
    """
    text = fold(clean_text(text).text).rstrip("。")
    if "届时" in text:
        return previous
    if re.search(r"每|逐", text) or re.search(r"[x×X*]", text):
        return None
    text = _end(text)
    for reader in (_month_day, _of_month, _lone_day, _period, _relative, _weekday, _spoken):
        due = reader(text, meeting_date, is_workday)
        if due is not None:
            return due
    return None


def _end(text: str) -> str:
    """`text`, or the end of the range that it tells, with the year and month that only the beginning names."""
    match = _RANGE.match(text)
    if match is None:
        return text
    end = match["end"]
    if match["month"] and re.match(rf"{_NUM}[日号]", end):
        end = match["month"] + end
    return match["year"] + end if match["year"] and "年" not in end else end


def _number(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        if len(tens) > 1 or len(ones) > 1 or any(c not in _DIGITS for c in tens + ones):
            return None
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    if not text or any(c not in _DIGITS for c in text):
        return None
    return int("".join(str(_DIGITS[c]) for c in text))


def _year(text: str, meeting: date) -> int | None:
    match = _YEAR.search(text)
    if match is None:
        return None
    if match[1]:
        year = _number(match[1])
        if year is None or year < 20:
            return None
        return year if year >= 1900 else 2000 + year
    return meeting.year + (match[2] == "明年")


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _month_day(text: str, meeting: date, _: IsWorkday) -> date | None:
    match = _MONTH_DAY.search(text)
    month = _number(match[1]) if match else None
    if match is None or month is None or not 1 <= month <= 12:
        return None
    year = _year(text[: match.start()], meeting)
    known = year is not None
    year = year or meeting.year
    day = _number(match[2]) if match[2] else None
    part = match[3]
    if day is not None:
        if not 1 <= day <= calendar.monthrange(year, month)[1]:
            return None
        due = date(year, month, day)
    elif part in _LAST_OF_PART:
        due = date(year, month, _LAST_OF_PART[part])
    elif part is None and text.rstrip().endswith("前"):
        due = date(year, month, 1) - timedelta(days=1)
    else:
        due = _last(year, month)
    if not known and meeting - due > _FAR_PAST and year < 9999:
        later = year + 1
        due = date(later, due.month, min(due.day, calendar.monthrange(later, due.month)[1]))
    return due


def _of_month(text: str, meeting: date, _: IsWorkday) -> date | None:
    """本月中旬, 下月5日: a part or a day of the meeting's month or the next; the whole month by its last day."""
    match = _OF_MONTH.search(text)
    if match is None:
        return None
    year, month = _shift(meeting, 1 if match[1] in {"下", "下个", "次"} else 0)
    last = _last(year, month)
    day = _number(match[2]) if match[2] else _LAST_OF_PART.get(match[3] or "", last.day)
    return date(year, month, day) if day is not None and 1 <= day <= last.day else None


def _lone_day(text: str, meeting: date, _: IsWorkday) -> date | None:
    """28日前: the next day of that number, the meeting's own day included; 三日 alone may be a period."""
    match = _LONE_DAY.match(text)
    day = _number(match[1]) if match else None
    if day is None:
        return None
    months = (_shift(meeting, count) for count in range(3))
    days = (date(year, month, day) for year, month in months if 1 <= day <= _last(year, month).day)
    return next((each for each in days if each >= meeting), None)


def _period(text: str, meeting: date, _: IsWorkday) -> date | None:
    year = _year(text, meeting) or meeting.year
    quarter = _QUARTER.search(text)
    if quarter is not None:
        return _last(year, 3 * _DIGITS[quarter[1]])
    if "上半年" in text:
        return date(year, 6, 30)
    if re.search(r"年底|年末|岁末|年终|年内|下半年|今年|本年|明年", text) or re.fullmatch(
        rf"{_NUM}年(?:底|末|内)?(?:之?前|以前)?", text
    ):
        ends_before = re.fullmatch(rf"{_NUM}年(?:之?前|以前)", text) is not None
        return date(year - 1, 12, 31) if ends_before else date(year, 12, 31)
    if re.search(r"月底|月末|(?<!个)月内", text):
        due = _last(meeting.year, meeting.month)
        return due if not re.search(rf"{_NUM}个?月", text) else None
    if re.search(r"季末|季度末|本季度", text):
        return _last(meeting.year, 3 * ((meeting.month + 2) // 3))
    return None


def _shift(day: date, months: int) -> tuple[int, int]:
    count = day.year * 12 + day.month - 1 + months
    return count // 12, count % 12 + 1


def _relative(text: str, meeting: date, is_workday: IsWorkday) -> date | None:
    match = _RELATIVE.search(text)
    if match is None or _MONTH_DAY.search(text) or re.search(r"提前|收到|接到|发现|自|开学", text):
        return None
    half = match[1] == "半"
    count = 0 if half else _number(match[1])
    if count is None or count > _MAX_STEPS:
        return None
    unit = match[2] or match[3] or match[4]
    if unit == "工作日" or (unit in {"天", "日"} and count < _CALENDAR_FROM and not half):
        return _workdays(meeting, count, is_workday)
    if half:
        return meeting + timedelta(days=15) if unit == "月" else None
    if unit in {"月", "季度", "年"}:
        year, month = _shift(meeting, count * {"月": 1, "季度": 3, "年": 12}[unit])
        return date(year, month, min(meeting.day, calendar.monthrange(year, month)[1]))
    return meeting + timedelta(days=count * (7 if unit in {"周", "星期", "礼拜"} else 1))


def _workdays(start: date, count: int, is_workday: IsWorkday) -> date | None:
    day = start
    for _ in range(_MAX_STEPS * 3):
        if count <= 0:
            return day
        day += timedelta(days=1)
        count -= is_workday(day)
    return None


def _weekday(text: str, meeting: date, is_workday: IsWorkday) -> date | None:
    match = _WEEKDAY.search(text)
    if match is None or (match[1] is None and match[2] is None):
        return None
    monday = meeting - timedelta(days=meeting.weekday())
    if (match[1] or "").startswith("下"):
        monday += timedelta(days=7)
    if match[2] in _WEEK:
        day = monday + timedelta(days=_WEEK[match[2]])
        return day + timedelta(days=7) if match[1] is None and day < meeting else day
    days = [monday + timedelta(days=i) for i in range(7)]
    return next((day for day in reversed(days) if is_workday(day)), days[-1])


def _spoken(text: str, meeting: date, _: IsWorkday) -> date | None:
    if re.search(r"今[天日晚夜]|当天|当日|当晚|立即|马上", text):
        return meeting
    if re.search(r"明[天日早晚晨]|次日|翌日", text):
        return meeting + timedelta(days=1)
    return meeting + timedelta(days=2) if "后天" in text else None
