"""What the data and what the standard changed: every table adds up to the difference of the totals."""

from __future__ import annotations

import polars as pl
import pytest

from chuangwen.scoring.changes import (
    Change,
    Lost,
    beyond_luck,
    by_section,
    carried,
    carrying,
    changes,
    counted,
    homes,
    summed,
)
from chuangwen.scoring.engine import score
from chuangwen.standards.fileformat.reader import read_standard

OLD = """
urn: urn:chuangwen:standard:changes
version: "1"
title: 测试
subject: city
scale: 100
nodes:
  - code: "1"
    title: 环境
    children:
      - {code: "1.1", title: 整洁, points: 40, method: field}
      - {code: "1.2", title: 有序, points: 20, method: field}
  - code: "2"
    title: 材料
    children:
      - {code: "2.1", title: 台账, points: 20, method: material}
      - {code: "2.2", title: 天数, points: 10, method: record}
      - {code: "2.3", title: 讲堂, points: 10, method: material}
bonuses: [{code: P1, title: 推广, cap: 2}]
"""
NEW = """
urn: urn:chuangwen:standard:changes
version: "2"
title: 测试
subject: city
scale: 100
nodes:
  - code: "1"
    title: 环境
    children:
      - {code: "1.1", title: 整洁, points: 30, method: field}
      - {code: "1.3", title: 秩序, points: 30, method: field, replaces: ["1.2"]}
      - {code: "1.4", title: 新项, points: 10, method: field}
  - code: "2"
    title: 材料
    children:
      - {code: "2.1", title: 台账, points: 20, method: material}
      - {code: "2.2", title: 天数, points: 10, method: record, measure: mean, map: {kind: linear, from: 60, to: 95}}
"""


def standard(text):
    return read_standard(text.encode(), "s.yaml")


def rows(*given):
    schema = {"subject": pl.String, "code": pl.String, "place": pl.String, "value": pl.Float64, "weight": pl.Float64,
              "unit": pl.String}  # fmt: skip
    return pl.DataFrame([("s", code, place, value, 1.0, None) for code, place, value in given], schema, orient="row")


def judged(text, frame):
    scores = score(standard(text), frame)
    attained = dict(scores.nodes.select("code", "attained").drop_nulls().iter_rows())
    return scores.subjects.row(0, named=True)["total"], attained


BEFORE = rows(("1.1", "a", 1.0), ("1.1", "b", 0.0), ("1.2", "a", 0.5), ("2.1", None, 1.0), ("2.2", None, 0.8),
              ("2.3", None, 1.0), ("P1", None, 1.0))  # fmt: skip
AFTER = rows(("1.1", "a", 1.0), ("1.3", "a", 0.25), ("1.4", "c", 1.0), ("2.1", None, 0.5), ("2.2", None, 80.0))


def test_rows_go_where_their_code_goes_and_what_cannot_be_judged_is_told():
    moving = carrying(standard(OLD), standard(NEW))
    assert moving.codes == {"1.1": ("1.1",), "1.2": ("1.3",), "2.1": ("2.1",)}
    assert moving.lost == (Lost("2.2", "天数", "measure"), Lost("2.3", "讲堂", "gone"))
    moved = carried(BEFORE, moving.codes)
    assert moved.select("code", "place", "value").rows() == [
        ("1.1", "a", 1.0), ("1.1", "b", 0.0), ("1.3", "a", 0.5), ("2.1", None, 1.0),
    ]  # fmt: skip
    assert moved.columns == BEFORE.columns


def test_a_bonus_that_both_standards_list_is_carried():
    assert carrying(standard(OLD), standard(OLD.replace('"1"\ntitle', '"3"\ntitle'))).codes["P1"] == ("P1",)


def test_criterion_that_became_a_group_is_told():
    grouped = OLD.replace(
        '{code: "2.3", title: 讲堂, points: 10, method: material}',
        '{code: "2.3", title: 讲堂, children: [{code: "2.3.1", title: 次数, points: 10, method: material}]}',
    )
    assert carrying(standard(OLD), standard(grouped)).lost == (Lost("2.3", "讲堂", "group"),)


def test_split_criterion_feeds_both_and_merged_ones_feed_one():
    split = NEW.replace('{code: "1.4", title: 新项, points: 10, method: field}',
                        '{code: "1.4", title: 新项, points: 10, method: field, replaces: ["1.2"]}')  # fmt: skip
    moving = carrying(standard(OLD), standard(split))
    assert moving.codes["1.2"] == ("1.3", "1.4")
    assert carried(BEFORE, moving.codes).height == 5
    assert homes(standard(OLD), standard(split))["1.2"] == "1.3"
    merged = OLD.replace('      - {code: "1.2", title: 有序, points: 20, method: field}\n', "").replace(
        '{code: "1.1", title: 整洁, points: 40, method: field}',
        '{code: "1.9", title: 整洁有序, points: 60, method: field, replaces: ["1.1", "1.2"]}',
    )
    assert carrying(standard(OLD), standard(merged)).codes["1.1"] == ("1.9",)
    assert homes(standard(OLD), standard(merged))["1.2"] == "1.9"
    assert changes(standard(OLD), standard(merged), {"1.1": 20.0, "1.2": 5.0}, {}, {})[0].before == 25.0


