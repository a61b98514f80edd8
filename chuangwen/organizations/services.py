"""Changes units, posts, holders and roles. Every change is dated and audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from chuangwen.accounts.roles import HELD_ALONE, ROLE_LABELS, Role
from chuangwen.audit.services import record
from chuangwen.audit.settings import keep_setting
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.asking import Question
from chuangwen.core.errors import Refusal
from chuangwen.core.models import OFFICE_WORDS, Region
from chuangwen.organizations.enums import Branch, PostKind, Slot, SuccessionKind, UnitKind
from chuangwen.organizations.models import Holding, Post, RoleGrant, Unit, UnitAlias, UnitSuccession
from chuangwen.organizations.queries import lasting, office_ids, roles_to_give

EDIT, CLASSIFY = "organizations.edit", "organizations.classify"
POST = Question(lambda unit, kind, title: Post.objects.filter(unit=unit, kind=kind, title=title))
HOLDINGS = Question(
    lambda post, slot, day: Holding.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=day), post=post, slot=slot
    ).order_by("starts")
)
GRANTS = Question(
    lambda user, region, day: RoleGrant.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=day), user=user, region=region
    ).order_by("pk")
)
CODE = Question(
    lambda region, code: Unit.objects.filter(region=region, code=code).order_by().values_list("pk", flat=True)
)


def found_region(code: str, name: str, *, actor: Any) -> Unit:
    """Make a region with the unit at its top, which everything else hangs below."""
    with transaction.atomic():
        region = Region.objects.create(code=code, name=name)
        facts = {"code": "root", "name": name, "kind": UnitKind.REGION, "branch": Branch.TERRITORY}
        root = Unit.objects.add_root({"region": region, **facts})
        record("organizations.region.found", root, actor=actor)
    return root


def set_office_word(region: Region, word: str, *, actor: Any) -> None:
    """Keep what the offices inside units are called in this region (处室, 科室, 股室 …)."""
    if word not in OFFICE_WORDS:
        raise Refusal(_("“%s” is not a word for offices that is known here.") % word, _("Choose one of the list."))
    keep_setting(region, "office_word", word, action="organizations.region.office_word", actor=actor, permission=EDIT)


def create_unit(parent: Unit, *, actor: Any, code: str, name: str, **fields: Any) -> Unit:
    """Add a unit below `parent`. Raises Refusal where the code is taken in the region."""
    require_actor(actor, EDIT, parent)
    _refuse_taken_code(parent.region_id, code)
    with transaction.atomic():
        unit = Unit.objects.add_child(parent, {"region": parent.region, "code": code, "name": name, **fields})
        record("organizations.unit.create", unit, actor=actor, data={"code": code, "parent": str(parent)})
    return unit


def edit_unit(unit: Unit, *, actor: Any, parent: Unit | None = None, **fields: Any) -> Unit:
    """Change a unit's facts and, with `parent`, hang it there: both or, where one is refused, neither.

    A new name of the same unit keeps the old one as an alias.
    """
    require_actor(actor, EDIT, unit)
    if "code" in fields:
        _refuse_taken_code(unit.region_id, fields["code"], but=unit)
    before = {name: getattr(unit, name) for name in fields}
    with transaction.atomic():
        if parent is not None and parent.pk != getattr(Unit.objects.get_parent(unit), "pk", None):
            unit = move_unit(unit, parent, actor=actor)
        for name, value in fields.items():
            setattr(unit, name, value)
        unit.save(update_fields=[*fields, "updated_at"])
        for key in ("name", "short_name"):
            if before.get(key) and before[key] != getattr(unit, key):
                remember_alias(unit, before[key], actor=actor)
        record("organizations.unit.edit", unit, actor=actor, data={"before": before, "after": fields})
    return unit


def set_org_kinds(top: Unit, kinds: Mapping[Unit, str], *, actor: Any) -> int:
    """Say what kind of organization units below `top` are (OrgKind, NO_KIND, or "" to leave it open); how many changed.

    For the office, and for a unit within its own subtree. Raises Refusal for a unit that is not below `top`.
    """
    require_actor(actor, CLASSIFY, top)
    if any(unit.pk == top.pk or not unit.path.startswith(top.path) for unit in kinds):
        raise Refusal(_("A unit is not below %s.") % top, _("Choose units below it."))
    changed = {unit: kind for unit, kind in kinds.items() if unit.org_kind != kind}
    with transaction.atomic():
        for unit, kind in changed.items():
            Unit.objects.filter(pk=unit.pk).update(org_kind=kind, updated_at=clock.now())
            unit.org_kind = kind
        if changed:
            told = {str(unit): kind for unit, kind in changed.items()}
            record("organizations.unit.org_kinds", top, actor=actor, data={"kinds": told})
    return len(changed)


def _refuse_taken_code(region_id: int, code: str, but: Unit | None = None) -> None:
    if any(but is None or pk != but.pk for pk in CODE(region_id, code)):
        raise Refusal(_("The code “%s” is already in use.") % code, _("Choose another code."))


def move_unit(unit: Unit, parent: Unit, *, actor: Any) -> Unit:
    """Hang a unit, with all below it, under another parent of the same region."""
    require_actor(actor, EDIT, unit)
    if unit.region_id != parent.region_id:
        raise Refusal(_("The two units belong to different regions."), _("Choose a parent in the same region."))
    require_actor(actor, EDIT, parent)
    if parent.path.startswith(unit.path):
        raise Refusal(_("A unit cannot hang below itself."), _("Choose another parent."))
    with transaction.atomic():
        old = str(Unit.objects.get_parent(unit))
        Unit.objects.move(unit, parent, "last-child")
        moved = Unit.objects.get(pk=unit.pk)
        record("organizations.unit.move", moved, actor=actor, data={"from": old, "to": str(parent)})
    return moved


def succeed_units(
    old: Sequence[Unit], new: Sequence[Unit], *, kind: SuccessionKind, day: date, actor: Any
) -> list[UnitSuccession]:
    """End the old units the day before `day` and let the new ones follow them.

    Renamed: one to one; merged: many to one; split: one to many. Old papers keep the old
    names; history sums under the successors (practice.md, What the data must survive).
    """
    for unit in old:
        require_actor(actor, EDIT, unit)
    shapes = {SuccessionKind.RENAMED: (1, 1), SuccessionKind.MERGED: (None, 1), SuccessionKind.SPLIT: (1, None)}
    wants_old, wants_new = shapes[kind]
    if (wants_old and len(old) != wants_old) or (wants_new and len(new) != wants_new) or not old or not new:
        raise Refusal(_("These units do not fit this kind of change."), _("Check which units end and which begin."))
    if {unit.pk for unit in old} & {unit.pk for unit in new}:
        raise Refusal(_("A unit cannot follow itself."), _("Name the new unit."))
    _refuse_dates(old, new, day)
    for unit in new:
        require_actor(actor, EDIT, unit)
    with transaction.atomic():
        for unit in old:
            Unit.objects.filter(pk=unit.pk).update(valid_to=day - timedelta(days=1))
        for unit in new:
            Unit.objects.filter(pk=unit.pk, valid_from__isnull=True).update(valid_from=day)
        rows = [
            UnitSuccession.objects.create(region=a.region, old=a, new=b, kind=kind, day=day) for a in old for b in new
        ]
        for row in rows:
            record("organizations.unit.succeed", row, actor=actor, data={"kind": kind, "day": day.isoformat()})
    return rows


def _refuse_dates(old: Sequence[Unit], new: Sequence[Unit], day: date) -> None:
    """Who has ended neither ends again nor follows anybody, so that no two successions close a circle."""
    if len({unit.region_id for unit in (*old, *new)}) > 1:
        raise Refusal(_("The two units belong to different regions."), _("Choose units of one region."))
    for unit in (*old, *new):
        if unit.valid_to and unit.valid_to < day:
            raise Refusal(
                _("“%(unit)s” ended on %(day)s already.") % {"unit": unit, "day": unit.valid_to},
                _("Choose units that exist on that day."),
            )
    for unit in old:
        if unit.valid_from and unit.valid_from >= day:
            raise Refusal(
                _("“%(unit)s” began only on %(day)s.") % {"unit": unit, "day": unit.valid_from},
                _("Choose a later date."),
            )


def remember_alias(unit: Unit, name: str, *, actor: Any) -> UnitAlias:
    """From now on `name` in papers means `unit`; an alias of another unit moves over."""
    require_actor(actor, EDIT, unit)
    with transaction.atomic():
        alias, _created = UnitAlias.objects.update_or_create(region=unit.region, name=name, defaults={"unit": unit})
        record("organizations.alias.remember", unit, actor=actor, data={"name": name})
    return alias


def forget_alias(region: Region, name: str, *, actor: Any, unit: Unit | None = None) -> None:
    """`name` stands for no unit any more, or again for the `unit` that it meant before."""
    known = UnitAlias.objects.filter(region=region, name=name).select_related("unit").first()
    if known is None:
        return
    require_actor(actor, EDIT, known.unit)
    with transaction.atomic():
        record("organizations.alias.forget", known.unit, actor=actor, data={"name": name})
        if unit is None:
            known.delete()
        else:
            remember_alias(unit, name, actor=actor)


def name_post(unit: Unit, kind: PostKind, title: str, *, actor: Any) -> Post:
    """The unit's post of this kind and title, made where it is missing."""
    require_actor(actor, EDIT, unit)
    with transaction.atomic():
        post: Post | None = POST.first(unit, str(kind), title)
        if post is not None:
            return post
        post = Post(unit=unit, kind=kind, title=title, region=unit.region)
        if not post.insert_unless_there():  # somebody named it at the same moment
            return Post.objects.get(unit=unit, kind=kind, title=title)
        record("organizations.post.create", post, actor=actor)
    return post


