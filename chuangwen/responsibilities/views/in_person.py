"""What first responsibles did in person (“一把手”工程): the units below a unit, one unit, a visit on the spot."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core import clock
from chuangwen.core.access import may, require, visible_or_404
from chuangwen.core.errors import Missing
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import kept, signed_in
from chuangwen.core.panels import panels
from chuangwen.core.templatetags.wording import day
from chuangwen.core.workbooks.writing import Cell, Column, write_table
from chuangwen.organizations.enums import UnitKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.timeline import timeline
from chuangwen.responsibilities.enums import HeadWork
from chuangwen.responsibilities.forms.in_person import VisitForm
from chuangwen.responsibilities.forms.tasks import ReasonForm
from chuangwen.responsibilities.head_acts import where
from chuangwen.responsibilities.in_person import Ask, acts_of
from chuangwen.responsibilities.levels import Period, period_from, period_of
from chuangwen.responsibilities.models import SiteVisit
from chuangwen.responsibilities.queries.in_person import NOTES, came_of, head_posts, heads_of, may_note
from chuangwen.responsibilities.queries.levels import children_of, line_of, parents_among
from chuangwen.responsibilities.queries.tasks import papers_of
from chuangwen.responsibilities.services.in_person import note_visit, withdraw_visit
from chuangwen.responsibilities.views.levels import period_words, periods_around, wanted_unit
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of

VIEW = "responsibilities.view"
QUARTER = 3
SHOWN = 200
WITH_HEAD = ~Q(kind=UnitKind.OFFICE)  # offices inside a unit have no head of their own


@signed_in(VIEW)
@require_GET
def in_person(request: HttpRequest) -> HttpResponse:
    """How many acts of each kind in a quarter: a unit and those right below it, in the order of the tree."""
    campaign = campaign_or_404(request)
    unit = wanted_unit(request, campaign)
    below = list(children_of(unit).filter(WITH_HEAD))
    if not below:
        return redirect("responsibilities:in_person_unit", unit.pk)
    period, units = _period(request), [unit, *below]
    found = acts_of(Ask(campaign, heads_of(units), period, request.user))
    titles = _titles(units)
    lines = []
    for one in units:
        numbers = Counter(source.work for source, _act in found.get(one.pk, ()))
        counts = [(work, numbers[work]) for work in HeadWork]
        lines.append({"unit": one, "title": titles.get(one.pk, ""), "counts": counts, "own": one is unit})
    if request.GET.get("format") == "xlsx":
        return _workbook(unit, period, lines)
    context = {
        "page_title": _("Led in person"),
        "page_subtitle": f"{unit} · {period_words(period)}",
        "page_actions": _acts(request),
        "breadcrumbs": _crumbs(request, unit, period),
        "unit": unit, "period": period, "months": periods_around(period), "lines": lines, "works": list(HeadWork),
        "leads": parents_among(below, kinds=WITH_HEAD),
    }  # fmt: skip
    return render(request, "responsibilities/in_person.html", context)


@signed_in(VIEW)
@require_GET
def unit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit's quarter: each act with its day, leading to where it stands."""
    campaign = campaign_or_404(request)
    unit, period = wanted_unit(request, campaign, str(pk)), _period(request)
    acts = acts_of(Ask(campaign, heads_of([unit]), period, request.user)).get(unit.pk, [])
    posts = list(head_posts([unit.pk]))
    notes = may_note(request.user, unit)
    new = {"label": _("Note a visit on the spot"), "icon": "map-pin", "primary": True,
           "url": reverse("responsibilities:new_site_visit", args=[unit.pk])}  # fmt: skip
    sections = [
        {"work": work, "acts": [pair for pair in acts if pair[0].work == work][:SHOWN]}
        for work in HeadWork
    ]  # fmt: skip
    context = {
        "page_title": _("%s: led in person") % unit,
        "page_subtitle": f"{'、'.join(post.title for post in posts)} · {period_words(period)}".strip(" ·"),
        "page_actions": [{"label": _("Print"), "print": True}, *([new] if notes and posts else [])],
        "breadcrumbs": _crumbs(request, unit, period),
        "unit": unit, "period": period, "months": periods_around(period), "sections": sections, "posts": posts,
    }  # fmt: skip
    return render(request, "responsibilities/in_person_unit.html", context)


