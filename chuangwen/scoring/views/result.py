"""The result page: why, and where, down to the photo."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chuangwen.core.access import may
from chuangwen.core.pages import signed_in
from chuangwen.scoring.finding import find_run
from chuangwen.scoring.interval import drawing, goal_inside
from chuangwen.scoring.models import NodeResult, Run
from chuangwen.scoring.queries import results
from chuangwen.scoring.queries.loss_lines import LossBook, points_at_places
from chuangwen.scoring.queries.runs import run_before
from chuangwen.scoring.queries.seen import ad_hoc_places
from chuangwen.scoring.queries.why import sentences
from chuangwen.scoring.views.crumbs import crumbs
from chuangwen.scoring.views.loss_table import asked_line, line_words, loss_table
from chuangwen.scoring.views.peers import peers_of

LOST_AT_ALL = 1e-9
PLACES_SHOWN = 40  # of many; a line leads to the others


@signed_in("scoring.view")
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One result from the total to the photo; `?node=`, `?leaf=` and `?place=` say how far down."""
    found = find_run(request, pk)
    parts, book = results.sections(found), LossBook.whole(found)
    context = {
        "page_title": _("Score of %s") % found.round,
        "breadcrumbs": crumbs(),
        "run": found,
        "root": NodeResult.objects.get(run=found, code=""),
        "sections": parts,
        "unassessed": (missing := results.unassessed_by_method(found)),
        "unassessed_points": sum(row.points for row in missing),
        "nothing_to_judge": results.nothing_to_judge(found),
        "ad_hoc": ad_hoc_places(found),
        "adjustments": results.adjustments_of(found),
        **loss_table(request, book),
        "may_run": may(request.user, "scoring.run"),
        **_before(found, missing),
        **peers_of(request, found),
        **_interval(found),
        **_drill(request, book, parts),
    }
    return render(request, "scoring/run.html", context)


def _before(found: Run, missing: list[results.Unassessed]) -> dict[str, Any]:
    """The round before, the difference, and whether both looked at as much; nothing where there is none."""
    before = run_before(found)
    if before is None or before.total is None or found.total is None:
        return {}
    since = round(found.total, 2) - round(before.total, 2)
    alike = before.version_id == found.version_id and results.unassessed_by_method(before) == missing
    return {"before": before, "since": since, "less": -since, "alike": alike}


def _interval(found: Run) -> dict[str, Any]:
    if found.total is None or found.low is None or found.high is None:
        return {}
    goal = found.round.campaign.target
    return {
        "interval": drawing(found.total, found.low, found.high, goal, found.version.scale),
        "goal": goal,
        "goal_inside": goal_inside(found.low, found.high, goal),
    }


def _drill(request: HttpRequest, book: LossBook, parts: list[results.Part]) -> dict[str, Any]:
    """The chosen section, criterion and place; the dearest of each where none is chosen."""
    if not parts:
        return {}
    found = book.run
    dearest = max(parts, key=lambda part: part.result.lost or 0)
    section = next((part for part in parts if part.node.code == request.GET.get("node")), dearest)
    criteria = results.criteria_below(found, section.node)
    context: dict[str, Any] = {
        "section": section,
        "widest": max(part.width for part in parts),
        "criteria_lost": [part for part in criteria if part.result.assessed and (part.result.lost or 0) > LOST_AT_ALL],
        "full": [part for part in criteria if part.result.assessed and (part.result.lost or 0) <= LOST_AT_ALL],
        "not_seen": [part for part in criteria if not part.result.assessed],
    }
    if not criteria:
        return context | {"why_section": sentences(found, [section.node.code]).get(section.node.code, "")}
    leaf = next((part for part in criteria if part.node.code == request.GET.get("leaf")), criteria[0])
    line = asked_line(request) if book.placed and "leaf" in request.GET else None
    places = results.places_of(found, leaf.result)
    if line:
        at = points_at_places(book.within(line), leaf.node.code)
        places = [replace(one, lost=at[one.place_id]) for one in places if one.place_id in at]
        context |= {"only": line_words(book, line), "only_query": f"&by={line.by}&line={quote(line.key)}"}
    wanted = request.GET.get("place", "")
    place = next((one for one in places if str(one.place_id) == wanted), places[0] if places else None)
    shown = places if request.GET.get("places") == "all" else places[:PLACES_SHOWN]
    context |= {"leaf": leaf, "places": shown, "more_places": len(places) - len(shown)}
    context["entered"] = results.results_of(found, [leaf.node.code])
    why = sentences(found, [section.node.code, leaf.node.code])
    context |= {"why_section": why.get(section.node.code, ""), "why": why.get(leaf.node.code, "")}
    if place and place.place_id:
        context |= {"place": place, "answers": results.answers_at(found, leaf.result, place.place_id)}
        context["sees_problems"] = may(request.user, "rectification.view")
    return context
