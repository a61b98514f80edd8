"""One problem: proof first, then its history; on the right the next step, then facts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import panels
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.organizations.queries import titles_of
from chuangwen.rectification.enums import ProblemState
from chuangwen.rectification.models import Problem, ProblemPhoto
from chuangwen.rectification.photo_checks import PhotoFinding
from chuangwen.rectification.queries import at_same_place, of_same_kind, pair_of, photo_findings, photos_of
from chuangwen.rectification.views.next_step import next_step
from chuangwen.rectification.views.timeline import timeline
from chuangwen.rectification.words import class_word, due_cell, state_of, within_words
from chuangwen.rectification.workflow import OPEN
from chuangwen.standards.models import Node

NEIGHBOURS = 5
SHOWN = ("place__place_type", "lead", "territory", "problem_type", "round", "campaign", "recurrence_of",
         "merged_into", "region", "routing_rule", "found_by")  # fmt: skip


@signed_in("rectification.view")
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """The problem's page, as picture d."""
    problem = the_problem(request, number)
    photos = photos_of(problem)
    proof = proof_of(problem, photos)
    shape, word = state_of(problem)
    context = {
        **head_of(problem),
        **proof,
        "more_photos": [photo for photo in photos if photo not in {proof["before"], proof["after"]}],
        "awaits_photo": problem.state in OPEN,
        "findings": [_line(finding) for finding in photo_findings(problem, photos)],
        "entries": timeline(problem),
        "step": next_step(problem, request.user),
        "milestones": problem.milestones.all() if problem.state == ProblemState.LONG_TERM else [],
        "may_complete": may(request.user, "rectification.answer", problem),
        "today": clock.today(),
        "merged": problem.merged.all(),
        "recurrences": problem.recurrences.all(),
        "neighbours": _neighbours(problem, request),
        "criteria": _criteria(problem),
        "sees_standards": may(request.user, "standards.view"),
        "panels": panels("problem", request, problem),
        "tiles": settings.MAP_TILES_URL,
        "shape": shape,
        "word": word,
    }
    return render(request, "rectification/problem.html", context)


@signed_in("rectification.view")
@require_GET
def spot(request: HttpRequest, number: str) -> HttpResponse:
    """The problem's point for the map."""
    problem = the_problem(request, number)
    features = []
    if problem.longitude is not None and problem.latitude is not None:
        point = {"type": "Point", "coordinates": [problem.longitude, problem.latitude]}
        name = {"id": problem.number, "name": str(problem.place or problem.spot or problem.title)}
        features = [{"type": "Feature", "geometry": point, "properties": name}]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def the_problem(request: HttpRequest, number: str) -> Problem:
    """The problem of that number which the person may see; 404 otherwise."""
    found: Problem = visible_or_404(Problem.objects.select_related(*SHOWN), request.user, number=number)
    return found


def head_of(problem: Problem) -> dict[str, Any]:
    """What every page about one problem shows at its top."""
    ledger = reverse("rectification:ledger")
    _shape, word = state_of(problem)
    return {
        "page_title": problem.title,
        "problem": problem,
        "due": due_cell(problem),
        "class_word": class_word(problem),
        "breadcrumbs": [
            {"label": _("Problems"), "url": ledger},
            {"label": word, "url": f"{ledger}?tab={problem.state}"},
            {"label": problem.number},
        ],
    }


def proof_of(problem: Problem, photos: list[ProblemPhoto] | None = None) -> dict[str, Any]:
    """The photos before and after, who gave them, and the facts: what a step is decided by."""
    before, after = pair_of(photos_of(problem) if photos is None else photos)
    return {"before": before, "after": after, **_givers(before, after), "facts": facts(problem)}


def _givers(before: ProblemPhoto | None, after: ProblemPhoto | None) -> dict[str, str]:
    """Who gave the pair's photos, by unit and post."""
    pair = {"before_giver": before, "after_giver": after}
    ids = {key: photo.attachment.given_by_id for key, photo in pair.items() if photo}
    titles = titles_of({one for one in ids.values() if one})
    return {key: titles.get(one or 0, "") for key, one in ids.items()}


