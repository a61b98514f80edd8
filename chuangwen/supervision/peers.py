"""Scores of a month, flags within peer groups, red and black lists: the arithmetic. Pure.

Sources: practice.md, "Default ladder of supervision" (black flag, red flag, red and black list) and "Default
weights and quotas" (monthly score).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What a monthly score is made of."""

    FIELD = "field"
    RECTIFICATION = "rectification"
    TASKS = "tasks"
    MATERIAL = "material"
    REPORTING = "reporting"


@dataclass(frozen=True, slots=True)
class Share:
    """What was reached of what was asked. With nothing asked the part is left out, never counted as zero."""

    got: float
    of: float

    @property
    def value(self) -> float | None:
        return self.got / self.of if self.of else None


def score(shares: Mapping[Part, Share], weights: Mapping[Part, float]) -> float | None:
    """The mean of the parts by weight, 0 to 100; the weight of a part with nothing to measure goes to the others.

    None where no part can be measured.
    """
    known = [(weight, shares[part].value) for part, weight in weights.items() if part in shares]
    counted = [(weight, value) for weight, value in known if value is not None and weight > 0]
    whole = sum(weight for weight, _value in counted)
    return 100 * sum(weight * value for weight, value in counted) / whole if whole else None


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit among its peers: its score, how many problems were due, how many are late now."""

    unit: int
    group: str
    score: float | None
    due: int = 0
    overdue: int = 0


def black_flags(standings: Iterable[Standing], *, below: float, due: int, peers: int) -> list[int]:
    """The units with the lowest score of their group, where it lies below `below`; ties all.

    Only units with at least `due` problems due are looked at, and only groups with at least `peers` scores.
    """
    return _picked(standings, peers, min, lambda one: one.due >= due, lambda lowest: lowest < below)


def red_flags(standings: Iterable[Standing], *, start: float, due: int, peers: int) -> list[int]:
    """The first of each group, where it has at least `start` points; ties all. Who had little due is not compared."""
    return _picked(standings, peers, max, lambda one: one.due >= due, lambda highest: highest >= start)


def goes_back(standing: Standing, *, start: float) -> bool:
    """A black flag is handed back at `start` points with nothing late."""
    return standing.score is not None and standing.score >= start and standing.overdue == 0


def _picked(
    standings: Iterable[Standing],
    peers: int,
    extreme: Callable[[list[float]], float],
    fits: Callable[[Standing], bool],
    reached: Callable[[float], bool],
) -> list[int]:
    groups: dict[str, list[tuple[Standing, float]]] = {}
    for one in standings:
        if one.group and one.score is not None:
            groups.setdefault(one.group, []).append((one, round(one.score, 2)))
    found = []
    for members in groups.values():
        looked_at = [(one, value) for one, value in members if fits(one)]
        if len(members) < peers or not looked_at:
            continue
        mark = extreme([value for _one, value in looked_at])
        if reached(mark):
            found += [one.unit for one, value in looked_at if value == mark]
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Rate:
    """A unit's closed in time of due."""

    unit: int
    numerator: int
    denominator: int

    @property
    def share(self) -> float:
        return self.numerator / self.denominator


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit's place in the list: the same rank for the same rate; `side` is red, black or nothing."""

    rate: Rate
    rank: int
    side: str


def placed(rates: Iterable[Rate], *, top: int, bottom: int, due: int) -> list[Placed]:
    """The units by rate, the best first; ties included on both sides.

    Units with fewer than `due` problems due are left out. Nobody stands on both sides: whoever has the best
    rate is never on the black list, nor is anybody who closed everything in time; nobody who closed nothing in time
    is praised, however few the units.
    """
    counted = sorted(
        (one for one in rates if one.denominator >= max(due, 1)),
        key=lambda one: (-one.share, -one.denominator, one.unit),
    )
    shares = [one.share for one in counted]
    # rates, so that whoever ties with the last of them stands there too
    red = {share for share in shares[:top] if share > 0}
    black = {share for share in shares[::-1][:bottom] if share < 1} - red
    return [
        Placed(one, shares.index(one.share) + 1, "red" if one.share in red else "black" if one.share in black else "")
        for one in counted
    ]


def running(held: Iterable[int], now: int) -> int:
    """How often in a row up to and with period `now`, where periods are counted 1, 2, 3 …"""
    known, count = set(held), 0
    while now - count in known:
        count += 1
    return count


def flag_brings(times: int, in_year: int, *, talk: int, refer: int) -> str:
    """What a black flag brings that is held `times` running and `in_year` times in twelve months."""
    if in_year >= refer:
        return "referral"
    return "talk" if times >= talk else ""


def list_brings(times: int, *, organisation: int, account: int) -> str:
    """What the black list brings the `times`-th time running."""
    if times >= account:
        return "account"
    return "organisation" if times >= organisation else "charge"
