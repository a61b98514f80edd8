"""What the register's pages show, as plain data for their templates."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.access import may
from chuangwen.core.lists.page import Listing
from chuangwen.core.panels import panels
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.organizations.queries import titles_of
from chuangwen.places.forms import PlaceForm, StateForm
from chuangwen.places.lists import PLACES, STATE_SHAPES, coordinates_text, narrowed_by
from chuangwen.places.models import Place, PlaceState
from chuangwen.places.plates import plate_code, plate_url, public_phone
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of

HISTORY_SHOWN = 30
PLATES_SHOWN = 200  # twenty-five sheets of eight; more are printed filter by filter
PLATES_A_SHEET = 8
HOTLINE = "12345"  # 政务服务便民热线, the same all over the country
POINT_STATES = {PlaceState.OPEN: "plain", PlaceState.CLOSED: "hold", PlaceState.GONE: "plain"}


def crumbs(place: Place | None, title: str) -> dict[str, Any]:
    """Title and the way back."""
    trail = [{"label": _("Register of places"), "url": reverse("places:list")}]
    if place is not None:
        trail.append({"label": place.name, "url": reverse("places:place", args=[place.code])})
    return {"page_title": title, "breadcrumbs": [*trail, {"label": title, "url": ""}]}


def place_page(request: HttpRequest, place: Place) -> dict[str, Any]:
    """Everything about one place."""
    can_edit = may(request.user, "places.edit", place)
    plate_page = f"{reverse('places:plates')}?code={quote(place.code)}"
    actions = [
        {"label": _("Print the plate"), "url": plate_page, "icon": "qrcode"},
        {"label": _("Edit"), "url": reverse("places:edit", args=[place.code]), "icon": "edit", "primary": True},
    ]
    return {
        "page_title": place.name,
        "breadcrumbs": [
            {"label": _("Register of places"), "url": reverse("places:list")},
            {"label": place.name, "url": ""},
        ],
        "page_actions": actions if can_edit else [],
        "place": place,
        "shape": STATE_SHAPES[PlaceState(place.state)],
        "facts": facts(place),
        "states": state_entries(place),
        "history": history_entries(place),
        "state_form": StateForm(place=place) if can_edit else None,
        "panels": panels("place", request, place),
        "qr": plate_code(place),
        "plate_url": plate_url(place),
        "has_map": bool(settings.MAP_TILES_URL) and place.longitude is not None and place.latitude is not None,
        "points_url": f"{reverse('places:points')}?tab=all&q={quote(place.code)}",
        "tiles": settings.MAP_TILES_URL,
    }


def facts(place: Place) -> list[dict[str, Any]]:
    """The columns of the 点位信息表; the title already says the name."""
    said = [
        (_("Code of the place"), place.code),
        (_("Place type"), place.place_type.name),
        (_("Address"), place.address),
        (_("Opening hours"), place.hours),
        (_("Length in metres"), place.length or ""),
        (_("Territory of the place"), place.territory.name),
        (_("Keeper of the place"), place.keeper),
        (_("Department in charge"), place.department),
        (_("Contracted leader"), place.leader),
        (_("Contact person"), place.contact),
        (_("Telephone"), place.phone),
        (_("Coordinates"), coordinates_text(place)),
        (_("Batch declared"), place.batch),
        (_("Drawn"), _("Declared for the draw") if place.declared else _("Not declared for the draw")),
    ]
    rows = [{"label": label, "value": value} for label, value in said]
    for row in rows:
        if row["label"] == _("Coordinates") and row["value"]:
            row["url"] = f"{reverse('places:map')}?tab=all&q={quote(place.code)}"
    return rows


def state_entries(place: Place) -> list[dict[str, Any]]:
    """The dated states, the newest first."""
    changes = place.state_changes.order_by("-day", "-pk")[:HISTORY_SHOWN]
    return [
        {
            "shape": STATE_SHAPES[PlaceState(one.state)],
            "what": one.get_state_display(),
            "when": day(one.day),
            "when_iso": one.day.isoformat(),
            "text": one.reason,
        }
        for one in changes
    ]


def history_entries(place: Place) -> list[dict[str, Any]]:
    """Who put it on the register and who changed what, the newest first; states stand apart."""
    words = {"create": _("Put on the register"), "edit": _("Facts changed")}
    steps = list(history_of(place).filter(action__in=words).order_by("-at", "-pk")[:HISTORY_SHOWN])
    titles = titles_of({step.actor_id for step in steps if step.actor_id})
    return [
        {
            "icon": "edit" if step.action == "edit" else "plus",
            "what": words[step.action],
            "who": _(", ") + titles.get(step.actor_id or 0, step.actor_name) if step.actor_name else "",
            "when": moment(step.at),
            "when_iso": step.at.isoformat(),
            "text": _edit_text(step),
        }
        for step in steps
    ]


def _edit_text(step: Step) -> str:
    before, after = step.data.get("before", {}), step.data.get("after", {})
    labels = {field.name: field.verbose_name for field in Place._meta.get_fields() if hasattr(field, "verbose_name")}
    return "；".join(
        f"{labels.get(name, name)} {_said(before.get(name))}→{_said(value)}" for name, value in after.items()
    )


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "—" if value is None or value == "" else str(value)


def differences(form: PlaceForm, fresh: Place) -> list[dict[str, Any]]:
    """What another person saved meanwhile beside what was typed here."""
    found = []
    for name, typed in form.facts().items():
        stands = getattr(fresh, name)
        if stands != typed:
            label = form.fields[name].label if name in form.fields else _("Coordinates")
            found.append({"label": label, "stands": _said(stands), "typed": _said(typed)})
    # Saving again is meant: it then starts from what stands there.
    form.data = {**form.data.dict(), "seen": fresh.updated_at.isoformat()}  # type: ignore[attr-defined]
    return found


def map_page(request: HttpRequest) -> dict[str, Any]:
    """The map with the present page of the list beside it."""
    listing = narrowed_by(request).load()
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    placed = listing.narrowed().filter(longitude__isnull=False, latitude__isnull=False).order_by().count()
    return {
        "page_title": _("Map of places"),
        "breadcrumbs": [
            {"label": _("Register of places"), "url": f"{reverse('places:list')}{query}"},
            {"label": _("Map of places"), "url": ""},
        ],
        "listing": listing,
        "page_def": PLACES,
        "noun": PLACES.noun,
        "tabs": listing.tab_counts(),
        "filters": listing.filter_fields(),
        "rows": [{"place": row, "shape": STATE_SHAPES[PlaceState(row.state)]} for row in listing.slice.rows],
        "points_url": f"{reverse('places:points')}{query}",
        "tiles": settings.MAP_TILES_URL,
        "placed": placed,
        "unplaced": listing.total - placed,
        "unplaced_url": f"{reverse('places:list')}{listing.url(missing='position', at='')}",
    }


def geojson(listing: Listing) -> str:
    """The narrowed places that have coordinates, as a FeatureCollection: one query, no model objects."""
    rows = (
        listing.narrowed().filter(longitude__isnull=False, latitude__isnull=False).select_related(None).order_by("pk")
    )
    columns = ("pk", "code", "name", "longitude", "latitude", "state", "keeper_id")
    features = [_feature(*row) for row in rows.values_list(*columns).iterator(chunk_size=2000)]
    found = {"type": "FeatureCollection", "features": features}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _feature(pk: int, code: str, name: str, lon: float, lat: float, state: str, keeper: int | None) -> dict[str, Any]:
    shown = "warn" if keeper is None and state == PlaceState.OPEN else POINT_STATES[PlaceState(state)]
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {"id": pk, "name": name, "url": f"/places/{quote(code, safe='')}/", "state": shown},
    }


def plates_page(request: HttpRequest) -> dict[str, Any]:
    """The plates of one place, or of all that the list's filters leave, on sheets of eight."""
    listing = narrowed_by(request)
    rows = listing.ordered()
    one = request.GET.get("code", "").replace("\x00", "")
    if one:
        rows = PLACES.rows(request).filter(code=one)
    found = list(rows.filter(~Q(state=PlaceState.GONE))[: PLATES_SHOWN + 1])
    plates = [{"place": place, "qr": plate_code(place)} for place in found[:PLATES_SHOWN]]
    back = reverse("places:place", args=[one]) if one else f"{reverse('places:list')}?{request.GET.urlencode()}"
    return {
        "page_title": _("QR plates"),
        "sheets": list(_sheets(plates)),
        "count": len(plates),
        "cut": len(found) > PLATES_SHOWN,
        "limit": PLATES_SHOWN,
        "back_url": back,
        "hotline": HOTLINE,
    }


def _sheets(plates: list[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    for start in range(0, len(plates), PLATES_A_SHEET):
        yield plates[start : start + PLATES_A_SHEET]


def public_page(place: Place) -> dict[str, Any]:
    """What a stranger reads: the place, its keeper and public numbers, never a person."""
    return {
        "page_title": place.name,
        "place": place,
        "is_gone": place.state == PlaceState.GONE,
        "is_closed": place.state == PlaceState.CLOSED,
        "phone": public_phone(place),
        "hotline": HOTLINE,
    }
