"""What a ledger's column of places means: a place of the register, or just a spot in words. Pure.

A superior's feedback names places in its own words. What is nearly the name of a place is asked once; what is
like none is the spot itself, and nobody has to explain each street corner. The register has twelve thousand
places, so likeness is only measured against places that share rare pairs of characters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping

from chuangwen.core.workbooks.likeness import likeness, pairs, plain
from chuangwen.core.workbooks.names import MOST_CANDIDATES, Candidate, Resolution, Resolver

SPOT = 0  # no place: the words are the spot
NEARLY = 0.6  # Dice's coefficient from which on a name is asked about
COMMON = 400  # places that share a pair; what more of them share (市场, 小区) tells nothing
LOOKED_AT = 20


def place_resolver(
    named: Iterable[tuple[int, str, str]], *, remembered: Mapping[str, Hashable], spot_label: str
) -> Resolver:
    """A resolver over (key, code, name). Its value is a place's key, or the text itself for a spot.

    `remembered` maps plain words to a key or SPOT. A name that several places have, and one that nearly is a
    place's, resolves to none; its candidates end with SPOT under `spot_label`.
    """
    labels: dict[int, str] = {}
    meant: dict[str, set[int]] = defaultdict(set)
    holders: dict[str, list[int]] = defaultdict(list)
    grams: dict[int, frozenset[str]] = {}
    for key, code, name in named:
        labels[key] = f"{name}（{code}）"
        for word in (name, code, f"{code}{name}", f"{name}({code})"):
            meant[plain(word)].add(key)
        grams[key] = pairs(plain(name))
        for pair in grams[key]:
            holders[pair].append(key)

    def near(wanted: str) -> list[Candidate]:
        own = pairs(wanted)
        shared = Counter(key for pair in own if len(holders.get(pair, ())) <= COMMON for key in holders.get(pair, ()))
        alike = [(likeness(own, grams[key]), key) for key, _count in shared.most_common(LOOKED_AT)]
        best = sorted((-like, labels[key], key) for like, key in alike if like >= NEARLY)
        return [Candidate(key, label, round(-like, 3)) for like, label, key in best[: MOST_CANDIDATES - 1]]

    def resolve(text: str) -> Resolution:
        wanted = plain(text)
        told = remembered.get(wanted)
        if told is not None and (told == SPOT or told in labels):
            return Resolution(text if told == SPOT else told)
        keys = meant.get(wanted, set())
        if len(keys) == 1:
            return Resolution(next(iter(keys)))
        several = sorted(keys, key=lambda key: labels[key])[: MOST_CANDIDATES - 1]
        found = [Candidate(key, labels[key], 1.0) for key in several] or near(wanted)
        if not found:
            return Resolution(text)
        return Resolution(None, (*found, Candidate(SPOT, spot_label)))

    return resolve
