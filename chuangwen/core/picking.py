"""Choosing one row among thousands: what is typed is looked up among what the person may choose, and resolved again.

An area registers a `Source` under a key when the program starts. A form field (fields.PickField) and a list's
filter name the key; `/pick/<key>/` answers with the rows that fit. What stands in the field is a name, so it
works without scripts too, with a full name, a short name, a remembered name or a code typed by hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from chuangwen.core.access import may
from chuangwen.core.search import Words, wanted

SHOWN = 12
LONGEST_VALUE = 18  # digits: longer numbers overflow the databases' integers
LONGEST_WORDS = 100
MOST_ALIKE = 200
CANDIDATES = 5  # named where a text fits several rows or none
_CODED = re.compile(r"(.+)（([^（）]+)）")

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Together:
    """Names that stand for several rows of a source at once (各街道), where a field takes several.

    `rows(rows, name)` are those of `rows` that a name means, none where it means none; `offered(rows, words)` the names
    to offer for what is typed, each with how many rows it means.
    """

    rows: Callable[[Rows, str], Rows]
    offered: Callable[[Rows, str], list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one model among which a person chooses.

    `rows(user)` are those that this person may choose at all, in their order and with what `second` reads joined;
    a form may narrow them further, and its own rows are what a choice is checked against. `search` are the fields
    that may hold the words, `names` those of which each value alone names a row. `code` tells rows of the same
    label apart. `permissions`: one of them must be held somewhere; none: whoever is signed in.
    """

    key: str
    rows: Callable[[Any], Rows]
    label: Callable[[Any], str]
    second: Callable[[Any], str]
    search: tuple[str, ...]
    names: tuple[str, ...]
    code: str = "pk"
    code_words: Callable[[Any], str] | None = None  # instead of `code`, where that says nothing to people
    hint: Words = ""  # what can be typed, said in the empty field
    permissions: tuple[str, ...] = ()
    together: Together | None = None

    def is_open_to(self, user: Any) -> bool:
        return not self.permissions or any(may(user, one) for one in self.permissions)


@dataclass(frozen=True, slots=True)
class Option:
    """One row to choose: the text that goes into the field, the key that a script may send, a quieter second line."""

    key: str
    label: str
    second: str


@dataclass(frozen=True, slots=True)
class Found:
    """What fits the words, at most SHOWN, and whether there is more."""

    options: list[Option] = field(default_factory=list)
    more: bool = False


_sources: dict[str, Source] = {}


def register_source(source: Source) -> None:
    """Make rows choosable under the source's key. Called in AppConfig.ready."""
    _sources[source.key] = source


def source_of(key: str) -> Source | None:
    """The source registered under `key`."""
    return _sources.get(key)


def named(key: str, user: Any, text: str) -> tuple[str, str]:
    """(key, label) of the one row of a source that `text` names for this person, a key first; ("", text) for none."""
    source = source_of(key)
    if source is None or not source.is_open_to(user):
        return "", text
    rows = source.rows(user)
    found = keyed(rows, [text]) or resolve(source, rows, text)
    return (str(found[0].pk), labels_of(source, rows, found)[found[0].pk]) if len(found) == 1 else ("", text)


def look_up(source: Source, rows: Rows, words: str, *, several: bool = False) -> Found:
    """The rows that hold every word, those whose name begins with the words first: two queries.

    Where `several` may be chosen, names that stand for many go before them.
    """
    many = source.together.offered(rows, words) if several and source.together else []
    found = _fitting(source, rows, words, SHOWN + 1)
    shown = found[:SHOWN]
    labels = labels_of(source, rows, shown)
    options = [Option(name, label_of_many(name, number), "") for name, number in many]
    options += [Option(str(row.pk), labels[row.pk], source.second(row)) for row in shown]
    return Found(options, more=len(found) > SHOWN)


def label_of_many(name: str, number: int) -> str:
    """A name that stands for several rows, with how many they are."""
    return f"{name}({number})"


def look_among(pairs: Iterable[tuple[str, str]], words: str) -> Found:
    """As `look_up`, among (key, label) that are at hand: those whose label holds every word, beginnings first."""
    parts = " ".join(words.split())[:LONGEST_WORDS].casefold().split()
    fitting = [(key, label) for key, label in pairs if all(part in label.casefold() for part in parts)]
    if parts:
        fitting.sort(key=lambda pair: not pair[1].casefold().startswith(parts[0]))
    return Found([Option(key, label, "") for key, label in fitting[:SHOWN]], more=len(fitting) > SHOWN)


