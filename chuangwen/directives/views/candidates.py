"""Acts on one candidate: decide, edit, split, merge."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.core.access import visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import signed_in
from chuangwen.directives.addressees import unknown_names
from chuangwen.directives.forms.documents import CandidateForm
from chuangwen.directives.models import Candidate, CandidateState, Outcome
from chuangwen.directives.outcomes import following
from chuangwen.directives.queries.documents import addressees, alike_tasks, chips, cut_points, hints, review_of
from chuangwen.directives.services import (
    ACTION_LIMIT,
    StaleCandidate,
    accept_candidate,
    drop_candidate,
    edit_candidate,
    merge_into_previous,
    reopen_candidate,
    split_candidate,
    turn_candidate,
)
from chuangwen.directives.views.answers import answer, review_context, wants_parts
from chuangwen.organizations.models import Unit

DECISIONS = {"accept": accept_candidate, "drop": drop_candidate, "reopen": reopen_candidate}


def _candidate(request: HttpRequest, pk: int) -> Candidate:
    rows = Candidate.objects.select_related("document__region", "document__campaign", "region")
    return visible_or_404(rows, request.user, "directives.edit", pk=pk)


def _revision(data: QueryDict) -> int:
    """The revision that the person saw; nobody's where none was sent, so that nothing is overwritten."""
    text = data.get("revision", "")
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 10 else 0


