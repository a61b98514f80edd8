"""Scores that others gave: the list, one sheet, entering, correcting and withdrawing it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.campaigns.context import current_campaign
from chuangwen.core import clock
from chuangwen.core.access import visible_or_404
from chuangwen.core.addresses import asked_key
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.models import Region
from chuangwen.core.pages import attempt, signed_in
from chuangwen.scoring.forms.outside import CorrectionForm, OutsideForm, StepForm
from chuangwen.scoring.models import OutsideResult
from chuangwen.scoring.services.outside import choose_own_row, correct_outside, enter_outside, withdraw_outside
from chuangwen.scoring.views.outside_lists import OutsideList, SheetList, outside_crumbs
from chuangwen.scoring.workflow import SCORE


@signed_in("scoring.view")
def outside(request: HttpRequest) -> HttpResponse:
    """Every score from outside, the newest year first."""
    return respond(request, OutsideList())


@signed_in("scoring.view")
def outside_result(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One sheet with all its regions, ours marked, and what was done with it."""
    return respond(request, SheetList(_found(request, uid)))


@signed_in(SCORE)
def outside_new(request: HttpRequest) -> HttpResponse:
    """What the sheet is; with our total it is kept, without it the workbook follows."""
    region = Region.held_by(request.user, SCORE)
    if region is None:
        raise PermissionDenied(SCORE)
    form = OutsideForm(*_given(request), region=region, initial=_first(request, region))
    if request.method == "POST" and form.is_valid():
        row = form.row(region)
        if row is None:
            return redirect(f"{reverse('core:import', args=['outside'])}?{urlencode(form.begun())}")
        try:
            made = enter_outside(region, form.head(), [row], actor=request.user, paper=form.given())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Entered: %s.") % made)
            return redirect("scoring:outside_result", made.uid)
    return _page(request, form, _("Enter an outside score"), _("Next"), reverse("scoring:outside"))


@signed_in(SCORE)
def outside_correct(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Another head or other figures of our row, with the reason."""
    found = _found(request, uid, SCORE)
    form = CorrectionForm(*_given(request), result=found)
    back = reverse("scoring:outside_result", args=[uid])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            correct_outside(
                found, form.head(), form.rows(), reason=data["reason"], revision=data["revision"], actor=request.user,
                paper=form.given(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Corrected: %s.") % found)
            return redirect(back)
    return _page(request, form, _("Correct the outside score"), _("Save the correction"), back)


@signed_in(SCORE)
@require_POST
def outside_withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It counts no more."""
    found, form = _found(request, uid, SCORE), StepForm(request.POST)
    if not form.is_valid():
        raise Http404
    return attempt(
        request, lambda: withdraw_outside(found, actor=request.user, **form.cleaned_data),
        done=reverse("scoring:outside_result", args=[uid]), said=_("Withdrawn. It does not count."),
    )  # fmt: skip


@signed_in(SCORE)
@require_POST
def outside_own(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say which row is ours."""
    found = _found(request, uid, SCORE)
    row = found.rows.filter(pk=asked_key(request.POST.get("row", "")) or 0).first()
    return attempt(
        request, lambda: choose_own_row(found, row, actor=request.user),
        done=reverse("scoring:outside_result", args=[uid]), said=_("Kept: this row is ours.") if row else _("Kept."),
    )  # fmt: skip


def _found(request: HttpRequest, uid: UUID, permission: str = "") -> OutsideResult:
    rows = OutsideResult.objects.select_related("region", "campaign", "version", "entered_by")
    found: OutsideResult = visible_or_404(rows, request.user, permission, uid=uid)
    return found


def _given(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _first(request: HttpRequest, region: Region) -> dict[str, Any]:
    """What the ledger knows: last year, the present campaign, issuer and weights as on the newest sheet."""
    known = OutsideResult.objects.filter(region=region, state="standing").first()
    values = {"year": clock.today().year - 1, "campaign": current_campaign(request)}
    if known is None:
        return values
    weights = {f"weight_{name}": round(weight * 100, 6) for name, weight in known.weights.items()}
    return values | {"issued_by": known.issued_by, "standard": known.standard} | weights


def _page(request: HttpRequest, form: Any, title: str, submit: str, back: str) -> HttpResponse:
    context = {
        "form": form, "page_title": title, "submit_label": submit, "cancel_url": back,
        "breadcrumbs": [*outside_crumbs(), {"label": title, "url": ""}],
    }  # fmt: skip
    return render(request, "scoring/outside_form.html", context, status=422 if form.errors else 200)
