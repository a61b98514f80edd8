"""The three roles of a task (三角色): who leads, who does it, who supervises (mechanism 29).

The unit's post leads; another post of it may do it; the supervisor is never of the unit that does it, nor a person
who holds one of its two posts.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.organizations.enums import GroupKind, PostKind
from chuangwen.organizations.models import Group, Holding, Membership, Post, Unit
from chuangwen.organizations.queries import lasting
from chuangwen.responsibilities.models import Task
from chuangwen.workflow.services import note_step


def usual_supervisor(unit: Unit) -> Post | None:
    """Who supervises where nobody else is named: the acting responsible of the leading group's office; for that office
    itself the first in the leading group who is of another unit (proposed)."""
    groups = Group.objects.filter(region=unit.region_id, kind=GroupKind.LEADING)
    kinds = [PostKind.ACTING, PostKind.FIRST]
    offices = groups.exclude(office=unit).values("office")
    found = Post.objects.filter(unit__in=offices, kind__in=kinds).order_by("kind", "pk").first()
    if found is not None:
        return found
    seats = Membership.objects.filter(group__in=groups.filter(office=unit)).exclude(post__unit=unit)
    seat = seats.select_related("post").order_by("rank", "pk").first()
    return seat.post if seat else None


def usual_implementer(unit: Unit, lead: Post | None) -> Post | None:
    """Who does it where nobody else is named: the unit's liaison post (决策、主办、承办), but for one that leads."""
    posts = Post.objects.filter(unit=unit, kind=PostKind.LIAISON).exclude(pk=lead.pk if lead else None)
    return posts.order_by("pk").first()


def usual_roles(unit: Unit, lead: Post | None, supervisor: Post | None = None) -> dict[str, Post | None]:
    """Who does a task and who supervises it: `supervisor` rather than the usual one. Nobody supervises rather than the
    same person as does it: such a task stands among those with a role missing."""
    doing = usual_implementer(unit, lead)
    seeing = apart(unit.pk, doing or lead, supervisor) or apart(unit.pk, doing or lead, usual_supervisor(unit))
    return {"implementer": doing, "supervisor": seeing}


def apart(unit_id: int, doing: Post | None, supervisor: Post | None) -> Post | None:
    """The supervisor; None where that would be the own work."""
    try:
        check_supervisor(unit_id, doing, supervisor)
    except Refusal:
        return None
    return supervisor


def supervisors(task: Task) -> QuerySet[Post]:
    """The posts that may supervise a task: of offices of groups, and of members of groups, outside its unit."""
    groups = Group.objects.filter(region=task.region_id)
    seats = Membership.objects.filter(group__in=groups).values("post")
    rows = Post.objects.filter(Q(unit__in=groups.values("office")) | Q(pk__in=seats)).exclude(unit=task.unit_id)
    return rows.select_related("unit").order_by("unit__path", "pk")


def set_roles(task: Task, *, implementer: Post | None, supervisor: Post | None, actor: Any) -> None:
    """Name who does it and who supervises. Raises Refusal."""
    require_actor(actor, "responsibilities.edit", task)
    if implementer is not None and implementer.unit_id != task.unit_id:
        raise Refusal(_("This post belongs to another unit."), _("Choose a post of the unit itself."))
    doing = implementer or task.post
    check_supervisor(task.unit_id, doing, supervisor)
    with transaction.atomic():
        row = Task.objects.filter(pk=task.pk)
        row.update(implementer=implementer, supervisor=supervisor, updated_at=clock.now())
        task.implementer, task.supervisor = implementer, supervisor
        said = {"implementer": str(implementer or ""), "supervisor": str(supervisor or "")}
        note_step(task, "roles", actor=actor, data=said)


def check_supervisor(unit_id: int, doing: Post | None, supervisor: Post | None) -> None:
    """Raises Refusal where the supervisor would supervise the own work."""
    if supervisor is None:
        return
    if supervisor.unit_id == unit_id:
        raise Refusal(_("Who supervises is not of the unit that does it."), _("Choose a post of another unit."))
    if doing is None:
        return
    held = Holding.objects.filter(lasting(), post__in=[doing, supervisor]).values_list("user_id", "post_id")
    by_user: dict[int, set[int]] = {}
    for user, post in held:
        by_user.setdefault(user, set()).add(post)
    if any(len(posts) > 1 for posts in by_user.values()):
        raise Refusal(_("The same person would do it and supervise it."), _("Choose another post."))
