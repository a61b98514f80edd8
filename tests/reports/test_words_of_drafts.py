"""How drafts and tables put periods, comparisons and values into words."""

from datetime import date

import pytest

from chuangwen.reports.drafting import body_of, period_words, title_of
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.figures import COLUMNS
from chuangwen.reports.paper import TABLE_MARK, TO_FILL, Heading, Table, Text, blocks_of
from chuangwen.reports.periods import Period, month_of, week_of, year_of
from chuangwen.reports.sheet import Column, Row, Sheet
from chuangwen.reports.words import change_words, label_of_column, shown

DAY = date(2026, 11, 18)
MONTH = month_of(DAY)
NOTHING = {"new": 0, "due": 0, "in_time": 0, "late_closed": 0, "late_open": 0, "open": 0, "long_term": 0, "returned": 0,
           "recurrence": 0, "self_found": 0, "rate": None, "change": None}  # fmt: skip


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (year_of(DAY), "2026年度"),
        (MONTH, "2026年11月"),
        (week_of(DAY), "2026年11月16日至22日"),
        (Period(DAY, DAY), "2026年11月18日"),
        (Period(date(2026, 10, 30), DAY), "2026年10月30日至11月18日"),
        (Period(date(2025, 12, 29), date(2026, 1, 4)), "2025年12月29日至2026年1月4日"),
    ],
)
def test_period_is_told_as_short_as_it_stays_clear(period, words):
    assert period_words(period) == words
    assert title_of(PaperKind.BULLETIN, period) == f"关于{words}问题整改情况的通报"


def unit(name, rate, late_open=0):
    return Row(name, NOTHING | {"rate": rate, "late_open": late_open, "due": 4})


def drafted(kind, *rows, **total):
    return body_of(kind, Sheet(COLUMNS, rows, Row("", NOTHING | total)), MONTH).split("\n")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (0.125, "，较上期上升12.5个百分点。"),
        (-0.03, "，较上期下降3个百分点。"),
        (0.0001, "，与上期持平。"),
        (None, "。"),
    ],
)
def test_rate_is_compared_with_the_period_before(change, words):
    assert f"按期整改率80%{words}" in drafted(PaperKind.BULLETIN, rate=0.8, change=change)[1]


def test_bulletin_of_a_month_in_which_nothing_was_due_names_nobody():
    lines = drafted(PaperKind.BULLETIN)
    assert (lines[0], lines[2:]) == ("一、总体情况", [TABLE_MARK, "二、工作要求", TO_FILL])
    assert "应办结0件" in lines[1]
    assert "无应办结问题，不计按期整改率。" in lines[1]
    assert drafted(PaperKind.RECTIFICATION)[2:] == [TABLE_MARK]


def test_bulletin_of_a_month_in_which_all_was_in_time_names_no_weakest():
    lines = drafted(PaperKind.BULLETIN, unit("甲", 1.0), unit("乙", 1.0), rate=1.0)
    assert lines[2:] == [TABLE_MARK, "二、按期整改率较高的单位", "甲（100%）、乙（100%）。", "三、工作要求", TO_FILL]


def test_bulletin_counts_who_still_has_late_problems_the_most_first():
    lines = drafted(PaperKind.BULLETIN, unit("甲", 0.9, 1), unit("乙", 0.5), unit("丙", 0.2, 3), rate=0.6)
    assert lines[5:] == [
        "三、存在问题", "按期整改率较低的单位：丙（20%）、乙（50%）、甲（90%）。",
        "逾期未结问题较多的单位：丙3件、甲1件。", "四、工作要求", TO_FILL,
    ]  # fmt: skip
    assert not any("逾期未结问题较多" in line for line in drafted(PaperKind.BULLETIN, unit("甲", 0.9), rate=0.9))


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (None, "count", ""), (None, "share", "—"), (None, "change", "—"), ("", "points", "—"), (None, "day", ""),
        (1234, "count", "1,234"), (0.5, "share", "50%"), (-0.03, "change", "−3"), (86.349, "points", "86.3"),
        ("2026-11-18", "day", "11月18日(周三)"), ("2026-11-18 18:00", "moment", "11月18日18:00"),
        ("2025-11-18 08:30", "moment", "2025年11月18日08:30"), ("缺经费", "text", "缺经费"),
    ],
)  # fmt: skip
def test_value_is_written_as_its_column_says(value, kind, words):
    assert shown(value, Column("x", kind)) == words


def test_column_without_a_name_is_called_by_its_key_and_no_change_is_nought():
    assert (label_of_column("batch"), label_of_column("甲")) == ("批次", "甲")
    assert [change_words(one) for one in (0.012, -0.03, 0, -0.00001)] == ["+1.2", "−3", "0", "0"]


def test_empty_lines_of_a_body_make_no_paragraph():
    table = Table(["单位"], [], [1], [])
    assert list(blocks_of("\n一、总体情况\n \n  正文。\n\n", table)) == [
        Heading(1, "一、总体情况"),
        Text("正文。"),
        table,
    ]