def labels_of(source: Source, rows: Rows, chosen: Iterable[Any]) -> Mapping[Any, str]:
    """What stands in the field for each row: its label, with its code where another row is called the same."""
    chosen = list(chosen)
    doubled = _doubled(source, rows, chosen)
    return {
        row.pk: f"{label}（{_code(source, row)}）" if row.pk in doubled else label
        for row in chosen
        for label in (source.label(row),)
    }


def _doubled(source: Source, rows: Rows, chosen: list[Any]) -> set[Any]:
    """The keys of those whose label also names another row: one query."""
    labels = {source.label(row) for row in chosen}
    own = _own(source)
    if not labels:
        return set()
    if own:
        same = Q()
        for name in own:
            same |= Q(**{f"{name}__in": labels})
        others = [{_value(row, name) for name in own} for row in rows.filter(same)[:MOST_ALIKE]]
    elif len(chosen) > 1:
        others = [{source.label(row)} for row in chosen]
    else:
        others = [{source.label(row)} for row in _fitting(source, rows, labels.pop(), SHOWN)]
    often = Counter(label for names in others for label in names)
    return {row.pk for row in chosen if often[source.label(row)] > 1}


def _own(source: Source) -> list[str]:
    """The names that stand in the row itself, not in another table."""
    return [name for name in source.names if "__" not in name]


def resolve(source: Source, rows: Rows, text: str) -> list[Any]:
    """The rows of `rows` that `text` names: `#key`, one of its names, its label, at last a bare key.

    One row where it is unmistakable. A code of figures alone goes before a key of the same figures.
    """
    text = " ".join(text.replace("\x00", "").split())[: 2 * LONGEST_WORDS]
    if not text:
        return []
    if text.startswith("#") and (marked := keyed(rows, [text[1:]])):
        return marked
    own = _own(source)
    for names in (own, [name for name in source.names if name not in own]):
        if names and (by_name := list(rows.filter(_named(rows, names, text))[: CANDIDATES + 1])):
            return by_name
    if by_key := keyed(rows, [text]):
        return by_key
    if coded := _CODED.fullmatch(text):
        by_code = _coded(source, rows, coded[1], coded[2])
        return [row for row in by_code if source.label(row) == coded[1].strip()]
    return [row for row in _fitting(source, rows, text, SHOWN) if source.label(row) == text]


def keyed(rows: Rows, keys: Iterable[str]) -> list[Any]:
    """The rows with these keys: one query. What cannot be a key is left out."""
    numbers = [int(key) for key in keys if key.isdecimal() and len(key) <= LONGEST_VALUE]
    return list(rows.filter(pk__in=numbers)) if numbers else []


def candidates(source: Source, rows: Rows, text: str, found: Sequence[Any]) -> list[str]:
    """What may have been meant by a text that names no row, or several: those of `found`, what it resolves to."""
    near = found or _fitting(source, rows, text, CANDIDATES)
    return list(labels_of(source, rows, near[:CANDIDATES]).values())


def _fitting(source: Source, rows: Rows, words: str, most: int) -> list[Any]:
    parts = " ".join(words.replace("\x00", "").split())[:LONGEST_WORDS].split()
    found = rows
    for part in parts:
        found = found.filter(wanted(rows.model, [f"{name}__icontains" for name in source.search], part))
    if parts and source.search:
        begins = When(**{f"{source.search[0]}__startswith": parts[0]}, then=Value(0))
        rank = Case(begins, default=Value(1), output_field=IntegerField())
        found = found.order_by(rank, *(rows.query.order_by or rows.model._meta.ordering))
    return list(found[:most])


def _named(rows: Rows, names: list[str], text: str) -> Q:
    return wanted(rows.model, [f"{name}__exact" for name in names], text)


def _code(source: Source, row: Any) -> str:
    return source.code_words(row) if source.code_words else str(_value(row, source.code))


def _coded(source: Source, rows: Rows, label: str, code: str) -> list[Any]:
    if source.code_words:
        return [row for row in _fitting(source, rows, label, SHOWN) if source.code_words(row) == code]
    if source.code == "pk":
        return keyed(rows, [code])
    return list(rows.filter(**{source.code: code})[:CANDIDATES])


def _value(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row
