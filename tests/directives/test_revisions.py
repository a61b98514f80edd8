"""Two versions side by side: every sentence in one pair, what stayed stays, and passages found again."""

from __future__ import annotations

import itertools
from collections import Counter

from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from chuangwen.directives.revisions import (
    Passages,
    align,
    likeness_of_texts,
    sentences,
    word_changes,
)

OLD = """讲话稿
一、市容
由市城管局牵头，11月30日前把46条背街小巷全部整治到位。大家要有信心；各街道每周巡查一次。
二、校园
市教育局要在12月5日前完成校园周边检查。感谢大家！"""
NEW = """讲话稿
一、市容
各街道每周巡查一次。由市城管局牵头，12月10日前把46条背街小巷全部整治到位。
二、校园
市教育局要在12月5日前完成校园周边检查。  市卫健局要在年底前建成3个示范点。"""

_PIECES = (
    "市城管局要清理背街小巷。", "各街道要巡查；", "好！", "一、市容\n", "\n", " ", "。", "各街道每周巡查两次。", "甲",
)  # fmt: skip
_texts = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)


def kinds(old: str, new: str) -> list[tuple[str, str, str]]:
    return [
        (pair.kind + "~" * pair.moved, pair.old.words if pair.old else "", pair.new.words if pair.new else "")
        for pair in align(old, new)
    ]


def test_what_stayed_changed_went_and_came():
    assert kinds(OLD, NEW) == [
        ("same", "讲话稿", "讲话稿"),
        ("same", "一、市容", "一、市容"),
        ("gone", "大家要有信心；", ""),
        ("same", "各街道每周巡查一次。", "各街道每周巡查一次。"),
        (
            "changed~",
            "由市城管局牵头，11月30日前把46条背街小巷全部整治到位。",
            "由市城管局牵头，12月10日前把46条背街小巷全部整治到位。",
        ),
        ("same", "二、校园", "二、校园"),
        ("same", "市教育局要在12月5日前完成校园周边检查。", "市教育局要在12月5日前完成校园周边检查。"),
        ("new", "", "市卫健局要在年底前建成3个示范点。"),
        ("gone", "感谢大家！", ""),
    ]


def test_passages_are_found_again_where_their_sentences_stayed():
    found = Passages(align(OLD, NEW), NEW)

    def carried(quote: str) -> str | None:
        start = OLD.index(quote)
        span = found.carried(start, start + len(quote), quote)
        return NEW[slice(*span)] if span else None

    assert carried("各街道每周巡查一次") == "各街道每周巡查一次"
    assert carried("完成校园周边检查") == "完成校园周边检查"
    assert carried("11月30日前把46条") is None  # changed
    assert carried("大家要有信心；各街道每周巡查一次。") is None  # one half is gone
    assert carried("感谢大家") is None
    start = OLD.index("46条")
    assert [one.words[:10] for one in found.successors(start, start + 3)] == ["由市城管局牵头，12"]
    moved = "各街道要清楼道。 各街道要清楼道。\n"
    second = moved.rindex("清楼道")
    assert Passages(align(moved, moved), moved).carried(second, second + 3, "清楼道") == (second, second + 3)
    parted = "要清扫。要巡查。要冲洗。"
    apart = Passages(align("要清扫。要冲洗。", parted), parted)
    assert apart.carried(0, 8, "要清扫。要冲洗。") is None
    assert apart.carried(0, 4, "不在") is None
    assert apart.carried(0, 0, "") is None


def test_words_that_changed():
    assert word_changes("11月30日前整治", "12月10日前要整治") == [
        ("gone", "11月30日"), ("new", "12月10日"), ("same", "前"), ("new", "要"), ("same", "整治"),
    ]  # fmt: skip
    assert word_changes("长" * 2001, "短") == [("gone", "长" * 2001), ("new", "短")]


def test_likeness_is_the_share_of_what_both_hold():
    assert likeness_of_texts(OLD, OLD) == 1.0
    assert likeness_of_texts("甲乙。丙丁。", "甲乙。戊己。") == 0.5
    assert likeness_of_texts("", "") == 0.0


@effort(max_examples=120)
@given(_texts, _texts)
@example(OLD, NEW)
def test_every_sentence_stands_in_one_pair(old, new):
    pairs = align(old, new)
    assert [pair.new for pair in pairs if pair.new] == sentences(new)
    assert sorted(pair.old.start for pair in pairs if pair.old) == [one.start for one in sentences(old)]
    for pair in pairs:
        assert (pair.old is None, pair.new is None) == (pair.kind == "new", pair.kind == "gone")
        if pair.kind == "same":
            assert pair.old
            assert pair.new
            assert pair.old.words == pair.new.words
    # What stands in both is never told as gone on one side and new on the other.
    gone = Counter(pair.old.words for pair in pairs if pair.kind == "gone" and pair.old)
    came = Counter(pair.new.words for pair in pairs if pair.kind == "new" and pair.new)
    assert not gone & came
    assert all(pair.kind == "same" and not pair.moved for pair in align(old, old))
    # In the order of the old text, what neither moved nor came is the old text.
    still = [pair.old.start for pair in pairs if pair.old and not pair.moved and pair.kind == "same"]
    assert still == sorted(still)


@effort(max_examples=120)
@given(_texts)
def test_sentences_hold_every_character_once(text):
    found = sentences(text)
    assert "".join(one.words for one in found) == "".join(text.split()).replace("\u3000", "")
    assert all(text[one.start : one.end].strip() == text[one.start : one.end] for one in found)
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))


@effort(max_examples=80)
@given(_texts, _texts, st.data())
def test_a_carried_passage_says_the_same(old, new, data):
    whole = sentences(old)
    if not whole:
        return
    one = data.draw(st.sampled_from(whole))
    start = data.draw(st.integers(one.start, one.end - 1))
    end = data.draw(st.integers(start + 1, one.end))
    if not old[start:end].strip():
        return
    span = Passages(align(old, new), new).carried(start, end, old[start:end])
    if span:
        assert "".join(new[slice(*span)].split()) == "".join(old[start:end].split())
    assert Passages(align(old, old), old).carried(start, end, old[start:end]) is not None


def test_time_is_linear_on_a_long_text_said_over_and_over():
    text = "各街道要巡查。" * 20_000
    pairs = align(text, "开头。" + text)
    assert Counter(pair.kind for pair in pairs) == {"same": 20_000, "new": 1}
