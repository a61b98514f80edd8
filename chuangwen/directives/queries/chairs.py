"""Reads who chairs a meeting, and which called meetings are a person's own.

The chair is text, as a paper names it. A paper names a post with its unit (城管局局长); a bare title means a post of
the region's top, or one with a seat in a group; 领导小组组长 the post that alone has this seat.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value

from chuangwen.core.access import may, scope_of
from chuangwen.directives.enums import MeetingStage
from chuangwen.directives.models import Meeting
from chuangwen.organizations.enums import GroupKind
from chuangwen.organizations.models import Holding, Membership, Post
from chuangwen.organizations.queries import first_holders, lasting


def chair_holders(meeting: Meeting) -> tuple[int, ...]:
    """The accounts of those who hold the post in the chair, A else B; three queries, none where nobody is named."""
    if not meeting.chair:
        return ()
    rows = Post.objects.filter(unit__region=meeting.region_id).exclude(title="").select_related("unit")
    rows = rows.annotate(chair=Value(meeting.chair, CharField())).filter(chair__endswith=F("title"))
    posts = [pk for pk, names in _names(rows).items() if meeting.chair in names]
    posts += [pk for name, pk in _seats(meeting.region_id).items() if name == meeting.chair]
    return first_holders(posts)


def own_meetings(user: Any) -> QuerySet[Meeting]:
    """Called meetings that the person chairs, sits in by post, or holds for the region: three queries."""
    posts = _held_posts(user)
    names = _own_names(posts)
    seats = Meeting.objects.filter(seats__post__in=posts.values("pk")).values("pk")
    mine = Q(chair__in=names) | Q(pk__in=seats) | Q(region__in=scope_of(user, "directives.edit").regions)
    return Meeting.objects.visible_to(user).filter(mine, state=MeetingStage.CALLED)


def reads_minutes(user: Any, meeting: Meeting) -> bool:
    """Whether the person reads what was said and decided: once it is signed whoever sees the meeting, until then the
    office, who may sign, who was in the chair and who took the minutes."""
    if meeting.number or may(user, "directives.edit", meeting) or may(user, "directives.sign", meeting):
        return True
    return not _own_names(_held_posts(user)).isdisjoint({meeting.chair, meeting.recorder})


def _held_posts(user: Any) -> QuerySet[Post]:
    return Post.objects.filter(pk__in=Holding.objects.filter(lasting(), user=user).values("post"))


def _own_names(posts: QuerySet[Post]) -> set[str]:
    """How papers may call one person's posts."""
    held = list(posts.select_related("unit"))
    named = _names(held)
    found = {name for several in named.values() for name in several}
    for region in {post.region_id for post in held}:
        found |= {name for name, pk in _seats(region).items() if pk in named}
    return found


def _seats(region: int) -> dict[str, int]:
    """The posts that a seat in the leading group names alone (领导小组组长): of three deputies none is meant."""
    rows = Membership.objects.filter(group__region=region, group__kind=GroupKind.LEADING)
    found: dict[str, int] = {}
    twice: set[str] = set()
    for group, seat, post in rows.order_by("pk").values_list("group__name", "seat", "post"):
        for name in {f"{group}{seat}", f"领导小组{seat}"}:
            twice |= {name} if found.setdefault(name, post) != post else set()
    return {name: post for name, post in found.items() if name not in twice}


def _names(posts: Iterable[Post]) -> dict[int, set[str]]:
    """How papers may call each post."""
    several = list(posts)
    seated = set(Membership.objects.filter(post__in=several).values_list("post", flat=True)) if several else set()
    found = {}
    for post in several:
        unit, title = post.unit, post.title
        bare = {title} if unit.depth == 1 or post.pk in seated else set()
        found[post.pk] = {f"{unit.name}{title}", f"{unit}{title}", f"{unit.name} {title}", f"{unit} {title}"} | bare
    return found
