"""Deadline phrases in the calendar, seen from Friday 20 November 2026."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.directives.resolution import resolve_deadline

MEETING = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("月底前", date(2026, 11, 30)),
        ("11月30日前", date(2026, 11, 30)),
        ("7月1日以前", date(2026, 7, 1)),
        ("3月15日前", date(2027, 3, 15)),
        ("明年3月底前", date(2027, 3, 31)),
        ("2027年6月", date(2027, 6, 30)),
        ("12月中旬", date(2026, 12, 20)),
        ("2月前", date(2027, 1, 31)),
        ("下月底前", date(2026, 12, 31)),
        ("会后三天内", date(2026, 11, 25)),
        ("5个工作日内", date(2026, 11, 27)),
        ("三十日内", date(2026, 12, 20)),
        ("两周内", date(2026, 12, 4)),
        ("一个月内", date(2026, 12, 20)),
        ("半个月内", date(2026, 12, 5)),
        ("年底前", date(2026, 12, 31)),
        ("今年", date(2026, 12, 31)),
        ("2027年前", date(2026, 12, 31)),
        ("上半年", date(2026, 6, 30)),
        ("第三季度", date(2026, 9, 30)),
        ("本季度", date(2026, 12, 31)),
        ("本周五", date(2026, 11, 20)),
        ("下周一", date(2026, 11, 23)),
        ("周末前", date(2026, 11, 20)),
        ("今晚", MEETING),
        ("明天", date(2026, 11, 21)),
        ("后天", date(2026, 11, 22)),
        ("抓紧", None),
        ("x月底前", None),
        ("每月25日前", None),
        ("13月1日前", None),
        ("2月30日前", None),
        ("收到本函后5个工作日内", None),
        ("届时", None),
        ("一一十周", None),
        ("二十三四天内", None),
        ("11月1日至12月17日", date(2026, 12, 17)),
        ("11月22日—30日", date(2026, 11, 30)),
        ("2026年12月1日至2027年1月底", date(2027, 1, 31)),
        ("从即日起到12月10日", date(2026, 12, 10)),
        ("从今天起到测评结束", None),
        ("12月上旬", date(2026, 12, 10)),
        ("12月下旬", date(2026, 12, 31)),
        ("本月下旬", date(2026, 11, 30)),
        ("本月中旬前", date(2026, 11, 20)),
        ("下月上旬", date(2026, 12, 10)),
        ("本月28日前", date(2026, 11, 28)),
        ("这个月二十五号", date(2026, 11, 25)),
        ("下月5日", date(2026, 12, 5)),
        ("次月5日前", date(2026, 12, 5)),
        ("28日", date(2026, 11, 28)),
        ("18日", date(2026, 12, 18)),
        ("31日", date(2026, 12, 31)),
        ("十五号", date(2026, 12, 15)),
        ("25日之前", date(2026, 11, 25)),
        ("20日零点之前", date(2026, 11, 20)),
        ("今天下午", MEETING),
        ("明早七点", date(2026, 11, 21)),
        ("明晚", date(2026, 11, 21)),
        ("这周", date(2026, 11, 20)),
        ("这个礼拜之内", date(2026, 11, 20)),
        ("下个礼拜三以前", date(2026, 11, 25)),
        ("本星期五前", date(2026, 11, 20)),
        ("周五之前", date(2026, 11, 20)),
        ("周三前", date(2026, 11, 25)),
        ("两个礼拜内", date(2026, 12, 4)),
        ("十天", date(2026, 12, 4)),
        ("早上六点半前", None),
        ("方案批准之前", None),
        ("下学期起", None),
        ("开学前", None),
        ("期中以前", None),
        ("连夜", None),
        ("暑假期间", None),
        ("１２月底前", date(2026, 12, 31)),
        ("三個工作日內", date(2026, 11, 25)),
        ("今年，12月底前", date(2026, 12, 31)),
    ],
)
def test_resolve_deadline(text, due):
    assert resolve_deadline(text, MEETING) == due


def test_resolve_deadline_then_means_the_date_before():
    assert resolve_deadline("届时", MEETING, previous=date(2026, 10, 31)) == date(2026, 10, 31)


def test_resolve_deadline_counts_the_days_that_are_worked():
    worked = {date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 24)}
    assert resolve_deadline("会后三天内", MEETING, worked.__contains__) == date(2026, 11, 24)


def test_resolve_deadline_in_a_calendar_without_working_days():
    assert resolve_deadline("3个工作日内", MEETING, lambda _: False) is None


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet="0123456789一二三十半x年月日底前内周下本会后工作天季度第明今", max_size=12),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
)
def test_resolve_deadline_never_fails(text, meeting):
    due = resolve_deadline(text, meeting)
    assert due is None or isinstance(due, date)
