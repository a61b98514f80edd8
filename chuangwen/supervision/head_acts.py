"""What supervision knows of a first responsible's own work: notices signed."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from chuangwen.core.panels import PanelLine
from chuangwen.responsibilities.enums import HeadWork
from chuangwen.responsibilities.in_person import Act, ActSource, Ask, register_acts
from chuangwen.supervision.models import SupervisionNotice


def signed(ask: Ask) -> Iterable[Act]:
    """Notices that the head signed with the own account."""
    first, end = ask.period.moments
    rows = SupervisionNotice.objects.visible_to(ask.user).filter(
        region=ask.campaign.region_id, signed_by__in=ask.heads.terms, signed_at__gte=first, signed_at__lt=end
    )
    return ask.by_person(rows.select_related("unit"), "signed_by_id", "signed_at", _line)


def _line(notice: SupervisionNotice) -> PanelLine:
    url = reverse("supervision:notice", args=[notice.number])
    return PanelLine(str(notice), url, str(notice.unit))


register_acts(ActSource("notices", 35, HeadWork.COMMAND, pgettext_lazy("in person", "Notice signed"), signed))
