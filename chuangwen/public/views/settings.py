"""The office opens its public pages and says whom they name."""

from __future__ import annotations

from typing import Any

from django.conf import settings as site_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from chuangwen.core.access import may, scope_of
from chuangwen.core.errors import Missing, Refusal
from chuangwen.core.models import Region
from chuangwen.core.pages import signed_in
from chuangwen.core.qr import qr_code
from chuangwen.inspections.models import Draw
from chuangwen.public.forms import SiteForm
from chuangwen.public.models import PublicSite
from chuangwen.public.queries import what_opens
from chuangwen.public.services import save_site
from chuangwen.public.services.arranging import ARRANGE, FIELDS
from chuangwen.reports.workflow import RELEASE


@signed_in(ARRANGE)
@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    """On or off, the office's name, telephone and address; and what everybody would see today."""
    region = _region(request)
    kept = PublicSite.objects.visible_to(request.user).filter(region=region).first()
    site = kept or PublicSite(region=region, office_name=_("Campaign office of %s") % region)
    was_open = site.is_open
    form = SiteForm(request.POST if request.method == "POST" else None, instance=site)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_site(region, actor=request.user, **{name: form.cleaned_data[name] for name in FIELDS})
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The public pages are open.") if saved.is_open else _("Saved."))
            return redirect("public:settings")
    context = {
        "page_title": _("Public pages"), "form": form, "is_open": was_open, "counts": _counts(region),
        "may_release": may(request.user, RELEASE),
        "draws_places": Draw.objects.filter(region=region).exists(),
    }  # fmt: skip
    context |= _address(region)
    return render(request, "public/settings.html", context, status=422 if form.errors else 200)


def _region(request: HttpRequest) -> Region:
    found = Region.objects.filter(pk__in=scope_of(request.user, ARRANGE).regions).first()
    if found is None:
        raise Missing(_("You hold this right for no whole region."), _("Ask the campaign office."))
    return found


def _address(region: Region) -> dict[str, Any]:
    path = reverse("public:start", args=[region.code])
    return {"path": path, "address": site_settings.SITE_URL + path, "qr": qr_code(site_settings.SITE_URL + path)}


def _counts(region: Region) -> list[dict[str, Any]]:
    found = what_opens(region)
    words = {
        "notices": _("Public notices that run"), "titles": _("Titles in force"),
        "bulletins": _("Released bulletins"), "draws": pgettext("public", "Draws"),
    }  # fmt: skip
    return [{"label": label, "value": found[key]} for key, label in words.items() if key in found]
