"""The self-assessment by criterion: what the ledger proposes, what is summed, what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.honors.selfassessment import (
    NEAR,
    Asked,
    Proposal,
    Standing,
    asked_lines,
    faults,
    is_plain,
    proposal,
    share_of,
    sum_by_section,
    total_of,
)
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.tree import Band, Map, Node, Text
from tests.honors.making import STANDARD

LETTERS = Map("bands", bands=(Band(0.9, 1, "A"), Band(0.75, 0.75, "B"), Band(0.5, 0.5, "C"), Band(None, 0, "D")))


def leaf(rule: Map, points: float = 4, measure: str = "rate") -> Node:
    return Node("1.1", Text("条"), points, measure=measure, map=rule)  # type: ignore[arg-type]


def asked(rule: Map, points: str = "4", measure: str = "rate") -> Asked:
    return Asked("criterion", "1.1", "条", "节", Decimal(points), leaf(rule, float(points), measure))


@pytest.mark.parametrize(
    ("rule", "measure", "share"),
    [
        (LETTERS, 0.9, 1), (LETTERS, 0.89, 0.75), (LETTERS, 0.75 - 1e-12, 0.75), (LETTERS, 0.2, 0),
        (Map("bands", bands=(Band(0.5, 1),)), 0.2, 0),
        (Map("linear", 0.5, 1.0), 0.75, 0.5), (Map("linear", 0.5, 1.0), 0.2, 0),
        (Map("required", n=4), 3, 0.75), (Map("required", n=4), 9, 1),
        (Map("deduct", each=0.5), 2, 0.75), (Map("deduct", each=3), 9, 0),
        (Map(), 0.4, 0.4),
    ],
)  # fmt: skip
def test_share_follows_the_map_of_the_standard(rule, measure, share):
    assert share_of(leaf(rule), measure) == pytest.approx(share)


def test_deduction_of_a_leaf_without_points_gives_nothing():
    assert share_of(leaf(Map("deduct", each=1), 0), 1) == 0


@pytest.mark.parametrize(
    ("rule", "measure", "standing", "points", "rests"),
    [
        (LETTERS, "rate", None, None, "none"),
        (LETTERS, "rate", Standing(0, 0), None, "none"),
        (LETTERS, "rate", Standing(1, 4, 0.75, "B"), Decimal("3.00"), "graded"),  # the review counts
        (LETTERS, "rate", Standing(4, 4), Decimal("4.00"), "filled"),
        (LETTERS, "rate", Standing(3, 4), Decimal("3.00"), "part"),
        (LETTERS, "rate", Standing(0, 4), Decimal("0.00"), "empty"),
        (Map("required", n=4), "count", Standing(1, 2), Decimal("2.00"), "part"),
        (Map("required", n=4), "count", Standing(2, 2, 3.0), Decimal("3.00"), "graded"),
    ],
)  # fmt: skip
def test_ledger_proposes_the_grade_else_how_far_the_dossier_is_filled(rule, measure, standing, points, rests):
    assert proposal(asked(rule, measure=measure), standing) == Proposal(points, rests)


def test_bonus_begins_at_nought_whatever_stands_in_the_ledger():
    assert proposal(Asked("bonus", "P1", "奖", "", Decimal(4)), Standing(4, 4)) == Proposal(Decimal(0), "none")


def test_lines_are_the_criteria_in_their_order_then_bonuses_and_penalties():
    standard = read_standard(STANDARD.encode(), "s.yaml")
    assert is_plain(standard)
    found = [(one.kind, one.code, one.section, one.most) for one in asked_lines(standard)]
    assert found == [
        ("criterion", "1.1", "组织", Decimal("60.00")), ("criterion", "2.1", "观察", Decimal("40.00")),
        ("bonus", "P1", "", Decimal("5.00")), ("penalty", "N1", "", Decimal("3.00")),
    ]  # fmt: skip


def test_standard_that_counts_met_children_is_not_summed_line_by_line():
    met = STANDARD.replace("title: 组织", "title: 组织\n    aggregate: mean")
    assert not is_plain(read_standard(met.encode(), "s.yaml"))


LINES = [
    Asked("criterion", "1.1", "", "甲", Decimal(60)), Asked("criterion", "2.1", "", "乙", Decimal(40)),
    Asked("bonus", "P1", "", "", Decimal(15)), Asked("penalty", "N1", "", "", Decimal(3)),
]  # fmt: skip


def test_sum_takes_penalties_off_and_stops_at_the_cap():
    points = {"1.1": Decimal("55.5"), "2.1": Decimal(30), "P1": Decimal(2), "N1": Decimal(1)}
    assert total_of(LINES, points) == Decimal("86.50")
    assert total_of(
        LINES, {"1.1": Decimal(60), "2.1": Decimal(40), "P1": Decimal(15), "N1": Decimal(0)}, cap=110
    ) == Decimal("110.00")
    assert total_of(LINES, {"1.1": Decimal(0), "2.1": Decimal(0), "P1": Decimal(0), "N1": Decimal(3)}) == Decimal(
        "0.00"
    )


def test_sum_is_open_while_a_line_is():
    assert total_of(LINES, {"1.1": Decimal(60), "2.1": None, "P1": Decimal(0), "N1": Decimal(0)}) is None
    assert total_of(LINES, {"1.1": Decimal(60)}) is None


def test_faults_are_points_beyond_the_line_and_unknown_lines():
    points = {"1.1": Decimal("60.01"), "2.1": None, "P1": Decimal(15), "N1": Decimal("-0.01"), "9.9": None}
    assert faults(LINES, points) == ["1.1", "N1", "9.9"]


def test_sections_are_summed_without_bonus():
    assert sum_by_section(LINES, {"1.1": Decimal(50), "P1": Decimal(3)}) == {
        "甲": (Decimal(50), Decimal(60)),
        "乙": (Decimal(0), Decimal(40)),
    }


@given(st.lists(st.tuples(st.sampled_from(["criterion", "bonus", "penalty"]), st.integers(0, 30)), max_size=12))
def test_sum_never_leaves_nought_to_cap_and_never_exceeds_what_is_claimed(rows):
    lines = [Asked(kind, str(n), "", "", Decimal(most)) for n, (kind, most) in enumerate(rows)]
    points = {one.code: one.most for one in lines}
    total = total_of(lines, points, cap=110)
    claimed = sum(one.most for one in lines if one.kind != "penalty")
    assert faults(lines, points) == []
    assert total is not None
    assert 0 <= total <= min(Decimal(110), claimed)


@given(st.integers(0, 20), st.integers(1, 20), st.sampled_from([LETTERS, Map()]))
def test_fuller_dossier_never_proposes_less(filled, needed, rule):
    less, more = (proposal(asked(rule), Standing(min(n, needed), needed)).points for n in (filled, filled + 1))
    assert less is not None
    assert more is not None
    assert 0 <= less <= more <= Decimal(4)


def test_lines_carry_their_words_and_the_leaf_that_judges_them():
    standard = read_standard(STANDARD.encode(), "s.yaml")
    lines = asked_lines(standard)
    assert [line.title for line in lines] == ["有方案", "窗口", "表彰", "逾期"]
    assert [line.leaf.code if line.leaf else None for line in lines] == ["1.1", "2.1", None, None]


def test_measure_a_hair_below_a_band_reaches_it():
    assert share_of(leaf(LETTERS), 0.75 - NEAR) == 0.75


@pytest.mark.parametrize(
    ("rule", "measure", "standing", "points"),
    [
        (LETTERS, "rate", Standing(4, 5), "3.00"),  # 80 % is a B
        (LETTERS, "grade", Standing(4, 5), "3.20"),  # no rate: as far as it is filled
        (LETTERS, "grade", Standing(5, 4), "4.00"),  # more than asked for is no more than all
        (Map("deduct", each=1), "rate", Standing(3, 4), "3.00"),  # papers are no faults to be counted
        (Map(), "rate", Standing(1, 32), "0.13"),  # 0.125 is rounded up
        (Map(), "rate", Standing(1, 1, 0.0312499), "0.13"),  # what a float lost is not counted
    ],
)  # fmt: skip
def test_proposal_to_the_cent(rule, measure, standing, points):
    assert proposal(asked(rule, measure=measure), standing).points == Decimal(points)


def test_criteria_of_one_section_are_added_up():
    rows = [Asked("criterion", code, "条", "节", Decimal(4)) for code in ("1.1", "1.2")]
    assert sum_by_section(rows, {"1.1": Decimal(3), "1.2": Decimal(1)}) == {"节": (Decimal(4), Decimal(8))}
