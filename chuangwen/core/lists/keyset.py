"""Paging by key: the next page starts after the last row's sort value and primary key.

The cost of a page does not grow with its number, and a row that arrives meanwhile shifts nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from chuangwen.core.models import as_json


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row at a page's edge. `back`: the page before it is wanted."""

    value: Any
    pk: int
    back: bool = False

    def text(self) -> str:
        packed = json.dumps([as_json(self.value), self.pk, self.back], separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def parse_cursor(text: str) -> Cursor | None:
    """The cursor that `text` stands for; None for anything else, which shows the first page."""
    try:
        value, pk, back = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, TypeError):
        return None
    if not isinstance(pk, int) or not isinstance(back, bool) or isinstance(value, list | dict):
        return None
    return Cursor(value, pk, back)


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of rows with the cursors of its neighbours (empty where there is none)."""

    rows: list[Any]
    before: str
    after: str


def cut(queryset: QuerySet[Any], sort: str, cursor: Cursor | None, size: int) -> Slice:
    """The page of `size` rows at `cursor`, ordered by `sort` ("-field" falls) and then primary key."""
    falling, field = sort.startswith("-"), sort.lstrip("-")
    back = bool(cursor and cursor.back)
    prefix = "-" if falling != back else ""
    rows = queryset.order_by(f"{prefix}{field}", f"{prefix}pk")
    if cursor:
        rows = rows.filter(_beyond(field, cursor, falling=falling != back))
    found = list(rows[: size + 1])
    more = len(found) > size
    found = found[:size]
    if back:
        found.reverse()
    has_before, has_after = (more, True) if back else (bool(cursor), more)
    if not found:
        return Slice([], "", "")
    return Slice(
        found,
        _edge(found[0], field, back=True) if has_before else "",
        _edge(found[-1], field, back=False) if has_after else "",
    )


def _beyond(field: str, cursor: Cursor, *, falling: bool) -> Q:
    """Rows past the cursor. The first condition lets the index seek, the second cuts the ties."""
    if field == "pk":
        return Q(pk__lt=cursor.pk) if falling else Q(pk__gt=cursor.pk)
    side = "lt" if falling else "gt"
    tie = Q(**{field: cursor.value, f"pk__{side}": cursor.pk})
    return Q(**{f"{field}__{side}e": cursor.value}) & (Q(**{f"{field}__{side}": cursor.value}) | tie)


def _edge(row: Any, field: str, *, back: bool) -> str:
    value = row
    for part in field.split("__"):
        value = getattr(value, part)
    return Cursor(value, row.pk, back).text()
