"""The SQL by which the database itself keeps the index of words, so that no writer can forget it. Pure text.

Whoever writes a row, by save(), bulk_create(), update() or by hand, fires the trigger in the same transaction.
A table that SQLite makes anew in a migration loses its triggers: gram_index.install puts them back after each one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

TABLE = "core_searchgram"
PREFIX = "grams_"


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where the two databases' words differ."""

    lower: str  # Latin letters in small, whatever the language of the database
    newline: str
    position: str
    differs: str


DIALECTS = {
    "sqlite": Dialect("lower({})", "char(10)", "instr", "IS NOT"),
    "postgresql": Dialect(
        f"translate({{}}, '{ascii_uppercase}', '{ascii_lowercase}')", "chr(10)", "strpos", "IS DISTINCT FROM"
    ),
}


@dataclass(frozen=True, slots=True)
class Indexed:
    """One table's part in the index: the columns that hold words, under the table's number."""

    kind: int
    table: str
    columns: tuple[str, ...]


def filling(indexed: Indexed, vendor: str) -> str:
    """The statement that enters what the rows with `id` above its first and up to its second parameter still lack."""
    rows = f'SELECT id, region_id, 1, {_text(indexed, "", vendor)} FROM "{indexed.table}" WHERE id > %s AND id <= %s'  # noqa: S608 (our own names)
    return _entering(indexed, rows, vendor)


def digest(indexed: Indexed, vendor: str) -> str:
    """Eight figures that change when the triggers would."""
    return hashlib.sha256("".join(_bodies(indexed, vendor)).encode()).hexdigest()[:8]


def names(indexed: Indexed, vendor: str) -> tuple[str, str, str]:
    """The names of the triggers for new, changed and deleted rows."""
    stem = f"{PREFIX}{indexed.kind}_{digest(indexed, vendor)}"
    return f"{stem}_new", f"{stem}_changed", f"{stem}_deleted"


def creating(indexed: Indexed, vendor: str) -> list[str]:
    """The statements that make the triggers."""
    return _for_postgresql(indexed) if vendor == "postgresql" else _for_sqlite(indexed)


def _for_sqlite(indexed: Indexed) -> list[str]:
    enter, leave = _bodies(indexed, "sqlite")
    new, changed, deleted = names(indexed, "sqlite")
    table, columns, differs = indexed.table, _listed(indexed), _differs(indexed, "sqlite")
    return [
        f'CREATE TRIGGER {new} AFTER INSERT ON "{table}" BEGIN {enter}; END',
        f'CREATE TRIGGER {changed} AFTER UPDATE OF {columns} ON "{table}" WHEN {differs} BEGIN {leave}; {enter}; END',
        f'CREATE TRIGGER {deleted} AFTER DELETE ON "{table}" BEGIN {leave}; END',
    ]


def _for_postgresql(indexed: Indexed) -> list[str]:
    enter, leave = _bodies(indexed, "postgresql")
    new, changed, deleted = names(indexed, "postgresql")
    table, function = indexed.table, f"{PREFIX}{indexed.kind}_{digest(indexed, 'postgresql')}"
    runs, columns, differs = f"EXECUTE FUNCTION {function}()", _listed(indexed), _differs(indexed, "postgresql")
    body = f"IF TG_OP <> 'INSERT' THEN {leave}; END IF; IF TG_OP <> 'DELETE' THEN {enter}; END IF; RETURN NULL;"
    return [
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        f'CREATE TRIGGER {new} AFTER INSERT ON "{table}" FOR EACH ROW {runs}',
        f'CREATE TRIGGER {changed} AFTER UPDATE OF {columns} ON "{table}" FOR EACH ROW WHEN ({differs}) {runs}',
        f'CREATE TRIGGER {deleted} AFTER DELETE ON "{table}" FOR EACH ROW {runs}',
    ]


def _bodies(indexed: Indexed, vendor: str) -> tuple[str, str]:
    """What enters the new row's pairs, and what takes the old row's out."""
    new = f"SELECT NEW.id, NEW.region_id, 1, {_text(indexed, 'NEW.', vendor)}"
    old = f"SELECT OLD.id, OLD.region_id, 1, {_text(indexed, 'OLD.', vendor)}"
    leaving = (
        f"DELETE FROM {TABLE} WHERE kind = {indexed.kind} AND region_id = OLD.region_id AND object_id = OLD.id "  # noqa: S608
        f"AND gram IN (SELECT pairs.gram FROM ({_pairs(indexed, old, vendor)}) pairs)"
    )
    return _entering(indexed, new, vendor), leaving


def _entering(indexed: Indexed, rows: str, vendor: str) -> str:
    return (
        f"INSERT INTO {TABLE} (kind, gram, region_id, object_id) {_pairs(indexed, rows, vendor)} ON CONFLICT DO NOTHING"
    )


def _pairs(indexed: Indexed, rows: str, vendor: str) -> str:
    """(kind, gram, region, object) for the texts of `rows`, whose columns are object, region, 1 and the text."""
    dialect = DIALECTS[vendor]
    return (
        f"SELECT DISTINCT {indexed.kind} AS kind, {dialect.lower.format('substr(walk.t, walk.i, 2)')} AS gram, "  # noqa: S608
        "walk.region, walk.object FROM (WITH RECURSIVE step(object, region, i, t) AS "
        f"({rows} UNION ALL SELECT object, region, i + 1, t FROM step WHERE i < length(t) - 1) "
        "SELECT object, region, i, t FROM step) walk "
        f"WHERE length(walk.t) > 1 AND {dialect.position}(substr(walk.t, walk.i, 2), {dialect.newline}) = 0"
    )


def _text(indexed: Indexed, row: str, vendor: str) -> str:
    """The words of a row, a line for each column."""
    between = f" || {DIALECTS[vendor].newline} || "
    return between.join(f"CAST(coalesce({row}\"{column}\", '') AS text)" for column in indexed.columns)


def _differs(indexed: Indexed, vendor: str) -> str:
    columns: Sequence[str] = (*indexed.columns, "region_id")
    return " OR ".join(f'OLD."{one}" {DIALECTS[vendor].differs} NEW."{one}"' for one in columns)


def _listed(indexed: Indexed) -> str:
    return ", ".join(f'"{one}"' for one in (*indexed.columns, "region_id"))
