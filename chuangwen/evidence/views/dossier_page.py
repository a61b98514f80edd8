"""What the page of one dossier shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.panels import panels
from chuangwen.core.templatetags.wording import between, day, deadline, moment, span
from chuangwen.evidence.completeness import window_of
from chuangwen.evidence.drawing import months_html
from chuangwen.evidence.enums import WITH_THE_UNIT, DossierState
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.previews import preview_kind
from chuangwen.evidence.queries.dossiers import Contents, SlotView, contents_of, leaf_of
from chuangwen.evidence.queries.likely import offers_for
from chuangwen.evidence.views.dossier_list import dossier_state, grade_words
from chuangwen.evidence.workflow import APPROVE, DOSSIER_WORKFLOW, EDIT, GIVE, REVIEW, speaks_for
from chuangwen.organizations.queries import titles_of
from chuangwen.standards.enums import EvidenceKind
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import available

OFFERED = 4
WHY = {
    "undated": lambda: _("Does not count yet: say on which day it was."),
    "outside": lambda: _("Does not count: its day lies outside the time asked for."),
    "too-long": lambda: _("Does not count: the text is too long."),
    "no-text": lambda: _("Does not count: this part of the example is empty."),
}
REASONS = {
    "same-criterion": lambda: _("served this criterion before"),
    "same-slot": lambda: _("in the same slot"),
    "title": lambda: _("the title fits"),
    "number": lambda: _("has a document number"),
    "window": lambda: _("its day fits"),
}


def dossier_page(found: Dossier, request: HttpRequest) -> dict[str, Any]:
    """Everything for evidence/dossier.html; the same number of queries whatever is in it."""
    user, contents = request.user, contents_of(found)
    gives = found.state in WITH_THE_UNIT and may(user, GIVE, found)
    offers = offers_for(found, contents) if gives else {}
    taken = list(history_of(found))
    steps = {one.action for one in available(found, DOSSIER_WORKFLOW, user)}
    papers = Attachment.objects.filter(owner_type=label_of(found), owner_id=found.pk).select_related("file")
    return {
        "page_title": str(found),
        "breadcrumbs": [{"label": _("Ledger"), "url": reverse("evidence:dossiers")}, {"label": str(found)}],
        "dossier": found,
        "state": dossier_state(found),
        "slots": [_slot(number, view, found, offers) for number, view in enumerate(contents.slots, 1)],
        "loose": contents.loose,
        "gives": gives,
        "next": _next(found, contents, steps, taken, request),
        "steps": steps,
        "rule": leaf_of(found.node),
        "facts": _facts(found),
        "papers": papers.order_by("pk"),
        "entries": _history(found, taken),
        "panels": panels("dossier", request, found),
        "may_postpone": found.state in WITH_THE_UNIT and may(user, EDIT, found),
    }


def _slot(number: int, view: SlotView, found: Dossier, offers: dict[str, Any]) -> dict[str, Any]:
    """A slot as the page shows it."""
    slot = view.slot
    window = window_of(slot, found.year)
    return {
        "number": number,
        "number_text": str(number),
        "key": slot.key,
        "label": slot.label,
        "kind": str(EvidenceKind(slot.kind).label),
        "least": slot.least,
        "counted": view.counted,
        "is_filled": view.is_filled,
        "missing": missing_words(view),
        "window": span(*window) if window else "",
        "most": slot.most_chars,
        "months": months_html(_strip(view), found.year) if view.months else "",
        "writes": slot.takes("statement"),
        "takes_files": slot.kind != EvidenceKind.STATEMENT,
        "accept": "image/*" if slot.kind == EvidenceKind.PHOTO else "",
        "part": slot.part,
        "pieces": [_piece(shown) for shown in view.pieces],
        "offers": [
            {"piece": one.piece, "attachment": one.attachment, "why": "、".join(REASONS[r]() for r in one.reasons)}
            for one in offers.get(slot.key, ())[:OFFERED]
        ],
    }


def missing_words(view: SlotView) -> str:
    """What a slot still lacks, in words."""
    if view.is_filled:
        return ""
    if view.slot.every_month and view.counted >= view.slot.least:
        return ngettext("%d month has nothing", "%d months have nothing", view.missing) % view.missing
    return ngettext("%d missing", "%d missing", view.missing) % view.missing


def _strip(view: SlotView) -> str:
    lacking = "0" if view.slot.every_month else "-"
    return "".join("1" if there else lacking for there in view.months)


def _piece(shown: Any) -> dict[str, Any]:
    piece = shown.piece
    return {
        "link": shown.link,
        "piece": piece,
        "attachment": shown.attachment,
        "preview": preview_kind(piece.file),
        "text": shown.text,
        "facts": " · ".join(filter(None, (
            piece.document_number, piece.issuing_body, day(piece.on) if piece.on else "",
            ngettext("also in %d other dossier", "also in %d other dossiers", shown.elsewhere) % shown.elsewhere
            if shown.elsewhere else "",
        ))),
        "why": WHY[shown.why]() if shown.why else "",
        "twin": shown.twin,
    }  # fmt: skip


def _facts(found: Dossier) -> list[dict[str, Any]]:
    rows = [
        (_("Unit"), found.unit, reverse("evidence:submission", args=[found.unit_id]) + f"?year={found.year}"),
        (_("Year"), found.year, ""),
        (_("Due"), deadline(found.due_on) if found.state in WITH_THE_UNIT else day(found.due_on), ""),
        (_("Conclusion"), found.conclusion, ""),
        (_("Handed in by"), found.submitted_by, ""),
        (_("Grade"), grade_words(found), ""),
        (_("First review"), _by(found.accepted_by, found.accepted_at), ""),
        (_("Second review"), _by(found.approved_by, found.approved_at), ""),
        (_("Standard"), found.node.version, ""),
        (_("Campaign"), found.campaign, ""),
    ]
    return [{"label": label, "value": value, "url": url} for label, value, url in rows if value]


def _why_back(steps: list[Any]) -> str:
    """Why the dossier is with its unit again."""
    return next((step.note for step in reversed(steps) if step.action in {"return", "reopen"}), "")


def _by(person: Any, at: Any) -> str:
    return f"{person} {moment(at)}" if person and at else ""


def _next(
    found: Dossier, contents: Contents, steps: set[str], steps_taken: list[Any], request: HttpRequest
) -> dict[str, Any]:
    """The card beside the dossier: whose move it is, what it takes, what happens if nothing is done."""
    lacking = found.lacking
    review = reverse("evidence:review_dossier", args=[found.pk])
    title, text, actions, after = "", "", list[dict[str, Any]](), ""
    if found.state in WITH_THE_UNIT:
        mine = speaks_for(request.user, found)
        if mine and not lacking:
            title = _("Next: hand it in")
        elif mine:
            title = ngettext("%d slot is still missing", "%d slots are still missing", lacking) % lacking
        else:
            title = _("Waiting for %s to fill it") % found.unit
        names = "、".join(one.slot.label for one in contents.completeness.missing)
        text = _("Missing: %s") % names if names else ""
        if found.state == DossierState.RETURNED and (why := _why_back(steps_taken)):
            text = between().join(filter(None, (_("Returned because: %s") % why, text)))
        if "submit" in steps:
            url = reverse("evidence:step", args=[found.pk, "submit"])
            label = _("Hand it in") if mine else _("Hand it in for the unit")
            actions = [{"label": label, "url": url, "icon": "send", "primary": mine and not lacking}]
        late = found.due_on < clock.today()
        after = _("It is late; the office may send a notice.") if late else _("After this day it counts as late.")
    elif found.state == DossierState.SUBMITTED:
        mine = "accept" in steps
        title = _("Next: you grade it") if mine else _("Waiting for the office to grade it")
        actions = [{"label": _("Review"), "url": review, "icon": "checkbox", "primary": True}] if mine else []
        after = _("A second person approves the grade; then it counts.")
    elif found.state == DossierState.ACCEPTED:
        mine = may(request.user, APPROVE, found)
        title = _("Next: a second person approves the grade") if mine else _("Waiting for the second review")
        actions = (
            [{"label": _("Second review"), "url": review, "icon": "shield-check", "primary": True}] if mine else []
        )
    else:
        title = _("Approved with grade %s") % grade_words(found)
        after = _("The score takes the grade once the office takes the reviewed dossiers into a round.")
    if "take-back" in steps and not may(request.user, REVIEW, found):
        url = reverse("evidence:step", args=[found.pk, "take-back"])
        actions.append({"label": _("Take it back"), "url": url, "icon": "arrow-back-up"})
    return {"title": title, "text": text, "actions": actions, "after": after}


def _history(found: Dossier, steps: list[Any]) -> list[dict[str, Any]]:
    """The history, the latest first; who by unit and post."""
    titles = titles_of({step.actor_id for step in steps if step.actor_id})
    entries = [
        _entry(some[0], titles.get(some[0].actor_id or 0, some[0].actor_name), some)
        for some in reversed(_together(steps))
    ]
    opened = {"what": _("Opened"), "icon": "folder", "when": moment(found.created_at),
              "when_iso": found.created_at.isoformat(timespec="minutes")}  # fmt: skip
    return [*entries, opened]


def _together(steps: list[Any]) -> list[Any]:
    """Pieces given one after the other by one person at one moment are one entry, which names them all."""
    found: list[Any] = []
    for step in steps:
        last = found[-1] if found else None
        key = (step.action, step.actor_id, step.at.replace(second=0, microsecond=0), step.data.get("slot"))
        if last is not None and step.action == "give" and last[0] == key:
            last[1].append(step)
        else:
            found.append((key, [step]))
    return [some for _key, some in found]


def _entry(step: Any, actor: str, several: list[Any]) -> dict[str, Any]:
    known = DOSSIER_WORKFLOW.get(step.action)
    own = {"give": _("Piece given"), "unlink": _("Piece taken out"), "passage": _("Passage named"),
           "remind": _("Reminded"), "postpone": _("Day moved"),
           "renew": _("Went on under the new version")}  # fmt: skip
    icons = {"give": "paperclip", "unlink": "x", "remind": "bell", "postpone": "calendar-event"}
    who = _("%(who)s, entered for %(whom)s") % {"who": actor, "whom": step.on_behalf}
    grade = step.data.get("grade") or step.data.get("value")
    return {
        "what": known.done if known else own.get(step.action, step.action),
        "who": _(", ") + (who if step.on_behalf else actor or _("the program")),
        "icon": known.icon if known else icons.get(step.action, "pencil"),
        "when": moment(step.at),
        "when_iso": step.at.isoformat(timespec="minutes"),
        "text": _("Grade %s") % grade if grade and step.action in {"accept", "send-back", "reopen"} else "",
        "quote": "；".join(one.note for one in several if one.note),
    }
