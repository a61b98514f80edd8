"""How an open page answers: the same to everybody, without a session, kept for a short time, known by its content.

Pages are rendered without the request, so that nothing of who is signed in can come into them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import open_page
from chuangwen.public.models import PublicSite

View = Callable[..., HttpResponse]
Opened = Callable[..., HttpResponseBase]
KEPT = "public, max-age=60"  # what is taken back is gone from every cache a minute later
NOT_LISTED = "noindex, nofollow"


def public_page(view: View) -> Opened:
    """A page or file that anybody may read: GET and HEAD, an ETag, a short age."""

    @open_page
    @require_safe
    @conditional_page
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = KEPT
        response.headers.setdefault("X-Robots-Tag", NOT_LISTED)
        return response

    return shown


def public_form(view: View) -> Opened:
    """A form that anybody may fill in: what it shows is one person's, so nothing of it is kept."""

    @open_page
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response.headers["X-Robots-Tag"] = NOT_LISTED
        return response

    return shown


def show(
    site: PublicSite | None, template: str, context: dict[str, Any], *, here: str = "", status: int = 200
) -> HttpResponse:
    """The page of `site`; `here` names the entry of its navigation that is the present one."""
    frame: dict[str, Any] = {"site": site, "is_found": bool(site and site.is_found)}
    if site:
        home = reverse("public:start", args=[site.region.code])
        frame |= {"home_url": home, "nav": [{"items": _entries(site, here)}]}
    response = HttpResponse(render_to_string(template, frame | context), status=status)
    if site and site.is_found:
        response.headers["X-Robots-Tag"] = "all"
    return response


def show_form(
    request: HttpRequest, site: PublicSite, template: str, context: dict[str, Any], *, here: str, status: int = 200
) -> HttpResponse:
    """As `show`, with the mark by which a form proves that it came from here."""
    return show(site, template, context | {"csrf_token": get_token(request)}, here=here, status=status)


def download(data: bytes, name: str, media_type: str) -> HttpResponse:
    """A file of the public pages; search engines leave it out."""
    return file_response(data, name, media_type)


def _entries(site: PublicSite, here: str) -> list[dict[str, Any]]:
    words = {
        "notices": _("Public notices"), "titles": _("Titles in force"), "bulletins": pgettext("public", "Bulletins"),
        "scores": pgettext("public", "Scores"), "draws": pgettext("public", "Draws"),
        "answer": _("Answers to objections"),
    }  # fmt: skip
    if not site.shows_scores:  # type: ignore[attr-defined]  # queries.open_sites adds it
        del words["scores"]
    if not site.draws_places:  # type: ignore[attr-defined]  # queries.open_sites adds it
        del words["draws"]
    return [
        {"label": label, "url": reverse(f"public:{name}", args=[site.region.code]), "current": name == here}
        for name, label in words.items()
    ]
