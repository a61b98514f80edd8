"""The list of papers, drafting one, its page, its files, and the rows behind its figures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import read
from chuangwen.core.files.sniffing import DOCX, PDF
from chuangwen.core.lists import respond
from chuangwen.core.lists.export import file_response
from chuangwen.core.models import Attachment
from chuangwen.core.pages import attempt, signed_in
from chuangwen.reports.cells import cell_list
from chuangwen.reports.composing import file_name, pdf_of, pdf_of_word, word_of
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.forms import EditForm, NewForm, RevisionForm, RoundForm, first_period
from chuangwen.reports.lists import BULLETINS, RECEIPTS, BulletinList, page_of
from chuangwen.reports.models import Bulletin
from chuangwen.reports.queries import last_period_end
from chuangwen.reports.services import draft_bulletin, draft_round_papers, edit_bulletin, refresh_figures
from chuangwen.reports.views.page import bulletin_page, kind_cards
from chuangwen.reports.words import OF_ROUNDS
from chuangwen.reports.workbook import workbook_of
from chuangwen.reports.workflow import DRAFT

get_or_post = require_http_methods(["GET", "POST"])


@signed_in("reports.view")
@get_or_post
def bulletins(request: HttpRequest) -> HttpResponse:
    """All papers that the person may see."""
    return respond(request, BULLETINS)


@signed_in(DRAFT)
@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """Which kind of paper."""
    campaign_or_404(request)
    context = {"page_title": _("Draft a paper"), "breadcrumbs": crumbs(_("Draft a paper")), "kinds": kind_cards()}
    return render(request, "reports/new.html", context)


@signed_in(DRAFT)
@get_or_post
def draft(request: HttpRequest, kind: str) -> HttpResponse:
    """Its period; then the figures are frozen and the draft is written."""
    if kind not in PaperKind.values:
        raise Http404
    campaign = campaign_or_404(request)
    if kind in OF_ROUNDS:
        return _draft_round(request, campaign)
    first = first_period(kind, last_period_end(campaign.region, kind))
    form = NewForm(_given(request), initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = draft_bulletin(campaign, kind, form.period(), actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The figures are frozen and the draft is written."))
            return redirect("reports:bulletin", made.pk)
    title = str(PaperKind(kind).label)
    context = {
        "form": form, "page_title": title, "breadcrumbs": crumbs(title), "cancel_url": reverse("reports:new"),
        "kind": kind,
    }  # fmt: skip
    return render(request, "reports/draft.html", context, status=422 if form.errors else 200)


def _draft_round(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Which finished round; then its two papers are drafted."""
    form = RoundForm(_given(request), campaign=campaign, initial={"round": request.GET.get("round", "")})
    if request.method == "POST" and form.is_valid():
        try:
            made, _upward = draft_round_papers(form.cleaned_data["round"], actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The figures are frozen and both papers are written."))
            return redirect("reports:bulletin", made.pk)
    title = _("Findings of a round")
    context = {
        "form": form, "page_title": title, "breadcrumbs": crumbs(title), "cancel_url": reverse("reports:new"),
        "of_round": True, "rounds": form.rounds,
    }  # fmt: skip
    return render(request, "reports/draft.html", context, status=422 if form.errors else 200)


@signed_in("reports.view")
@require_GET
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """One paper: its text, its figures, its files, who signed, the next step."""
    return render(request, "reports/bulletin.html", bulletin_page(request, the_bulletin(request, pk)))


@signed_in(DRAFT)
@get_or_post
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft's words and whom it goes to."""
    found = the_bulletin(request, pk, DRAFT)
    form = EditForm(_given(request), bulletin=found, initial=_words(found))
    if request.method == "POST" and form.is_valid():
        try:
            edit_bulletin(found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("reports:bulletin", pk)
    context = {
        "form": form, "page_title": _("Edit the text"), "page_subtitle": found.title, "bulletin": found,
        "breadcrumbs": crumbs(_("Edit the text"), found), "cancel_url": page_of(found),
    }  # fmt: skip
    return render(request, "reports/edit.html", context, status=422 if form.errors else 200)


@signed_in(DRAFT)
@require_POST
def refresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the figures of the same period again."""
    found = the_bulletin(request, pk, DRAFT)
    form = RevisionForm(request.POST)
    if not form.is_valid():
        raise Http404
    return attempt(
        request, lambda: refresh_figures(found, actor=request.user, **form.cleaned_data), done=page_of(found),
        said=_("The figures are those of now. See whether the text still says the same."),
    )  # fmt: skip


@signed_in("reports.view")
@require_GET
def word(request: HttpRequest, pk: int) -> HttpResponse:
    """The Word file: the one that was issued, else as the draft stands."""
    found = the_bulletin(request, pk)
    return _file(found, found.word, ".docx", DOCX)


@signed_in("reports.view")
@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF: the one that was issued, else as the draft stands."""
    found = the_bulletin(request, pk)
    return _file(found, found.pdf, ".pdf", PDF)


@signed_in("reports.view")
@require_GET
def excel(request: HttpRequest, pk: int) -> HttpResponse:
    """The frozen table as a workbook, numbers as numbers."""
    found = the_bulletin(request, pk)
    return file_response(workbook_of(found), file_name(found, ".xlsx"))


@signed_in("reports.view")
@require_GET
def rows_behind(request: HttpRequest, pk: int, row: int, key: str) -> HttpResponse:
    """The matters counted in one figure."""
    return respond(request, cell_list(request))


@signed_in("reports.view")
@get_or_post
def receipts(request: HttpRequest, pk: int) -> HttpResponse:
    """Which units have signed."""
    return respond(request, RECEIPTS)


def the_bulletin(request: HttpRequest, pk: int, permission: str = "", *, figures: bool = True) -> Bulletin:
    """The paper, if the person may see it, or act on it with `permission`; 404 otherwise. Without `figures` the frozen
    sheet, which for a year is megabytes, is read when it is asked for."""
    rows = Bulletin.objects.select_related(
        "snapshot", "campaign", "region", "drafted_by", "approved_by", "word__file", "pdf__file"
    )
    found: Bulletin = visible_or_404(
        rows if figures else rows.defer("snapshot__sheet"), request.user, permission, pk=pk
    )
    return found


def crumbs(title: str, found: Bulletin | None = None) -> list[dict[str, str]]:
    """From the list over the paper to this page."""
    between = [{"label": found.title, "url": page_of(found)}] if found else []
    return [{"label": str(BulletinList.title), "url": reverse("reports:list")}, *between, {"label": title, "url": ""}]


def _given(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _words(found: Bulletin) -> dict[str, Any]:
    names = ("revision", "title", "addressee", "body")
    return {name: getattr(found, name) for name in names} | {"units": list(found.units.all())}


def _file(found: Bulletin, kept: Attachment | None, ending: str, media_type: str) -> HttpResponse:
    if kept is not None:
        return file_response(read(kept.file), kept.name, media_type)
    if ending == ".pdf" and found.word is not None:  # issued before its PDF could be made: what was issued is the Word
        return file_response(pdf_of_word(found, read(found.word.file)), file_name(found, ending), media_type)
    data = word_of(found) if ending == ".docx" else pdf_of(found)
    return file_response(data, file_name(found, ending), media_type)
