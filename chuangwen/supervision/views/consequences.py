"""Consequences and rewards of units (奖惩, 结果运用): the register, entering, confirming, replies, appeals."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.addresses import address, asked_key
from chuangwen.core.errors import Missing, Refusal
from chuangwen.core.lists import Column, Filter, ListPage, Tab, pick_filter, respond, two_lines
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.chuangwen import source_tag
from chuangwen.core.templatetags.wording import day
from chuangwen.organizations.models import Unit
from chuangwen.supervision.enums import ConsequenceState
from chuangwen.supervision.forms import EventActForm, EventReasonForm
from chuangwen.supervision.forms.linking import (
    AppealForm,
    ConsequenceForm,
    ConsequenceReplyForm,
    TakeUpForm,
    basis_of,
)
from chuangwen.supervision.models import Consequence, ConsequenceKind, ConsequenceReply
from chuangwen.supervision.queries.consequences import holds, to_confirm
from chuangwen.supervision.services import (
    confirm_consequence,
    decide_appeal,
    drop_consequence,
    enter_consequence,
    lift_consequence,
    reject_consequence,
    reply_to_consequence,
    take_up,
)
from chuangwen.supervision.views.basis import basis_fact, unit_of_basis
from chuangwen.supervision.views.notice import papers_of
from chuangwen.supervision.views.parts import form_page, press_first, steps_told, the_region, way_to
from chuangwen.supervision.words import consequence_cell, link_words, term_words
from chuangwen.supervision.workflow import CONSEQUENCE_WORKFLOW, EDIT, answers_for_unit
from chuangwen.workflow.services import available

PLACE = (_("Consequences and rewards"), "supervision:consequences")
ACTS: dict[str, tuple[Any, Any]] = {
    "confirm": (EventActForm, confirm_consequence), "reject": (EventReasonForm, reject_consequence),
    "drop": (EventReasonForm, drop_consequence), "lift": (EventReasonForm, lift_consequence),
}  # fmt: skip


def _title(row: Consequence) -> SafeString:
    second = " · ".join(part for part in (row.issuer, row.paper) if part)
    return two_lines(row.title, second, address("supervision:consequence", row.pk))


def _kind(row: Consequence) -> SafeString | str:
    return str(row.kind)


def _kind_choices(request: HttpRequest) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in ConsequenceKind.objects.visible_to(request.user)]


def _year_choices(request: HttpRequest) -> list[tuple[str, str]]:
    years = Consequence.objects.visible_to(request.user).order_by("-year").values_list("year", flat=True).distinct()
    return [(str(year), str(year)) for year in years]


def _year(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(year=int(value)) if value.isdecimal() and len(value) < 5 else rows.none()


class ConsequenceList(ListPage):
    """What the person may see, the latest first."""

    name = "consequences"
    title = _("Consequences and rewards")
    noun = pgettext_lazy("consequences", "entries")
    permission = "supervision.view"
    search = ("title__icontains", "unit__name__icontains", "unit__short_name__icontains", "paper__icontains")
    search_words = _("Unit, reason or document number")
    sort = "-day"
    definition = _(
        "Of units, never of persons: what concerns persons is handed over, and only that it was is kept. Entered by "
        "one person, it holds once another has confirmed it. What a rule proposes is nothing before that."
    )
    empty = _("No consequences or rewards here")
    empty_url = "supervision:consequence_new"
    empty_permission = "supervision.edit"
    empty_action = _("Enter what a paper says")
    columns = (
        Column("title", pgettext_lazy("consequence", "For what"), lambda c: c.title, _title,
               css="cw-table__title", width=34),
        Column("unit", _("Unit"), lambda c: str(c.unit)),
        Column("kind", _("Kind"), _kind),
        Column("issuer", _("Issuing body"), lambda c: c.issuer, screen=False),
        Column("paper", _("Document number"), lambda c: c.paper, screen=False),
        Column("year", _("Year"), lambda c: c.year, kind="number"),
        Column("day", _("Day of the paper"), lambda c: c.day, lambda c: day(c.day), sort="day", kind="date"),
        Column("until", _("Holds"), lambda c: c.until, term_words, kind="date"),
        Column("state", _("State"), lambda c: c.get_state_display(), consequence_cell, css="cw-table__state"),
    )  # fmt: skip
    filters = (
        pick_filter("unit", _("Unit"), "units-ever", lambda rows, value: rows.filter(unit=value)),
        Filter("kind", _("Kind"), _kind_choices, lambda rows, value: rows.filter(kind=value)),
        Filter("year", _("Year"), _year_choices, _year),
    )
    tabs = (
        Tab("holds", pgettext_lazy("consequence", "In force"), lambda request: holds()),
        Tab("confirm", _("For me to confirm"), lambda request: Q(pk__in=to_confirm(request.user).values("pk"))),
        Tab("proposed", pgettext_lazy("consequence", "Proposed by a rule"), Q(state=ConsequenceState.PROPOSED)),
        Tab("reported", _("To be confirmed"), Q(state=ConsequenceState.REPORTED)),
        Tab("over", pgettext_lazy("consequence", "Over"),
            lambda request: Q(state=ConsequenceState.CONFIRMED, until__lt=clock.today())
            | Q(state=ConsequenceState.LIFTED)),
        Tab("rejected", pgettext_lazy("consequence", "Not decided on"), Q(state=ConsequenceState.REJECTED)),
        Tab("all", _("All"), Q()),
    )  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return Consequence.objects.visible_to(request.user).select_related("unit", "kind")

    def row_url(self, row: Any) -> str:
        return address("supervision:consequence", row.pk)

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        rules = {"label": gettext("Linking rules"), "icon": "list-check", "url": reverse("supervision:links_rules")}
        actions: list[dict[str, Any]] = [rules]
        if may(request.user, EDIT):
            kinds = {"label": gettext("Kinds"), "icon": "tag", "url": reverse("supervision:consequence_kinds")}
            new = {"label": gettext("Enter what a paper says"), "icon": "plus",
                   "url": reverse("supervision:consequence_new")}  # fmt: skip
            actions += [kinds, {**new, "primary": True}]
        return {"page_actions": actions, "breadcrumbs": way_to(PLACE)}


CONSEQUENCES = ConsequenceList()


@signed_in("supervision.view")
def consequences(request: HttpRequest) -> HttpResponse:
    """The register."""
    return respond(request, CONSEQUENCES)


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """What a paper says of a unit; `?basis=notice:2026-0003` names what it comes from.

    A title is many units': `?basis=title:7&unit=3&about=…` says whose it was and what befell it.
    """
    region = the_region(request)
    if not ConsequenceKind.objects.filter(region=region, is_on=True).exists():
        step = (gettext("To the kinds"), reverse("supervision:consequence_kinds"))
        raise Missing(gettext("There are no kinds yet."), gettext("Write them first."), step)
    name = request.POST.get("basis", "") or request.GET.get("basis", "")[:40]
    basis = basis_of(name, request.user)
    first = _first(request, name, basis) if basis else {}
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ConsequenceForm(data, files, actor=request.user, region=region, initial=first)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = enter_consequence(
                values["unit"], values["kind"], form.decided(), basis=values["basis"], scans=values["scans"],
                actor=request.user,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Entered; a second person confirms it"))
            return redirect("supervision:consequence", made.pk)
    note = gettext(
        "Of units alone. What concerns persons is handed over from the notice; nothing of it is written here."
    )
    title, back = gettext("Enter what a paper says"), reverse("supervision:consequences")
    return form_page(request, form, title, PLACE, back, submit=gettext("Enter"), note=note)


@signed_in("supervision.view")
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: what, by which paper, from what, who entered and confirmed it, what the unit says."""
    row = _row(request, pk)
    buttons = _buttons(row, request.user)
    decides = may(request.user, "supervision.veto", row) and row.entered_by_id != request.user.pk
    replies = [
        {"reply": one, "url": reverse("supervision:appeal", args=[pk, one.pk])
         if decides and one.is_appeal and one.decided_at is None else ""}
        for one in row.replies.all()
    ]  # fmt: skip
    context = {
        "page_title": row.title, "breadcrumbs": way_to(PLACE, str(row.kind)), "row": row, "entries": _entries(row),
        "buttons": buttons, "facts": _facts(row, request.user), "state_cell": consequence_cell(row),
        "step_title": gettext("Next: you confirm it")
        if any(one["action"] == "confirm" for one in buttons) else row.get_state_display(),
        "step_text": _step_text(row), "replies": replies, "papers": papers_of(row),
    }  # fmt: skip
    return render(request, "supervision/consequence.html", context)


