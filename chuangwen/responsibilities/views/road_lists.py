"""The lists of roads, of their sections and of shop fronts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core.access import may
from chuangwen.core.lists import BulkAction, Column, Filter, Listing, ListPage, Tab, pick_filter, two_lines
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import lasting
from chuangwen.responsibilities.enums import RoadSide
from chuangwen.responsibilities.forms.roads import SignedForm
from chuangwen.responsibilities.models import RoadSection, ShopFront
from chuangwen.responsibilities.queries.roads import (
    SIGNED,
    coverage,
    fronts_of,
    has_gap,
    has_overlap,
    metres_words,
    open_fronts,
    roads_of,
    with_sections,
    words_of,
)
from chuangwen.responsibilities.roadbar import road_bar
from chuangwen.responsibilities.services.roads import sign_front


def road_url(road: Any) -> str:
    return reverse("responsibilities:road", args=[road.code])


def _in_area(field: str) -> Any:
    def narrow(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        unit = Unit.objects.filter(pk=int(value)).first()
        return rows.filter(**{f"{field}__path__startswith": unit.path}) if unit else rows.none()

    return narrow


def _open(road: Any) -> str:
    return words_of(coverage(road, road.now).gaps)


def _twice(road: Any) -> str:
    return words_of(coverage(road, road.now).overlaps)


def _open_cell(road: Any) -> str | SafeString:
    found = coverage(road, road.now)
    if found.is_whole:
        return state("met", gettext("Every metre"))
    words = gettext("%sm open") % f"{found.open_metres:g}"
    return two_lines(state("not-met", words), words_of(found.gaps))


def _bar(road: Any) -> SafeString:
    found = coverage(road, road.now)
    label = gettext("%(covered)s of %(length)d metres have somebody") % {
        "covered": f"{found.covered:g}", "length": road.length,
    }  # fmt: skip
    return road_bar(road.length, road.now, found, label=label, small=True)


class RoadList(ListPage):
    """All roads with who has which metres."""

    name = "roads"
    title = _("Roads by sections")
    noun = _("roads")
    permission = "responsibilities.view"
    sort = "code"
    search = ("name__icontains", "code__icontains")
    search_words = _("Name or code")
    columns: ClassVar = [
        Column(
            "name", _("Road"), lambda r: r.name, lambda r: two_lines(r.name, r.code, road_url(r)), sort="name",
            css="cw-table__title", width=20,
        ),
        Column("code", _("Code"), lambda r: r.code, sort="code", screen=False, width=10),
        Column("length", _("Metres"), lambda r: r.length, sort="length", kind="number", width=8),
        Column("bar", pgettext_lazy("road", "Sections"), lambda r: len(r.now), _bar, css="cw-wide", width=10),
        Column("gaps", _("Nobody has"), _open, _open_cell, css="cw-table__state", width=26),
        Column("twice", _("Twice"), _twice, css="cw-wide", width=20),
        Column("territory", _("Territory"), lambda r: str(r.territory), width=14),
    ]  # fmt: skip
    tabs: ClassVar = [
        Tab("gap", _("With a gap"), lambda _request: has_gap()),
        Tab("overlap", _("Given twice"), lambda _request: has_overlap()),
        Tab("all", _("All"), Q()),
    ]
    filters: ClassVar = [pick_filter("territory", _("Territory"), "areas", _in_area("territory"))]
    empty = _("No road here")
    definition = _(
        "Each metre of each side is looked at; metres on one side count half. Roads are places with a length."
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return with_sections(roads_of(request.user).select_related("territory"))

    def row_url(self, row: Any) -> str:
        return road_url(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        words = _open(row) or gettext("Every metre")
        return str(row.territory), f"{row.name} {words}"

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        actions = [
            {"label": pgettext_lazy("road", "Sections"), "icon": "list", "url": reverse("responsibilities:sections")},
            {"label": _("Shop fronts"), "icon": "building-community", "url": reverse("responsibilities:fronts")},
        ]
        if may(request.user, "responsibilities.edit"):
            url = reverse("core:import", args=["sections"])
            actions.append({"label": _("Import sections"), "icon": "table-import", "url": url, "primary": True})
        return {"page_actions": actions, "breadcrumbs": coverage_crumbs(_("Roads by sections"))}


class SectionList(ListPage):
    """All sections of all roads: the office's 路段分包表."""

    name = "road_sections"
    title = _("Road sections")
    noun = _("sections")
    permission = "responsibilities.view"
    sort = "road__code"
    search = ("road__name__icontains", "road__code__icontains", "unit__name__icontains", "unit__short_name__icontains",
              "between__icontains")  # fmt: skip
    search_words = _("Road, unit or where")
    columns: ClassVar = [
        Column("road_code", _("Code of the road"), lambda s: s.road.code, sort="road__code", screen=False, width=10),
        Column(
            "road", _("Road"), lambda s: s.road.name, lambda s: two_lines(s.road.name, s.between, road_url(s.road)),
            sort="road__name", css="cw-table__title", width=18,
        ),
        Column("from", _("From metre"), lambda s: s.starts_at, screen=False, kind="number", width=8),
        Column("to", _("To metre"), lambda s: s.ends_at, screen=False, kind="number", width=8),
        Column("metres", _("Which metres"), lambda s: metres_words(s.starts_at, s.ends_at), paper=False, width=14),
        Column("side", _("Side"), lambda s: str(s.get_side_display()), sort="side", width=8),
        Column("between", _("From where to where"), lambda s: s.between, screen=False, width=22),
        Column("unit", _("Responsible unit"), lambda s: s.unit.name, lambda s: str(s.unit), width=18),
        Column("post", _("Post"), lambda s: s.post.title if s.post else "", width=14),
        Column("leader", _("Contracted leader"), lambda s: str(s.leader or ""), css="cw-wide", width=16),
        Column("starts", _("From"), lambda s: s.starts, lambda s: day(s.starts), sort="starts", kind="date", width=12),
    ]  # fmt: skip
    filters: ClassVar = [
        pick_filter("unit", _("Responsible unit"), "units", _in_area("unit")),
        pick_filter("territory", _("Territory"), "areas", _in_area("road__territory")),
        Filter("side", _("Side"), lambda _r: RoadSide.choices, lambda rows, value: rows.filter(side=value)),
    ]
    tabs: ClassVar = [
        Tab("now", _("In force"), lambda _request: lasting()),
        Tab("bare", _("Without a post"), lambda _request: lasting() & Q(post__isnull=True)),
        Tab("over", _("Over"), lambda _request: ~lasting()),
        Tab("all", _("All"), Q()),
    ]
    empty = _("No section here")
    signature: ClassVar = [_("Filled in by"), _("Checked by")]

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = RoadSection.objects.visible_to(request.user)
        return rows.select_related("road", "unit", "post", "leader__unit")

    def row_url(self, row: Any) -> str:
        return road_url(row.road)

    def message_line(self, row: Any) -> tuple[str, str]:
        return str(row.unit), f"{row.road.name} {metres_words(row.starts_at, row.ends_at)}"

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        return {"breadcrumbs": _crumbs(_("Road sections"))}


