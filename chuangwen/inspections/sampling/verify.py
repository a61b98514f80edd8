"""Repeat a draw from its record and say in words everything that differs.

First the form of the record (nothing can be computed from a record of another form), then its
contents. `tools/verify_draw.py` is the same for people without this program; tests keep the two
together. Source: spec/draw.md, "draw verify".
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import Any

from chuangwen.inspections.sampling.chain import Commitment
from chuangwen.inspections.sampling.errors import Difference, SamplingError, difference
from chuangwen.inspections.sampling.form import form_differences
from chuangwen.inspections.sampling.pool import Pool, Stratum, decode_text, unique_object
from chuangwen.inspections.sampling.record import STAGES, Record, Substitute, Times, read_moment
from chuangwen.inspections.sampling.tickets import Order, Ticket, order_pool

Document = Mapping[str, Any]  # a record whose form has been checked


def verify_record(value: object) -> tuple[Difference, ...]:
    """All differences between a record (a decoded JSON value) and the draw repeated; () if none.

    A record of a wrong form is told about its form alone. What no computation can prove (the words of
    the source and of a reason, the hours, the number `times`) is checked for form and order only.
    """
    if not isinstance(value, dict):
        return (difference("record", "is not a JSON object"),)
    return tuple(form_differences(value)) or tuple(_contents(value))


def load_record(data: bytes) -> object:
    """The JSON value of a record file; raises `SamplingError` where it is not UTF-8 or not JSON."""
    text = decode_text(data, what="record")
    try:
        return json.loads(text, object_pairs_hook=unique_object)
    except (ValueError, RecursionError) as fault:
        raise SamplingError("the record is not JSON ({fault}); fetch it again", fault=fault) from None


def read_record(data: bytes) -> Record:
    """The record of a file, verified; raises `SamplingError` with the first difference."""
    value = load_record(data)
    differences = verify_record(value)
    if differences or not isinstance(value, dict):
        raise SamplingError(
            "the record does not verify: {first} ({count} in all)",
            first=differences[0],
            count=len(differences),
        )
    committed, moments = value["commitment"] is not None, value["times_of"]
    return Record(
        method=value["method"],
        source=value["source"],
        randomness=value["randomness"],
        commitment=Commitment(value["commitment"], value["times"]) if committed else None,
        code=value["code"],
        pool=_pool(value),
        quotas={name: value["quotas"][name] for name in sorted(value["quotas"])},
        orders=_recomputed(value),
        times=Times(*(moments[stage] and read_moment(moments[stage]) for stage in STAGES)),
        substitutes=tuple(
            Substitute(e["stratum"], e["for"], e["by"], e["reason"], datetime.fromisoformat(e["at"]))
            for e in value["substitutes"]
        ),
    )


def _contents(value: Document) -> Iterator[Difference]:
    if value["commitment"] is not None:
        commitment = Commitment(value["commitment"], value["times"])
        if not commitment.accepts(value["code"]):
            yield difference("code", "its SHA-256 is not the commitment {digest}", digest=commitment.digest)
    yield from _pool_differences(value)
    for name in ("quotas", "tickets", "drawn"):
        yield from _strata_missing(name, value)
    try:
        orders = _recomputed(value)
    except SamplingError as fault:
        yield difference("method", "{fault}", fault=fault)
        return
    drawn = {}
    for stratum, order in orders.items():
        listed = [Ticket(*pair) for pair in value["tickets"].get(stratum, [])]
        yield from _ticket_differences(stratum, listed, order)
        drawn[stratum] = [ticket.code for ticket in order[: value["quotas"].get(stratum, 0)]]
        found = value["drawn"].get(stratum, [])
        if found != drawn[stratum]:
            yield difference(
                f"drawn.{stratum}",
                "names {found}; the first tickets are {expected}",
                found=_list(found),
                expected=_list(drawn[stratum]),
            )
    yield from _substitute_differences(value, orders, drawn)
    yield from _time_differences(value)


def _pool(value: Document) -> Pool:
    return Pool(tuple(Stratum(name, tuple(sorted(codes))) for name, codes in sorted(value["pool"].items())))


def _recomputed(value: Document) -> dict[str, Order]:
    return order_pool(_pool(value), method=value["method"], randomness=value["randomness"], code=value["code"])


def _pool_differences(value: Document) -> Iterator[Difference]:
    strata = value["pool"]
    if not strata:
        yield difference("pool", "is empty")
    for stratum, codes in strata.items():
        if not codes:
            yield difference(f"pool.{stratum}", "has no place")
        if codes != sorted(codes):
            yield difference(f"pool.{stratum}", "is not sorted bytewise")
    counts = Counter(code for codes in strata.values() for code in codes)
    for code in sorted(code for code, count in counts.items() if count > 1):
        yield difference("pool", "the code “{code}” occurs {count} times", code=code, count=counts[code])
    digest = _pool(value).sha256
    if value["pool_sha256"] != digest:
        yield difference(
            "pool_sha256",
            "is {found}; the pool has {expected}",
            found=value["pool_sha256"],
            expected=digest,
        )


def _strata_missing(name: str, value: Document) -> Iterator[Difference]:
    strata, listed = value["pool"], value[name]
    for stratum in sorted(strata.keys() - listed.keys()):
        yield difference(name, "lacks the stratum “{stratum}”", stratum=stratum)
    for stratum in sorted(listed.keys() - strata.keys()):
        yield difference(name, "has the stratum “{stratum}”, which the pool lacks", stratum=stratum)


def _ticket_differences(stratum: str, listed: list[Ticket], order: Order) -> Iterator[Difference]:
    for place, (found, expected) in enumerate(zip_longest(listed, order), 1):
        if found != expected:
            yield difference(
                f"tickets.{stratum}",
                "number {place} is {found}; computed: {expected}",
                place=place,
                found=_ticket(found),
                expected=_ticket(expected),
            )


def _substitute_differences(
    value: Document, orders: Mapping[str, Order], drawn: Mapping[str, list[str]]
) -> Iterator[Difference]:
    current = {stratum: set(codes) for stratum, codes in drawn.items()}
    reserve = {stratum: [t.code for t in orders[stratum][len(drawn[stratum]) :]] for stratum in orders}
    for number, change in enumerate(value["substitutes"], 1):
        path, stratum, skipped, by = f"substitutes.{number}", change["stratum"], change["for"], change["by"]
        if stratum not in orders:
            yield difference(path, "the pool has no stratum “{stratum}”", stratum=stratum)
            continue
        if skipped not in current[stratum]:
            yield difference(path, "“{place}” was not to be visited when it was replaced", place=skipped)
        following = reserve[stratum].pop(0) if reserve[stratum] else None
        if by != following:
            yield difference(
                path,
                "“{by}” replaces “{place}”; the next ticket is {expected}",
                by=by,
                place=skipped,
                expected="none, the stratum is exhausted" if following is None else f"“{following}”",
            )
        current[stratum].discard(skipped)
        current[stratum].add(by)


def _time_differences(value: Document) -> Iterator[Difference]:
    moments = {stage: read_moment(text) for stage, text in value["times_of"].items() if text is not None}
    drawn = moments.get("drawn")
    if drawn is None:
        return
    for stage, moment in moments.items():
        if moment is not None and moment > drawn:
            yield difference(f"times_of.{stage}", "lies after the draw")
    for number, change in enumerate(value["substitutes"], 1):
        if datetime.fromisoformat(change["at"]) < drawn:
            yield difference(f"substitutes.{number}.at", "lies before the draw")


def _list(codes: list[str]) -> str:
    return ", ".join(codes) or "nothing"


def _ticket(ticket: Ticket | None) -> str:
    return f"{ticket.code} with {ticket.proof}" if ticket else "nothing"
