"""Answers where a person holds a permission: the provider behind `visible_to`.

A grant at a unit covers its subtree; a grant at a region's root covers the region. All of a
person's grants are read once and kept on the user object for the rest of the request.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import Any

from django.db.models import Q

from chuangwen.accounts.roles import permissions_of
from chuangwen.core import clock
from chuangwen.core.access import Scope
from chuangwen.organizations.models import RoleGrant, Unit


def scope_of_user(user: Any, permission: str) -> Scope:
    """The scope of one permission. Two queries for a user's first question, none afterwards."""
    scopes = user.__dict__.get("_scopes")
    if scopes is None:
        scopes = user.__dict__["_scopes"] = _scopes(user)
    return scopes.get(permission, Scope())


def roles_of_user(user: Any) -> frozenset[str]:
    """The names of the roles the user holds today, anywhere."""
    scope_of_user(user, "")
    return user.__dict__.get("_roles", frozenset())


def access_mark_of_user(user: Any) -> str:
    """A mark of what the user may do and see today, whole subtrees included."""
    scope_of_user(user, "")
    grants, subtrees = user.__dict__["_held"]
    held = sorted(grants), sorted((path, sorted(units)) for path, units in subtrees.items())
    return hashlib.sha256(repr(held).encode()).hexdigest()


def units_of_user(user: Any) -> list[int]:
    """The units at which the user's roles are held themselves, without their subtrees."""
    scope_of_user(user, "")
    return user.__dict__.get("_home_units", [])


def unit_words(user: Any) -> str:
    """The unit by whose name a person fills in a form; "" for who works for a whole region."""
    found = Unit.objects.filter(pk__in=units_of_user(user)[:1]).first()
    return "" if found is None or found.depth == 1 else found.name


def _scopes(user: Any) -> dict[str, Scope]:
    today = clock.today()
    lasting = Q(ends__isnull=True) | Q(ends__gte=today)
    grants = list(
        RoleGrant.objects.filter(lasting, user=user, starts__lte=today).values_list(
            "role", "unit_id", "unit__path", "unit__depth", "region_id"
        )
    )
    user.__dict__["_roles"] = frozenset(role for role, *_rest in grants)
    user.__dict__["_home_units"] = list(dict.fromkeys(unit_id for _role, unit_id, *_rest in grants))
    subtrees = _subtrees({path for _role, _unit, path, depth, _region in grants if depth > 1})
    user.__dict__["_held"] = grants, subtrees
    regions: defaultdict[str, set[int]] = defaultdict(set)
    units: defaultdict[str, set[int]] = defaultdict(set)
    homes: defaultdict[str, set[int]] = defaultdict(set)
    for role, _unit_id, path, depth, region_id in grants:
        for permission in permissions_of(role):
            homes[permission].add(region_id)
            if depth == 1:
                regions[permission].add(region_id)
            else:
                units[permission] |= subtrees[path]
    return {
        permission: Scope(frozenset(regions[permission]), frozenset(units[permission]), frozenset(home))
        for permission, home in homes.items()
    }


def _subtrees(paths: set[str]) -> dict[str, set[int]]:
    """The ids of each path's unit and all below it: one query."""
    found: dict[str, set[int]] = {path: set() for path in paths}
    if not paths:
        return found
    below = Q()
    for path in paths:
        below |= Q(path__startswith=path)
    for pk, path in Unit.objects.filter(below).values_list("pk", "path"):
        for prefix in paths:
            if path.startswith(prefix):
                found[prefix].add(pk)
    return found
