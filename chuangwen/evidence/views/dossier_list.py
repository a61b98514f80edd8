"""The ledger as a list: mine first, then by what is missing and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.campaigns.context import current_campaign
from chuangwen.core import clock
from chuangwen.core.access import may, scope_of
from chuangwen.core.lists import BulkAction, Column, Filter, Listing, ListPage, Tab, pick_filter, two_lines
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, deadline
from chuangwen.evidence.drawing import fullness_html, month_words, months_html
from chuangwen.evidence.enums import WITH_THE_UNIT, DossierState
from chuangwen.evidence.forms import DueForm
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import (
    INCOMPLETE,
    WITH_UNIT,
    conclusion_for,
    dossiers_of,
    due_this_week,
    late,
    waiting_for,
)
from chuangwen.evidence.services import approve_dossier, move_due, remind_unit, submit_dossier
from chuangwen.evidence.workflow import APPROVE, EDIT, GIVE, REVIEW
from chuangwen.organizations.models import Unit
from chuangwen.standards.models import Node

SHAPES = {
    DossierState.OPEN: "open",
    DossierState.RETURNED: "returned",
    DossierState.SUBMITTED: "assigned",
    DossierState.ACCEPTED: "fixed",
    DossierState.APPROVED: "closed",
}


def dossier_state(dossier: Dossier) -> SafeString:
    """The state as it stands everywhere; a graded one with its grade."""
    word = str(dossier.get_state_display())
    return state(SHAPES[DossierState(dossier.state)], word)


def grade_words(dossier: Dossier) -> str:
    """B, 90%, 12, or nothing."""
    if dossier.grade:
        return dossier.grade
    return "" if dossier.value is None else f"{dossier.value:g}"


def _address(dossier: Any) -> str:
    return reverse("evidence:dossier", args=[dossier.pk])


def _due(dossier: Any) -> str | SafeString:
    return deadline(dossier.due_on) if dossier.state in WITH_THE_UNIT else day(dossier.due_on)


def _sections(request: HttpRequest) -> Iterable[tuple[str, str]]:
    campaign = current_campaign(request)
    if campaign is None:
        return []
    tops = Node.objects.filter(version__in=campaign.standards.values("version"), depth=1)
    return [(str(node.pk), f"{node.code} {node.title}") for node in tops.order_by("version", "position")]


def in_section(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Dossiers under one top node; a standard is at most four levels deep below it."""
    wanted = Q()
    for up in range(5):
        wanted |= Q(**{"__".join(["node"] + ["parent"] * up): int(value)})
    return rows.filter(wanted)


def _standards(request: HttpRequest) -> Iterable[tuple[str, str]]:
    campaign = current_campaign(request)
    rows = campaign.standards.select_related("version") if campaign else []
    return [(str(one.version_id), str(one.version)) for one in rows]


def _years(request: HttpRequest) -> Iterable[tuple[str, str]]:
    campaign = current_campaign(request)
    return [(str(y), str(y)) for y in range(campaign.starts.year, campaign.ends.year + 1)] if campaign else []


