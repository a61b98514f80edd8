"""What one source brings to a round: what would count, what may be the same, what is taken back; then one button."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from chuangwen.campaigns.models import Round, RoundState
from chuangwen.campaigns.result_sources import result_source
from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.core.jobs import start_job
from chuangwen.core.pages import signed_in
from chuangwen.inspections.queries import versions_of
from chuangwen.inspections.services.sources import Offer, offer_of, take_from
from chuangwen.inspections.views.lists import round_of
from chuangwen.inspections.views.result_lists import crumbs
from chuangwen.inspections.workflow import ASSESS

MANY = 300  # rows; more are taken by the worker


@signed_in(ASSESS)
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, pk: int, source: str) -> HttpResponse:
    """What one source brings to the round, what would be counted twice, what is taken back; POST takes it."""
    round_ = round_of(request, pk, ASSESS)
    found = result_source(source)
    if found is None:
        raise Http404
    versions = versions_of(round_)
    offer = offer_of(found, round_, versions)
    if request.method == "POST":
        return _taken(request, round_, offer)
    follows = may(request.user, found.permission, round_)
    title = _("Take into the round: %s") % found.label
    context = {
        "page_title": title, "page_subtitle": round_.name, "breadcrumbs": crumbs(round_, str(found.label)),
        "round": round_, "running": round_.state == RoundState.RUNNING, "offer": offer,
        "lists": [(kind, [(one, found.url(one.row.key) if follows else "") for one in rows]) for kind, rows in
                  (("ready", offer.waiting), ("doubtful", offer.doubtful), ("left", offer.left))],
        "rules": [(one, found.note(round_, one), found.rules(one) if found.rules and follows else "")
                  for one in versions],
    }  # fmt: skip
    return render(request, "inspections/take_from.html", context)


def _taken(request: HttpRequest, round_: Round, offer: Offer) -> HttpResponse:
    also = [one.mark for one in offer.doubtful if one.mark in request.POST.getlist("also")]
    if len(offer.waiting) + len(offer.lapsed) > MANY:
        params: dict[str, Any] = {"round_id": round_.pk, "source": offer.source.name, "also": also}
        job = start_job("take_results", owner=request.user, title=str(offer.source.label), params=params,
                        back=request.path)  # fmt: skip
        return redirect("core:job", job.uid)
    try:
        made, back = take_from(round_, offer.source, actor=request.user, also=frozenset(also))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("inspections:results", round_.pk)
    tell_taken(request, made, back)
    return redirect("inspections:results", round_.pk)


def tell_taken(request: HttpRequest, made: int, back: int) -> None:
    """How many results came and how many were taken back."""
    said = [ngettext("%d result taken. It counts.", "%d results taken. They count.", made) % made] if made else []
    if back:
        said.append(ngettext("%d result taken back.", "%d results taken back.", back) % back)
    messages.success(request, " ".join(said)) if said else messages.info(request, _("Nothing was left to take."))
