"""Reads and verifies the chains."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from chuangwen.audit.chaining import ALGORITHMS, FIELDS, GENESIS, entry_digest
from chuangwen.audit.models import Chain, Entry, visible_codes


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry of a chain that does not follow from the one before it."""

    region_code: str
    sequence: int
    reason: str  # missing | changed | reordered | cut | unreadable | rewritten


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found: entries read, heads of sound chains, breaks."""

    entries: int
    heads: dict[str, str]
    breaks: list[Break]

    @property
    def ok(self) -> bool:
        return not self.breaks


@dataclass(frozen=True, slots=True)
class Head:
    """What `chuangwen audit head` printed at some time: a chain had `length` entries, the last with this digest."""

    region_code: str
    length: int
    digest: str


def chains_of(user: Any) -> QuerySet[Chain]:
    """The chains that `user` may read, by code."""
    return Chain.objects.filter(region_code__in=visible_codes(user, Entry.view_permission)).order_by("region_code")


def verify_chain(region_code: str = "") -> Verdict:
    """Recompute every digest of one region's chain, or of all. Streams; memory does not grow."""
    chains = Chain.objects.order_by("region_code")
    if region_code:
        chains = chains.filter(region_code=region_code)
    count, heads, breaks = 0, {}, []
    for chain in chains:
        read, head, fault = _walk(chain)
        count += read
        if fault:
            breaks.append(fault)
        else:
            heads[chain.region_code] = head
    return Verdict(count, heads, breaks)


def _walk(chain: Chain) -> tuple[int, str, Break | None]:
    previous, expected = GENESIS, 1
    for entry in _entries(chain):
        if entry.sequence != expected:
            return expected - 1, previous, Break(chain.region_code, expected, "missing")
        if entry.previous != previous:
            return expected - 1, previous, Break(chain.region_code, expected, "reordered")
        if reason := _fault_of(entry, chain.region_code):
            return expected - 1, previous, Break(chain.region_code, expected, reason)
        previous, expected = entry.digest, expected + 1
    if chain.length != expected - 1 or (chain.head or GENESIS) != previous:
        return expected - 1, previous, Break(chain.region_code, expected, "cut")
    return expected - 1, previous, None


def _fault_of(entry: Entry, region: str) -> str:
    """Why the content of an entry does not fit its digest, or ""."""
    if entry.algorithm in ALGORITHMS and entry.algorithm not in hashlib.algorithms_available:
        return "unreadable"
    fields = {name: getattr(entry, name) for name in FIELDS if name != "region"} | {"region": region}
    try:
        return "" if entry_digest(fields, entry.algorithm) == entry.digest else "changed"
    except (TypeError, ValueError):  # an algorithm or a number that no entry of ours holds
        return "changed"


def compare_heads(kept: Iterable[Head]) -> list[Break]:
    """Where chains no longer hold what heads that were kept elsewhere say, the first of each region.

    Whoever has the database's own password can rebuild a chain, or cut its end off together with its
    head, so that it verifies by itself: only this shows it.
    """
    breaks: dict[str, Break] = {}
    for head in kept:
        there = Entry.objects.filter(chain__region_code=head.region_code, sequence=head.length, digest=head.digest)
        if head.length and not there.exists():
            breaks.setdefault(head.region_code, Break(head.region_code, head.length, "rewritten"))
    return list(breaks.values())


def _entries(chain: Chain) -> Iterator[Entry]:
    return chain.entries.order_by("sequence").iterator(chunk_size=2000)
