"""Pairs of characters: whatever holds the words holds every pair that is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.core.grams import ASKED, grams_asked, grams_of, may_be_number

TEXT = st.text(st.sampled_from("东关市场门口aAzZ1- %_'\n。éÉßſ😀"), max_size=24)


def test_pairs_of_a_text():
    assert grams_of("东关KFC") == {"东关", "关k", "kf", "fc"}
    assert grams_of("东关\n西关") == {"东关", "西关"}
    assert grams_of("东") == grams_of("") == set()


def test_pairs_asked_for_stand_in_their_order_once():
    assert grams_asked("东关东关KFC") == ["东关", "关东", "关k", "kf", "fc"]
    assert grams_asked("东") == []
    assert grams_asked("caféÉ") == ["ca", "af"]
    assert len(grams_asked("".join(chr(0x4E00 + number) for number in range(60)))) == ASKED


@settings(max_examples=200)
@given(before=TEXT, words=TEXT, after=TEXT)
def test_text_with_the_words_in_it_has_every_pair_asked_for(before, words, after):
    assert grams_of(before + words + after).issuperset(grams_asked(words))
    assert grams_of(before + words.upper() + after).issuperset(grams_asked(words) if words.isascii() else ())


@pytest.mark.parametrize(("words", "may"), [("2026-1187", True), ("12", True), ("R12", False), ("东12", False)])
def test_what_a_number_of_ours_could_hold(words, may):
    assert may_be_number(words) is may
