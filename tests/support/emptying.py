"""After a test that committed: only tables that hold something are emptied, and what migrating entered stays.

Django empties all two hundred and enters content types and permissions anew, which takes longer than the test.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush

KEPT = frozenset({"django_content_type", "auth_permission"})  # the same after every migration


def empty_quickly() -> None:
    """From now on `flush`, by which a test that commits is cleaned up, does no more than is needed."""
    flush.sql_flush = _statements
    flush.emit_post_migrate_signal = lambda *_args, **_kwargs: None


def _statements(_style: Any, connection: Any, **_options: Any) -> list[str]:
    """A DELETE for each table with rows; foreign keys are looked at when the transaction ends."""
    quote = connection.ops.quote_name
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    asked = [f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {quote(name)})" for name in sorted(names)]  # noqa: S608
    filled = []
    with connection.cursor() as cursor:
        for first in range(0, len(asked), 100):  # SQLite joins no more than 500
            cursor.execute(" UNION ALL ".join(asked[first : first + 100]))
            filled += [name for (name,) in cursor.fetchall()]
    return [f"DELETE FROM {quote(name)}" for name in filled]  # noqa: S608