@signed_in(*NOTES)
@require_http_methods(["GET", "POST"])
def new_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Note where the unit's first responsible went and what was found."""
    campaign = campaign_or_404(request)
    unit = wanted_unit(request, campaign, str(pk))
    if not may_note(request.user, unit):
        require(request.user, NOTES[0], unit)
    back = reverse("responsibilities:in_person_unit", args=[unit.pk])
    if not head_posts([unit.pk]).exists():
        raise Missing(
            _("%s has no first responsible yet.") % unit, _("Name the post on the unit's page first."),
            (_("Open the unit"), reverse("organizations:unit", args=[unit.pk])),
        )  # fmt: skip
    sent = request.method == "POST"
    form = VisitForm(
        request.POST if sent else None, request.FILES if sent else None, unit=unit, user=request.user,
        initial={"places": request.GET.get("place", "")},
    )  # fmt: skip
    made: list[SiteVisit] = []

    def act() -> None:
        made.append(note_visit(campaign, unit, actor=request.user, **form.cleaned_data))

    if sent and kept(form, act):
        messages.success(request, _("Noted."))
        return redirect("responsibilities:site_visit", made[0].pk)
    title = _("Note a visit on the spot")
    context = {
        "page_title": title, "page_subtitle": str(unit), "form": form, "submit": _("Note it"), "cancel_url": back,
        "breadcrumbs": [*_crumbs(request, unit, _period(request), leads=True), {"label": title}], "multipart": True,
    }  # fmt: skip
    return render(request, "responsibilities/form.html", context, status=422 if form.errors else 200)


@signed_in(VIEW)
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit: where, what was found, what came of it. Taken back by a reason where it was entered by mistake."""
    rows = SiteVisit.objects.select_related("unit", "post", "region", "campaign").prefetch_related("places")
    found: SiteVisit = visible_or_404(rows, request.user, pk=pk)
    notes = found.withdrawn_at is None and may_note(request.user, found.unit)
    form = ReasonForm(request.POST or None) if notes else None
    if request.method == "POST":
        if form is None:
            require(request.user, NOTES[0], found.unit)
        elif kept(form, lambda: withdraw_visit(found, reason=form.cleaned_data["reason"], actor=request.user)):
            messages.success(request, _("Taken back; it is counted no longer."))
            return redirect("responsibilities:in_person_unit", found.unit_id)
    period = period_of(found.day, QUARTER)
    title = pgettext("in person", "Visit on the spot")
    facts = [
        {"label": _("Day"), "value": day(found.day)},
        {"label": _("Post"), "value": found.seen_as},
        {"label": pgettext("visit", "Where"), "value": where(found)},
        {"label": _("Number"), "value": found.number},
    ]
    context = {
        "page_title": title, "page_subtitle": f"{found.unit} · {day(found.day)}", "visit": found, "facts": facts,
        "breadcrumbs": [*_crumbs(request, found.unit, period, leads=True), {"label": title}],
        "papers": papers_of([found]).get(found.pk, []), "form": form, "panels": panels("site-visit", request, found),
        "instructions": list(came_of(found, request.user)),
        "may_instruct": found.withdrawn_at is None and may(request.user, "responsibilities.instruct"),
        "entries": timeline(list(history_of(found)), _said),
    }  # fmt: skip
    return render(request, "responsibilities/site_visit.html", context, status=422 if form and form.errors else 200)


def _said(step: Step) -> dict[str, Any]:
    if step.action == "withdraw":
        return {"what": pgettext("visit", "Taken back"), "icon": "arrow-back-up"}
    return {"what": pgettext("visit", "Noted"), "icon": "map-pin"}


def _period(request: HttpRequest) -> Period:
    """The quarter that the address names; else the one that runs."""
    return period_from(request.GET.get("period", ""), QUARTER) or period_of(clock.today(), QUARTER)


def _titles(units: list[Unit]) -> dict[int, str]:
    """What the post of each unit's first responsible is called: one query."""
    found: dict[int, str] = {}
    for unit, title in head_posts(one.pk for one in units).values_list("unit_id", "title"):
        found.setdefault(unit, title)
    return found


def _workbook(unit: Unit, period: Period, lines: list[dict[str, Any]]) -> HttpResponse:
    columns = [Column("unit", _("Unit"), width=24), Column("post", _("Post"), width=20)]
    columns += [Column(str(work), str(work.label), kind="number") for work in HeadWork]
    table: list[list[Cell]] = [
        [str(line["unit"]), line["title"], *(number for _work, number in line["counts"])] for line in lines
    ]
    title = _("%(unit)s: led in person, %(period)s") % {"unit": unit, "period": period_words(period)}
    return file_response(write_table(columns, table, title=title), f"{title}.xlsx")


def _acts(request: HttpRequest) -> list[dict[str, Any]]:
    query = request.GET.copy()
    query["format"] = "xlsx"
    return [{"label": _("Print"), "print": True},
            {"label": _("Export Excel"), "icon": "download", "url": f"?{query.urlencode()}"}]  # fmt: skip


def _crumbs(request: HttpRequest, unit: Unit, period: Period, *, leads: bool = False) -> list[dict[str, str]]:
    """The way down from the first unit that the person sees, ending with the unit."""
    page = reverse("responsibilities:in_person")
    above = [one for one in line_of(unit, request.user) if 1 < one.depth < unit.depth]
    crumbs = [{"label": _("Led in person"), "url": page}]
    crumbs += [{"label": str(one), "url": f"{page}?unit={one.pk}&period={period.key}"} for one in above]
    own = reverse("responsibilities:in_person_unit", args=[unit.pk])
    return [*crumbs, {"label": str(unit), "url": f"{own}?period={period.key}" if leads else ""}]
