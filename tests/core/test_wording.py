"""Dates, deadlines and figures as ui.md (Words) writes them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from chuangwen.core.wording import (
    clock_words,
    day_words,
    deadline_words,
    figure_words,
    moment_words,
    percent_words,
    points_words,
    span_words,
)
from chuangwen.core.workdays import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
BETWEEN = WorkCalendar().workdays_between
TODAY = date(2026, 11, 18)  # a Wednesday


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


NOW = at(18, 9, 10)


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        (date(2026, 11, 22), "11月22日(周日)", "Sun 22 Nov"),
        (date(2026, 1, 5), "1月5日(周一)", "Mon 5 Jan"),
        (date(2027, 1, 5), "2027年1月5日(周二)", "Tue 5 Jan 2027"),
    ],
)
def test_day_shows_the_year_only_where_it_differs(day, chinese, english):
    assert day_words(day, TODAY, chinese=True) == chinese
    assert day_words(day, TODAY, chinese=False) == english


def test_moment_and_clock():
    assert moment_words(at(17, 9, 42), TODAY, chinese=True) == "11月17日09:42"
    assert moment_words(at(17, 9, 42), TODAY, chinese=False) == "17 Nov, 09:42"
    assert clock_words(at(17, 9, 5)) == "09:05"


@pytest.mark.parametrize(
    ("first", "last", "chinese", "english"),
    [
        (date(2026, 9, 14), date(2026, 9, 18), "9月14日—18日", "14–18 Sep"),
        (date(2026, 9, 28), date(2026, 10, 3), "9月28日—10月3日", "28 Sep – 3 Oct"),
        (date(2025, 9, 14), date(2025, 9, 18), "2025年9月14日—18日", "14–18 Sep 2025"),
        (date(2025, 9, 28), date(2025, 10, 3), "2025年9月28日—10月3日", "28 Sep – 3 Oct 2025"),
        (date(2026, 12, 28), date(2027, 1, 3), "2026年12月28日—2027年1月3日", "28 Dec 2026 – 3 Jan 2027"),
        (date(2026, 9, 14), date(2026, 9, 14), "9月14日", "14 Sep"),
    ],
)
def test_span(first, last, chinese, english):
    assert span_words(first, last, TODAY, chinese=True) == chinese
    assert span_words(first, last, TODAY, chinese=False) == english


@pytest.mark.parametrize(
    ("due", "chinese", "english", "tone"),
    [
        (at(18, 17, 30), "今天17:30", "today 17:30", "today"),
        (at(18, 9, 10), "今天09:10", "today 09:10", "today"),
        (at(19, 17, 30), "明天17:30", "tomorrow 17:30", ""),
        (at(20, 0, 0), "还剩2天", "2 days left", ""),
        (at(23, 12, 0), "还剩3天", "3 days left", ""),  # over the weekend
        (at(18, 9, 9), "逾期1分钟", "1 minute late", "late"),
        (at(18, 8, 10), "逾期1小时", "1 hour late", "late"),
        (at(17, 23, 0), "逾期10小时", "10 hours late", "late"),
        (at(17, 17, 30), "逾期1天", "1 day late", "late"),
        (at(13, 17, 30), "逾期3天", "3 days late", "late"),
        (date(2026, 11, 18), "今天", "today", "today"),
        (date(2026, 11, 19), "明天", "tomorrow", ""),
        (date(2026, 11, 20), "还剩2天", "2 days left", ""),
        (date(2026, 11, 17), "逾期1天", "1 day late", "late"),
    ],
)
def test_deadline(due, chinese, english, tone):
    words = deadline_words(due, NOW, BETWEEN, chinese=True)
    assert (words.text, words.tone) == (chinese, tone)
    assert deadline_words(due, NOW, BETWEEN, chinese=False).text == english


def test_deadline_over_days_off_names_the_day_or_says_less_than_one():
    friday, sunday = at(20, 10), at(22, 17, 30)
    assert deadline_words(sunday, friday, BETWEEN, chinese=True).text == "11月22日17:30"
    assert deadline_words(sunday.date(), friday, BETWEEN, chinese=True).text == "11月22日(周日)"
    assert deadline_words(at(20, 17, 30), at(22, 18), BETWEEN, chinese=True).text == "逾期不到1天"


def test_deadline_hover_says_the_date_and_how_days_are_counted():
    words = deadline_words(at(20, 17, 30), NOW, BETWEEN, chinese=True)
    assert words.hover == "11月20日(周五)17:30到期，天数按工作日算"
    words = deadline_words(date(2026, 11, 20), NOW, BETWEEN, chinese=False)
    assert words.hover == "Due Fri 20 Nov; days are working days"


@given(st.datetimes(timezones=st.just(SHANGHAI)), st.integers(-40_000, 40_000))
def test_deadline_is_late_exactly_after_its_minute(now, minutes):
    assume(2 < now.year < 9990)
    words = deadline_words(now + timedelta(minutes=minutes), now, BETWEEN, chinese=True)
    assert (words.tone == "late") == words.text.startswith("逾期") == (minutes < 0)


@pytest.mark.parametrize(
    ("value", "figure", "points"),
    [
        (1200, "1,200", "1,200"),
        (0, "0", "0"),
        (-3.5, "−3.5", "−3.50"),
        (86.42, "86.42", "86.42"),
        (86.4, "86.4", "86.40"),
        (Decimal("86.425"), "86.43", "86.43"),
        (0.125, "0.13", "0.13"),
        (1234567, "1,234,567", "1,234,567"),
        (-0.001, "0", "0"),
    ],
)
def test_figures_and_points(value, figure, points):
    assert figure_words(value) == figure
    assert points_words(value) == points


@pytest.mark.parametrize(
    ("share", "text"), [(0.837, "83.7%"), (1, "100%"), (0.8365, "83.7%"), (-0.05, "−5%"), (0, "0%")]
)
def test_percent(share, text):
    assert percent_words(share) == text


@time_machine.travel(datetime(2026, 11, 18, 1, 10, tzinfo=UTC), tick=False)
def test_filters_show_local_time_in_the_readers_language():
    template = Template("{{ at|moment }} {{ at|day }} {{ at|clocktime }} {{ at|deadline }} {{ nothing|deadline }}")
    context = Context({"at": datetime(2026, 11, 18, 9, 30, tzinfo=UTC), "nothing": None})
    with translation.override("zh-hans"):
        assert template.render(context) == (
            "11月18日17:30 11月18日(周三) 17:30 "
            '<time class="cw-due cw-due--today" datetime="2026-11-18T17:30+08:00"'
            ' title="11月18日(周三)17:30到期，天数按工作日算">今天17:30</time> —'
        )
    with translation.override("en"):
        assert template.render(context).startswith("18 Nov, 17:30 Wed 18 Nov 17:30 ")


def test_filters_show_nothing_as_a_dash():
    template = Template(
        "{{ n|day }}{{ n|moment }}{{ n|clocktime }}{{ n|span:n }}{{ n|figure }}{{ n|points }}{{ n|percent }}"
    )
    assert template.render(Context({"n": None})) == "———————"
    assert Template("{{ n|figure }}{{ n|percent }}").render(Context({"n": 0})) == "00%"
