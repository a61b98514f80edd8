"""Slots, windows, offers and names exactly at their limits; texts wherever a piece stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chuangwen.evidence.completeness import Given, completeness_of, month_states, why_not, window_of
from chuangwen.evidence.likeness import Candidate, Likely, Wanted, likely
from chuangwen.evidence.naming import day_in, kind_of, standard_number, title_of
from chuangwen.evidence.queries.dossiers import expected_pairs
from chuangwen.evidence.services import Facts, edit_piece, write_piece
from chuangwen.evidence.slots import Slot
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.services import publish_standard
from tests.evidence.making import STANDARD, Ledger
from tests.evidence.test_likeness import HERE, WANTED, WINDOW, offered
from tests.support.refusals import said

pytestmark = pytest.mark.once
YEARLY = Slot("记录", "记录", "record", 2, 12)


def test_slot_of_a_kind_that_nobody_knows_takes_nothing() -> None:
    assert not Slot("x", "x", "hologram").takes("photo")


def test_window_holds_its_first_and_its_last_day_and_ends_nowhere_before_the_calendar() -> None:
    assert window_of(YEARLY, 2026) == (date(2026, 1, 1), date(2026, 12, 31))
    whys = [why_not(YEARLY, Given("记录", on), 2026) for on in (
        date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1), None)]  # fmt: skip
    assert whys == ["outside", "", "", "outside", "undated"]
    endless = Slot("记录", "记录", "record", 1, 2026 * 12 + 12)
    assert window_of(endless, 2026)[0] == date(1, 1, 1)


def test_months_are_twelve_and_only_of_a_slot_that_is_shown_by_month() -> None:
    shown, plain = completeness_of(
        [YEARLY, Slot("文", "文", "document")], [Given("记录", date(2026, 12, 31))], 2026
    ).slots
    assert shown.months == (*[False] * 11, True)
    assert plain.months == ()


def test_months_of_a_year_to_come_are_all_ahead_and_of_one_that_is_over_all_missing() -> None:
    today = date(2026, 3, 1)
    assert set(month_states("0" * 12, 2027, today)) == {"ahead"}
    assert set(month_states("0" * 12, 2025, today)) == {"missing"}
    assert month_states("0" * 12, 2026, today) == (*["missing"] * 2, *["ahead"] * 10)


def title(words: str, pk: int = 1, **fields: Any) -> Candidate:
    return Candidate(pk, "document", words, **fields)


def test_five_are_offered_the_latest_of_equal_ones_first() -> None:
    assert [pk for pk, _why in offered(*(title("志愿服务常态开展", pk) for pk in range(1, 8)))] == [7, 6, 5, 4, 3]


def test_offer_needs_a_quarter_of_the_title_and_as_much_as_the_least() -> None:
    """甲乙丙丁戊 has four pairs: one of them is a quarter, which alone is no offer; with number and window it is."""
    wanted = Wanted(Slot("文", "文", "document", 1, 12), HERE, "甲乙丙丁戊", WINDOW)
    assert offered(title("甲乙"), wanted=wanted) == []
    numbered = title("甲乙", number="云〔2026〕1号", on=date(2026, 3, 1))
    assert likely(wanted, [numbered]) == [Likely(1, 2.5, ("title", "number", "window"))]
    assert offered(title("甲乙", on=date(2026, 3, 1)), wanted=wanted) == [(1, ("title", "window"))]  # 1.5, the least
    longer = Wanted(wanted.slot, HERE, "甲乙丙丁戊己", WINDOW)  # one of five is not enough
    assert offered(numbered, wanted=longer) == []


def test_criterion_without_words_is_served_by_what_served_it_alone() -> None:
    wordless = Wanted(WANTED.slot, HERE, "", WINDOW)
    assert offered(title("志愿服务", number="云〔2026〕1号"), wanted=wordless) == []
    served = title("", served=frozenset({("urn:x#1.1", "文")}))
    assert likely(wordless, [served]) == [Likely(1, 4.0, ("same-criterion", "same-slot"))]


@pytest.mark.parametrize(("on", "inside"), [
    (date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2026, 12, 31), True), (date(2027, 1, 1), False),
])  # fmt: skip
def test_day_counts_on_the_first_and_last_day_of_the_window(on: date, *, inside: bool) -> None:
    served = title("", on=on, served=frozenset({("urn:x#1.1", "文")}))
    (found,) = likely(WANTED, [served])
    assert (found.score, "window" in found.reasons) == (4.5 if inside else 4.0, inside)


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("20260301 植树.jpg", "植树"), ("2026-03-01_植树 -_.jpg", "植树"), ("X植树X.pdf", "X植树X"),
        (" 附件3：方案 、.docx", "方案"),
    ],
)  # fmt: skip
def test_title_is_what_is_left_of_the_name(name: str, called: str) -> None:
    assert title_of(name) == called


def test_day_is_the_first_that_can_be_one_and_today_still_is() -> None:
    today = date(2026, 11, 18)
    assert day_in("2026-13-45 改 2026-03-01", today) == date(2026, 3, 1)
    assert [day_in(text, today) for text in ("1989-12-31", "1990-01-01", "2026-11-18", "2026-11-19")] == [
        None, date(1990, 1, 1), today, None,
    ]  # fmt: skip


def test_kind_and_number_where_nothing_more_is_said() -> None:
    assert (kind_of("application/pdf"), kind_of("image/png", "document")) == ("document", "photo")
    assert [standard_number(code) for code in ("1.2", "12.1", "13.1", "甲.1")] == ["(Ⅰ-2)", "(Ⅻ-1)", "(13-1)", "(甲-1)"]
    assert standard_number("1.2", 1) == "(Ⅰ-2)-①"


def test_text_is_held_to_the_length_of_the_slots_in_which_it_stands_and_of_no_other(ledger: Ledger) -> None:
    short = write_piece(ledger.dossier("1.1"), ["成效"], Facts(title="成效", text="翻番"), actor=ledger.liaison)
    free = write_piece(ledger.dossier("1.4"), ["记录"], Facts(title="记录", text="第一讲"), actor=ledger.liaison)
    long = "长" * 21
    assert "最多20个字" in said(edit_piece, short, Facts(title="成效", text=long), actor=ledger.liaison)
    assert edit_piece(free, Facts(title="记录", text=long), actor=ledger.liaison).text == long
    assert edit_piece(short, Facts(title="成效", text=long[:20]), actor=ledger.liaison).text == long[:20]


def test_dossiers_are_expected_for_the_campaigns_own_standards_alone_in_their_order(ledger: Ledger) -> None:
    text = STANDARD.replace("evidence-test", "another")
    publish_standard(read_standard(text.encode(), "s.yaml"), region=ledger.root.region, actor=None)
    codes = ("1.1", "1.2", "1.4")
    assert expected_pairs(ledger.campaign, [ledger.unit.pk]) == [(ledger.node(one).pk, ledger.unit.pk) for one in codes]
