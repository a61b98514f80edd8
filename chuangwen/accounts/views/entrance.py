"""The way in: what allauth does not say."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chuangwen.accounts.lockout import minutes_left
from chuangwen.core.pages import open_page


@open_page
def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """Told after too many wrong passwords: how long to wait and whom to ask."""
    context = {"page_title": _("Too many wrong tries"), "minutes": minutes_left(request, credentials)}
    return render(request, "accounts/locked_out.html", context, status=429)


@open_page
@require_GET
def ask_office(request: HttpRequest) -> HttpResponse:
    """Where a sign-up or a forgotten password leads: the office makes accounts and gives new passwords."""
    return render(request, "accounts/ask_office.html", {"page_title": _("No account, or the password is lost")})
