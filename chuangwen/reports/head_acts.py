"""What bulletins know of a first responsible's own work: papers approved."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from chuangwen.core.panels import PanelLine
from chuangwen.reports.models import Bulletin
from chuangwen.responsibilities.enums import HeadWork
from chuangwen.responsibilities.in_person import Act, ActSource, Ask, register_acts


def approved(ask: Ask) -> Iterable[Act]:
    """Bulletins that the head approved with the own account."""
    first, end = ask.period.moments
    rows = Bulletin.objects.visible_to(ask.user).filter(
        campaign=ask.campaign, approved_by__in=ask.heads.terms, approved_at__gte=first, approved_at__lt=end
    )
    return ask.by_person(rows, "approved_by_id", "approved_at", _line)


def _line(bulletin: Bulletin) -> PanelLine:
    return PanelLine(bulletin.title, reverse("reports:bulletin", args=[bulletin.pk]), bulletin.number)


register_acts(ActSource("bulletins", 45, HeadWork.COMMAND, pgettext_lazy("in person", "Bulletin approved"), approved))
