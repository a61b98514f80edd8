"""What problems say of a unit's month or quarter: found in it, late, sent back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.panels import PanelLine
from chuangwen.core.templatetags.wording import day
from chuangwen.rectification.enums import ProblemState, Source
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.levels import Fact, register_facts
from chuangwen.workflow.models import Step


def found_in(campaign: Any, first: datetime, end: datetime) -> QuerySet[Problem]:
    """Found in the period by others: what a unit finds itself never counts against it (practice.md)."""
    rows = Problem.objects.filter(region=campaign.region_id, found_at__gte=first, found_at__lt=end, merged_into=None)
    return rows.exclude(source=Source.SELF)


def late(campaign: Any, first: datetime, end: datetime) -> QuerySet[Problem]:
    """Due in the period, closed after the deadline or still open although it is over."""
    rows = Problem.objects.filter(region=campaign.region_id, due_at__gte=first, due_at__lt=end, merged_into=None)
    rows = rows.exclude(state__in=[ProblemState.DISPUTED, ProblemState.LONG_TERM])  # practice.md: left out of the rate
    return rows.filter(Q(closed_at__gt=F("due_at")) | Q(is_open=True, due_at__lt=clock.now()))


def returned(campaign: Any, first: datetime, end: datetime) -> QuerySet[Problem]:
    """Sent back by the verifier in the period."""
    steps = Step.objects.filter(object_type=Problem._meta.label_lower, action="return", at__gte=first, at__lt=end)
    return Problem.objects.filter(region=campaign.region_id, pk__in=steps.values("object_id"))


def _line(problem: Problem) -> PanelLine:
    url = reverse("rectification:problem", args=[problem.number])
    return PanelLine(problem.title, url, problem.number, day(problem.due_at))


register_facts(
    Fact("problems", 40, _("Problems found"), found_in, _line, unit="lead"),
    Fact("problems_late", 50, _("Problems late"), late, _line, unit="lead"),
    Fact("problems_returned", 60, _("Problems sent back"), returned, _line, unit="lead"),
)
