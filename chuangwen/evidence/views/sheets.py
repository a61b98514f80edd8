"""A unit's submission table on screen, as Excel and Word, and its dossiers as one package."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core.access import scope_of
from chuangwen.core.files.services import clean_name
from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.jobs import start_job
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.evidence.packages import package_name
from chuangwen.evidence.papers import dossiers_of_unit, excel, headers, lines_of, notes, title_of, word
from chuangwen.evidence.views.dossier_list import this_year
from chuangwen.organizations.models import Unit


@signed_in("evidence.view")
@require_GET
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """测评材料提交表 of one unit and year; ?format=xlsx and ?format=docx give it as a file."""
    campaign, unit = campaign_or_404(request), _unit(request, pk)
    year = this_year(request)
    dossiers = dossiers_of_unit(campaign, unit, year, request.user)
    lines = lines_of(dossiers)
    form = request.GET.get("format", "")
    name = clean_name(f"{title_of(unit, year)} {unit}")
    if form == "xlsx":
        return file_response(excel(campaign, unit, year, lines), f"{name}.xlsx")
    if form == "docx":
        return file_response(word(campaign, unit, year, lines), f"{name}.docx", DOCX)
    filled = sum(one.is_complete for one in dossiers)
    context: dict[str, Any] = {
        "page_title": _("Submission table"),
        "page_subtitle": f"{unit.name} · {year}",
        "breadcrumbs": [
            {"label": _("Ledger"), "url": reverse("evidence:dossiers")},
            {"label": _("Submission table")},
        ],
        "page_actions": _actions(request, bool(dossiers)),
        "unit": unit,
        "campaign_object": campaign,
        "year": year,
        "years": range(campaign.starts.year, campaign.ends.year + 1),
        "heads": headers(),
        "lines": lines,
        "notes": notes(),
        "dossiers": len(dossiers),
        "filled": filled,
    }
    return render(request, "evidence/submission.html", context)


@signed_in("evidence.view")
@require_POST
def package(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to pack a unit's dossiers of a year; the page of the work offers the file."""
    campaign, unit = campaign_or_404(request), _unit(request, pk)
    year = this_year(request)
    params = {"campaign": campaign.pk, "unit": unit.pk, "year": year}
    job = start_job("package_dossiers", owner=request.user, title=package_name(unit, year), params=params)
    return redirect("core:job", job.uid)


def _unit(request: HttpRequest, pk: int) -> Unit:
    """A unit whose dossiers the person may see."""
    scope = scope_of(request.user, "evidence.view")
    found: Unit | None = Unit.objects.filter(pk=pk).select_related("region").first()
    if found is None or not (found.region_id in scope.regions or found.pk in scope.unit_ids):
        raise Http404
    return found


def _actions(request: HttpRequest, anything: bool) -> list[dict[str, Any]]:
    if not anything:
        return []
    query = request.GET.copy()
    found = []
    for form, label, icon in (("xlsx", "Excel", "file-spreadsheet"), ("docx", "Word", "file-text")):
        query["format"] = form
        found.append({"label": label, "icon": icon, "url": f"?{query.urlencode()}"})
    return [{"label": _("Print"), "icon": "printer", "print": True, "url": ""}, *found]
