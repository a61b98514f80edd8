"""Public notices (公示): who is to be given which title, until when one can object, where, and who decides."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core import clock
from chuangwen.core.lists.paging import page_of
from chuangwen.core.qr import qr_code
from chuangwen.public.models import PublicSite
from chuangwen.public.queries import is_running, notices, on_notice, one_or_404, site_or_404
from chuangwen.public.views.showing import public_page, show


@public_page
def notice_list(request: HttpRequest, code: str) -> HttpResponse:
    """All notices, those that run and those that are over."""
    site = site_or_404(code)
    found = page_of(request, notices(site.region), "-notice_from")
    context = found | {"page_title": _("Public notices"), "today": clock.today()}
    return show(site, "public/notices.html", context, here="notices")


@public_page
def notice(_request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One notice."""
    site = site_or_404(code)
    return show(site, "public/notice.html", _context(site, pk), here="notices")


@public_page
def paper(_request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The same on A4, for the notice board."""
    site = site_or_404(code)
    return show(site, "public/notice_paper.html", _context(site, pk))


def _context(site: PublicSite, pk: int) -> dict[str, Any]:
    found = one_or_404(notices(site.region), pk=pk)
    address = settings.SITE_URL + reverse("public:notice", args=[site.region.code, pk])
    return {
        "page_title": pgettext("public", "Public notice: %s") % found.name, "programme": found,
        "families": found.title.subject == "family", "units": list(on_notice(found)), "runs": is_running(found),
        "address": address, "qr": qr_code(address),
    }  # fmt: skip
