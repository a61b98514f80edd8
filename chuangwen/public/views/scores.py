"""Scores: what everybody reads, and inside the page on which two people show one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core.files.services import read
from chuangwen.core.lists.paging import page_of
from chuangwen.core.pages import attempt, signed_in
from chuangwen.public.models import ScoreRelease
from chuangwen.public.queries import one_or_404, released_scores, runs_to_show, site_or_404
from chuangwen.public.scores import ScoreEdition, from_json
from chuangwen.public.services import drop_score, propose_score, release_score, take_score_back
from chuangwen.public.services.scoring import edition_of
from chuangwen.public.views.showing import download, public_page, show
from chuangwen.public.workflow import SCORE_RELEASE
from chuangwen.reports.enums import STANDING_RELEASES
from chuangwen.reports.views.releasing import history, take_step
from chuangwen.reports.workflow import RELEASE
from chuangwen.workflow.services import available

ACTS: dict[str, tuple[Callable[..., None], Callable[[], str]]] = {
    "release": (release_score, lambda: _("Released. Everybody can read it.")),
    "drop": (drop_score, lambda: _("It stays inside.")),
    "take_back": (take_score_back, lambda: _("Taken off the public pages.")),
}


@public_page
def score_list(request: HttpRequest, code: str) -> HttpResponse:
    """Released scores, the last first; 404 where none is."""
    site = site_or_404(code)
    rows = released_scores(site.region)
    if not rows.exists():
        raise Http404
    page = page_of(request, rows, "-released_at")
    page["rows"] = [(one, from_json(one.edition)) for one in page["rows"]]
    return show(site, "public/scores.html", page | {"page_title": pgettext("public", "Scores")}, here="scores")


@public_page
def score(_request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One of them, as it was when it was proposed."""
    site = site_or_404(code)
    found = one_or_404(released_scores(site.region), pk=pk)
    files = list(found.files.select_related("file"))
    context = {
        "page_title": _("Score of %s") % found.run.round, "release": found, **_shown(from_json(found.edition)),
        "files": files, "with_leads": any(one.name == "leads.parquet" for one in files), "missing": found.run.missing,
    }  # fmt: skip
    return show(site, "public/score.html", context, here="scores")


@public_page
def score_file(_request: HttpRequest, code: str, pk: int, name: str) -> HttpResponse:
    """One of the files with which anybody computes the score again."""
    site = site_or_404(code)
    found = one_or_404(released_scores(site.region), pk=pk)
    one = one_or_404(found.files.select_related("file"), name=name.replace("\x00", ""))
    kind = "application/yaml" if name.endswith(".yaml") else "application/vnd.apache.parquet"
    return download(read(one.file), one.name, kind)


@signed_in(RELEASE)
@require_GET
def scores_inside(request: HttpRequest) -> HttpResponse:
    """Finished rounds with a score, and how far each is on its way to everybody."""
    runs = list(runs_to_show(request.user))
    rows = ScoreRelease.objects.filter(run__in=runs, state__in=STANDING_RELEASES)
    standing = {one.run_id: one for one in rows}
    context = {"page_title": _("Scores for everybody"), "rows": [(run, standing.get(run.pk)) for run in runs]}
    return render(request, "public/scores_inside.html", context)


@signed_in(RELEASE)
@require_http_methods(["GET", "POST"])
def score_inside(request: HttpRequest, pk: int) -> HttpResponse:
    """What everybody would read of a score, and the next step; POST proposes it, with units where it asks for them."""
    run = one_or_404(runs_to_show(request.user), pk=pk)
    here = reverse("public:score_inside", args=[pk])
    if request.method == "POST":
        units = "units" in request.POST
        said = _("Proposed. Another person looks at it and releases it.")
        return attempt(request, lambda: propose_score(run, with_units=units, actor=request.user), done=here, said=said)
    one = _standing(pk)
    edition = from_json(one.edition) if one else edition_of(run, with_units=False)
    context = {
        "page_title": _("Score of %s") % run.round, "run": run, "release": one,
        "breadcrumbs": [{"label": _("Scores for everybody"), "url": reverse("public:scores_inside")},
                        {"label": run.round.name, "url": ""}],
        "steps": {step.action for step in available(one, SCORE_RELEASE, request.user)} if one else set(),
        "own": one is not None and one.state == "proposed" and one.proposed_by_id == request.user.pk,
        "entries": history(ScoreRelease.objects.filter(run=pk), SCORE_RELEASE), **_shown(edition),
    }  # fmt: skip
    return render(request, "public/score_inside.html", context)


@signed_in(RELEASE)
@require_POST
def score_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Release it, leave it inside, or take it off again."""
    one_or_404(runs_to_show(request.user), pk=pk)
    one = _standing(pk)
    if action not in ACTS or one is None:
        raise Http404
    act, said = ACTS[action]
    done = reverse("public:score_inside", args=[pk])
    return take_step(request, one, SCORE_RELEASE[action], act, done=done, said=said())


def _standing(run: int) -> ScoreRelease | None:
    rows = ScoreRelease.objects.filter(run=run, state__in=STANDING_RELEASES)
    found: ScoreRelease | None = rows.select_related(
        "run__round", "run__region", "region", "proposed_by", "released_by"
    ).first()  # fmt: skip
    return found


def _shown(edition: ScoreEdition) -> dict[str, Any]:
    widest = max((one.effective for one in edition.sections), default=1.0) or 1.0
    parts = round(sum(one.attained for one in edition.sections), 2)
    return {
        "parts": parts, "beside": round(round(edition.total, 2) - parts, 2),  # bonuses, penalties, caps
        "edition": edition, "starts": date.fromisoformat(edition.starts), "ends": date.fromisoformat(edition.ends),
        "sections": [(one, max(0.0, one.effective - one.attained)) for one in edition.sections], "widest": widest,
    }  # fmt: skip
