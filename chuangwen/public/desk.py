"""What public pages put on a person's start page: scores that wait for a second person."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.access import may
from chuangwen.core.panels import DeskItem
from chuangwen.public.models import ScoreRelease
from chuangwen.reports.enums import ReleaseState
from chuangwen.reports.workflow import RELEASE

SHOWN = 3


def desk(request: HttpRequest) -> Iterable[DeskItem]:
    """What others propose to show to everybody: one query."""
    if not may(request.user, RELEASE):
        return
    rows = ScoreRelease.objects.visible_to(request.user).filter(state=ReleaseState.PROPOSED)
    for one in rows.exclude(proposed_by=request.user).select_related("run__round").order_by("created_at")[:SHOWN]:
        words = _("To be released to everybody: score of %s") % one.run.round
        url = reverse("public:score_inside", args=[one.run_id])
        yield DeskItem("decide", words, url, icon="world", action=pgettext("release", "Release"))