@signed_in("supervision.view")
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Confirm, reject, drop, lift; enter a proposal's paper; reply. The services ask for the permission."""
    row = _row(request, pk)
    if action == "enter":
        return _take_up(request, row)
    if action == "reply":
        return _reply(request, row)
    if action not in ACTS:
        raise Http404
    kind, run = ACTS[action]
    step = CONSEQUENCE_WORKFLOW[action]
    if not may(request.user, step.permission, row):
        raise Http404
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            run(row, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(step.done))
            return redirect("supervision:consequence", pk)
    note = _holds_note(row) if action == "confirm" else ""
    back = reverse("supervision:consequence", args=[pk])
    return form_page(request, form, str(step.label), PLACE, back, note=note, subtitle=_about(row), ends=step.needs_note)


@signed_in("supervision.veto")
@require_http_methods(["GET", "POST"])
def appeal(request: HttpRequest, pk: int, reply: int) -> HttpResponse:
    """Decide an appeal: it stays, or is lifted."""
    row = _row(request, pk)
    rows = ConsequenceReply.objects.select_related("consequence__unit", "consequence__region", "consequence__kind")
    found = visible_or_404(rows, request.user, "supervision.veto", pk=reply, consequence=row, is_appeal=True)
    form = AppealForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_appeal(found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Decided; the unit is told"))
            return redirect("supervision:consequence", pk)
    back = reverse("supervision:consequence", args=[pk])
    return form_page(request, form, gettext("Decide the appeal"), PLACE, back, note=found.text, subtitle=_about(row))


def _first(request: HttpRequest, name: str, basis: Any) -> dict[str, Any]:
    """What stands in the form already."""
    unit = unit_of_basis(basis)
    if unit is None:
        asked = asked_key(request.GET.get("unit", "")) or 0
        unit = Unit.objects.visible_to(request.user, "supervision.edit").filter(pk=asked).first()
    return {"basis": name, "unit": unit, "title": (request.GET.get("about", "") or str(basis))[:200]}


def _take_up(request: HttpRequest, row: Consequence) -> HttpResponse:
    if not may(request.user, EDIT, row):
        raise Http404
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = TakeUpForm(data, files, consequence=row)
    if request.method == "POST" and form.is_valid():
        try:
            take_up(row, form.decided(), scans=form.cleaned_data["scans"], actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("Entered; a second person confirms it"))
            return redirect("supervision:consequence", row.pk)
    back = reverse("supervision:consequence", args=[row.pk])
    note = gettext("Proposed by the rule: %s") % link_words(row.rule) if row.rule else ""
    return form_page(request, form, gettext("Enter the paper"), PLACE, back, submit=gettext("Enter"), note=note,
                     subtitle=_about(row))  # fmt: skip


def _reply(request: HttpRequest, row: Consequence) -> HttpResponse:
    if not may(request.user, "supervision.answer", row):
        raise Http404
    form = ConsequenceReplyForm(request.POST if request.method == "POST" else None)
    if row.kind.is_reward:
        del form.fields["is_appeal"]
    if request.method == "POST" and form.is_valid():
        try:
            reply_to_consequence(row, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The office is told"))
            return redirect("supervision:consequence", row.pk)
    note = "" if answers_for_unit(request.user, row) else gettext("You enter this for %s, from paper.") % row.unit
    back = reverse("supervision:consequence", args=[row.pk])
    return form_page(request, form, gettext("Reply or appeal"), PLACE, back, submit=gettext("Send"), note=note,
                     subtitle=_about(row))  # fmt: skip


def _row(request: HttpRequest, pk: int) -> Consequence:
    rows = Consequence.objects.select_related(
        "unit", "kind", "region", "rule__kind", "notice__unit", "task", "problem", "dossier__node", "story", "award",
        "event",
    )  # fmt: skip
    found: Consequence = visible_or_404(rows, request.user, pk=pk)
    return found


def _buttons(row: Consequence, user: Any) -> list[dict[str, Any]]:
    def button(action: str, label: Any, icon: str, *, ends: bool = False) -> dict[str, Any]:
        url = reverse("supervision:consequence_act", args=[row.pk, action])
        return {"label": label, "icon": icon, "url": url, "primary": False, "action": action, "ends": ends}

    found = [
        button(step.action, step.label, step.icon, ends=step.needs_note)
        for step in available(row, CONSEQUENCE_WORKFLOW, user)
    ]
    if row.state == ConsequenceState.CONFIRMED and may(user, "supervision.answer", row):
        own = answers_for_unit(user, row)
        label = gettext("Reply or appeal") if own else gettext("Enter the unit's reply")
        found.insert(0 if own else len(found), button("reply", label, "messages"))
    return press_first(found)


def _about(row: Consequence) -> str:
    return f"{row.unit} · {row.title}"


def _facts(row: Consequence, user: Any) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"label": gettext("Unit"), "value": str(row.unit)},
        {"label": gettext("Kind"), "value": row.kind.name, "second": source_tag(row.kind.source)},
        {"label": gettext("Issuing body"), "value": row.issuer},
        {"label": gettext("Document number"), "value": row.paper},
        {"label": gettext("Day of the paper"), "value": day(row.day) if row.paper else ""},
        {"label": gettext("Year to which it belongs"), "value": str(row.year)},
        {"label": gettext("Holds"), "value": term_words(row)},
    ]
    if row.rule:
        url = reverse("supervision:link_trial", args=[row.rule_id]) if may(user, EDIT, row) else ""
        facts.append({"label": gettext("Proposed by the rule"), "value": link_words(row.rule), "url": url})
    return [*facts, *basis_fact(row, user)]


