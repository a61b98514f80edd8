"""Reads units, posts and their holders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Concat, Left, Length, NullIf
from django.utils.translation import gettext

from chuangwen.accounts.roles import GRANTABLE, Role, roles_with
from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.core.workbooks.names import Resolution, Resolver, resolver_of
from chuangwen.organizations.enums import KIND_SAYS, GroupKind, PostKind, UnitKind
from chuangwen.organizations.models import (
    ContractedArea,
    Grid,
    Group,
    Holding,
    Post,
    RoleGrant,
    Unit,
    UnitAlias,
    UnitSuccession,
)
from chuangwen.organizations.naming import NameIndex, index_of

MOST_CLASSIFIED = 200  # units on one page; of a unit with more below it only those right below
NEEDED_POSTS = (PostKind.FIRST, PostKind.ACTING, PostKind.LIAISON)  # 第一责任人, 具体责任人, 联络员


def units_today(region: Region | int) -> QuerySet[Unit]:
    """The units of a region, or of the region of this key, that exist today, in the order of the tree."""
    return Unit.objects.filter(region=region).on(clock.today())


def units_to_classify(top: Unit) -> tuple[list[Unit], bool]:
    """The units of today below `top` in the order of the tree, and whether those further down are left out: a query
    or two."""
    below = units_today(top.region_id).filter(path__startswith=top.path, depth__gt=top.depth)
    found = list(below[: MOST_CLASSIFIED + 1])
    if len(found) <= MOST_CLASSIFIED:
        return found, False
    return list(below.filter(depth=top.depth + 1)), True


def of_org_kind(kind: str) -> Q:
    """Units of a kind of organization: by what a person said, else by what kind of unit they are."""
    by_kind = [unit for unit, said in KIND_SAYS.items() if said == kind]
    return Q(org_kind=kind) | Q(org_kind="", kind__in=by_kind)


def own_units(region: Region | int) -> QuerySet[Unit]:
    """Whom 各单位 and 全部直属单位 mean: the units right under the region that are under its own authority today.

    Offices inside a unit are left out, and so are line authorities, which stand above the region.
    """
    return units_today(region).filter(depth=2).exclude(kind=UnitKind.OFFICE).exclude(pk__in=line_authorities(region))


def line_authorities(region: Region | int) -> QuerySet[Unit]:
    """Units kept only because resident or vertically managed units answer to them: they belong to a higher region.

    One that is compared with others here (peer group) or has units below it is the region's own all the same.
    """
    outside = Q(resident=True) | Q(kind=UnitKind.VERTICAL)
    above = Unit.objects.filter(outside, region=region, line_authority__isnull=False).order_by()
    return Unit.objects.filter(pk__in=above.values("line_authority"), peer_group="", numchild=0).order_by()


def name_index(region: Region) -> NameIndex:
    """The index by which names in papers are resolved: three queries."""
    aliases = _other_names(region)
    rows = units_today(region).filter(depth__gt=1).values_list("pk", "name", "short_name", "kind")
    return index_of(rows, aliases, everybody=own_units(region).values_list("pk", flat=True))


def _other_names(region: Region) -> dict[int, list[str]]:
    """Remembered names by unit, in one query; a group and its office mean the unit where the office is."""
    groups = Group.objects.filter(region=region, office__in=units_today(region)).order_by()
    offices = groups.filter(kind=GroupKind.LEADING).annotate(called=Concat("name", Value("办公室")))
    remembered = UnitAlias.objects.filter(region=region).order_by().values_list("unit_id", "name")
    names: defaultdict[int, list[str]] = defaultdict(list)
    for unit_id, name in remembered.union(
        groups.values_list("office_id", "name"), offices.values_list("office_id", "called"), all=True
    ):
        names[unit_id].append(name)
    return names


def unit_resolver(region: Region) -> Resolver:
    """What unit names in a workbook mean: full, short and remembered names, 各街道, 各单位; else candidates.

    Three queries.
    """
    rows = list(units_today(region).filter(depth__gt=1).values_list("pk", "name", "short_name", "kind"))
    aliases = _other_names(region)
    index = index_of(rows, aliases, everybody=own_units(region).values_list("pk", flat=True))
    others = [(short, pk) for pk, _name, short, _kind in rows if short]
    others += [(alias, pk) for pk, known in aliases.items() for alias in known]
    nearest = resolver_of([(pk, name) for pk, name, _short, _kind in rows], aliases=others)

    def resolve(text: str) -> Resolution:
        units = index.resolve(text).units
        if len(units) == 1:
            return Resolution(units[0])
        return Resolution(None, values=units) if units else nearest(text)

    return resolve


def unit_choices(region: Region) -> list[tuple[int, str]]:
    """(pk, name) of the region's units of today, in the order of the tree."""
    return list(units_today(region).filter(depth__gt=1).values_list("pk", "name"))


