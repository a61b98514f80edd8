"""Answers before a look-back as the burden meter counts them: asked when the list is given, not while it is drafted."""

from __future__ import annotations

from django.db.models import QuerySet

from chuangwen.core.asked import AskedSource, register_asked
from chuangwen.supervision.enums import LagState
from chuangwen.supervision.models import LagLine


def _lines() -> QuerySet[LagLine]:
    return LagLine.objects.filter(look_back__given_at__isnull=False).exclude(state=LagState.DROPPED)


register_asked(AskedSource("report", _lines, "look_back__given_at", "answered_at"))
