"""What a leaf's slots are, and what fills them."""

from __future__ import annotations

import pytest

from chuangwen.evidence.slots import slots_of
from chuangwen.standards.tree import EvidenceSlot


def test_slots_of_the_same_name_have_keys_of_their_own() -> None:
    found = slots_of(
        [EvidenceSlot("图", "photo", 2), EvidenceSlot("图", "photo", 1, 12), EvidenceSlot("文", "document")]
    )
    assert [(one.key, one.label, one.least) for one in found] == [("图", "图", 2), ("图#2", "图", 1), ("文", "文", 1)]


def test_person_deed_and_spirit_are_parts_of_one_example_only_together() -> None:
    together = slots_of([EvidenceSlot(name, "statement") for name in ("人", "事", "精神", "成效")])
    assert [one.part for one in together] == ["person", "deed", "spirit", ""]
    assert [one.part for one in slots_of([EvidenceSlot("文", "document"), EvidenceSlot("事", "statement")])] == ["", ""]


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        ("photo", {"photo"}),
        ("document", {"document", "record", "table"}),
        ("record", {"record", "document", "table", "photo", "statement"}),
        ("statement", {"statement"}),
        ("table", {"table", "document", "record"}),
        ("video", {"video"}),
    ],
)
def test_slot_takes_only_pieces_that_can_be_what_it_asks_for(kind: str, taken: set[str]) -> None:
    slot = slots_of([EvidenceSlot("x", kind)])[0]
    kinds = ("document", "photo", "statement", "record", "video", "table")
    assert {one for one in kinds if slot.takes(one)} == taken


@pytest.mark.parametrize(
    ("least", "window", "by_month", "every"),
    [
        (12, 12, True, True),
        (4, 12, True, False),
        (1, 12, False, False),
        (12, 24, False, False),
        (0, None, False, False),
    ],
)
def test_months_are_shown_for_a_year_and_asked_for_from_twelve_on(
    least: int, window: int | None, by_month: bool, every: bool
) -> None:
    slot = slots_of([EvidenceSlot("记录", "record", least, window)])[0]
    assert (slot.by_month, slot.every_month, slot.is_optional) == (by_month, every, least == 0)
