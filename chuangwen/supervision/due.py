"""Notices and lines of a look-back that wait for an answer, as people are reminded of them, and in calendars."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.panels import DueRow, DueSource, register_due
from chuangwen.supervision.enums import NoticeState
from chuangwen.supervision.models import LagLine, SupervisionNotice
from chuangwen.supervision.queries.look_backs import given_to_units
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


def _lag_row(line: LagLine) -> DueRow:
    url, due = reverse("supervision:lag_line", args=[line.pk]), line.look_back.due_on
    assert due is not None  # noqa: S101 (a look-back with units has its day)
    return DueRow(line.pk, _("Look-back: %s") % line.title, url, due, line.unit_id)


register_due(
    DueSource(
        "b", given_to_units, _lag_row,
        lambda n: ngettext("%d matter of a look-back to answer", "%d matters of a look-back to answer", n) % n,
        reverse_lazy("supervision:look_backs"), due="look_back__due_on",
    )
)  # fmt: skip
