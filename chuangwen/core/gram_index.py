"""Words found without reading every text: which rows hold a pair of neighbouring characters (design.md, Decided).

An area registers the fields of a model that people search. The database keeps the index by triggers
(gram_triggers.py); a search asks for the rarest pair of its words and lets LIKE look at those rows only. Where no
pair is rare enough, LIKE finds enough rows soon by itself, and the index keeps out of the way.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import time
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import Max, Min, Model, QuerySet

from chuangwen.core.daily import daily
from chuangwen.core.gram_triggers import PREFIX, TABLE, Indexed, creating, filling, names
from chuangwen.core.grams import grams_asked, may_be_number
from chuangwen.core.models import SearchGram

VERY_FEW = 300  # rows that are looked at as they are
FEW = 8000  # rows that hold the rarest pair: up to here it is quicker to look at each than to read all texts
FEW_BESIDE = 1000  # rows of another table, each of which may belong to many
BATCH = 2000  # rows entered at once when the index is mended: a tenth of a second, so that nobody waits
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Searched:
    """What is searched of one model: `fields` are in the index, `numbers` hold figures and hyphens only."""

    model: type[Model]
    fields: tuple[str, ...]
    numbers: tuple[str, ...]
    indexed: Indexed


_registered: dict[type[Model], Searched] = {}


def register_grams(kind: int, model: type[Model], fields: tuple[str, ...], numbers: tuple[str, ...] = ()) -> None:
    """Keep `fields` of `model` in the index, under `kind`, a number of its own that never changes.

    `numbers` are fields filled by the program with figures and hyphens alone: words of another kind are not looked
    for there. The model has the keys `id` and `region`. Called in AppConfig.ready.
    """
    for other in _registered.values():
        if other.indexed.kind == kind and other.model is not model:
            raise ValueError(f"{model._meta.label} and {other.model._meta.label} share kind {kind}")
    columns = tuple(str(model._meta.get_field(name).column) for name in fields)  # type: ignore[union-attr]
    _registered[model] = Searched(model, fields, numbers, Indexed(kind, model._meta.db_table, columns))


def registered() -> list[Searched]:
    """All that was registered, by kind."""
    return sorted(_registered.values(), key=lambda one: one.indexed.kind)


def words_of(model: type[Model]) -> Searched | None:
    """What is in the index of this model, if anything is."""
    return _registered.get(model)


def holding(model: type[Model], words: str, few: int = FEW) -> QuerySet[Any] | None:
    """The keys of the rows that may hold `words`: all that do are among them. One query, beside what is then asked.

    None where the index is no help: the model is not in it, the words are one character, or no pair is rare. Where
    the rarest pair is not very rare, the second rarest is asked for as well.
    """
    entry, asked = _registered.get(model), grams_asked(words)
    if entry is None or not asked:
        return None
    kind = entry.indexed.kind
    (rarest, rows), *others = sorted(_counted(kind, asked, few + 1), key=lambda one: one[1])
    if not rows:
        return SearchGram.objects.none().values("object_id")
    if rows > few:
        return None
    found = SearchGram.objects.filter(kind=kind, gram=rarest)
    if rows > VERY_FEW and others and others[0][1] <= few:
        second = SearchGram.objects.filter(kind=kind, gram=others[0][0])
        found = found.filter(object_id__in=second.values("object_id"))
    return found.values("object_id")


def _counted(kind: int, grams: list[str], limit: int) -> list[tuple[str, int]]:
    """How many rows hold each pair, counted no further than `limit`."""
    one = f"SELECT %s, COUNT(*) FROM (SELECT 1 FROM {TABLE} WHERE kind = %s AND gram = %s LIMIT %s) counted"  # noqa: S608 (our own name)
    params = [value for gram in grams for value in (gram, kind, gram, limit)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(grams)), params)
        return list(cursor.fetchall())


def is_no_number(entry: Searched, field: str, words: str) -> bool:
    """Whether `field` holds numbers of ours, and `words` can be no part of one."""
    return field in entry.numbers and not may_be_number(words)


def install(using: str = "default", **_told: Any) -> None:
    """After each migration: make the triggers that are not there, drop those of another make, enter the rows' words.

    Where all are there it costs one query.
    """
    database = connections[using]
    with database.cursor() as cursor:
        cursor.execute(_PRESENT[database.vendor])
        present = {str(name) for (name,) in cursor.fetchall()}
        wanted = {name for one in registered() for name in names(one.indexed, database.vendor)}
        if present == wanted:
            return
        lacking = {
            one: present.intersection(own)
            for one in registered()
            if not present.issuperset(own := names(one.indexed, database.vendor))
            and _is_there(cursor, database, one.indexed)
        }
    with transaction.atomic(using=using), database.cursor() as cursor:
        for statement in _dropping(database.vendor, (present - wanted).union(*lacking.values())):
            cursor.execute(statement)
        for one in lacking:
            cursor.execute(f"DELETE FROM {TABLE} WHERE kind = %s", [one.indexed.kind])  # noqa: S608 (our own name)
            for statement in creating(one.indexed, database.vendor):
                cursor.execute(statement)
            mend(one, using)


_PRESENT = {
    "sqlite": rf"SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '{PREFIX[:-1]}\_%' ESCAPE '\'",  # noqa: S608
    "postgresql": rf"SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE '{PREFIX[:-1]}\_%'",  # noqa: S608
}


def _is_there(cursor: Any, database: Any, indexed: Indexed) -> bool:
    """Whether the tables are: a migration may have been asked for that ends before them."""
    tables = database.introspection.table_names(cursor)
    if TABLE not in tables or indexed.table not in tables:
        return False
    columns = {one.name for one in database.introspection.get_table_description(cursor, indexed.table)}
    return columns.issuperset(indexed.columns)


def _dropping(vendor: str, gone: set[str]) -> list[str]:
    """The statements that drop these triggers; on PostgreSQL with their function, named by the stem."""
    if vendor == "postgresql":
        return [f"DROP FUNCTION {stem} CASCADE" for stem in sorted({name.rpartition("_")[0] for name in gone})]
    return [f"DROP TRIGGER {name}" for name in sorted(gone)]


def mend(entry: Searched, using: str = "default") -> int:
    """Enter what rows lack in the index; returns how many pairs. In steps, so that others can write between."""
    database = connections[using]
    keys = entry.model._base_manager.using(using).aggregate(first=Min("pk"), last=Max("pk"))
    statement, entered = filling(entry.indexed, database.vendor), 0
    for first in range((keys["first"] or 1) - 1, keys["last"] or 0, BATCH):
        with database.cursor() as cursor:
            cursor.execute(statement, [first, first + BATCH])
            entered += cursor.rowcount
    return entered


@daily("words", at=time(3, 20))
def mend_all() -> dict[str, int]:
    """Every night: look whether every row's words are in the index, and enter what is not; how many pairs by model.

    The triggers leave nothing out, so a number says that somebody took them away: it is written to the log.
    """
    install()
    entered = {entry.model._meta.label_lower: mend(entry) for entry in registered()}
    for label, missing in entered.items():
        if missing:
            logger.warning("index of words: %s pairs of %s were missing and are entered", missing, label)
    return entered
