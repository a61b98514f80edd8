"""One letter from above: its paper and words, what units reply, what comes next; registering one; its papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.jobs import start_job
from chuangwen.core.lists import respond
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import day
from chuangwen.directives.enums import BEFORE_UNITS, OPEN_LETTERS, LetterStage
from chuangwen.directives.forms.letters import LetterForm
from chuangwen.directives.guessing import guess_kind
from chuangwen.directives.letter_papers import answer_paper, reply_table
from chuangwen.directives.models import Letter
from chuangwen.directives.queries.letters import (
    document_of,
    known_senders,
    paper_of,
    replies_of,
    with_replies,
    with_slips,
)
from chuangwen.directives.services import letters as services
from chuangwen.directives.services.documents import LongReading
from chuangwen.directives.views.letter_list import (
    LETTERS,
    crumbs,
    due_words,
    letter_state,
    replies_words,
    slip_state,
    slip_words,
    urgency_tag,
)
from chuangwen.directives.views.meetings import papers_of
from chuangwen.directives.workflow import EDIT, LETTER_WORKFLOW, REPLIED
from chuangwen.organizations.timeline import timeline
from chuangwen.responsibilities.queries.instructions import posts_held
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of

SIGN, INSTRUCT = "directives.sign", "responsibilities.instruct"
JOINED = ("region", "campaign__region", "unit", "leader__unit")


@signed_in("directives.attend")
def letters(request: HttpRequest) -> HttpResponse:
    """The register."""
    return respond(request, LETTERS)


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register a letter; one that is there already is shown, not added."""
    campaign = campaign_or_404(request)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = LetterForm(data, files, senders=known_senders(campaign.region_id))
    title = _("Register a letter")
    return register_page(
        request, form, lambda: services.register_letter(campaign, form.received(), actor=request.user), title,
        reverse("directives:letters"), crumbs(title), lambda made: _("Registered as %s") % made.number,
    )  # fmt: skip


def register_page(
    request: HttpRequest, form: LetterForm, keep: Callable[[], Letter], title: str, back: str,
    breadcrumbs: list[dict[str, Any]], said: Callable[[Letter], str],
) -> HttpResponse:  # fmt: skip
    """The form of the register: `keep` what was sent and open its letter, or lead to the one that is there already."""
    same: Letter | None = None
    if request.method == "POST" and form.is_valid():
        try:
            found = keep()
        except services.SameLetter as known:
            same = known.letter
            form.add_error("paper_number", str(known))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, said(found))
            return redirect("directives:letter", found.pk)
    context = {
        "page_title": title, "form": form, "same": same, "cancel_url": back, "breadcrumbs": breadcrumbs,
        "submit": title,
    }  # fmt: skip
    return render(request, "directives/letter_new.html", context, status=422 if form.is_bound else 200)


