"""Picks believable words for problems, fixes, returns and disputes."""

from __future__ import annotations

import random
from typing import Any

from chuangwen.config.demo.content import words


class ProblemWords:
    """The texts of content/problem_texts.yaml, by problem type and place type."""

    def __init__(self) -> None:
        self._types: dict[str, dict[str, Any]] = {one["code"]: one for one in words("problem_texts")["problem_types"]}

    def codes(self) -> list[str]:
        return list(self._types)

    def fitting(self, problem_type: str, place_type: str) -> list[str]:
        """Descriptions of this type of problem that make sense at this type of place."""
        told = self._types.get(problem_type, {}).get("texts", [])
        return [one["text"] for one in told if not one.get("at") or place_type in one["at"]]

    def pick(self, problem_type: str, place_type: str, rng: random.Random) -> str:
        """One fitting description; "" where there is none and the check's own words must do."""
        fitting = self.fitting(problem_type, place_type)
        return rng.choice(fitting) if fitting else ""

    def phrase(self, problem_type: str, kind: str, rng: random.Random) -> str:
        """A phrase of `kind`: fix_notes, return_reasons, dispute_reasons, interim_measures."""
        told = self._types.get(problem_type, {}).get(kind) or _FALLBACK[kind]
        return str(rng.choice(told))


_FALLBACK = {
    "fix_notes": ["已安排专人处理完毕，并落实日常巡查"],
    "return_reasons": ["照片看不出整改后的全貌，请补拍"],
    "dispute_reasons": ["该处不在我单位管理范围，建议按权属重新交办"],
    "interim_measures": ["已设置围挡和警示标志，安排人员每天巡查"],
}
