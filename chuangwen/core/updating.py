"""The UPDATE of one row that still is as it was seen, put together once for each choice of columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connections, models, router, transaction

_statements: dict[tuple[str, type[models.Model], tuple[str, ...], tuple[str, ...]], str] = {}


def update_row(row: models.Model, values: Mapping[str, Any], **seen: Any) -> bool:
    """Write `values` (by field) to the row where its fields still are as `seen`; returns whether they were.

    As `filter(pk=row.pk, **seen).update(**values)`, whose statement Django would put together anew for every act;
    the row in memory stays as it is. What `seen` says is plain: no None, no expressions.
    """
    model = type(row)
    if any(hasattr(value, "resolve_expression") for value in values.values()):
        return model._base_manager.filter(pk=row.pk, **seen).update(**values) == 1
    connection: Any = connections[router.db_for_write(model, instance=row)]
    place = (connection.vendor, model, tuple(values), tuple(seen))
    if place not in _statements:
        _statements[place] = _statement(connection, model._meta, values, seen)
    said = [*_prepared(connection, model._meta, values), row.pk, *_prepared(connection, model._meta, seen)]
    with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(_statements[place], said)
        return bool(cursor.rowcount == 1)


def _statement(connection: Any, meta: Any, values: Iterable[str], seen: Iterable[str]) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(meta.get_field(name).column)} = %s" for name in values)
    guards = [meta.pk.column, *(meta.get_field(name).column for name in seen)]
    asked = " AND ".join(f"{quote(column)} = %s" for column in guards)
    return f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {asked}"  # noqa: S608 (our own names)


def _prepared(connection: Any, meta: Any, values: Mapping[str, Any]) -> list[Any]:
    """The values as the database takes them; a row stands for its key."""
    found = []
    for name, value in values.items():
        field = meta.get_field(name)
        plain = value.prepare_database_save(field) if hasattr(value, "prepare_database_save") else value
        found.append(field.get_db_prep_save(plain, connection=connection))
    return found
