"""Figures, periods and papers exactly at their limits, and what a frozen sheet's digest must always be."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chuangwen.reports.drafting import body_of, moment_words
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.figures import COLUMNS, best, is_due, places_of, rectification_sheet, worst
from chuangwen.reports.paper import (
    LONGEST_HEADING,
    PHOTO_MM,
    TABLE_MARK,
    Heading,
    Pair,
    Photo,
    Text,
    blocks_of,
    masthead_pt,
)
from chuangwen.reports.periods import Period, month_of, week_of, year_of
from chuangwen.reports.sheet import Row, Sheet, digest
from tests.reports.test_figures import BEFORE, HOUR, PLAIN, SPAN, START, UNITS
from tests.reports.test_words_of_drafts import MONTH, NOTHING, drafted, unit

pytestmark = pytest.mark.once
DAY = date(2026, 11, 18)


def matter(pk, state="closed", **fields):
    return replace(PLAIN, pk=pk, state=state, **fields)


def test_reported_at_the_very_deadline_is_in_time_and_waits_for_the_office():
    due = START + 2 * HOUR
    assert not is_due(matter(1, "fixed", due=due, fixed=due), SPAN)
    late = matter(1, "fixed", due=due, fixed=due + timedelta(seconds=1))
    assert (is_due(late, SPAN), "late_open" in places_of(late, SPAN)) == (True, True)


def test_change_is_this_rate_less_that_of_the_period_before_and_the_sum_has_no_name():
    week = timedelta(days=7)
    rows = [matter(number, in_time=number != 1) for number in range(4)]
    rows += [matter(10 + number, in_time=number > 1, due=PLAIN.due - week, found=START - week, assigned=START - week)
             for number in range(4)]  # fmt: skip
    sheet = rectification_sheet(rows, UNITS, SPAN, BEFORE)
    assert (sheet.rows[0].values["rate"], sheet.rows[0].values["change"]) == (0.75, 0.25)
    assert (sheet.total.name, sheet.total.values["change"]) == ("", 0.25)


def test_units_of_one_rate_stand_by_how_much_was_due_and_those_with_nothing_due_last():
    rows = [matter(1, in_time=True, unit=10), *(matter(pk, in_time=True, unit=20) for pk in (2, 3))]
    rows.append(matter(4, "assigned", unit=30, due=SPAN.end + HOUR))
    sheet = rectification_sheet(rows, UNITS, SPAN, BEFORE)
    assert [row.name for row in sheet.rows] == ["乙", "甲", "丙"]
    assert (sheet.rows[2].values["rate"], sheet.rows[2].refs["rate"]) == (None, ())


def ranked(*rates):
    return Sheet(COLUMNS, tuple(unit(f"单位{number}", rate) for number, rate in enumerate(rates)))


def test_ties_at_the_end_of_a_list_stand_on_it_and_nobody_below_does():
    names = [row.name for row in best(ranked(1.0, 0.9, 0.8, 0.7), 2)]
    assert names == ["单位0", "单位1"]
    assert len(best(ranked(1.0, 0.9, 0.9, 0.9, 0.8), 2)) == 4
    assert len(best(ranked(0.9, 0.9), 2)) == 2
    assert [row.name for row in worst(ranked(1.0, 0.9, 0.8, 0.8, None), 1)] == ["单位3", "单位2"]


def test_period_of_one_day_is_one_and_none_ends_before_it_begins():
    assert Period(DAY, DAY).days == 1
    with pytest.raises(ValueError, match=r"^a period ends before it begins$"):
        Period(DAY, DAY - timedelta(days=1))


def test_period_before_is_the_whole_month_year_or_as_many_days():
    assert month_of(date(2026, 3, 1)).before == month_of(date(2026, 2, 1))
    assert year_of(DAY).before == year_of(date(2025, 1, 1))
    assert week_of(DAY).before == Period(date(2026, 11, 9), date(2026, 11, 15))


def test_digest_of_a_sheet_is_what_it_always_was():
    """Papers that were issued name it: another way of writing the same sheet would make them all look changed."""
    assert digest({"rows": [{"name": "市城管局", "values": {"due": 3, "rate": 0.5}}], "columns": []}) == (
        "676d5244b5acc282c6d12da47564884fcd4ba1eee5f0fe4b7ce2510c6c108628"
    )  # fmt: skip


@pytest.mark.parametrize(("width", "height", "size"), [
    (400, 300, None), (400, 100, None), (100, 400, None), (1, 1, None), (0, 0, (0, 0)),
])  # fmt: skip
def test_photo_is_as_large_as_it_fits(width, height, size):
    wide, tall = Photo(b"", width, height, "").size_mm
    if size is not None:
        assert (wide, tall) == size
        return
    assert wide == pytest.approx(min(PHOTO_MM[0], PHOTO_MM[1] * width / height))
    assert tall == pytest.approx(min(PHOTO_MM[1], PHOTO_MM[0] * height / width))


def test_moment_is_told_on_the_citys_clock():
    assert moment_words(START + timedelta(hours=20, minutes=5)) == "2026年11月17日04:05"


def test_words_under_a_pair_name_the_place_where_there_is_one():
    photo = Photo(b"", 1, 1, "")
    assert [Pair(photo, photo, "占道", place, "城管局").words for place in ("南门", "")] == [
        "南门：占道（城管局）", "占道（城管局）",
    ]  # fmt: skip


def test_name_of_the_issuing_body_stands_on_one_line():
    assert [masthead_pt("字" * number) for number in (1, 2, 14, 15, 24, 40)] == [32, 32, 31.5, 29, 18, 16]


def test_heading_is_short_and_ends_without_a_stop():
    longest = "一、" + "字" * (LONGEST_HEADING - 2)
    kinds = [type(next(iter(blocks_of(one, None)))) for one in (
        longest, f"{longest}字", "一、情况", "一、情况。", "一、情况；", "一、情况：", "情况")]  # fmt: skip
    assert kinds == [Heading, Text, Heading, Text, Text, Text, Text]
    assert list(blocks_of(f"{TABLE_MARK}\n文\n{TABLE_MARK}", None)) == [Text("文")]


@pytest.mark.parametrize(
    ("kind", "opening"),
    [
        (PaperKind.SUPERIOR, "2026年11月上级反馈问题2件，整改情况如下。"),
        (PaperKind.HARD, "截至统计时点，列入长期整改的难点问题2件。"),
        (PaperKind.INSTRUCTIONS, "2026年11月领导批示及此前未办结的批示2件，办理情况如下。"),
        (PaperKind.TASKS, "已下达任务2项，推进情况如下。"),
        (PaperKind.YEAR, "2026年11月2个单位的创建工作情况如下，供年终考评使用。"),
        (PaperKind.WORK, "一、各单位工作情况"),
    ],
)
def test_text_of_a_ledger_says_how_many_matters_it_lists(kind, opening):
    sheet = Sheet((), (Row("甲", {}), Row("乙", {})))
    assert body_of(kind, sheet, MONTH) == f"{opening}\n{TABLE_MARK}"


def test_bulletin_without_a_best_counts_its_parts_on_from_two():
    lines = drafted(PaperKind.BULLETIN, unit("甲", 0.5), rate=0.5)
    assert [one for one in lines if one[:2] in {"一、", "二、", "三、", "四、"}] == [
        "一、总体情况", "二、按期整改率较高的单位", "三、存在问题", "四、工作要求",
    ]  # fmt: skip
    whole = body_of(PaperKind.BULLETIN, Sheet(COLUMNS, (), Row("", NOTHING)), MONTH).split("\n")
    assert whole[1].startswith("2026年11月，新交办问题0件；应办结0件，其中按期办结0件，")
