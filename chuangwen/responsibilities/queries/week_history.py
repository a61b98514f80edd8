"""How tasks stood at the end of a week that is over, out of their history: a report confirmed later tells its own week.

What a row holds today is what it held then, unless a step of its history came since. Titles and units are told as
they are now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chuangwen.campaigns.models import Campaign
from chuangwen.responsibilities.models import Task, TaskMilestone
from chuangwen.responsibilities.week_days import Week
from chuangwen.workflow.models import Step

TASK = Task._meta.label_lower


@dataclass(frozen=True, slots=True)
class Then:
    """What was otherwise: of tasks whose history went on since. Empty for a week that runs."""

    states: dict[int, str] = field(default_factory=dict)
    dues: dict[int, datetime] = field(default_factory=dict)
    reports: dict[int, datetime | None] = field(default_factory=dict)  # when last reported done
    plans: dict[int, frozenset[str]] = field(default_factory=dict)  # of tasks planned anew since
    waits: dict[int, frozenset[str]] = field(default_factory=dict)  # of tasks that wait otherwise since

    def planned(self, step: TaskMilestone) -> bool:
        """Whether the step stood in its task's plan."""
        plan = self.plans.get(step.task_id)
        return plan is None or step_words(step) in plan

    def waited(self, campaign: Campaign, units: Collection[int]) -> Iterator[tuple[Task, Task]]:
        """Each of the units' tasks that wait otherwise since, with one that it waited for."""
        if not self.waits:
            return
        numbers = [number for several in self.waits.values() for number in several]
        rows = Task.objects.filter(campaign=campaign)
        others = {one.number: one for one in rows.filter(number__in=numbers).select_related("unit")}
        for task in rows.filter(pk__in=list(self.waits), unit__in=units).order_by("pk"):
            for number in sorted(self.waits[task.pk]):
                if number in others:
                    yield task, others[number]


def step_words(step: Any) -> str:
    """A step as services.planning.write_plan notes it."""
    return f"{step.due_on:%Y-%m-%d} {step.name.strip()}"


def then(campaign: Campaign, week: Week) -> Then:
    """How the campaign's tasks stood at the end of `week`: two queries."""
    states: dict[int, str] = {}
    dues: dict[int, datetime] = {}
    again: dict[str, set[int]] = {"plan": set(), "waits": set()}
    tasks = Task.objects.filter(campaign=campaign).values("pk")
    rows = Step.objects.filter(object_type=TASK, object_id__in=tasks, at__gte=week.till).order_by("at", "pk")
    for task, action, source, data in rows.values_list("object_id", "action", "source", "data"):
        states.setdefault(task, source)
        if action == "postpone":
            dues.setdefault(task, datetime.fromisoformat(data["from"]))
        if action in again:
            again[action].add(task)
    before = _before(states, week)
    return Then(
        states, dues, {task: before.get((task, "report"), (None, {}))[0] for task in states},
        *({task: _told(before.get((task, action))) for task in tasks_} for action, tasks_ in again.items()),
    )  # fmt: skip


def _before(tasks: Collection[int], week: Week) -> dict[tuple[int, str], tuple[datetime, dict[str, Any]]]:
    """The last report, plan and waiting of these tasks before the week was over."""
    rows = Step.objects.filter(
        object_type=TASK, object_id__in=list(tasks), at__lt=week.till, action__in=["report", "plan", "waits"]
    ).order_by("at", "pk")
    return {
        (task, action): (at, data) for task, action, at, data in rows.values_list("object_id", "action", "at", "data")
    }


def _told(step: tuple[datetime, dict[str, Any]] | None) -> frozenset[str]:
    """The steps or numbers that a note of history holds."""
    found: Iterable[str] = () if step is None else (step[1].get("steps") or step[1].get("tasks") or ())
    return frozenset(found)
