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

from chuangwen.core.gram_index import FEW, FEW_BESIDE, Searched, holding, is_no_number, words_of

Words = str | Promise
MOST = 8  # of a kind
LONGEST = 60
LAST = chr(sys.maxunicode)  # stands after every other character
_WITHIN = frozenset({"contains", "icontains", "startswith", "istartswith"})  # what holds the words has their pairs


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


def matching(
    rows: QuerySet[Any], words: str, *, begins: Iterable[str] = (), holds: Sequence[str] = (), reads: bool = True
) -> list[Any]:
    """At most MOST rows: those whose `begins` fields begin with `words` first, then those whose `holds` fields hold it.

    The beginning is looked up through indexes; what only holds the words is asked for when that gave too few. Where
    the index of words is no help every text is read for it, unless `reads` is false.
    """
    first, second = Q(), Q()
    for name in begins:
        first |= _beginning(name, words)
    for name in _within(holds):
        second |= Q(**{name: words})
    found = list(rows.filter(first)[:MOST]) if first else []
    if len(found) < MOST and second:
        narrow = _narrowed(rows.model, holds, words)
        keys = None if narrow else _keys(rows.model, [one.partition("__") for one in _within(holds)], words)
        if narrow or keys is not None or reads:
            held = Q(pk__in=keys) if keys is not None else narrow & second
            found += rows.filter(held).exclude(pk__in=[row.pk for row in found])[: MOST - len(found)]
    return found


def _within(holds: Sequence[str]) -> list[str]:
    """Fields as lookups that hold the words."""
    return [f"{name}__icontains" for name in holds]


def _narrowed(model: type[Model], holds: Sequence[str], words: str) -> Q:
    """The rows that may hold the words by the index of words; all, where it does not know every field or is no help."""
    entry = words_of(model)
    if entry is None or not set(holds).issubset(entry.fields):
        return Q()
    keys = holding(model, words)
    return Q() if keys is None else Q(pk__in=keys)


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
    none is converted. Where the index of words knows every field that is searched, no other row is looked at.
    """
    same_case = words.upper() == words.lower()
    exact = [one.replace("__icontains", "__contains").replace("__istartswith", "__startswith") for one in search]
    lookups = [one.partition("__") for one in (exact if same_case else search)]
    keys = _keys(model, lookups, words)
    if keys is not None:
        return Q(pk__in=keys)
    found = Q()
    for path, _, rest in lookups:
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


def _keys(model: type[Model], lookups: list[tuple[str, str, str]], words: str) -> QuerySet[Any] | None:
    """The keys of the rows that hold the words, all found through the index of words; None where one cannot be."""
    entry = words_of(model)
    if entry is None:
        return None
    lookups = [one for one in lookups if not is_no_number(entry, one[0], words)]
    if not all(_is_known(entry, path, rest) for path, _, rest in lookups):
        return None
    own = Q()
    found: list[QuerySet[Any] | None] = []
    for path, _, rest in lookups:
        if path in entry.fields:
            own |= Q(**{f"{path}__{rest}": words})
        else:
            beside: Any = model._meta.get_field(path).related_model
            others = _held(beside, Q(**{rest: words}), words, FEW_BESIDE)
            found.append(None if others is None else model._base_manager.filter(**{f"{path}__in": others}))
    if own and None not in found:
        found.append(_held(model, own, words, FEW))
    parts = [rows.order_by().values("pk") for rows in found if rows is not None]
    if not parts or len(parts) < len(found):
        return None
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def _held(model: type[Model], condition: Q, words: str, few: int) -> QuerySet[Any] | None:
    """The rows that `condition` leaves of those which the index names; None where it is no help."""
    keys = holding(model, words, few)
    return None if keys is None else model._base_manager.filter(condition, pk__in=keys)


def _is_known(entry: Searched, path: str, rest: str) -> bool:
    """Whether the index of words holds what this lookup looks at: a field of the model or of one that it points to."""
    name, _, way = rest.partition("__")
    if path in entry.fields:
        return rest in _WITHIN
    relation: Any = entry.model._meta.get_field(path)
    beside = relation.related_model if relation.many_to_one else None
    other = words_of(beside) if beside else None
    return other is not None and name in other.fields and way in _WITHIN
