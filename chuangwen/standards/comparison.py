"""Compares two versions of a standard, so that work can follow its criteria to the new one.

Nodes are matched by code, then by `replaces`; what is left over and reads alike is proposed to a
person and never matched by the program. Source: the standard file, paragraph on the diff.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from chuangwen.standards.tree import Node, Standard, points_of

LIKENESS_THRESHOLD: Final = 0.6  # of the titles' pairs of characters (Dice), 0..1

Change = Literal["moved", "reworded", "reweighted"]
MatchedBy = Literal["code", "replaces"]

_RULES: Final = (
    "aggregate",
    "threshold",
    "table",
    "method",
    "measure",
    "map",
    "place_types",
    "lead",
    "evidence",
    "manual",
)
_TOLERANCE: Final = 1e-9


class DifferentStandardsError(ValueError):
    """The two files are not versions of one standard."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A node and what continues it; the same node may stand in several pairs (split, merged).

    `changes` tells all that happened to it, in the order moved (another parent or code), reworded
    (another title), reweighted (other points); empty means kept. `rules` names what else differs
    (method, map, evidence and so on; `children` where a leaf became an inner node or the reverse).
    """

    old: Node
    new: Node
    matched_by: MatchedBy
    changes: tuple[Change, ...]
    rules: tuple[str, ...]

    @property
    def is_kept(self) -> bool:
        return not self.changes


@dataclass(frozen=True, slots=True)
class Proposal:
    """A dropped and an added node with like titles: a person decides whether they are one."""

    old: Node
    new: Node
    likeness: float  # LIKENESS_THRESHOLD..1


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of each node; every old and every new node is accounted for.

    Pairs and added nodes stand in the order of the new file, dropped ones in that of the old file,
    proposals by falling likeness. Proposed nodes stand in `dropped` and `added` as well, since they
    are that until a person decides. `contradictions` are (old code, new code) where `replaces` is
    overruled because both codes live on by themselves.
    """

    old: Standard
    new: Standard
    pairs: tuple[Pair, ...]
    added: tuple[Node, ...]
    dropped: tuple[Node, ...]
    proposals: tuple[Proposal, ...]
    contradictions: tuple[tuple[str, str], ...]

    @property
    def kept(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.is_kept)

    @property
    def moved(self) -> tuple[Pair, ...]:
        return self._changed("moved")

    @property
    def reworded(self) -> tuple[Pair, ...]:
        return self._changed("reworded")

    @property
    def reweighted(self) -> tuple[Pair, ...]:
        return self._changed("reweighted")

    def _changed(self, change: Change) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if change in pair.changes)


def compare(old: Standard, new: Standard) -> Comparison:
    """What became of each node of `old` in `new`; the same input gives the same result.

    Raises DifferentStandardsError where the urns differ.
    """
    if old.urn != new.urn:
        raise DifferentStandardsError(f"{old.urn} and {new.urn} are two standards, not two versions of one")
    before = {node.code: node for node in old.walk()}
    after = {node.code: node for node in new.walk()}
    by_code = before.keys() & after.keys()
    matches: list[tuple[str, str, MatchedBy]] = []
    contradictions = []
    for code, node in after.items():
        if code in by_code:
            matches.append((code, code, "code"))
        for replaced in node.replaces:
            if replaced not in before or replaced == code:
                continue
            if replaced in by_code and code in by_code:
                contradictions.append((replaced, code))
            else:
                matches.append((replaced, code, "replaces"))
    continued, continuing = {match[0] for match in matches}, {match[1] for match in matches}
    dropped = tuple(node for code, node in before.items() if code not in continued)
    added = tuple(node for code, node in after.items() if code not in continuing)
    return Comparison(
        old=old,
        new=new,
        pairs=tuple(_pairs(matches, before, after)),
        added=added,
        dropped=dropped,
        proposals=_proposals(dropped, added),
        contradictions=tuple(contradictions),
    )


def _pairs(
    matches: Sequence[tuple[str, str, MatchedBy]], before: Mapping[str, Node], after: Mapping[str, Node]
) -> Iterator[Pair]:
    matched = {("", ""), *((old, new) for old, new, _ in matches)}
    parents_before, parents_after = _parents(before.values()), _parents(after.values())
    for old_code, new_code, matched_by in matches:
        old, new = before[old_code], after[new_code]
        has_its_parent = (parents_before.get(old_code, ""), parents_after.get(new_code, "")) in matched
        changes: list[Change] = []
        if old_code != new_code or not has_its_parent:
            changes.append("moved")
        if old.title != new.title:
            changes.append("reworded")
        if abs(points_of(old) - points_of(new)) > _TOLERANCE:
            changes.append("reweighted")
        yield Pair(old, new, matched_by, tuple(changes), tuple(_changed_rules(old, new)))


def _parents(nodes: Iterable[Node]) -> dict[str, str]:
    return {child.code: node.code for node in nodes for child in node.children}


def _changed_rules(old: Node, new: Node) -> Iterator[str]:
    if old.is_leaf != new.is_leaf:
        yield "children"
    for rule in _RULES:
        if getattr(old, rule) != getattr(new, rule):
            yield rule


def likeness(one: str, other: str) -> float:
    """How alike two titles read, 0..1: Dice over pairs of characters, without spaces and punctuation."""
    grams, others = _grams(one), _grams(other)
    return _dice((grams & others).total(), grams.total(), others.total())


def _dice(common: int, one: int, other: int) -> float:
    return 2 * common / (one + other) if one + other else 0.0


def _grams(title: str) -> Counter[str]:
    signs = [sign for sign in unicodedata.normalize("NFKC", title).casefold() if sign.isalnum()]
    return Counter(signs) if len(signs) == 1 else Counter(a + b for a, b in pairwise(signs))


def _proposals(dropped: Sequence[Node], added: Sequence[Node]) -> tuple[Proposal, ...]:
    """The likest pairs first, each node once; leaves go with leaves."""
    candidates = sorted(_candidates(dropped, added), key=lambda found: (-found[0], found[1], found[2]))
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    proposals = []
    for value, old, new in candidates:
        if old not in taken_old and new not in taken_new:
            taken_old.add(old)
            taken_new.add(new)
            proposals.append(Proposal(dropped[old], added[new], value))
    return tuple(proposals)


def _candidates(dropped: Sequence[Node], added: Sequence[Node]) -> Iterator[tuple[float, int, int]]:
    """(likeness, place in dropped, place in added) from the threshold up.

    Counts common pairs of characters through an index, so that titles with nothing in common, the
    great majority, cost nothing.
    """
    holders: dict[str, list[tuple[int, int]]] = defaultdict(list)
    totals = []
    for number, node in enumerate(added):
        grams = _grams(node.title.zh)
        totals.append(grams.total())
        for gram, count in grams.items():
            holders[gram].append((number, count))
    for number, node in enumerate(dropped):
        grams = _grams(node.title.zh)
        common: Counter[int] = Counter()
        for gram, count in grams.items():
            for other, other_count in holders[gram]:
                common[other] += min(count, other_count)
        for other, shared in common.items():
            value = _dice(shared, grams.total(), totals[other])
            if value >= LIKENESS_THRESHOLD and node.is_leaf == added[other].is_leaf:
                yield value, number, other
