"""One step of one notice: its small form, and the service behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import signed_in
from chuangwen.supervision import forms, services
from chuangwen.supervision.models import Referral, SupervisionNotice
from chuangwen.supervision.services import TalkHeld
from chuangwen.supervision.views.notice import facts, head_of, lines_of, the_notice, title_of
from chuangwen.supervision.words import paper_words, sheet_number
from chuangwen.supervision.workflow import EDIT, JUDGEMENTS, answers_for_unit, may_judge, may_sign

Run = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Act:
    """A step as a page: what it is called, what it asks, what runs, what is told afterwards."""

    title: str | Promise
    form: type[forms.ActForm]
    run: Run
    submit: str | Promise
    done: str | Promise
    icon: str = "check"
    note: str | Promise = ""
    ends: bool = False  # its button is not the filled one
    by_unit: bool = False  # the unit's own step, which the office may enter from paper


def _talk(notice: SupervisionNotice, *, actor: Any, scans: Any = (), **held: Any) -> None:
    services.record_talk(notice.unit, TalkHeld(**held), notice=notice, actor=actor, scans=scans)


ACTS: dict[str, Act] = {
    "sign": Act(_("Sign and send"), forms.SignForm, services.sign_notice, _("Sign and send"), _("Signed and sent"),
                icon="signature",
                note=_("It goes to the unit at once, under the name of who signs. It cannot be taken back unseen.")),
    "drop": Act(_("Do not send"), forms.ReasonForm, services.drop_notice, _("Do not send"), _("It is not sent"),
                icon="x", ends=True, note=_("The rules propose these matters again only at a sharper step.")),
    "acknowledge": Act(_("Confirm receipt"), forms.PlainForm, services.acknowledge_notice, _("Confirm receipt"),
                       _("Receipt confirmed"), by_unit=True),
    "answer": Act(_("Answer the notice"), forms.AnswerForm, services.answer_notice, _("Send the answer"),
                  _("Answered; it waits to be judged"), icon="messages", by_unit=True),
    "return": Act(_("Return the answer"), forms.ReturnForm, services.return_answer, pgettext_lazy("notice", "Return"),
                  _("Returned to the unit"), icon="arrow-back-up",
                  note=_("The unit gets back the time that the office took.")),
    "settle": Act(_("Settle"), forms.JudgeForm, services.settle_notice, _("Settle"),
                  pgettext_lazy("notice", "Settled"), icon="circle-check",
                  note=_("Possible once all its matters are put right or off the unit's clock.")),
    "withdraw": Act(_("Withdraw the notice"), forms.ReasonForm, services.withdraw_notice, _("Withdraw the notice"),
                    _("Withdrawn; the unit is told"), icon="trash", ends=True,
                    note=_("For a notice sent in error. It keeps its number and counts for nothing.")),
    "talk": Act(_("Record a talk"), forms.TalkForm, _talk, _("Keep the record"), _("Talk recorded"), icon="users",
                note=_("People are told by their posts. What belongs to discipline is not written here.")),
    "joint": Act(_("Sign it jointly"), forms.JointForm, services.ask_body, _("Ask the body to sign"),
                 _("Asked; the sheet goes out once all have signed"), icon="users",
                 note=_("The sheet becomes a joint one: it names every body and goes out once all have signed.")),
    "refer": Act(_("Note that it was handed over"), forms.ReferralForm, services.hand_over, _("Keep"), _("Noted"),
                 icon="send", note=_("Only to whom and when. What is in the letter never stands here.")),
}  # fmt: skip


@signed_in("supervision.view")
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """The form of one step, and its taking. Services decide who may; what was typed stays on a refusal."""
    one = ACTS.get(action)
    if one is None:
        raise Http404
    notice = the_notice(request, number)
    paper = is_from_paper(one, action, notice, request.user)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = one.form(data, files, notice=notice, actor=request.user, paper=paper)
    if request.method == "POST" and form.is_valid():
        try:
            one.run(notice, actor=request.user, **answers(form))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(one.done))
            return redirect("supervision:notice", notice.number)
    title = paper_words(action, one.title) if paper else one.title
    context = {
        **head_of(notice), "act": one, "form": form, "paper": paper, "signs": action == "sign",
        "judges": action in JUDGEMENTS,
        "page_title": title, "page_subtitle": title_of(notice), "breadcrumbs": _crumbs(notice, title),
        "submit": title if paper else one.submit,
        "lines": lines_of(notice, request.user), "facts": facts(notice), "note": one.note,
    }  # fmt: skip
    return render(request, "supervision/act.html", context, status=422 if form.is_bound else 200)


def is_from_paper(one: Act, action: str, notice: SupervisionNotice, user: Any) -> bool:
    """Whether the step is entered for somebody who took it on paper."""
    if action == "sign":
        return not may_sign(user, notice)
    if action in JUDGEMENTS:
        return may(user, EDIT, notice) and not may_judge(user, notice)
    return one.by_unit and not answers_for_unit(user, notice)


@signed_in("supervision.refer")
@require_http_methods(["GET", "POST"])
def referral_back(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The result of a referral came back: only the day."""
    notice = the_notice(request, number)
    referral = get_object_or_404(Referral, pk=pk, notice=notice)
    form = forms.ReferralBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.close_referral(referral, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Noted"))
            return redirect("supervision:notice", notice.number)
    context = {"page_title": gettext("The result came back"), "page_subtitle": str(referral), "form": form,
               "breadcrumbs": _crumbs(notice, gettext("The result came back")),
               "submit": gettext("Keep"), "cancel_url": reverse("supervision:notice", args=[number])}  # fmt: skip
    return render(request, "supervision/form.html", context, status=422 if form.is_bound else 200)


def answers(form: forms.ActForm) -> dict[str, Any]:
    """The cleaned data as the service's arguments: a time or a scan that was not given is left to the service."""
    return {key: value for key, value in form.cleaned_data.items() if key not in {"at", "scans"} or value}


def _crumbs(notice: SupervisionNotice, title: str | Promise) -> list[dict[str, Any]]:
    page = reverse("supervision:notice", args=[notice.number])
    register = {"label": gettext("Notices"), "url": reverse("supervision:register")}
    return [register, {"label": sheet_number(notice), "url": page}, {"label": title}]
