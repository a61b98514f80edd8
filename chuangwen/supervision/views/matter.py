"""One notice behind a link that needs no password: a unit's people confirm receipt and answer on the own phone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.accounts.matters import Matter
from chuangwen.accounts.services.links import link_for
from chuangwen.core.access import require, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import moment
from chuangwen.organizations.queries import people_to_tell
from chuangwen.supervision.enums import UNSENT_STATES
from chuangwen.supervision.forms import ActForm, AnswerForm, PlainForm
from chuangwen.supervision.models import SupervisionNotice
from chuangwen.supervision.services import acknowledge_notice, answer_notice
from chuangwen.supervision.views.next_step import next_step
from chuangwen.supervision.views.notice import SHOWN, facts, lines_of, the_notice, timeline, title_of
from chuangwen.supervision.words import due_cell, sheet_number, state_of
from chuangwen.supervision.workflow import NOTICE_WORKFLOW, answers_for_unit
from chuangwen.workflow.services import available

KIND = "supervision.supervisionnotice"


def show(request: HttpRequest, matter: Matter, refused: ActForm | None = None) -> HttpResponse:
    """The notice with the forms that its person may fill in; `refused` is one that came back."""
    notice = _notice(request, matter)
    own = answers_for_unit(request.user, notice)
    steps = {step.action for step in available(notice, NOTICE_WORKFLOW, request.user)} if own else set()
    shape, word = state_of(notice)
    answers = isinstance(refused, AnswerForm)
    lines = [{**line, "url": ""} for line in lines_of(notice, request.user)]
    pressing = sum(line["pressing"] for line in lines)
    context = {
        "page_title": title_of(notice), "page_subtitle": sheet_number(notice), "notice": notice,
        "addressee": matter.link.post or str(matter.user), "next": next_step(notice, request.user, pressing),
        "shape": shape, "word": word, "due": due_cell(notice), "facts": facts(notice), "entries": timeline(notice),
        "lines": lines,
        "receive_url": matter.action_url("acknowledge") if "acknowledge" in steps else "",
        "answer": (refused if answers else _form(notice, request)) if "answer" in steps or answers else None,
        "answer_url": matter.action_url("answer"),
    }  # fmt: skip
    return render(request, "supervision/matter.html", context, status=422 if refused else 200)


def acknowledge(request: HttpRequest, matter: Matter) -> HttpResponse:
    """Receipt is confirmed."""
    return _act(request, matter, PlainForm, acknowledge_notice)


def answer(request: HttpRequest, matter: Matter) -> HttpResponse:
    """The answer, with its papers."""
    return _act(request, matter, AnswerForm, answer_notice)


def files(matter: Matter) -> Any:
    """The notice's papers."""
    return Attachment.objects.filter(owner_type=label_of(SupervisionNotice()), owner_id=matter.object_id)


def page_url(object_id: int) -> str:
    """The ordinary page, for who is signed in."""
    numbers = SupervisionNotice.objects.filter(pk=object_id).values_list("number", flat=True)
    return reverse("supervision:notice", args=[numbers[0]]) if numbers else reverse("supervision:register")


@signed_in("supervision.edit")
@require_POST
def hand_out(request: HttpRequest, number: str) -> HttpResponse:
    """Links to this notice for the unit's people, as text for a chat. Each is shown this once."""
    notice = the_notice(request, number)
    require(request.user, "supervision.edit", notice)
    if notice.state in UNSENT_STATES:
        raise Refusal(_("This notice was not sent."), _("Sign it first; then its links open."))
    people = people_to_tell(notice.unit, "supervision.answer")
    lines = [
        _("%(who)s: %(title)s, answer by %(due)s %(url)s")
        % {"who": person, "title": title_of(notice), "due": moment(notice.due_at),
           "url": link_for(person, notice, made_by=request.user)}  # type: ignore[arg-type]
        for person in people
    ]  # fmt: skip
    page = reverse("supervision:notice", args=[number])
    context = {
        "page_title": _("Links without password"), "page_subtitle": title_of(notice),
        "breadcrumbs": [{"label": sheet_number(notice), "url": page}, {"label": _("Links without password")}],
        "text": "\n".join(lines) or _("The unit has no liaison with an account yet."), "target": page,
        "back_label": _("Back to the notice"),
    }  # fmt: skip
    return render(request, "core/message.html", context)


def _notice(request: HttpRequest, matter: Matter) -> SupervisionNotice:
    rows = SupervisionNotice.objects.select_related(*SHOWN)
    found: SupervisionNotice = visible_or_404(rows, request.user, pk=matter.object_id)
    return found


def _form(notice: SupervisionNotice, request: HttpRequest) -> AnswerForm:
    return AnswerForm(notice=notice, actor=request.user)


def _act(request: HttpRequest, matter: Matter, kind: type[ActForm], run: Any) -> HttpResponse:
    notice = _notice(request, matter)
    form = kind(request.POST, request.FILES, notice=notice, actor=request.user)
    if form.is_valid():
        try:
            run(notice, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(matter.url)
    return show(request, matter, form)
