"""Turns the errors that services raise for people into pages that tell the way out."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from chuangwen.core.errors import Refusal


class CleanErrorsMiddleware:
    """A `Refusal` that no view caught becomes its message with its status, never a stack trace."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        back = request.headers.get("referer", "")
        known = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
        context = {"refusal": error, "page_title": _("Not done"), "back_url": back if known else "/"}
        return render(request, "core/refusal.html", context, status=error.status)
