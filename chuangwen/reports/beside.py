"""What papers show on pages of lower areas: the latest that were issued to a unit."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.access import may
from chuangwen.core.panels import Panel, PanelLine, lines_panel
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.reports.enums import BulletinState
from chuangwen.reports.lists import page_of
from chuangwen.reports.models import Receipt

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
