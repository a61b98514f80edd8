"""What is open at a unit that a new request would ask again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from django.urls import reverse

from chuangwen.core.asked import asked_sources
from chuangwen.core.models import Region
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import WITH_UNIT
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.enums import RepeatGround
from chuangwen.responsibilities.models import Duty, DutyState, Origin, Task, TaskState
from chuangwen.responsibilities.queries.tasks import OPEN
from chuangwen.responsibilities.repeats import ALIKE, alike
from chuangwen.standards.models import Node

K = TypeVar("K", bound=Hashable)
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
    """What is open at `unit` that a request with these words or this criterion would ask again."""
    tasks = Task.objects.filter(OPEN, unit=unit).exclude(pk=but.pk if but else None).order_by("due_at", "pk")
    percent = repeat_rule(unit.region).percent
    found = list(_found(unit, title, node, list(tasks[:LOOKED_AT]), percent))
    others = ((said, url) for _unit, said, url in _elsewhere({unit.pk}) if alike(said, title) >= percent)
    return found + [OpenRequest(RepeatGround.WORDS, said, url) for said, url in others]


@dataclass(frozen=True, slots=True)
class Ask:
    """What is about to be asked of one unit; `node` where it is a criterion's task."""

    unit_id: int
    title: str
    node_id: int | None = None


def open_alike(region: Region, asks: Mapping[K, Ask], *, but: Collection[int] = ()) -> dict[K, OpenRequest]:
    """Of what is about to be asked, that for which a like request runs at its unit, with the first one found.

    Running tasks (`but` these), recurring duties and what other areas ask for (AskedSource.still_open): a query each,
    whatever their number. Of two criteria's tasks only
    those of the same one are alike: their titles often are by themselves. A dossier is no second request beside the
    task of its criterion, which it belongs to.
    """
    if not asks:
        return {}
    percent, units, left = repeat_rule(region).percent, {one.unit_id for one in asks.values()}, frozenset(but)
    held: defaultdict[int, list[tuple[str, int | None, str]]] = defaultdict(list)
    tasks = Task.objects.filter(OPEN, unit__in=units).order_by("due_at", "pk")
    for pk, unit, title, node in tasks.values_list("pk", "unit_id", "title", "node_id"):
        if pk in left:
            continue
        held[unit].append((title, node, reverse("responsibilities:task", args=[pk])))
    duties = Duty.objects.filter(unit__in=units, state=DutyState.RUNNING).order_by("pk")
    for pk, unit, title, node in duties.values_list("pk", "unit_id", "title", "node_id"):
        held[unit].append((title, node, reverse("responsibilities:duty", args=[pk])))
    for unit, title, url in _elsewhere(units):
        held[unit].append((title, None, url))
    found: dict[K, OpenRequest] = {}
    for key, ask in asks.items():
        for title, node, url in held[ask.unit_id][:LOOKED_AT]:
            if ask.node_id is not None and node is not None:
                if ask.node_id == node:
                    found[key] = OpenRequest(RepeatGround.CRITERION, title, url)
            elif alike(title, ask.title) >= percent:
                found[key] = OpenRequest(RepeatGround.WORDS, title, url)
            if key in found:
                break
    return found


def open_at(unit: Unit, tasks: Iterable[Task], *, but: Collection[int] = ()) -> dict[int, OpenRequest]:
    """Of tasks that are about to go to `unit`, by key, those that it has open already: like words, or the criterion.

    The tasks themselves and `but` these aside. A draft asks nobody yet, and what a letter from above asks is passed on
    as it is: neither is looked at.
    """
    several = [one for one in tasks if one.state != TaskState.DRAFT and one.origin != Origin.LETTER]
    asks = {one.pk: Ask(unit.pk, one.title, one.node_id) for one in several if one.unit_id != unit.pk}
    return open_alike(unit.region, asks, but=[*asks, *but])


def _elsewhere(units: Collection[int]) -> Iterator[tuple[int, str, str]]:
    """(unit, title, address) of what other areas have open at these units: written reports."""
    for source in asked_sources():
        if source.still_open is not None:
            yield from source.still_open(units)


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
