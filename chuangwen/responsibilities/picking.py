"""Roads, tasks, sections, posts, grids and areas to choose among, for fields and filters that look up what is typed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chuangwen.core.picking import Source, register_source
from chuangwen.organizations.models import ContractedArea, Grid, Post
from chuangwen.organizations.queries import lasting
from chuangwen.places.models import Place
from chuangwen.responsibilities.models import OPEN_TASK_STATES, RoadSection, Task, TaskState
from chuangwen.responsibilities.queries.roads import metres_words, roads_of

ANSWER = "responsibilities.answer"


def _roads(user: Any) -> QuerySet[Place]:
    return roads_of(user).select_related("territory").order_by("code")


def _open_tasks(user: Any) -> QuerySet[Task]:
    rows = Task.objects.visible_to(user).filter(state__in=[*OPEN_TASK_STATES, TaskState.REPORTED])
    return rows.select_related("unit").order_by("due_at", "pk")


def _posts_below(user: Any) -> QuerySet[Post]:
    """The posts of the person's own units and of those below them."""
    return Post.objects.visible_to(user, ANSWER).select_related("unit").order_by("unit__path", "title", "pk")


def _grids(user: Any) -> QuerySet[Grid]:
    return Grid.objects.visible_to(user, ANSWER).select_related("unit").order_by("code")


def _areas(user: Any) -> QuerySet[ContractedArea]:
    rows = ContractedArea.objects.filter(lasting()).visible_to(user, ANSWER)
    return rows.select_related("unit", "leader").order_by("name", "pk")


def _sections(user: Any) -> QuerySet[RoadSection]:
    rows = RoadSection.objects.filter(lasting()).visible_to(user, ANSWER)
    return rows.select_related("road", "unit").order_by("road__code", "starts_at", "pk")


def _section_words(section: RoadSection) -> str:
    return f"{section.road.name}{metres_words(section.starts_at, section.ends_at)}"


def register_sources() -> None:
    """Called when the program starts."""
    answer = (ANSWER,)
    register_source(Source("roads", _roads, lambda road: road.name, lambda road: f"{road.territory} · {road.code}",
                           ("name", "code"), ("name", "code"), code="code", hint=_("Name or code"),
                           permissions=("responsibilities.view",)))  # fmt: skip
    register_source(Source("posts-below", _posts_below, str, lambda post: str(post.get_kind_display()),
                           ("unit__name", "unit__short_name", "title"), (), hint=_("Unit and post"),
                           code_words=lambda post: str(post.get_kind_display()), permissions=answer))  # fmt: skip
    register_source(Source("grids", _grids, lambda grid: grid.name, lambda grid: f"{grid.unit} · {grid.code}",
                           ("name", "code"), ("name", "code"), code="code", hint=_("Name or code"),
                           permissions=answer))  # fmt: skip
    register_source(Source("contracted-areas", _areas, lambda area: area.name,
                           lambda area: f"{area.unit} · {area.leader.title}", ("name", "unit__name"), ("name",),
                           permissions=answer))  # fmt: skip
    register_source(Source("road-sections", _sections, _section_words, lambda one: str(one.unit),
                           ("road__name", "between", "unit__name"), (), permissions=answer))  # fmt: skip
    register_source(Source("tasks", _open_tasks, lambda task: task.title, lambda task: f"{task.number} {task.unit}",
                           ("title", "number"), ("number", "title"), code="number", hint=_("Task or number"),
                           permissions=("responsibilities.view",)))  # fmt: skip
