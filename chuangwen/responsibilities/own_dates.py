"""Days in the calendar of a leader and of the office: what they supervise, instructed, or answer for by post.

Who sees to hundreds of tasks gets a line a day and not one for each (notifications.digest_lines names three as well).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.panels import OwnDate, register_own_dates
from chuangwen.organizations.models import Holding
from chuangwen.organizations.queries import lasting
from chuangwen.responsibilities.models import OPEN_TASK_STATES, Task
from chuangwen.responsibilities.services.telling import address

NAMED: Final = 3


def task_dates(user: Any, first: date, last: date) -> Iterator[OwnDate]:
    """Deadlines of tasks that concern the person by post, and for the office of all in its region: two queries."""
    posts = set(Holding.objects.filter(lasting(), user=user).values_list("post", flat=True))
    regions = scope_of(user, "responsibilities.edit").regions
    if not posts and not regions:
        return
    by_post = Q(post__in=posts) | Q(implementer__in=posts) | Q(supervisor__in=posts) | Q(instruction__post__in=posts)
    rows = Task.objects.visible_to(user).filter(by_post | Q(region__in=regions), state__in=OPEN_TASK_STATES)
    rows = rows.filter(due_at__gte=clock.midnight(first), due_at__lt=clock.midnight(last + timedelta(days=1)))
    days: defaultdict[date, list[Task]] = defaultdict(list)
    for task in rows.select_related("unit", "instruction").order_by("due_at", "pk"):
        if posts & {task.post_id, task.implementer_id}:
            yield _one(task, task.title)
        elif task.instruction and task.instruction.post_id in posts:
            words = _("By your instruction, %(unit)s: %(title)s")
            yield _one(task, words % {"unit": task.unit, "title": task.title})
        else:
            days[clock.local(task.due_at).date()].append(task)
    for day, tasks in days.items():
        yield from _seen_to(day, tasks)


def _seen_to(day: date, tasks: list[Task]) -> Iterable[OwnDate]:
    """The tasks of others that fall due on one day."""
    if len(tasks) <= NAMED:
        words = _("You see to it, %(unit)s: %(title)s")
        return [_one(one, words % {"unit": one.unit, "title": one.title}) for one in tasks]
    n = len(tasks)
    words = ngettext("%d task you see to is due", "%d tasks you see to are due", n) % n
    url = reverse("responsibilities:tasks") + "?tab=running"
    return [OwnDate("tn", day.isoformat(), words, url, day, max(one.updated_at for one in tasks))]


def _one(task: Task, title: str) -> OwnDate:
    return OwnDate("t", str(task.pk), title, address(task), task.due_at, task.updated_at)


register_own_dates(task_dates)
