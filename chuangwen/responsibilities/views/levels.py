"""Marks from level to level (逐级考核): the units below a unit, what their numbers open, and one unit's mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import may, require, visible_or_404
from chuangwen.core.errors import Missing, Refusal
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags import wording
from chuangwen.core.workbooks.writing import Cell, Column, write_table
from chuangwen.organizations.models import Unit
from chuangwen.organizations.timeline import timeline
from chuangwen.responsibilities import services
from chuangwen.responsibilities.forms.levels import AnswerForm, JudgeForm, LevelRuleForm, StayForm
from chuangwen.responsibilities.levels import Fact, Period, facts, period_from
from chuangwen.responsibilities.models import Book, LevelMark, LevelState, Verdict
from chuangwen.responsibilities.queries.levels import (
    answer_until,
    children_of,
    is_judged,
    judges,
    level_rule,
    line_of,
    marks_of,
    open_period,
    own_counts,
    parents_among,
    seen_unit,
    sums_below,
    verdict_sums,
)
from chuangwen.responsibilities.queries.tasks import papers_of
from chuangwen.responsibilities.workflow import LEVEL_WORKFLOW
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import StaleState

VIEW, EDIT = "responsibilities.view", "responsibilities.edit"
FORM_TITLES = {
    "judge": gettext_lazy("Our judgement"), "change": gettext_lazy("Judge anew"),
    "stay": gettext_lazy("Let it stand"), "answer": gettext_lazy("Answer"),
}  # fmt: skip
SHOWN = 200  # rows behind a number
SHAPES = {
    LevelState.OPEN: "open", LevelState.JUDGED: "assigned", LevelState.AGREED: "closed",
    LevelState.OBJECTED: "disputed", LevelState.STAYS: "closed",
}  # fmt: skip


@signed_in(VIEW)
@require_GET
def levels(request: HttpRequest) -> HttpResponse:
    """How the units right below a unit did in a period, each with all below it."""
    campaign = campaign_or_404(request)
    unit = wanted_unit(request, campaign)
    period = _period(request, campaign)
    children = list(children_of(unit))
    marks = marks_of(campaign, request.user, period)
    own = marks.get(unit.pk)
    lines = [one for one in _lines(request, campaign, period, children, marks) if one["mark"] or any(one["counts"])]
    if request.GET.get("format") == "xlsx":
        return _workbook(unit, period, lines)
    context = {
        "page_title": _("Assessment level by level"),
        "page_subtitle": f"{unit} · {period_words(period)}",
        "page_actions": _acts(request, bool(lines)),
        "breadcrumbs": _crumbs(unit, period, request),
        "unit": unit, "own": own, "own_shape": SHAPES[LevelState(own.state)] if own else "",
        "period": period, "lines": lines, **_columns(lines), "without": len(children) - len(lines),
        "months": periods_around(period),
        "running": period.last >= clock.today(), "now": clock.now(),
        "sums": [(Verdict(verdict).label, number) for verdict, number in verdict_sums(campaign, unit, period)],
    }  # fmt: skip
    return render(request, "responsibilities/levels.html", context)


@signed_in(VIEW)
@require_GET
def rows(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The matters behind a number: those of the unit and of all below it."""
    campaign = campaign_or_404(request)
    unit = wanted_unit(request, campaign, str(pk))
    period = _period(request, campaign)
    fact = next((one for one in facts() if one.key == key), None)
    if fact is None:
        raise Missing(_("Nothing is counted under this name."), _("Choose a number in the table."))
    found = fact.rows(campaign, *period.moments).visible_to(request.user)  # type: ignore[attr-defined]
    found = found.filter(**{f"{fact.unit}__in": Unit.objects.filter(path__startswith=unit.path).values("pk")})
    shown = list(found.distinct().select_related(fact.unit).order_by("pk")[: SHOWN + 1])
    way = fact.unit.split("__")
    context = {
        "page_title": fact.label,
        "page_subtitle": f"{unit} · {period_words(period)}",
        "breadcrumbs": [*_crumbs(unit, period, request, leads=True), {"label": fact.label, "url": ""}],
        "lines": [(_through(one, way), fact.line(one)) for one in shown[:SHOWN]],
        "cut": len(shown) > SHOWN, "limit": SHOWN,
    }  # fmt: skip
    return render(request, "responsibilities/level_rows.html", context)