def lasting(day: date | None = None) -> Q:
    """The condition that a dated row (starts, ends) holds on `day`, today by default."""
    on = day or clock.today()
    return Q(starts__lte=on) & (Q(ends__isnull=True) | Q(ends__gte=on))


def roles_to_give(actor: Any, unit: Unit) -> frozenset[Role]:
    """The roles that `actor` may give and take away at `unit`, by the roles held there or above: one query."""
    held = RoleGrant.objects.filter(lasting(), user=actor, region=unit.region_id).select_related("unit")
    roles = {Role(grant.role) for grant in held if unit.path.startswith(grant.unit.path)}
    return frozenset().union(*(GRANTABLE.get(role, frozenset()) for role in roles))


def office_ids(region: Region) -> frozenset[int]:
    """The people of the region's campaign office, whose roles are an administrator's to change: one query."""
    grants = RoleGrant.objects.filter(lasting(), region=region, role=Role.OFFICE)
    return frozenset(grants.values_list("user", flat=True))


def holders(units: Collection[Unit], kinds: Iterable[str], day: date | None = None) -> QuerySet[Holding]:
    """Who holds posts of these kinds at these units, the A person before the B person."""
    found = Holding.objects.filter(lasting(day), post__unit__in=units, post__kind__in=list(kinds))
    return found.select_related("user", "post", "post__unit").order_by("post__unit", "post__kind", "slot")


def first_holders(posts: Iterable[int]) -> tuple[int, ...]:
    """The account of each post's A person, else of its B person, each once, in the order of the posts' keys."""
    rows = Holding.objects.filter(lasting(), post__in=list(posts), user__is_active=True).order_by("post", "slot", "pk")
    by_post: dict[int, int] = {}
    for post, user in rows.values_list("post", "user"):
        by_post.setdefault(post, user)
    return tuple(dict.fromkeys(by_post.values()))


# Spelled out, since nearly every step of every matter asks it
TOLD = """
SELECT held.user_id FROM organizations_holding held JOIN organizations_post post ON post.id = held.post_id
WHERE held.starts <= %s AND (held.ends IS NULL OR held.ends >= %s) AND post.kind = %s AND post.unit_id IN ({units})
UNION SELECT given.user_id FROM organizations_rolegrant given
WHERE given.starts <= %s AND (given.ends IS NULL OR given.ends >= %s)
AND given.role IN ({roles}) AND given.unit_id IN ({units})
"""


def people_to_tell(unit: Unit, permission: str) -> QuerySet[Any]:
    """Who is told about a matter of `unit`: its liaisons, and those who hold `permission` right at it."""
    return people_to_tell_of([unit], permission)


def people_to_tell_of(units: Collection[Unit], permission: str) -> QuerySet[Any]:
    """Who is told about a matter of several units, each person once."""
    if not units:
        return get_user_model().objects.none()
    told, values = _told(units, permission)
    return get_user_model().objects.filter(pk__in=RawSQL(told, values), is_active=True)  # noqa: S611 (no words of users)


def keys_to_tell_of(units: Collection[Unit], permission: str) -> list[int]:
    """The keys of the accounts of `people_to_tell_of`: one query."""
    if not units:
        return []
    told, values = _told(units, permission)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM accounts_user WHERE is_active AND id IN ({told}) ORDER BY id", values)  # noqa: S608
        return [key for (key,) in cursor.fetchall()]


def _told(units: Collection[Unit], permission: str) -> tuple[str, list[Any]]:
    """TOLD for these units, and the values for its places."""
    on, ids = clock.today(), [unit.pk for unit in units]
    roles = [str(role) for role in roles_with(permission) if role in {Role.LIAISON, Role.KEEPER}] or [""]
    told = TOLD.format(units=_places(ids), roles=_places(roles))
    return told, [on, on, str(PostKind.LIAISON), *ids, on, on, *roles, *ids]


def _places(values: Collection[object]) -> str:
    """As many places in a statement as there are values."""
    return ", ".join(["%s"] * len(values))


def office_people(region: Region, permission: str) -> QuerySet[Any]:
    """The campaign office's people who hold `permission` over the whole region."""
    grants = RoleGrant.objects.filter(
        lasting(), region=region, unit__depth=1, role__in=[str(r) for r in roles_with(permission) if r == Role.OFFICE]
    )
    return get_user_model().objects.filter(pk__in=grants.values("user"), is_active=True)


