"""The draw's own words in the reader's language, and the shape of its result."""

from __future__ import annotations

import ast
from pathlib import Path

from django.utils import translation

from chuangwen.inspections import sampling
from chuangwen.inspections.refusals import FAULTS, PATTERNS, difference_words, refused
from chuangwen.inspections.results import DrawnPlace, StratumResult, dice_of, strata_of
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
        "tickets": {
            "z": [["Z1", "33" * 32]], "b": [["B1", "aa" * 32]], "y": [],
            "a": [["A2", "00" * 32], ["A1", "11" * 32], ["A3", "22" * 32]],
        },
        "drawn": {"b": ["B1"], "a": ["A2"], "z": ["Z1"], "y": []}, "quotas": {"a": 1, "b": 3, "z": 1},
        "substitutes": [{"stratum": "a", "for": "A2", "by": "A1", "reason": "关门", "at": "x"}],
    }  # fmt: skip
    second, first, third, fourth = strata_of(record, {"b": "医院", "a": "市场"}, {"A1": "东关市场"})
    assert first == StratumResult("a", "市场", 3, 1, [
        DrawnPlace(1, "A2", "A2", "00000000", "skipped", "关门"),
        DrawnPlace(2, "A1", "东关市场", "11111111", "substitute"), DrawnPlace(3, "A3", "A3", "22222222", "reserve"),
    ])  # fmt: skip
    assert (third, fourth) == (
        StratumResult("y", "y", 0, 0, []),
        StratumResult("z", "z", 1, 1, [DrawnPlace(1, "Z1", "Z1", "33333333", "drawn")]),
    )
    assert ([p.code for p in first.drawn], [p.code for p in first.to_visit]) == (["A2"], ["A1"])
    assert [one.is_short for one in (first, second, third, fourth)] == [False, True, False, False]
    assert (second.name, [p.role for p in second.to_visit]) == ("医院", ["drawn"])


def test_dice_are_shown_only_where_dice_fell() -> None:
    assert dice_of("2.2.6./") == ["dice-2", "dice-2", "dice-6"]
    assert (dice_of("7.1./"), dice_of("abc")) == ([], [])
