"""What papers show on pages of lower areas: the latest that were issued to a unit, those on a round's findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import RoundState
from chuangwen.campaigns.round_facts import RoundFact
from chuangwen.core.access import may
from chuangwen.core.panels import Panel, PanelLine, lines_panel
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.reports.enums import BulletinState, PaperKind
from chuangwen.reports.lists import page_of
from chuangwen.reports.models import Bulletin, Receipt
from chuangwen.reports.workflow import DRAFT

SHOWN = 3


def unit_papers(request: HttpRequest, unit: Any) -> Panel | None:
    """The latest papers issued to `unit`, and whether it has signed: one query."""
    if unit is None or not may(request.user, "reports.view"):
        return None
    rows = Receipt.objects.visible_to(request.user).filter(unit=unit, bulletin__state=BulletinState.ISSUED)
    found = rows.select_related("bulletin").order_by("-bulletin__issued_at")[:SHOWN]
    lines = [
        PanelLine(
            one.bulletin.title,
            page_of(one.bulletin),
            f"{one.bulletin.number} {day(one.bulletin.issued_at)}",
            _("Signed for %s") % moment(one.received_at) if one.received_at else _("Not signed yet"),
            "" if one.received_at else "bad",
        )
        for one in found
    ]
    return lines_panel("papers", _("Bulletins and reports"), lines, url=reverse("reports:list"), order=70)


def round_papers(request: HttpRequest, rounds: Sequence[Any]) -> dict[int, RoundFact]:
    """Beside finished rounds: the paper on their findings, or where to draft it. One query for all."""
    closed = [one.pk for one in rounds if one.state == RoundState.CLOSED]
    if not closed or not may(request.user, DRAFT):
        return {}
    rows = Bulletin.objects.visible_to(request.user).filter(snapshot__round__in=closed, kind=PaperKind.ROUND)
    standing = rows.exclude(state=BulletinState.WITHDRAWN).select_related("snapshot").order_by("pk")
    told = {
        one.snapshot.round_id: RoundFact(_("Papers on it: %s") % one.get_state_display(), page_of(one))
        for one in standing
    }  # fmt: skip
    draft = reverse("reports:draft", args=[PaperKind.ROUND])
    return {pk: RoundFact(_("Tell its findings"), f"{draft}?round={pk}") for pk in closed} | told
