"""What of a dossier is there: counts, windows, texts, months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.evidence.completeness import Given, completeness_of, month_states, why_not, window_of
from chuangwen.evidence.slots import Slot

YEAR = 2026
DAY = date(2026, 6, 1)


def monthly(least: int = 12) -> Slot:
    return Slot("记录", "记录", "record", least, 12)


@pytest.mark.parametrize(
    ("months", "first"),
    [(12, date(2026, 1, 1)), (24, date(2025, 1, 1)), (6, date(2026, 7, 1)), (1, date(2026, 12, 1)),
     (13, date(2025, 12, 1)), (30, date(2024, 7, 1))],
)  # fmt: skip
def test_window_is_counted_back_from_the_end_of_the_year(months: int, first: date) -> None:
    assert window_of(Slot("图", "图", "photo", 1, months), YEAR) == (first, date(2026, 12, 31))


@pytest.mark.parametrize(
    ("slot", "given_", "why"),
    [
        (Slot("图", "图", "photo", 1, 12), Given("图"), "undated"),
        (Slot("图", "图", "photo", 1, 12), Given("图", date(2025, 12, 31)), "outside"),
        (Slot("图", "图", "photo", 1, 12), Given("图", date(2027, 1, 1)), "outside"),
        (Slot("图", "图", "photo", 1, 12), Given("图", date(2026, 1, 1)), ""),
        (Slot("文", "文", "document"), Given("文"), ""),
        (Slot("成效", "成效", "statement", 1, None, 5), Given("成效", None, 6), "too-long"),
        (Slot("成效", "成效", "statement", 1, None, 5), Given("成效", None, 5), ""),
        (Slot("成效", "成效", "statement"), Given("成效", None, 0), "no-text"),
    ],
)
def test_piece_that_does_not_count_says_why(slot: Slot, given_: Given, why: str) -> None:
    assert why_not(slot, given_, YEAR) == why


def test_slot_is_filled_by_as_many_pieces_as_it_asks_for_and_optional_ones_are_not_needed() -> None:
    slots = (Slot("图", "图", "photo", 2), Slot("文", "文", "document"), Slot("表", "表", "table", 0))
    found = completeness_of(slots, [Given("图"), Given("文"), Given("没有"), Given("图", DAY)], YEAR)
    assert (found.needed, found.filled, found.is_complete) == (2, 2, True)
    less = completeness_of(slots, [Given("图")], YEAR)
    assert (less.filled, [(one.slot.key, one.missing) for one in less.missing]) == (0, [("图", 1), ("文", 1)])


def test_twelve_pieces_of_one_month_do_not_make_a_year() -> None:
    crowded = completeness_of([monthly()], [Given("记录", date(2026, 3, day)) for day in range(1, 13)], YEAR)
    assert (crowded.is_complete, crowded.slots[0].missing, crowded.months) == (False, 11, "001000000000")
    spread = completeness_of([monthly()], [Given("记录", date(2026, month, 9)) for month in range(1, 13)], YEAR)
    assert (spread.is_complete, spread.months) == (True, "1" * 12)


def test_month_without_a_piece_is_missing_only_where_every_month_is_asked_for() -> None:
    few = completeness_of([monthly(4)], [Given("记录", date(2026, 2, 1))], YEAR)
    assert few.months == "-1----------"
    assert month_states(few.months, YEAR, date(2026, 11, 22))[:3] == ("none", "given", "none")
    asked = month_states("010000000000", YEAR, date(2026, 4, 22))
    assert asked[:5] == ("missing", "given", "missing", "ahead", "ahead")
    assert set(month_states("0" * 12, 2025, date(2026, 1, 1))) == {"missing"}
    assert set(month_states("0" * 12, 2027, date(2026, 1, 1))) == {"ahead"}
    assert (month_states("", YEAR, DAY), completeness_of([Slot("文", "文", "document")], [], YEAR).months) == ((), "")


pieces = st.lists(
    st.builds(
        Given, st.sampled_from(["图", "记录", "成效", "别的"]),
        st.none() | st.integers(-400, 800).map(lambda n: date(2026, 1, 1) + timedelta(days=n)),
        st.none() | st.integers(0, 12),
    ),
    max_size=30,
)  # fmt: skip
slots = st.tuples(st.integers(0, 4), st.sampled_from([None, 6, 12, 24]), st.sampled_from([2, 12])).map(
    lambda drawn: (
        Slot("图", "图", "photo", drawn[0], drawn[1]), monthly(drawn[2]), Slot("成效", "成效", "statement", 1, None, 9)
    )
)  # fmt: skip


@settings(max_examples=60)
@given(slots, pieces, pieces)
def test_another_piece_never_makes_a_dossier_less_complete(
    asked: tuple[Slot, ...], some: list[Given], more: list[Given]
) -> None:
    before, after = completeness_of(asked, some, YEAR), completeness_of(asked, [*some, *more], YEAR)
    assert before.filled <= after.filled <= after.needed == before.needed
    assert all(
        a.counted <= b.counted and a.missing >= b.missing for a, b in zip(before.slots, after.slots, strict=True)
    )
    assert all(b != "1" or a == "1" for a, b in zip(after.months, before.months, strict=True))


@settings(max_examples=60)
@given(slots, pieces)
def test_every_piece_of_a_known_slot_either_counts_or_has_a_reason(asked: tuple[Slot, ...], some: list[Given]) -> None:
    found = completeness_of(asked, some, YEAR)
    for one in found.slots:
        own = [piece for piece in some if piece.slot == one.slot.key]
        reasons = [why_not(one.slot, piece, YEAR) for piece in own]
        assert (one.counted, one.not_counted) == (reasons.count(""), len(own) - reasons.count(""))
    assert found.is_complete == (not [one for one in found.missing if not one.slot.is_optional])
