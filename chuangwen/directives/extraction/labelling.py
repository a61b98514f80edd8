"""Which clauses make a directive: a linear chain over the clauses of a passage, with weights learned from marked texts.

Each clause begins a directive, goes on with it, or stands outside. A label's score is the sum of the weights of the
names that hold of its clause (features.py) and of the step from the label before; the best sequence is found by
Viterbi's algorithm, and how sure each is by the forward-backward sums (Lafferty, McCallum, Pereira 2001). The weights
stand in weights.tsv, a name a line; scripts/learn_directives.py wrote them. Plain sums of floats in a fixed order:
the same text gives the same labels everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import exp, log
from typing import Final, NamedTuple

BEGIN, INSIDE, OUTSIDE = 0, 1, 2
LABELS: Final = ("begin", "inside", "outside")
_NEVER: Final = -1e9
STEP: Final = "step from "
READINESS: Final = 0.7
"""Added to the score of a beginning: a missed directive costs a person more than one to drop."""

TOLD_READINESS: Final = 0.6
"""Added beside it where a party is told: such a directive is rarely a false one and carries a leader and a duty."""
_TOLD: Final = frozenset({"must: party", "does: party", "must: name", "is said of: party"})

Scores = tuple[float, float, float]


_NOTHING: Final[Scores] = (0.0, 0.0, 0.0)


class Weights(NamedTuple):
    """Weights of names, and of steps: `steps[before][after]`."""

    names: dict[str, Scores]
    steps: tuple[Scores, Scores, Scores]


class Labelled(NamedTuple):
    """The label of a clause and how likely it is, 0 to 1; 1 where nothing in the passage is a directive."""

    label: int
    certainty: float


@cache
def weights() -> Weights:
    """The weights that come with the program."""
    text = (files(__package__) / "data" / "weights.tsv").read_text(encoding="utf-8")
    return parse_weights(text)


def parse_weights(text: str) -> Weights:
    """Weights from lines of name, tab, and the three weights for begin, inside and outside, tabs between."""
    names: dict[str, Scores] = {}
    for line in text.splitlines():
        name, *three = line.split("\t")
        names[name] = (float(three[BEGIN]), float(three[INSIDE]), float(three[OUTSIDE]))
    for name in _TOLD:
        ready, inside, outside = names.get(name, _NOTHING)
        names[name] = (ready + TOLD_READINESS, inside, outside)
    from_begin, from_inside, from_outside = (names.pop(f"{STEP}{label}", _NOTHING) for label in LABELS)
    return Weights(names, (from_begin, from_inside, (from_outside[BEGIN], _NEVER, from_outside[OUTSIDE])))


def label_passage(features: Sequence[Sequence[str]], opens: Sequence[bool], model: Weights) -> list[Labelled]:
    """The likeliest labels of a passage's clauses; `opens` says which clause opens a sentence.

    A directive ends with its sentence: no clause that opens one goes on with the directive before.
    """
    scores = [_scores(names, first, model) for names, first in zip(features, opens, strict=True)]
    if not scores:
        return []
    labels = _viterbi(scores, model)
    if BEGIN not in labels:
        return [Labelled(label, 1.0) for label in labels]
    return [Labelled(label, sure[label]) for label, sure in zip(labels, _marginals(scores, model), strict=True)]


def _scores(names: Sequence[str], first: bool, model: Weights) -> Scores:
    begin, inside, outside = READINESS, 0.0, 0.0
    for to_begin, to_inside, to_outside in filter(None, map(model.names.get, names)):
        begin += to_begin
        inside += to_inside
        outside += to_outside
    return begin, _NEVER if first else inside, outside


def _viterbi(scores: list[Scores], model: Weights) -> list[int]:
    columns = _columns(model)
    best = scores[0]
    back: list[tuple[int, int, int]] = []
    for here in scores[1:]:
        (to_begin, begin), (to_inside, inside), (to_outside, outside) = (_best(best, column) for column in columns)
        best = (begin + here[0], inside + here[1], outside + here[2])
        back.append((to_begin, to_inside, to_outside))
    at, _ = _best(best, _NOTHING)
    labels = [at]
    for came in reversed(back):
        at = came[at]
        labels.append(at)
    return labels[::-1]


def _columns(model: Weights) -> tuple[Scores, Scores, Scores]:
    """The weights of the steps that lead to each label."""
    (bb, bi, bo), (ib, ii, io), (ob, oi, oo) = model.steps
    return (bb, ib, ob), (bi, ii, oi), (bo, io, oo)


def _best(scores: Scores, steps: Scores) -> tuple[int, float]:
    """The label from which `scores` and `steps` lead best, and their sum; the first of equals."""
    begin, inside, outside = scores[0] + steps[0], scores[1] + steps[1], scores[2] + steps[2]
    if begin >= inside:
        return (BEGIN, begin) if begin >= outside else (OUTSIDE, outside)
    return (INSIDE, inside) if inside >= outside else (OUTSIDE, outside)


def _marginals(scores: list[Scores], model: Weights) -> list[Scores]:
    columns = _columns(model)
    forward = [scores[0]]
    for here in scores[1:]:
        begin, inside, outside = (_log_sum(forward[-1], column) for column in columns)
        forward.append((begin + here[0], inside + here[1], outside + here[2]))
    backward = [_NOTHING]
    for here in reversed(scores[1:]):
        begin, inside, outside = (
            _log_sum((row[0] + here[0], row[1] + here[1], row[2] + here[2]), backward[-1]) for row in model.steps
        )
        backward.append((begin, inside, outside))
    backward.reverse()
    total = _log_sum(forward[-1], _NOTHING)
    return [
        (exp(f[0] + b[0] - total), exp(f[1] + b[1] - total), exp(f[2] + b[2] - total))
        for f, b in zip(forward, backward, strict=True)
    ]


def _log_sum(scores: Scores, steps: Scores) -> float:
    """The logarithm of the summed exponentials of `scores` and `steps`, label by label."""
    begin, inside, outside = scores[0] + steps[0], scores[1] + steps[1], scores[2] + steps[2]
    top = max(begin, inside, outside)
    return top + log(exp(begin - top) + exp(inside - top) + exp(outside - top))
