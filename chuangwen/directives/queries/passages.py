"""Reads which passages of a document gave a person's units work (least privilege: nothing else of the document)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from chuangwen.core.access import scope_of
from chuangwen.directives.models import Candidate
from chuangwen.responsibilities.models import Duty, StandingRule, Task


@dataclass(frozen=True, slots=True)
class Passage:
    """A directive with what came of it for the person's units."""

    row: Candidate
    tasks: tuple[Task, ...]
    duties: tuple[Duty, ...]
    rules: tuple[StandingRule, ...]


def own_passages(user: Any, document: int) -> list[Passage]:
    """In the order of the document: a handful of queries. Rules that name no unit hold for everybody's."""
    own = scope_of(user, "directives.attend").unit_ids
    tasks = Task.objects.visible_to(user)
    duties = Duty.objects.visible_to(user)
    named = StandingRule.units.through.objects.filter(unit__in=own).values("standingrule")
    every = ~Q(pk__in=StandingRule.units.through.objects.values("standingrule"))
    rules = StandingRule.objects.visible_to(user).filter(Q(pk__in=named) | every)
    rows = Candidate.objects.filter(document=document).select_related("document").order_by("start", "pk")
    seen = {
        "tasks": _by_row(Candidate.tasks.through, tasks, document, "task"),
        "duties": _by_row(Candidate.duties.through, duties, document, "duty"),
        "rules": _by_row(Candidate.rules.through, rules, document, "standingrule"),
    }
    return [
        Passage(row, **{name: tuple(by_row.get(row.pk, ())) for name, by_row in seen.items()})
        for row in rows.filter(pk__in={pk for by_row in seen.values() for pk in by_row})
    ]


def _by_row(through: Any, visible: Any, document: int, name: str) -> dict[int, list[Any]]:
    """What came of each directive, as far as it is among `visible`."""
    links = through.objects.filter(candidate__document=document, **{f"{name}__in": visible.values("pk")})
    found: dict[int, list[Any]] = {}
    for link in links.select_related(name).order_by("pk"):
        found.setdefault(link.candidate_id, []).append(getattr(link, name))
    return found
