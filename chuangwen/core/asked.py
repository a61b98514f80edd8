"""What is asked of units (减负): areas name their requests here; the burden meter counts them, nothing asks twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class AskedSource:
    """Requests of one kind to units: what the burden meter counts.

    `kind` is one of task, dossier, report, weekly, survey, problem; or prefilled, for facts that were not asked again.
    `rows()` are all that were asked, of every region; `unit`, `asked` and `answered` name columns ("" for never).
    `still_open(units)` gives (unit, title, address) of what is open at these units, by their keys, so that nothing
    asks for it again; tasks and recurring duties are known without it.
    """

    kind: str
    rows: Callable[[], QuerySet[Any]]
    asked: str
    answered: str = ""
    unit: str = "unit"
    still_open: Callable[[Collection[int]], Iterable[tuple[int, str, str]]] | None = None


_asked: list[AskedSource] = []


def register_asked(source: AskedSource) -> None:
    """Let the burden meter count these requests."""
    if source not in _asked:
        _asked.append(source)


def asked_sources() -> list[AskedSource]:
    return list(_asked)
