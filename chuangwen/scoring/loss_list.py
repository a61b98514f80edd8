"""The full list of what a run lost: unit, criterion and place, as on screen, in Excel and on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core.lists import Column, Filter, Listing, ListPage
from chuangwen.core.lists.columns import Words, two_lines
from chuangwen.organizations.models import Unit
from chuangwen.scoring.engine import show
from chuangwen.scoring.finding import run_of
from chuangwen.scoring.models import LossCell, LossProblem, Standing
from chuangwen.scoring.queries.loss_lines import NOBODY, By, Narrowed
from chuangwen.scoring.queries.winning import beyond, horizon_of
from chuangwen.standards.models import Node, PlaceType

DISTRICT = pgettext_lazy("of a place", "District")
FIGURE = "0.00##"  # as on screen, with two digits more where a loss is small
SPOT = {Standing.AD_HOC: _("Places chosen on the spot"), Standing.NOWHERE: _("At no place")}


def _unit(cell: LossCell) -> str:
    return str(cell.unit) if cell.unit else gettext("No unit answers for it")


def _ground(cell: LossCell, found: Any) -> str:
    """The type or district of a drawn place; of others how they were seen."""
    return str(found or "") if cell.standing == Standing.DRAWN else str(SPOT[Standing(cell.standing)])


def _place(cell: LossCell) -> str | SafeString:
    where = _ground(cell, cell.place_type)
    return two_lines(cell.place, where) if cell.place else format_html('<span class="cw-dim">{}</span>', where)


def _district(cell: LossCell) -> str:
    """Where the place lies; a loss at no place lies nowhere, which the column of places has said already."""
    return str(cell.district or "")


def _narrowing(by: By) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
    def apply(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        line = Narrowed.asked(by, value)
        return rows.filter(**line.conditions()) if line else rows.none()

    return apply


def _units(request: HttpRequest) -> Iterable[tuple[str, Words]]:
    cells = LossCell.objects.filter(run=run_of(request))
    units = Unit.objects.filter(pk__in=cells.values("unit")).order_by("path")
    return [(NOBODY, _("No unit answers for it")), *((str(unit.pk), str(unit)) for unit in units)]


def _districts(request: HttpRequest) -> Iterable[tuple[str, Words]]:
    cells = LossCell.objects.filter(run=run_of(request))
    units = Unit.objects.filter(pk__in=cells.values("district")).order_by("path")
    return [*((str(unit.pk), str(unit)) for unit in units), *((str(key), words) for key, words in SPOT.items())]


def _types(request: HttpRequest) -> Iterable[tuple[str, Words]]:
    cells = LossCell.objects.filter(run=run_of(request), standing=Standing.DRAWN)
    types = PlaceType.objects.filter(pk__in=cells.values("place_type"))
    return [*((str(one.pk), str(one)) for one in types), *((str(key), words) for key, words in SPOT.items())]


def _sections(request: HttpRequest) -> Iterable[tuple[str, Words]]:
    nodes = Node.objects.filter(version=run_of(request).version_id, depth=1).order_by("position")
    return [(node.code, f"{node.code} {node.title}") for node in nodes]


def _criteria(request: HttpRequest) -> Iterable[tuple[str, Words]]:
    run = run_of(request)
    cells = LossCell.objects.filter(run=run)
    nodes = Node.objects.filter(version=run.version_id, code__in=cells.values("code")).order_by("position")
    return [(node.code, f"{node.code} {node.title}") for node in nodes]


def _by_hope(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(gone__gt=0) if value == "no" else rows.filter(points__gt=F("gone"))


class LossList(ListPage):
    """Every cell of a run's loss; a row opens its place with what was answered there and the photos."""

    name = "scoring.losses"
    title = _("Lost points, row by row")
    permission = "scoring.view"
    sort = "-points"
    search = ("code__icontains", "unit__name__icontains", "place__name__icontains")
    search_words = _("Code, unit or place")
    columns = (
        Column(
            "criterion", _("Criterion"), lambda cell: f"{cell.code} {cell.title}", css="cw-table__title", sort="code",
            width=40,
        ),
        Column("unit", _("Unit"), _unit, width=18),
        Column("place", _("Place"), lambda cell: str(cell.place or ""), show=_place, width=22),
        Column("type", _("Place type"), lambda cell: _ground(cell, cell.place_type), screen=False, width=14),
        Column("district", DISTRICT, lambda cell: _ground(cell, cell.district), show=_district, width=14),
        Column(
            "lost", _("Lost"), lambda cell: cell.points, kind="number", sort="points", number_format=FIGURE,
            show=lambda cell: show(cell.points),
        ),
        Column(
            "back", _("Can be won back"), lambda cell: max(0.0, cell.points - cell.gone), kind="number",
            number_format=FIGURE, show=lambda cell: show(max(0.0, cell.points - cell.gone)),
        ),
    )  # fmt: skip
    filters = (
        Filter("section", _("Section"), _sections, lambda rows, value: rows.filter(section=value)),
        Filter("criterion", _("Criterion"), _criteria, _narrowing(By.CRITERION)),
        Filter("unit", _("Unit"), _units, _narrowing(By.UNIT)),
        Filter("type", _("Place type"), _types, _narrowing(By.TYPE)),
        Filter("district", DISTRICT, _districts, _narrowing(By.DISTRICT)),
        Filter(
            "back", _("Can be won back"), lambda _request: [("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
            _by_hope,
        ),
    )  # fmt: skip
    empty = _("Nothing was lost, or the run was made before it kept where: score the round again.")
    definition = _("Rows are shown with two digits each; the whole loss with its sums stands on the result page.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        run = run_of(request)
        title = Node.objects.filter(version=run.version_id, code=OuterRef("code")).values("title_zh")[:1]
        lost = LossProblem.objects.filter(beyond(horizon_of(run)), cell=OuterRef("pk")).order_by()
        gone = lost.values("cell").annotate(sum=Sum("points")).values("sum")
        cells = LossCell.objects.visible_to(request.user).filter(run=run)
        cells = cells.annotate(title=Subquery(title), gone=Coalesce(Subquery(gone), Value(0.0)))
        return cells.select_related("unit", "place", "place_type", "district")

    def row_url(self, row: LossCell) -> str:
        place = f"&place={row.place_id}" if row.place_id else ""
        return f"{reverse('scoring:run', args=[row.run_id])}?node={row.section}&leaf={row.code}{place}#drill"

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        run = run_of(request)
        crumbs = [{"label": gettext("Scores"), "url": reverse("scoring:runs")},
                  {"label": str(run.round), "url": reverse("scoring:run", args=[run.pk])},
                  {"label": str(self.title), "url": ""}]  # fmt: skip
        lost = listing.narrowed().order_by().aggregate(lost=Sum("points"))["lost"] or 0.0
        return {
            "breadcrumbs": crumbs,
            "page_subtitle": gettext("%(lost)s points lost in these rows") % {"lost": show(lost)},
        }
