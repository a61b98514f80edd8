"""What the ledger of problems knows of a first responsible's own work: problems that he or she found."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from chuangwen.core.panels import PanelLine
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.enums import HeadWork
from chuangwen.responsibilities.in_person import Act, ActSource, Ask, register_acts


def found(ask: Ask) -> Iterable[Act]:
    """Problems that the head noted with the own account."""
    first, end = ask.period.moments
    rows = Problem.objects.visible_to(ask.user).filter(
        campaign=ask.campaign, found_by__in=ask.heads.terms, found_at__gte=first, found_at__lt=end
    )
    return ask.by_person(rows.select_related("place"), "found_by_id", "found_at", _line)


def _line(problem: Problem) -> PanelLine:
    where = str(problem.place or problem.spot)
    return PanelLine(problem.title, reverse("rectification:problem", args=[problem.number]), where)


register_acts(ActSource("problems", 80, HeadWork.INSPECT, pgettext_lazy("in person", "Problem found"), found))
