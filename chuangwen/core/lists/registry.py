"""The lists the program knows by name, so that the worker, which answers no request, finds them."""

from __future__ import annotations

from chuangwen.core.lists.own_forms import register_list_forms
from chuangwen.core.lists.page import ListPage

_lists: dict[str, ListPage] = {}


def register_list(page: ListPage) -> ListPage:
    """Make a list known under its name. Called in AppConfig.ready."""
    _lists[page.name] = page
    register_list_forms(page)
    return page


def list_page(name: str) -> ListPage | None:
    """The list registered under `name`."""
    return _lists.get(name)