def test_what_no_side_has_points_for_counts_nought():
    found = changes(standard(OLD), standard(NEW), {}, {}, {})
    assert {(row.before, row.between, row.after) for row in found} == {(0.0, 0.0, 0.0)}


def compared():
    old, new = standard(OLD), standard(NEW)
    totals, maps = zip(
        judged(OLD, BEFORE), judged(NEW, carried(BEFORE, carrying(old, new).codes)), judged(NEW, AFTER), strict=True
    )
    return old, new, totals, changes(old, new, *maps)


def test_criteria_and_sections_add_up_to_the_difference():
    _old, new, (before, between, after), found = compared()
    whole = summed("", "", found)
    # 40 x 1/2 + 20 x 1/2 + 20 + 10 x 0.8 + 10 and a bonus of 1, which is no criterion's
    assert (before, whole.before) == (pytest.approx(69.0), pytest.approx(68.0))
    assert (between, whole.between) == (pytest.approx(65.0), pytest.approx(65.0))  # 70 x (15 + 15) / 60 + 30 x 20 / 20
    assert (after, whole.after) == (pytest.approx(63.21428571), pytest.approx(63.21428571))
    for name in ("before", "between", "after", "standard", "data"):
        sections = sum(getattr(one, name) for one in by_section(new, found))
        assert sections == pytest.approx(getattr(whole, name))
    assert whole.standard + whole.data == pytest.approx(after - 68.0)
    assert [(one.code, one.title, one.section) for one in by_section(new, found)] == [
        ("1", "环境", "1"), ("2", "材料", "2"), ("", "", ""),
    ]  # fmt: skip


def test_each_criterion_says_what_the_data_and_what_the_standard_made_of_it():
    _old, _new, _totals, found = compared()
    kept = {row.code: row for row in found}
    assert [(row.code, row.title) for row in found] == [
        ("1.1", "整洁"), ("1.3", "秩序"), ("1.4", "新项"), ("2.1", "台账"), ("2.2", "天数"), ("2.3", "讲堂"),
    ]  # fmt: skip
    order = kept["1.3"]  # half of 20; half of 70 x 30 / 60 under the later standard
    assert (order.before, order.between, order.earlier) == (pytest.approx(10), pytest.approx(17.5), True)
    assert (kept["1.4"].earlier, kept["1.4"].before, kept["2.3"].later, kept["2.3"].section) == (False, 0.0, False, "")
    assert (kept["2.3"].standard, kept["2.3"].data) == (pytest.approx(-10), 0.0)
    assert (kept["2.2"].before, kept["2.2"].between) == (pytest.approx(8), 0.0)


def test_under_one_standard_only_the_data_changes():
    old = standard(OLD)
    total, attained = judged(OLD, BEFORE)
    found = changes(old, old, attained, attained, attained)
    assert {row.standard for row in found} == {0.0}
    assert summed("", "", found).after == pytest.approx(total - 1)


def test_below_min_and_met_points_are_told_of_the_group():
    grouped = OLD.replace("    title: 材料\n", "    title: 材料\n    aggregate: min\n")
    assert list(counted(standard(grouped))) == ["1.1", "1.2", "2"]
    assert homes(standard(OLD), standard(grouped)) == {"1.1": "1.1", "1.2": "1.2", "2.1": "2", "2.2": "2", "2.3": "2"}
    assert homes(standard(grouped), standard(OLD))["2"] == "2.1"
    assert list(counted(standard(grouped.replace("min", "met\n    table: [[3, 1]]")))) == ["1.1", "1.2", "2"]


def test_a_group_goes_on_as_itself_though_one_of_its_criteria_moved_to_another_section():
    grouped = OLD.replace("    title: 材料\n", "    title: 材料\n    aggregate: min\n")
    moved = grouped.replace('      - {code: "2.1", title: 台账, points: 20, method: material}\n', "").replace(
        '      - {code: "1.2"', '      - {code: "1.0", title: 台账, points: 20, method: material, replaces: ["2.1"]}\n'
        '      - {code: "1.2"',
    )  # fmt: skip
    assert homes(standard(grouped), standard(moved))["2"] == "2"


def test_change_shows_from_half_a_hundredth_on_by_data_or_by_standard():
    figures = ((0.0, 0.0, 0.005), (0.0, -1.0, -1.0), (1.0, 1.004, 1.0))
    assert [Change("", "", "", *three).shows for three in figures] == [True, True, False]
    assert Change("", "", "", 1.0, 5.0, 3.0).whole == 2.0


def test_difference_beyond_the_luck_of_two_draws():
    assert beyond_luck(4.0, 1.2, 1.6) == (True, pytest.approx(3.92))
    assert beyond_luck(-1.96, 0.6, 0.8)[0] is False
    assert beyond_luck(-1.97, 0.6, 0.8)[0] is True
    assert (beyond_luck(1, None, 1), beyond_luck(1, 1, None)) == (None, None)
