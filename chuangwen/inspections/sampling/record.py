"""The record of a draw: the one file from which an outsider can repeat it.

The record holds what was frozen, committed, published and drawn, and nothing that the draw did not
use. Its JSON form is fixed as `chuangwen-draw/1`. Source: spec/draw.md, "The record".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chuangwen.inspections.sampling.chain import Commitment
from chuangwen.inspections.sampling.errors import SamplingError
from chuangwen.inspections.sampling.pool import Pool
from chuangwen.inspections.sampling.tickets import Method, Order

FORMAT = "chuangwen-draw/1"
FIELDS = (
    "format", "method", "source", "randomness", "commitment", "times", "code", "pool_sha256",
    "quotas", "pool", "tickets", "drawn", "substitutes", "times_of",
)  # fmt: skip
SUBSTITUTE_FIELDS = ("stratum", "for", "by", "reason", "at")
STAGES = ("frozen", "committed", "released", "drawn")


@dataclass(frozen=True, slots=True)
class Times:
    """When each step took place, aware; None where it is not known or did not take place.

    `released` is the time before which nobody may draw. Frozen, committed and released never come
    after drawn (spec/draw.md, 3).
    """

    frozen: datetime | None = None
    committed: datetime | None = None
    released: datetime | None = None
    drawn: datetime | None = None

    def __post_init__(self) -> None:
        for stage in STAGES:
            moment = getattr(self, stage)
            if moment is None:
                continue
            if moment.utcoffset() is None:
                raise SamplingError("the time “{stage}” has no time zone; give it one", stage=stage)
            if self.drawn is not None and moment > self.drawn:
                raise SamplingError(
                    "the draw at {drawn} comes before the time “{stage}”, {moment}; wait until then",
                    drawn=self.drawn.isoformat(),
                    stage=stage,
                    moment=moment.isoformat(),
                )


@dataclass(frozen=True, slots=True)
class Substitute:
    """A drawn place that was closed or gone (`skipped`), and the next ticket of its stratum (`by`)."""

    stratum: str
    skipped: str
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """A draw with everything it follows from. Build it with `run_draw`, never by hand.

    `quotas` and `orders` have exactly the strata of the pool; `code` is hexadecimal, "" where there was
    no one-time code.
    """

    method: Method
    source: str
    randomness: str
    commitment: Commitment | None
    code: str
    pool: Pool
    quotas: Mapping[str, int]
    orders: Mapping[str, Order]
    times: Times
    substitutes: tuple[Substitute, ...] = ()

    @property
    def drawn(self) -> dict[str, tuple[str, ...]]:
        """The places drawn in each stratum, in the order of their tickets, before any substitution."""
        return {
            stratum: tuple(ticket.code for ticket in order[: self.quotas[stratum]])
            for stratum, order in self.orders.items()
        }

    @property
    def drawn_count(self) -> int:
        """Number of places drawn."""
        return sum(len(codes) for codes in self.drawn.values())

    @property
    def to_visit(self) -> dict[str, tuple[str, ...]]:
        """The places to visit in each stratum: the drawn ones, each substitute in the place of the
        skipped one."""
        current = {stratum: list(codes) for stratum, codes in self.drawn.items()}
        for change in self.substitutes:
            codes = current[change.stratum]
            codes[codes.index(change.skipped)] = change.by
        return {stratum: tuple(codes) for stratum, codes in current.items()}

    @property
    def reserve(self) -> dict[str, Order]:
        """The tickets of each stratum that are neither drawn nor used as substitutes, in order."""
        used = {change.by for change in self.substitutes}
        return {
            stratum: tuple(t for t in order[self.quotas[stratum] :] if t.code not in used)
            for stratum, order in self.orders.items()
        }

    @property
    def short_strata(self) -> dict[str, tuple[int, int]]:
        """Strata whose quota is above their size, all of whose places are drawn: {name: (quota, size)}."""
        return {
            stratum: (self.quotas[stratum], len(order))
            for stratum, order in self.orders.items()
            if self.quotas[stratum] > len(order)
        }


def record_dict(record: Record) -> dict[str, object]:
    """The record as the JSON object `chuangwen-draw/1`."""
    return {
        "format": FORMAT,
        "method": record.method,
        "source": record.source,
        "randomness": record.randomness,
        "commitment": record.commitment.digest if record.commitment else None,
        "times": record.commitment.times if record.commitment else None,
        "code": record.code,
        "pool_sha256": record.pool.sha256,
        "quotas": dict(record.quotas),
        "pool": record.pool.as_dict(),
        "tickets": {
            stratum: [[ticket.code, ticket.proof] for ticket in order] for stratum, order in record.orders.items()
        },
        "drawn": {stratum: list(codes) for stratum, codes in record.drawn.items()},
        "substitutes": [_substitute_dict(change) for change in record.substitutes],
        "times_of": {stage: _written(getattr(record.times, stage)) for stage in STAGES},
    }


def record_text(record: Record) -> str:
    """The record as a JSON file: UTF-8 text, one place a line, a line feed at the end.

    A ticket stays on the line of its place, so that a person can read the file and compare two.
    """
    lines = []
    for name, value in record_dict(record).items():
        if name in {"tickets", "pool"} and isinstance(value, dict):
            strata = (_stratum_text(stratum, places) for stratum, places in value.items())
            lines.append(f"  {_json(name)}: {{\n" + ",\n".join(strata) + "\n  }")
        else:
            lines.append(f"  {_json(name)}: {_json(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read_moment(text: str) -> datetime | None:
    """The aware time that `text` is the ISO 8601 form of, as the record writes it; None otherwise.

    "Z" and shortened forms are refused: not every Python reads them, and the tool must agree.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.utcoffset() is not None and moment.isoformat() == text else None


def _substitute_dict(change: Substitute) -> dict[str, str]:
    values = (change.stratum, change.skipped, change.by, change.reason, change.at.isoformat())
    return dict(zip(SUBSTITUTE_FIELDS, values, strict=True))


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _stratum_text(stratum: str, places: list[object]) -> str:
    return f"    {_json(stratum)}: [\n      " + ",\n      ".join(_json(place) for place in places) + "\n    ]"
