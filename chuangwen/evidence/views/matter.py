"""One dossier behind a link that needs no password: a unit's people give photos and words from the own phone."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.accounts.matters import Matter
from chuangwen.accounts.services.links import link_for
from chuangwen.core.access import may, require
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Attachment
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import day
from chuangwen.evidence.enums import WITH_THE_UNIT
from chuangwen.evidence.forms import SubmitForm, WriteForm
from chuangwen.evidence.models import PIECE_OWNER, Dossier
from chuangwen.evidence.queries.dossiers import SlotView, contents_of, slots_for
from chuangwen.evidence.services import submit_dossier, write_piece
from chuangwen.evidence.slots import Slot
from chuangwen.evidence.views.dossier_list import dossier_state
from chuangwen.evidence.views.dossier_page import missing_words
from chuangwen.evidence.views.dossiers import take_files, the_dossier
from chuangwen.evidence.workflow import EDIT, GIVE
from chuangwen.organizations.queries import people_to_tell
from chuangwen.standards.enums import EvidenceKind

KIND = "evidence.dossier"


def show(request: HttpRequest, matter: Matter, refused: dict[str, Any] | None = None) -> HttpResponse:
    """The dossier's slots with what is there, and the forms of what may be given; `refused`: forms that came back."""
    found = the_dossier(request, matter.object_id)
    contents, back = contents_of(found), refused or {}
    gives = found.state in WITH_THE_UNIT and may(request.user, GIVE, found)
    submit = back.get("submit") or SubmitForm(dossier=found, on_paper=False, prefix="submit")
    context = {
        "page_title": str(found),
        "page_subtitle": f"{found.unit} · {found.year}",
        "dossier": found,
        "state": dossier_state(found),
        "gives": gives,
        "slots": [_slot(number, view, matter, found, back) for number, view in enumerate(contents.slots, 1)],
        "give_url": matter.action_url("give"),
        "write_url": matter.action_url("write"),
        "submit_url": matter.action_url("submit"),
        "submit_form": submit,
        "anything": any(view.pieces for view in contents.slots),
    }
    return render(request, "evidence/matter.html", context, status=422 if refused else 200)


def _slot(number: int, view: SlotView, matter: Matter, found: Dossier, back: dict[str, Any]) -> dict[str, Any]:
    slot = view.slot
    together = written_with(found, slot)
    form = None
    if together and together[0].key == slot.key:
        form = back.get(slot.key) or WriteForm(slots=together, prefix=f"s{number}")
    return {
        "number": str(number),
        "slot": slot,
        "kind": str(EvidenceKind(slot.kind).label),
        "missing": missing_words(view),
        "counted": view.counted,
        "takes_files": slot.kind != EvidenceKind.STATEMENT,
        "form": form,
        "pieces": [
            {
                "title": one.piece.title,
                "picture": matter.picture_url(one.attachment, "small")
                if one.attachment and one.attachment.file.is_picture else "",
            }
            for one in view.pieces
        ],
    }  # fmt: skip


def written_with(found: Dossier, slot: Slot) -> list[Slot]:
    """The slots that are written on one form with this one: the parts of an example, or it alone; none for files."""
    if slot.kind != EvidenceKind.STATEMENT:
        return []
    return [one for one in slots_for(found.node) if one.part] if slot.part else [slot]


def give(request: HttpRequest, matter: Matter) -> HttpResponse:
    """Files into a slot."""
    found = the_dossier(request, matter.object_id)
    return take_files(request, found, done=matter.url)


def write(request: HttpRequest, matter: Matter) -> HttpResponse:
    """Words for a slot, an example for all its parts."""
    found = the_dossier(request, matter.object_id)
    slots = slots_for(found.node)
    number = next((at for at, one in enumerate(slots, 1) if one.key == request.POST.get("slot")), 0)
    together = written_with(found, slots[number - 1]) if number else []
    if not together:
        raise Http404
    form = WriteForm(request.POST, slots=together, prefix=f"s{number}")
    if form.is_valid():
        passage = form.cleaned_data.get("passage", "")
        try:
            write_piece(found, [one.key for one in together], form.facts(), passage=passage, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(matter.url)
    return show(request, matter, {together[0].key: form})


def submit(request: HttpRequest, matter: Matter) -> HttpResponse:
    """Hand the dossier in."""
    found = the_dossier(request, matter.object_id)
    form = SubmitForm(request.POST, dossier=found, on_paper=False, prefix="submit")
    if form.is_valid():
        data = form.cleaned_data
        try:
            submit_dossier(found, conclusion=data["conclusion"], note=data.get("note", ""), actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(matter.url)
    return show(request, matter, {"submit": form})


ACTIONS = {"give": give, "write": write, "submit": submit}


def files(matter: Matter) -> Any:
    """What of the pieces in the dossier may be seen through the link."""
    pieces = Dossier.objects.filter(pk=matter.object_id).values("links__piece")
    return Attachment.objects.filter(owner_type=PIECE_OWNER, owner_id__in=pieces)


def page_url(object_id: int) -> str:
    """The ordinary page, for who is signed in."""
    return reverse("evidence:dossier", args=[object_id])


def _link(person: Any, found: Dossier, request: HttpRequest) -> str:
    return link_for(person, found, made_by=request.user)  # type: ignore[arg-type]


@signed_in(EDIT)
@require_POST
def hand_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Links to this dossier for its unit's people, as text for a chat. Each is shown this once."""
    found = the_dossier(request, pk)
    require(request.user, EDIT, found)
    told = {"title": str(found), "due": day(found.due_on)}
    lines = [
        _("%(who)s: %(title)s, due %(due)s %(url)s") % (told | {"who": person, "url": _link(person, found, request)})
        for person in people_to_tell(found.unit, GIVE)
    ]
    title = _("Links without password")
    context = {
        "page_title": title,
        "page_subtitle": str(found),
        "breadcrumbs": [{"label": str(found), "url": page_url(pk)}, {"label": title, "url": ""}],
        "text": "\n".join(lines) or _("The unit has no liaison with an account yet."),
        "target": page_url(pk),
        "back_label": _("Back to the dossier"),
    }
    return render(request, "core/message.html", context)
