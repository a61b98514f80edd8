"""What a list is made of: columns, filters and tabs, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `value` gives the plain value for export, `show` the cell on screen.

    `sort` names the model field that orders the list by this column; it must not be null,
    since pages are cut by key.
    """

    key: str
    label: Words
    value: Callable[[Any], Any]
    show: Callable[[Any], str | SafeString] | None = None
    sort: str = ""
    kind: str = "text"  # text | number | date | datetime | percent | picture
    css: str = ""
    screen: bool = True  # False: only in exports and on paper
    paper: bool = True
    width: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A column's content in one row, ready for the template."""

    label: Words
    content: str | SafeString
    css: str


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice that narrows the list. `choices(request)` yields (value, label)."""

    key: str
    label: Words
    choices: Callable[[HttpRequest], Iterable[tuple[str, Words]]]
    apply: Callable[[QuerySet[Any], str], QuerySet[Any]]
    kind: str = "choice"  # choice | date


@dataclass(frozen=True, slots=True)
class Tab:
    """A kept view over the list, with its count."""

    key: str
    label: Words
    condition: Q | Callable[[HttpRequest], Q]

    def q(self, request: HttpRequest) -> Q:
        return self.condition(request) if callable(self.condition) else self.condition


def two_lines(first: Any, second: Any, url: str = "") -> SafeString:
    """A cell with a second, quieter line; the first is a link where `url` is given."""
    head = format_html('<a href="{}">{}</a>', url, first) if url else format_html("{}", first)
    return format_html('{}<div class="cw-sub">{}</div>', head, second) if second else head
