"""How dates, deadlines and figures are written for people, in Chinese and in English.

The two languages differ in order and not only in words, so each has its own form here instead
of a translation. All dates and times are those of the site's wall clock: a caller turns moments
into local time first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

MINUS = "−"
WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WorkingDays = Callable[[date, date], int]  # working days after the first day up to and with the second


def _date(day: date, today: date, *, chinese: bool) -> str:
    """Month and day, the year only where it is another one than today's."""
    if chinese:
        year = f"{day.year}年" if day.year != today.year else ""
        return f"{year}{day.month}月{day.day}日"
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day.day} {MONTHS_EN[day.month - 1]}{year}"


def day_words(day: date, today: date, *, chinese: bool) -> str:
    """11月22日(周日) or Sun 22 Nov, with the year only where it differs from today's."""
    if chinese:
        return f"{_date(day, today, chinese=True)}(周{WEEKDAYS_ZH[day.weekday()]})"
    return f"{WEEKDAYS_EN[day.weekday()]} {_date(day, today, chinese=False)}"


def month_words(month: date, *, chinese: bool) -> str:
    """11月 or Nov: the name of the month of `month`, for the foot of a chart."""
    return f"{month.month}月" if chinese else MONTHS_EN[month.month - 1]


def clock_words(moment: datetime) -> str:
    """09:05, in either language."""
    return f"{moment:%H:%M}"


def moment_words(moment: datetime, today: date, *, chinese: bool) -> str:
    """11月17日09:42 or 17 Nov, 09:42."""
    gap = "" if chinese else ", "
    return f"{_date(moment.date(), today, chinese=chinese)}{gap}{clock_words(moment)}"


def span_words(first: date, last: date, today: date, *, chinese: bool) -> str:
    """9月14日—18日, 9月28日—10月3日; 14–18 Sep, 28 Sep – 3 Oct. One day alone is just that day."""
    if first == last:
        return _date(first, today, chinese=chinese)
    same_year = first.year == last.year
    if chinese:
        end = f"{last.month}月{last.day}日" if same_year else f"{last.year}年{last.month}月{last.day}日"
        start = _date(first, today, chinese=True) if same_year else f"{first.year}年{first.month}月{first.day}日"
        return f"{start}—{last.day}日" if same_year and first.month == last.month else f"{start}—{end}"
    if same_year and first.month == last.month:
        return f"{first.day}–{_date(last, today, chinese=False)}"
    start = f"{first.day} {MONTHS_EN[first.month - 1]}"
    if same_year:
        return f"{start} – {_date(last, today, chinese=False)}"
    return f"{start} {first.year} – {last.day} {MONTHS_EN[last.month - 1]} {last.year}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline in words. `tone`: "" in good time, "today" due today, "late" over; `hover` the exact date."""

    text: str
    tone: str
    hover: str


def deadline_words(due: date | datetime, now: datetime, between: WorkingDays, *, chinese: bool) -> Deadline:
    """还剩2天, 明天17:30, 今天17:30 (today), 逾期3天 (late): days are working days, as the hover says.

    A `due` without a time lasts until the end of its day. What is late by less than a day is
    told in hours or minutes, since many problems are due within hours.
    """
    day = due.date() if isinstance(due, datetime) else due
    clock = clock_words(due) if isinstance(due, datetime) else ""
    today = now.date()
    hover = _hover(due, today, chinese=chinese)
    if due < now if isinstance(due, datetime) else day < today:
        return Deadline(_late_text(due, now, between(day, today), chinese=chinese), "late", hover)
    if day == today:
        return Deadline(f"今天{clock}" if chinese else f"today {clock}".strip(), "today", hover)
    if day == today + timedelta(days=1):
        return Deadline(f"明天{clock}" if chinese else f"tomorrow {clock}".strip(), "", hover)
    left = between(today, day)
    if left < 1:  # only days off lie between: the date says more than a nought
        text = moment_words(due, today, chinese=chinese) if isinstance(due, datetime) else ""
        return Deadline(text or day_words(day, today, chinese=chinese), "", hover)
    return Deadline(f"还剩{left}天" if chinese else f"{left} {_plural('day', left)} left", "", hover)


def _late_text(due: date | datetime, now: datetime, days: int, *, chinese: bool) -> str:
    minutes = max(1, int((now - due).total_seconds() // 60)) if isinstance(due, datetime) else 24 * 60
    if days >= 1 and minutes >= 12 * 60:
        return f"逾期{days}天" if chinese else f"{days} {_plural('day', days)} late"
    if minutes < 60:
        return f"逾期{minutes}分钟" if chinese else f"{minutes} {_plural('minute', minutes)} late"
    if minutes < 24 * 60:
        hours = minutes // 60
        return f"逾期{hours}小时" if chinese else f"{hours} {_plural('hour', hours)} late"
    return "逾期不到1天" if chinese else "less than a day late"


def _hover(due: date | datetime, today: date, *, chinese: bool) -> str:
    day = due.date() if isinstance(due, datetime) else due
    at = clock_words(due) if isinstance(due, datetime) else ""
    if chinese:
        return f"{day_words(day, today, chinese=True)}{at}到期，天数按工作日算"
    return f"Due {day_words(day, today, chinese=False)}{f', {at}' if at else ''}; days are working days"


def _plural(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"


def figure_words(value: float | Decimal) -> str:
    """1,200; 3.5; −7: thousands apart, at most two decimals, a true minus sign."""
    return _grouped(_rounded(value, 2))


def points_words(value: float | Decimal) -> str:
    """Points with two decimals, half up: 86.42; a whole number of points stands without decimals."""
    return _grouped(_rounded(value, 2), keep=True)


def percent_words(share: float | Decimal) -> str:
    """A share between 0 and 1 with one decimal, half up: 0.837 is 83.7%, 1 is 100%."""
    return f"{_grouped(_rounded(Decimal(str(share)) * 100, 1), keep=True)}%"


def _rounded(value: float | Decimal, places: int) -> Decimal:
    """Half up on what is written: 0.125 is 0.13, although the binary number lies a little off."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _grouped(value: Decimal, *, keep: bool = False) -> str:
    """With thousands apart; `keep` shows all decimals unless all are noughts."""
    text = f"{abs(value):,f}"
    whole, _dot, decimals = text.partition(".")
    decimals = decimals if keep and decimals.strip("0") else decimals.rstrip("0")
    sign = MINUS if value < 0 else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"
