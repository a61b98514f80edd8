"""The draw itself: from what was frozen, committed and published to the places to visit.

Source: spec/draw.md, steps 3 (Draw) and 4 (Substitute).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from chuangwen.inspections.sampling.chain import Commitment, canonical_hex, check_code
from chuangwen.inspections.sampling.errors import SamplingError
from chuangwen.inspections.sampling.pool import Pool, canonical_text, check_quotas, free_text
from chuangwen.inspections.sampling.randomness import check_randomness
from chuangwen.inspections.sampling.record import Record, Substitute, Times
from chuangwen.inspections.sampling.tickets import METHODS, Method, order_pool

SYSTEM_SOURCE = "computer (system random)"
UNSTATED_SOURCE = "not stated"
SYSTEM_BYTES = 32


def run_draw(
    pool: Pool,
    quotas: Mapping[str, object],
    *,
    randomness: str,
    code: str,
    source: str = UNSTATED_SOURCE,
    commitment: Commitment | None = None,
    method: Method = "vrs",
    times: Times | None = None,
) -> Record:
    """Draw from every stratum of `pool` as many places as its quota (0 where `quotas` lacks it).

    `code` is the one-time code in hexadecimal; with a commitment it must hash to it. A quota above the
    stratum's size takes all places, see `Record.short_strata`. The outcome depends on the set of
    places, never on their order. Raises `SamplingError`.
    """
    if method not in METHODS:
        raise SamplingError("there is no method “{method}”; use vrs or rfc3797", method=method)
    times = times or Times()
    if commitment is None and times.committed is not None:
        raise SamplingError("there is a time of commitment but no commitment; give both or neither")
    code = canonical_hex(code, what="one-time code")
    check_code(commitment, code)
    check_randomness(randomness)
    return Record(
        method=method,
        source=free_text(source) or UNSTATED_SOURCE,
        randomness=randomness,
        commitment=commitment,
        code=code,
        pool=pool,
        quotas=check_quotas(pool, quotas),
        orders=order_pool(pool, method=method, randomness=randomness, code=code),
        times=times,
    )


def draw_by_computer(
    pool: Pool,
    quotas: Mapping[str, object],
    *,
    times: Times | None = None,
    random_bytes: Callable[[int], bytes] = os.urandom,
) -> Record:
    """The simple form: one button, randomness of the operating system, no commitment, method vrs.

    Anybody can check that the places follow from the randomness, but must trust the machine that the
    randomness was taken once. The record says so by its source and by `commitment` null.
    """
    return run_draw(
        pool,
        quotas,
        randomness=random_bytes(SYSTEM_BYTES).hex(),
        code="",
        source=SYSTEM_SOURCE,
        times=times,
    )


def substitute(record: Record, *, stratum: str, skipped: str, reason: str, at: datetime) -> Record:
    """The record with `skipped`, a place to visit, replaced by the next ticket of its stratum.

    A substitute can be replaced in its turn. Raises where the place is not to be visited, where no
    reason is given, where `at` has no time zone or lies before the draw, and where the stratum has no
    place left.
    """
    stratum, skipped, reason = canonical_text(stratum), canonical_text(skipped), free_text(reason)
    if skipped not in record.to_visit.get(stratum, ()):
        raise SamplingError(
            "the place “{skipped}” is not to be visited in the stratum “{stratum}”; only a drawn place "
            "or its substitute can be replaced",
            skipped=skipped,
            stratum=stratum,
        )
    if not reason:
        raise SamplingError("say why the place “{skipped}” cannot be inspected", skipped=skipped)
    if at.utcoffset() is None:
        raise SamplingError("the time of the substitution has no time zone; give it one")
    if record.times.drawn is not None and at < record.times.drawn:
        raise SamplingError(
            "the substitution at {at} comes before the draw at {drawn}; correct the time",
            at=at.isoformat(),
            drawn=record.times.drawn.isoformat(),
        )
    reserve = record.reserve[stratum]
    if not reserve:
        raise SamplingError(
            "the stratum “{stratum}” is exhausted: its {size} places are all drawn or skipped, so "
            "“{skipped}” has no substitute; record it as not inspected",
            stratum=stratum,
            size=len(record.orders[stratum]),
            skipped=skipped,
        )
    change = Substitute(stratum, skipped, reserve[0].code, reason, at)
    return replace(record, substitutes=(*record.substitutes, change))
