"""The lists of rounds and of a round's visits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.campaigns.context import current_campaign
from chuangwen.campaigns.models import Round
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.lists import BulkAction, Column, Filter, Listing, ListPage, Tab, pick_filter
from chuangwen.core.lists.columns import two_lines
from chuangwen.core.panels import panels
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, span
from chuangwen.inspections.enums import WAITING_STATES, VisitKind, VisitState
from chuangwen.inspections.forms import AssignForm, MoveForm
from chuangwen.inspections.models import Draw, Visit
from chuangwen.inspections.queries import round_progress
from chuangwen.inspections.services.planning import assign_one, move_visit
from chuangwen.standards.models import name_in_language

SHAPES = {"planned": "found", "started": "assigned", "finished": "closed", "skipped": "not-applicable"}
ROUND_SHAPES = {"planned": "found", "running": "assigned", "closed": "closed", "cancelled": "not-applicable"}


def round_of(request: HttpRequest, pk: int, permission: str = "inspections.view") -> Round:
    """The round that the address names, where the person may see its fieldwork; 404 otherwise."""
    rounds = Round.objects.select_related("campaign", "region")
    return visible_or_404(rounds, request.user, permission, pk=pk)


class RoundList(ListPage):
    """The rounds of the current campaign."""

    name = "rounds"
    title = gettext_lazy("Inspections")
    noun = gettext_lazy("rounds")
    permission = "inspections.view"
    sort = "-starts"
    search = ("name__icontains",)
    empty = gettext_lazy("No round has been planned yet.")
    definition = gettext_lazy("Done of planned: places whose visit is finished, of all that are to be seen.")
    columns: ClassVar = (
        Column(
            "name", gettext_lazy("Round"), lambda r: r.name,
            lambda r: two_lines(r.name, r.get_kind_display(), reverse("inspections:round", args=[r.pk])),
            css="cw-table__title",
        ),
        Column("days", gettext_lazy("Days"), lambda r: f"{r.starts} – {r.ends}", lambda r: span(r.starts, r.ends),
               sort="starts"),
        Column("planned", gettext_lazy("To be seen"), lambda r: r.visits_planned, kind="number"),
        Column("done", gettext_lazy("Done"), lambda r: r.visits_done, kind="number"),
        Column("not_met", gettext_lazy("Skipped"), lambda r: r.visits_skipped, kind="number"),
        Column(
            "state", gettext_lazy("State"), lambda r: str(r.get_state_display()),
            lambda r: state(ROUND_SHAPES[r.state], r.get_state_display()), css="cw-table__state",
        ),
    )  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        seen = Round.objects.visible_to(request.user, self.permission).filter(campaign=current_campaign(request))
        return seen.annotate(
            visits_planned=Count("visits", filter=~Q(visits__state=VisitState.SKIPPED)),
            visits_done=Count("visits", filter=Q(visits__state=VisitState.FINISHED)),
            visits_skipped=Count("visits", filter=Q(visits__state=VisitState.SKIPPED)),
        )

    def row_url(self, row: Any) -> str:
        return reverse("inspections:round", args=[row.pk])

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        if not may(request.user, "inspections.plan"):
            return {}
        url = reverse("inspections:round_new")
        return {"page_actions": [{"label": _("Plan a round"), "icon": "plus", "url": url, "primary": True}]}


def _inspector(visit: Visit) -> str:
    return str(visit.inspector) if visit.inspector else ""


def _show_inspector(visit: Visit) -> str | SafeString:
    if visit.inspector:
        return two_lines(visit.inspector, visit.team)
    return state("not-observable", _("Needs an inspector")) if visit.state == VisitState.PLANNED else ""


def _result(visit: Visit) -> str | SafeString:
    """What was found, in one cell: answered, and how many not met."""
    if visit.state == VisitState.SKIPPED:
        return visit.skip_reason
    if not visit.answered:
        return ""
    return two_lines(_("%d answered") % visit.answered, _("%d not met") % visit.not_met if visit.not_met else "")


def _choices(field: str, *labels: Any) -> Any:
    def choices(request: HttpRequest) -> Iterable[tuple[str, str]]:
        rows = (
            VisitList()
            .rows(request)
            .order_by()
            .values_list(field, *(one() if callable(one) else one for one in labels))
            .distinct()
        )
        return sorted({(str(row[0]), str(row[-1])) for row in rows if row[0] not in {None, ""}}, key=lambda r: r[1])

    return choices


def _assign(visit: Visit, *, actor: Any, data: dict[str, Any]) -> None:
    assign_one(visit, data["inspector"], team=data["team"], actor=actor)


def _move(visit: Visit, *, actor: Any, data: dict[str, Any]) -> None:
    move_visit(visit, data["day"], reason=data["reason"], actor=actor)


class VisitList(ListPage):
    """The visits of one round, under how far the round has come."""

    name = "visits"
    title = gettext_lazy("Visits of the round")
    noun = gettext_lazy("places")
    permission = "inspections.view"
    template = "inspections/round.html"
    sort = "order"
    search = ("place__name__icontains", "place__code__icontains")
    search_words = gettext_lazy("Place or its number")
    empty = gettext_lazy("No place is on the list yet.")
    definition = gettext_lazy("Ad hoc places are chosen on the spot and never mixed with drawn ones in an estimate.")
    columns: ClassVar = (
        Column("order", gettext_lazy("No."), lambda v: v.order, sort="order", kind="number", css="cw-wide"),
        Column(
            "place", gettext_lazy("Place"), lambda v: v.place.name,
            lambda v: two_lines(v.place.name, v.place.code, reverse("inspections:visit", args=[v.uid])),
            css="cw-table__title",
        ),
        Column("code", gettext_lazy("Number"), lambda v: v.place.code, screen=False),
        Column("type", gettext_lazy("Place type"), lambda v: str(v.place.place_type),
               lambda v: two_lines(v.place.place_type, v.get_kind_display())),
        Column("kind", gettext_lazy("Drawn or ad hoc"), lambda v: str(v.get_kind_display()), screen=False),
        Column("territory", pgettext_lazy("place", "Territory"), lambda v: str(v.place.territory)),
        Column("inspector", gettext_lazy("Inspector and team"), _inspector, _show_inspector),
        Column("team", gettext_lazy("Team"), lambda v: v.team, sort="team", screen=False),
        Column("day", gettext_lazy("Planned day"), lambda v: v.planned_on, lambda v: day(v.planned_on),
               sort="planned_on", kind="date"),
        Column("result", gettext_lazy("Result"), lambda v: f"{v.answered} / {v.not_met}", _result),
        Column(
            "state", gettext_lazy("State"), lambda v: str(v.get_state_display()),
            lambda v: state(SHAPES[v.state], v.get_state_display()), css="cw-table__state",
        ),
    )  # fmt: skip
    filters: ClassVar = (
        Filter("type", gettext_lazy("Place type"),
               _choices("place__place_type_id", lambda: name_in_language("place__place_type__")),
               lambda rows, value: rows.filter(place__place_type=value)),
        Filter("kind", gettext_lazy("Drawn or ad hoc"), lambda _request: VisitKind.choices,
               lambda rows, value: rows.filter(kind=value)),
        pick_filter("territory", pgettext_lazy("place", "Territory"), "areas",
                    lambda rows, value: rows.filter(place__territory=value)),
        Filter("team", gettext_lazy("Team"), _choices("team"), lambda rows, value: rows.filter(team=value)),
        Filter("inspector", pgettext_lazy("visit", "Inspector"), _choices("inspector_id", "inspector__name"),
               lambda rows, value: rows.filter(inspector=value)),
        Filter("day", gettext_lazy("Planned day"), lambda _request: (),
               lambda rows, value: rows.filter(planned_on=value), kind="date"),
    )  # fmt: skip
    tabs: ClassVar = (
        Tab("all", gettext_lazy("All"), Q()),
        Tab("waiting", gettext_lazy("To do"), Q(state__in=WAITING_STATES)),
        Tab("nobody", gettext_lazy("Needs an inspector"), Q(inspector=None, state=VisitState.PLANNED)),
        Tab("done", gettext_lazy("Finished"), Q(state=VisitState.FINISHED)),
        Tab("skipped", gettext_lazy("Skipped"), Q(state=VisitState.SKIPPED)),
    )
    bulk: ClassVar = (
        BulkAction(
            "assign", gettext_lazy("Give to an inspector"), _assign, "user-check", "inspections.plan", AssignForm
        ),
        BulkAction("move", gettext_lazy("Move to another day"), _move, "calendar-event", "inspections.plan", MoveForm),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        match = request.resolver_match
        visits = Visit.objects.visible_to(request.user).filter(round=match.kwargs["pk"] if match else None)
        return visits.select_related("place__place_type", "place__territory", "inspector", "round", "region")

    def row_url(self, row: Any) -> str:
        return reverse("inspections:visit", args=[row.uid])

    def message_line(self, row: Any) -> tuple[str, str]:
        """By team, since a team has its own chat group."""
        return row.team or _inspector(row), f"{day(row.planned_on)} {row.place.name}"

    def period(self, request: HttpRequest) -> str:
        round_ = round_of(request, self._pk(request))
        return str(span(round_.starts, round_.ends))

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        round_ = round_of(request, self._pk(request))
        plans = may(request.user, "inspections.plan", round_)
        return {
            "page_title": round_.name,
            "breadcrumbs": [
                {"label": _("Inspections"), "url": reverse("inspections:rounds")},
                {"label": round_.name},
            ],
            "round": round_,
            "round_state": state(ROUND_SHAPES[round_.state], round_.get_state_display()),
            "progress": round_progress(self.rows(request)),
            "plans": plans,
            "page_actions": list(_actions(request, round_, plans=plans)),
            "panels": panels("round", request, round_),
        }

    @staticmethod
    def _pk(request: HttpRequest) -> int:
        return int(request.resolver_match.kwargs["pk"]) if request.resolver_match else 0


def _actions(request: HttpRequest, round_: Round, *, plans: bool) -> Iterable[dict[str, Any]]:
    """The buttons of a round's head; what comes next stands in the page itself."""
    draws = list(Draw.objects.visible_to(request.user).filter(round=round_).values_list("state", flat=True))
    results = reverse("inspections:results", args=[round_.pk])
    yield {"label": _("Results by criterion"), "icon": "list-check", "url": results}
    if round_.state == "running" and plans:
        url = reverse("inspections:ad_hoc", args=[round_.pk])
        yield {"label": _("Add an ad hoc place"), "icon": "map-pin", "url": url}
    if draws or may(request.user, "inspections.draw", round_):
        label = _("Draw and its proof") if set(draws) & {"drawn", "closed"} else _("Draw places")
        url = reverse("inspections:draw", args=[round_.pk])
        yield {"label": label, "icon": "dice-5", "url": url}
    if round_.state == "running" and plans:
        yield {"label": _("Close the round"), "icon": "lock", "url": reverse("inspections:close", args=[round_.pk])}
