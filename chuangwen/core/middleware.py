"""Turns the errors that services raise for people into pages that tell the way out."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from chuangwen.core.errors import Missing, NoPage, Refusal, TooLarge
from chuangwen.core.kept_counts import keep_counts

RIGHTS = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"


class CleanErrorsMiddleware:
    """A `Refusal` that no view caught becomes its message with its status, never a stack trace."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = _limit(request.path_info)
        if _length(request) > limit:  # before anything of it is read or kept
            megabytes = limit // (1024 * 1024)
            return _told(
                request,
                TooLarge(
                    _("What was sent is larger than %d MB.") % megabytes, _("Send fewer or smaller files at a time.")
                ),
            )
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and _opens_page(request, response):
            error = NoPage(_("This address is no page."), _("Go back to the page with the button and press it there."))
            told = _told(request, error)
            told.headers["Allow"] = response.headers.get("Allow", "")
            return told
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return _told(request, error) if isinstance(error, Refusal) else None


class KeptCountsMiddleware:
    """Lets a browser keep the counts beside the navigation for a minute, and drop them as soon as its person writes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        keep_counts(request, response)
        return response


class BrowserRightsMiddleware:
    """Says on every answer which of a browser's abilities pages may use: camera and position in the field, no other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", RIGHTS)
        return response


def _opens_page(request: HttpRequest, response: HttpResponse) -> bool:
    """A person opened the address in a browser and would see nothing at all."""
    return request.method == "GET" and not response.content and "text/html" in request.headers.get("accept", "")


def _limit(path: str) -> int:
    """How many bytes a request to this address may have."""
    special = (limit for start, limit in settings.REQUEST_LIMITS.items() if path.startswith(start))
    return min((settings.REQUEST_LIMIT_BYTES, *special))


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0


def _told(request: HttpRequest, error: Refusal) -> HttpResponse:
    back = request.headers.get("referer", "")
    known = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    title = _("Not there yet") if isinstance(error, Missing) else _("Not done")
    context = {"refusal": error, "page_title": title, "back_url": back if known else "/"}
    return render(request, "core/refusal.html", context, status=error.status)
