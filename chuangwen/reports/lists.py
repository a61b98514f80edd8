"""The lists of papers and of who has signed."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.access import may, scope_of, visible_or_404
from chuangwen.core.lists import BulkAction, Column, Filter, ListPage, Tab, two_lines
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import moment, span
from chuangwen.reports.enums import STATE_SHAPES, BulletinState, PaperKind
from chuangwen.reports.forms import ReceiptForm
from chuangwen.reports.models import Bulletin, Receipt
from chuangwen.reports.queries import bulletins_seen
from chuangwen.reports.services import receive_bulletin

WAITING = (BulletinState.DRAFT, BulletinState.SUBMITTED, BulletinState.APPROVED)


def page_of(bulletin: Bulletin) -> str:
    """A paper's address."""
    return reverse("reports:bulletin", args=[bulletin.pk])


def _received(one: Any) -> str:
    return f"{one.received}/{one.sent_to}" if one.sent_to else ""


def _receive_on_paper(receipt: Receipt, *, actor: Any, data: dict[str, Any]) -> None:
    receive_bulletin(receipt, actor=actor, on_behalf=str(receipt.unit), at=data["at"])


def _not_yet() -> SafeString:
    return format_html('<span class="cw-warn">{}</span>', gettext("Not yet"))


def _mine_waiting(request: HttpRequest) -> Q:
    units = scope_of(request.user, "reports.receive").unit_ids
    waiting = Receipt.objects.filter(unit_id__in=units, received_at__isnull=True)
    return Q(pk__in=waiting.values("bulletin_id"), state=BulletinState.ISSUED)


class BulletinList(ListPage):
    """Papers, the newest first."""

    name = "bulletins"
    title = _("Bulletins and reports")
    noun = _("papers")
    permission = "reports.view"
    sort = "-created_at"
    search = ("title__icontains", "number__icontains")
    search_words = _("Title or number")
    columns = (
        Column("title", pgettext_lazy("paper", "Title"), lambda one: one.title,
               lambda one: two_lines(one.title, one.number or one.get_kind_display(), page_of(one)),
               css="cw-table__title", width=40),
        Column("number", pgettext_lazy("paper", "Number"), lambda one: one.number, screen=False),
        Column("kind", pgettext_lazy("paper", "Kind"), lambda one: str(one.get_kind_display()), css="cw-wide"),
        Column("period", pgettext_lazy("paper", "Period"),
               lambda one: f"{one.snapshot.starts:%Y-%m-%d} – {one.snapshot.ends:%Y-%m-%d}",
               lambda one: span(one.snapshot.starts, one.snapshot.ends)),
        Column("drafted_by", _("Drafted by"), lambda one: str(one.drafted_by or ""), css="cw-wide"),
        Column("issued", pgettext_lazy("paper", "Issued"), lambda one: one.issued_at,
               lambda one: moment(one.issued_at) if one.issued_at else "", kind="datetime"),
        Column("received", pgettext_lazy("paper", "Signed for"), _received, css="cw-num"),
        Column("state", pgettext_lazy("paper", "State"), lambda one: str(one.get_state_display()),
               lambda one: state(STATE_SHAPES[one.state], one.get_state_display()), css="cw-table__state"),
        Column("made", _("Drafted on"), lambda one: one.created_at, kind="datetime", sort="created_at", screen=False),
    )  # fmt: skip
    filters = (
        Filter("kind", pgettext_lazy("paper", "Kind"), lambda request: PaperKind.choices,
               lambda rows, value: rows.filter(kind=value)),
    )  # fmt: skip
    tabs = (
        Tab("all", pgettext_lazy("papers", "All"), Q()),
        Tab("waiting", pgettext_lazy("paper", "Being prepared"), Q(state__in=WAITING)),
        Tab("submitted", _("To be approved"), Q(state=BulletinState.SUBMITTED)),
        Tab("issued", pgettext_lazy("paper", "Issued"), Q(state=BulletinState.ISSUED)),
        Tab("mine", _("To be signed for"), _mine_waiting),
    )
    empty = _("No paper yet")
    empty_url = "reports:new"
    empty_action = _("Draft the first one")
    empty_permission = "reports.draft"

    def shown_tabs(self, request: HttpRequest) -> Any:
        """Who answers for a region signs for nothing; a unit meets no draft."""
        if scope_of(request.user, "reports.view").regions:
            return self.tabs[:-1]
        return (self.tabs[0], self.tabs[-1])

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return bulletins_seen(request.user).select_related("snapshot", "drafted_by")

    def row_url(self, row: Any) -> str:
        return page_of(row)

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        actions: list[dict[str, Any]] = []
        if may(request.user, "reports.arrange"):
            actions.append(
                {"label": gettext("Layout and templates"), "icon": "settings", "url": reverse("reports:forms")}
            )
        if may(request.user, "reports.draft"):
            actions.append({"label": gettext("Draft a paper"), "icon": "plus", "url": reverse("reports:new"),
                            "primary": True})  # fmt: skip
        return {"page_actions": actions}


class ReceiptList(ListPage):
    """Which units have signed for a paper, those that have not first."""

    name = "bulletin_receipts"
    title = _("Who has signed")
    noun = _("units")
    permission = "reports.view"
    search = ("unit__name__icontains", "unit__short_name__icontains")
    search_words = _("Unit")
    columns = (
        Column("unit", _("Unit"), lambda one: str(one.unit), css="cw-table__title"),
        Column("received", pgettext_lazy("paper", "Signed for"), lambda one: one.received_at,
               lambda one: moment(one.received_at) if one.received_at else _not_yet(), kind="datetime"),
        Column("by", _("By"), lambda one: str(one.received_by or "")),
    )  # fmt: skip
    tabs = (
        Tab("waiting", _("Not signed yet"), Q(received_at__isnull=True)),
        Tab("signed", pgettext_lazy("papers", "Signed for"), Q(received_at__isnull=False)),
        Tab("all", pgettext_lazy("papers", "All"), Q()),
    )
    bulk = (
        BulkAction("receive", _("Enter receipts on paper"), _receive_on_paper, icon="signature",
                   permission="reports.issue", form=ReceiptForm),
    )  # fmt: skip
    empty = _("No unit stands here")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        match = request.resolver_match
        pk = match.kwargs.get("pk") if match else None
        found = visible_or_404(Bulletin.objects.all(), request.user, pk=pk)
        return (
            Receipt.objects.visible_to(request.user)
            .filter(bulletin=found)
            .select_related("unit", "received_by", "bulletin", "region")
        )

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        match = request.resolver_match
        found = visible_or_404(Bulletin.objects.all(), request.user, pk=match.kwargs.get("pk") if match else None)
        return {
            "page_subtitle": found.title,
            "breadcrumbs": [
                {"label": str(BulletinList.title), "url": reverse("reports:list")},
                {"label": found.title, "url": page_of(found)}, {"label": str(self.title), "url": ""},
            ],
        }  # fmt: skip

    def message_line(self, row: Any) -> tuple[str, str]:
        words = moment(row.received_at) if row.received_at else gettext("Not yet")
        return str(row.unit), f"{words} {clock.today():%Y-%m-%d}" if row.received_at else words


BULLETINS, RECEIPTS = BulletinList(), ReceiptList()
