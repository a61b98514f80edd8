"""Answers for notifications who is reminded of a unit's matters: the holder of a post, A else B, then up the line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import F

from chuangwen.accounts.roles import Role
from chuangwen.core.models import Region
from chuangwen.notifications.addressees import Ask
from chuangwen.notifications.enums import Stage
from chuangwen.organizations.enums import GroupKind, PostKind
from chuangwen.organizations.models import ContractedArea, Group, Holding, Post, RoleGrant, Unit
from chuangwen.organizations.queries import escalation_target, first_holders, lasting, office_people
from chuangwen.organizations.scopes import roles_of_user, units_of_user

OWN_POSTS = (PostKind.LIAISON, PostKind.ACTING, PostKind.FIRST)
TAKES_ITS_OWN = (PostKind.LIAISON, PostKind.OTHER)  # named at a matter, such a post is reminded instead of the liaison


class OrganizationDirectory:
    """The people behind units and posts (notifications.addressees.Directory)."""

    def people(self, asks: Collection[Ask]) -> Mapping[Ask, tuple[int, ...]]:
        """A handful of queries whatever the number, and a few for each unit that is asked about up the line."""
        posts = _Posts({ask.unit_id for ask in asks}, {ask.post_id for ask in asks if ask.post_id})
        above = _above({ask.unit_id for ask in asks if ask.stage == Stage.ABOVE})
        found = {}
        for ask in asks:
            if ask.stage == Stage.AHEAD:
                found[ask] = posts.liaison(ask)
            elif ask.stage == Stage.LATE:
                found[ask] = _once([*posts.liaison(ask), *posts.acting(ask)])
            elif ask.stage == Stage.FIRST:
                found[ask] = posts.of(ask.unit_id, PostKind.FIRST)
            else:
                found[ask] = above.get(ask.unit_id, ())
        return found

    def office(self, region_id: int) -> tuple[int, ...]:
        region = Region.objects.get(pk=region_id)
        return tuple(office_people(region, "notifications.edit").order_by("pk").values_list("pk", flat=True))

    def units_of(self, user: Any) -> tuple[int, ...]:
        """By post as first or acting responsible or liaison, and roles; the campaign office by its own unit too."""
        held = Holding.objects.filter(lasting(), user=user, post__kind__in=OWN_POSTS)
        ids = {*held.values_list("post__unit", flat=True), *units_of_user(user)}
        if Role.OFFICE in roles_of_user(user):
            offices = Group.objects.filter(region=user.region_id, kind=GroupKind.LEADING, office__isnull=False)
            ids |= set(offices.values_list("office", flat=True))
        return tuple(sorted(ids))

    def unit_names(self, ids: Collection[int]) -> Mapping[int, str]:
        return {unit.pk: str(unit) for unit in Unit.objects.filter(pk__in=ids)}


class _Posts:
    """Who holds the posts of some units, and posts that are named besides: three queries."""

    def __init__(self, units: Collection[int], named: Collection[int]) -> None:
        kinds = dict(Post.objects.filter(pk__in=named).values_list("pk", "kind"))
        self._kinds: dict[int, str] = kinds
        self._by_post: dict[int, int] = {}
        self._by_kind: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        rows = Holding.objects.filter(lasting(), user__is_active=True)
        rows = rows.filter(post__unit__in=units) | rows.filter(post__in=named)
        for post, kind, unit, user in rows.order_by("post", "slot", "pk").values_list(
            "post", "post__kind", "post__unit", "user"
        ):
            if post not in self._by_post:
                self._by_post[post] = user
                self._by_kind[unit, kind].append(user)
        self._by_role: defaultdict[int, list[int]] = defaultdict(list)
        grants = RoleGrant.objects.filter(lasting(), unit__in=units, role=Role.LIAISON, user__is_active=True)
        # Who has or had a post there is not the liaison for want of one: others, or gone.
        grants = grants.exclude(user__holdings__post__unit=F("unit"))
        for unit, user in grants.order_by("pk").values_list("unit", "user"):
            self._by_role[unit].append(user)

    def of(self, unit: int, kind: str) -> tuple[int, ...]:
        """The acting holder of each post of this kind."""
        return _once(self._by_kind[unit, kind])

    def liaison(self, ask: Ask) -> tuple[int, ...]:
        """The post that was named, if it is one that does the work; else the unit's liaison, by post or by role."""
        if ask.post_id in self._by_post and self._kinds.get(ask.post_id) in TAKES_ITS_OWN:
            return (self._by_post[ask.post_id],)
        return self.of(ask.unit_id, PostKind.LIAISON) or _once(self._by_role[ask.unit_id])

    def acting(self, ask: Ask) -> tuple[int, ...]:
        """The post that was named, else the unit's acting responsible."""
        if ask.post_id in self._by_post:
            return (self._by_post[ask.post_id],)
        return self.of(ask.unit_id, PostKind.ACTING)


def _above(units: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Whom lateness goes up to: the leader in charge, else who contracted the area, else the unit above.

    Resident and vertically managed units go to their line authority or to who contracted the area (practice.md).
    """
    found = {}
    for unit in Unit.objects.filter(pk__in=units).select_related("line_authority"):
        outside = unit.resident or unit.kind == "vertical"
        target = escalation_target(unit) if outside else _in_charge(unit) or escalation_target(unit)
        if isinstance(target, Post):
            found[unit.pk] = first_holders([target.pk])
        elif target is not None:
            found[unit.pk] = first_holders(
                Post.objects.filter(unit=target, kind=PostKind.FIRST).values_list("pk", flat=True)
            )
    return found


def _in_charge(unit: Unit) -> Post | None:
    charge = Post.objects.filter(unit=unit, kind=PostKind.CHARGE).order_by("pk").first()
    if charge is not None:
        return charge
    area = ContractedArea.objects.filter(lasting(), unit=unit).select_related("leader").order_by("pk").first()
    return area.leader if area else None


def _once(users: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(users))
