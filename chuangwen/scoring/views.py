"""Runs and their result page: why, and where, down to the photo."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.jobs import start_job
from chuangwen.core.lists import respond
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.scoring import queries
from chuangwen.scoring.forms import RunForm
from chuangwen.scoring.interval import drawing, goal_inside
from chuangwen.scoring.lists import RunList
from chuangwen.scoring.models import Loss, NodeResult, Run
from chuangwen.scoring.services import verify_run
from chuangwen.scoring.sheets import result_workbook

LOST_AT_ALL = 1e-9
UNITS_SHOWN = PLACES_SHOWN = 40  # of a thousand; a line leads to the others


@signed_in("scoring.view")
def run_list(request: HttpRequest) -> HttpResponse:
    """All runs of the campaign, and the button for the next one."""
    return respond(request, RunList())


@signed_in("scoring.run")
def new_run(request: HttpRequest) -> HttpResponse:
    """Ask for round and standard, then score in the worker."""
    campaign = campaign_or_404(request)
    form = RunForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        title = _("Score of %s") % chosen["round"]
        params = {"round_id": chosen["round"].pk, "version_id": chosen["version"].pk, "missing": chosen["missing"]}
        job = start_job("score_round", owner=request.user, title=title, params=params, back=request.path)
        return redirect("core:job", job.uid)
    context = {"form": form, "page_title": _("Score a round"), "breadcrumbs": _crumbs()}
    return render(request, "scoring/new.html", context, status=422 if form.is_bound else 200)


@signed_in("scoring.view")
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One result from the total to the photo; `?node=`, `?leaf=` and `?place=` say how far down."""
    found = _run(request, pk)
    parts = queries.sections(found)
    context = {
        "page_title": _("Score of %s") % found.round,
        "breadcrumbs": _crumbs(),
        "run": found,
        "root": NodeResult.objects.get(run=found, code=""),
        "sections": parts,
        "unassessed": (missing := queries.unassessed_by_method(found)),
        "unassessed_points": sum(row.points for row in missing),
        "nothing_to_judge": queries.nothing_to_judge(found),
        "adjustments": queries.adjustments_of(found),
        **_losses(request, found, Loss.objects.filter(run=found)),
        "may_run": may(request.user, "scoring.run"),
        **_before(found),
        **_of_unit(request, found),
        **_interval(found),
        **_drill(request, found, parts),
    }
    return render(request, "scoring/run.html", context)


@signed_in("scoring.view_own", "scoring.view")
def own_losses(request: HttpRequest, pk: int) -> HttpResponse:
    """What the person's own units lost in a run, for those who do not see the whole."""
    found = Run.objects.select_related("round", "version").filter(pk=pk).first()
    losses = Loss.objects.visible_to(request.user, "scoring.view_own").filter(run=pk)
    if found is None or not losses.exists():
        raise Http404
    context = {
        "page_title": _("Our points in %s") % found.round,
        "breadcrumbs": [{"label": _("Desk"), "url": reverse("desk:desk")}, {"label": str(found.round)}],
        "run": found,
        "own": True,
        **_losses(request, found, losses),
    }
    shown = [row.unit.pk for row in context["losses"] if row.unit]
    wanted = request.GET.get("unit", "")
    chosen = next((pk for pk in shown if str(pk) == wanted or len(shown) == 1), None)
    if chosen:
        context |= {"unit_pk": chosen, "unit_losses": _criteria_lost(found, chosen)}
    return render(request, "scoring/own.html", context)


@signed_in("scoring.view")
@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Compute the run again from its frozen input and say whether it agrees."""
    found = _run(request, pk)
    differing = verify_run(found)
    if differing:
        messages.error(request, _("The figures do not agree: %s.") % ", ".join(differing[:10]))
    else:
        messages.info(request, _("Computed again from the frozen input: every figure agrees within a billionth."))
    return redirect("scoring:run", pk)


@signed_in("scoring.view")
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole result as a workbook: total, nodes, losses by unit."""
    found = _run(request, pk)
    return file_response(result_workbook(found), f"{found.round}.xlsx")


