"""Paging by key: the next page starts after the last row's sort value and primary key.

The cost of a page does not grow with its number, and a row that arrives meanwhile shifts nothing.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Q, QuerySet

from chuangwen.core.models import as_json

START_LIMIT = 10**12


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row at a page's edge. `back`: the page before it is wanted; `start`: how many rows lie before that page."""

    value: Any
    pk: int
    back: bool = False
    start: int = 0

    def text(self) -> str:
        packed = json.dumps([as_json(self.value), self.pk, self.back, self.start], separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def parse_cursor(text: str) -> Cursor | None:
    """The cursor that `text` stands for; None for anything else, which shows the first page."""
    try:
        value, pk, back, start = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, TypeError, RecursionError):
        return None
    if type(pk) is not int or not isinstance(back, bool) or type(start) is not int or not 0 <= start < START_LIMIT:
        return None
    return None if isinstance(value, list | dict) or value is None else Cursor(value, pk, back, start)


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of rows, how many lie before it, and the cursors of its neighbours (empty where there is none)."""

    rows: list[Any]
    start: int = 0
    before: str = ""
    after: str = ""


def cut(queryset: QuerySet[Any], sort: str, cursor: Cursor | None, size: int) -> Slice:
    """The page of `size` rows at `cursor`, ordered by `sort` ("-field" falls) and then primary key.

    A cursor that does not fit the field (made up, or kept from another order) shows the first page. The keys of the
    page are found first and its rows fetched by them: joined to all that its cells need, a database would rather
    read and sort the whole table than walk along the index. Two queries, and those that `queryset` prefetches.
    """
    falling, field = sort.startswith("-"), sort.lstrip("-")
    if cursor and not _fits(queryset, field, cursor.value):
        cursor = None
    back = bool(cursor and cursor.back)
    prefix = "-" if falling != back else ""
    rows = queryset.order_by(f"{prefix}{field}", f"{prefix}pk")
    if cursor:
        rows = rows.filter(_beyond(field, cursor, falling=falling != back))
    keys = list(rows.values_list("pk", flat=True)[: size + 1])
    more = len(keys) > size
    found = rows_of(queryset, keys[:size])
    if back:
        found.reverse()
    if not found:
        return Slice([])
    has_before, has_after = (more, True) if back else (bool(cursor), more)
    start = cursor.start if cursor and has_before else 0
    return Slice(
        found,
        start,
        _edge(found[0], field, back=True, start=max(0, start - size)) if has_before else "",
        _edge(found[-1], field, back=False, start=start + len(found)) if has_after else "",
    )


def rows_of(queryset: QuerySet[Any], keys: list[int]) -> list[Any]:
    """The rows of `keys` in their order; a row that went meanwhile is left out."""
    found = {row.pk: row for row in queryset.order_by().filter(pk__in=keys)} if keys else {}
    return [found[key] for key in keys if key in found]


def _fits(queryset: QuerySet[Any], lookup: str, value: Any) -> bool:
    """Whether `value` can be compared with the field or annotation that `lookup` leads to."""
    try:
        _field_of(queryset, lookup).to_python(value)
    except (FieldDoesNotExist, ValidationError, ValueError, TypeError, OverflowError):
        return False
    return "\x00" not in str(value)


def _field_of(queryset: QuerySet[Any], lookup: str) -> Any:
    if lookup in queryset.query.annotations:
        return queryset.query.annotations[lookup].output_field
    options = queryset.model._meta
    field: Any = options.pk
    for part in lookup.split("__"):
        field = options.pk if part == "pk" else options.get_field(part)
        options = field.related_model._meta if field.is_relation else options
    return field


def _beyond(field: str, cursor: Cursor, *, falling: bool) -> Q:
    """Rows past the cursor. The first condition lets the index seek, the second cuts the ties."""
    if field == "pk":
        return Q(pk__lt=cursor.pk) if falling else Q(pk__gt=cursor.pk)
    side = "lt" if falling else "gt"
    tie = Q(**{field: cursor.value, f"pk__{side}": cursor.pk})
    return Q(**{f"{field}__{side}e": cursor.value}) & (Q(**{f"{field}__{side}": cursor.value}) | tie)


def _edge(row: Any, field: str, *, back: bool, start: int) -> str:
    value = row
    for part in field.split("__"):
        value = getattr(value, part)
    return Cursor(value, row.pk, back, start).text()