def _three(front: ShopFront) -> str:
    said = (
        (gettext("clean"), front.keeps_clean),
        (gettext("orderly"), front.keeps_order),
        (gettext("green"), front.keeps_green),
    )
    return "、".join(word for word, held in said if held)


def _signed(front: ShopFront) -> str | SafeString:
    if front.closed_on:
        return state("not-applicable", pgettext("shop", "Closed"))
    if front.is_signed:
        return state("met", gettext("Signed"))
    return state("not-met", gettext("Not signed"))


def _sign(front: ShopFront, *, actor: Any, data: dict[str, Any]) -> None:
    sign_front(front, signed_on=data["signed_on"], actor=actor)


class FrontList(ListPage):
    """The ledger of shop fronts (门前三包台账)."""

    name = "shop_fronts"
    title = _("Shop fronts")
    noun = _("shops")
    permission = "responsibilities.view"
    sort = "number"
    search = ("name__icontains", "number__icontains", "road__name__icontains")
    search_words = _("Shop, number or road")
    columns: ClassVar = [
        Column(
            "name", _("Shop"), lambda f: f.name,
            lambda f: two_lines(f.name, f"{f.road.name}{f.number}", reverse("responsibilities:front", args=[f.pk])),
            sort="name", css="cw-table__title", width=20,
        ),
        Column("road", _("Road"), lambda f: f.road.name, screen=False, width=16),
        Column("number", _("House number"), lambda f: f.number, sort="number", screen=False, width=10),
        Column("side", _("Side"), lambda f: str(f.get_side_display()), screen=False, width=8),
        Column("unit", _("Supervised by"), lambda f: f.unit.name, lambda f: str(f.unit), width=16),
        Column("three", _("What is signed"), _three, width=16),
        Column("on", _("Signed on"), lambda f: f.signed_on, lambda f: day(f.signed_on), kind="date", width=12),
        Column("state", _("State"), lambda f: gettext("Signed") if f.is_signed else "", _signed, css="cw-table__state"),
    ]  # fmt: skip
    tabs: ClassVar = [
        Tab("open", _("Not signed"), lambda _request: open_fronts()),
        Tab("signed", _("Signed"), Q(closed_on__isnull=True) & SIGNED),
        Tab("closed", pgettext_lazy("shop", "Closed"), Q(closed_on__isnull=False)),
        Tab("all", _("All"), Q()),
    ]
    filters: ClassVar = [
        pick_filter("road", _("Road"), "roads", lambda rows, value: rows.filter(road=int(value))),
        pick_filter("unit", _("Supervised by"), "units", _in_area("unit")),
    ]
    bulk: ClassVar = [
        BulkAction("sign", _("Enter as signed"), _sign, "signature", "responsibilities.answer", form=SignedForm),
    ]
    empty = _("No shop here")
    definition = _("Signed: all three, cleanliness, order and green. Shops that closed are left out.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return fronts_of(request.user)

    def row_url(self, row: Any) -> str:
        return reverse("responsibilities:front", args=[row.pk])

    def message_line(self, row: Any) -> tuple[str, str]:
        return str(row.unit), f"{row.road.name}{row.number} {row.name}"

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        actions: list[dict[str, Any]] = []
        if may(request.user, "responsibilities.edit"):
            url = reverse("core:import", args=["fronts"])
            actions.append({"label": _("Import"), "icon": "table-import", "url": url})
        if may(request.user, "responsibilities.answer"):
            url = reverse("responsibilities:new_front")
            actions.append({"label": _("New shop"), "icon": "plus", "url": url, "primary": True})
        return {"page_actions": actions, "breadcrumbs": _crumbs(_("Shop fronts"))}


def coverage_crumbs(title: Any, *between: dict[str, Any]) -> list[dict[str, Any]]:
    """The way back to what has somebody and what has not."""
    first = {"label": _("Coverage"), "url": reverse("responsibilities:coverage")}
    return [first, *between, {"label": title, "url": ""}]


def _crumbs(title: Any) -> list[dict[str, Any]]:
    return coverage_crumbs(title, {"label": _("Roads by sections"), "url": reverse("responsibilities:roads")})


def shops_words(number: int) -> str:
    return ngettext("%d shop", "%d shops", number) % number


ROADS, SECTIONS, FRONTS = RoadList(), SectionList(), FrontList()
