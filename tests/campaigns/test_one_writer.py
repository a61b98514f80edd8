"""Rounds have one writer: no area above plans, begins or closes one by other means than campaigns.services."""

from __future__ import annotations

import re
from pathlib import Path

import chuangwen

ROOT = Path(chuangwen.__file__).parent
WRITING = re.compile(
    r"\bRound\.objects\.(?:create|bulk_create|bulk_update|get_or_create|update_or_create)\b|\bRound\(|"
    r"advance\(\s*(?:\w+\.)?round_?\b"
)


def test_nobody_above_campaigns_writes_a_round() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if WRITING.search(path.read_text("utf-8")) and "migrations" not in path.parts
    }
    assert found == {"campaigns/models.py", "campaigns/services/back_plan.py", "campaigns/services/rounds.py"}