def retitle_post(post: Post, title: str, *, actor: Any) -> Post:
    """Give a post another title; its holders and open matters stay with it."""
    require_actor(actor, EDIT, post)
    before = post.title
    if title == before:
        return post
    with transaction.atomic():
        post.title = title
        post.save(update_fields=["title", "updated_at"])
        record("organizations.post.retitle", post, actor=actor, data={"before": before, "after": title})
    return post


def fill_post(
    unit: Unit, kind: PostKind, title: str, user: Any, *, slot: Slot = Slot.A, starts: date | None = None, actor: Any
) -> Holding:
    """Name the post where the unit lacks it and give it to `user`: both or neither."""
    with transaction.atomic():
        return hold_post(name_post(unit, kind, title, actor=actor), user, slot=slot, starts=starts, actor=actor)


def hold_post(post: Post, user: Any, *, slot: Slot = Slot.A, starts: date | None = None, actor: Any) -> Holding:
    """Let `user` hold the post from `starts`; who held the slot until then ends the day before.

    Refused where the new holding would begin before the present one.
    """
    require_actor(actor, EDIT, post)
    day = starts or clock.today()
    with transaction.atomic():
        for present in HOLDINGS(post, str(slot), day):
            if present.user_id == user.pk and present.ends is None:
                return present
            if present.starts >= day:
                raise Refusal(
                    _("The present holder began on %s, which is not before the new date.") % present.starts,
                    _("Choose a later date."),
                )
            Holding.objects.filter(pk=present.pk).update(ends=day - timedelta(days=1))
        holding = Holding.objects.create(region=post.region, post=post, user=user, slot=slot, starts=day)
        record("organizations.post.hold", post, actor=actor, data={"holder": str(user), "slot": slot, "from": str(day)})
    return holding


