"""The list of what to do next: all problems that hold points back in a run, and the unit's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Q, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.access import may
from chuangwen.core.lists import Column, Filter, ListPage, Tab, pick_filter, two_lines
from chuangwen.core.wording import figure_words
from chuangwen.rectification.models import Problem
from chuangwen.scoring.models import ProblemGain, Run
from chuangwen.scoring.problem_words import standing_of, won
from chuangwen.scoring.queries.next_up import (
    FREE,
    Horizon,
    apart_condition,
    closed_condition,
    free_condition,
    horizon_of,
    open_condition,
    ranked,
)
from chuangwen.standards.models import Node, ProblemType


def run_of(request: HttpRequest) -> Run:
    """The run that the list's address names; its visibility is asked where the page is opened and by its rows."""
    kept = request.__dict__.setdefault("_runs", {})
    pk = request.resolver_match.kwargs["pk"]  # type: ignore[union-attr]
    if pk not in kept:
        kept[pk] = Run.objects.select_related("round__campaign", "version", "region", "observations").get(pk=pk)
    found: Run = kept[pk]
    return found


def horizon(request: HttpRequest) -> Horizon:
    """Until when the run's points can be won back: asked once a request."""
    if "_horizon" not in request.__dict__:
        request.__dict__["_horizon"] = horizon_of(run_of(request))
    found: Horizon = request.__dict__["_horizon"]
    return found


def _where(problem: Problem) -> str:
    return "，".join(str(part) for part in (problem.number, problem.place or problem.spot) if part)


def _rate(row: Any) -> float | None:
    """Points for each person-day; none where it takes no work."""
    return None if row.rank >= FREE else row.rank


def _kinds(request: HttpRequest) -> Iterable[tuple[str, Any]]:
    held = ProblemGain.objects.filter(run=run_of(request)).values("problem__problem_type")
    return ((str(one.pk), one.name) for one in ProblemType.objects.filter(pk__in=held))


def _criteria(request: HttpRequest) -> Iterable[tuple[str, Any]]:
    run = run_of(request)
    kept = ProblemGain.objects.filter(run=run).values_list("codes", flat=True)
    held = {code for codes in kept for code in codes.split()}
    nodes = Node.objects.filter(version=run.version_id, is_leaf=True, code__in=held).order_by("position")
    return ((node.code, f"{node.code} {node.title}") for node in nodes)


def _winnable(request: HttpRequest) -> Q:
    return free_condition("problem__") | open_condition(horizon(request), "problem__")


class NextUpList(ListPage):
    """Problems that hold points back, by what a person-day wins; what only waits to be verified comes first."""

    name = "scoring.next"
    title = _("What to do next")
    noun = pgettext_lazy("noun", "problems")
    permission = "scoring.view"
    held_by = "scoring.view"
    sort = "-rank"
    template = "scoring/next.html"
    columns = (
        Column(
            "problem", _("Problem"), lambda row: row.problem.title, css="cw-table__title", width=44,
            show=lambda row: two_lines(row.problem.title, _where(row.problem)),
        ),
        Column("number", _("Number"), lambda row: row.problem.number, screen=False),
        Column("place", _("Place"), lambda row: str(row.problem.place or row.problem.spot), screen=False),
        Column("type", _("Type"), lambda row: row.problem.problem_type.name),
        Column("codes", _("Criteria"), lambda row: "、".join(row.codes.split())),
        Column("lead", _("Lead"), lambda row: str(row.problem.lead)),
        Column("territory", _("Territory"), lambda row: str(row.problem.territory or ""), screen=False),
        Column(
            "points", _("Points to win back"), lambda row: row.points, kind="number", sort="points",
            number_format="0.000", show=lambda row: format_html("<b>{}</b>", won(row.points)),
        ),
        Column(
            "effort", _("Person-days"), lambda row: row.person_days, kind="number", sort="person_days",
            show=lambda row: figure_words(row.person_days),
        ),
        Column(
            "rate", _("Points a person-day"), _rate, kind="number", sort="rank", number_format="0.000",
            show=lambda row: str(_("no work")) if _rate(row) is None else f"{row.rank:.3f}",
        ),
        Column("cost", _("Cost in yuan"), lambda row: row.cost, kind="number", screen=False),
        Column("standing", pgettext_lazy("plan", "Where it stands"), lambda row: standing_of(row.problem)),
    )  # fmt: skip
    filters = (
        pick_filter("unit", _("Unit"), "units-ever", lambda rows, value: rows.filter(problem__lead=value)),
        pick_filter(
            "district", _("Territory"), "territories", lambda rows, value: rows.filter(problem__territory=value)
        ),
        Filter("criterion", _("Criterion"), _criteria, lambda rows, value: rows.filter(codes__contains=f" {value} ")),
        Filter("type", _("Type"), _kinds, lambda rows, value: rows.filter(problem__problem_type=value)),
    )
    tabs = (
        Tab("open", _("To be won back"), _winnable),
        Tab("verify", _("Only to be verified"), free_condition("problem__")),
        Tab("apart", _("Not before the next round"), lambda request: apart_condition(horizon(request), "problem__")),
        Tab("closed", _("Closed since"), closed_condition("problem__")),
    )
    search = ("problem__title__icontains", "problem__number__icontains")
    search_words = _("Problem or number")
    empty = _("No open problem holds points back in this score.")
    definition = _(
        "Points: what the total of this score gains if every failing row of the problem were met, computed by the "
        "rules of the standard. Person-days: as estimated by type."
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        run = run_of(request)
        rows = ProblemGain.objects.visible_to(request.user, self.held_by).filter(run=run)
        rows = rows.select_related("problem__lead", "problem__territory", "problem__place", "problem__problem_type")
        linked = may(request.user, "rectification.view")  # an assessor sees the score and no ledger
        return ranked(rows, run.region_id).annotate(linked=Value(linked, output_field=BooleanField()))

    def row_url(self, row: Any) -> str:
        return reverse("rectification:problem", args=[row.problem.number]) if row.linked else ""

    def period(self, request: HttpRequest) -> Any:
        return str(run_of(request).round)


class OwnNextUpList(NextUpList):
    """The same of the person's own units, and nothing of others."""

    name = "scoring.own_next"
    title = _("What we do next")
    permission = "scoring.view_own"
    held_by = "scoring.view_own"
    template = "scoring/own_next.html"
