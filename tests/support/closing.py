"""What a walk past hundreds of pages need not have written each time: closed doors' pages, and numbers in the menu.

What those say is looked at where it matters (tests/core/test_pages.py, tests/config/test_doors.py).
"""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from chuangwen.config import urls
from chuangwen.core import menu


def _closed(request: HttpRequest, exception: Any) -> HttpResponse:
    return HttpResponse(status=403)


def _nothing(request: HttpRequest, exception: Any) -> HttpResponse:
    return HttpResponse(status=404)


@pytest.fixture
def short_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """403 and 404 without a page, while the test runs."""
    monkeypatch.setattr(urls, "handler403", _closed)
    monkeypatch.setattr(urls, "handler404", _nothing, raising=False)


@pytest.fixture
def uncounted_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    """No numbers beside the menu's entries, while the test runs; to count them is a fifth of a page's time."""
    monkeypatch.setattr(menu, "_waiting", lambda _request, _items: {})


@pytest.fixture
def menu_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers beside the menu's entries on each person's first page alone, whenever that is opened."""
    counted, firsts = menu._waiting, {}

    def waiting(request: HttpRequest, items: Any) -> dict[str, int]:
        first = firsts.setdefault(request.user.pk, request.path)
        return counted(request, items) if request.path == first else {}

    monkeypatch.setattr(menu, "_waiting", waiting)
