"""Both reviews, one dossier after the other: material at the left, the decision at the right, keys for both."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import signed_in
from chuangwen.evidence.enums import DossierState
from chuangwen.evidence.forms import ReviewForm
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.previews import html_of, preview_kind
from chuangwen.evidence.queries.dossiers import Shown, contents_of, dossiers_of, grade_asked, leaf_of
from chuangwen.evidence.services import accept_dossier, approve_dossier, return_dossier, send_back_dossier
from chuangwen.evidence.services.reviewing import is_by_hand_of_office
from chuangwen.evidence.views.dossier_list import dossier_state, grade_words
from chuangwen.evidence.views.dossier_page import WHY
from chuangwen.evidence.views.dossiers import crumbs, the_dossier
from chuangwen.evidence.workflow import APPROVE, DOSSIER_WORKFLOW, REVIEW, is_not_of_the_unit, is_second_reviewer
from chuangwen.workflow.services import available

MOST_BESIDE = 500  # dossiers looked through for the next one
FILES_SHOWN = 6  # Word files, tables and texts opened in the page; more are one click away


@signed_in(REVIEW, APPROVE)
@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """The first dossier that waits for this person; a page that says so where none does."""
    campaign_or_404(request)
    first = next(iter(_queue(request)), None)
    if first is not None:
        return redirect("evidence:review_dossier", first)
    context = {
        "page_title": _("Review"),
        "breadcrumbs": [{"label": _("Ledger"), "url": reverse("evidence:dossiers")}, {"label": _("Review")}],
    }
    return render(request, "evidence/review_empty.html", context)


@signed_in(REVIEW, APPROVE)
@require_http_methods(["GET", "POST"])
def review_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """One dossier with its material open beside the decision."""
    found = the_dossier(request, pk)
    if found.state not in {DossierState.SUBMITTED, DossierState.ACCEPTED}:
        messages.info(request, _("There is nothing to review here now."))
        return redirect("evidence:dossier", pk)
    steps = {one.action for one in available(found, DOSSIER_WORKFLOW, request.user)}
    form = _form(request, found)
    following = _place(request, pk)[1]
    if request.method == "POST" and form.is_valid() and (done := _decide(request, found, form)):
        messages.success(request, done)
        following = following or next(iter(_queue(request)), 0)  # after the last one, those passed over
        return redirect(*(("evidence:review_dossier", following) if following else ("evidence:dossier", pk)))
    context = _context(request, found, form, steps)
    return render(request, "evidence/review.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, found: Dossier) -> ReviewForm:
    first = found.state == DossierState.SUBMITTED
    on_paper = not first and is_by_hand_of_office(request.user, found)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    options: dict[str, Any] = {"asked": grade_asked(found.node), "first": first, "on_paper": on_paper}
    return ReviewForm(*sent, initial={"revision": found.revision}, **options)


def _decide(request: HttpRequest, found: Dossier, form: ReviewForm) -> str:
    """What was done, in words; "" where it was refused, which then stands in the form."""
    data, user = form.cleaned_data, request.user
    given = {"revision": data["revision"], "actor": user}
    act = request.POST.get("act", "")
    try:
        if act == "accept":
            accept_dossier(found, result=data.get("result") or "", **given)
            return _("Accepted: %s") % found
        if act == "approve":
            approve_dossier(found, **given, **form.paper())
            return _("Approved: %s") % found
        if act == "return":
            return_dossier(found, reason=data["reason"], **given)
            return _("Returned: %s") % found
        if act == "send-back":
            send_back_dossier(found, reason=data["reason"], **given)
            return _("Sent back: %s") % found
        form.add_error(None, _("Choose one of the two buttons."))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return ""


def _context(request: HttpRequest, found: Dossier, form: ReviewForm, steps: set[str]) -> dict[str, Any]:
    before, after, at, total = _place(request, found.pk)
    contents = contents_of(found)
    budget = [FILES_SHOWN]
    views = [
        {
            "view": view,
            "least": view.slot.least,
            "pieces": [_shown(one, budget) for one in view.pieces],
        }
        for view in contents.slots
    ]
    own = is_not_of_the_unit(request.user, found)
    second = is_second_reviewer(request.user, found) if found.state == DossierState.ACCEPTED else ""
    return {
        "page_title": str(found),
        "page_subtitle": f"{found.unit} · {found.year}",
        "breadcrumbs": crumbs(found, _("Review")),
        "dossier": found,
        "state": dossier_state(found),
        "slots": views,
        "form": form,
        "steps": steps,
        "first": found.state == DossierState.SUBMITTED,
        "barred": own or second,
        "rule": leaf_of(found.node),
        "grade": grade_words(found),
        "before": before,
        "after": after,
        "at": at,
        "total": total,
    }


def _shown(one: Shown, budget: list[int]) -> dict[str, Any]:
    """A piece with its content as far as a page can show it."""
    kind = preview_kind(one.piece.file)
    html: Any = ""
    if kind in {"word", "table", "text"} and budget[0] > 0:
        budget[0] -= 1
        html = html_of(one.piece.file)
    return {"shown": one, "piece": one.piece, "attachment": one.attachment, "preview": kind, "html": html,
            "text": one.text, "why": WHY[one.why]() if one.why else ""}  # fmt: skip


def _queue(request: HttpRequest) -> list[int]:
    """What waits for this person's review, the earliest day first: those for grading, then those for approval."""
    campaign = campaign_or_404(request)
    user, rows = request.user, dossiers_of(campaign, request.user)
    found: list[int] = []
    if may(user, REVIEW, campaign):
        found += (
            rows.filter(state=DossierState.SUBMITTED)
            .order_by("due_on", "pk")
            .values_list("pk", flat=True)[:MOST_BESIDE]
        )
    if may(user, APPROVE, campaign) and not may(user, REVIEW, campaign):
        waiting = rows.filter(state=DossierState.ACCEPTED).exclude(accepted_by=user)
        found += waiting.order_by("due_on", "pk").values_list("pk", flat=True)[:MOST_BESIDE]
    return found


def _place(request: HttpRequest, pk: int) -> tuple[int, int, int, int]:
    """(the dossier before, the one after, its place, how many wait) in the queue; 0 for none."""
    queue = _queue(request)
    if pk not in queue:
        return 0, queue[0] if queue else 0, 0, len(queue)
    at = queue.index(pk)
    return queue[at - 1] if at else 0, queue[at + 1] if at + 1 < len(queue) else 0, at + 1, len(queue)