def region_people(region: Region, permission: str) -> QuerySet[Any]:
    """Whoever holds `permission` over the whole region, leaders as well as the office."""
    grants = RoleGrant.objects.filter(lasting(), region=region, unit__depth=1, role__in=list(roles_with(permission)))
    return get_user_model().objects.filter(pk__in=grants.values("user"), is_active=True)


def names_of_people(region: Region) -> frozenset[str]:
    """The names of all who hold or held a post or a role in the region, but for those that a unit's name contains:
    an account of a whole office is called after it."""
    holders = Holding.objects.filter(region=region).values("user")
    granted = RoleGrant.objects.filter(region=region).values("user")
    people = get_user_model().objects.filter(Q(pk__in=holders) | Q(pk__in=granted))
    units = "\n".join(Unit.objects.filter(region=region).values_list("name", flat=True))
    return frozenset(name for name in people.values_list("name", flat=True) if name and name not in units)


def name_above(path: str) -> Subquery:
    """The name of the unit right above the one whose tree path the outer row has in its column `path`."""
    above = Left(OuterRef(path), Length(OuterRef(path)) - Unit.steplen)
    short = Coalesce(NullIf("short_name", Value("")), "name")
    return Subquery(Unit.objects.filter(path=above).annotate(shown=short).values("shown")[:1])


def escalation_target(unit: Unit) -> Unit | Post | None:
    """Whom lateness of `unit` goes up to.

    Resident and vertically managed units have no post above in the city: it is their line
    authority, else the leader who contracted the area (practice.md, What people refuse). For
    the others it is the tree parent.
    """
    if unit.resident or unit.kind == "vertical":
        if unit.line_authority_id:
            return unit.line_authority
        area = ContractedArea.objects.filter(lasting(), unit=unit).select_related("leader__unit").first()
        return area.leader if area else None
    return Unit.objects.get_parent(unit)


def successors(unit: Unit) -> list[Unit]:
    """The units under which this unit's history sums today: itself while it lasts."""
    frontier, ends, seen = [unit], [], {unit.pk}
    while frontier:
        current = frontier.pop()
        steps = list(UnitSuccession.objects.filter(old=current, day__lte=clock.today()).select_related("new"))
        if not steps:
            ends.append(current)
        for step in steps:
            if step.new_id not in seen:
                seen.add(step.new_id)
                frontier.append(step.new)
    return ends


def sole_heir(unit: Unit) -> Unit | None:
    """The one other unit at which this one goes on today; None where it was split, or where nobody follows."""
    heirs = [one for one in successors(unit) if one.pk != unit.pk]
    lasts = len(heirs) == 1 and (heirs[0].valid_to is None or heirs[0].valid_to >= clock.today())
    return heirs[0] if lasts else None


def lacking_posts() -> Q:
    """Units without a holder today of one of the three posts that every unit fills; offices inside one have none."""
    missing = Q()
    for kind in NEEDED_POSTS:
        missing |= ~Q(pk__in=Holding.objects.filter(lasting(), post__kind=kind).values("post__unit"))
    return missing & Q(depth__gt=1) & ~Q(kind=UnitKind.OFFICE)


def gridded_kinds() -> Q:
    """Communities and villages: what is divided into grids."""
    return Q(kind__in=(UnitKind.COMMUNITY, UnitKind.VILLAGE))


def without_grid() -> Q:
    """Communities and villages that have no grid yet."""
    return gridded_kinds() & ~Q(pk__in=Grid.objects.order_by().values("unit"))


def titles_of(user_ids: set[int]) -> dict[int, str]:
    """People as "unit, post" (市城管局联络员), never by name; by role where they hold no post: two queries."""
    titles: dict[int, str] = {}
    grants = RoleGrant.objects.filter(lasting(), user__in=user_ids).select_related("unit").order_by("-pk")
    for grant in grants:
        titles[grant.user_id] = _title_of(grant)
    holdings = Holding.objects.filter(lasting(), user__in=user_ids).select_related("post__unit").order_by("-pk")
    for holding in holdings:
        slot = gettext(" (holder %s)") % holding.slot if holding.post.kind == PostKind.LIAISON else ""
        titles[holding.user_id] = f"{holding.post.unit}{holding.post.title}{slot}"
    return titles


def _title_of(grant: RoleGrant) -> str:
    role = grant.get_role_display()
    return role if grant.unit.depth == 1 else f"{grant.unit}{role}"
