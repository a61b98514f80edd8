"""Learn who leads a directive: the weights of directives/extraction/leading.py. Used by learn_directives.py.

A conditional logit over the possible answers of each directive that was found and marked: the weights that make the
marked leaders likeliest, with a weight on their squares. Learned by Rprop (Riedmiller 1994) in plain Python: the same
texts give the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Any, Final

from chuangwen.directives.cleaning import clean_text
from chuangwen.directives.extraction.engine import extract_with
from chuangwen.directives.extraction.grouping import Group
from chuangwen.directives.extraction.labelling import Weights
from chuangwen.directives.extraction.leading import Answer
from chuangwen.directives.extraction.parties import Parties
from chuangwen.directives.reading import Document
from tests.directives.agreement import alike

SMOOTHING: Final = 6.0  # weight of the squares of the weights: chosen across documents, flat between 2 and 10
ROUNDS: Final = 120
LEAST: Final = 0.02
UNSURE: Final = 0.5  # how much a directive of low confidence counts
SLOWER, FASTER, LEAST_STEP, MOST_STEP = 0.5, 1.2, 1e-5, 1.0


@dataclass(frozen=True)
class Case:
    """The names that hold of each possible answer, which answers are right, and how much the case counts."""

    answers: list[list[str]]
    right: list[bool]
    weight: float


def cases_of(document: Document, marks: Sequence[dict[str, Any]], model: Weights, weight: float) -> list[Case]:
    """The choices in `document` for the directives that `model` finds and `marks` know, each after right ones."""
    cleaned = clean_text(document.text)
    cases: list[Case] = []

    def choose(group: Group, possible: Sequence[Answer]) -> Answer:
        mark = marked(cleaned.original_span(group.clauses[0].span.start, group.clauses[-1].span.end), marks)
        ruled = next((answer for answer in possible if "by rule" in answer.features), possible[0])
        if mark is None:
            return ruled
        worth = [agreement(answer.lead, mark["lead"]) for answer in possible]
        best = max(worth)
        if best <= 0:
            return ruled
        counts = weight * (1.0 if mark["confidence"] == "high" else UNSURE)
        cases.append(Case([answer.features for answer in possible], [each == best for each in worth], counts))
        return possible[worth.index(best)]

    extract_with(document, model, choose, Parties())
    return cases


def marked(span: tuple[int, int], marks: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The mark that shares most with `span`, of those that share half of the shorter one."""
    start, end = span
    shared = [(min(end, mark["end"]) - max(start, mark["start"]), mark) for mark in marks]
    near = [
        (by / (max(end, mark["end"]) - min(start, mark["start"])), mark)
        for by, mark in shared
        if by >= min(end - start, mark["end"] - mark["start"]) / 2
    ]
    return max(near, key=lambda each: each[0], default=(0.0, None))[1]


def agreement(names: Sequence[str], wanted: Sequence[str]) -> float:
    """F1 of `names` against `wanted`, and one half more where they are the same."""
    if not names and not wanted:
        return 1.5
    hits = sum(any(alike(one, other) for other in wanted) for one in names)
    recalled = sum(any(alike(one, other) for other in names) for one in wanted)
    whole = len(names) == len(wanted) == hits == recalled
    return 2 * hits / (len(names) + len(wanted)) + (0.5 if whole else 0.0) if hits else 0.0


def learn_leaders(cases: Sequence[Case]) -> str:
    """The weights learned from `cases`, as the lines of leading.tsv."""
    numbers: dict[str, int] = {}
    coded = [
        (
            [[numbers.setdefault(name, len(numbers)) for name in names] for names in case.answers],
            case.right,
            case.weight,
        )
        for case in cases
    ]
    weights, before, steps = [0.0] * len(numbers), [0.0] * len(numbers), [0.1] * len(numbers)
    for _ in range(ROUNDS):
        slope = [SMOOTHING * weight for weight in weights]
        for answers, right, counts in coded:
            _add_slope(slope, weights, answers, right, counts)
        for i, here in enumerate(slope):
            if here * before[i] < 0:  # too far: half as fast, and wait
                steps[i], before[i] = max(LEAST_STEP, steps[i] * SLOWER), 0.0
                continue
            if here * before[i] > 0:
                steps[i] = min(MOST_STEP, steps[i] * FASTER)
            weights[i] -= steps[i] * ((here > 0) - (here < 0))
            before[i] = here
    kept = sorted((name, weights[i]) for name, i in numbers.items() if abs(weights[i]) >= LEAST)
    return "".join(f"{name}\t{weight:.3f}\n" for name, weight in kept)


def _add_slope(
    slope: list[float], weights: list[float], answers: list[list[int]], right: list[bool], counts: float
) -> None:
    """Add the slope of one case's loss: the likelihood of each answer less that among the right ones."""
    sums = [sum(weights[i] for i in names) for names in answers]
    top = max(sums)
    likely = [exp(each - top) for each in sums]
    every, good = sum(likely), sum(each for each, holds in zip(likely, right, strict=True) if holds)
    for names, each, holds in zip(answers, likely, right, strict=True):
        by = counts * (each / every - (each / good if holds else 0.0))
        for i in names:
            slope[i] += by
