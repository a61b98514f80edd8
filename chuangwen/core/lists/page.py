"""`ListPage`: what an area declares about one of its lists, and the listing for one request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict

from chuangwen.core.lists.columns import Cell, Column, Filter, Tab, Words
from chuangwen.core.lists.keyset import Slice, cut, parse_cursor
from chuangwen.core.panels import NavItem

__all__ = ["ListPage", "Listing", "NavItem"]
PAGE_SIZE = 50


class ListPage:
    """Declares one list. Subclass, fill in the class attributes, override `rows`.

    `rows(request)` returns the visible rows with everything the cells need already joined, so
    that the number of queries does not grow with the rows.
    """

    name: ClassVar[str]  # unique; names the export job and the file
    title: ClassVar[Words]
    noun: ClassVar[Words] = ""  # what one row is: 件, 条, 处
    permission: ClassVar[str]
    columns: ClassVar[Sequence[Column]]
    filters: ClassVar[Sequence[Filter]] = ()
    tabs: ClassVar[Sequence[Tab]] = ()
    search: ClassVar[Sequence[str]] = ()  # lookups such as "title__icontains"
    sort: ClassVar[str] = "pk"
    template: ClassVar[str] = "core/list.html"
    empty: ClassVar[Words] = ""
    empty_url: ClassVar[str] = ""
    empty_action: ClassVar[Words] = ""
    definition: ClassVar[Words] = ""  # printed under the table: what is counted

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        raise NotImplementedError

    def row_url(self, row: Any) -> str:
        return ""

    def message_line(self, row: Any) -> tuple[str, str]:
        """(unit, text) for "copy as group message": one line a unit."""
        first, *rest = [str(column.value(row) or "") for column in self.columns if column.paper][:3]
        return "", " ".join([first, *rest])

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        """More context for the template: page actions, bulk actions."""
        return {}


@dataclass
class Listing:
    """One list narrowed by one request's parameters: the same for screen, export, print and bulk."""

    page: ListPage
    request: HttpRequest
    params: QueryDict | dict[str, str]
    total: int = 0
    slice: Slice = field(default_factory=lambda: Slice([], "", ""))

    def _param(self, key: str) -> str:
        return str(self.params.get(key, "") or "").strip()

    @property
    def query(self) -> str:
        return self._param("q")

    @property
    def tab(self) -> Tab | None:
        wanted = self._param("tab")
        tabs = self.page.tabs
        return next((tab for tab in tabs if tab.key == wanted), tabs[0] if tabs else None)

    @property
    def sort(self) -> str:
        wanted = self._param("sort")
        fields = {column.sort for column in self.page.columns if column.sort}
        return wanted if wanted.lstrip("-") in fields else self.page.sort

    @property
    def chosen(self) -> dict[str, str]:
        """Filters in force: key -> value."""
        return {f.key: value for f in self.page.filters if (value := self._param(f.key))}

    def narrowed(self, *, with_tab: bool = True) -> QuerySet[Any]:
        """The rows that search, filters and (unless told otherwise) the tab leave."""
        rows = self.page.rows(self.request)
        for one in self.page.filters:
            if value := self._param(one.key):
                try:
                    rows = one.apply(rows, value)
                except (ValueError, ValidationError):
                    rows = rows.none()
        if self.query:
            wanted = Q()
            for lookup in self.page.search:
                wanted |= Q(**{lookup: self.query})
            rows = rows.filter(wanted)
        if with_tab and self.tab:
            rows = rows.filter(self.tab.q(self.request))
        return rows

    def load(self) -> Listing:
        """Fetch this page and the total."""
        rows = self.narrowed()
        self.total = rows.order_by().count()
        self.slice = cut(rows, self.sort, parse_cursor(self._param("at")), PAGE_SIZE)
        return self

    def tab_counts(self) -> list[dict[str, Any]]:
        """Tabs with their counts under the present search and filters: one query a tab."""
        current = self.tab
        base = self.narrowed(with_tab=False).order_by()
        return [
            {
                "label": tab.label,
                "count": self.total if tab is current else base.filter(tab.q(self.request)).count(),
                "url": self.url(tab=tab.key, at=""),
                "current": tab is current,
            }
            for tab in self.page.tabs
        ]

    def url(self, **changes: str) -> str:
        """This view's address with parameters changed; empty ones are left out."""
        kept = {key: self._param(key) for key in self.params if key not in {"csrfmiddlewaretoken", "format"}}
        query = QueryDict(mutable=True)
        query.update({key: value for key, value in {**kept, **changes}.items() if value})
        return f"?{query.urlencode()}" if query else self.request.path

    def heads(self) -> list[dict[str, Any]]:
        """Column heads with the address that sorts by them."""
        heads = []
        for column in self.page.columns:
            if not column.screen:
                continue
            field_name = self.sort.lstrip("-")
            current = bool(column.sort) and column.sort == field_name
            falling = current and self.sort.startswith("-")
            target = "" if not column.sort else (column.sort if falling or not current else f"-{column.sort}")
            heads.append(
                {
                    "label": column.label,
                    "css": column.css,
                    "sort_url": self.url(sort=target, at="") if target else "",
                    "sorted": "descending" if falling else "ascending" if current else "",
                }
            )
        return heads

    def table(self) -> list[dict[str, Any]]:
        """The page's rows as cells."""
        columns = [column for column in self.page.columns if column.screen]
        return [
            {
                "row": row,
                "pk": row.pk,
                "url": self.page.row_url(row),
                "cells": [_cell(c, row) for c in columns],
            }
            for row in self.slice.rows
        ]

    def filter_fields(self) -> list[dict[str, Any]]:
        """Filters with their choices and the chosen one, for chips and selects."""
        fields = []
        for one in self.page.filters:
            value = self._param(one.key)
            choices = list(one.choices(self.request)) if one.kind == "choice" else []
            label = next((str(text) for key, text in choices if str(key) == value), value)
            fields.append(
                {
                    "key": one.key,
                    "label": one.label,
                    "kind": one.kind,
                    "value": value,
                    "chosen": label,
                    "choices": choices,
                    "clear_url": self.url(**{one.key: "", "at": ""}),
                }
            )
        return fields


def _cell(column: Column, row: Any) -> Cell:
    content = column.show(row) if column.show else column.value(row)
    return Cell(column.label, "—" if content in {None, ""} else content, column.css)
