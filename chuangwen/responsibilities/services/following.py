"""Open tasks of units that were renamed or merged go on at the one unit that follows; others wait for a person."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import ngettext

from chuangwen.campaigns.models import CampaignState
from chuangwen.core import clock
from chuangwen.core.daily import one_by_one
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import sole_heir
from chuangwen.responsibilities.models import Task, TaskState
from chuangwen.responsibilities.queries.tasks import UNFINISHED
from chuangwen.responsibilities.services.tasks import roles_at, take_lead_along
from chuangwen.responsibilities.services.telling import tell_unit_of_many
from chuangwen.workflow.services import note_step


def follow_tasks(today: date) -> int:
    """Give what is not finished at units that ended by `today` to their one successor; returns how many tasks moved.

    A task goes on as it stands: its state, measures, people and plan stay, and its history keeps the old name. The
    successor is told once, of no draft. Of a unit that was split or that nobody follows nothing moves: the office
    gives it away. A unit whose tasks cannot go on keeps no other unit's waiting.
    """
    rows = _unfinished()
    helped = rows.filter(cooperating__valid_to__lt=today).values("cooperating")
    ended = Unit.objects.filter(valid_to__lt=today)
    units = ended.filter(pk__in=rows.values("unit")) | ended.filter(pk__in=helped)
    return sum(one_by_one(units.distinct().select_related("region"), _follow_unit, "tasks of units that ended"))


def _unfinished() -> QuerySet[Task]:
    return Task.objects.filter(UNFINISHED).exclude(campaign__state=CampaignState.ENDED)


def _follow_unit(old: Unit) -> int:
    """The unit's tasks that went on at its one successor."""
    heir = sole_heir(old)
    if heir is None:
        return 0
    rows = _unfinished()
    with transaction.atomic():
        tasks = rows.filter(unit=old).select_related("unit", "region", "campaign__region", "supervisor", "node")
        moved = [_follow(task, old, heir) for task in tasks.order_by("due_at", "pk")]
        for task in rows.filter(cooperating=old).select_related("region"):
            _help_on(task, old, heir)
        _tell(heir, old, [task for task in moved if task.state != TaskState.DRAFT])
    return len(moved)


def _tell(heir: Unit, old: Unit, tasks: list[Task]) -> None:
    n = len(tasks)
    words = ngettext("%(n)d task taken over from %(unit)s", "%(n)d tasks taken over from %(unit)s", n)
    if tasks:
        tell_unit_of_many(heir, tasks, words % {"n": n, "unit": old}, tab="mine")


def _follow(task: Task, old: Unit, heir: Unit) -> Task:
    roles = roles_at(task, heir)
    Task.objects.filter(pk=task.pk).update(unit=heir, updated_at=clock.now(), **roles)
    task.unit = heir
    task.cooperating.remove(heir)
    take_lead_along(task, old, heir, None)
    note_step(task, "follow", actor=None, data={"unit": str(heir), "before": str(old), "former": old.pk})
    return task


def _help_on(task: Task, old: Unit, heir: Unit) -> None:
    task.cooperating.remove(old)
    if task.unit_id != heir.pk:
        task.cooperating.add(heir)
    note_step(task, "help_on", actor=None, data={"helper": str(heir), "helper_before": str(old)})
