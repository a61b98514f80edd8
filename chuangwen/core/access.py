"""Scoped access: the one mechanism by which a person reaches rows.

A role is held at a unit and covers its subtree. Which roles a person holds is known to a
higher area (organizations), which registers itself here as the provider of scopes; this
module knows only what a scope means for a query. Every view starts from
`Model.objects.visible_to(user)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    Person = AbstractBaseUser | AnonymousUser


@dataclass(frozen=True, slots=True)
class Scope:
    """Where somebody holds a permission: whole regions, and single units (subtrees spelled out).

    `home_regions` are all regions in which it is held anywhere: what is no secret inside a
    region (its standards, its campaigns) is shown to them all.
    """

    regions: frozenset[int] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    home_regions: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.regions or self.unit_ids)


NOWHERE = Scope()
ScopeProvider = Callable[[Any, str], Scope]
RoleProvider = Callable[[Any], frozenset[str]]
MarkProvider = Callable[[Any], str]
_provider: list[ScopeProvider] = []
_holders: list[RoleProvider] = []
_markers: list[MarkProvider] = []


def register_scope_provider(provider: ScopeProvider) -> None:
    """Name the function (user, permission) -> Scope. Called once, when the program starts."""
    _provider[:] = [provider]


def register_role_provider(provider: RoleProvider) -> None:
    """Name the function user -> names of the roles held today. Called once, when the program starts."""
    _holders[:] = [provider]


def register_mark_provider(provider: MarkProvider) -> None:
    """Name the function user -> a mark of all roles and scopes. Called once, when the program starts."""
    _markers[:] = [provider]


def access_mark(user: Any) -> str:
    """Short words that change with whatever `user` may do or see: the same mark, the same scopes."""
    return _markers[0](user) if _markers else ""


def roles_held(user: Any) -> frozenset[str]:
    """The names of the roles that `user` holds today, at whatever unit."""
    return _holders[0](user) if _holders else frozenset()


def scope_of(user: Any, permission: str) -> Scope:
    """Where `user` holds `permission`; nowhere for strangers. At most one query a request and user."""
    if not getattr(user, "is_authenticated", False) or not user.is_active or not _provider:
        return NOWHERE
    return _provider[0](user, permission)


def may(user: Any, permission: str, obj: Any = None) -> bool:
    """Whether `user` holds `permission` anywhere or, with `obj`, over that object."""
    scope = scope_of(user, permission)
    if obj is None or not scope:
        return bool(scope)
    if obj.region_id in scope.regions:
        return True
    return any(unit_id in scope.unit_ids for unit_id in units_of(obj))


def units_of(obj: Any) -> set[int]:
    """The ids of the units by which people of one unit see `obj`."""
    lookups = type(obj).scope_units
    found: set[int] = set()
    for lookup in lookups:
        value = obj
        for part in lookup.split("__"):
            value = getattr(value, part, None)
            if value is None:
                break
        if value is not None:
            found.add(value if isinstance(value, int) else value.pk)
    return found


def require(user: Any, permission: str, obj: Any = None) -> None:
    """Raise PermissionDenied unless `may`."""
    if not may(user, permission, obj):
        raise PermissionDenied(permission)


def require_actor(actor: Any, permission: str, over: Any) -> None:
    """As `require`, where a service asks: `over` is a row, and the program itself (`actor` None) may."""
    if actor is not None:
        require(actor, permission, over)


def require_region(actor: Any, permission: str, region_id: int | None) -> None:
    """As `require_actor`, for what concerns a whole region: the permission must be held over all of it."""
    if actor is not None and region_id not in scope_of(actor, permission).regions:
        raise PermissionDenied(permission)


def require_within(actor: Any, permission: str, region_id: int) -> None:
    """As `require_region`, for what whoever holds the permission anywhere in the region may do."""
    if actor is not None and region_id not in scope_of(actor, permission).home_regions:
        raise PermissionDenied(permission)


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows that views may only reach after `visible_to`."""

    def visible_to(self, user: Any, permission: str = "") -> Self:
        """The rows that `user` may see, or act on with `permission`. Adds no query."""
        model: Any = self.model
        scope = scope_of(user, permission or model.view_permission)
        if not scope:
            return self.none()
        return self.filter(model.scope_filter(scope))


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """The default manager of every scoped model."""


def visible_or_404(queryset: Any, user: Any, permission: str = "", **lookup: Any) -> Any:
    """The one row that `lookup` names and `user` may see; 404 otherwise, so that nothing is given away."""
    try:
        return queryset.visible_to(user, permission).get(**lookup)
    except (queryset.model.DoesNotExist, ValueError, OverflowError) as error:
        raise Http404 from error
