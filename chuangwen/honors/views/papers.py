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
from chuangwen.honors.family_sheets import (
    families_on_notice,
    family_form,
    family_notice,
    family_summary,
    notice_title,
)
from chuangwen.honors.filling import BUILT_IN, paper_of, summary_paper
from chuangwen.honors.models import Application, Programme
from chuangwen.honors.queries.family_facts import for_families
from chuangwen.honors.queries.templates import handed_in
from chuangwen.honors.sheets import paper_name, summary_of, table_excel, table_word
from chuangwen.honors.workflow import AWARD, REVIEW, VIEW


@signed_in(VIEW)
@require_GET
def paper(request: HttpRequest, pk: int, paper: str) -> HttpResponse:
    """The application form, or the recommendation and review form, which names reviewers and is the office's."""
    if paper not in BUILT_IN:
        raise Http404
    rows = Application.objects.select_related(
        "programme__title", "programme__region", "programme__standard", "unit__region", "region", "family"
    )
    found: Application = visible_or_404(rows, request.user, VIEW, pk=pk)
    if paper == "review" and not may(request.user, REVIEW, found):
        raise PermissionDenied(REVIEW)
    if found.family is not None and paper == "review":
        raise Http404  # reviewers' words about private people go on no paper of the program's
    data = paper_of(found, paper) if found.family is None else family_form(found)
    return file_response(data, f"{clean_name(f'{paper_name(found, paper)} {found.holder}')}.docx", DOCX)


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
    of_families = for_families(found)
    table = family_summary(found, applied) if of_families else summary_of(found, applied)
    name = clean_name(table.title)
    if request.GET.get("format") == "docx":
        data = table_word(table) if of_families else summary_paper(found, applied, table)
        return file_response(data, f"{name}.docx", DOCX)
    return file_response(table_excel(table), f"{name}.xlsx")


@signed_in(AWARD)
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """The public notice of a programme for families as Word, for the notice boards of villages."""
    found: Programme = visible_or_404(Programme.objects.select_related("title", "region"), request.user, AWARD, pk=pk)
    if not for_families(found) or not families_on_notice(found):
        return redirect("honors:programme", pk)
    return file_response(family_notice(found), f"{clean_name(notice_title(found))}.docx", DOCX)
