"""Many counts in one round trip: the numbers beside tabs and in the navigation stand on every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import QuerySet

from chuangwen.core.wording import figure_words

COUNT_LIMIT = 10_000  # beside a tab or a link nobody needs to know more exactly


def limited_words(count: int, limit: int = COUNT_LIMIT) -> str:
    """A number that was counted no further than `limit`: 1,234 below it, 10,000+ there."""
    return f"{figure_words(count)}+" if count >= limit else figure_words(count)


def counts(several: Sequence[QuerySet[Any]], limit: int | None = None) -> list[int]:
    """How many rows each queryset has, in their order, counted no further than `limit`: one query for all.

    Each row counts once, whatever is joined to it, as far as the queryset itself says `distinct`. Querysets that are
    known to be empty cost nothing; no query is made where all are.
    """
    found = [0] * len(several)
    parts: list[str] = []
    params: list[Any] = []
    alias = router.db_for_read(several[0].model) if several else ""
    for place, rows in enumerate(several):
        keys = rows.query.chain()  # on the query itself: each step of a queryset would copy it once more
        keys.clear_ordering(force=True)
        keys.set_values(["pk"])
        keys.set_limits(high=limit)
        try:
            sql, given = keys.get_compiler(alias).as_sql()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT {place}, COUNT(*) FROM ({sql}) counted")  # noqa: S608 (Django's own SQL, with params)
        params += given
    if parts:
        with connections[alias].cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            for place, number in cursor.fetchall():
                found[place] = number
    return found
