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
from chuangwen.scoring.finding import OWN, WHOLE, run_of
from chuangwen.scoring.models import ProblemGain
from chuangwen.scoring.problem_words import standing_of, won
from chuangwen.scoring.queries.next_up import (
    FREE,
    apart_condition,
    closed_condition,
    free_condition,
    open_condition,
    ranked,
)
from chuangwen.scoring.queries.winning import Horizon, horizon_of
from chuangwen.standards.models import Node, ProblemType


def horizon(request: HttpRequest, held_by: str = WHOLE) -> Horizon:
    """Until when the run's points can be won back: asked once a request."""
    if "_horizon" not in request.__dict__:
        request.__dict__["_horizon"] = horizon_of(run_of(request, held_by))
    found: Horizon = request.__dict__["_horizon"]
    return found


def _where(problem: Problem) -> str:
    return "，".join(str(part) for part in (problem.number, problem.place or problem.spot) if part)


def _rate(row: Any) -> float | None:
    """Points for each person-day; none where it takes no work."""
    return None if row.rank >= FREE else row.rank


def _held(request: HttpRequest, held_by: str) -> QuerySet[Any]:
    """The problems of the run that the person sees: no filter names what only others' have."""
    return ProblemGain.objects.visible_to(request.user, held_by).filter(run=run_of(request, held_by))


def _kinds(request: HttpRequest, held_by: str) -> Iterable[tuple[str, Any]]:
    held = _held(request, held_by).values("problem__problem_type")
    return ((str(one.pk), one.name) for one in ProblemType.objects.filter(pk__in=held))


def _criteria(request: HttpRequest, held_by: str) -> Iterable[tuple[str, Any]]:
    held = {code for codes in _held(request, held_by).values_list("codes", flat=True) for code in codes.split()}
    version = run_of(request, held_by).version_id
    nodes = Node.objects.filter(version=version, is_leaf=True, code__in=held).order_by("position")
    return ((node.code, f"{node.code} {node.title}") for node in nodes)


def _filters(held_by: str) -> tuple[Filter, ...]:
    return (
        pick_filter("unit", _("Unit"), "units-ever", lambda rows, value: rows.filter(problem__lead=value)),
        pick_filter(
            "district", _("Territory"), "territories", lambda rows, value: rows.filter(problem__territory=value)
        ),
        Filter(
            "criterion", _("Criterion"), lambda request: _criteria(request, held_by),
            lambda rows, value: rows.filter(codes__contains=f" {value} "),
        ),
        Filter(
            "type", _("Type"), lambda request: _kinds(request, held_by),
            lambda rows, value: rows.filter(problem__problem_type=value),
        ),
    )  # fmt: skip


def _tabs(held_by: str) -> tuple[Tab, ...]:
    def winnable(request: HttpRequest) -> Q:
        return free_condition("problem__") | open_condition(horizon(request, held_by), "problem__")

    def apart(request: HttpRequest) -> Q:
        return apart_condition(horizon(request, held_by), "problem__")

    return (
        Tab("open", _("To be won back"), winnable),
        Tab("verify", _("Only to be verified"), free_condition("problem__")),
        Tab("apart", _("Not before the next round"), apart),
        Tab("closed", _("Closed since"), closed_condition("problem__")),
    )


class NextUpList(ListPage):
    """Problems that hold points back, by what a person-day wins; what only waits to be verified comes first."""

    name = "scoring.next"
    title = _("What to do next")
    noun = pgettext_lazy("noun", "problems")
    permission = "scoring.view"
    held_by = WHOLE
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
    filters = _filters(WHOLE)
    tabs = _tabs(WHOLE)
    search = ("problem__title__icontains", "problem__number__icontains")
    search_words = _("Problem or number")
    empty = _("No open problem holds points back in this score.")
    definition = _(
        "Points: what the total of this score gains if every failing row of the problem were met, computed by the "
        "rules of the standard. Person-days: as estimated by type."
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = _held(request, self.held_by)
        rows = rows.select_related("problem__lead", "problem__territory", "problem__place", "problem__problem_type")
        linked = may(request.user, "rectification.view")  # an assessor sees the score and no ledger
        return ranked(rows, run_of(request, self.held_by).region_id).annotate(
            linked=Value(linked, output_field=BooleanField())
        )

    def row_url(self, row: Any) -> str:
        return reverse("rectification:problem", args=[row.problem.number]) if row.linked else ""

    def period(self, request: HttpRequest) -> Any:
        return str(run_of(request, self.held_by).round)


class OwnNextUpList(NextUpList):
    """The same of the person's own units, and nothing of others."""

    name = "scoring.own_next"
    title = _("What we do next")
    permission = "scoring.view_own"
    held_by = OWN
    filters = _filters(OWN)
    tabs = _tabs(OWN)
    template = "scoring/own_next.html"
