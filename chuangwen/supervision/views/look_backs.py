"""The quarterly look-back (每季度“回头望”): the register, its list by unit, and the steps from draft to closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.lists import respond
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.supervision.enums import JUDGED, LagKind, LagState, LookBackState, Signer
from chuangwen.supervision.forms.look_back import GiveForm, JudgeLagForm, LagAnswerForm, LookBackForm
from chuangwen.supervision.look_back_papers import study_sheet
from chuangwen.supervision.models import LagLine, LookBack
from chuangwen.supervision.queries.look_backs import JOINED, lines_of, with_returns
from chuangwen.supervision.queries.standings import quarter_of
from chuangwen.supervision.services import look_backs as services
from chuangwen.supervision.views.look_back_list import LAG_LINES, LOOK_BACKS, PLACE, line_state, now_words, way
from chuangwen.supervision.views.parts import form_page, periods_back
from chuangwen.supervision.workflow import ANSWER, EDIT, OPEN_LINES, SIGNING, of_the_unit


@signed_in("supervision.view")
def look_backs(request: HttpRequest) -> HttpResponse:
    """All look-backs."""
    return respond(request, LOOK_BACKS)


@signed_in("supervision.view")
def look_back(request: HttpRequest, pk: int) -> HttpResponse:
    """One look-back with its lines; a unit sees its own."""
    return respond(request, LAG_LINES)


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """The list of this or an earlier quarter."""
    campaign = campaign_or_404(request)
    data = request.POST if request.method == "POST" else None
    form = LookBackForm(data, periods=_periods(), numbers=services.numbers_for(campaign))
    if request.method == "POST" and form.is_valid():
        try:
            on = date.fromisoformat(form.cleaned_data["period"])
            made = services.make_look_back(campaign, on, actor=request.user, numbers=form.numbers())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The list is made; trim it, then give it to the units"))
            return redirect("supervision:look_back", made.pk)
    title = gettext("Make a look-back")
    back = reverse("supervision:look_backs")
    return form_page(request, form, title, PLACE, back, submit=gettext("Make the list"))


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """The day by which units answer; the list stands from then on."""
    found = _asked(request, pk)
    form = GiveForm(request.POST if request.method == "POST" else None)
    back = reverse("supervision:look_back", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            services.give_look_back(found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Given out; each unit was told once"))
            return redirect(back)
    title = gettext("Give the look-back to units")
    note = gettext("The list stands from then on. Each unit sees its own lines and answers those that still lag.")
    return form_page(request, form, title, PLACE, back, note=note, breadcrumbs=way(title, found))


@signed_in(EDIT)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything is judged."""
    found = _asked(request, pk)
    back = reverse("supervision:look_back", args=[pk])
    return attempt(
        request, lambda: services.close_look_back(found, actor=request.user), done=back,
        said=lambda _none: gettext("The look-back is closed"),
    )  # fmt: skip


@signed_in("supervision.view")
@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The study sheet as a Word file: of the lines that the person sees."""
    found = _asked(request, pk, "")
    seen = LagLine.objects.visible_to(request.user).filter(look_back=found).values("pk")
    return file_response(study_sheet(found, lines_of(found).filter(pk__in=seen)), f"回头望{found}专题研究单.docx", DOCX)


@signed_in("supervision.view")
@require_GET
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line: why it is listed, how it stands now, what its unit answers, how it is judged."""
    found = _line(request, pk)
    return _line_page(request, found, _answer_form(request, found), JudgeLagForm())