@signed_in(VIEW)
@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit's period: what was counted, what the unit above says, what the unit answers."""
    found: LevelMark = visible_or_404(
        LevelMark.objects.select_related("judge", "unit", "region", "campaign"), request.user, pk=pk
    )
    kind, form = _form(request, found)
    if request.method == "POST":
        if request.POST.get("act", kind) != kind:  # the page was opened before somebody else spoke
            raise StaleState(found)
        if form is None:
            raise Refusal(_("Nothing is to be said here now."), _("Look at the state of the judgement."))
        if form.is_valid():
            try:
                _act(found, kind, form.cleaned_data, request)
            except Refusal as refusal:
                found.refresh_from_db()
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Kept."))
                return redirect("responsibilities:level_mark", found.pk)
    period = Period(found.first, found.months)
    context = {
        "page_title": str(found.unit),
        "page_subtitle": _("%(period)s, judged by %(unit)s") % {"period": period_words(period), "unit": found.judge},
        "breadcrumbs": [*_crumbs(found.judge, period, request, leads=True), {"label": str(found.unit), "url": ""}],
        "page_actions": [{"label": _("Print"), "print": True}],
        "mark": found, "shape": SHAPES[LevelState(found.state)], "ledgers": _ledgers_of(found, period),
        "kind": kind, "form": form, "title": FORM_TITLES.get(kind, ""), "until": answer_until(found),
        "too_late": found.closes_on < clock.today(),
        "may_enter": kind == "judge" and found.state == LevelState.JUDGED and may(request.user, EDIT, found),
        "papers": papers_of([found]).get(found.pk, []),
        "stay": StayForm(auto_id="stay_%s") if kind == "change" else None,
        "entries": timeline(list(history_of(found)), _said_then),
    }  # fmt: skip
    return render(request, "responsibilities/level_mark.html", context, status=422 if form and form.errors else 200)


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest) -> HttpResponse:
    """The rhythm of marks and their days."""
    campaign = campaign_or_404(request)
    require(request.user, EDIT, campaign)
    kept = level_rule(campaign.region)
    initial = {name: getattr(kept, name) for name in ("months", "days", "objection_days", "source")}
    form = LevelRuleForm(request.POST or None, initial=initial)
    back = reverse("responsibilities:levels")
    if request.method == "POST" and form.is_valid():
        services.set_level_rule(campaign.region, form.rule, actor=request.user)
        messages.success(request, _("Saved."))
        return redirect(back)
    title = _("How often units are judged")
    context = {
        "page_title": title, "form": form, "submit": _("Save the rule"), "cancel_url": back,
        "breadcrumbs": [{"label": _("Assessment level by level"), "url": back}, {"label": title, "url": ""}],
    }  # fmt: skip
    return render(request, "responsibilities/form.html", context, status=422 if form.errors else 200)


