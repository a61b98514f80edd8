"""Reads the catalogue of rules that units made for themselves, and who may answer for one or check it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from chuangwen.core import clock
from chuangwen.core.access import may, scope_of
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.scopes import units_of_user
from chuangwen.responsibilities.models import HouseRule, HouseRuleCheck, HouseRuleState

ANSWER = "responsibilities.answer"
SOON = 10  # working days ahead of its date in which a check stands among those to be made (proposed)


@dataclass(frozen=True, slots=True)
class Charge:
    """Who answers for a rule, or checks it: a unit, or a post of the unit that has the rule."""

    office: Unit | None = None
    post: Post | None = None

    def __bool__(self) -> bool:
        return self.office is not None or self.post is not None

    def __str__(self) -> str:
        if self.post is not None:
            return self.post.title
        return str(self.office or "")


NOBODY = Charge()


def in_force() -> Q:
    """Rules that hold today or from a later day on."""
    return ~Q(state=HouseRuleState.ENDED) & (Q(until__isnull=True) | Q(until__gte=clock.today()))


def ownerless_rules() -> Q:
    """Rules in force of a unit that is no more: nobody follows it, or several do, so that a person ends them."""
    return in_force() & Q(unit__valid_to__lt=clock.today())


def checkable() -> Q:
    """Rules in force whose unit lasts, with a date for their next check."""
    lasts = Q(unit__valid_to__isnull=True) | Q(unit__valid_to__gte=clock.today())
    return in_force() & lasts & Q(next_check__isnull=False)


def unchecked() -> Q:
    """Rules in force whose check is overdue."""
    return checkable() & Q(next_check__lt=clock.today())


def to_check() -> Q:
    """Rules in force whose check is overdue, or due within SOON working days."""
    return checkable() & Q(next_check__lte=default_calendar().add_workdays(clock.today(), SOON))


def house_rules_of(user: Any) -> QuerySet[HouseRule]:
    """The rules that the person sees, with what a list needs of the last check."""
    last = HouseRuleCheck.objects.filter(rule=OuterRef("pk"), withdrawn_at__isnull=True).order_by("-day")
    rows = HouseRule.objects.visible_to(user)
    rows = rows.annotate(last_day=Subquery(last.values("day")[:1]), last_result=Subquery(last.values("result")[:1]))
    return rows.select_related("unit", "office", "post", "checker", "checker_post", "successor")


def awaited_checks(user: Any) -> QuerySet[HouseRule]:
    """The overdue checks that the person can make."""
    return HouseRule.objects.visible_to(user, ANSWER).filter(unchecked())


def charge_of(rule: HouseRule) -> Charge:
    """Who answers for the rule."""
    return Charge(rule.office, rule.post)


def checker_of(rule: HouseRule) -> Charge:
    """Who checks the rule."""
    return Charge(rule.checker, rule.checker_post)


def may_keep(user: Any, unit: Unit) -> bool:
    """Whether the person keeps the unit's catalogue: the unit itself, or the campaign office from paper."""
    return may(user, ANSWER, unit)


def may_check(user: Any, rule: HouseRule) -> bool:
    """Whether the person notes checks: who keeps the catalogue, and the unit that checks."""
    return may_keep(user, rule.unit) or (rule.checker is not None and may(user, ANSWER, rule.checker))


def offices_in(unit: Unit) -> QuerySet[Unit]:
    """The units right below, which can answer for a rule of this one."""
    rows = Unit.objects.on(clock.today()).filter(path__startswith=unit.path, depth=unit.depth + 1)
    found: QuerySet[Unit] = rows.order_by("position", "path")
    return found


def charges_in(unit: Unit) -> list[Charge]:
    """All that can answer for a rule of the unit: the units right below, then its own posts."""
    posts = Post.objects.filter(unit=unit).order_by("pk")
    return [*(Charge(office=one) for one in offices_in(unit)), *(Charge(post=one) for one in posts)]


def checkers_in(unit: Unit) -> list[Charge]:
    """All that can check a rule of the unit: the unit, the one above it, and who can answer for a rule."""
    above = Unit.objects.get_parent(unit)
    return [Charge(office=unit), *([Charge(office=above)] if above else []), *charges_in(unit)]


def charge_named(several: list[Charge], text: str) -> Charge | None:
    """The one of `several` that a paper calls so, by full or short name, or by the title of the post."""
    wanted = text.strip()
    for one in several:
        names = {str(one), one.office.name} if one.office else {str(one), str(one.post)}
        if wanted in names:
            return one
    return None


def kept_unit(user: Any, region_id: int) -> Unit | None:
    """The unit whose catalogue the person keeps by a role held right there; None where it has to be chosen."""
    if region_id in scope_of(user, ANSWER).regions:
        return None
    rows = Unit.objects.filter(region=region_id, pk__in=units_of_user(user)).order_by("depth", "path")
    found: Unit | None = next((one for one in rows if may_keep(user, one)), None)
    return found
