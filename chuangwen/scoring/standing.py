"""Where a total stands among its peers, and whom it cannot be told apart from. Pure.

Source: scoring specification, Up the tree (Rank) and How sure: totals are ranked as shown, equal ones share a rank and
the next is skipped; two whose intervals overlap are never ranked apart without saying so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chuangwen.scoring.engine import show


@dataclass(frozen=True, slots=True)
class Peer:
    """A total with its interval (None: none is known, the total stands for itself)."""

    name: str
    total: float
    low: float | None = None
    high: float | None = None
    own: bool = False
    url: str = ""

    @property
    def shown(self) -> str:
        return show(self.total)

    @property
    def bounds(self) -> tuple[float, float]:
        """As shown: a hundred-thousandth apart is not apart."""
        low, high = (self.total, self.total) if self.low is None or self.high is None else (self.low, self.high)
        return float(show(low)), float(show(high))

    def overlaps(self, other: Peer) -> bool:
        """Whether the draw alone may have put them in this order."""
        (low, high), (other_low, other_high) = self.bounds, other.bounds
        return low <= other_high and other_low <= high


@dataclass(frozen=True, slots=True)
class Placed:
    """A peer with its rank; `unclear`: its interval overlaps with ours, though its rank is another."""

    peer: Peer
    rank: int
    unclear: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """All peers by rank, ours among them."""

    placed: tuple[Placed, ...]
    own: Placed

    @property
    def of(self) -> int:
        return len(self.placed)

    @property
    def shared(self) -> int:
        """How many others have our rank."""
        return sum(one.rank == self.own.rank for one in self.placed) - 1

    @property
    def unclear(self) -> tuple[int, ...]:
        """The other ranks from which ours is not clearly apart."""
        return tuple(sorted({one.rank for one in self.placed if one.unclear}))

    @property
    def plain(self) -> bool:
        """Whether no interval is known at all: then nothing can be said of the error."""
        return all(one.peer.low is None for one in self.placed)


def standing(peers: Iterable[Peer]) -> Standing | None:
    """None unless one of them is ours and there is another."""
    rows = sorted(peers, key=lambda one: (-float(one.shown), not one.own, one.name))
    own = next((one for one in rows if one.own), None)
    if own is None or len(rows) < 2:
        return None
    first = {shown: at + 1 for at, shown in reversed(list(enumerate(one.shown for one in rows)))}
    placed = tuple(
        Placed(one, first[one.shown], not one.own and one.shown != own.shown and own.overlaps(one)) for one in rows
    )
    return Standing(placed, next(one for one in placed if one.peer.own))


def runs_of(ranks: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring ranks together: 2, 3, 4, 7 are (2, 4) and (7, 7). `ranks` rise."""
    found: list[tuple[int, int]] = []
    for rank in ranks:
        if found and rank == found[-1][1] + 1:
            found[-1] = (found[-1][0], rank)
        else:
            found.append((rank, rank))
    return found
