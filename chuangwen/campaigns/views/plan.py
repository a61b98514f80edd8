"""The back plan: seen, edited, and moved with the assessment date after a preview."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.campaigns.chart import Chart, Item, chart_of
from chuangwen.campaigns.forms import MilestoneForm, ShiftForm
from chuangwen.campaigns.models import Campaign, CampaignState, Milestone, RoundState
from chuangwen.campaigns.queries import PlanLine, plan_lines, preview_shift, rounds_of
from chuangwen.campaigns.services import (
    add_milestone,
    edit_milestone,
    fill_back_plan,
    finish_milestone,
    remove_milestone,
    reopen_milestone,
    shift_assessment,
)
from chuangwen.campaigns.shifting import Shift
from chuangwen.campaigns.views.pages import EDIT, attempt, campaign_of, crumbs
from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.jobs import start_job
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import day, span
from chuangwen.core.workbooks.writing import Cell, Column, write_table
from chuangwen.core.workdays import default_calendar

SHOWN_MOVES = 100  # lines of one kind in the preview; the whole is a workbook
OPEN_MOVES = 8  # as many lines of a kind stand open
DIRECT_MOVES = 300  # above it the dates are moved by a job


@signed_in("campaigns.view")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The back plan; with `?to=` what a new assessment date would move. A POST moves it."""
    moving = request.method == "POST"
    campaign = campaign_of(request, pk, EDIT if moving else "")
    given = request.POST if moving else request.GET if "to" in request.GET else None
    form = ShiftForm(given, initial={"to": campaign.assessment_on})
    shift = None
    if form.is_bound and form.is_valid():
        new = form.cleaned_data["to"]
        if moving:
            expected = form.cleaned_data["expected"] or campaign.assessment_on
            done = attempt(form, lambda: _shift(request, campaign, new, expected, form.cleaned_data["note"]))
            if done:
                return done
        else:
            shift = attempt(form, lambda: preview_shift(campaign, new))
    if shift and request.GET.get("format") == "xlsx":
        return _shift_workbook(campaign, shift)
    context = _context(request, campaign) | {"shift_form": form, "shift": shift}
    if shift:
        context |= _preview(campaign, shift)
    return render(request, "campaigns/plan.html", context, status=422 if form.errors else 200)


def _preview(campaign: Campaign, shift: Shift) -> dict[str, Any]:
    """What moves by its kind, few of one kind at once, many folded; a kind's first lines, the rest as a workbook."""
    groups = [
        {
            "kind": one.kind, "moving": len(one.moves), "staying": len(one.stays),
            "moves": one.moves[:SHOWN_MOVES], "stays": one.stays[:SHOWN_MOVES],
            "is_cut": max(len(one.moves), len(one.stays)) > SHOWN_MOVES,
            "is_open": len(one.moves) + len(one.stays) <= OPEN_MOVES,
        }
        for one in shift.groups
    ]  # fmt: skip
    today = clock.today()
    title = _preview_words(shift)
    return {
        "groups": groups, "past": shift.past(today), "today": today, "limit": SHOWN_MOVES, "page_title": title,
        "breadcrumbs": crumbs(campaign, (_("Back plan"), _address(campaign)), (title, "")),
    }  # fmt: skip


def _preview_words(shift: Shift) -> str:
    return _("From %(old)s to %(new)s: what moves") % {"old": day(shift.old), "new": day(shift.new)}


def _shift(request: HttpRequest, campaign: Campaign, new: date, expected: date, note: str) -> HttpResponse:
    """Move it at once, or as a job where so much hangs on it that nobody should wait."""
    if campaign.assessment_on == expected:
        moves = len(preview_shift(campaign, new).moves)
        if moves > DIRECT_MOVES:
            params = {"campaign": campaign.pk, "to": new.isoformat(), "expected": expected.isoformat(), "note": note}
            title = _("Move the assessment to %s") % day(new)
            params |= {"moves": moves}
            back = _address(campaign)
            job = start_job("shift_assessment", owner=request.user, title=title, params=params, back=back)
            return redirect("core:job", job.uid)
    shift_assessment(campaign, new, expected=expected, actor=request.user, note=note)
    messages.success(request, _("The assessment is now on %s.") % day(new))
    return redirect(_address(campaign))


def _shift_workbook(campaign: Campaign, shift: Shift) -> HttpResponse:
    """All that moves and all that stays, for who wants to look at more than the first lines."""
    columns = [
        Column("kind", _("Kind of date")), Column("name", _("What"), width=40),
        Column("old", _("Present date"), kind="date"), Column("new", _("New date"), kind="date"),
        Column("why", _("Why it stays")),
    ]  # fmt: skip
    rows: list[list[Cell]] = [[str(one.kind), one.name, one.old, one.new, ""] for one in shift.moves]
    rows += [[str(one.kind), one.name, one.day, None, str(one.why)] for one in shift.stays]
    words = _preview_words(shift)
    title = f"{campaign.name} {words}"
    return file_response(write_table(columns, rows, title=title), f"{words}.xlsx")


