"""Gathers what the areas hold for one person's start page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign, Milestone
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.panels import DeskItem, desk_items
from chuangwen.inspections.enums import VisitState
from chuangwen.inspections.models import Visit
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import RUNNING
from chuangwen.responsibilities.models import OPEN_TASK_STATES, Task

ROWS = 8  # of the late list on the start page; the rest is one click away


@dataclass(frozen=True, slots=True)
class Matter:
    """A late or nearly due matter, whatever its area."""

    title: str
    url: str
    lead: str
    territory: str
    due: datetime


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A milestone on the start page."""

    name: str
    when: date
    state: str  # done | now | ahead
    sub: str = ""


@dataclass(frozen=True, slots=True)
class TeamToday:
    """How far a team has come today."""

    team: str
    done: int
    planned: int


@dataclass
class Groups:
    """The desk's items in their four groups."""

    decide: list[DeskItem] = field(default_factory=list)
    mine: list[DeskItem] = field(default_factory=list)
    week: list[DeskItem] = field(default_factory=list)
    late: list[DeskItem] = field(default_factory=list)


def grouped_items(request: HttpRequest) -> Groups:
    """What waits for this person, each group by deadline."""
    groups = Groups()
    for item in desk_items(request):
        getattr(groups, item.group).append(item)
    return groups


def late_tabs(request: HttpRequest, chosen: str) -> tuple[list[dict[str, Any]], list[Matter]]:
    """The tabs late / today / this week with their counts, and the matters of the chosen one."""
    now = clock.now()
    midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    sunday = midnight + timedelta(days=6 - clock.local(now).weekday())
    spans = {
        "late": (_("Late"), Q(due_at__lt=now)),
        "today": (_("Due today"), Q(due_at__gte=now, due_at__lt=midnight)),
        "week": (_("Due this week"), Q(due_at__gte=now, due_at__lt=sunday)),
    }
    chosen = chosen if chosen in spans else "late"
    tabs = []
    for key, (label, span) in spans.items():
        count = sum(rows.filter(span).count() for rows in _on_the_clock(request))
        tabs.append({"label": label, "count": count, "url": f"?due={key}", "current": key == chosen})
    return tabs, _matters(request, spans[chosen][1])


def _on_the_clock(request: HttpRequest) -> list[Any]:
    """Problems and tasks that this person sees and that run against a unit's clock."""
    return [
        Problem.objects.visible_to(request.user).filter(RUNNING),
        Task.objects.visible_to(request.user).filter(state__in=[str(state) for state in OPEN_TASK_STATES]),
    ]


def _matters(request: HttpRequest, span: Q) -> list[Matter]:
    problems, tasks = _on_the_clock(request)
    found = [
        Matter(
            p.title, reverse("rectification:problem", args=[p.number]), str(p.lead), str(p.territory or ""), p.due_at
        )
        for p in problems.filter(span).select_related("lead", "territory").order_by("due_at")[:ROWS]
    ]
    found += [
        Matter(t.title, reverse("responsibilities:task", args=[t.pk]), str(t.unit), "", t.due_at)
        for t in tasks.filter(span).select_related("unit").order_by("due_at")[:ROWS]
    ]
    return sorted(found, key=lambda matter: matter.due)[:ROWS]


def plan_steps(campaign: Campaign) -> list[PlanStep]:
    """The back plan; the first step that is not done is the one under way."""
    today = clock.today()
    steps, now_found = [], False
    for milestone in Milestone.objects.filter(campaign=campaign).select_related("round"):
        state = "done" if milestone.done_on else "ahead" if now_found else "now"
        now_found = now_found or state == "now"
        late = state != "done" and milestone.due_on < today
        steps.append(PlanStep(milestone.name, milestone.due_on, state, _("Late") if late else ""))
    return steps


def teams_today(request: HttpRequest, campaign: Campaign) -> list[TeamToday]:
    """Today's fieldwork by team, for those who plan it."""
    if not may(request.user, "inspections.view"):
        return []
    visits = Visit.objects.visible_to(request.user).filter(round__campaign=campaign, planned_on=clock.today())
    rows = (
        visits.order_by()
        .values("team")
        .annotate(planned=Count("pk"), done=Count("pk", filter=Q(state__in=[VisitState.FINISHED, VisitState.SKIPPED])))
        .order_by("team")
    )
    return [TeamToday(row["team"] or _("No team"), row["done"], row["planned"]) for row in rows]
