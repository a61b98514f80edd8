"""Reads instructions: whose they are, where they stand, what came of them.

What a person sees of an instruction is told from the tasks that the person sees: the office and the leader all of
them, a unit its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from chuangwen.campaigns.context import current_campaign
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Holding, Post
from chuangwen.organizations.queries import lasting
from chuangwen.responsibilities.models import Instruction, Task, TaskState
from chuangwen.responsibilities.queries.tasks import late
from chuangwen.responsibilities.standing import (
    ANSWERED,
    DONE,
    RUNNING,
    UNASSIGNED,
    WAITING_STATES,
    WITHDRAWN,
    Part,
    Standing,
    standing,
)
from chuangwen.workflow.models import Step

NO_LEADERS = (PostKind.LIAISON,)


def posts_held(user: Any) -> QuerySet[Post]:
    """The posts from which this person gives instructions: all held today but a liaison's."""
    if not getattr(user, "pk", None):
        return Post.objects.none()
    held = Holding.objects.filter(lasting(), user=user).values("post")
    return Post.objects.filter(pk__in=held).exclude(kind__in=NO_LEADERS).select_related("unit").order_by("pk")


def is_own(user: Any, instruction: Instruction) -> bool:
    """Whether the person holds the post that the instruction came from."""
    return posts_held(user).filter(pk=instruction.post_id).exists()


def is_mine(user: Any) -> Q:
    """Instructions from a post that the person holds."""
    return Q(post__in=posts_held(user).order_by().values("pk"))


def may_handle(user: Any, instruction: Instruction) -> bool:
    """Whether the person hands the instruction to units: the office, and who gave it."""
    if may(user, "responsibilities.edit", instruction.post):
        return True
    return may(user, "responsibilities.instruct", instruction.post) and is_own(user, instruction)


def in_standing(key: str, user: Any) -> Q:
    """The condition that an instruction stands at `key` (standing.py), by the tasks that `user` sees."""
    standing_ones = Q(withdrawn_at__isnull=True)
    if key == WITHDRAWN:
        return ~standing_ones
    live = Task.objects.visible_to(user).filter(instruction=OuterRef("pk")).exclude(state=TaskState.CANCELLED)
    waiting, replied = live.filter(state__in=WAITING_STATES), live.filter(state=TaskState.REPORTED)
    conditions: dict[str, Callable[[], Q]] = {  # only the one asked for is put together: it stands in every menu
        UNASSIGNED: lambda: ~Q(Exists(live)) & Q(on_letter=False),
        RUNNING: lambda: Q(Exists(waiting)),
        ANSWERED: lambda: ~Q(Exists(waiting)) & Q(Exists(replied)),
        DONE: lambda: ~Q(Exists(waiting)) & ~Q(Exists(replied)) & (Q(Exists(live)) | Q(on_letter=True)),
    }
    return standing_ones & conditions[key]()


def is_open(user: Any) -> Q:
    """Instructions that are neither settled nor withdrawn."""
    return ~in_standing(DONE, user) & ~in_standing(WITHDRAWN, user)


def has_own(user: Any) -> bool:
    """Whether the list begins with the person's own instructions: for who gives them and does not run the office."""
    if may(user, "responsibilities.edit") or not may(user, "responsibilities.instruct"):
        return False
    return posts_held(user).exists()


def is_late(user: Any) -> Q:
    """Instructions of which a unit has let its deadline pass without a reply."""
    tasks = Task.objects.visible_to(user).filter(late(), instruction=OuterRef("pk"))
    return Q(withdrawn_at__isnull=True) & Q(Exists(tasks))


def with_tasks(rows: QuerySet[Instruction], user: Any = None) -> QuerySet[Instruction]:
    """`rows` with the tasks that `user` sees, each with its unit and `reply`, what it reported last: one query more.

    Without a user all of them, for a paper.
    """
    steps = Step.objects.filter(object_type="responsibilities.task", object_id=OuterRef("pk"), action="report")
    last = Subquery(steps.order_by("-pk").values("note")[:1], output_field=CharField())
    seen = Task.objects.all() if user is None else Task.objects.visible_to(user)
    tasks = seen.annotate(reply=Coalesce(last, Value("")))
    return rows.prefetch_related(Prefetch("tasks", tasks.select_related("unit", "region").order_by("pk")))


def instructions_of(request: HttpRequest) -> QuerySet[Instruction]:
    """The instructions of the present campaign that the person sees; all counts that lead to the list ask here."""
    rows = Instruction.objects.visible_to(request.user)
    campaign = current_campaign(request)
    return rows.filter(campaign=campaign) if campaign else rows


def standing_of(instruction: Instruction) -> Standing:
    """Where it stands, by its tasks as they were fetched (`with_tasks`)."""
    parts = [Part(task.state, task.due_at) for task in instruction.tasks.all()]
    withdrawn = instruction.withdrawn_at is not None
    return standing(parts, withdrawn=withdrawn, now=clock.now(), on_letter=instruction.on_letter)


def live_tasks(instruction: Instruction) -> list[Any]:
    """Its tasks as fetched, without the cancelled ones."""
    return [task for task in instruction.tasks.all() if task.state != TaskState.CANCELLED]
