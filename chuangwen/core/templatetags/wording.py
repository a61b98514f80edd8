"""Filters that write dates, deadlines and figures in the reader's language (core/wording.py has the rules)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from chuangwen.core import clock, wording
from chuangwen.core.workdays import default_calendar

register = template.Library()
NOTHING = "—"
CALENDAR = default_calendar()


def _chinese() -> bool:
    return not (get_language() or "").startswith("en")


def _day(value: date | datetime) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


@register.filter
def day(value: date | datetime | None) -> str:
    """11月22日(周日), the year only where it is another one."""
    return wording.day_words(_day(value), clock.today(), chinese=_chinese()) if value else NOTHING


@register.simple_tag
def between() -> str:
    """What stands between two sentences: a blank, in Chinese nothing, since its full stop brings its own."""
    return "" if _chinese() else " "


@register.filter
def month(value: date) -> str:
    """11月."""
    return wording.month_words(value, chinese=_chinese())


@register.filter
def moment(value: datetime | None) -> str:
    """11月17日09:42."""
    return wording.moment_words(clock.local(value), clock.today(), chinese=_chinese()) if value else NOTHING


@register.filter
def clocktime(value: datetime | None) -> str:
    """09:42."""
    return wording.clock_words(clock.local(value)) if value else NOTHING


@register.filter
def deadline(value: date | datetime | None) -> str | SafeString:
    """还剩2天, 明天17:30, 今天17:30 (amber), 逾期3天 (red), counted in working days; the date on hover."""
    if not value:
        return NOTHING
    words, due = _deadline_words(value)
    css = f"cw-due cw-due--{words.tone}" if words.tone else "cw-due"
    iso = due.isoformat(timespec="minutes") if isinstance(due, datetime) else due.isoformat()
    return SafeString(f'<time class="{css}" datetime="{iso}" title="{escape(words.hover)}">{escape(words.text)}</time>')


def due_text(value: date | datetime) -> str:
    """The same as plain text, for messages."""
    return _deadline_words(value)[0].text


def _deadline_words(value: date | datetime) -> tuple[wording.Deadline, date | datetime]:
    due = clock.local(value) if isinstance(value, datetime) else value
    now = clock.local(clock.now())
    return wording.deadline_words(due, now, CALENDAR.workdays_between, chinese=_chinese()), due


@register.filter
def span(first: date | datetime | None, last: date | datetime | None) -> str:
    """9月14日—18日: {{ round.starts|span:round.ends }}."""
    if not first or not last:
        return NOTHING
    return wording.span_words(_day(first), _day(last), clock.today(), chinese=_chinese())


@register.filter
def figure(value: float | Decimal | None) -> str:
    """1,200; −3.5."""
    return NOTHING if value is None else wording.figure_words(value)


@register.filter
def points(value: float | Decimal | None) -> str:
    """86.42."""
    return NOTHING if value is None else wording.points_words(value)


@register.filter
def percent(share: float | Decimal | None) -> str:
    """83.7% for a share of 0.837."""
    return NOTHING if share is None else wording.percent_words(share)