def _of_unit(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """The unit's own and those of the units below it."""
    top = Unit.objects.filter(pk=int(value)).first()
    return rows.filter(unit__path__startswith=top.path) if top else rows.none()


def _remind(dossier: Dossier, *, actor: Any, data: dict[str, Any]) -> None:
    remind_unit(dossier, actor=actor)


def _move_due(dossier: Dossier, *, actor: Any, data: dict[str, Any]) -> None:
    move_due(dossier, due_on=data["due_on"], reason=data["reason"], actor=actor)


def _hand_in(dossier: Dossier, *, actor: Any, data: dict[str, Any]) -> None:
    submit_dossier(dossier, conclusion=conclusion_for(dossier), actor=actor)


def _approve(dossier: Dossier, *, actor: Any, data: dict[str, Any]) -> None:
    approve_dossier(dossier, revision=dossier.revision, actor=actor)


class DossierList(ListPage):
    name = "dossiers"
    title = gettext_lazy("Ledger")
    noun = gettext_lazy("dossiers")
    permission = "evidence.view"
    sort = "due_on"
    columns: ClassVar = (
        Column(
            "criterion", gettext_lazy("Criterion"), lambda d: f"{d.node.code} {d.node.title}",
            lambda d: two_lines(f"{d.node.code} {d.node.title}", f"{d.unit} · {d.year}", _address(d)),
            css="cw-table__title",
        ),
        Column("unit", gettext_lazy("Unit"), lambda d: str(d.unit), screen=False),
        Column("year", gettext_lazy("Year"), lambda d: d.year, screen=False),
        Column("slots", gettext_lazy("Filled"), lambda d: f"{d.slots_filled}/{d.slots_needed}", fullness_html),
        Column("months", gettext_lazy("By month"), lambda d: month_words(d.months, d.year) if d.months else "",
               lambda d: months_html(d.months, d.year), css="cw-wide"),
        Column("since", gettext_lazy("Incomplete since"), lambda d: d.missing_since,
               lambda d: day(d.missing_since) if d.missing_since else "", kind="date"),
        Column("due", gettext_lazy("Due"), lambda d: d.due_on, _due, sort="due_on", kind="date", css="cw-table__due"),
        Column("grade", gettext_lazy("Grade"), grade_words),
        Column("state", gettext_lazy("State"), lambda d: str(d.get_state_display()), dossier_state,
               css="cw-table__state"),
        Column("conclusion", gettext_lazy("Conclusion"), lambda d: d.conclusion, screen=False, paper=False, width=40),
    )  # fmt: skip
    filters: ClassVar = (
        pick_filter("unit", gettext_lazy("Unit"), "units", _of_unit),
        Filter("section", gettext_lazy("Section"), _sections, in_section),
        Filter("standard", gettext_lazy("Standard"), _standards,
               lambda rows, value: rows.filter(node__version=int(value))),
        Filter("year", gettext_lazy("Year"), _years, lambda rows, value: rows.filter(year=int(value))),
    )  # fmt: skip
    tabs: ClassVar = (
        Tab("waiting", gettext_lazy("Waiting for me"), lambda request: waiting_for(request.user)),
        Tab("missing", gettext_lazy("Incomplete"), WITH_UNIT & INCOMPLETE),
        Tab("late", gettext_lazy("Late"), lambda _request: late()),
        Tab("week", gettext_lazy("Due this week"), lambda _request: due_this_week()),
        Tab("returned", pgettext_lazy("dossier", "Returned"), Q(state=DossierState.RETURNED)),
        Tab("submitted", gettext_lazy("First review"), Q(state=DossierState.SUBMITTED)),
        Tab("accepted", gettext_lazy("Second review"), Q(state=DossierState.ACCEPTED)),
        Tab("approved", pgettext_lazy("dossier", "Approved"), Q(state=DossierState.APPROVED)),
        Tab("all", gettext_lazy("All"), Q()),
    )
    bulk: ClassVar = (
        BulkAction(
            "hand-in", gettext_lazy("Hand it in"), _hand_in, "send", GIVE,
            confirm=gettext_lazy(
                "The conclusion of each is what its own words say. What is incomplete stays with you."
            ),
            offered=lambda user: bool(scope_of(user, GIVE).unit_ids),
        ),
        BulkAction("remind", gettext_lazy("Remind"), _remind, "bell", EDIT),
        BulkAction("due", gettext_lazy("Move the day"), _move_due, "calendar-event", EDIT, form=DueForm),
        BulkAction(
            "approve", gettext_lazy("Approve the grade"), _approve, "shield-check", APPROVE,
            confirm=gettext_lazy("You have looked at these dossiers and their grades. They count from now on."),
        ),
    )  # fmt: skip
    search: ClassVar = ("node__code__startswith", "node__title_zh__icontains", "unit__name__icontains")
    search_words = gettext_lazy("Criterion, its number or unit")
    empty = gettext_lazy("No dossier is open here.")
    empty_url = "evidence:open"
    empty_action = gettext_lazy("Open dossiers")
    empty_permission = EDIT
    definition = gettext_lazy(
        "Filled: slots of the standard that have as many pieces as it asks for. Incomplete since: the first day on"
        " which a slot was not filled."
    )
    signature: ClassVar = (gettext_lazy("Filled in by"), gettext_lazy("Checked by"))

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        found = dossiers_of(current_campaign(request), request.user)
        return found.select_related("node__version", "unit", "region", "campaign")

    def lean(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Without the long texts, the campaign and the standard."""
        bare = rows.select_related(None).select_related("node", "unit")
        return bare.defer("conclusion", "node__manual", "node__lead_hints")

    def row_url(self, row: Any) -> str:
        return _address(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        told = {"dossier": str(row), "n": row.lacking, "due": day(row.due_on)}
        if row.lacking and row.state in WITH_THE_UNIT:
            return str(row.unit), _("%(dossier)s: %(n)d slots missing (due %(due)s)") % told
        return str(row.unit), f"{row} {row.get_state_display()}"

    def period(self, request: HttpRequest) -> str:
        campaign = current_campaign(request)
        return str(campaign) if campaign else ""

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        return {"page_actions": list(_actions(request))}


def _actions(request: HttpRequest) -> Iterable[dict[str, Any]]:
    user = request.user
    yield {"label": _("All pieces"), "icon": "folder", "url": reverse("evidence:pieces")}
    yield {"label": _("Completeness"), "icon": "grid-dots", "url": reverse("evidence:completeness")}
    own = scope_of(user, GIVE).unit_ids
    if own and not scope_of(user, GIVE).regions and (unit := Unit.objects.filter(pk__in=own).order_by("path").first()):
        yield {"label": _("Submission table"), "icon": "table", "url": reverse("evidence:submission", args=[unit.pk])}
    if may(user, EDIT):
        yield {"label": _("Open dossiers"), "icon": "plus", "url": reverse("evidence:open")}
    if may(user, REVIEW) or may(user, APPROVE):
        yield {"label": _("Review"), "icon": "checkbox", "url": reverse("evidence:review"), "primary": True}


def this_year(request: HttpRequest) -> int:
    """The year that the address names, else this one, within the campaign's years."""
    campaign = current_campaign(request)
    asked = request.GET.get("year", "")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else clock.today().year
    return min(max(wanted, campaign.starts.year), campaign.ends.year) if campaign else wanted


DOSSIERS = DossierList()
