"""The draw's own words in the reader's language, and the shape of its result."""

from __future__ import annotations

import ast
from pathlib import Path

from django.utils import translation

from chuangwen.inspections import sampling
from chuangwen.inspections.refusals import FAULTS, PATTERNS, difference_words, refused
from chuangwen.inspections.results import dice_of, strata_of
from chuangwen.inspections.sampling import Difference, SamplingError

FOLDER = Path(sampling.__file__).parent


def texts_of_the_pure_files() -> set[str]:
    found = set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_every_pattern_is_still_one_of_the_pure_files() -> None:
    assert {*PATTERNS, *FAULTS} - texts_of_the_pure_files() == set()


def test_a_pattern_keeps_its_places_in_chinese() -> None:
    with translation.override("zh-hans"):
        words = str(refused(SamplingError("the number of hashes is {times}; it must be 1 or more", times=0)))
    with translation.override("en"):
        english = str(refused(SamplingError("the number of hashes is {times}; it must be 1 or more", times=0)))
    assert (english, "0" in words) == ("the number of hashes is 0; it must be 1 or more", True)


def test_a_difference_names_its_field() -> None:
    with translation.override("en"):
        assert difference_words(Difference("code", "is {a}", (("a", "odd"),))) == "code: is odd"


def test_the_result_tells_drawn_skipped_substitute_and_reserve() -> None:
    record = {
        "tickets": {"b": [["B1", "aa" * 32]], "a": [["A2", "00" * 32], ["A1", "11" * 32], ["A3", "22" * 32]]},
        "drawn": {"b": ["B1"], "a": ["A2"]}, "quotas": {"a": 1, "b": 3},
        "substitutes": [{"stratum": "a", "for": "A2", "by": "A1", "reason": "关门", "at": "x"}],
    }  # fmt: skip
    first, second = strata_of(record, {"a": "市场", "b": "医院"}, {"A1": "东关市场"})
    assert [(p.rank, p.name, p.role, p.reason) for p in first.places] == [
        (1, "A2", "skipped", "关门"), (2, "东关市场", "substitute", ""), (3, "A3", "reserve", ""),
    ]  # fmt: skip
    assert ([p.code for p in first.drawn], [p.code for p in first.to_visit]) == (["A2"], ["A1"])
    assert (first.is_short, second.is_short, second.name, second.places[0].role) == (False, True, "医院", "drawn")


def test_dice_are_shown_only_where_dice_fell() -> None:
    assert dice_of("2.2.6./") == ["dice-2", "dice-2", "dice-6"]
    assert (dice_of("7.1./"), dice_of("abc")) == ([], [])
