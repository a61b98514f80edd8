"""Where a round's results come from besides visits and people: areas name what they bring, the round takes it.

A source of results (surveys, activities, events of supervision) registers here when the program starts. Which of
its rows are taken, and that none is taken twice, is the business of the area that owns observations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One result that a source brings: for which code, of whom, by which paper.

    `key` names the row inside its source for ever. `kind` and `code` are those of the standard (leaf, veto, bonus or
    penalty); `value` the measure or the points, as scoring reads it. Two people have answered for it already:
    `entered_by` and `checked_by`. `why`: why it cannot be taken, "" where it can.
    """

    key: str
    kind: str
    code: str
    value: float | None
    day: date
    source: str
    judged_by: str
    unit: Any = None
    place: Any = None
    weight: float = 1.0
    entered_by: Any = None
    checked_by: Any = None
    checked_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ResultSource:
    """A source: `rows(round, version)` is what it brings now; who holds `permission` may follow `url(key)`.

    `feeds` names methods of criteria, or veto, bonus, penalty. `note(round, version)` says which period counts, `rules`
    leads to where a person sets what counts.
    """

    name: str
    label: Words
    feeds: frozenset[str]
    rows: Callable[[Any, Any], Sequence[SourceRow]]
    url: Callable[[str], str]
    permission: str
    note: Callable[[Any, Any], str] = field(default=lambda _round, _version: "")
    rules: Callable[[Any], str] | None = None

    def origin(self, key: str) -> str:
        """How a result remembers the row it came from."""
        return f"{self.name}/{key}"


_sources: dict[str, ResultSource] = {}


def register_result_source(source: ResultSource) -> None:
    """Let rounds take what `source` brings; ValueError where its name is taken or is no word."""
    if "/" in source.name or _sources.setdefault(source.name, source) is not source:
        raise ValueError(f"another source of results is called {source.name!r} already")


def result_sources() -> list[ResultSource]:
    """All of them, as they registered."""
    return list(_sources.values())


def result_source(name: str) -> ResultSource | None:
    return _sources.get(name)


def source_of(origin: str) -> tuple[ResultSource, str] | None:
    """The source and key that an origin names; None where it has none or its area is gone."""
    name, slash, key = origin.partition("/")
    found = _sources.get(name)
    return (found, key) if found and slash else None