def _entries(row: Consequence) -> list[dict[str, Any]]:
    words = {
        "propose": pgettext("consequence", "Proposed by a rule"), "report": gettext("Entered"),
        "reply": gettext("Reply"), "appeal": gettext("Appeal"), "decide": gettext("Appeal decided"),
    }  # fmt: skip
    words |= {step.action: str(step.done) for step in CONSEQUENCE_WORKFLOW.transitions}
    quoted = {"reject", "drop", "lift", "decide"}
    return steps_told(row, words, quoted.__contains__)


def _step_text(row: Consequence) -> str:
    texts = {
        ConsequenceState.PROPOSED: gettext(
            "A rule proposes it; it is nothing yet. Once it was decided on paper, enter that, or do not take it up."
        ),
        ConsequenceState.REPORTED: gettext(
            "It holds once a second person, who is not of the unit, has confirmed that the paper says so."
        ),
        ConsequenceState.CONFIRMED: _holds_note(row),
        ConsequenceState.REJECTED: gettext("It never counts."),
        ConsequenceState.LIFTED: gettext("It no longer holds."),
    }
    return texts[ConsequenceState(row.state)]


def _holds_note(row: Consequence) -> str:
    words = gettext("The unit is told, and can reply or appeal.")
    if row.kind.is_reward:
        words = gettext("The unit is told.")
    if row.kind.bars and row.until:
        words += gettext(" Until %s it applies for no title.") % day(row.until)
    return words
