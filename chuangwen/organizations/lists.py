"""The lists of units, posts, groups, grids and contracted areas."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.access import may, scope_of
from chuangwen.core.lists import Column, Filter, Listing, ListPage, Tab
from chuangwen.core.lists.columns import two_lines
from chuangwen.organizations.enums import Branch, PostKind, UnitKind
from chuangwen.organizations.models import ContractedArea, Grid, Group, Holding, Unit
from chuangwen.organizations.queries import NEEDED_POSTS, lacking_posts, lasting, units_today, without_grid


def _holders(unit: Any, kind: PostKind) -> str:
    """Posts are shown with their title; the A person's slot is named, never a person's name in a list."""
    held = [holding for post in unit.posts.all() if post.kind == kind for holding in post.now]
    return "、".join(f"{holding.post.title}({holding.slot})" for holding in held)


def _name(unit: Unit) -> str:
    indent = format_html('<span class="cw-indent-{}"></span>', min(unit.depth - 1, 5))
    url = reverse("organizations:unit", args=[unit.pk])
    return format_html("{}{}", indent, two_lines(unit, unit.name if unit.short_name else "", url))


class UnitList(ListPage):
    """All units in the order of the tree."""

    name = "organizations.units"
    title = _("Units and posts")
    permission = "organizations.view"
    sort = "path"
    search = ("name__icontains", "short_name__icontains", "code__icontains", "aliases__name__icontains")
    columns = (
        Column("name", _("Unit"), lambda u: u.name, show=_name, sort="path", css="cw-table__title"),
        Column("short", _("Short name"), lambda u: u.short_name, screen=False),
        Column("code", _("Code"), lambda u: u.code, sort="code", screen=False),
        Column("kind", _("Kind"), lambda u: u.get_kind_display(), sort="kind"),
        Column("branch", _("Line or territory"), lambda u: u.get_branch_display(), sort="branch"),
        Column("first", _("First responsible"), lambda u: _holders(u, PostKind.FIRST)),
        Column("acting", _("Acting responsible"), lambda u: _holders(u, PostKind.ACTING)),
        Column("liaison", _("Liaison"), lambda u: _holders(u, PostKind.LIAISON)),
    )
    filters = (
        Filter("kind", _("Kind"), lambda _r: UnitKind.choices, lambda rows, value: rows.filter(kind=value)),
        Filter("branch", _("Line or territory"), lambda _r: Branch.choices, lambda rows, v: rows.filter(branch=v)),
    )
    tabs = (
        Tab("all", _("All"), Q()),
        Tab("line", _("Lines"), Q(branch=Branch.LINE)),
        Tab("territory", _("Territories"), Q(branch=Branch.TERRITORY, depth__gt=1)),
        Tab("resident", _("Resident and vertical"), Q(resident=True) | Q(kind=UnitKind.VERTICAL)),
        Tab("lacking", _("Posts missing"), lambda _request: lacking_posts()),
        Tab("ungridded", _("Without a grid"), without_grid()),
    )
    empty = _("No units yet.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        now = Holding.objects.filter(lasting()).order_by("slot")
        posts = Prefetch("posts__holdings", now.select_related("post"), to_attr="now")
        visible = Unit.objects.visible_to(request.user)
        return visible.filter(pk__in=_today(request)).prefetch_related("posts", posts).distinct()

    def row_url(self, row: Unit) -> str:
        return reverse("organizations:unit", args=[row.pk])

    def message_line(self, row: Unit) -> tuple[str, str]:
        lacking = [str(kind.label) for kind in NEEDED_POSTS if not _holders(row, kind)]
        return str(row), "、".join(lacking)

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        actions: list[dict[str, Any]] = [
            {"label": _("Groups"), "url": reverse("organizations:groups"), "icon": "users-group"},
            {"label": _("Grids"), "url": reverse("organizations:grids"), "icon": "grid-dots"},
            {"label": _("Contracted areas"), "url": reverse("organizations:areas"), "icon": "map-2"},
            {"label": _("Hand-overs"), "url": reverse("organizations:handovers"), "icon": "repeat"},
        ]
        if may(request.user, "organizations.edit"):
            whole = scope_of(request.user, "organizations.edit").regions
            if Unit.objects.filter(region__in=whole, kind=UnitKind.OFFICE).exists():
                url = reverse("organizations:office_word")
                actions.append({"label": _("Word for offices"), "url": url, "icon": "language"})
            actions += [
                {"label": _("Import"), "url": reverse("core:import", args=["units"]), "icon": "upload"},
                {"label": _("New unit"), "url": reverse("organizations:new"), "icon": "plus", "primary": True},
            ]
        return {"page_actions": actions}


def _today(request: HttpRequest) -> Any:
    region = getattr(request.user, "region", None)
    return units_today(region).values("pk") if region else Unit.objects.none()


class GroupList(ListPage):
    """The leading group and the working groups."""

    name = "organizations.groups"
    title = _("Groups")
    permission = "organizations.view"
    sort = "kind"
    search = ("name__icontains",)
    columns = (
        Column(
            "name", _("Group"), lambda g: g.name, sort="name", css="cw-table__title",
            show=lambda g: two_lines(g, "", reverse("organizations:group", args=[g.pk])),
        ),
        Column("kind", _("Kind"), lambda g: g.get_kind_display(), sort="kind"),
        Column("office", _("Office"), lambda g: str(g.office or "")),
        Column("members", _("Members"), lambda g: len(g.memberships.all()), kind="integer", css="cw-right"),
    )  # fmt: skip
    empty = _("No groups yet.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return Group.objects.visible_to(request.user).select_related("office").prefetch_related("memberships")

    def row_url(self, row: Group) -> str:
        return reverse("organizations:group", args=[row.pk])

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        return _beside_units(request, self.title, _("New group"), "organizations:new_group")


class GridList(ListPage):
    """Grids with their grid workers' posts."""

    name = "organizations.grids"
    title = _("Grids")
    permission = "organizations.view"
    sort = "code"
    search = ("name__icontains", "code__icontains", "unit__name__icontains")
    columns = (
        Column("code", _("Code"), lambda g: g.code, sort="code"),
        Column(
            "name",
            _("Grid"),
            lambda g: g.name,
            sort="name",
            css="cw-table__title",
            show=lambda g: two_lines(g.name, "", reverse("organizations:grid", args=[g.pk])),
        ),
        Column("unit", _("Community"), lambda g: str(g.unit)),
        Column("worker", _("Grid worker"), lambda g: g.worker.title if g.worker else ""),
        Column("estates", _("Contracted estates"), lambda g: "、".join(g.estates.split("\n")), css="cw-wide"),
        Column("households", _("Households"), lambda g: g.households, kind="number"),
        Column("called", _("Called on this year"), lambda g: g.called, kind="number"),
        Column("standards", _("What has to hold"), lambda g: "；".join(g.standards.split("\n")), screen=False),
        Column("bounds", _("Bounds"), lambda g: g.bounds, screen=False),
    )
    tabs = (
        Tab("all", _("All"), Q()),
        Tab("bare", _("Without a grid worker"), Q(worker__isnull=True)),
    )
    definition = _("Called on this year: a household that was called on twice counts twice.")
    empty = _("No grids yet. A grid is a part of a community that one person walks.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        this_year = Q(visits__day__year=clock.today().year)
        rows = Grid.objects.visible_to(request.user).select_related("unit", "worker")
        return rows.annotate(called=Sum("visits__households", filter=this_year))

    def row_url(self, row: Grid) -> str:
        return reverse("organizations:grid", args=[row.pk])

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        return _beside_units(request, self.title, _("New grid"), "organizations:new_grid")


class AreaList(ListPage):
    """Which leader contracted which area."""

    name = "organizations.areas"
    title = _("Contracted areas")
    permission = "organizations.view"
    sort = "name"
    search = ("name__icontains", "leader__title__icontains")
    columns = (
        Column(
            "name",
            _("Area"),
            lambda a: a.name,
            sort="name",
            css="cw-table__title",
            show=lambda a: two_lines(a.name, "", reverse("organizations:area", args=[a.pk])),
        ),
        Column("leader", _("Leader"), lambda a: a.leader.title),
        Column("unit", _("Unit"), lambda a: str(a.unit)),
        Column("starts", _("From"), lambda a: a.starts, kind="date", sort="starts"),
        Column("ends", _("Until"), lambda a: a.ends, kind="date"),
    )
    empty = _("No contracted areas yet.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return ContractedArea.objects.visible_to(request.user).select_related("leader", "unit")

    def row_url(self, row: ContractedArea) -> str:
        return reverse("organizations:area", args=[row.pk])

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        return _beside_units(request, self.title, _("New contracted area"), "organizations:new_area")


def _beside_units(request: HttpRequest, title: Any, label: Any, url_name: str) -> dict[str, Any]:
    """The way back to the units, and for those who may, the way to a new row."""
    shown = {"breadcrumbs": [{"label": _("Units and posts"), "url": reverse("organizations:units")}, {"label": title}]}
    if not may(request.user, "organizations.edit"):
        return shown
    action = {"label": label, "url": reverse(url_name), "icon": "plus", "primary": True}
    return shown | {"page_actions": [action], "first_step": action}
