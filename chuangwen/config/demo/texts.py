"""Picks believable words for problems, fixes, returns and disputes."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from typing import Any

from chuangwen.config.demo.content import words


class ProblemWords:
    """The texts of content/problem_texts.yaml, by problem type and place type.

    `asked` says which problem types the standard's checks look for at each type of place: nobody
    writes of a fire extinguisher on a main road.
    """

    def __init__(self, asked: Mapping[str, Sequence[str]]) -> None:
        told = words("problem_texts")
        self._types: dict[str, dict[str, Any]] = {one["code"]: one for one in told["problem_types"]}
        self._told, self._asked = told, asked
        self._used: Counter[str] = Counter()
        self._lately: deque[str] = deque(maxlen=3)

    def codes(self, place_type: str) -> list[str]:
        """The problem types that can be found at a type of place, each as often as its texts."""
        return [code for code in self._asked.get(place_type, ()) for _text in self._fitting(code, place_type)]

    def _fitting(self, problem_type: str, place_type: str) -> list[tuple[str, bool]]:
        """(text, whether it needs a spot) of this type of problem that make sense at this type of place."""
        told = self._types.get(problem_type, {}).get("texts", [])
        return [(one["text"], "at" not in one) for one in told if place_type in one.get("at", [place_type])]

    def pick(self, problem_type: str, place_type: str, rng: random.Random) -> str:
        """A fitting description, the least used first, none of the last few where there is another; "" where there is
        none and the check's own words must do."""
        fitting = self._fitting(problem_type, place_type)
        if not fitting:
            return ""
        fresh = [one for one in fitting if one[0] not in self._lately] or fitting
        least = min(self._used[text] for text, _general in fresh)
        text, general = rng.choice([one for one in fresh if self._used[one[0]] == least])
        self._used[text] += 1
        general = general or text in self._lately
        self._lately.append(text)
        spots = self._told["spots"].get(place_type, [])
        return f"{rng.choice(spots)}：{text}" if general and spots else text

    def phrase(self, problem_type: str, kind: str, rng: random.Random) -> str:
        """A phrase of `kind` (fix_notes, return_reasons, dispute_reasons, interim_measures): the type's own, else one
        of those for all types."""
        told = self._types.get(problem_type, {}).get(kind) or self._told[kind]
        return str(rng.choice(told))

    def note(self, kind: str, rng: random.Random) -> str:
        """A phrase of `kind` that belongs to no type of problem."""
        return str(rng.choice(self._told[kind]))

    def needs_works(self, problem_type: str) -> bool:
        """Whether such a problem may want money and builders."""
        return problem_type in self._told["needs_works"]

    def gone(self, place_type: str) -> str:
        """Why a place of this type may be there no more; "" for those that stay."""
        return str(self._told["gone_reasons"].get(place_type, ""))

    def detail(self, source: str, title: str, rng: random.Random) -> str:
        """What stands in the paper by which a problem came, beside its short title; "" for the own findings."""
        told = self._told["details"].get(str(source), [])
        text = title.rpartition("：")[2]
        return str(rng.choice(told)).format(text=text, title=title) if told else ""