def leave_post(holding: Holding, *, ends: date, actor: Any) -> Holding:
    """End a holding; the post stays, and its open matters with it."""
    require_actor(actor, EDIT, holding)
    if ends < holding.starts:
        raise Refusal(_("The end lies before the beginning."), _("Choose a later date."))
    with transaction.atomic():
        Holding.objects.filter(pk=holding.pk).update(ends=ends)
        holding.ends = ends
        record(
            "organizations.post.leave",
            holding.post,
            actor=actor,
            data={"holder": str(holding.user), "until": str(ends)},
        )
    return holding


def grant_role(user: Any, role: Role, unit: Unit, *, actor: Any, starts: date | None = None) -> RoleGrant:
    """Give `user` a role at `unit` and below, as GRANTABLE allows `actor`.

    Administrator and auditor are held alone (separated duties). `actor` None is the program itself.
    """
    _check_giving(user, role, unit, actor)
    day = starts or clock.today()
    others = GRANTS(user, unit.region_id, day)
    roles = {*(other.role for other in others), str(role)}
    if HELD_ALONE & roles and len(roles) > 1:
        raise Refusal(
            _("Administrators and auditors hold no other role, so that nobody watches over the own doing."),
            _("Use a second account."),
        )
    with transaction.atomic():
        fitting = (one for one in others if (one.role, one.unit_id) == (str(role), unit.pk) and one.starts <= day)
        if existing := next(fitting, None):
            return existing
        grant = RoleGrant.objects.create(region=unit.region, user=user, role=str(role), unit=unit, starts=day)
        record("organizations.role.grant", grant, actor=actor, data={"user": str(user), "role": str(role)})
    user.__dict__.pop("_scopes", None)
    return grant