@signed_in(ANSWER)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit's answer."""
    found = _line(request, pk)
    form = _answer_form(request, found, request.POST)
    if form.is_valid():
        try:
            services.answer_line(found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Answered; the office judges it"))
            return redirect("supervision:lag_line", pk)
    return _line_page(request, found, form, JudgeLagForm(), status=422)


@signed_in(EDIT, SIGNING[Signer.DEPUTY])
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Done now, still not, object gone."""
    found = _line(request, pk)
    form = JudgeLagForm(request.POST)
    if form.is_valid():
        try:
            services.judge_line(found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, pgettext("look-back", "Judged"))
            return redirect("supervision:lag_line", pk)
    return _line_page(request, found, _answer_form(request, found), form, status=422)


def _line_page(
    request: HttpRequest, found: LagLine, form: LagAnswerForm, judging: JudgeLagForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "page_title": found.title, "page_subtitle": f"{found.unit} · {found.get_kind_display()}", "line": found,
        "breadcrumbs": way(found.title, found.look_back), "stage": line_state(found), "facts": _facts(found),
        "now": now_words(found), "forms": list(_forms(request, found, form, judging)),
    }  # fmt: skip
    return render(request, "supervision/lag_line.html", context, status=status)


def _forms(
    request: HttpRequest, found: LagLine, form: LagAnswerForm, judging: JudgeLagForm
) -> Iterator[dict[str, Any]]:
    """What the person may do now, the likelier thing first: the office judges, and seldom enters an answer on paper."""
    if found.look_back.state != LookBackState.GIVEN:
        return
    own = of_the_unit(request.user, found)
    judges = may(request.user, EDIT, found) or may(request.user, SIGNING[Signer.DEPUTY], found)
    if judges and not own and found.state != LagState.DROPPED:
        words = pgettext("look-back", "Judge")
        url = reverse("supervision:lag_judge", args=[found.pk])
        yield {"title": words, "form": judging, "url": url, "act": words, "icon": "gavel"}
    if found.state in OPEN_LINES and may(request.user, ANSWER, found):
        words = pgettext("look-back", "Answer") if own else gettext("Enter the unit's answer from paper")
        url = reverse("supervision:lag_answer", args=[found.pk])
        yield {"title": words, "form": form, "url": url, "act": gettext("Send the answer"), "icon": "send"}


def _facts(found: LagLine) -> list[dict[str, Any]]:
    drawn = found.kind == LagKind.SAMPLE
    what = pgettext("look-back", "What is looked at") if drawn else pgettext("look-back", "What lags")
    rows = [
        (what, found.fact, found.url),
        (gettext("Closed on") if drawn else pgettext("look-back", "Lags since"), day(found.since), ""),
        (gettext("Unit"), str(found.unit), ""),
        (
            pgettext("look-back", "Look-back before"),
            pgettext("look-back", "stood on it, too") if found.again else "",
            "",
        ),
        (pgettext("look-back", "To be answered by"), day(found.look_back.due_on) if found.look_back.due_on else "", ""),
        (pgettext("look-back", "Answer"), found.answer, ""),
        (gettext("Answered at"), moment(found.answered_at) if found.answered_at else "", ""),
        (
            pgettext("look-back", "Judged"),
            found.judgement or found.get_state_display() if found.state in JUDGED else "",
            "",
        ),
        (pgettext("look-back", "Left out because"), found.judgement if found.state == LagState.DROPPED else "", ""),
    ]
    return [{"label": label, "value": value, "url": url} for label, value, url in rows if value]


def _answer_form(request: HttpRequest, found: LagLine, data: Any = None) -> LagAnswerForm:
    paper = may(request.user, ANSWER, found) and not of_the_unit(request.user, found)
    return LagAnswerForm(data, paper=paper, drawn=found.kind == LagKind.SAMPLE, initial={"answer": found.answer})


def _line(request: HttpRequest, pk: int) -> LagLine:
    rows = with_returns(LagLine.objects.select_related(*JOINED))
    found: LagLine = visible_or_404(rows, request.user, pk=pk)
    return found


def _asked(request: HttpRequest, pk: int, permission: str = EDIT) -> LookBack:
    rows = LookBack.objects.select_related("region", "campaign")
    found: LookBack = visible_or_404(rows, request.user, permission, pk=pk)
    return found


def _periods() -> list[tuple[str, str]]:
    """This quarter and those before; the one that is over stands first."""
    this, over, *before = periods_back(quarter_of)
    return [over, this, *before]
