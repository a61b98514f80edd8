"""Pages of one's own account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chuangwen.core.pages import open_page, signed_in


@signed_in()
def me(request: HttpRequest) -> HttpResponse:
    """The person's own page: devices, sessions, second factor, language, density."""
    return render(request, "accounts/me.html", {})


@open_page
def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """Told after too many wrong passwords: how long to wait and whom to ask."""
    return render(request, "accounts/locked_out.html", {}, status=429)
