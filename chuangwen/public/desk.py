"""What public pages put on a person's start page: scores that wait for a second person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.access import may
from chuangwen.core.panels import DeskItem, DeskLine, single_lines
from chuangwen.public.models import ScoreRelease
from chuangwen.reports.enums import ReleaseState
from chuangwen.reports.workflow import RELEASE

SHOWN = 3


def desk(request: HttpRequest) -> Iterable[DeskLine]:
    """What others propose to show to everybody: one query where there is any."""
    if may(request.user, RELEASE):
        rows = ScoreRelease.objects.visible_to(request.user).filter(state=ReleaseState.PROPOSED)
        yield single_lines(rows.exclude(proposed_by=request.user).order_by("created_at"), _lines, SHOWN)


def _lines(rows: QuerySet[Any]) -> Iterable[DeskItem]:
    for one in rows.select_related("run__round"):
        words = _("To be released to everybody: score of %s") % one.run.round
        url = reverse("public:score_inside", args=[one.run_id])
        yield DeskItem("decide", words, url, icon="world", action=pgettext("release", "Release"))
