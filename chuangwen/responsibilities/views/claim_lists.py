"""The lists of claims and of objections."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.context import current_campaign
from chuangwen.core.access import may
from chuangwen.core.lists import Column, ListPage, Tab, pick_filter, two_lines
from chuangwen.core.lists.page import Listing
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import deadline, moment
from chuangwen.responsibilities.enums import ClaimState, ObjectionState
from chuangwen.responsibilities.models import Claim, Objection
from chuangwen.responsibilities.queries.claims import WAITING, contested
from chuangwen.responsibilities.queries.matrix import title_of

CLAIM_SHAPES = {
    ClaimState.WAITING: "open", ClaimState.GIVEN: "closed", ClaimState.DOWN: "not-met",
    ClaimState.WITHDRAWN: "not-applicable",
}  # fmt: skip
OBJECTION_SHAPES = {
    ObjectionState.OPEN: "disputed", ObjectionState.STAYS: "not-met", ObjectionState.MOVED: "closed",
}  # fmt: skip


def claim_state(claim: Claim) -> SafeString:
    return state(CLAIM_SHAPES[ClaimState(claim.state)], str(claim.get_state_display()))


def objection_state(objection: Objection) -> SafeString:
    return state(OBJECTION_SHAPES[ObjectionState(objection.state)], str(objection.get_state_display()))


def _claim_url(row: Any) -> str:
    return reverse("responsibilities:claims_of", args=[row.node_id])


def _objection_url(row: Any) -> str:
    return reverse("responsibilities:objection", args=[row.pk])


class ClaimList(ListPage):
    """What units claimed, criterion by criterion."""

    name = "claims"
    title = _("Claims")
    noun = _("claims")
    permission = "responsibilities.view"
    sort = "node__position"
    columns: ClassVar = [
        Column(
            "title", _("Criterion"), lambda c: title_of(c.node),
            lambda c: two_lines(title_of(c.node), c.node.code, _claim_url(c)), sort="node__position",
            css="cw-table__title", width=40,
        ),
        Column("code", _("Code"), lambda c: c.node.code, screen=False),
        Column("unit", _("Unit"), lambda c: str(c.unit), sort="unit__path"),
        Column("reason", _("Reason"), lambda c: c.reason, width=40),
        Column("made", _("Claimed at"), lambda c: c.made_at, lambda c: moment(c.made_at), sort="made_at",
               kind="datetime"),
        Column("state", _("State"), lambda c: str(c.get_state_display()), claim_state, css="cw-table__state"),
    ]  # fmt: skip
    tabs: ClassVar = [
        Tab("contested", _("Claimed by several"), lambda _request: contested()),
        Tab("waiting", pgettext_lazy("claim", "Waiting"), WAITING),
        Tab("given", pgettext_lazy("claim", "Leads now"), Q(state=ClaimState.GIVEN)),
        Tab("all", _("All"), Q()),
    ]
    filters: ClassVar = [pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(unit=int(value)))]
    empty = _("No unit has claimed anything. Once you have units claim, each does so on its own sheet.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = Claim.objects.visible_to(request.user).filter(campaign=current_campaign(request))
        return rows.select_related("node", "unit")

    def row_url(self, row: Any) -> str:
        return _claim_url(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        return str(row.unit), f"{row.node.code} {title_of(row.node)}"

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        shown = {"breadcrumbs": matrix_crumbs(self.title)}
        if not may(request.user, "responsibilities.edit"):
            return shown
        pool = {"label": _("Have units claim"), "icon": "hand-stop", "url": reverse("responsibilities:pool"),
                "primary": True}  # fmt: skip
        other = {"label": _("Objections"), "icon": "messages", "url": reverse("responsibilities:objections")}
        return shown | {"page_actions": [other, pool]}


class ObjectionList(ListPage):
    """What units objected to, and how it was ruled."""

    name = "objections"
    title = _("Objections to shares")
    noun = _("objections")
    permission = "responsibilities.view"
    sort = "due_at"
    columns: ClassVar = [
        Column(
            "title", _("Criterion"), lambda o: title_of(o.node),
            lambda o: two_lines(title_of(o.node), o.node.code, _objection_url(o)), css="cw-table__title", width=40,
        ),
        Column("code", _("Code"), lambda o: o.node.code, screen=False),
        Column("unit", _("Unit"), lambda o: str(o.unit), sort="unit__path"),
        Column("share", _("Part taken"), lambda o: str(o.get_share_display()), css="cw-wide"),
        Column("reason", _("Reason"), lambda o: o.reason, css="cw-wide", width=40),
        Column("proposed", _("Whose it is instead"), lambda o: str(o.proposed or ""), css="cw-wide"),
        Column(
            "due", _("Ruling until"), lambda o: o.due_at,
            lambda o: deadline(o.due_at) if o.state == ObjectionState.OPEN else moment(o.due_at), sort="due_at",
            kind="datetime", css="cw-table__due",
        ),
        Column("state", _("State"), lambda o: str(o.get_state_display()), objection_state, css="cw-table__state"),
    ]  # fmt: skip
    tabs: ClassVar = [
        Tab("open", pgettext_lazy("objection", "Waiting for the ruling"), Q(state=ObjectionState.OPEN)),
        Tab("done", _("Ruled"), ~Q(state=ObjectionState.OPEN)),
        Tab("all", _("All"), Q()),
    ]
    filters: ClassVar = [pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(unit=int(value)))]
    empty = _("No unit objects. A unit does so on its own sheet, beside what it was given.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = Objection.objects.visible_to(request.user).filter(campaign=current_campaign(request))
        return rows.select_related("node", "unit", "proposed")

    def row_url(self, row: Any) -> str:
        return _objection_url(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        return str(row.unit), f"{row.node.code} {row.reason}"

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        shown = {"breadcrumbs": matrix_crumbs(self.title)}
        if not may(request.user, "responsibilities.edit"):
            return shown
        rule = {"label": _("Days to object"), "icon": "settings", "url": reverse("responsibilities:objection_rule")}
        return shown | {"page_actions": [rule]}


def matrix_crumbs(title: Any, *between: dict[str, Any]) -> list[dict[str, Any]]:
    """The way back to the matrix."""
    first = {"label": _("Breakdown of duties"), "url": reverse("responsibilities:breakdown")}
    return [first, *between, {"label": title, "url": ""}]


CLAIMS, OBJECTIONS = ClaimList(), ObjectionList()
