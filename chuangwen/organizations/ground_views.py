"""Pages of grids and contracted areas: what they hold, how they stand, households called on."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import panels
from chuangwen.organizations.forms import GridVisitForm
from chuangwen.organizations.handing_over import VISIT, note_visit
from chuangwen.organizations.models import ContractedArea, Grid

VISITS_SHOWN = 12


@signed_in("organizations.view")
def grid(request: HttpRequest, pk: int) -> HttpResponse:
    """One grid: who walks it, what has to hold at its nodes, households called on this year."""
    found = visible_or_404(Grid.objects.select_related("unit", "worker", "region"), request.user, pk=pk)
    return _grid_page(request, found, GridVisitForm() if may(request.user, VISIT, found) else None)


def _grid_page(request: HttpRequest, found: Grid, form: GridVisitForm | None) -> HttpResponse:
    year = found.visits.filter(day__year=clock.today().year)
    called = year.aggregate(n=Sum("households"))["n"] or 0
    actions = []
    if may(request.user, "organizations.edit", found):
        url = reverse("organizations:edit_grid", args=[found.pk])
        actions = [{"label": _("Edit"), "icon": "pencil", "url": url}]
    context = {
        "page_title": found.name,
        "page_subtitle": str(found.unit),
        "page_actions": actions,
        "breadcrumbs": _crumbs(_("Grids"), "organizations:grids", found.name),
        "grid": found,
        "estates": found.estates.split("\n") if found.estates else [],
        "standards": found.standards.split("\n") if found.standards else [],
        "visits": year.order_by("-day", "-pk")[:VISITS_SHOWN],
        "called": called,
        "form": form,
        "panels": panels("grid", request, found),
    }
    return render(request, "organizations/grid.html", context, status=422 if form and form.errors else 200)


@signed_in("organizations.visit")
@require_POST
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Count households called on."""
    found = visible_or_404(Grid.objects.select_related("unit", "worker", "region"), request.user, VISIT, pk=pk)
    form = GridVisitForm(request.POST)
    if form.is_valid():
        try:
            note_visit(found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        return _grid_page(request, found, form)
    return redirect("organizations:grid", pk)


@signed_in("organizations.view")
def area(request: HttpRequest, pk: int) -> HttpResponse:
    """One contracted area: its leader, and what is still open there, to be settled piece by piece."""
    found = visible_or_404(ContractedArea.objects.select_related("unit", "leader", "region"), request.user, pk=pk)
    actions = []
    if may(request.user, "organizations.edit", found):
        url = reverse("organizations:edit_area", args=[found.pk])
        actions = [{"label": _("Edit"), "icon": "pencil", "url": url}]
    context = {
        "page_title": found.name,
        "page_subtitle": str(found.leader),
        "page_actions": actions,
        "breadcrumbs": _crumbs(_("Contracted areas"), "organizations:areas", found.name),
        "area": found,
        "grids": Grid.objects.filter(unit__path__startswith=found.unit.path).select_related("worker").order_by("code"),
        "panels": panels("area", request, found),
    }
    return render(request, "organizations/area.html", context)


def _crumbs(label: str, url_name: str, title: str) -> list[dict[str, Any]]:
    return [
        {"label": _("Units and posts"), "url": reverse("organizations:units")},
        {"label": label, "url": reverse(url_name)},
        {"label": title},
    ]