def period_words(period: Period) -> str:
    """As people say it: October 2026; the fourth quarter of 2026."""
    if period.months == 1:
        return wording.month(period.first)
    return _("Quarter %(n)d of %(year)d") % {"n": (period.first.month + 2) // 3, "year": period.first.year}


def wanted_unit(request: HttpRequest, campaign: Campaign, wanted: str = "") -> Unit:
    """The unit that is asked for, by its key or in the address, else the person's first one."""
    unit = seen_unit(request.user, campaign, wanted or request.GET.get("unit", ""))
    if unit is None:
        raise Missing(_("This unit is none of yours."), _("Open the page without a unit."))
    return unit


def _period(request: HttpRequest, campaign: Campaign) -> Period:
    """The period that the address names; else the last one that is over."""
    months = level_rule(campaign.region).months
    return period_from(request.GET.get("period", ""), months) or open_period(campaign.region).before


def periods_around(period: Period) -> list[tuple[str, str, bool]]:
    """Key, words and whether it is shown: of the period before, this one and the next, as far as one has begun."""
    several = (period.before, period, period.after)
    return [(one.key, period_words(one), one == period) for one in several if one.first <= clock.today()]


def _lines(
    request: HttpRequest, campaign: Campaign, period: Period, children: list[Unit], marks: Mapping[int, LevelMark]
) -> list[dict[str, Any]]:
    """A line a unit: its numbers, frozen once the period is over, its judgement where the person reads it."""
    kept = dict(LevelMark.objects.filter(campaign=campaign, first=period.first, months=period.months,
                                         unit__in=children).values_list("unit", "facts"))  # fmt: skip
    live: Mapping[int, Mapping[str, int]] = {}
    if not kept:
        paths = [child.path for child in children]
        live = sums_below(children, own_counts(campaign, period, paths)) if paths else {}
    below = parents_among(children)
    found = []
    for child in children:
        counts = [kept.get(child.pk, live.get(child.pk, {})).get(fact.key, 0) for fact in facts()]
        mark = marks.get(child.pk)
        found.append({
            "unit": child, "mark": mark, "leads": child.pk in below, "counts": counts,
            "numbers": list(zip(facts(), counts, strict=True)),
            "shape": SHAPES[LevelState(mark.state)] if mark else "",
            "judges": mark is not None and judges(request.user, mark) and clock.today() <= mark.closes_on,
        })  # fmt: skip
    return found


def _columns(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The table's columns: the campaign's, and beside them the own work's where any unit had some; each line's too."""
    shows_own = any(number for line in lines for fact, number in line["numbers"] if fact.is_own_work)
    for line in lines:
        line["numbers"] = [pair for pair in line["numbers"] if shows_own or not pair[0].is_own_work]
    shown = [fact for fact in facts() if shows_own or not fact.is_own_work]
    own = sum(fact.is_own_work for fact in shown)
    return {"facts": shown, "own_columns": own, "campaign_columns": len(shown) - own}


def _workbook(unit: Unit, period: Period, lines: list[dict[str, Any]]) -> HttpResponse:
    columns = [Column("unit", _("Unit"), width=24)]
    columns += [
        Column(fact.key, f"{Book.BUSINESS.label}·{fact.label}" if fact.is_own_work else str(fact.label), kind="number")
        for fact in facts()
    ]
    columns += [Column("verdict", _("Judgement")), Column("points", _("Points"), kind="number"),
                Column("reason", _("Reason"), width=40), Column("state", _("State"))]  # fmt: skip
    table: list[list[Cell]] = []
    for line in lines:
        found: LevelMark | None = line["mark"]
        said: list[Cell] = ["", None, "", ""]
        if found is not None:
            said = [str(found.get_verdict_display()), found.points, found.reason, str(found.get_state_display())]
        table.append([str(line["unit"]), *(number for _fact, number in line["numbers"]), *said])
    title = _("%(unit)s: assessment of the units below, %(period)s") % {"unit": unit, "period": period_words(period)}
    return file_response(write_table(columns, table, title=title), f"{title}.xlsx")


def _form(request: HttpRequest, found: LevelMark) -> tuple[str, Any]:
    """What the person may say now, and the form for it: judge, change (or stay), answer, or nothing."""
    act = request.POST.get("act") or request.GET.get("act", "")
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if judges(request.user, found):
        if found.state == LevelState.OBJECTED:
            changes = act != "stay"
            return ("change", JudgeForm(data, files, initial=_said(found))) if changes else ("stay", StayForm(data))
        is_open = found.state in {LevelState.OPEN, LevelState.JUDGED} and clock.today() <= found.closes_on
        if is_open and act != "answer":
            return "judge", JudgeForm(data, files, initial=_said(found))
    speaks = is_judged(request.user, found)
    on_paper = found.judge.depth == 1 and may(request.user, EDIT, found)
    if found.state == LevelState.JUDGED and (speaks or on_paper):
        return "answer", AnswerForm(data, files, speaks=speaks)
    return "", None


def _said(found: LevelMark) -> dict[str, Any]:
    return {"verdict": found.verdict, "points": found.points, "reason": found.reason}


def _act(found: LevelMark, kind: str, data: dict[str, Any], request: HttpRequest) -> None:
    if kind in {"judge", "change"}:
        services.judge_unit(found, actor=request.user, **data)
    elif kind == "stay":
        services.keep_mark(found, reason=data["reason"], actor=request.user)
    elif data.pop("answer") == "object":
        services.object_to_mark(found, actor=request.user, **data)
    else:
        data.pop("reason")
        services.agree_to_mark(found, actor=request.user, **data)


def _ledgers_of(found: LevelMark, period: Period) -> list[dict[str, Any]]:
    """What was counted, the campaign's and the own work side by side, each with its own sum of tasks that were due."""
    ledgers = []
    for book in Book:
        own = book == Book.BUSINESS
        rows = [
            {"label": fact.label, "value": found.facts.get(fact.key, 0), "url": _rows_url(found.unit_id, fact, period)}
            for fact in facts()
            if fact.is_own_work == own
        ]
        due = sum(found.facts.get(f"own_{key}" if own else key, 0) for key in ("in_time", "late"))
        if not own or any(row["value"] for row in rows):
            ledgers.append({"label": book.label, "facts": rows, "due": due})
    return ledgers


def _rows_url(unit: int, fact: Fact, period: Period) -> str:
    return f"{reverse('responsibilities:level_rows', args=[unit, fact.key])}?period={period.key}"


def _said_then(step: Step) -> dict[str, Any]:
    known = LEVEL_WORKFLOW.get(step.action)
    return {"what": known.done if known else _("Paper added"), "icon": known.icon if known else "paperclip"}


def _through(row: Any, way: list[str]) -> Any:
    for part in way:
        row = getattr(row, part)
    return row


def _acts(request: HttpRequest, filled: bool) -> list[dict[str, Any]]:
    acts: list[dict[str, Any]] = []
    if may(request.user, EDIT):
        acts.append(
            {
                "label": _("How often units are judged"),
                "icon": "settings",
                "url": reverse("responsibilities:level_rule"),
            }
        )
    if filled:
        query = request.GET.copy()
        query["format"] = "xlsx"
        acts += [{"label": _("Print"), "print": True},
                 {"label": _("Export Excel"), "icon": "download", "url": f"?{query.urlencode()}"}]  # fmt: skip
    return acts


def _crumbs(unit: Unit, period: Period, request: HttpRequest, *, leads: bool = False) -> list[dict[str, str]]:
    """The way down from the first unit that the person sees."""
    page = reverse("responsibilities:levels")
    line = line_of(unit, request.user)
    crumbs = [{"label": str(one), "url": f"{page}?unit={one.pk}&period={period.key}"} for one in line]
    if crumbs and not leads:
        crumbs[-1]["url"] = ""
    return crumbs
