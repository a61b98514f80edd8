"""The printed sheets of a notice: a page for A4, and the same as Word."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.supervision.sheets import TITLES, sheet_of, word
from chuangwen.supervision.views.notice import the_notice


@signed_in("supervision.view")
@require_GET
def paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """One sheet; `?format=docx` as Word."""
    if kind not in TITLES:
        raise Http404
    notice = the_notice(request, number)
    sheet = sheet_of(notice, kind)
    if request.GET.get("format") == "docx":
        return file_response(word(sheet), f"{sheet.title} {notice.number}.docx", DOCX)
    context = {
        "page_title": sheet.title, "sheet": sheet, "kind": kind,
        "back_url": reverse("supervision:notice", args=[number]),
    }  # fmt: skip
    return render(request, "supervision/sheet.html", context)
