"""The page of scores over rounds, and what next year needs."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.campaigns.models import Campaign
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.core.workbooks.writing import Column, OutTable, write_tables
from chuangwen.scoring.cycle import Year, rule_of, years_of
from chuangwen.scoring.engine import show
from chuangwen.scoring.needed import needed, reaches, result
from chuangwen.scoring.queries.trend import Point, breaks, points_of, stretches, urns_of
from chuangwen.scoring.views.crumbs import crumbs

SYMBOLS = {"mock": "circle", "look-back": "triangle", "official": "rect", "re-verification": "diamond"}
SHAPES = {"mock": "●", "look-back": "▲", "official": "■", "re-verification": "◆"}
FULL_MARKS = 100.0


@signed_in("scoring.view")
def trend(request: HttpRequest) -> HttpResponse:
    """Total and sections over the rounds under one standard, and what the open years need."""
    campaign = campaign_or_404(request)
    urns = urns_of(campaign, request.user)
    urn = next((one for one, _title in urns if one == request.GET.get("standard")), urns[0][0] if urns else "")
    points = points_of(campaign, urn, request.user)
    if request.GET.get("format") == "xlsx":
        title = _("Scores over the rounds")
        return file_response(_workbook(campaign, points), f"{title}.xlsx")
    context = {
        "page_title": _("Scores over the rounds"),
        "breadcrumbs": [*crumbs(), {"label": _("Trend"), "url": ""}],
        "points": [(point, SHAPES.get(point.kind, "●")) for point in points],
        "breaks": [one for one in breaks(points) if one.before.run and one.after.run],
        "chart": _chart(points, campaign.target),
        "sections": _sections(points),
        "scored": [point for point in points if point.run],
        "target": campaign.target,
        "tabs": [
            {"label": title, "url": f"?standard={one}", "current": one == urn} for one, title in urns if len(urns) > 1
        ],
        "page_actions": [
            {"label": _("Compare two scores"), "url": reverse("scoring:compare"), "icon": "scale"},
            {"label": _("Print"), "icon": "printer", "print": True},
            {"label": _("Export"), "url": f"?standard={urn}&format=xlsx", "icon": "download"},
        ],
        **_needed(request, campaign),
    }
    return render(request, "scoring/trend.html", context)


@signed_in("scoring.view")
def what_if(request: HttpRequest) -> HttpResponse:
    """What a supposed score of the open years makes together."""
    campaign = campaign_or_404(request)
    return render(request, "scoring/parts/what_if.html", _needed(request, campaign))


def _chart(points: list[Point], target: float | None) -> dict[str, Any]:
    """A line for each stretch of one version, with its intervals; scores of no version here as marks alone."""
    series = [_series(points, places, points[places[0]].standard) for places in stretches(points)]
    apart = [place for place, point in enumerate(points) if point.version is None]
    if apart:
        series.append(_series(points, apart, _("From outside")) | {"apart": True, "tone": "ink"})
    if target is not None and points:
        name = _("Goal %s") % f"{target:g}"
        series.append({"name": name, "values": [target] * len(points), "tone": "good", "quiet": True})
    labels = [f"{point.name}\n{point.kind_label}" for point in points]
    return {"kind": "line", "labels": labels, "series": series, "digits": 2}


def _series(points: list[Point], places: list[int], name: str) -> dict[str, Any]:
    held = {place: points[place] for place in places}

    def each(value: Any) -> list[Any]:
        return [value(held[place]) if place in held else None for place in range(len(points))]

    return {
        "name": name, "tone": "got", "values": each(lambda one: float(show(one.total))),
        "symbols": each(lambda one: SYMBOLS.get(one.kind, "circle")), "low": each(lambda one: one.low),
        "high": each(lambda one: one.high),
    }  # fmt: skip


def _sections(points: list[Point]) -> list[tuple[str, str, list[float | None]]]:
    """(code, title, points attained in each scored round) of every section that any of them has."""
    scored = [point for point in points if point.run]
    keys = dict.fromkeys(key for point in reversed(scored) for key in point.sections)
    return [(code, title, [point.sections.get((code, title)) for point in scored]) for code, title in keys]


def _needed(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """What the open years need, and what a supposed score makes. A year is open until its official score is there."""
    years = years_of(campaign, request.user)
    if campaign.target is None or not years:
        return {}
    rule = rule_of(campaign, years)
    held = {one.year: one.total for one in years if one.is_official and one.total is not None}
    need = needed(rule, held, campaign.target, FULL_MARKS)
    open_years = [one for one in years if one.counts and one.year not in held]
    score = _supposed(request, need.shown, open_years)
    found: dict[str, Any] = {
        "need": need, "rule": rule, "years": years, "open_years": open_years, "held_years": _told(years, held),
        "campaign_target": campaign.target, "supposed": score,
        "last_seen": next((one for one in reversed(open_years) if one.total is not None), None),
        "failed": "、".join(str(year) for year in need.failed),
        "open_words": "、".join(str(one.year) for one in open_years),
    }  # fmt: skip
    if score is not None and open_years:
        made = result(rule, held | dict.fromkeys((one.year for one in open_years), score))
        found |= {"made": made, "enough": made is not None and reaches(made, campaign.target)}
    return found


def _told(years: list[Year], held: dict[int, float]) -> str:
    return "、".join(
        _("%(year)s: %(score)s") % {"year": one.year, "score": one.shown} for one in years if one.year in held
    )


def _supposed(request: HttpRequest, shown: str, open_years: list[Year]) -> float | None:
    """What was typed, else the score of the last round, else what is needed; None for what is no score."""
    text = request.GET.get("score", "")
    if not text:
        known = next((one.total for one in reversed(open_years) if one.total is not None), None)
        return known if known is not None else float(shown) if shown else None
    try:
        score = float(text)
    except ValueError:
        return None
    return score if math.isfinite(score) and 0 <= score <= FULL_MARKS else None


def _workbook(campaign: Campaign, points: list[Point]) -> bytes:
    """Totals with their intervals on one sheet, sections on the other."""
    title = _("Scores over the rounds")
    columns = (
        Column("name", _("Round"), width=28), Column("kind", _("Kind"), width=12), Column("day", _("Day"), "date"),
        Column("standard", _("Standard"), width=30),
        *(Column(key, label, "number", number_format="0.00") for key, label in (
            ("total", _("Total")), ("low", _("Interval from")), ("high", _("Interval to")))),
        Column("source", _("From"), width=20),
    )  # fmt: skip
    rows = [
        (one.name, one.kind_label, one.day, one.standard, one.total, one.low, one.high,
         one.outside.result.issued_by if one.outside else _("our own round"))
        for one in points
    ]  # fmt: skip
    scored = [point for point in points if point.run]
    rounds = (Column(f"r{n}", one.name, "number", number_format="0.00") for n, one in enumerate(scored))
    heads = (Column("code", _("Code"), width=10), Column("title", _("Section"), width=36), *rounds)
    parts = [(code, name, *values) for code, name, values in _sections(points)]
    return write_tables([
        OutTable(columns, rows, title, (str(campaign),), _("Total"), True),
        OutTable(heads, parts, title, (str(campaign),), _("Sections"), True),
    ])  # fmt: skip
