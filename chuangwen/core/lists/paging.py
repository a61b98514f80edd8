"""One page of rows for pages that are no list of the house: the open pages, choosing photos."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from chuangwen.core.lists.keyset import cut, parse_cursor

PAGE_SIZE = 30


def page_of(request: HttpRequest, rows: Any, sort: str, size: int = PAGE_SIZE) -> dict[str, Any]:
    """`rows` and the addresses of the pages before and after: two queries, whatever the page."""
    found = cut(rows, sort, parse_cursor(request.GET.get("page", "")), size)
    words = request.GET.copy()

    def address(cursor: str) -> str:
        if not cursor:
            return ""
        words["page"] = cursor
        return f"?{words.urlencode()}"

    return {"rows": found.rows, "previous_url": address(found.before), "next_url": address(found.after)}
