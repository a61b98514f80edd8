"""The register as a list: on screen, as the 点位信息表 in Excel, on paper, on the map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from chuangwen.core.access import may
from chuangwen.core.lists import BulkAction, Column, Filter, ListPage, Tab, pick_filter
from chuangwen.core.lists.columns import Words, two_lines
from chuangwen.core.lists.page import Listing
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.organizations.models import Unit
from chuangwen.places.forms import KeeperForm
from chuangwen.places.models import Place, PlaceState
from chuangwen.places.queries import register_of, without_keeper
from chuangwen.places.services import edit_place
from chuangwen.standards.models import PlaceType, name_in_language

MISSING = {
    "keeper": (_("keeper"), Q(keeper__isnull=True)),
    "position": (_("coordinates"), Q(longitude__isnull=True) | Q(latitude__isnull=True)),
    "phone": (_("phone"), Q(phone="")),
    "leader": (_("contracted leader"), Q(leader__isnull=True)),
}
# The shape before the word: closed waits, gone is over.
STATE_SHAPES = {PlaceState.OPEN: "met", PlaceState.CLOSED: "long-term", PlaceState.GONE: "not-applicable"}


def place_url(place: Place) -> str:
    return reverse("places:place", args=[place.code])


def coordinates_text(place: Place) -> str:
    """113.23175,29.85357: as the importer reads it back."""
    if place.longitude is None or place.latitude is None:
        return ""
    return f"{place.longitude},{place.latitude}"


def state_cell(place: Place) -> str | SafeString:
    """The word; a shape goes before it only where the state is something to mind."""
    if place.state == PlaceState.OPEN:
        return place.get_state_display()
    return state(STATE_SHAPES[PlaceState(place.state)], place.get_state_display())


COLUMNS = (
    Column("code", _("Code of the place"), lambda p: p.code, sort="code", css="cw-wide cw-nowrap", width=12),
    Column("type", _("Place type"), lambda p: p.place_type.name, css="cw-wide", width=14),
    Column(
        "name",
        _("Name of the place"),
        lambda p: p.name,
        show=lambda p: two_lines(p.name, p.address, place_url(p)),
        sort="name",
        css="cw-table__title",
        width=24,
    ),
    Column("address", _("Address"), lambda p: p.address, screen=False, width=30),
    Column("contact", _("Contact person"), lambda p: p.contact, screen=False, paper=False, width=10),
    Column("phone", _("Telephone"), lambda p: p.phone, screen=False, paper=False, width=14),
    Column(
        "territory", _("Territory of the place"), lambda p: p.territory.name, show=lambda p: str(p.territory), width=14
    ),
    Column("department", _("Department in charge"), lambda p: _name(p.department), screen=False, width=16),
    Column(
        "keeper",
        _("Keeper of the place"),
        lambda p: _name(p.keeper),
        show=lambda p: two_lines(p.keeper or "—", p.department if p.department_id != p.keeper_id else ""),
        width=16,
    ),
    Column("leader", _("Contracted leader"), lambda p: str(p.leader or ""), screen=False, paper=False, width=16),
    Column("hours", _("Opening hours"), lambda p: p.hours, screen=False, paper=False, width=14),
    Column("position", _("Coordinates"), coordinates_text, screen=False, paper=False, width=20),
    Column("length", _("Length in metres"), lambda p: p.length, screen=False, paper=False, kind="number", width=10),
    Column("batch", _("Batch declared"), lambda p: p.batch, sort="batch", css="cw-wide", width=14),
    Column(
        "state",
        _("State of the place"),
        lambda p: p.get_state_display(),
        show=state_cell,
        sort="state",
        css="cw-table__state",
        width=10,
    ),
)


def _name(unit: Unit | None) -> str:
    return unit.name if unit else ""


def _types(request: HttpRequest) -> Iterable[tuple[str, Words]]:
    return list(PlaceType.objects.visible_to(request.user, "places.view").values_list("pk", name_in_language()))


def _in_territory(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Places in a territory and all below it."""
    unit = Unit.objects.filter(pk=int(value)).first()
    return rows.filter(territory__path__startswith=unit.path) if unit else rows.none()


def _batches(request: HttpRequest) -> Iterable[tuple[str, Words]]:
    used = Place.objects.visible_to(request.user).exclude(batch="").order_by("batch")
    return [(batch, batch) for batch in used.values_list("batch", flat=True).distinct()]


def _set_keeper(place: Place, *, actor: Any, data: dict[str, Any]) -> None:
    edit_place(place, actor=actor, keeper=data["keeper"])


class PlaceList(ListPage):
    """All places of the register that a person may see."""

    name = "places"
    title = _("Register of places")
    noun = _("places")
    permission = "places.view"
    columns = COLUMNS
    sort = "code"
    search = ("name__icontains", "code__icontains", "address__icontains")
    search_words = _("Name, code or address")
    empty = _("No place is on the register yet.")
    empty_url = "places:import"
    empty_permission = "places.edit"
    empty_action = _("Import places")
    definition = _("Places as registered; those that are gone stay on record and are not drawn.")
    tabs = (
        Tab("open", _("In use"), Q(state=PlaceState.OPEN)),
        Tab("closed", _("Closed for a time"), Q(state=PlaceState.CLOSED)),
        Tab("bare", _("Without keeper"), without_keeper()),
        Tab("gone", _("Gone"), Q(state=PlaceState.GONE)),
        Tab("all", _("All places"), Q()),
    )
    filters = (
        Filter("type", _("Place type"), _types, lambda rows, value: rows.filter(place_type=int(value))),
        pick_filter("territory", _("Territory of the place"), "areas", _in_territory),
        pick_filter("keeper", _("Keeper of the place"), "units", lambda rows, value: rows.filter(keeper=int(value))),
        Filter("state", _("State of the place"), lambda r: PlaceState.choices, lambda rows, v: rows.filter(state=v)),
        Filter("batch", _("Batch declared"), _batches, lambda rows, value: rows.filter(batch=value)),
        Filter(
            "missing",
            _("What is missing"),
            lambda request: [(key, words) for key, (words, _q) in MISSING.items()],
            lambda rows, value: rows.filter(MISSING[value][1]) if value in MISSING else rows.none(),
        ),
    )
    bulk = (BulkAction("keeper", _("Name a keeper"), _set_keeper, "user-check", "places.edit", form=KeeperForm),)

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return register_of(request.user)

    def row_url(self, row: Any) -> str:
        return place_url(row)

    def row_name(self, row: Any) -> str:
        return f"{row.code} {row.name}"

    def message_line(self, row: Any) -> tuple[str, str]:
        return str(row.keeper or _("Without keeper")), row.name

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        actions: list[dict[str, Any]] = [
            {"label": _("Map"), "url": f"{reverse('places:map')}{query}", "icon": "map"},
        ]
        if may(request.user, "places.edit"):
            actions += [
                {"label": _("QR plates"), "url": f"{reverse('places:plates')}{query}", "icon": "qrcode"},
                {"label": _("Import"), "url": reverse("core:import", args=["places"]), "icon": "table-import"},
                {"label": _("New place"), "url": reverse("places:new"), "icon": "plus", "primary": True},
            ]
        return {"page_actions": actions, "page_subtitle": _("What may be drawn and inspected, and who keeps it")}


PLACES = PlaceList()


def narrowed_by(request: HttpRequest) -> Listing:
    """The register under the same search, filters and tab as the list of this address."""
    return Listing(PLACES, request, request.GET)
