"""Gathers what the areas hold for one person's start page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.models import Campaign
from chuangwen.campaigns.queries import PlanLine, plan_lines
from chuangwen.campaigns.round_facts import round_facts
from chuangwen.core import clock
from chuangwen.core.access import may, scope_of
from chuangwen.core.counting import counts
from chuangwen.core.panels import DeskItem, desk_items
from chuangwen.core.templatetags.wording import due_text
from chuangwen.inspections.enums import VisitState
from chuangwen.inspections.models import Visit
from chuangwen.rectification import queries as of_problems
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.queries import tasks as of_tasks
from chuangwen.responsibilities.queries.tasks import tasks_of

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

    @property
    def nothing(self) -> bool:
        return not (self.decide or self.mine or self.week or self.late)


def grouped_items(request: HttpRequest) -> Groups:
    """What waits for this person, each group by deadline."""
    groups = Groups()
    for item in desk_items(request):
        getattr(groups, item.group).append(item)
    return groups


@dataclass(frozen=True, slots=True)
class Pressing:
    """What is late or nearly due: the tabs, the matters of the chosen one, and where the rest of them stands."""

    tabs: list[dict[str, Any]]
    matters: list[Matter]
    links: list[tuple[str, str]]  # (words with the count, address of the list)
    message: str  # for a chat group


def pressing(request: HttpRequest, chosen: str) -> Pressing | None:
    """Problems and tasks that are late, due today or due this week; `chosen` is late, today or week.

    For those who look after more than their own unit; a unit's people have theirs in the groups.
    """
    if not scope_of(request.user, "rectification.view").regions:
        return None
    spans = _spans()
    chosen = chosen if chosen in spans else "late"
    problems, tasks = Problem.objects.visible_to(request.user), tasks_of(request)
    pairs = [(problems.filter(found), tasks.filter(asked)) for _label, found, asked in spans.values()]
    counted = counts([rows for pair in pairs for rows in pair])
    tabs = []
    for number, (key, (label, _found, _asked)) in enumerate(spans.items()):
        both = counted[2 * number : 2 * number + 2]
        if key == chosen:
            links = _links(chosen, *both)
        tabs.append({"label": label, "count": sum(both), "url": f"?due={key}", "current": key == chosen})
    label, found, asked = spans[chosen]
    matters = _matters(problems.filter(found), tasks.filter(asked))
    return Pressing(tabs, matters, links, _message(label, matters))


def _spans() -> dict[str, tuple[str, Q, Q]]:
    """What each tab holds of problems and of tasks: the same as the tabs of their lists, to which it leads."""
    return {
        "late": (_("Late"), of_problems.late(), of_tasks.late()),
        "today": (_("Due today"), of_problems.due_today(), of_tasks.due_today()),
        "week": (_("Due this week"), of_problems.due_this_week(), of_tasks.due_this_week()),
    }


def _links(chosen: str, problems: int, tasks: int) -> list[tuple[str, str]]:
    """The lists that hold the whole of a tab."""
    found = []
    if problems:
        words = ngettext("%d problem", "%d problems", problems) % problems
        found.append((words, f"{reverse('rectification:ledger')}?tab={chosen}"))
    if tasks:
        words = ngettext("%d task", "%d tasks", tasks) % tasks
        found.append((words, f"{reverse('responsibilities:tasks')}?tab={chosen}"))
    return found


def _message(label: str, matters: list[Matter]) -> str:
    """One line a unit, as the office writes it into the group."""
    by_unit: defaultdict[str, list[str]] = defaultdict(list)
    for matter in matters:
        by_unit[matter.lead].append(_("%(title)s (%(due)s)") % {"title": matter.title, "due": due_text(matter.due)})
    return "\n".join([f"【{label}】", *(f"{unit}：{'；'.join(texts)}" for unit, texts in by_unit.items())])


def _matters(problems: Any, tasks: Any) -> list[Matter]:
    """The earliest of both, by the few columns that a line shows: the page is opened more often than any other."""
    units = ("lead__name", "lead__short_name", "territory__name", "territory__short_name")
    shown = problems.select_related("lead", "territory").only("title", "number", "due_at", *units)
    found = [
        Matter(
            p.title, reverse("rectification:problem", args=[p.number]), str(p.lead), str(p.territory or ""), p.due_at
        )
        for p in shown.order_by("due_at")[:ROWS]
    ]
    asked = tasks.select_related("unit").only("title", "due_at", "unit__name", "unit__short_name")
    found += [
        Matter(t.title, reverse("responsibilities:task", args=[t.pk]), str(t.unit), "", t.due_at)
        for t in asked.order_by("due_at")[:ROWS]
    ]
    return sorted(found, key=lambda matter: matter.due)[:ROWS]


def plan_steps(request: HttpRequest, campaign: Campaign) -> list[PlanLine]:
    """The back plan with the facts of its rounds; the number of queries does not grow with either."""
    lines = plan_lines(campaign)
    facts = round_facts(request, [line.milestone.round for line in lines if line.milestone.round])
    return [replace(line, facts=tuple(facts.get(line.milestone.round_id or 0, ()))) for line in lines]


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
