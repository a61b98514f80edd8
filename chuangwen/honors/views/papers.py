"""The papers of programmes and applications as files: 申报表, 推荐审核表, 汇总表."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from chuangwen.core.access import may, scope_of, visible_or_404
from chuangwen.core.files.services import clean_name
from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.honors.filling import BUILT_IN, paper_of, summary_paper
from chuangwen.honors.models import Application, Programme
from chuangwen.honors.queries.templates import handed_in
from chuangwen.honors.sheets import paper_name, summary_excel, summary_of
from chuangwen.honors.workflow import REVIEW, VIEW


@signed_in(VIEW)
@require_GET
def paper(request: HttpRequest, pk: int, paper: str) -> HttpResponse:
    """The application form, or the recommendation and review form, which names reviewers and is the office's."""
    if paper not in BUILT_IN:
        raise Http404
    rows = Application.objects.select_related(
        "programme__title", "programme__region", "programme__standard", "unit__region", "region"
    )
    found: Application = visible_or_404(rows, request.user, VIEW, pk=pk)
    if paper == "review" and not may(request.user, REVIEW, found):
        raise PermissionDenied(REVIEW)
    return file_response(paper_of(found, paper), f"{clean_name(f'{paper_name(found, paper)} {found.unit}')}.docx", DOCX)


@signed_in(VIEW)
@require_GET
def summary(request: HttpRequest, pk: int) -> HttpResponse:
    """The summary table of a programme, for who sees the whole region. ?format=docx as Word, else Excel."""
    rows = Programme.objects.select_related("title", "region")
    found: Programme = visible_or_404(rows, request.user, VIEW, pk=pk)
    if not scope_of(request.user, VIEW).regions:
        raise PermissionDenied(VIEW)
    applied = list(handed_in(found))
    if not applied:
        return redirect("honors:programme", pk)
    table = summary_of(found, applied)
    name = clean_name(table.title)
    if request.GET.get("format") == "docx":
        return file_response(summary_paper(found, applied), f"{name}.docx", DOCX)
    return file_response(summary_excel(table), f"{name}.xlsx")
