"""What a second reader proposes for a document: ask it, then take or leave each proposal."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.core.access import may, visible_or_404
from chuangwen.core.jobs import start_job
from chuangwen.core.pages import attempt, signed_in
from chuangwen.directives.models import Proposal
from chuangwen.directives.services.second_reading import leave_proposal, second_reader, take_proposal
from chuangwen.directives.views.answers import crumbs
from chuangwen.directives.views.review import find_document


@signed_in("directives.edit")
@require_http_methods(["GET", "POST"])
def proposals(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposals of the last round; POST asks the reader anew, as a job."""
    document = find_document(request, pk, "directives.edit")
    if request.method == "POST":
        params = {"document": document.pk}
        job = start_job(
            "directives.second_reader", owner=request.user, title=document.title, params=params, back=request.path
        )
        return redirect("core:job", job.uid)
    reading = document.second_readings.select_related("asked_by").first()
    rows = reading.proposals.select_related("candidate", "decided_by") if reading else ()
    context = {
        "document": document,
        "reading": reading,
        "open": [row for row in rows if not row.verdict],
        "decided": [row for row in rows if row.verdict],
        "endpoint": second_reader(),
        "may_edit": may(request.user, "directives.edit", document),
        "page_title": _("Second reader"),
        "breadcrumbs": crumbs(_("Second reader"), document=document),
    }
    return render(request, "directives/proposals.html", context)


@signed_in("directives.edit")
@require_POST
def decide_proposal(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Take or leave one proposal."""
    rows = Proposal.objects.select_related("reading__document__campaign", "reading__document__region", "candidate")
    proposal = visible_or_404(rows, request.user, "directives.edit", pk=pk)
    if act not in {"take", "leave"}:
        raise Http404
    done = reverse("directives:proposals", args=[proposal.reading.document_id])
    if act == "leave":
        return attempt(request, lambda: leave_proposal(proposal, actor=request.user), done=done)
    said = _("Taken; it waits in the review like any other directive.")
    return attempt(request, lambda: take_proposal(proposal, actor=request.user), done=done, said=said)
