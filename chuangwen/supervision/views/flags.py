"""Flags within peer groups: who holds one, the scores behind them, proposing, giving, handing back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.addresses import address
from chuangwen.core.errors import Refusal
from chuangwen.core.files.sniffing import XLSX
from chuangwen.core.lists import Column, Filter, ListPage, Tab, pick_filter, respond, two_lines
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import day, span
from chuangwen.core.wording import points_words
from chuangwen.core.workbooks.writing import Column as Head
from chuangwen.core.workbooks.writing import write_table
from chuangwen.supervision.enums import Brings, FlagColour, FlagState, ScorePart
from chuangwen.supervision.forms import FlagActForm, FlagBackForm, FlagProposeForm, FlagReasonForm
from chuangwen.supervision.models import Flag
from chuangwen.supervision.peers import Part, goes_back
from chuangwen.supervision.queries.standings import UnitScore, month_of, numbers_of, unit_scores
from chuangwen.supervision.services import drop_flag, give_flag, hand_back, propose_flags
from chuangwen.supervision.views.parts import form_page, region_with_numbers, the_region, way_to
from chuangwen.supervision.words import flag_cell, share_words
from chuangwen.supervision.workflow import FLAG_WORKFLOW
from chuangwen.workflow.services import available

MONTHS = 12
PLACE = (_("Flags"), "supervision:flags")
ACTS: dict[str, tuple[Any, Any]] = {
    "give": (FlagActForm, give_flag), "drop": (FlagReasonForm, drop_flag), "back": (FlagBackForm, hand_back),
}  # fmt: skip
SCORE_DEFINITION = _(
    "Monthly score: rectification is what was closed in time of what was due; tasks are those reported by their "
    "deadline of those due; field is what checks at places found met; material is dossiers submitted by their day; "
    "reporting is notices answered by their day. The weight of a part with nothing to measure goes to the others."
)


class FlagList(ListPage):
    """Flags, the latest first."""

    name = "flags"
    title = _("Flags")
    noun = _("flags")
    permission = "supervision.view"
    search = ("unit__name__icontains", "unit__short_name__icontains")
    search_words = _("Unit")
    sort = "-starts"
    definition = _(
        "Black flag: monthly, the lowest score of a peer group that also lies below the mark, with enough problems "
        "due; ties included. Red flag: quarterly, the first of the group with at least the mark. A person gives each "
        "flag."
    )
    signature = (_("Filled in by"), _("Checked by"))
    empty = _("No flags here")
    empty_url = "supervision:flag_propose"
    empty_permission = "supervision.edit"
    empty_action = _("Propose flags")
    columns = (
        Column("flag", _("Flag"), lambda f: f.get_colour_display(), css="cw-table__sheet"),
        Column("unit", _("Unit"), lambda f: str(f.unit),
               lambda f: two_lines(f.unit, "", address("supervision:flag", f.pk)), css="cw-table__title"),
        Column("group", _("Peer group"), lambda f: f.peer_group),
        Column("period", pgettext_lazy("flag", "Period"), lambda f: span(f.starts, f.ends), sort="starts"),
        Column("score", _("Score"), lambda f: f.score, lambda f: points_words(f.score), kind="number", sort="score"),
        Column("running", _("Times running"), lambda f: f.running, kind="number", css="cw-wide"),
        Column("brings", _("What it brings"), lambda f: f.get_brings_display() if f.brings else "", css="cw-wide"),
        Column("given", pgettext_lazy("flag", "Given on"), lambda f: f.given_on, lambda f: day(f.given_on),
               kind="date", css="cw-wide"),
        Column("back", _("Handed back on"), lambda f: f.back_on, lambda f: day(f.back_on), kind="date", screen=False),
        Column("state", _("State"), lambda f: f.get_state_display(), flag_cell, css="cw-table__state"),
    )  # fmt: skip
    filters = (
        pick_filter("unit", _("Unit"), "units-ever", lambda rows, value: rows.filter(unit=value)),
        Filter("colour", _("Flag"), lambda request: FlagColour.choices, lambda rows, value: rows.filter(colour=value)),
    )
    tabs = (
        Tab("held", pgettext_lazy("flag", "Held"), Q(state=FlagState.GIVEN)),
        Tab("proposed", _("To be given"), Q(state=FlagState.PROPOSED)),
        Tab("back", pgettext_lazy("flag", "Handed back"), Q(state=FlagState.BACK)),
        Tab("all", _("All"), Q()),
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return Flag.objects.visible_to(request.user).select_related("unit", "region")

    def row_url(self, row: Any) -> str:
        return reverse("supervision:flag", args=[row.pk])

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        lists = {"label": gettext("Red and black lists"), "icon": "list-check", "url": reverse("supervision:weeks")}
        actions: list[dict[str, Any]] = [lists]
        if may(request.user, "supervision.edit"):
            scores = {
                "label": gettext("Scores of the month"),
                "icon": "chart-bar",
                "url": reverse("supervision:scores"),
            }
            numbers = {
                "label": gettext("Numbers and weights"),
                "icon": "list-check",
                "url": reverse("supervision:numbers"),
            }
            new = {"label": gettext("Propose flags"), "icon": "flag", "url": reverse("supervision:flag_propose")}
            actions = [scores, lists, numbers, {**new, "primary": True}]
        return {"page_actions": actions, "breadcrumbs": way_to(PLACE)}


FLAGS = FlagList()


@signed_in("supervision.view")
def flags(request: HttpRequest) -> HttpResponse:
    """The list."""
    return respond(request, FLAGS)


@signed_in("supervision.view")
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One flag: the figures it was proposed by, and what can be done."""
    flag = _flag(request, pk)
    labels = dict(ScorePart.choices)
    facts = [
        {"label": gettext("Peer group"), "value": flag.peer_group},
        {"label": pgettext("flag", "Period"), "value": span(flag.starts, flag.ends)},
        {"label": gettext("Score"), "value": points_words(flag.score)},
        *(
            {"label": labels.get(part, part), "value": f"{got:g}/{of:g}"}
            for part, (got, of) in flag.figures.get("parts", {}).items()
        ),
        {"label": gettext("Problems due"), "value": str(flag.figures.get("due", 0))},
        {
            "label": pgettext("flag", "Given on"),
            "value": day(flag.given_on),
            "second": str(flag.given_by) if flag.given_by else "",
        },
        {"label": gettext("Handed back on"), "value": day(flag.back_on)},
    ]
    buttons = [
        {"label": step.label, "icon": step.icon, "primary": step.action == "give",
         "url": reverse("supervision:flag_act", args=[pk, step.action])}
        for step in available(flag, FLAG_WORKFLOW, request.user)
    ]  # fmt: skip
    if flag.state == FlagState.GIVEN and flag.brings == Brings.TALK and may(request.user, "supervision.edit", flag):
        url = f"{reverse('supervision:talk_new')}?unit={flag.unit_id}"
        buttons.append({"label": gettext("Record a talk"), "icon": "users", "primary": False, "url": url})
    context = {
        "page_title": str(flag), "breadcrumbs": way_to(PLACE, str(flag)), "flag": flag, "facts": facts,
        "buttons": buttons, "state_cell": flag_cell(flag), "definition": SCORE_DEFINITION,
        "step_text": _step_text(flag), "step_title": flag.get_state_display(),
    }  # fmt: skip
    return render(request, "supervision/flag.html", context)


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Give, do not give, hand back."""
    if action not in ACTS:
        raise Http404
    flag = _flag(request, pk)
    kind, run = ACTS[action]
    form = kind(request.POST if request.method == "POST" else None)
    label = str(FLAG_WORKFLOW[action].label)
    if request.method == "POST" and form.is_valid():
        try:
            run(flag, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(FLAG_WORKFLOW[action].done))
            return redirect("supervision:flag", pk)
    return form_page(request, form, label, PLACE, reverse("supervision:flag", args=[pk]), subtitle=str(flag),
                     note=_act_note(flag, action), ends=FLAG_WORKFLOW[action].needs_note)  # fmt: skip


@signed_in("supervision.edit")
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """The flags of a month or quarter that is over."""
    region = region_with_numbers(request)
    form = FlagProposeForm(request.POST if request.method == "POST" else None, months=_months())
    if request.method == "POST" and form.is_valid():
        chosen = date.fromisoformat(form.cleaned_data["month"])
        try:
            made = propose_flags(region, form.cleaned_data["colour"], chosen, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell(request, made)
            return redirect(f"{reverse('supervision:flags')}?tab=proposed")
    note = gettext("The program proposes from the scores; nobody hears of it before a person gives the flag.")
    return form_page(request, form, gettext("Propose flags"), PLACE, reverse("supervision:flags"), note=note)


@signed_in("supervision.edit")
@require_GET
def scores(request: HttpRequest) -> HttpResponse:
    """The monthly scores by peer group, with what each part is made of; `?format=xlsx` as a workbook."""
    region = the_region(request)
    months = _months()
    asked = request.GET.get("month", "")
    chosen = date.fromisoformat(asked if asked in dict(months) else months[0][0])
    first, last = month_of(chosen)
    found = unit_scores(region, first, last)
    heads = [part for part in Part if any(part in one.shares for one in found)]
    if request.GET.get("format") == "xlsx":
        return _workbook(found, heads, first, last)
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        groups.setdefault(one.unit.peer_group, []).append(_row(one, heads))
    labels = dict(ScorePart.choices)
    context = {
        "page_title": gettext("Scores of the month"), "breadcrumbs": way_to(PLACE, gettext("Scores of the month")),
        "months": [{"value": value, "label": label, "on": value == chosen.isoformat()} for value, label in months[:6]],
        "heads": [labels[part] for part in heads], "groups": groups, "definition": SCORE_DEFINITION,
        "period": span(first, last), "excel_url": f"?month={chosen.isoformat()}&format=xlsx",
    }  # fmt: skip
    return render(request, "supervision/scores.html", context)


def _months() -> list[tuple[str, str]]:
    """The last twelve months that are over, the latest first."""
    first, found = month_of(clock.today())[0], []
    for _number in range(MONTHS):
        first = month_of(first - timedelta(days=1))[0]
        found.append((first.isoformat(), date_format(first, "YEAR_MONTH_FORMAT")))
    return found


def _row(one: UnitScore, heads: list[Part]) -> dict[str, Any]:
    value = one.standing.score
    return {
        "unit": str(one.unit), "url": reverse("organizations:unit", args=[one.unit.pk]),
        "score": "—" if value is None else points_words(value), "due": one.standing.due,
        "overdue": one.standing.overdue,
        "parts": [share_words(one.shares[part]) if part in one.shares else "—" for part in heads],
    }  # fmt: skip


def _workbook(found: list[UnitScore], heads: list[Part], first: date, last: date) -> HttpResponse:
    labels = dict(ScorePart.choices)
    columns = [
        Head("group", gettext("Peer group")), Head("unit", gettext("Unit")), Head("score", gettext("Score"), "number"),
        *(Head(str(part), str(labels[part])) for part in heads), Head("due", gettext("Problems due"), "number"),
        Head("overdue", gettext("Late now"), "number"),
    ]  # fmt: skip
    rows = [
        (one.unit.peer_group, str(one.unit), None if one.standing.score is None else round(one.standing.score, 2),
         *(share_words(one.shares[part]) if part in one.shares else "—" for part in heads), one.standing.due,
         one.standing.overdue)
        for one in found
    ]  # fmt: skip
    title = gettext("Scores of the month")
    data = write_table(columns, rows, title=f"{title} {first:%Y-%m}", notes=[str(SCORE_DEFINITION), span(first, last)])
    headers = {"Content-Disposition": content_disposition_header(True, f"{title} {first:%Y-%m}.xlsx") or ""}
    return HttpResponse(data, content_type=XLSX, headers=headers)


def _tell(request: HttpRequest, made: list[Flag]) -> None:
    if made:
        messages.success(request, ngettext("%d flag proposed", "%d flags proposed", len(made)) % len(made))
    else:
        messages.info(request, gettext("No unit meets the rule in that period, or its flags are proposed already."))


def _act_note(flag: Flag, action: str) -> str:
    """What follows from the step."""
    return {
        "give": gettext("The unit is told at once."),
        "drop": gettext("Nobody hears of it, and it counts for nothing."),
        "back": _back_text(flag) if flag.colour == FlagColour.BLACK else "",
    }[action]


def _step_text(flag: Flag) -> str:
    if flag.state == FlagState.PROPOSED:
        return gettext("Nobody hears of it before it is given.")
    if flag.state == FlagState.GIVEN and flag.colour == FlagColour.BLACK:
        return _back_text(flag)
    if flag.state == FlagState.GIVEN:
        return gettext("It is held until it is handed back.")
    return ""


def _back_text(flag: Flag) -> str:
    """Whether a black flag can be handed back by the last month's score and what is late now."""
    mark = numbers_of(flag.region).get("black-back", 0)
    words = gettext("Handed back at %(score)d points with nothing late.") % {"score": mark}
    first, last = month_of(month_of(clock.today())[0] - timedelta(days=1))
    found = [one for one in unit_scores(flag.region, first, last) if one.unit.pk == flag.unit_id]
    if not found or found[0].standing.score is None:
        return words
    standing = found[0].standing
    told = gettext(" Last month: %(score)s points, %(late)d late now.") % {
        "score": points_words(standing.score or 0), "late": standing.overdue,
    }  # fmt: skip
    verdict = gettext(" It can be handed back.") if goes_back(standing, start=mark) else gettext(" Not yet.")
    return words + told + verdict


def _flag(request: HttpRequest, pk: int) -> Flag:
    found: Flag = visible_or_404(Flag.objects.select_related("unit", "region", "given_by"), request.user, pk=pk)
    return found
