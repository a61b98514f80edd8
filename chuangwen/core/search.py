"""Finding things by name from anywhere (Ctrl K): each area answers for its own, within what the person may see."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import ForeignObjectRel, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

Words = str | Promise
MOST = 8  # of a kind
LONGEST = 60
LAST = chr(sys.maxunicode)  # stands after every other character


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: `label` opens `url`; `second` tells it from others of the name."""

    label: Words
    url: str
    second: Words = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What one area found, at most MOST; `more_url` is its list narrowed by the same words."""

    title: Words
    icon: str
    hits: list[Hit]
    more_url: str = ""


SearchProvider = Callable[[HttpRequest, str], Group | None]
_providers: dict[SearchProvider, int] = {}


def register_search(provider: SearchProvider, order: int = 50) -> None:
    """Let `provider(request, words)` answer; `words` is never empty. Groups stand by `order`."""
    _providers[provider] = order


def search(request: HttpRequest, text: str) -> list[Group]:
    """All groups with hits for `text`. A provider adds at most a query or two."""
    words = " ".join(text.replace("\x00", "").split())[:LONGEST]
    if not words:
        return []
    ordered = sorted(_providers, key=lambda one: _providers[one])
    groups = (provider(request, words) for provider in ordered)
    return [group for group in groups if group is not None and group.hits]


def matching(rows: QuerySet[Any], words: str, *, begins: Iterable[str] = (), holds: Iterable[str] = ()) -> list[Any]:
    """At most MOST rows: those whose `begins` fields begin with `words` first, then those whose `holds` fields hold it.

    The beginning is looked up through indexes; what only holds the words is asked for when that gave too few.
    """
    first, second = Q(), Q()
    for name in begins:
        first |= _beginning(name, words)
    for name in holds:
        second |= Q(**{f"{name}__icontains": words})
    found = list(rows.filter(first)[:MOST]) if first else []
    if len(found) < MOST and second:
        rest = rows.filter(second).exclude(pk__in=[row.pk for row in found])
        found += rest[: MOST - len(found)]
    return found


def _beginning(name: str, words: str) -> Q:
    """Values of `name` that begin with `words`, as typed or in capitals.

    SQLite's LIKE knows no index; a span of the field's own order does. PostgreSQL orders by the customs of a
    language, where a span might miss something, and has its own way for a beginning.
    """
    spellings = dict.fromkeys((words, words.upper()))
    if connection.vendor != "sqlite":
        return Q(*((f"{name}__startswith", one) for one in spellings), _connector=Q.OR)
    spans = (Q(**{f"{name}__gte": one, f"{name}__lt": one + LAST}) for one in spellings)
    return reduce(or_, spans)


def wanted(model: type[Model], search: Sequence[str], words: str) -> Q:
    """The condition that one of the `search` lookups holds `words`.

    What belongs to another table is looked up there, once, and not joined to each row; where the words know no case,
    none is converted.
    """
    same_case = words.upper() == words.lower()
    found = Q()
    for lookup in search:
        exact = lookup.replace("__icontains", "__contains").replace("__istartswith", "__startswith")
        path, _, rest = (exact if same_case else lookup).partition("__")
        relation = model._meta.get_field(path)
        if relation.is_relation and relation.related_model:
            others = relation.related_model._base_manager.filter(**{rest: words})
            if isinstance(relation, ForeignObjectRel):
                found |= Q(pk__in=others.values(relation.field.attname))
            else:
                found |= Q(**{f"{path}__in": others.values("pk")})
        else:
            found |= Q(**{f"{path}__{rest}" if rest else path: words})
    return found
