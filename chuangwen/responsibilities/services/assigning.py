"""Gives a running task to another unit or post, shifts its deadline by working days, reminds of it.

Each is one act on one task with one history row and one audit entry, so that a list can do it to all that its filter
matches: what one task refuses leaves that one as it was and stops no other.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import may, require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Post, Unit
from chuangwen.responsibilities.models import OPEN_TASK_STATES, Task, TaskState
from chuangwen.responsibilities.queries.repeats import open_at
from chuangwen.responsibilities.services.postponing import open_request, refuse_postponement
from chuangwen.responsibilities.services.repeating import FIRST, Again, keep_repeats
from chuangwen.responsibilities.services.tasks import acting_post, postpone_task, roles_at, take_along, uphold_task
from chuangwen.responsibilities.services.telling import remind_unit, tell_unit
from chuangwen.responsibilities.workflow import TASK_WORKFLOW, checks_kind
from chuangwen.workflow.services import StaleState, advance, note_step

EDIT = "responsibilities.edit"
MOST_SHIFT = 120  # working days


def assign_task(
    task: Task, *, reason: str, actor: Any, unit: Unit | None = None, post_kind: str = "", again: Again = FIRST,
    together: Collection[int] = (),
) -> None:  # fmt: skip
    """Another unit leads the task, or another post of the unit answers for it (`post_kind`, as enums.PostKind).

    Where the new unit has the like open already (tasks that come there `together` with this one aside), `again` says
    why it is asked all the same; raises Repeated where it says nothing, Refusal where such tasks are left out. A new
    unit begins anew: it accepts or objects, and adds its own measures and people; what the former one had
    written stays in the history. A task of the breakdown takes its lead in the matrix along. Refused while an
    objection waits: deciding it gives the task to another unit. Of a unit that is no more nobody waits: its objection
    and its request for time are decided along.
    """
    require_actor(actor, EDIT, task)
    new = unit or task.unit
    if new.region_id != task.region_id:
        raise Refusal(_("A unit does not belong to this region."), _("Choose a unit of your own region."))
    gone = task.unit.valid_to is not None and task.unit.valid_to < clock.today()
    if task.state == TaskState.OBJECTED and not gone:
        raise Refusal(_("An objection to this task waits."), _("Decide it; the task can go to another unit then."))
    asked = open_request(task) is not None
    if asked and not gone:
        raise Refusal(_("The unit's request for more time waits."), _("Decide it first."))
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It is shown to the other side."))
    post = _post_of(new, post_kind) if post_kind else acting_post(new)
    if new.pk == task.unit_id:
        _change_post(task, post, kind=post_kind, reason=reason, actor=actor)
    else:
        like = open_at(new, [task], but=together)
        again.check_one(new, like)
        with transaction.atomic():
            keep_repeats(((task, one) for one in like.values()), again, actor)
            if asked:
                refuse_postponement(task, reason=reason, actor=actor)
            if task.state == TaskState.OBJECTED:
                uphold_task(task, reason=reason, actor=actor, unit=new)
            else:
                _change_unit(task, new, post, reason=reason, actor=actor)


def shifted(due_at: datetime, days: int) -> datetime:
    """So many working days later, or earlier where `days` is negative, at the same hour; from a day off on the first
    day is the next one that is worked."""
    local = clock.local(due_at)
    moved = default_calendar().add_workdays(local.date(), days)
    return local.replace(year=moved.year, month=moved.month, day=moved.day)


def shift_task(task: Task, *, days: int, reason: str, actor: Any, tell: bool = True) -> None:
    """Move the deadline by working days, with the reason kept; the unit is told."""
    require_actor(actor, EDIT, task)
    if not days or abs(days) > MOST_SHIFT:
        raise Refusal(_("Nothing would move."), _("Give 1 to %d working days, earlier with a minus.") % MOST_SHIFT)
    postpone_task(task, due_at=shifted(task.due_at, days), reason=reason, actor=actor, tell=tell)


def remind_of_task(task: Task, *, actor: Any) -> int:
    """Tell the unit once more of a task that runs; returns how many people know. Twice a day tells nobody twice.

    For the office, and for who checks the unit's kind of organization.
    """
    if actor is not None and not may(actor, EDIT, task) and not checks_kind(actor, task):
        raise PermissionDenied(EDIT)
    if task.state not in OPEN_TASK_STATES:
        raise Refusal(_("There is nothing to remind of now: “%s”.") % task.get_state_display())
    with transaction.atomic():
        told = press_unit(task)
        if not told:
            raise Refusal(_("%s has nobody to remind.") % task.unit, _("Name a liaison under Units and posts first."))
        note_step(task, "remind", actor=actor)
    return told


def press_unit(task: Task) -> int:
    """The reminder itself, whoever may send it: once a day for each task; returns how many people know."""
    return remind_unit(task, _("Please see to it: %s") % task.title, key=f"remind-t{task.pk}-{clock.today()}")


def _post_of(unit: Unit, kind: str) -> Post:
    post = Post.objects.filter(unit=unit, kind=kind).order_by("pk").first()
    if post is None:
        raise Refusal(_("%s has no such post.") % unit, _("Name it under Units and posts first."))
    return post


def _change_post(task: Task, post: Post | None, *, kind: str, reason: str, actor: Any) -> None:
    if not kind:
        raise Refusal(_("The task is with %s already.") % task.unit, _("Choose another unit, or a post."))
    if post is not None and post.pk == task.post_id:
        raise Refusal(_("This post answers for it already."))
    with transaction.atomic():
        movable = (TaskState.DRAFT, TaskState.ISSUED, TaskState.ACCEPTED)
        if Task.objects.filter(pk=task.pk, state__in=movable).update(post=post, updated_at=clock.now()) != 1:
            raise StaleState(task)
        data = {"post": str(post), "post_before": str(task.post or "")}
        task.post = post
        note_step(task, "post", actor=actor, note=reason, data=data)


def _change_unit(task: Task, new: Unit, post: Post | None, *, reason: str, actor: Any) -> None:
    old = task.unit
    if task.instruction_id and _has_it(task, new):
        raise Refusal(_("%s has this instruction already.") % new, _("Leave it out, or open its task."))
    data = {
        "unit": str(new), "before": str(old), "former": old.pk, "measures": task.measures, "people": task.people,
        "percent": task.progress,
    }  # fmt: skip
    anew: dict[str, Any] = {
        **roles_at(task, new), "post": post, "unit": new, "measures": "", "people": "", "progress": 0,
    }  # fmt: skip
    was_sent = task.state != TaskState.DRAFT
    with transaction.atomic():
        advance(task, TASK_WORKFLOW, "assign" if was_sent else "address", actor=actor, note=reason, data=data, **anew)
        take_along(task, old, new, actor)
        if was_sent:
            tell_unit(task, _("No longer yours: %s") % task.title, unit=old)
            tell_unit(task, _("New task: %s") % task.title)


def _has_it(task: Task, unit: Unit) -> bool:
    others = Task.objects.filter(instruction=task.instruction_id, unit=unit).exclude(state=TaskState.CANCELLED)
    return others.exclude(pk=task.pk).exists()
