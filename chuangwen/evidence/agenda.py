"""What the ledger brings before a meeting: the dossiers that were due and are not in."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import ngettext, pgettext

from chuangwen.core.panels import AGENDA_LINES, AgendaAsk, AgendaPoint, AgendaSource, PanelLine, register_agenda
from chuangwen.core.templatetags.wording import day
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import late


def late_dossiers(ask: AgendaAsk) -> AgendaPoint | None:
    """Dossiers of the campaign still with their units after their day."""
    rows = Dossier.objects.filter(late(), campaign=ask.campaign).order_by("due_on", "pk")
    number = rows.count()
    if not number:
        return None
    lines = tuple(
        PanelLine(
            f"{one.node.code} {one.node.title}", reverse("evidence:dossier", args=[one.pk]), str(one.unit),
            pgettext("agenda", "due %s") % day(one.due_on),
        )
        for one in rows.select_related("node", "unit")[:AGENDA_LINES]
    )  # fmt: skip
    words = ngettext("%d dossier is late", "%d dossiers are late", number) % number
    return AgendaPoint(words, number, reverse("evidence:dossiers") + "?tab=late", lines)


register_agenda(AgendaSource("dossiers", 30, late_dossiers))
