"""`ListPage`: what an area declares about one of its lists, and the listing for one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString

from chuangwen.core.access import may
from chuangwen.core.counting import COUNT_LIMIT, counts, limited_words
from chuangwen.core.fields import PickInput
from chuangwen.core.lists.columns import BulkAction, Column, Filter, Shown, Tab, Words, options
from chuangwen.core.lists.keyset import Slice, cut, parse_cursor
from chuangwen.core.picking import LONGEST_VALUE, named
from chuangwen.core.search import wanted
from chuangwen.core.templatetags.wording import day
from chuangwen.core.wording import figure_words
from chuangwen.core.workbooks.dates import FIRST_YEAR, LAST_YEAR

__all__ = ["ListPage", "Listing"]
PAGE_SIZE = 50
FOUND_LIMIT = 1000  # rows that hold the words: up to here their keys are kept for the request


class ListPage:
    """Declares one list. Subclass, fill in the class attributes, override `rows`.

    `rows(request)` returns the visible rows with everything the cells need already joined, so
    that the number of queries does not grow with the rows. A page keeps nothing between
    requests: what its address names is found in `request.resolver_match.kwargs`.
    """

    name: ClassVar[str]  # unique; names the export job and the file
    title: ClassVar[Words]
    noun: ClassVar[Words] = ""  # what one row is: 件, 条, 处
    permission: ClassVar[str]  # "": a list of one's own, open to whoever is signed in
    columns: ClassVar[Sequence[Column]]
    filters: ClassVar[Sequence[Filter]] = ()
    tabs: ClassVar[Sequence[Tab]] = ()
    bulk: ClassVar[Sequence[BulkAction]] = ()
    search: ClassVar[Sequence[str]] = ()  # lookups such as "title__icontains"
    search_words: ClassVar[Words] = ""  # what can be searched for: 问题、点位或编号
    sort: ClassVar[str] = "pk"
    tab_sorts: ClassVar[Mapping[str, str]] = {}  # by tab: where a tab begins in another order
    template: ClassVar[str] = "core/list.html"
    empty: ClassVar[Words] = ""
    empty_url: ClassVar[str] = ""
    empty_action: ClassVar[Words] = ""
    empty_permission: ClassVar[str] = ""  # whom the first step is offered to; "": everybody who sees the list
    definition: ClassVar[Words] = ""  # printed under the table: what is counted
    forms_kept_by: ClassVar[str] = ""  # who keeps an authority's own Excel forms of this list; "": it has none
    form_words: ClassVar[Mapping[str, tuple[str, ...]]] = {}  # by column: other heads that such forms have
    own_path: ClassVar[str] = ""  # the name of the list's address, for pages that lead back to it
    signature: ClassVar[Sequence[Words]] = ()  # who signs on paper, where a paper path exists: 填报人, 审核人

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        raise NotImplementedError

    def shown_tabs(self, request: HttpRequest) -> Sequence[Tab]:
        """The tabs of this request; fewer where one of them can never hold a row."""
        return self.tabs

    def lean(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """`rows` with no more fields and joins than the cells on screen need: half of a page's time is reading rows."""
        return rows

    def row_url(self, row: Any) -> str:
        return ""

    def row_name(self, row: Any) -> str:
        """What a screen reader calls the row's box."""
        return str(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        """(unit, text) for "copy as group message": one line a unit."""
        first, *rest = [str(column.value(row) or "") for column in self.columns if column.paper][:3]
        return "", " ".join([first, *rest])

    def period(self, request: HttpRequest) -> Words:
        """The period that the rows come from, printed under the table; "" where there is none."""
        return ""

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        """More context for the template: page_subtitle, page_actions (before print and export)."""
        return {}


@dataclass
class Listing:
    """One list narrowed by one request's parameters: the same for screen, export, print and bulk."""

    page: ListPage
    request: HttpRequest
    params: QueryDict
    total: int = 0
    total_words: str = "0"
    slice: Slice = field(default_factory=lambda: Slice([]))
    _looked_up: dict[str, tuple[str, str]] = field(default_factory=dict)
    _found: list[int] | None = None  # the keys of the rows that hold the words, at most one more than FOUND_LIMIT

    def _param(self, key: str) -> str:
        return str(self.params.get(key, "") or "").replace("\x00", "").strip()

    @property
    def query(self) -> str:
        return self._param("q")

    @cached_property
    def tabs(self) -> Sequence[Tab]:
        return self.page.shown_tabs(self.request)

    @property
    def tab(self) -> Tab | None:
        wanted = self._param("tab")
        tabs = self.tabs
        return next((tab for tab in tabs if tab.key == wanted), tabs[0] if tabs else None)

    @property
    def sort(self) -> str:
        wanted = self._param("sort")
        fields = {column.sort for column in self.page.columns if column.sort}
        if wanted.removeprefix("-") in fields:
            return wanted
        return self.page.tab_sorts.get(self.tab.key if self.tab else "", self.page.sort)

    @property
    def sort_column(self) -> Column | None:
        """The column by which the list is ordered, if a column is."""
        name = self.sort.lstrip("-")
        return next((column for column in self.page.columns if column.sort == name), None)

    @property
    def chosen(self) -> dict[str, str]:
        """Filters in force: key -> value."""
        return {f.key: value for f in self.page.filters if (value := self._param(f.key))}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.query or self.chosen)

    @property
    def shown_columns(self) -> list[Column]:
        """The columns on screen: all, or those the person chose; the one that names the row always stays."""
        wanted = set(self.params.getlist("col"))
        columns = [column for column in self.page.columns if column.screen]
        return [c for c in columns if not wanted or c.key in wanted or c is self.title_column]

    @property
    def title_column(self) -> Column | None:
        """The column that names a row: the card's title, else the first."""
        columns = [column for column in self.page.columns if column.screen]
        return next((c for c in columns if "cw-table__title" in c.css), columns[0] if columns else None)

    @property
    def bulk_actions(self) -> list[BulkAction]:
        """What this person may do to the chosen rows."""
        user = self.request.user
        held = [one for one in self.page.bulk if not one.permission or may(user, one.permission)]
        return [one for one in held if one.offered is None or one.offered(user)]

    def narrowed(self, *, with_tab: bool = True) -> QuerySet[Any]:
        """The rows that search, filters and (unless told otherwise) the tab leave."""
        rows = self.page.rows(self.request)
        for one in self.page.filters:
            if value := self._param(one.key):
                rows = _applied(one, rows, self._picked(one, value)[0] if one.kind == "pick" else value)
        if self.query:
            rows = self._searched(rows)
        if with_tab and self.tab:
            rows = rows.filter(self.tab.q(self.request))
        return rows

    def _picked(self, one: Filter, text: str) -> tuple[str, str]:
        """(key, label) of the row that a filter's value names, looked up once a request; ("", the text) for none."""
        if one.key not in self._looked_up:
            self._looked_up[one.key] = named(one.source, self.request.user, text)
        return self._looked_up[one.key]

    def _searched(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that hold the words. Looked for once a request where they are few: all else asks for their keys."""
        looked = rows.filter(wanted(rows.model, self.page.search, self.query))
        if self._found is None:
            self._found = list(looked.order_by().values_list("pk", flat=True)[: FOUND_LIMIT + 1])
        return looked if self.found_many else rows.filter(pk__in=self._found)

    @property
    def found_many(self) -> bool:
        """Whether more rows hold the words than are looked at one by one."""
        return self._found is not None and len(self._found) > FOUND_LIMIT

    def ordered(self) -> QuerySet[Any]:
        """All rows in the list's order, for export, paper and message."""
        prefix = "-" if self.sort.startswith("-") else ""
        return self.narrowed().order_by(self.sort, f"{prefix}pk")

    def load(self) -> Listing:
        """Fetch this page and the total."""
        rows = self.narrowed()
        limit = COUNT_LIMIT if self.found_many else None
        self.total = counts([rows], limit)[0]
        self.total_words = limited_words(self.total, limit) if limit else figure_words(self.total)
        self.slice = cut(self.page.lean(rows), self.sort, parse_cursor(self._param("at")), PAGE_SIZE)
        return self

    @property
    def first(self) -> int:
        return self.slice.start + 1

    @property
    def last(self) -> int:
        return self.slice.start + len(self.slice.rows)

    @property
    def before_url(self) -> str:
        return self.url(at=self.slice.before) if self.slice.before else ""

    @property
    def after_url(self) -> str:
        return self.url(at=self.slice.after) if self.slice.after else ""

    def tab_counts(self) -> list[dict[str, Any]]:
        """Tabs with their counts under the present search and filters: one query for all.

        Large ones are counted up to a limit; where many rows hold the words, only the present tab is counted.
        """
        current = self.tab
        others = [] if self.found_many else [tab for tab in self.tabs if tab is not current]
        base = self.narrowed(with_tab=False)
        counted = counts([base.filter(tab.q(self.request)) for tab in others], COUNT_LIMIT)
        shown = {tab.key: _limited(count) for tab, count in zip(others, counted, strict=True)}
        if current:
            shown[current.key] = self.total if self.total < COUNT_LIMIT else self.total_words
        return [
            {
                "label": tab.label,
                "count": shown.get(tab.key),
                "url": self.url(tab=tab.key, at=""),
                "current": tab is current,
            }
            for tab in self.tabs
        ]

    def _kept(self, *without: str) -> list[tuple[str, str]]:
        """The present parameters as hidden fields of a form that sets `without` anew; a new view starts on page one."""
        dropped = {*without, "at", "format"}
        return [(key, value) for key, values in self.params.lists() if key not in dropped for value in values if value]

    @property
    def kept_search(self) -> list[tuple[str, str]]:
        return self._kept("q")

    @property
    def kept_filters(self) -> list[tuple[str, str]]:
        return self._kept(*(one.key for one in self.page.filters))

    @property
    def kept_columns(self) -> list[tuple[str, str]]:
        return self._kept("col")

    @property
    def all_url(self) -> str:
        """The same tab without search and filters."""
        return self.url(q="", at="", **{one.key: "" for one in self.page.filters})

    @property
    def message_url(self) -> str:
        return self.url(format="message", at="")

    @property
    def column_choices(self) -> list[dict[str, Any]]:
        shown = {column.key for column in self.shown_columns}
        return [
            {"key": column.key, "label": column.label, "shown": column.key in shown}
            for column in self.page.columns
            if column.screen and column is not self.title_column
        ]

    @property
    def sortable(self) -> list[dict[str, Any]]:
        """The orders to choose from; the present one turns round."""
        found = []
        for column in self.page.columns:
            if column.sort:
                current, falling = column is self.sort_column, self.sort.startswith("-")
                target = f"-{column.sort}" if current and not falling else column.sort
                icon = ("arrow-down" if falling else "arrow-up") if current else "arrows-sort"
                entry = {"label": column.label, "url": self.url(sort=target, at=""), "current": current, "icon": icon}
                found.append(entry)
        return found

    def url(self, **changes: str) -> str:
        """This view's address with parameters changed; empty ones are left out."""
        query = self.params.copy()
        query.pop("format", None)
        for key, value in changes.items():
            query[key] = value
        for key in [key for key, values in query.lists() if not any(values)]:
            del query[key]
        return f"?{query.urlencode()}" if query else self.request.path

    def heads(self) -> list[dict[str, Any]]:
        """Column heads with the address that sorts by them."""
        heads = []
        for column in self.shown_columns:
            current = bool(column.sort) and column is self.sort_column
            falling = current and self.sort.startswith("-")
            target = "" if not column.sort else (column.sort if falling or not current else f"-{column.sort}")
            heads.append(
                {
                    "label": column.label,
                    "css": column.classes,
                    "sort_url": self.url(sort=target, at="") if target else "",
                    "sorted": "descending" if falling else "ascending" if current else "",
                }
            )
        return heads

    def table(self) -> list[dict[str, Any]]:
        """The page's rows as cells."""
        columns = [Shown(column) for column in self.shown_columns]
        return [
            {
                "row": row,
                "pk": row.pk,
                "name": self.page.row_name(row) if self.page.bulk else "",
                "url": self.page.row_url(row),
                "cells": [column.cell(row) for column in columns],
            }
            for row in self.slice.rows
        ]

    def filter_fields(self, *, whole: bool = True) -> list[dict[str, Any]]:
        """Filters with the chosen value and its label, for chips; `whole` adds the choices, for the menu.

        A list's screen does without them: they may be a thousand units, and the menu fetches them when it is opened.
        """
        fields = []
        for one in self.page.filters:
            value = self._param(one.key)
            asked = one.kind == "choice" and (whole or value)
            choices = [(str(key), text) for key, text in one.choices(self.request)] if asked else []
            label = next((str(text) for key, text in choices if key == value), _day_or_text(value))
            if one.kind == "pick" and value:
                label = self._picked(one, value)[1]
            fields.append(
                {
                    "key": one.key,
                    "label": one.label,
                    "kind": one.kind,
                    "value": value,
                    "chosen": label,
                    "choices": choices,
                    "options": options(choices, value),
                    "box": _pick_box(one, label) if one.kind == "pick" and whole else "",
                    "clear_url": self.url(**{one.key: "", "at": ""}),
                }
            )
        return fields

    @property
    def filters_url(self) -> str:
        """Where the menu of filters is fetched from, and the page that it is without scripts."""
        return self.url(format="filters", at="")


def _limited(count: int) -> int | str:
    return count if count < COUNT_LIMIT else limited_words(count, COUNT_LIMIT)


def _applied(one: Filter, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """The rows that a filter leaves; none for a value that it cannot have, such as a number too long for a database."""
    if not value:
        return rows.none()
    if value.lstrip("-").isdigit() and len(value) > LONGEST_VALUE:
        return rows.none()
    try:
        if one.kind == "date" and not FIRST_YEAR <= date.fromisoformat(value).year <= LAST_YEAR:
            return rows.none()
        return one.apply(rows, value)
    except (ValueError, TypeError, ValidationError):
        return rows.none()


def _pick_box(one: Filter, label: str) -> SafeString:
    return PickInput(one.source).render(one.key, label, {"id": f"cw-filter-{one.key}", "required": False})


def _day_or_text(value: str) -> str:
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value