def facts(problem: Problem) -> list[dict[str, Any]]:
    """What is known of the problem: label, value, address, second line."""
    place = problem.place
    where = _(", ").join(part for part in ((place.address if place else ""), problem.spot) if part)
    lead = "—" if problem.state == ProblemState.FOUND else str(problem.lead)
    place_url = _address("places:place", place.code) if place else ""
    own = not place and problem.campaign is not None and problem.campaign.shape == "unit"
    rows: list[dict[str, Any]] = [
        {"label": _("Where") if own else _("Place"), "value": str(place or problem.spot), "url": place_url,
         "second": where if place else ""},
        {"label": _("Lead") if own else _("Lead (line)"), "value": lead},
        *([] if own else [{"label": _("Territory"), "value": str(problem.territory or "")}]),
        {"label": _("Source"), "value": problem.get_source_display(),
         "second": str(problem.round or problem.source_number or "")},
        _time_limit(problem),
        {"label": _("Number"), "value": problem.number},
        *([{"label": _("Number of the answer"), "value": problem.answer_number}] if problem.answer_number else []),
    ]  # fmt: skip
    for label, value in ((_("Cause"), problem.cause), (_("For the time being"), problem.interim_measure),
                         (_("Money"), problem.funding), (_("Coordinator"), problem.coordinator)):  # fmt: skip
        if value:
            rows.append({"label": label, "value": value})
    return rows


def _time_limit(problem: Problem) -> dict[str, Any]:
    """The type's own limit and the day that follows from it; a plan's last day where there is a plan."""
    within = within_words(problem.problem_type.within)
    if problem.state == ProblemState.LONG_TERM:
        return {"label": _("Plan until"), "value": day(problem.due_at), "second": _("without a plan: %s") % within}
    second = (
        _("counts from the assignment") if problem.state == ProblemState.FOUND else _("due %s") % moment(problem.due_at)
    )
    return {"label": _("Time limit"), "value": within, "second": second}


def _address(name: str, *args: Any) -> str:
    """The address of another area's page; "" while that page is not there."""
    if not all(args):
        return ""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _line(finding: PhotoFinding) -> dict[str, Any]:
    """A finding as shape and sentence."""
    shape = "not-observable" if finding.ok is None else "met" if finding.ok else "not-met"
    return {"shape": shape, "text": _finding_words(finding)}


def _finding_words(finding: PhotoFinding) -> str:
    if finding.code == "distance":
        if finding.metres is None:
            return _("Where the photos were taken is not known")
        return _("Taken %d m from the photo before") % round(finding.metres)
    if finding.code == "time":
        words = {
            None: _("When the photo was taken is not known"),
            True: _("Taken after it was assigned"),
            False: _("Taken before it was assigned"),
        }
        return words[finding.ok]
    if finding.code == "reuse":
        if finding.ok:
            return _("Not used in another problem")
        return _("Also used in %s") % finding.used_in if finding.used_in else _("The same picture as before")
    words = {
        None: _("Whether the view is the same cannot be told"),
        True: _("The view is like the one before"),
        False: _("The view is another one"),
    }
    return words[finding.ok]


def _neighbours(problem: Problem, request: HttpRequest) -> list[dict[str, Any]]:
    """Same place first, then the same kind elsewhere."""
    here = list(at_same_place(problem, request.user)[:NEIGHBOURS])
    alike = list(of_same_kind(problem, request.user)[: NEIGHBOURS + 1])
    rows = [_neighbour(one, _("Same place, %s") % one.lead) for one in here]
    rows += [_neighbour(one, _("Same type, %s") % (one.place or one.spot or one.lead)) for one in alike[:NEIGHBOURS]]
    return rows


def _neighbour(problem: Problem, text: str) -> dict[str, Any]:
    shape, word = state_of(problem)
    closed = problem.state == ProblemState.CLOSED
    return {"problem": problem, "text": text, "shape": shape, "word": word, "due": "" if closed else due_cell(problem)}


def _criteria(problem: Problem) -> list[dict[str, Any]]:
    """The criteria that the check behind this problem counts in: one query."""
    codes: dict[str, set[str]] = {}
    for reference in problem.node_codes:
        urn, _mark, code = str(reference).partition("#")
        codes.setdefault(urn, set()).add(code)
    if not codes or problem.round is None:
        return []
    versions = problem.round.versions.filter(urn__in=codes)
    nodes = Node.objects.filter(version__in=versions, code__in=set().union(*codes.values())).select_related("version")
    return [
        {"code": node.code, "title": node.title_zh, "standard": node.version.title_zh,
         "url": _address("standards:version", node.version.slug, node.version.version)}
        for node in nodes if node.code in codes[node.version.urn]
    ]  # fmt: skip
