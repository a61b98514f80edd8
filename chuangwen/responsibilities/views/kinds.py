"""How each kind of organization keeps its duties (各自督查): the kinds that a person checks, and one of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.workbooks.writing import Cell, Column, write_table
from chuangwen.responsibilities.enums import DutyKeeping
from chuangwen.responsibilities.models import KindLead, Task
from chuangwen.responsibilities.queries.kinds import (
    ANSWER,
    UnitLine,
    kept_by_kind,
    late_numbers,
    leads_of,
    reported_tasks,
)
from chuangwen.responsibilities.services.kinds import remind_kind
from chuangwen.responsibilities.words import schedule_words

VIEW = "responsibilities.view"
SHOWN = 200
SHAPES = {
    DutyKeeping.KEPT: "met", DutyKeeping.LATE: "not-met", DutyKeeping.NEVER: "open", DutyKeeping.AHEAD: "assigned",
}  # fmt: skip


@signed_in(VIEW)
@require_GET
def kind_checks(request: HttpRequest) -> HttpResponse:
    """The kinds that the person sees; who has one alone is led to it."""
    leads = list(leads_of(request.user)[:SHOWN])
    if len(leads) == 1 and not may(request.user, "responsibilities.edit"):
        return redirect("responsibilities:kind_check", leads[0].pk)
    late = late_numbers(leads)
    context = {
        "page_title": _("Duties by kind of organization"), "page_actions": _leading(request),
        "breadcrumbs": [_duties(), {"label": _("Duties by kind of organization")}],
        "lines": [(one, late[one.pk]) for one in leads], "may_lay_out": may(request.user, ANSWER),
    }  # fmt: skip
    return render(request, "responsibilities/kind_checks.html", context)


@signed_in(VIEW)
@require_GET
def kind_check(request: HttpRequest, pk: int) -> HttpResponse:
    """One kind within a unit: what each organization kept, showed late or never, in the order of the tree."""
    campaign = campaign_or_404(request)
    lead = _lead(request, pk)
    lines = kept_by_kind(lead, campaign)
    title = _("%(unit)s: duties of %(kind)s") % {"unit": lead.unit, "kind": lead.get_org_kind_display()}
    if request.GET.get("format") == "xlsx":
        return _workbook(title, lines)
    visible, single = Task.objects.visible_to(request.user), _single(lines)
    owed = [one for one in single if one["owed"]]
    acts = may(request.user, ANSWER, lead)
    context = {
        "page_title": title, "page_subtitle": _("Checked by %s") % lead.lead,
        "page_actions": [{"label": _("Print"), "print": True},
                         {"label": _("Export Excel"), "icon": "download", "url": "?format=xlsx"},
                         *_leading(request, primary=not (owed and acts))],
        "breadcrumbs": [_duties(), {"label": _("Duties by kind of organization"),
                                    "url": reverse("responsibilities:kind_checks")}, {"label": title}],
        "lead": lead, "kinds": _others(request, lead), "keepings": list(DutyKeeping), "figures": _figures(lines),
        "lines": lines, "owed": owed, "single": single,
        "seen": set(visible.filter(pk__in=[one["task"] for one in single]).values_list("pk", flat=True)),
        "reported": list(reported_tasks(lead, campaign).filter(pk__in=visible.values("pk"))[:SHOWN]),
        "may_remind": acts, "now": clock.now(),
    }  # fmt: skip
    return render(request, "responsibilities/kind_check.html", context)


@signed_in(ANSWER)
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind all units of the kind of what is late."""
    lead = _lead(request, pk, ANSWER)

    def said(number: int) -> str:
        return ngettext("Reminded of %d late duty.", "Reminded of %d late duties.", number) % number

    page = reverse("responsibilities:kind_check", args=[lead.pk])
    return attempt(request, lambda: remind_kind(lead, actor=request.user), done=page, said=said)


def _lead(request: HttpRequest, pk: int, permission: str = "") -> KindLead:
    found: KindLead = visible_or_404(
        KindLead.objects.select_related("unit", "lead", "region"), request.user, permission, pk=pk
    )
    return found


def _others(request: HttpRequest, lead: KindLead) -> list[dict[str, Any]]:
    """Tabs of the kinds of the same unit that the person sees."""
    rows = leads_of(request.user).filter(unit=lead.unit_id)
    return [
        {"label": one.get_org_kind_display(), "url": reverse("responsibilities:kind_check", args=[one.pk]),
         "count": None, "current": one.pk == lead.pk}
        for one in rows
    ]  # fmt: skip


def _figures(lines: list[UnitLine]) -> list[dict[str, Any]]:
    """How many duties of the kind stand how."""
    tones = {DutyKeeping.LATE: "bad", DutyKeeping.NEVER: "bad"}
    found = []
    for one in DutyKeeping:
        number = sum(line.number(one) for line in lines)
        found.append({"label": one.label, "value": number, "tone": tones.get(one, "") if number else "", "unit": ""})
    return found


def _single(lines: list[UnitLine]) -> list[dict[str, Any]]:
    """Each duty with the task that tells how it is kept, unit by unit."""
    return [
        {"unit": line.unit, "duty": one.duty, "due_at": one.due_at, "shape": SHAPES[one.keeping],
         "word": one.keeping.label, "often": schedule_words(one.duty.plan),
         "task": one.task_id, "due": one.due, "in_time": one.in_time,
         "owed": one.keeping in {DutyKeeping.LATE, DutyKeeping.NEVER}}
        for line in lines for one in line.lines
    ]  # fmt: skip


def _workbook(title: str, lines: list[UnitLine]) -> HttpResponse:
    columns = [
        Column("unit", _("Unit"), width=24), Column("duty", _("Recurring duty"), width=34),
        Column("often", _("How often"), width=20), Column("keeping", _("State")),
        Column("due", _("Dates so far"), kind="number"), Column("in_time", _("In time"), kind="number"),
    ]  # fmt: skip
    table: list[list[Cell]] = [
        [str(line.unit), one.duty.title, schedule_words(one.duty.plan), str(one.keeping.label), one.due, one.in_time]
        for line in lines
        for one in line.lines
    ]
    return file_response(write_table(columns, table, title=title), f"{title}.xlsx")


def _leading(request: HttpRequest, *, primary: bool = True) -> list[dict[str, Any]]:
    """Where templates stand, and how duties are laid out."""
    actions: list[dict[str, Any]] = [
        {"label": _("Duty templates"), "icon": "list-check", "url": reverse("responsibilities:duty_templates")}
    ]
    if may(request.user, ANSWER):
        url = reverse("responsibilities:lay_out")
        actions.append({"label": _("Lay out duties"), "icon": "sitemap", "url": url, "primary": primary})
    return actions


def _duties() -> dict[str, str]:
    return {"label": _("Recurring duties"), "url": reverse("responsibilities:duties")}
