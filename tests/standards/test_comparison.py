"""What became of each node between two versions."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from chuangwen.standards.comparison import (
    LIKENESS_THRESHOLD,
    DifferentStandardsError,
    compare,
    likeness,
)
from chuangwen.standards.tree import EvidenceSlot, Map, Node, Standard, Text
from tests.standards.strategies import standards


def leaf(code, title="路面整洁", points=4.0, **fields):
    return Node(code=code, title=Text(title), points=points, **fields)


def inner(code, *children, title="公共环境", **fields):
    return Node(code=code, title=Text(title), children=children, **fields)


def version(*nodes, urn="urn:a", name="1"):
    return Standard(urn=urn, version=name, title=Text("a"), subject="city", scale=100.0, nodes=nodes)


def told(comparison):
    """(old code, new code, changes) of every pair."""
    return [(pair.old.code, pair.new.code, pair.changes) for pair in comparison.pairs]


def codes(nodes):
    return [node.code for node in nodes]


def test_same_version_is_kept_whole():
    standard = version(inner("1", leaf("1.1"), leaf("1.2")))
    comparison = compare(standard, standard)
    assert comparison.kept == comparison.pairs
    assert told(comparison) == [("1", "1", ()), ("1.1", "1.1", ()), ("1.2", "1.2", ())]
    assert {pair.matched_by for pair in comparison.pairs} == {"code"}
    assert [pair.rules for pair in comparison.pairs] == [(), (), ()]
    assert (comparison.added, comparison.dropped, comparison.proposals, comparison.contradictions) == ((), (), (), ())


def test_node_under_another_parent_is_moved():
    old = version(inner("1", leaf("1.1"), leaf("1.2")), inner("2", leaf("2.1"), points=9))
    new = version(inner("1", leaf("1.1"), points=8), inner("2", leaf("2.1"), leaf("1.2"), points=9))
    comparison = compare(old, new)
    assert [pair.old.code for pair in comparison.moved] == ["1.2"]
    assert codes(pair.new for pair in comparison.kept) == ["1", "1.1", "2", "2.1"]


def test_top_node_put_under_another_is_moved():
    comparison = compare(version(leaf("1"), inner("2", leaf("3"))), version(inner("2", leaf("3"), leaf("1"), points=4)))
    assert told(comparison) == [("2", "2", ()), ("3", "3", ()), ("1", "1", ("moved",))]


def test_children_of_a_recoded_parent_are_not_moved():
    old = version(inner("1", leaf("x"), leaf("y")))
    new = version(inner("A", leaf("x"), leaf("y"), replaces=("1",)))
    comparison = compare(old, new)
    assert told(comparison) == [("1", "A", ("moved",)), ("x", "x", ()), ("y", "y", ())]
    assert comparison.pairs[0].matched_by == "replaces"


def test_one_node_may_be_moved_reworded_and_reweighted():
    old = version(inner("1", leaf("1.1", "路面整洁", 4)), inner("2", leaf("2.1"), points=1))
    new = version(
        inner("1", leaf("1.2"), points=4), inner("2", leaf("2.9", "道路干净", 5, replaces=("1.1",)), points=1)
    )
    comparison = compare(old, new)
    pair = next(pair for pair in comparison.pairs if pair.old.code == "1.1")
    assert pair.changes == ("moved", "reworded", "reweighted")
    assert pair in comparison.moved
    assert pair in comparison.reworded
    assert pair in comparison.reweighted
    assert codes(comparison.added) == ["1.2"]
    assert codes(comparison.dropped) == ["2.1"]


def test_english_title_alone_is_a_rewording():
    comparison = compare(version(leaf("1")), version(Node("1", Text("路面整洁", "Clean road"), points=4.0)))
    assert told(comparison) == [("1", "1", ("reworded",))]


def test_inner_node_whose_children_add_up_to_more_is_reweighted():
    comparison = compare(version(inner("1", leaf("2"))), version(inner("1", leaf("2", points=5))))
    assert told(comparison) == [("1", "1", ("reweighted",)), ("2", "2", ("reweighted",))]


def test_rounding_is_no_reweighting():
    old, new = version(inner("1", leaf("2", points=0.1 + 0.2))), version(inner("1", leaf("2", points=0.3)))
    assert compare(old, new).reweighted == ()


def test_changed_rules_are_named_and_the_node_is_kept():
    new = leaf(
        "1",
        method="field",
        measure="mean",
        map=Map("required", n=2),
        place_types=("a",),
        lead=("b",),
        evidence=(EvidenceSlot("文", "document"),),
        manual="c",
    )
    [pair] = compare(version(leaf("1")), version(new)).pairs
    assert pair.is_kept
    assert pair.rules == ("method", "measure", "map", "place_types", "lead", "evidence", "manual")


def test_leaf_that_became_an_inner_node_is_told():
    [pair, *_] = compare(version(leaf("1")), version(inner("1", leaf("1.1"), title="路面整洁"))).pairs
    assert (pair.changes, pair.rules) == ((), ("children",))


def test_merged_nodes_are_both_continued():
    old = version(leaf("1"), leaf("2"), leaf("3"))
    comparison = compare(old, version(leaf("9", replaces=("1", "2")), leaf("3", replaces=("3", "7"))))
    assert told(comparison) == [("1", "9", ("moved",)), ("2", "9", ("moved",)), ("3", "3", ())]
    assert (comparison.added, comparison.dropped) == ((), ())


def test_own_and_unknown_codes_among_the_replaced_hide_none_after_them():
    comparison = compare(version(leaf("1"), leaf("2")), version(leaf("2", replaces=("2", "7", "1"))))
    assert told(comparison) == [("2", "2", ()), ("1", "2", ("moved",))]


def test_node_absorbed_by_one_that_lives_on_is_continued_there():
    comparison = compare(version(leaf("1"), leaf("2")), version(leaf("1", replaces=("2",))))
    assert told(comparison) == [("1", "1", ()), ("2", "1", ("moved",))]


def test_split_node_is_continued_by_both():
    comparison = compare(version(leaf("1")), version(leaf("1"), leaf("2", replaces=("1",))))
    assert told(comparison) == [("1", "1", ()), ("1", "2", ("moved",))]
    assert comparison.added == ()


def test_code_overrules_replaces_where_both_codes_live_on():
    comparison = compare(version(leaf("1"), leaf("2")), version(leaf("1"), leaf("2", replaces=("1",))))
    assert told(comparison) == [("1", "1", ()), ("2", "2", ())]
    assert comparison.contradictions == (("1", "2"),)


def test_like_titles_are_proposed_and_stay_dropped_and_added():
    old = version(leaf("1", "主干道路面整洁，无垃圾"), leaf("2", "农贸市场证照齐全"))
    new = version(leaf("8", "农贸市场证照齐全、公示"), leaf("9", "主干道 路面整洁 无垃圾"))
    comparison = compare(old, new)
    assert [(item.old.code, item.new.code, round(item.likeness, 3)) for item in comparison.proposals] == [
        ("1", "9", 1.0),
        ("2", "8", 0.875),
    ]
    assert codes(comparison.dropped) == ["1", "2"]
    assert codes(comparison.added) == ["8", "9"]


def test_each_node_is_proposed_once_and_ties_go_to_the_earlier():
    old = version(leaf("1", "路面整洁"), leaf("2", "路面整洁"), leaf("3", "路面整洁"))
    comparison = compare(old, version(leaf("8", "路面整洁"), leaf("9", "路面整洁")))
    assert [(item.old.code, item.new.code) for item in comparison.proposals] == [("1", "8"), ("2", "9")]


def test_equally_like_pairs_stand_in_the_order_of_the_old_version():
    old = version(leaf("1", "路面整洁"), leaf("2", "证照齐全"))
    comparison = compare(old, version(leaf("8", "证照齐全"), leaf("9", "路面整洁")))
    assert [(item.old.code, item.new.code) for item in comparison.proposals] == [("1", "9"), ("2", "8")]


def test_leaf_is_not_proposed_for_an_inner_node():
    comparison = compare(version(leaf("1", "路面整洁")), version(inner("2", leaf("3", "别的事"), title="路面整洁")))
    assert comparison.proposals == ()


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ("路面整洁", "路面整洁", 1.0),
        ("路面整洁", "路面 整洁。", 1.0),
        ("ABC", "ａｂｃ", 1.0),
        ("路面整洁", "路面干净", 2 / 6),
        ("路", "路", 1.0),
        ("路", "街", 0.0),
        ("，", "。", 0.0),
    ],
)
def test_likeness_counts_common_pairs_of_characters(one, other, value):
    assert likeness(one, other) == pytest.approx(value)


def test_titles_at_the_threshold_are_proposed_and_below_are_not():
    assert likeness("abcdxy", "abcduv") == LIKENESS_THRESHOLD
    assert likeness("abcdxy", "abcduvw") < LIKENESS_THRESHOLD
    old = version(leaf("1", "abcdxy"))
    assert len(compare(old, version(leaf("2", "abcduv"))).proposals) == 1
    assert compare(old, version(leaf("2", "abcduvw"))).proposals == ()


def test_two_standards_are_not_compared():
    with pytest.raises(DifferentStandardsError, match="urn:a and urn:b"):
        compare(version(leaf("1")), version(leaf("1"), urn="urn:b"))


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(standards(), standards())
def test_every_node_is_accounted_for(old, new):
    new = Standard(**{name: getattr(new, name) for name in Standard.__dataclass_fields__} | {"urn": old.urn})
    comparison = compare(old, new)
    before = [node.code for node in old.walk()]
    after = [node.code for node in new.walk()]
    assert {pair.old.code for pair in comparison.pairs} | set(codes(comparison.dropped)) == set(before)
    assert {pair.new.code for pair in comparison.pairs} | set(codes(comparison.added)) == set(after)
    assert not {pair.old.code for pair in comparison.pairs} & set(codes(comparison.dropped))
    assert not {pair.new.code for pair in comparison.pairs} & set(codes(comparison.added))
    assert compare(old, old).kept == compare(old, old).pairs
