"""The INSERT of a row, put together once for each model: every step of every matter writes several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, models, router, transaction
from django.db.models.signals import post_save, pre_save

MOST_AT_ONCE = 200  # rows of one statement: SQLite takes a limited number of values
AS_IT_IS, WHOLE_NUMBER, BY_FIELD = str, int, None  # how a field's value comes to what the database takes
_plans: dict[tuple[str, type[models.Model], bool], _Plan | None] = {}  # None for a model whose INSERT is Django's


@dataclass(frozen=True, slots=True)
class _Plan:
    """How one model's rows are inserted: the fields with what their values are mostly, and the statement's parts."""

    fields: tuple[tuple[Any, str, type | None], ...]
    head: str
    places: str
    returned: str

    def values(self, row: models.Model, connection: Any) -> list[Any] | None:
        """What is written for `row`; None where something of it is computed by the database."""
        found, kept = [], row.__dict__
        for field, name, plain in self.fields:
            value = kept.get(name)
            if plain is None or (value is not None and type(value) is not plain) or name not in kept:
                value = field.pre_save(row, True)
                if hasattr(value, "resolve_expression"):
                    return None
                value = field.get_db_prep_save(value, connection=connection)
            found.append(value)
        return found


class QuickInsert(models.Model):
    """A model whose rows are inserted as Django inserts them, but for the statement and the way to it, which are kept.

    Django finds both anew for each row, which takes longer than preparing the values and running it.
    """

    class Meta:
        abstract = True

    def save_base(
        self,
        raw: bool = False,
        force_insert: Any = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Any = None,
    ) -> None:
        """As Django's. What it does beyond an INSERT of plain values is left to it."""
        alias = using or router.db_for_write(type(self), instance=self)
        is_insert = not (raw or force_update or update_fields) and (force_insert is True or self.pk is None)
        if not is_insert or not self._insert(alias):
            super().save_base(raw, force_insert, force_update, using, update_fields)

    def insert_unless_there(self) -> bool:
        """Insert this new row; False where one stands in its way by a rule that admits one alone.

        What would be an IntegrityError is no error here, so that no savepoint is needed to catch it.
        """
        if not self._insert(router.db_for_write(type(self), instance=self), " ON CONFLICT DO NOTHING"):
            raise TypeError(f"rows of {self._meta.label} are inserted by Django alone")
        return self.pk is not None

    def _insert(self, alias: str, unless: str = "") -> bool:
        """Whether the row could be inserted here. Where it was left out, it has no key."""
        connection: Any = connections[alias]
        plan = _plan_of(connection, type(self), self.pk is not None)
        values = plan.values(self, connection) if plan else None
        if plan is None or values is None:
            return False
        with transaction.mark_for_rollback_on_error(alias), connection.cursor() as cursor:
            cursor.execute(f"{plan.head}{plan.places}{unless}{plan.returned}", values)
            returned = connection.ops.fetch_returned_insert_columns(cursor, ())
        if returned:
            self.pk = returned[0]
            self._state.db, self._state.adding = alias, False
        return True

    @classmethod
    def insert_all(cls, rows: Sequence[Any], *, unless_there: bool = False) -> None:
        """Insert new rows, MOST_AT_ONCE by one statement; they do not learn their keys.

        For the few rows of one act. `unless_there` leaves out those that a rule admits once and that are there.
        """
        if len(rows) > MOST_AT_ONCE:
            with transaction.atomic(savepoint=False):
                for start in range(0, len(rows), MOST_AT_ONCE):
                    cls.insert_all(rows[start : start + MOST_AT_ONCE], unless_there=unless_there)
            return
        if not rows:
            return
        connection: Any = connections[router.db_for_write(cls)]
        plan = _plan_of(connection, cls, False)
        values = [plan.values(row, connection) if plan else None for row in rows]
        if plan is None or None in values:
            cls._default_manager.bulk_create(rows, ignore_conflicts=unless_there)
            return
        unless = " ON CONFLICT DO NOTHING" if unless_there else ""
        with transaction.mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
            places = ", ".join([plan.places] * len(rows))
            cursor.execute(f"{plan.head}{places}{unless}", [value for row in values for value in row or ()])


def _plan_of(connection: Any, model: type[models.Model], with_key: bool) -> _Plan | None:
    if pre_save.has_listeners(model) or post_save.has_listeners(model):  # they are told by Django
        return None
    place = (connection.vendor, model, with_key)
    if place not in _plans:
        _plans[place] = _made_plan(connection, model, with_key)
    return _plans[place]


def _made_plan(connection: Any, model: type[models.Model], with_key: bool) -> _Plan | None:
    meta: Any = model._meta
    if not connection.features.can_return_columns_from_insert or meta.db_returning_fields != [meta.auto_field]:
        return None
    if meta.proxy or meta.parents or meta.order_with_respect_to:
        return None
    fields = [one for one in meta.local_concrete_fields if with_key or one is not meta.auto_field]
    if any(field.generated or hasattr(field, "get_placeholder") for field in fields):  # bytes, on PostgreSQL
        return None
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    returned, _parameters = connection.ops.return_insert_columns([meta.auto_field])
    return _Plan(
        tuple((field, field.attname, _mostly(field)) for field in fields),
        f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ",  # noqa: S608 (our own names)
        f"({places})",
        f" {returned}",
    )


def _mostly(field: Any) -> type | None:
    """The type of values that Django gives to the database as they are; None where the field always has a say."""
    if type(field) in {models.CharField, models.TextField}:
        return AS_IT_IS
    if type(field) in {models.ForeignKey, models.OneToOneField} and isinstance(field.target_field, models.AutoField):
        return WHOLE_NUMBER
    return BY_FIELD
