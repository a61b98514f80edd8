"""The region's own tables: problem types with their deadlines, place types with their quotas."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.core.access import may, visible_or_404
from chuangwen.core.lists import respond
from chuangwen.core.pages import signed_in
from chuangwen.standards.forms import PlaceTypeForm, ProblemTypeForm
from chuangwen.standards.listing import PLACE_TYPES, PROBLEM_TYPES
from chuangwen.standards.models import PlaceType, ProblemType
from chuangwen.standards.queries import standard_problem_type
from chuangwen.standards.services import edit_place_type, edit_problem_type, restore_problem_type


@signed_in("standards.view")
def problem_types(request: HttpRequest) -> HttpResponse:
    """All problem types of the region."""
    return respond(request, PROBLEM_TYPES)


@signed_in("standards.view")
def problem_type(request: HttpRequest, pk: int) -> HttpResponse:
    """One problem type; the office edits it in place."""
    row = visible_or_404(ProblemType.objects, request.user, _needed(request, "standards.view"), pk=pk)
    form = ProblemTypeForm(request.POST) if request.method == "POST" else ProblemTypeForm.of(row)
    if request.method == "POST" and form.is_valid():
        edit_problem_type(row, actor=request.user, **form.values(row))
        messages.success(request, _("Saved: %s") % row.name)
        return redirect("standards:problem-types")
    context = {"row": row, "form": form, "default": standard_problem_type(row.region, row.code)}
    return _page(request, "standards/problem_type.html", row, context, _("Problem types"), "standards:problem-types")


@signed_in("standards.edit")
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to what the standard says."""
    row = visible_or_404(ProblemType.objects, request.user, "standards.edit", pk=pk)
    restore_problem_type(row, actor=request.user)
    messages.success(request, _("Back to the standard: %s") % row.name)
    return redirect("standards:problem-type", row.pk)


@signed_in("standards.view")
def place_types(request: HttpRequest) -> HttpResponse:
    """All place types of the region."""
    return respond(request, PLACE_TYPES)


@signed_in("standards.view")
def place_type(request: HttpRequest, pk: int) -> HttpResponse:
    """One place type; the office edits it in place."""
    row = visible_or_404(PlaceType.objects, request.user, _needed(request, "standards.view"), pk=pk)
    form = PlaceTypeForm(request.POST) if request.method == "POST" else PlaceTypeForm.of(row)
    if request.method == "POST" and form.is_valid():
        edit_place_type(row, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved: %s") % row.name)
        return redirect("standards:place-types")
    context = {"row": row, "form": form}
    return _page(request, "standards/place_type.html", row, context, _("Place types"), "standards:place-types")


def _needed(request: HttpRequest, reading: str) -> str:
    """Writing asks for another permission than reading."""
    return "standards.edit" if request.method == "POST" else reading


def _page(
    request: HttpRequest, template: str, row: Any, context: dict[str, Any], above: str, above_name: str
) -> HttpResponse:
    crumbs = [
        {"label": _("Standards"), "url": reverse("standards:list")},
        {"label": above, "url": reverse(above_name)},
        {"label": row.name, "url": ""},
    ]
    common = {"page_title": row.name, "breadcrumbs": crumbs, "may_edit": may(request.user, "standards.edit", row)}
    return render(request, template, context | common, status=422 if context["form"].errors else 200)
