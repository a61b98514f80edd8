"""The share of the shorter text that the longer one holds."""

from __future__ import annotations

from chuangwen.core.containment import held_share
from chuangwen.directives.likeness import grams
from chuangwen.directives.likeness import likeness as of_tasks
from chuangwen.supervision.counting import likeness as of_names


def test_share_is_of_the_smaller_set_and_nothing_shares_nothing() -> None:
    assert held_share({"ab", "bc"}, {"ab", "bc", "cd", "de"}) == 1.0
    assert held_share({"ab", "xy"}, {"ab", "bc", "cd"}) == 0.5
    assert held_share(set(), {"ab"}) == 0.0
    assert held_share(set(), set(), least=0) == 0.0


def test_set_below_the_least_number_of_pairs_says_nothing() -> None:
    pair, two = {"ab"}, {"ab", "bc"}
    assert (held_share(pair, two, least=1), held_share(pair, two, least=2), held_share(two, two, least=2)) == (1, 0, 1)


def test_names_of_a_list_may_be_shorter_than_titles_of_tasks() -> None:
    assert of_names("曝光", "媒体曝光的问题") == 1.0
    assert of_tasks(grams("曝光"), grams("媒体曝光的问题")) == 0.0
    assert of_tasks(grams("飞线整治"), grams("组织飞线整治行动")) == 1.0
