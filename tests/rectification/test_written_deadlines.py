"""Deadlines as ledgers write them, read from Tuesday 17 November 2026, 10:00 in Shanghai."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.core.workbooks.dates import FIRST_YEAR, LAST_YEAR
from chuangwen.core.workdays import ZONE, default_calendar
from chuangwen.rectification.written_deadlines import UnreadableDeadline, read_deadline

FOUND = datetime(2026, 11, 17, 10, 0, tzinfo=ZONE)


def read(text, found=FOUND):
    due = read_deadline(text, found=found, calendar=default_calendar())
    return due and f"{due.astimezone(ZONE):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2026-11-30", "2026-11-30 18:00"),
        ("2026.11.30前", "2026-11-30 18:00"),
        ("2026年11月30日之前完成整改", "2026-11-30 18:00"),
        ("二〇二六年十一月三十日", "2026-11-30 18:00"),
        ("46356", "2026-11-30 18:00"),  # as Excel counts days
        ("11月30日前", "2026-11-30 18:00"),
        ("请于12月5日前整改到位", "2026-12-05 18:00"),
        ("11.30", "2026-11-30 18:00"),
        ("1月15日前", "2027-01-15 18:00"),
        ("9月30日", "2026-09-30 18:00"),
        ("11月底", "2026-11-30 18:00"),
        ("2027年2月底前", "2027-02-28 18:00"),
        ("月底前", "2026-11-30 18:00"),
        ("年底前", "2026-12-31 18:00"),
        ("2026年底", "2026-12-31 18:00"),
        ("5个工作日", "2026-11-24 18:00"),
        ("限3日内整改到位", "2026-11-20 18:00"),
        ("三天", "2026-11-20 18:00"),
        ("收到通知后十五日内", "2026-12-08 18:00"),
        ("5", "2026-11-24 18:00"),
        ("24小时内", "2026-11-18 10:00"),
        ("两周", "2026-12-01 18:00"),
        ("半个月内", "2026-12-02 18:00"),
        ("3个月", "2027-02-17 18:00"),
        ("立行立改", "2026-11-18 10:00"),
        ("立即整改", "2026-11-18 10:00"),
        ("当天", "2026-11-17 18:00"),
        ("半天", "2026-11-17 18:00"),
        ("半日内", "2026-11-17 18:00"),
        ("24个钟头内", "2026-11-18 10:00"),
        ("两星期", "2026-12-01 18:00"),
        ("十日内", "2026-12-01 18:00"),
        ("二十天", "2026-12-15 18:00"),
        (" 11 月 30 日 前 ", "2026-11-30 18:00"),
        ("2月15日前", "2027-02-15 18:00"),
        ("3月1日", "2026-03-01 18:00"),
        (f"{FIRST_YEAR}年底", f"{FIRST_YEAR}-12-31 18:00"),
        (f"{LAST_YEAR}年底", f"{LAST_YEAR}-12-31 18:00"),
        ("长期坚持", None),
    ],
)
def test_deadline_is_read_in_every_writing(text, due):
    assert read(text) == due


@pytest.mark.parametrize(
    "text",
    [
        "尽快",
        "11.3",
        "13月1日",
        "2月30日",
        "10日前",
        "0天",
        "400天",
        "半小时",
        "百天",
        "2026年11月",
        "两三天",
        "=1+1",
        "0000年5月底",
    ],
)
def test_deadline_that_could_be_several_things_is_refused(text):
    with pytest.raises(UnreadableDeadline) as refused:
        read(text)
    assert str(refused.value) in {text, text.removesuffix("内")}


def test_month_is_counted_to_its_last_day():
    assert read("1个月", datetime(2027, 1, 31, 9, 0, tzinfo=ZONE)) == "2027-02-28 18:00"


@settings(max_examples=200)
@given(st.text(alphabet="0123456789半一二两十年月日天周底前内完成.-/个工作小时立行改 ", max_size=12))
def test_deadline_is_a_moment_none_or_refused_for_any_text(text):
    try:
        due = read_deadline(text, found=FOUND, calendar=default_calendar())
    except UnreadableDeadline:
        return
    assert due is None or due.tzinfo is not None


@pytest.fixture
def _server_in_new_york(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_server_in_new_york")
@pytest.mark.parametrize(("text", "due"), [("当天", "2026-11-17 18:00"), ("一周", "2026-11-24 18:00")])
def test_days_are_those_of_the_city_wherever_the_server_stands(text, due):
    assert read(text) == due