@signed_in("directives.attend")
@require_GET
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter with everything that hangs on it; a unit reads the paper and its own slip."""
    found = the_letter(request, pk)
    may_edit = may(request.user, EDIT, found)
    whole = may_edit or may(request.user, SIGN, found)
    slips = list(found.slips.all())
    context = {
        **head(found), "may_edit": may_edit, "whole": whole, "papers": papers_of(found), "facts": facts(found),
        "slips": [(one, slip_state(one), slip_words(one)) for one in slips],
        "words": instructions_on(found, request.user), "next": _next(found, request.user, slips),
        "entries": entries(list(history_of(found))) if whole else [],
        "page_actions": _actions(found, may_edit),
        "document": document_of(found) if may_edit else None, "readable": paper_of(found) if may_edit else None,
    }  # fmt: skip
    return render(request, "directives/letter.html", context)


def the_letter(request: HttpRequest, pk: int, permission: str = "") -> Letter:
    """The letter that the address names with the slips that the person sees, if she may see it or act on it."""
    rows = with_slips(with_replies(Letter.objects.select_related(*JOINED), request.user), request.user)
    found: Letter = visible_or_404(rows, request.user, permission, pk=pk)
    for slip in found.slips.all():
        slip.letter = found
    return found


def head(found: Letter) -> dict[str, Any]:
    """What every page about one letter shows."""
    return {
        "page_title": found.title, "breadcrumbs": crumbs(found.number), "letter": found, "state": letter_state(found),
        "urgency": urgency_tag(found), "due": due_words(found), "replies": replies_words(found),
    }  # fmt: skip


def facts(found: Letter) -> list[dict[str, Any]]:
    """Sender, numbers and days, as the register has them."""
    rows = [
        (pgettext("letter", "Sender"), found.sender, found.paper_number),
        (pgettext("letter", "Received on"), day(found.received_on), found.number),
        (pgettext("letter", "Date of the paper"), day(found.dated) if found.dated else "", ""),
        (pgettext("letter", "Answer wanted by"), day(found.due_on) if found.due_on else _("no day is named"), ""),
        (
            pgettext("letter", "Answered by us"),
            found.answer_number,
            day(found.answered_on) if found.answered_on else "",
        ),
        (_("Signed by"), found.signed_as, day(found.signed_on) if found.signed_on else ""),
    ]
    return [{"label": label, "value": value, "second": second} for label, value, second in rows if value]


def instructions_on(found: Letter, user: Any) -> list[Any]:
    """What leaders wrote on it; for a unit only what its own task comes from."""
    rows = found.instructions.visible_to(user).filter(withdrawn_at__isnull=True)
    return list(rows.select_related("post__unit").order_by("pk"))


def _next(found: Letter, user: Any, slips: list[Any]) -> dict[str, Any] | None:
    """What this person does next with it: a leader writes or signs, the office proposes, passes on, answers."""
    if may(user, EDIT, found):
        return _next_of_office(found)
    if found.state in BEFORE_UNITS and may(user, INSTRUCT, found) and posts_held(user).exists():
        actions = [_way(found, "letter_words", _("Write an instruction"), "signature", primary=True)]
        return {"title": _("Next: write your instruction"), "text": found.proposal, "actions": actions}
    if _waits_for_signature(found) and may(user, SIGN, found):
        actions = [_way(found, "letter_sign", _("Sign the answer"), "signature", primary=True)]
        return {"title": _("Next: sign the answer"), "text": "", "actions": actions}
    waiting = next((one for one in slips if one.task.state in ("issued", "accepted")), None)
    if waiting is not None:
        url = reverse("directives:letter_slip", args=[waiting.pk])
        action = {"url": url, "label": _("Fill in the reply slip"), "icon": "send", "primary": True}
        return {"title": _("Next: reply"), "text": found.reply, "actions": [action]}
    return None


def _waits_for_signature(found: Any) -> bool:
    return found.state == LetterStage.HANDLED and bool(found.answer) and found.asked == found.replied


def _way(found: Letter, name: str, label: str, icon: str, *, primary: bool = False) -> dict[str, Any]:
    return {"url": reverse(f"directives:{name}", args=[found.pk]), "label": label, "icon": icon, "primary": primary}


def _act(found: Letter, name: str, *, primary: bool = False, post: bool = False) -> dict[str, Any]:
    step = LETTER_WORKFLOW[name]
    url = reverse("directives:letter_act", args=[found.pk, name])
    return {"url": url, "label": str(step.label), "icon": step.icon, "primary": primary, "post": post}


def _next_of_office(found: Letter) -> dict[str, Any] | None:
    """What the office does next, by where the letter is."""
    if found.state in BEFORE_UNITS:
        return _next_before_units(found)
    if found.state == LetterStage.HANDLED:
        return _next_of_answer(found)
    if found.state == LetterStage.SIGNED:
        actions = [_act(found, "send", primary=True), _act(found, "redraft")]
        return {"title": _("Next: send the answer"), "actions": actions,
                "text": _("Print it, seal it, send it as always; then enter number and day.")}  # fmt: skip
    if found.state == LetterStage.NOTICE:
        actions = [_act(found, "reopen", post=True)]
        return {"title": _("Filed"), "text": _("Nobody has to answer it."), "actions": actions}
    return None


def _next_before_units(found: Letter) -> dict[str, Any]:
    """Proposed, put before a leader, passed on; at any of these it may turn out to be only for notice.

    The usual next step and the one that skips it stand on the page, all others in a menu.
    """
    words = _way(found, "letter_words", _("Enter the leader's words"), "signature")
    closing = [_act(found, "file", post=True), _act(found, "withdraw")]
    own, route = _act(found, "take", post=True), _act(found, "route")
    if found.state == LetterStage.REGISTERED:
        usual = [_act(found, "propose", primary=True), route]
        return {"title": _("Next: propose its handling"), "text": "", "actions": [*usual, *_rare(words, own, *closing)]}
    if found.state == LetterStage.LEADER:
        return {"title": _("Next: %s writes an instruction") % found.leader,
                "actions": [words | {"primary": True}, route, *_rare(*closing)],
                "text": _("On screen, or on the printed handling sheet that you enter here.")}  # fmt: skip
    actions = [route | {"primary": True}, own, *_rare(_act(found, "propose"), words, *closing)]
    return {"title": _("Next: pass it on"), "text": "", "actions": actions}


def _rare(*actions: dict[str, Any]) -> list[dict[str, Any]]:
    return [one | {"rare": True} for one in actions]


def _next_of_answer(found: Letter) -> dict[str, Any]:
    """While units reply: who is missing; afterwards the answer and its signature."""
    write = _way(found, "letter_answer", _("Write the answer"), "pencil")
    further = _act(found, "route") | {"label": str(LETTER_WORKFLOW["add"].label)}
    if found.replied < found.asked:  # type: ignore[attr-defined]
        url = reverse("directives:letter_slips", args=[found.pk])
        missing = {"url": url, "label": _("See who is missing"), "icon": "bell", "primary": True}
        return {"title": _("Next: wait for the replies"), "text": replies_words(found),
                "actions": [missing, further, write]}  # fmt: skip
    if not found.answer:
        return {"title": _("Next: write the answer"), "text": replies_words(found),
                "actions": [write | {"primary": True}, further]}  # fmt: skip
    sign = _way(found, "letter_sign", _("Enter the signed answer"), "signature", primary=True)
    return {"title": _("Next: have it signed"), "text": _("A leader signs here, or on the printed answer."),
            "actions": [sign, write | {"label": _("Change the answer")}, further]}  # fmt: skip


def _actions(found: Letter, may_edit: bool) -> list[dict[str, Any]]:
    """Papers in the page's head."""
    if not may_edit:
        return []
    actions = [_way(found, "letter_sheet", _("Handling sheet"), "printer")]
    if found.state in (LetterStage.HANDLED, LetterStage.SIGNED, LetterStage.ANSWERED):
        actions.insert(0, _way(found, "letter_word", _("Answer as Word"), "download"))
    if found.state in OPEN_LETTERS:
        actions.append(_way(found, "letter_change", _("Correct the entry"), "pencil"))
    return actions


