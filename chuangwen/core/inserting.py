"""The INSERT of one row, put together once for each model: every step of every matter writes several."""

from __future__ import annotations

from typing import Any

from django.db import connections, models

_statements: dict[tuple[str, type[models.Model], int], str] = {}  # "" for a model whose INSERT is Django's


class QuickInsert(models.Model):
    """A model whose rows are saved as Django saves them, but for the statement, which is kept.

    Django writes it anew each time, which takes as long as preparing the values and running it.
    """

    class Meta:
        abstract = True

    def _do_insert(self, manager: Any, using: str, fields: Any, returning_fields: Any, raw: bool) -> Any:
        """Insert the row; returns its key. What is no plain value, and a database without RETURNING, is Django's."""
        connection: Any = connections[using]
        place = (connection.vendor, type(self), len(fields))  # with or without the key: there are no other forms
        if place not in _statements:
            _statements[place] = _statement(connection, self._meta, fields, returning_fields)
        values = [getattr(self, field.attname) if raw else field.pre_save(self, True) for field in fields]
        if not _statements[place] or any(hasattr(value, "resolve_expression") for value in values):
            return super()._do_insert(manager, using, fields, returning_fields, raw)  # type: ignore[misc]
        prepared = [
            field.get_db_prep_save(value, connection=connection) for field, value in zip(fields, values, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(_statements[place], prepared)
            return [connection.ops.fetch_returned_insert_columns(cursor, ())]


def _statement(connection: Any, meta: Any, fields: Any, returning_fields: Any) -> str:
    if not connection.features.can_return_columns_from_insert or returning_fields != [meta.auto_field]:
        return ""
    if any(hasattr(field, "get_placeholder") for field in fields):  # bytes, on PostgreSQL
        return ""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    returned, _parameters = connection.ops.return_insert_columns(returning_fields)
    return f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({places}) {returned}"  # noqa: S608 (our own names)
