"""Which parties may lead a directive, and which of them the weights choose."""

from __future__ import annotations

import pytest

from chuangwen.directives.cleaning import clean_text
from chuangwen.directives.extraction.engine import read_passages
from chuangwen.directives.extraction.grouping import group_of
from chuangwen.directives.extraction.leading import Answer, Told, answers, by_weights, leading_weights, parse_leading
from chuangwen.directives.extraction.parties import Parties


def group(text: str):
    """All clauses of a sentence as one group."""
    [(_, sentences)] = read_passages(clean_text(text), Parties())
    return group_of([placed.clause for placed in sentences[0].placed], 1.0)


def possible(text: str, told: Told, number: int = 1):
    return {answer.kind: answer.lead for answer in answers(group(text), told, number, "")}


def test_own_party_comes_first_and_each_answer_once():
    told = Told(handed=["市城管局"], addressed=["全体干部"], headed=["市城管局"])
    found = answers(group("市教育局要在周五前报送名单。"), told, 1, "")
    assert [(answer.kind, answer.lead) for answer in found] == [
        ("own", ["市教育局"]), ("handed", ["市城管局"]), ("addressed", ["全体干部"]), ("nobody", []),
    ]  # fmt: skip
    assert "by rule" in found[0].features
    assert not any("by rule" in answer.features for answer in found[1:])


def test_whoever_was_told_before_is_an_answer_of_the_rules_while_it_goes_on():
    told = Told(handed=["市城管局"])
    assert next(iter(possible("还要每周检查一次。", told))) == "handed"
    assert next(iter(possible("还要每周检查一次。", told, number=3))) == "nobody"
    assert possible("还要每周检查一次。", told, number=3)["handed"] == ["市城管局"]  # the weights may still say so


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        (Told(addressed=["全体干部"], handed=["市城管局"]), ("addressed", ["全体干部"])),
        (Told(headed=["市公安局"]), ("headed", ["市公安局"])),
        (Told(), ("nobody", [])),
    ],
)
def test_rules_ask_address_then_heading_then_nobody(told, rule):
    assert told.by_rule(group("要每周检查一次。"), 1) == rule


def test_parties_merely_named_are_heard_and_the_past_is_not():
    [(_, sentences)] = read_passages(clean_text("市教育局也在场。市公安局去年已经完成了改造。"), Parties())
    told = Told()
    for sentence in sentences:
        for placed in sentence.placed:
            told.heard(placed.clause, placed.stop)
    assert (told.named, told.named_in) == (["市教育局"], 0)


def test_directives_without_a_party_are_counted_until_one_has_its_own():
    told = Told()
    told.took(["市城管局"], 2, own=True)
    told.took([], 3, own=False)
    told.took(["市城管局"], 4, own=False)
    assert (told.handed, told.handed_in, told.since) == (["市城管局"], 4, 2)
    told.took(["市公安局"], 5, own=True)
    assert told.since == 0


def test_highest_sum_wins_and_the_first_of_equals():
    first, second = Answer("own", ["甲局"], ["a", "b"]), Answer("nobody", [], ["c", "not known"])
    choose = by_weights({"a": 1.0, "b": -0.5, "c": 0.5})
    assert choose(None, [first, second]) is first
    assert by_weights({"a": 1.0, "b": -0.5, "c": 0.6})(None, [first, second]) is second


def test_weights_that_come_with_the_program_are_read():
    assert parse_leading("by rule\t1.250\nown: by need\t-0.5\n") == {"by rule": 1.25, "own: by need": -0.5}
    assert leading_weights()["by rule"] > 0
