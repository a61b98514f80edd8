"""Each unit's own sheet (分表) on screen, on paper and as Excel, and the whole matrix as Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import may, require, scope_of, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.core.workbook_templates.pages import own_form_file
from chuangwen.core.workbook_templates.queries import form_actions
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.forms import ClaimForm
from chuangwen.responsibilities.models import Duty, DutyState, Task
from chuangwen.responsibilities.own_workbooks import MATRIX, SHEET, matrix_content, sheet_content
from chuangwen.responsibilities.queries import counts_of, criteria_of
from chuangwen.responsibilities.queries.breakdown import criteria_rows
from chuangwen.responsibilities.queries.claims import claimed_by
from chuangwen.responsibilities.queries.matrix import View, matrix_of
from chuangwen.responsibilities.queries.parts import handed_on, own_criteria, received
from chuangwen.responsibilities.queries.recurring import rules_for
from chuangwen.responsibilities.queries.sheets import Sheet, all_sheets, sheet_of
from chuangwen.responsibilities.queries.tasks import OPEN
from chuangwen.responsibilities.services import claim_criterion
from chuangwen.responsibilities.services.claims import running_pool
from chuangwen.responsibilities.views.breakdown import crumbs, view_of
from chuangwen.responsibilities.words import schedule_words
from chuangwen.responsibilities.workbooks import matrix_workbook, sheets_workbook
from chuangwen.standards.enums import Method

GIVEN_SHOWN = 40  # to whom parts went; a street has fifty communities, and as many lines for each criterion


@signed_in("responsibilities.view")
@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit's duties: `?format=print` on A4, `?format=xlsx` as Excel."""
    campaign = campaign_or_404(request)
    unit = visible_or_404(Unit.objects.filter(region=campaign.region_id), request.user, "responsibilities.view", pk=pk)
    filled = own_form_file(
        request, SHEET, lambda: sheet_content(campaign, sheet_of(campaign, unit), request.user), of=str(unit)
    )
    if filled:
        return filled
    found = sheet_of(campaign, unit)
    form = request.GET.get("format", "")
    if form == "xlsx":
        return file_response(sheets_workbook(campaign, [found]), _("Duties of %s") % unit + ".xlsx")
    context = {
        "page_title": _("Duties of %s") % unit,
        "page_subtitle": unit.name if unit.name != str(unit) else "",
        "page_actions": [
            {"label": _("Excel"), "icon": "file-spreadsheet", "url": "?format=xlsx"},
            {"label": _("Print"), "icon": "printer", "url": "?format=print"},
            *(filling := form_actions(request, SHEET, lambda key: f"?form={key}")),
        ],
        "breadcrumbs": crumbs(str(unit)),
        "campaign_name": campaign.name,
        "sheet": found,
        "rules": rules_for(campaign, unit),
        "methods": dict(Method.choices),
        "handed_shown": ":",  # all of them on paper
        "now": clock.now(),
    }
    if form == "print":
        return render(request, "responsibilities/sheet_paper.html", context)
    tasks = Task.objects.visible_to(request.user).filter(OPEN, campaign=campaign, unit=unit)
    context["tasks"] = tasks.order_by("due_at")[:20]
    recurring = Duty.objects.visible_to(request.user).filter(campaign=campaign, unit=unit, state=DutyState.RUNNING)
    context["recurring"] = [(duty, schedule_words(duty.plan)) for duty in recurring.order_by("next_on", "pk")]
    context |= _deeper(request, campaign, unit, found, filling)
    return render(request, "responsibilities/sheet.html", context)


def _deeper(
    request: HttpRequest, campaign: Campaign, unit: Unit, found: Sheet, filling: Sequence[dict[str, Any]]
) -> dict[str, Any]:  # fmt: skip
    """What was handed on to the unit and by it; for who answers for it, what it may claim."""
    handed = handed_on(campaign, unit)
    nodes = {node.pk: node for node in own_criteria(campaign, unit).filter(pk__in=list(handed))}
    given = [(node, one) for pk, node in nodes.items() for one in handed[pk]]
    shown: dict[str, Any] = {
        "received": received(campaign, unit),
        "given": given[:GIVEN_SHOWN],
        "all_given": len(given),
        "more_given": len(given) - GIVEN_SHOWN,
        "handed_shown": ":4",
        "answers": may(request.user, "responsibilities.answer", unit),
    }
    if shown["answers"]:
        gaps = counts_of(campaign).gaps
        shown["unled"] = [node for node in criteria_of(campaign) if node.pk in gaps]
        shown["pool"] = running_pool(campaign)
        shown["claimed"] = claimed_by(campaign, unit)
        if found.duties or shown["received"]:
            shown["page_actions"] = [
                {"label": _("Excel"), "icon": "file-spreadsheet", "url": "?format=xlsx"},
                {"label": _("Print"), "icon": "printer", "url": "?format=print"},
                *filling,
                {"label": _("Hand on"), "icon": "share", "url": reverse("responsibilities:hand_on", args=[unit.pk]),
                 "primary": True},
            ]  # fmt: skip
    return shown


@signed_in("responsibilities.answer")
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit takes a criterion that nobody leads."""
    campaign = campaign_or_404(request)
    own = Unit.objects.filter(region=campaign.region_id)
    unit = visible_or_404(own, request.user, "responsibilities.answer", pk=pk)
    form = ClaimForm(request.POST, nodes=criteria_rows(campaign))
    if form.is_valid():
        node = form.cleaned_data["node"]
        try:
            waits = claim_criterion(campaign, node, unit, actor=request.user, on_behalf=_on_behalf(request, unit))
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            words = _("%(unit)s claims %(code)s.") if waits else _("%(unit)s leads %(code)s now.")
            messages.success(request, words % {"unit": unit, "code": node.code})
    else:
        messages.warning(request, _("That criterion is not one of this campaign's."))
    return redirect("responsibilities:sheet", pk=unit.pk)


def _on_behalf(request: HttpRequest, unit: Unit) -> str:
    """Whose claim it is where the office presses for a unit."""
    own = unit.pk in scope_of(request.user, "responsibilities.answer").unit_ids
    return "" if own else str(unit)


@signed_in("responsibilities.view")
@require_GET
def matrix_file(request: HttpRequest) -> HttpResponse:
    """The matrix as the address narrows it, with all its units, as Excel."""
    campaign = campaign_or_404(request)
    require(request.user, "responsibilities.view", campaign)
    view: View = replace(view_of(request.GET), page=0)
    filled = own_form_file(request, MATRIX, lambda: matrix_content(campaign, matrix_of(campaign, view), request.user))
    if filled:
        return filled
    data = matrix_workbook(campaign, matrix_of(campaign, view))
    return file_response(data, _("Breakdown of duties") + f"{clock.today():%Y%m%d}.xlsx")


@signed_in("responsibilities.view")
@require_GET
def sheets_file(request: HttpRequest) -> HttpResponse:
    """The sheets of all units that one may see, one workbook with a sheet for each unit."""
    campaign = campaign_or_404(request)
    scope = scope_of(request.user, "responsibilities.view")
    whole = campaign.region_id in scope.regions
    sheets = [one for one in all_sheets(campaign) if whole or one.unit.pk in scope.unit_ids]
    return file_response(sheets_workbook(campaign, sheets), _("Units' sheets") + f"{clock.today():%Y%m%d}.xlsx")
