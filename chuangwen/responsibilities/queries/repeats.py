"""What is open at a unit that a new request would ask again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from chuangwen.core.models import Region
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import WITH_UNIT
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.enums import RepeatGround
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.queries.tasks import OPEN
from chuangwen.responsibilities.repeats import ALIKE, alike
from chuangwen.standards.models import Node

LOOKED_AT: Final = 500  # open tasks of a unit
ALIKE_SOURCE: Final = "proposed: 用词重合六成以上视为相近"


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that is open at the unit, and why it looks the same."""

    ground: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """From how many per cent of like words on a request counts as the same."""

    percent: int
    source: str


def repeat_rule(region: Region) -> RepeatRule:
    return RepeatRule(**region.own("repeats", {"percent": ALIKE, "source": ALIKE_SOURCE}))


def open_like(unit: Unit, title: str, node: Node | None, *, but: Task | None = None) -> list[OpenRequest]:
    """What is open at `unit` that a request with these words or this criterion would ask again: three queries."""
    tasks = Task.objects.filter(OPEN, unit=unit).exclude(pk=but.pk if but else None).order_by("due_at", "pk")
    percent = repeat_rule(unit.region).percent
    return list(_found(unit, title, node, list(tasks[:LOOKED_AT]), percent))


def _found(unit: Unit, title: str, node: Node | None, tasks: list[Task], percent: int) -> Iterator[OpenRequest]:
    for task in tasks:
        url = reverse("responsibilities:task", args=[task.pk])
        if alike(task.title, title) >= percent:
            yield OpenRequest(RepeatGround.WORDS, task.title, url)
        elif node is not None and task.node_id == node.pk:
            yield OpenRequest(RepeatGround.CRITERION, task.title, url)
    if node is not None:
        for dossier in Dossier.objects.filter(WITH_UNIT, unit=unit, node=node).select_related("node"):
            yield OpenRequest(RepeatGround.DOSSIER, str(dossier), reverse("evidence:dossier", args=[dossier.pk]))
