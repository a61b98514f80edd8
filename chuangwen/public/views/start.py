"""The regions whose pages are open, and a region's start page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from chuangwen.public.queries import draws, notices, open_sites, released, running_notices, site_or_404, titles_in_force
from chuangwen.public.views.showing import public_page, show

NEWEST = 5


@public_page
def regions(_request: HttpRequest) -> HttpResponse:
    """Which regions there are; nothing where none is open."""
    sites = list(open_sites())
    if not sites:
        raise Http404
    return show(None, "public/regions.html", {"sites": sites, "page_title": _("Public pages")})


@public_page
def start(_request: HttpRequest, code: str) -> HttpResponse:
    """What is on notice now, and the newest of everything else."""
    site = site_or_404(code)
    region = site.region
    context = {
        "page_title": _("Civility campaign of %s") % region, "running": list(notices(region).filter(running_notices())),
        "titles": list(titles_in_force(region).order_by("-granted_on", "-pk")[:NEWEST]),
        "bulletins": list(released(region)[:NEWEST]), "draws": list(draws(region)[:NEWEST]),
    }  # fmt: skip
    return show(site, "public/start.html", context)
