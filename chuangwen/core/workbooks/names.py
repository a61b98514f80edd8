"""Names in a workbook against the names the program knows: units, places, types, criteria.

What a name means is asked of a resolver, a plain function, so that the rules here need no database. The
office's own words ("城管" for 城市管理局) are remembered as aliases and come before everything else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass

from chuangwen.core.workbooks.likeness import likeness, pairs, plain

MOST_CANDIDATES = 5
LIKE_ENOUGH = 0.2


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something a name may mean: its key, its own name, and how alike the two are (0..1)."""

    value: Hashable
    label: str
    likeness: float = 0.0


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a text means: `value` is the key of one thing, or None with `candidates`, likeliest first.

    A collective name (各街道) means several things for certain: `value` is None and `values` are their keys.
    Only a field that is `many` takes it.
    """

    value: Hashable | None
    candidates: tuple[Candidate, ...] = ()
    values: tuple[Hashable, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether the text needs nobody's explanation."""
        return self.value is not None or bool(self.values)


Resolver = Callable[[str], Resolution]


def resolver_of(
    named: Iterable[tuple[Hashable, str]],
    *,
    aliases: Iterable[tuple[str, Hashable]] = (),
    remembered: Mapping[str, Hashable] | None = None,
) -> Resolver:
    """A resolver over (key, name) pairs. It compares plain texts (no blanks, one width, one case).

    `aliases` are further (name, key) pairs that belong to the things themselves, such as short and former
    names; `remembered` are the words that a person has explained in an earlier import, and win. A text
    that stands for several things resolves to none and has them all as candidates.
    """
    labels = dict(named)
    meant: dict[str, set[Hashable]] = defaultdict(set)
    for key, name in labels.items():
        meant[plain(name)].add(key)
    for name, key in aliases:
        meant[plain(name)].add(key)
    for name, key in (remembered or {}).items():
        meant[plain(name)] = {key}
    grams = [(pairs(name), frozenset(name), key) for name, keys in meant.items() for key in keys if key in labels]

    def resolve(text: str) -> Resolution:
        wanted = plain(text)
        keys = meant.get(wanted, set())
        if len(keys) == 1:
            return Resolution(next(iter(keys)))
        if keys:
            several = [Candidate(key, labels.get(key, str(key)), 1.0) for key in keys]
            return Resolution(None, tuple(sorted(several, key=lambda one: one.label)))
        return Resolution(None, _nearest(wanted, grams, labels))

    return resolve


def _nearest(
    wanted: str,
    grams: Iterable[tuple[frozenset[str], frozenset[str], Hashable]],
    labels: Mapping[Hashable, str],
) -> tuple[Candidate, ...]:
    """The likeliest things; characters in common count half, since a short form (城管) shares no pair."""
    own_pairs, own_marks = pairs(wanted), frozenset(wanted)
    best: dict[Hashable, float] = {}
    for their_pairs, their_marks, key in grams:
        covered = len(own_marks & their_marks) / len(own_marks) if own_marks else 0.0
        alike = max(likeness(own_pairs, their_pairs), covered / 2)
        if alike >= LIKE_ENOUGH and alike > best.get(key, 0.0):
            best[key] = alike
    ranked = sorted(best.items(), key=lambda item: (-item[1], labels[item[0]]))
    return tuple(Candidate(key, labels[key], round(alike, 3)) for key, alike in ranked[:MOST_CANDIDATES])
