"""Randomness as one text that any two witnesses write alike."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chuangwen.inspections.sampling import SamplingError, dice_text, index_text, lottery_text
from chuangwen.inspections.sampling.randomness import check_randomness, read_numbers


@pytest.mark.parametrize("throws", ["2 2 6 4", "2264", "2,2,6,4", "２２６４", "2、2；6。4", [2, 2, 6, 4]])
def test_dice_keep_the_order_thrown(throws: str | Sequence[int]) -> None:
    assert dice_text(throws) == "2.2.6.4./"


def test_dice_with_many_faces_need_separators() -> None:
    assert dice_text("12 3 20", faces=20) == "12.3.20./"


@pytest.mark.parametrize("throws", ["27", "0", [7]])
def test_number_that_is_not_on_the_die_is_refused(throws: str | Sequence[int]) -> None:
    with pytest.raises(SamplingError, match="is not on a die with 6 faces"):
        dice_text(throws)


@pytest.mark.parametrize("numbers", ["12 5 2 10 8", "02-05-08-10-12", [8, 10, 12, 5, 2]])
def test_lottery_is_sorted_without_leading_zeros(numbers: str | Sequence[int]) -> None:
    assert lottery_text(numbers) == "2.5.8.10.12./"


def test_lottery_keeps_the_bonus_apart() -> None:
    assert lottery_text("2 5 8", bonus="7 3") == "2.5.8./3.7./"
    assert lottery_text("2 5 8", bonus=[8]) == "2.5.8./8./"


def test_lottery_number_that_occurs_twice_is_refused() -> None:
    with pytest.raises(SamplingError, match="the lottery number 5 occurs twice"):
        lottery_text("5 2 5")


def test_index_loses_its_points() -> None:
    assert index_text("3,312.46") == "331246./"


def test_sources_joined_give_the_key_of_rfc_3797() -> None:
    joined = index_text("9319") + lottery_text("2 5 12 8 10") + lottery_text("9 18 26 34 41 45")
    assert joined == "9319./2.5.8.10.12./9.18.26.34.41.45./"


@pytest.mark.parametrize("text", ["two", "3+4", "1" * 19, "½"])
def test_text_that_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(SamplingError, match="is not a whole number"):
        read_numbers(text)


def test_no_number_and_a_negative_number_are_refused() -> None:
    with pytest.raises(SamplingError, match="there is no number"):
        read_numbers(" , ")
    with pytest.raises(SamplingError, match="whole numbers from 0 on"):
        lottery_text([-1, 2])
    with pytest.raises(SamplingError, match="whole numbers from 0 on"):
        dice_text([])


def test_randomness_with_two_ways_to_write_it_is_refused() -> None:
    assert check_randomness("2.2.6.4./") == "2.2.6.4./"
    for text, fault in (
        ("", "it is empty"),
        ("1.2./\n", "U\\+000A"),
        (" 1.", "spaces at its ends"),
        ("e\u0301", "NFC"),
    ):
        with pytest.raises(SamplingError, match=fault):
            check_randomness(text)


def test_nine_faces_need_no_separators_and_ten_do() -> None:
    assert dice_text("19", faces=9) == "1.9./"
    assert dice_text("10", faces=10) == "10./"
    with pytest.raises(SamplingError, match="is not on a die with 8 faces"):
        dice_text("9", faces=8)


def test_nought_is_a_number_of_a_lottery_and_less_is_none() -> None:
    assert lottery_text([0, 3]) == "0.3./"
    with pytest.raises(SamplingError, match="whole numbers from 0 on"):
        lottery_text([-1, 3])
