"""Pieces: all of them, one with its content open in the page, its facts corrected, given up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import day
from chuangwen.evidence.enums import WITH_THE_UNIT
from chuangwen.evidence.forms import PieceForm
from chuangwen.evidence.models import Link, Piece
from chuangwen.evidence.previews import html_of, page_count, page_picture, preview_kind
from chuangwen.evidence.queries.dossiers import files_of, twins_of
from chuangwen.evidence.queries.likely import uses_of
from chuangwen.evidence.services import drop_piece, edit_piece
from chuangwen.evidence.views.dossier_list import dossier_state
from chuangwen.evidence.views.piece_list import PIECES
from chuangwen.evidence.workflow import GIVE

USED_SHOWN = 50


@signed_in("evidence.view")
@require_http_methods(["GET", "POST"])
def pieces(request: HttpRequest) -> HttpResponse:
    """All pieces."""
    return respond(request, PIECES)


@signed_in("evidence.view")
@require_GET
def piece(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece: its content, what is said of it, where it is used."""
    found = _piece(request, pk)
    kind = preview_kind(found.file)
    links = list(
        Link.objects.visible_to(request.user).filter(piece=found)
        .select_related("dossier__node", "dossier__unit").order_by("pk")[:USED_SHOWN]
    )  # fmt: skip
    free = all(link.dossier.state in WITH_THE_UNIT for link in links)
    gives = may(request.user, GIVE, found)
    context = {
        "page_title": found.title,
        "breadcrumbs": _crumbs(found.title),
        "piece": found,
        "attachment": files_of([found.pk]).get(found.pk),
        "preview": kind,
        "pages": range(1, page_count(found.file) + 1) if kind == "pdf" and found.file else (),
        "html": html_of(found.file),
        "facts": _facts(found),
        "links": [{"link": link, "state": dossier_state(link.dossier)} for link in links],
        "twin": twins_of([found]).get(found.pk, ""),
        "uses": uses_of(found, request.user) if gives else [],
        "may_edit": gives and free,
        "may_drop": gives and not links,
        "held": gives and not free,
    }
    return render(request, "evidence/piece.html", context)


@signed_in("evidence.view")
@require_GET
@cache_control(private=True, max_age=604800, immutable=True)
def page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A page of a piece's PDF as a picture."""
    found = _piece(request, pk)
    data = page_picture(found.file, number) if found.file and preview_kind(found.file) == "pdf" else b""
    if not data:
        raise Http404
    return HttpResponse(data, content_type="image/jpeg")


@signed_in(GIVE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is said of a piece."""
    found = _piece(request, pk)
    form = PieceForm(request.POST or None, piece=found)
    if request.method == "POST" and form.is_valid():
        try:
            edit_piece(found, form.facts(), actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. It counts so in every dossier that uses it."))
            return redirect("evidence:piece", pk)
    context = {
        "page_title": _("Correct the piece"),
        "page_subtitle": found.title,
        "breadcrumbs": _crumbs(found.title, pk, _("Correct the piece")),
        "form": form,
        "submit": _("Save the piece"),
        "cancel_url": reverse("evidence:piece", args=[pk]),
    }
    return render(request, "evidence/form.html", context, status=422 if form.errors else 200)


@signed_in(GIVE)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up a piece that stands nowhere."""
    found = _piece(request, pk)
    try:
        drop_piece(found, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("evidence:piece", pk)
    messages.success(request, _("Given up: %s") % found.title)
    return redirect("evidence:pieces")


def _piece(request: HttpRequest, pk: int) -> Piece:
    rows = Piece.objects.select_related("unit", "region", "file", "given_by")
    found: Piece = visible_or_404(rows, request.user, pk=pk)
    return found


def _facts(found: Piece) -> list[dict[str, Any]]:
    rows = [
        (_("Kind"), found.get_kind_display()),
        (_("Unit"), found.unit),
        (_("Issuing body"), found.issuing_body),
        (_("Document number"), found.document_number),
        (_("Date on the paper"), day(found.dated_on) if found.dated_on else ""),
        (_("Day of the matter"), day(found.happened_on) if found.happened_on else ""),
        (_("Given by"), found.given_by),
        (_("Given on"), day(found.created_at)),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _crumbs(title: str, pk: int = 0, further: str = "") -> list[dict[str, str]]:
    above = [
        {"label": _("Ledger"), "url": reverse("evidence:dossiers")},
        {"label": _("All pieces"), "url": reverse("evidence:pieces")},
    ]
    if further:
        return [*above, {"label": title, "url": reverse("evidence:piece", args=[pk])}, {"label": further}]
    return [*above, {"label": title}]
