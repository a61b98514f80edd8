"""A letter from above with one unit's slip for the doors' world, and the samples of their addresses."""

from __future__ import annotations

from typing import Any

from chuangwen.directives.models import Letter, LetterSlip
from chuangwen.responsibilities.models import Task
from tests.support.factories import DAY, make_task

LETTER = (
    "letter", "letter_slips", "letter_links", "letter_change", "letter_read", "letter_sheet", "letter_word",
    "letter_words", "letter_answer", "letter_sign",
)  # fmt: skip


def add_letter(world: Any) -> None:
    """A letter that one unit is asked about."""
    region = world.root.region
    world.letter = Letter.objects.create(
        region=region, campaign=world.campaign, unit=world.root, number="S2026-9001", sender="省文明办",
        sender_key="省文明办", paper_number="省文明办〔2026〕9号", paper_key="省文明办〔2026〕9号", title="参会通知",
        received_on=DAY, due_on=DAY, state="handled", reply="回执", proposal="请城管局办理",
        slip=[{"key": "a1", "label": "人数", "kind": "number", "choices": []}],
    )  # fmt: skip
    task = make_task(world.lead, campaign=world.campaign, origin="letter", number="R2026-9009")
    world.slip = LetterSlip.objects.create(region=region, letter=world.letter, task=task)
    Task.objects.filter(pk=task.pk).update(origin_url=f"/letters/slips/{world.slip.pk}/")


def letter_samples(world: Any) -> dict[str, dict[str, Any]]:
    """Address name -> what its sample needs."""
    letter = {"pk": world.letter.pk}
    return {
        **{f"directives:{name}": letter for name in LETTER},
        "directives:letter_slip": {"pk": world.slip.pk},
        "directives:letter_act": letter | {"name": "route"},
    }
