"""Whom a notice goes to: posts of the unit, and from yellow on who stands above it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.accounts.roles import roles_with
from chuangwen.core.models import Region
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import ContractedArea, Post, RoleGrant, Unit
from chuangwen.organizations.queries import escalation_target, holders, lasting, people_to_tell
from chuangwen.supervision.enums import Addressee, Colour, CopyTo
from chuangwen.supervision.models import NoticeStep

POSTS = {
    Addressee.LIAISON: (PostKind.LIAISON,),
    Addressee.ACTING: (PostKind.LIAISON, PostKind.ACTING),
    Addressee.FIRST: (PostKind.FIRST,),
    Addressee.HEAD: (PostKind.FIRST,),
}


@dataclass(frozen=True, slots=True)
class Addressed:
    """To whom and with copy to whom, in words for the sheet; the accounts that hear of it; what stands in the way."""

    to: str
    copy: str = ""
    people: frozenset[int] = field(default_factory=frozenset)
    missing: str = ""


def addressed(unit: Unit, step: NoticeStep) -> Addressed:
    """Who gets a notice of this step. Resident and vertically managed units have no post above in the city: from
    yellow on it goes to their line authority, else to the leader who contracted the area (practice.md)."""
    kinds = POSTS[Addressee(step.addressee)]
    to = _posts_words(unit, kinds, str(step.get_addressee_display()))
    people = set(people_to_tell(unit, "supervision.answer").values_list("pk", flat=True))
    people |= set(holders([unit], kinds).values_list("user", flat=True))
    if not goes_up(unit, step.step):
        copy, copied = _copied(unit, step.copy_to)
        return Addressed(to, copy, frozenset(people | copied))
    target = escalation_target(unit)
    if target is None:
        missing = _("%s has neither a line authority nor a leader who contracted the area.") % unit
        return Addressed(to, "", frozenset(people), missing)
    above, told = _above(target)
    if step.step == Colour.RED:
        return Addressed(above, to, frozenset(people | told))
    return Addressed(to, above, frozenset(people | told))


def goes_up(unit: Unit, step: str) -> bool:
    """Whether this step of this unit goes out of the city's own posts."""
    return (unit.resident or unit.kind == "vertical") and step in {Colour.YELLOW, Colour.RED}


def signers(region: Region, permission: str) -> Any:
    """Who signs in person for the whole region: those whose role at its top allows it."""
    roles = [str(role) for role in roles_with(permission)]
    grants = RoleGrant.objects.filter(lasting(), region=region, unit__depth=1, role__in=roles)
    return get_user_model().objects.filter(pk__in=grants.values("user"), is_active=True)


def signers_at(unit: Unit) -> Any:
    """Who signs in person for a body that signs jointly: those whose role right at it allows it."""
    roles = [str(role) for role in roles_with("supervision.sign_red")]
    grants = RoleGrant.objects.filter(lasting(), unit=unit, unit__depth__gt=1, role__in=roles)
    return get_user_model().objects.filter(pk__in=grants.values("user"), is_active=True)


def users_of(ids: frozenset[int]) -> Any:
    """The accounts to tell."""
    return get_user_model().objects.filter(pk__in=ids, is_active=True)


def _posts_words(unit: Unit, kinds: tuple[PostKind, ...], label: str) -> str:
    """市城管局：联络员、副局长; where no post is named, the unit and what the step says."""
    titles = Post.objects.filter(unit=unit, kind__in=kinds).order_by("kind", "pk").values_list("title", flat=True)
    names = pgettext("between posts", ", ").join(dict.fromkeys(titles)) or label
    return _("%(unit)s: %(posts)s") % {"unit": unit.name, "posts": names}


def _copied(unit: Unit, copy_to: str) -> tuple[str, set[int]]:
    if copy_to == CopyTo.SUPERVISION:
        return str(CopyTo.SUPERVISION.label), set()
    if copy_to != CopyTo.CHARGE:
        return "", set()
    charge = Post.objects.filter(unit=unit, kind=PostKind.CHARGE).select_related("unit").first()
    if charge is None:
        area = ContractedArea.objects.filter(lasting(), unit=unit).select_related("leader__unit").first()
        charge = area.leader if area else None
    if charge is None:
        return str(CopyTo.CHARGE.label), set()
    return str(charge), _holders_of(charge)


def _above(target: Unit | Post) -> tuple[str, set[int]]:
    if isinstance(target, Post):
        return str(target), _holders_of(target)
    told = holders([target], (PostKind.FIRST, PostKind.LIAISON)).values_list("user", flat=True)
    return target.name, set(told)


def _holders_of(post: Post) -> set[int]:
    return set(post.holdings.filter(lasting()).values_list("user", flat=True))
