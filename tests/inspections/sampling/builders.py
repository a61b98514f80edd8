"""Pools and records for the tests of the draw, from a seed where they vary."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from chuangwen.inspections.sampling import Chain, Pool, Record, Times, build_pool, run_draw, substitute
from chuangwen.inspections.sampling.record import record_dict

TOOL = Path(__file__).parents[3] / "tools" / "verify_draw.py"
CHINA = timezone(timedelta(hours=8))
SECRET = b"totally not a bikeshed"
TIMES = Times(
    frozen=datetime(2026, 11, 13, 17, 0, tzinfo=CHINA),
    committed=datetime(2026, 11, 13, 17, 5, tzinfo=CHINA),
    released=datetime(2026, 11, 16, 7, 30, tzinfo=CHINA),
    drawn=datetime(2026, 11, 16, 7, 31, tzinfo=CHINA),
)
LATER = datetime(2026, 11, 16, 9, 40, tzinfo=CHINA)


def small_pool() -> Pool:
    """Two strata: six markets and three roads."""
    markets = [("market", f"M-{number:02}") for number in range(1, 7)]
    return build_pool([*markets, ("道路", "人民路"), ("道路", "文化路"), ("道路", "新华路")])


def full_record(method: str = "vrs") -> Record:
    """A record with every field in use: a commitment, all times, two substitutes in a row."""
    chain = Chain(SECRET, 10)
    record = run_draw(
        small_pool(),
        {"market": 2, "道路": 1},
        randomness="2.2.6.4./",
        code=chain.code(),
        source="dice thrown before witnesses",
        commitment=chain.commitment(),
        method="vrs" if method == "vrs" else "rfc3797",
        times=TIMES,
    )
    for reason in ("closed for rebuilding", "road dug up"):
        place = record.to_visit["market"][0]
        record = substitute(record, stratum="market", skipped=place, reason=reason, at=LATER)
    return record


def random_record(seed: int) -> Record:
    """A record of random size, method, names, commitment and substitutes."""
    source = random.Random(seed)  # noqa: S311 (a fixed seed is wanted)
    strata = source.sample(["market", "医院", "道路", "a b", "é", "公园/东区"], source.randint(1, 5))
    if source.random() < 0.2:
        strata = [""]
    pairs = [
        (stratum, f"{source.choice('ABC市路')}{number}-{index}")
        for index, stratum in enumerate(strata)
        for number in range(source.randint(1, 9))
    ]
    source.shuffle(pairs)
    committed = source.random() < 0.5
    chain = Chain(source.randbytes(20), source.randint(1, 12))
    record = run_draw(
        build_pool(pairs),
        {stratum: source.randint(0, 6) for stratum in strata},
        randomness=".".join(str(source.randint(1, 6)) for _ in range(12)) + "./",
        code=chain.code() if committed else source.choice(["", source.randbytes(32).hex()]),
        source="dice",
        commitment=chain.commitment() if committed else None,
        method=source.choice(["vrs", "rfc3797"]),
        times=source.choice([None, TIMES if committed else replace(TIMES, committed=None)]),
    )
    for _ in range(source.randint(0, 3)):
        open_strata = [s for s, reserve in record.reserve.items() if reserve and record.to_visit[s]]
        if open_strata:
            stratum = source.choice(open_strata)
            place = source.choice(record.to_visit[stratum])
            record = substitute(record, stratum=stratum, skipped=place, reason="闭店", at=LATER)
    return record


def document(record: Record) -> dict[str, Any]:
    """The record as decoded JSON, free to be changed."""
    value: dict[str, Any] = json.loads(json.dumps(record_dict(record)))
    return value