@signed_in("directives.edit")
@require_POST
def decide(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Accept, drop, reopen, or merge into the one before."""
    candidate = _candidate(request, pk)
    if act not in {*DECISIONS, "merge"}:
        raise Http404
    try:
        if act == "merge":
            into = merge_into_previous(candidate, revision=_revision(request.POST), actor=request.user)
            return answer(request, candidate.document, rows=None, at=into.pk, said=pgettext("directive", "Merged"))
        DECISIONS[act](candidate, revision=_revision(request.POST), actor=request.user)
    except Refusal as refusal:
        return _refused(request, candidate, refusal)
    words = {
        "accept": pgettext("directive", "Accepted"),
        "drop": pgettext("directive", "Dropped"),
        "reopen": pgettext("directive", "Open again"),
    }
    return answer(request, candidate.document, rows=[pk], at=pk, move=act != "reopen", said=words[act])


@signed_in("directives.edit")
@require_POST
def turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what it becomes: to what is said, else to the next of task, recurring duty, standing rule."""
    candidate = _candidate(request, pk)
    wanted = request.POST.get("becomes") or following(candidate.becomes)
    try:
        turn_candidate(candidate, wanted, revision=_revision(request.POST), actor=request.user)
    except Refusal as refusal:
        return _refused(request, candidate, refusal)
    said = _("Becomes: %s") % Outcome(candidate.becomes).label
    return answer(request, candidate.document, rows=[pk], at=pk, said=said)


@signed_in("directives.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel in which a directive is corrected; POST saves, with then=accept it also accepts."""
    candidate = _candidate(request, pk)
    known = addressees(candidate.region)
    units = Unit.objects.filter(region=candidate.region)
    if request.method == "GET":
        if "close" in request.GET:
            return _row(request, candidate)
        return _row(
            request, candidate, _panel(candidate, CandidateForm(initial=_initial(candidate), known=known, units=units))
        )
    return _save(request, candidate, CandidateForm(request.POST, known=known, units=units))


def _save(request: HttpRequest, candidate: Candidate, form: CandidateForm) -> HttpResponse:
    """Save what the panel says; what cannot be saved comes back with all that was typed."""
    pk, known = candidate.pk, form.known
    if not form.is_valid():
        return _row(request, candidate, _panel(candidate, form, known=known), status=422)
    accept = request.POST.get("then") == "accept"
    try:
        wanted, seen = form.wanted(), form.cleaned_data["revision"]
        changed = edit_candidate(candidate, wanted, revision=seen, actor=request.user, accept=accept)
    except StaleCandidate as stale:
        panel = _panel(stale.current, form, known=known) | {"stale": stale, "theirs": _theirs(stale.current)}
        if not wants_parts(request):
            return _row(request, stale.current, panel, status=409)  # a page, so that what was typed stays
        return answer(request, candidate.document, rows=[pk], at=pk, panel=panel, said=str(stale), status=409)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _row(request, candidate, _panel(candidate, form, known=known), status=422)
    said = pgettext("directive", "Accepted") if accept else _("Saved")
    return answer(request, candidate.document, rows=changed, at=pk, move=accept, said=said)


@signed_in("directives.edit")
@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows where a directive can be cut; POST cuts it."""
    candidate = _candidate(request, pk)
    points = cut_points(candidate)
    panel: dict[str, Any] = {"pk": pk, "kind": "split", "points": points, "quote": candidate.quote}
    if request.method == "GET":
        return _row(request, candidate, panel)
    cut = request.POST.get("cut", "")
    try:
        wanted = int(cut) if cut.isdecimal() and len(cut) < 10 else -1
        split_candidate(candidate, wanted, revision=_revision(request.POST), actor=request.user)
    except StaleCandidate as stale:
        return _refused(request, candidate, stale)
    except Refusal as refusal:
        return _row(request, candidate, panel | {"message": str(refusal)}, status=422)
    return answer(request, candidate.document, rows=None, at=pk, said=_("Split in two"))


def _refused(request: HttpRequest, candidate: Candidate, refusal: Refusal) -> HttpResponse:
    """The row as it stands now, with why the act was not done."""
    panel = {"pk": candidate.pk, "kind": "refused", "message": str(refusal)}
    return answer(
        request, candidate.document, rows=[candidate.pk], at=candidate.pk, panel=panel, said=str(refusal),
        status=409 if refusal.status == 409 else 422,
    )  # fmt: skip


def _row(
    request: HttpRequest, candidate: Candidate, panel: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """One row, with its panel open; the whole page where there is no htmx."""
    review = review_of(candidate.document)
    context = review_context(request, candidate.document, review, at=candidate.pk, panel=panel)
    if not wants_parts(request):
        return render(
            request, "directives/review.html", context | {"page_title": _("Review the directives")}, status=status
        )
    row = review.row(candidate.pk)
    if row is None:  # merged into another one meanwhile
        return answer(request, candidate.document, rows=None)
    response = render(request, "directives/parts/row.html", context | {"row": row}, status=status)
    # The panel may be asked for by a button that swaps nothing itself: say where it goes.
    response["HX-Retarget"], response["HX-Reswap"] = f"#c{candidate.pk}", "outerHTML"
    return response


def _initial(candidate: Candidate) -> dict[str, Any]:
    names = ("action", "due_on", "frequency", "measure", "becomes", "revision")
    return {name: getattr(candidate, name) for name in names}


def _panel(candidate: Candidate, form: CandidateForm, known: Any = None) -> dict[str, Any]:
    """What the edit panel needs: the form, its chips, and help where a unit must be named."""
    known = known or form.known
    if form.is_bound:
        lead = chips([one.as_json() for one in form.cleaned_data.get("lead", ())])
        cooperate = chips([one.as_json() for one in form.cleaned_data.get("cooperate", ())])
    else:
        lead, cooperate = chips(candidate.lead), chips(candidate.cooperate)
    learnable = _learnable(candidate)
    return {
        "pk": candidate.pk,
        "kind": "edit",
        "form": form,
        "whole": " ".join(candidate.quote.split())[:ACTION_LIMIT],
        "lead": [chip for chip in lead if not chip.ask],
        "asked": [chip.label for chip in chips(candidate.lead) if chip.ask],
        "nobody": not candidate.lead,
        "learn": learnable,
        "learns": form["remember"].value() if form.is_bound else known.reads_like_a_unit(learnable),
        "cooperate": cooperate,
        "hints": hints(candidate, known) if candidate.needs_unit else [],
        "alike": alike_tasks(candidate),
        "accepted": candidate.state == CandidateState.ACCEPTED,
    }


def _learnable(candidate: Candidate) -> str:
    """The name that can be learnt here: one that fits no unit, and no other beside it."""
    unknown = [party["name"] for party in candidate.lead if not party["units"]]
    return unknown[0] if len(unknown) == 1 and unknown_names(candidate.lead) else ""


def _theirs(current: Candidate) -> dict[str, Any]:
    """How the directive stands now, for the side-by-side of a stale save."""
    return {"lead": chips(current.lead), "cooperate": chips(current.cooperate), "candidate": current}
