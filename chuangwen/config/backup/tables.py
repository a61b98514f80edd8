"""Rows as lines of JSON and back, the same from either database."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.migrations.recorder import MigrationRecorder

# Signed-in sessions are not kept: a restored site asks everybody to sign in again. The index of words comes back with
# the rows that it is made of.
LEFT_OUT = frozenset({"sessions.session", "usersessions.usersession", "core.searchgram"})
BATCH = 500

Model = type[models.Model]


def kept_models() -> list[Model]:
    """Every table of the site but LEFT_OUT, those of many-to-many fields included, by label."""
    found = {
        model._meta.label_lower: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return [found[label] for label in sorted(found) if label not in LEFT_OUT]


def all_models() -> list[Model]:
    """The kept tables and those left out, which a restore empties."""
    return [*kept_models(), *(apps.get_model(label) for label in sorted(LEFT_OUT))]


def applied_migrations() -> list[str]:
    """The migrations in force, as "app.name"."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def fields_of(model: Model) -> list[models.Field[Any, Any]]:
    """The columns that are written; those that the database computes follow by themselves."""
    return [field for field in model._meta.concrete_fields if not field.generated]


def lines(model: Model) -> Iterator[bytes]:
    """The rows of a table by primary key, a line of JSON for each: the values of fields_of(model)."""
    names = [field.attname for field in fields_of(model)]
    rows = model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=2000)
    for row in rows:
        yield json.dumps(row, cls=_Encoder, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


class _Encoder(DjangoJSONEncoder):
    """Django's, with moments to the microsecond and bytes as base64."""

    def default(self, value: Any) -> Any:
        if isinstance(value, bytes | memoryview):
            return base64.b64encode(bytes(value)).decode()
        return value.isoformat() if hasattr(value, "isoformat") else super().default(value)


def insert(model: Model, rows: Iterable[bytes]) -> int:
    """Write lines back as they were, dates that Django would set by itself included; returns their number.

    Raises ValueError for a line that is no row of the table.
    """
    fields = fields_of(model)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 (our own names)
    number, batch = 0, []
    with connection.cursor() as cursor:
        for line in rows:
            batch.append(_values(fields, line))
            if len(batch) == BATCH:
                cursor.executemany(statement, batch)
                number, batch = number + len(batch), []
        if batch:
            cursor.executemany(statement, batch)
    return number + len(batch)


def _values(fields: list[models.Field[Any, Any]], line: bytes) -> list[Any]:
    values = json.loads(line)
    if not isinstance(values, list) or len(values) != len(fields):
        raise ValueError("a line has another number of values than its table")
    return [_value(field, value) for field, value in zip(fields, values, strict=True)]


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    if value is not None and isinstance(field, models.BinaryField):
        value = base64.b64decode(value)
    elif isinstance(field, models.JSONField):
        if value is None and not field.null:  # JSON's own null
            return field.get_db_prep_value(None, connection)
    elif value is not None:
        value = field.to_python(value)
    return field.get_db_prep_save(value, connection)


def empty_tables() -> None:
    """Delete every row of the site. Keys are checked when the transaction ends."""
    with connection.cursor() as cursor:
        for model in all_models():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def reset_sequences() -> None:
    """Let new rows be numbered after those that were brought in."""
    from django.core.management.color import no_style  # noqa: PLC0415

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), kept_models()):
            cursor.execute(statement)
