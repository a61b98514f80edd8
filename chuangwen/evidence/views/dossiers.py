"""The ledger, one dossier, and what is given into it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.lists import respond
from chuangwen.core.pages import attempt, signed_in
from chuangwen.evidence.forms import PassageForm, UseForm, WriteForm
from chuangwen.evidence.models import Dossier, Link, Piece
from chuangwen.evidence.queries.dossiers import slots_for, usable_pieces
from chuangwen.evidence.services import (
    Outcome,
    give_files,
    set_passage,
    unlink_piece,
    use_piece,
    write_piece,
)
from chuangwen.evidence.slots import FITTING, Slot
from chuangwen.evidence.views.dossier_list import DOSSIERS
from chuangwen.evidence.views.dossier_page import dossier_page
from chuangwen.evidence.workflow import GIVE

get_or_post = require_http_methods(["GET", "POST"])


@signed_in("evidence.view")
@get_or_post
def dossiers(request: HttpRequest) -> HttpResponse:
    """The ledger."""
    return respond(request, DOSSIERS)


@signed_in("evidence.view")
@require_GET
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """One dossier: its slots with their pieces, what is missing, what is likely there already, the next step."""
    return render(request, "evidence/dossier.html", dossier_page(the_dossier(request, pk), request))


@signed_in(GIVE)
@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Files into a slot."""
    found = the_dossier(request, pk, GIVE)
    return take_files(request, found, done=_at(found, request.POST.get("slot", "")))


@signed_in(GIVE)
@get_or_post
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """A piece that is there already, for a slot: offered beside it, or looked up here."""
    found = the_dossier(request, pk, GIVE)
    slots = slots_for(found.node)
    key = request.POST.get("slot") or request.GET.get("slot", "")
    slot = next((one for one in slots if one.key == key or not key), None)
    if slot is None:
        raise Http404
    rows = usable_pieces(found).filter(kind__in=FITTING[slot.kind]).select_related("unit", "file")
    form = UseForm(request.POST or None, rows=rows)
    if request.method == "POST" and form.is_valid():
        piece: Piece = form.cleaned_data["piece"]
        try:
            use_piece(found, slot.key, piece, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Used: %s") % piece.title)
            return redirect(_at(found, slot.key))
    return _form_page(request, found, form, _("Use a piece for “%s”") % slot.label, _("Use it"), slot=slot.key)


@signed_in(GIVE)
@get_or_post
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Words for a slot; an example for all its parts at once."""
    found = the_dossier(request, pk, GIVE)
    slots = _together(found, request.GET.get("slot", ""))
    form = WriteForm(request.POST or None, slots=slots)
    if request.method == "POST" and form.is_valid():
        passage = form.cleaned_data.get("passage", "")
        try:
            piece = write_piece(found, [slot.key for slot in slots], form.facts(), passage=passage, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Given: %s") % piece.title)
            return redirect(_at(found, slots[0].key))
    title = _("Write: %s") % "、".join(slot.label for slot in slots)
    return _form_page(request, found, form, title, _("Save the text"))


@signed_in(GIVE)
@get_or_post
def link(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    """Which passage of a piece proves the criterion; or the piece is taken out of the slot."""
    found = the_dossier(request, pk, GIVE)
    row = found.links.select_related("piece", "dossier").filter(pk=link_pk).first()
    if row is None:
        raise Http404
    if request.method == "POST" and "drop" in request.POST:
        return _unlink(request, found, row)
    form = PassageForm(request.POST or None, initial={"passage": row.passage})
    if request.method == "POST" and form.is_valid():
        try:
            set_passage(row, form.cleaned_data["passage"], actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(_at(found, row.slot))
    return _form_page(request, found, form, row.piece.title, _("Save the passage"), drop=row)


def the_dossier(request: HttpRequest, pk: int, permission: str = "") -> Dossier:
    """The dossier that the address names, with all that its pages say of it."""
    rows = Dossier.objects.select_related(
        "node__version", "unit__region", "campaign", "region", "accepted_by", "approved_by"
    )
    found: Dossier = visible_or_404(rows, request.user, pk=pk)
    if permission and not may(request.user, permission, found):
        raise Http404
    return found


def _unlink(request: HttpRequest, found: Dossier, row: Link) -> HttpResponse:
    said = _("Taken out: %s. It stays among the unit's pieces.") % row.piece.title
    return attempt(request, lambda: unlink_piece(row, actor=request.user), done=_at(found, row.slot), said=said)


def _together(found: Dossier, key: str) -> list[Slot]:
    """The slot of this key (the first that takes words for none); for a part of an example the other parts with it."""
    slots = slots_for(found.node)
    written = [slot for slot in slots if slot.takes("statement")]
    chosen = next((slot for slot in written if slot.key == key or not key), None)
    if chosen is None:
        raise Http404
    return [slot for slot in slots if slot.part] if chosen.part else [chosen]


def take_files(request: HttpRequest, found: Dossier, *, done: str) -> HttpResponse:
    """The posted files go into the posted slot; what became of each is told at `done`."""
    uploads = [Upload(one.name or "", one.read()) for one in request.FILES.getlist("files")]
    try:
        outcomes = give_files(found, request.POST.get("slot", ""), uploads, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        _tell_outcomes(request, outcomes)
    return redirect(done)


def _tell_outcomes(request: HttpRequest, outcomes: list[Outcome]) -> None:
    """What became of the files: how many are new, which were known, which were not taken and why."""
    new = sum(one.piece is not None and not one.known for one in outcomes)
    if new:
        messages.success(request, ngettext("%d file given.", "%d files given.", new) % new)
    for one in outcomes:
        if one.known and one.piece is not None:
            told = {"file": one.name, "piece": one.piece.title}
            messages.info(request, _("“%(file)s” was given before as “%(piece)s”; that one is used.") % told)
        elif one.refused:
            messages.warning(request, _("“%(file)s”: %(why)s") % {"file": one.name, "why": one.refused})


def _at(found: Dossier, slot: str) -> str:
    """The address of the slot on the dossier's page."""
    keys = [one.key for one in slots_for(found.node)]
    place = f"#slot-{keys.index(slot) + 1}" if slot in keys else ""
    return reverse("evidence:dossier", args=[found.pk]) + place


def _form_page(request: HttpRequest, found: Dossier, form: Any, title: str, submit: str, **more: Any) -> HttpResponse:
    context = {
        "page_title": title,
        "page_subtitle": str(found),
        "breadcrumbs": crumbs(found, title),
        "form": form,
        "submit": submit,
        "cancel_url": reverse("evidence:dossier", args=[found.pk]),
        "dossier": found,
        **more,
    }
    return render(request, "evidence/form.html", context, status=422 if form.errors else 200)


def crumbs(found: Dossier, title: str = "") -> list[dict[str, str]]:
    """Ledger / the dossier / …"""
    above = [{"label": _("Ledger"), "url": reverse("evidence:dossiers")}]
    own = {"label": str(found), "url": reverse("evidence:dossier", args=[found.pk])}
    return [*above, own, {"label": title}] if title else [*above, {"label": str(found)}]
