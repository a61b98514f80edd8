"""Closed doors that answer in a word: a walk past hundreds of them need not have the whole page written each time.

What those pages say is looked at where it matters (tests/core/test_pages.py); a walk asks for their status alone.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from chuangwen.config import urls


def _closed(request: HttpRequest, exception: Any) -> HttpResponse:
    return HttpResponse(status=403)


def _nothing(request: HttpRequest, exception: Any) -> HttpResponse:
    return HttpResponse(status=404)


@pytest.fixture
def short_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """403 and 404 without a page, while the test runs."""
    monkeypatch.setattr(urls, "handler403", _closed)
    monkeypatch.setattr(urls, "handler404", _nothing, raising=False)
