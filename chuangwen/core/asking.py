"""A SELECT put together once and asked again and again with other values: what every step of every matter asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Expression, Model, QuerySet


class Given(Expression):
    """The place of a value that each asking gives anew."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def as_sql(self, _compiler: Any, _connection: Any) -> Any:
        """The place itself; what stands there is known when it is asked."""
        return "%s", [self]


class Question:
    """A query of Django's, of which only the values change: it takes longer to put together than to ask.

    `make` is called once for each connection, with as many places as the question has values, and gives the query
    with the places where values stand: compared with fields, not None, not several at once. Asked, it gives the rows
    that the query gives. Values are keys or rows, texts, numbers and moments.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]]) -> None:
        self._make, self._count = make, make.__code__.co_argcount

    def __call__(self, *values: Any) -> list[Any]:
        """The rows: one query."""
        connection: Any = connections["default"]
        kept: dict[Question, _Kept] = connection.__dict__.setdefault("_questions", {})
        if self not in kept:
            kept[self] = _Kept(self._make(*(Given(number) for number in range(self._count))), connection)
        return kept[self].asked([_plain(value, connection) for value in values])

    def first(self, *values: Any) -> Any:
        """The first row or None: one query, which should be limited to one row itself."""
        return next(iter(self(*values)), None)


class _Kept:
    """A question on one connection, and so of one thread."""

    def __init__(self, rows: QuerySet[Any, Any], connection: Any) -> None:
        compiler: Any = rows.query.get_compiler(connection=connection)
        self._sql, self._places = compiler.as_sql()
        self._said: list[Any] = []
        compiler.as_sql = lambda: (self._sql, self._said)
        converters = compiler.get_converters([one[0] for one in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda _columns: converters
        self._rows: Any = rows
        query: Any = rows.query
        query.get_compiler = lambda *_args, **_options: compiler

    def asked(self, values: list[Any]) -> list[Any]:
        self._said = [values[one.number] if isinstance(one, Given) else one for one in self._places]
        return list(self._rows._iterable_class(self._rows))  # noqa: SLF001 (how a query set makes its rows)


def _plain(value: Any, connection: Any) -> Any:
    """A value as the database takes it."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value