def _check_giving(user: Any, role: Role, unit: Unit, actor: Any) -> None:
    """Nobody changes the own roles; an office gives working roles, and none to its own people."""
    if actor is None:
        return
    if actor.pk == user.pk:
        raise Refusal(_("Nobody changes the own roles."), _("Ask another administrator."))
    allowed = roles_to_give(actor, unit)
    if role not in allowed:
        raise Refusal(
            _("The role “%s” is given and taken away by an administrator.") % ROLE_LABELS[role],
            _("Ask an administrator of the region."),
        )
    if Role.OFFICE not in allowed and user.pk in office_ids(unit.region):
        raise Refusal(
            _("The roles of people of the campaign office are changed by an administrator."),
            _("Ask an administrator of the region."),
        )


def end_grant(grant: RoleGrant, *, actor: Any) -> None:
    """Take a role away from today on, by whoever may give it. The last administrator who can sign in stays."""
    _check_giving(grant.user, Role(grant.role), grant.unit, actor)
    if grant.role == Role.ADMINISTRATOR and grant.unit.depth == 1:
        others = RoleGrant.objects.filter(
            lasting(), region=grant.region, role=Role.ADMINISTRATOR, unit__depth=1, user__is_active=True
        )
        if not others.exclude(pk=grant.pk).exists():
            raise Refusal(_("This is the last administrator."), _("Name another administrator first."))
    with transaction.atomic():
        RoleGrant.objects.filter(pk=grant.pk).update(ends=clock.today() - timedelta(days=1))
        record("organizations.role.end", grant, actor=actor, data={"user": str(grant.user), "role": grant.role})
    grant.user.__dict__.pop("_scopes", None)


def keep_row(row: Any, *, actor: Any) -> Any:
    """Write a group, seat, grid or contracted area that its form has checked, and audit it."""
    require_actor(actor, EDIT, row)
    made = row.pk is None
    with transaction.atomic():
        row.save()
        record(f"{row._meta.label_lower}.{'create' if made else 'edit'}", row, actor=actor)
    return row


def drop_row(row: Any, *, actor: Any) -> None:
    """Take a seat away, and audit it."""
    require_actor(actor, EDIT, row)
    with transaction.atomic():
        record(f"{row._meta.label_lower}.drop", row, actor=actor)
        row.delete()
