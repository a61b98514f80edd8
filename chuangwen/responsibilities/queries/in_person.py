"""Reads what first responsibles did in person: who they are, and their visits on the spot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from chuangwen.core.access import may
from chuangwen.organizations.enums import PostKind, Slot
from chuangwen.organizations.models import Holding, Post, Unit
from chuangwen.responsibilities.in_person import Heads
from chuangwen.responsibilities.models import Instruction, SiteVisit

NOTES = ("responsibilities.answer", "responsibilities.edit", "responsibilities.instruct")


def heads_of(units: Iterable[Unit]) -> Heads:
    """The first responsibles of these units at any time: two queries.

    A paper names a post with its unit (城管局局长); a bare title (市长) means the region's own.
    """
    by_key = {unit.pk: unit for unit in units}
    posts: dict[int, int] = {}
    titles: dict[str, int] = {}
    for pk, unit_id, title in head_posts(by_key).values_list("pk", "unit_id", "title"):
        posts[pk], unit = unit_id, by_key[unit_id]
        names = {f"{unit.name}{title}", f"{unit}{title}", f"{unit} {title}"}
        titles |= dict.fromkeys(names | {title} if unit.depth == 1 else names, unit_id)
    held: defaultdict[int, list[tuple[int, date, date | None]]] = defaultdict(list)
    rows = Holding.objects.filter(post__in=posts, slot=Slot.A).order_by("starts")
    for user, post, starts, ends in rows.values_list("user_id", "post_id", "starts", "ends"):
        held[user].append((posts[post], starts, ends))
    return Heads(posts, titles, {user: tuple(terms) for user, terms in held.items()})


def head_posts(units: Iterable[int]) -> QuerySet[Post]:
    """The posts of first responsibles of these units."""
    return Post.objects.filter(unit__in=list(units), kind=PostKind.FIRST).order_by("unit", "pk")


def may_note(user: Any, unit: Unit) -> bool:
    """Whether the person notes visits of the unit's first responsible: the unit, its leader, the campaign office."""
    return any(may(user, one, unit) for one in NOTES)


def visits_of(user: Any, unit: Unit) -> QuerySet[SiteVisit]:
    """The unit's visits that hold, the latest first."""
    rows = SiteVisit.objects.visible_to(user).filter(unit=unit, withdrawn_at__isnull=True)
    return rows.prefetch_related("places").order_by("-day", "-pk")


def came_of(visit: SiteVisit, user: Any) -> QuerySet[Instruction]:
    """The instructions that name the visit's number."""
    rows = Instruction.objects.visible_to(user).filter(post=visit.post_id, withdrawn_at__isnull=True)
    return rows.filter(written_on__gte=visit.day, content__contains=visit.number).order_by("pk")