def _run(request: HttpRequest, pk: int) -> Run:
    runs = Run.objects.select_related("round__campaign", "version", "region", "observations")
    return visible_or_404(runs, request.user, pk=pk)


def _before(found: Run) -> dict[str, Any]:
    """The round before and the difference; nothing where there is none."""
    before = queries.run_before(found)
    if before is None or before.total is None or found.total is None:
        return {}
    return {"before": before, "since": found.total - before.total}


def _of_unit(request: HttpRequest, found: Run) -> dict[str, Any]:
    """What the chosen unit lost, criterion by criterion."""
    wanted = request.GET.get("unit", "")
    if not wanted.isdecimal() or len(wanted) > 18:
        return {}
    return {"unit_pk": int(wanted), "unit_losses": _criteria_lost(found, int(wanted))}


def _criteria_lost(found: Run, unit_id: int) -> list[tuple[str, str, float, str]]:
    """(code, title, points, code of the section) of what a unit lost."""
    rows = queries.losses_of_unit(found, unit_id)
    return [(code, title, lost, code.split(".")[0]) for code, title, lost in rows]


def _crumbs() -> list[dict[str, str]]:
    return [{"label": _("Scores"), "url": reverse("scoring:runs")}]


def _losses(request: HttpRequest, found: Run, losses: Any) -> dict[str, Any]:
    """Units by what they lost: the greatest, and the others as one line unless all are asked for."""
    most = None if request.GET.get("losses") == "all" or "unit" in request.GET else UNITS_SHOWN
    rows = queries.unit_losses(found, losses, most)
    shown, others = rows[:most], rows[most:] if most else []
    points = [row.points for row in rows]
    return {
        "losses": shown,
        "more_units": len(others),
        "more_lost": sum(row.points for row in others),
        "greatest": max(points, default=1.0),
        "lost_total": sum(points),
    }


def _interval(found: Run) -> dict[str, Any]:
    if found.total is None or found.low is None or found.high is None:
        return {}
    goal = found.round.campaign.target
    return {
        "interval": drawing(found.total, found.low, found.high, goal, found.version.scale),
        "goal": goal,
        "goal_inside": goal_inside(found.low, found.high, goal),
    }


def _drill(request: HttpRequest, found: Run, parts: list[queries.Part]) -> dict[str, Any]:
    """The chosen section, criterion and place; the dearest of each where none is chosen."""
    if not parts:
        return {}
    dearest = max(parts, key=lambda part: part.result.lost or 0)
    section = next((part for part in parts if part.node.code == request.GET.get("node")), dearest)
    criteria = queries.criteria_below(found, section.node)
    context: dict[str, Any] = {
        "section": section,
        "widest": max(part.width for part in parts),
        "criteria_lost": [part for part in criteria if part.result.assessed and (part.result.lost or 0) > LOST_AT_ALL],
        "full": [part for part in criteria if part.result.assessed and (part.result.lost or 0) <= LOST_AT_ALL],
        "not_seen": [part for part in criteria if not part.result.assessed],
    }
    if not criteria:
        return context
    leaf = next((part for part in criteria if part.node.code == request.GET.get("leaf")), criteria[0])
    places = queries.places_of(found, leaf.result)
    wanted = request.GET.get("place", "")
    place = next((one for one in places if str(one.place_id) == wanted), places[0] if places else None)
    shown = places if request.GET.get("places") == "all" else places[:PLACES_SHOWN]
    context |= {"leaf": leaf, "places": shown, "more_places": len(places) - len(shown)}
    context["entered"] = queries.results_of(found, [leaf.node.code])
    if place and place.place_id:
        context |= {"place": place, "answers": queries.answers_at(found, leaf.result, place.place_id)}
        context["sees_problems"] = may(request.user, "rectification.view")
    return context
