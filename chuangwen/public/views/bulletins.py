"""Bulletins that the office released, with their files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from chuangwen.core.files.services import read
from chuangwen.core.files.sniffing import DOCX, PDF
from chuangwen.core.lists.paging import page_of
from chuangwen.core.models import Attachment
from chuangwen.public.queries import one_or_404, released, site_or_404
from chuangwen.public.views.showing import download, public_page, show
from chuangwen.reports.edition import from_json


@public_page
def bulletin_list(request: HttpRequest, code: str) -> HttpResponse:
    """All of them, the last released first."""
    site = site_or_404(code)
    context = page_of(request, released(site.region), "-released_at") | {"page_title": _("Released bulletins")}
    return show(site, "public/bulletins.html", context, here="bulletins")


@public_page
def bulletin(_request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One of them, as it was when it was released."""
    site = site_or_404(code)
    found = one_or_404(released(site.region), pk=pk)
    edition = from_json(found.edition)
    context = {"page_title": edition.title, "release": found, "edition": edition}
    return show(site, "public/bulletin.html", context, here="bulletins")


@public_page
def word(_request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Its Word file."""
    return _file(one_or_404(released(site_or_404(code).region), pk=pk).word, DOCX)


@public_page
def pdf(_request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Its PDF."""
    return _file(one_or_404(released(site_or_404(code).region), pk=pk).pdf, PDF)


def _file(kept: Attachment | None, media_type: str) -> HttpResponse:
    if kept is None:
        raise Http404
    return download(read(kept.file), kept.name, media_type)