def _address(campaign: Campaign) -> str:
    return reverse("campaigns:plan", args=[campaign.pk])


def _context(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    lines = plan_lines(campaign)
    today = clock.today()
    edits = may(request.user, EDIT, campaign) and campaign.state != CampaignState.ENDED
    return {
        "object": campaign,
        "lines": lines,
        "chart": _chart(campaign, lines),
        "uncertain": not all(default_calendar().certain(year) for year in {today.year, campaign.assessment_on.year}),
        "page_title": _("Back plan"),
        "page_subtitle": _("%(name)s, assessment on %(day)s")
        % {"name": campaign.name, "day": day(campaign.assessment_on)},
        "page_actions": [{"label": _("Print"), "print": True}],
        "breadcrumbs": crumbs(campaign, (_("Back plan"), "")),
        "may_edit": edits,
        "now": clock.now(),
    }


def _chart(campaign: Campaign, lines: list[PlanLine]) -> Chart:
    """Rounds as bars with the milestone that belongs to them; all other milestones as points."""
    rounds = [one for one in rounds_of(campaign) if one.state != RoundState.CANCELLED]
    marks: dict[int, PlanLine] = {}
    for line in lines:
        if line.milestone.round_id is not None:
            marks.setdefault(line.milestone.round_id, line)
    own = {marks[one.pk].milestone.pk for one in rounds if one.pk in marks}
    items = [
        Item(one.name, one.due_on, one.due_on, line.state, day(one.due_on))
        for line in lines
        if (one := line.milestone).pk not in own
    ]
    items += [
        Item(
            one.name, one.starts, one.ends, one.state, span(one.starts, one.ends), is_round=True,
            mark=marks[one.pk].milestone.due_on if one.pk in marks else None,
        )
        for one in rounds
    ]  # fmt: skip
    return chart_of(items, today=clock.today(), assessment=campaign.assessment_on)


@signed_in(EDIT)
@require_POST
def fill(request: HttpRequest, pk: int) -> HttpResponse:
    """The default plan for a campaign that has none."""
    campaign = campaign_of(request, pk, EDIT)
    fill_back_plan(campaign, actor=request.user)
    return redirect(_address(campaign))


@signed_in(EDIT)
def milestone_new(request: HttpRequest, pk: int) -> HttpResponse:
    """One more milestone."""
    campaign = campaign_of(request, pk, EDIT)
    form = MilestoneForm(request.POST if request.method == "POST" else None, campaign=campaign)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: add_milestone(campaign, actor=request.user, **form.cleaned_data))
        if made:
            return redirect(_address(campaign))
    return _milestone_page(request, campaign, form, _("Add a milestone"))


@signed_in(EDIT)
def milestone_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a milestone's name and day."""
    row = _milestone(request, pk)
    there: dict[str, Any] = {"name": row.name, "round_": row.round, "offset_workdays": row.offset_workdays}
    there |= {"due_on": row.due_on} if row.pinned or row.offset_workdays is None else {}
    form = MilestoneForm(request.POST if request.method == "POST" else None, campaign=row.campaign, initial=there)
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, lambda: edit_milestone(row, actor=request.user, **form.cleaned_data))
        if saved:
            messages.success(request, _("Saved: %s") % row.name)
            return redirect(_address(row.campaign))
    return _milestone_page(request, row.campaign, form, row.name, row)


@signed_in(EDIT)
@require_POST
def milestone_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Done, not done after all, or out of the plan."""
    row = _milestone(request, pk)
    campaign, name, act = row.campaign, row.name, request.POST.get("act", "")
    if act == "remove":
        remove_milestone(row, actor=request.user)
        messages.success(request, _("Taken out of the plan: %s") % name)
    elif act == "reopen":
        reopen_milestone(row, actor=request.user)
    else:
        finish_milestone(row, actor=request.user)
        messages.success(request, _("Done: %s") % name)
    return redirect(_address(campaign))


def _milestone(request: HttpRequest, pk: int) -> Milestone:
    found: Milestone = visible_or_404(
        Milestone.objects.select_related("campaign__region", "round"), request.user, EDIT, pk=pk
    )
    return found


def _milestone_page(
    request: HttpRequest, campaign: Campaign, form: MilestoneForm, title: str, row: Milestone | None = None
) -> HttpResponse:
    context = {
        "form": form, "page_title": title, "object": campaign, "milestone": row, "back": _address(campaign),
        "breadcrumbs": crumbs(campaign, (_("Back plan"), _address(campaign)), (title, "")),
    }  # fmt: skip
    return render(request, "campaigns/milestone.html", context, status=422 if form.errors else 200)
