"""Reads how deep the breakdown goes: what each unit handed on, to whom, for which things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Post, Unit
from chuangwen.responsibilities.enums import ChainLevel
from chuangwen.responsibilities.models import Assignment, ChainLink, Part, Share, Task
from chuangwen.responsibilities.queries.roads import metres_words
from chuangwen.standards.models import Node

JOINED = ("node", "giver", "unit", "post", "place", "section__road", "grid", "area")
LEVELS = {ChainLevel.DECIDE: PostKind.FIRST, ChainLevel.ANSWER: PostKind.ACTING, ChainLevel.DO: PostKind.LIAISON}


@dataclass(frozen=True, slots=True)
class Handed:
    """All parts of one criterion with one receiver: `things` in words."""

    receiver: str
    about: str
    things: list[str]
    key: int  # of one of its parts


def thing_words(part: Part) -> str:
    """What a part is for, as people say it; "" for the whole."""
    if part.section:
        return f"{part.section.road.name}{metres_words(part.section.starts_at, part.section.ends_at)}"
    return str(part.thing) if part.thing else ""


def handed_on(campaign: Campaign, giver: Unit) -> dict[int, list[Handed]]:
    """What a unit handed on, by criterion: one query, and no rows as objects, since they may be thousands."""
    rows = Part.objects.filter(campaign=campaign, giver=giver).order_by("unit__path", "post__title", "pk")
    found: defaultdict[int, dict[tuple[int, int | None, str], Handed]] = defaultdict(dict)
    for pk, node, unit, name, short, post, title, about, road, starts, ends, *things in rows.values_list(
        "pk", "node_id", "unit_id", "unit__name", "unit__short_name", "post_id", "post__title", "about",
        "section__road__name", "section__starts_at", "section__ends_at", "place__name", "grid__name", "area__name",
    ):  # fmt: skip
        called = short or name
        receiver = called if post is None else title if unit == giver.pk else f"{called}{title}"
        one = found[node].setdefault((unit, post, about), Handed(receiver, about, [], pk))
        words = f"{road}{metres_words(starts, ends)}" if road else next(filter(None, things), "")
        if words:
            one.things.append(words)
    return {node: list(groups.values()) for node, groups in found.items()}


def received(campaign: Campaign, unit: Unit) -> list[tuple[Node, str, list[str]]]:
    """(criterion, who handed it on, for what) of the parts that a unit got from above: one query."""
    rows = Part.objects.filter(campaign=campaign, unit=unit).exclude(giver=unit).select_related(*JOINED)
    found: dict[tuple[int, int], tuple[Node, str, list[str]]] = {}
    for part in rows.order_by("node__position", "pk"):
        line = found.setdefault((part.node_id, part.giver_id), (part.node, str(part.giver), []))
        words = " ".join(filter(None, (part.post.title if part.post else "", part.about, thing_words(part))))
        if words:
            line[2].append(words)
    return list(found.values())


def roots_of(campaign: Campaign, giver: Unit) -> list[Unit]:
    """The unit and those from whom its parts came, up to the one that the matrix names: whose things it may hand on."""
    found, waiting = {giver.pk: giver}, [giver.pk]
    while waiting:
        rows = Part.objects.filter(campaign=campaign, unit__in=waiting).select_related("giver").order_by()
        above = {part.giver_id: part.giver for part in rows if part.giver_id not in found}
        found |= above
        waiting = list(above)
    return list(found.values())


def in_hands(roots: Iterable[Unit], *fields: str) -> Q:
    """Rows of which a unit named by one of `fields` is one of `roots` or below one."""
    found = Q(pk__in=())
    for root in roots:
        for field in fields:
            found |= Q(**{f"{field}__path__startswith": root.path})
    return found


def own_criteria(campaign: Campaign, unit: Unit) -> QuerySet[Node]:
    """The criteria in which a unit has a share, by the matrix or handed on from above."""
    by_matrix = Assignment.objects.filter(campaign=campaign, unit=unit).values("node")
    from_above = Part.objects.filter(campaign=campaign, unit=unit).exclude(giver=unit).values("node")
    nodes = Node.objects.filter(Q(pk__in=by_matrix) | Q(pk__in=from_above))
    return nodes.order_by("version", "position")


def depths(campaign: Campaign) -> QuerySet[Assignment]:
    """Each unit's lead with how far it handed it on, over its whole subtree; `reach` reads the numbers."""
    parts = Part.objects.filter(
        campaign=OuterRef("campaign"), node=OuterRef("node"), giver__path__startswith=OuterRef("unit__path")
    ).order_by()
    below = Count("unit", distinct=True, filter=~Q(unit=OuterRef("unit")))
    things = {name: Count(name, distinct=True) for name in ("post", "place", "section", "grid", "area")}
    # All numbers in one: a subquery for each would look through a criterion's parts six times a row.
    counted = parts.values("campaign").annotate(reach=JSONObject(unit=below, **things)).values("reach")
    return Assignment.objects.filter(campaign=campaign, share=Share.LEAD, node__is_leaf=True).annotate(
        reach=Subquery(counted, output_field=JSONField())
    )


def reach(lead: Any, thing: str) -> int:
    """To how many units below, posts, places, sections, grids or areas a lead of `depths` was handed on."""
    return int((lead.reach or {}).get(thing, 0))


def handed_on_at_all() -> Q:
    """Shares of which the unit handed on something itself."""
    parts = Part.objects.filter(campaign=OuterRef("campaign"), node=OuterRef("node"), giver=OuterRef("unit"))
    return Q(Exists(parts))


@dataclass(frozen=True, slots=True)
class Link:
    """One level of a task's chain; `proposed`: nobody said so, the unit's posts do."""

    level: str
    label: str
    post: Post | None
    proposed: bool

    @property
    def words(self) -> str:
        return str(self.post) if self.post else _("nobody yet")


def chain_of(task: Task) -> list[Link]:
    """Who decides, answers and does: what was said, else the unit's first, acting and liaison posts. Two queries."""
    said = {one.level: one.post for one in ChainLink.objects.filter(task=task).select_related("post__unit")}
    posts = Post.objects.filter(unit=task.unit_id, kind__in=LEVELS.values()).select_related("unit").order_by("-pk")
    usual = {post.kind: post for post in posts}
    if task.post:
        usual[PostKind.ACTING] = task.post
    return [
        Link(level, str(level.label), said.get(level) or usual.get(kind), level not in said)
        for level, kind in LEVELS.items()
    ]
