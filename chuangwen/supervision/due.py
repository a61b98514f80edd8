"""Notices that wait for an answer, as people are reminded of them and as they stand in a calendar."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.panels import DueRow, DueSource, register_due
from chuangwen.supervision.enums import NoticeState
from chuangwen.supervision.models import SupervisionNotice
from chuangwen.supervision.services.telling import page_of


def _rows() -> QuerySet[SupervisionNotice]:
    return SupervisionNotice.objects.filter(state__in=WAITING)


def _row(notice: SupervisionNotice) -> DueRow:
    title = _("Answer to %(notice)s") % {"notice": notice}
    return DueRow(notice.pk, title, page_of(notice), notice.due_at, notice.unit_id)


WAITING = (NoticeState.SENT, NoticeState.ACKNOWLEDGED)
register_due(
    DueSource(
        "n", _rows, _row, lambda n: ngettext("%d notice to answer", "%d notices to answer", n) % n,
        reverse_lazy("supervision:register"),
    )
)  # fmt: skip
