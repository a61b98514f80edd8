"""The pages of the register of places."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.core.access import may
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.lists import respond
from chuangwen.core.models import Region
from chuangwen.core.pages import open_page, signed_in
from chuangwen.places import pages, services
from chuangwen.places.forms import PlaceForm, StateForm
from chuangwen.places.lists import PLACES, narrowed_by
from chuangwen.places.models import Place
from chuangwen.places.queries import place_of_plate, place_or_404, plate_target

page = require_http_methods(["GET", "HEAD", "POST"])


@signed_in("places.view")
def place_list(request: HttpRequest) -> HttpResponse:
    """The register."""
    return respond(request, PLACES)


@signed_in("places.edit")
@require_GET
def import_places(request: HttpRequest) -> HttpResponse:
    """The wizard, under an address that an empty register can name."""
    return redirect("core:import", "places")


@signed_in("places.view")
@require_GET
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One place."""
    found = place_or_404(request.user, code)
    return render(request, "places/place.html", pages.place_page(request, found))


@signed_in("places.edit")
@page
def new_place(request: HttpRequest) -> HttpResponse:
    """Put a place on the register."""
    region = Region.held_by(request.user, "places.edit")
    if region is None:
        raise PermissionDenied("places.edit")
    form = PlaceForm(request.POST if request.method == "POST" else None, region=region)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_place(region, actor=request.user, **form.facts())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%s is on the register.") % made)
            return redirect("places:place", made.code)
    return _form_page(request, form, _("New place"), reverse("places:list"))


@signed_in("places.edit")
@page
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a place's facts."""
    found = place_or_404(request.user, code, "places.edit")
    form = PlaceForm(request.POST if request.method == "POST" else None, region=found.region, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_place(found, actor=request.user, seen=_moment(form.cleaned_data["seen"]), **form.facts())
        except Conflict as conflict:
            fresh = place_or_404(request.user, code, "places.edit")
            return _form_page(
                request,
                form,
                _("Edit"),
                reverse("places:place", args=[code]),
                found,
                pages.differences(form, fresh),
                conflict,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("places:place", found.code)
    return _form_page(request, form, _("Edit"), reverse("places:place", args=[code]), found)


@signed_in("places.edit")
@page
def change_state(request: HttpRequest, code: str) -> HttpResponse:
    """Close a place, open it again, or let it be gone."""
    found = place_or_404(request.user, code, "places.edit")
    form = StateForm(request.POST if request.method == "POST" else None, place=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.change_place_state(
                found, data["state"], actor=request.user, day=data["day"], reason=data["reason"]
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("places:place", found.code)
    context = pages.crumbs(found, _("Change the state")) | {"form": form, "place": found}
    return render(request, "places/state.html", context, status=422 if form.errors else 200)


@signed_in("places.view")
@require_GET
def place_map(request: HttpRequest) -> HttpResponse:
    """The register on a map, narrowed like the list, with the same places as a list beside it."""
    if "format" in request.GET:
        return respond(request, PLACES)
    return render(request, "places/map.html", pages.map_page(request))


@signed_in("places.view")
@require_GET
@gzip_page
@cache_control(private=True, max_age=60)
def points(request: HttpRequest) -> HttpResponse:
    """The places of the map as GeoJSON (RFC 7946), under the list's search, filters and tab."""
    return HttpResponse(pages.geojson(narrowed_by(request)), content_type="application/geo+json")


@signed_in("places.edit")
@require_GET
def plates(request: HttpRequest) -> HttpResponse:
    """QR plates to print, for the places that the list's filters leave."""
    return render(request, "places/plates.html", pages.plates_page(request))


@open_page
@require_GET
def plate(request: HttpRequest, plate: str) -> HttpResponse:
    """A scanned plate: opens the visit or the place for who works there, else says what it is and whom to call."""
    found = place_of_plate(plate.lower())
    if request.user.is_authenticated and (target := plate_target(request, found)):
        return redirect(target)
    if may(request.user, "places.view", found):
        return redirect("places:place", found.code)
    return render(request, "places/plate.html", pages.public_page(found))


def _form_page(
    request: HttpRequest, form: PlaceForm, title: str, back: str, found: Place | None = None,
    differences: Any = (), conflict: Conflict | None = None,
) -> HttpResponse:  # fmt: skip
    context = pages.crumbs(found, title) | {
        "form": form,
        "back_url": back,
        "differences": differences,
        "conflict": conflict,
    }
    status = 409 if conflict else 422 if form.errors else 200
    return render(request, "places/form.html", context, status=status)


def _moment(text: str) -> datetime | None:
    """When the person's page was made; None for anything else."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