@signed_in(EDIT)
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the review read the paper: one document, whoever presses and how often."""
    found = the_letter(request, pk, EDIT)
    try:
        document = services.read_letter(found, actor=request.user)
    except LongReading:
        return _read_as_job(request, found)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("directives:letter", pk)
    return redirect("directives:review", document.pk)


def _read_as_job(request: HttpRequest, found: Letter) -> HttpResponse:
    """A scan is recognised page by page; the document that comes of it has the paper's bytes."""
    paper = paper_of(found)
    assert paper is not None  # noqa: S101 (LongReading came from it)
    params = {
        "campaign": found.campaign_id, "sha256": paper.file.sha256, "name": paper.name, "title": found.title,
        "kind": guess_kind(found.title, ""), "day": (found.dated or found.received_on).isoformat(), "revises": 0,
    }  # fmt: skip
    back = reverse("directives:letter", args=[found.pk])
    job = start_job("directives.read", owner=request.user, title=paper.name, params=params, back=back)
    return redirect("core:job", job.uid)


@signed_in(EDIT)
@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The handling sheet (文件处理单) to be printed and written on."""
    found = the_letter(request, pk, EDIT)
    prefetch_related_objects([found], "instructions")
    context = {
        **head(found), "page_title": _("Handling sheet of a letter"), "now": clock.now(), "facts": facts(found),
        "words": instructions_on(found, request.user),
        "slips": [(one, slip_words(one)) for one in found.slips.all()],
    }  # fmt: skip
    return render(request, "directives/letter_sheet.html", context)


@signed_in(EDIT, SIGN)
@require_GET
def word(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer as a Word file."""
    found = the_letter(request, pk, EDIT if may(request.user, EDIT) else SIGN)
    return file_response(answer_paper(found, replies_of(found)), f"关于{found.title}的回复.docx", DOCX)


OWN_WORDS = {
    "register": gettext_lazy("Registered"), "change": gettext_lazy("Entry corrected"),
    "rewrite": gettext_lazy("Proposal changed"), "write": gettext_lazy("Answer written"),
    "read": gettext_lazy("Read for directives"),
}  # fmt: skip


def entries(steps: list[Step]) -> list[dict[str, Any]]:
    """The history of a letter for the timeline."""
    return timeline(steps, _said)


def _said(step: Step) -> dict[str, Any]:
    known = LETTER_WORKFLOW.get(step.action)
    return {
        "what": known.done if known else OWN_WORDS.get(step.action, step.action),
        "icon": known.icon if known else "pencil",
        "text": "、".join(step.data.get("units", ())) or str(step.data.get("answer_number", "")),
    }


def table_of(found: Letter) -> dict[str, Any]:
    """The table of replies for the page on which the answer is written."""
    slips = [one for one in found.slips.all() if one.task.state in REPLIED]
    heads, rows = reply_table(found, slips)
    return {"heads": heads, "rows": rows}
