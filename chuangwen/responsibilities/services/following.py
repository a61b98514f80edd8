"""Open tasks and house rules of units that were renamed or merged go on at the one unit that follows; others wait."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.models import CampaignState
from chuangwen.core import clock
from chuangwen.core.daily import one_by_one
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import people_to_tell, sole_heir
from chuangwen.responsibilities.models import HouseRule, HouseRuleState, Task, TaskState
from chuangwen.responsibilities.queries.house_rules import (
    ANSWER,
    NOBODY,
    Charge,
    charge_named,
    charge_of,
    charges_in,
    checker_of,
    checkers_in,
)
from chuangwen.responsibilities.queries.tasks import UNFINISHED
from chuangwen.responsibilities.services.tasks import roles_at, take_lead_along
from chuangwen.responsibilities.services.telling import tell_unit_of_many
from chuangwen.responsibilities.workflow import HOUSE_RULE_WORKFLOW
from chuangwen.workflow.services import advance, note_step


def follow_tasks(today: date) -> int:
    """Give what is not finished at units that ended by `today` to their one successor; returns how many tasks moved.

    A task goes on as it stands: its state, measures, people and plan stay, and its history keeps the old name. The
    successor is told once, of no draft. Of a unit that was split or that nobody follows nothing moves: the office
    gives it away. A unit whose tasks cannot go on keeps no other unit's waiting.
    """
    rows = _unfinished()
    helped = rows.filter(cooperating__valid_to__lt=today).values("cooperating")
    ended = Unit.objects.filter(valid_to__lt=today)
    units = ended.filter(pk__in=rows.values("unit")) | ended.filter(pk__in=helped)
    return sum(one_by_one(units.distinct().select_related("region"), _follow_unit, "tasks of units that ended"))


def _unfinished() -> QuerySet[Task]:
    return Task.objects.filter(UNFINISHED).exclude(campaign__state=CampaignState.ENDED)


def _follow_unit(old: Unit) -> int:
    """The unit's tasks that went on at its one successor."""
    heir = sole_heir(old)
    if heir is None:
        return 0
    rows = _unfinished()
    with transaction.atomic():
        tasks = rows.filter(unit=old).select_related("unit", "region", "campaign__region", "supervisor", "node")
        moved = [_follow(task, old, heir) for task in tasks.order_by("due_at", "pk")]
        for task in rows.filter(cooperating=old).select_related("region"):
            _help_on(task, old, heir)
        _tell(heir, old, [task for task in moved if task.state != TaskState.DRAFT])
    return len(moved)


def _tell(heir: Unit, old: Unit, tasks: list[Task]) -> None:
    n = len(tasks)
    words = ngettext("%(n)d task taken over from %(unit)s", "%(n)d tasks taken over from %(unit)s", n)
    if tasks:
        tell_unit_of_many(heir, tasks, words % {"n": n, "unit": old}, tab="mine")


def _follow(task: Task, old: Unit, heir: Unit) -> Task:
    roles = roles_at(task, heir)
    Task.objects.filter(pk=task.pk).update(unit=heir, updated_at=clock.now(), **roles)
    task.unit = heir
    task.cooperating.remove(heir)
    take_lead_along(task, old, heir, None)
    note_step(task, "follow", actor=None, data={"unit": str(heir), "before": str(old), "former": old.pk})
    return task


def _help_on(task: Task, old: Unit, heir: Unit) -> None:
    task.cooperating.remove(old)
    if task.unit_id != heir.pk:
        task.cooperating.add(heir)
    note_step(task, "help_on", actor=None, data={"helper": str(heir), "helper_before": str(old)})


def follow_house_rules(today: date) -> int:
    """Let rules of units that ended by `today` go on at their one successor; returns how many rules moved.

    A rule goes on as it stands, with its checks and its rhythm. Who answers for it and who checks it is found again
    by name among the successor's offices and posts; who is not found there is named anew by the successor, who is told.
    A rule whose title the successor has already ends. Rules of units that were split, or that nobody follows, stay.
    An office that only answers for a rule or checks it gives way to the one that follows it.
    """
    ended = Unit.objects.filter(valid_to__lt=today, pk__in=_standing_rules().values("unit"))
    moved = sum(one_by_one(ended.select_related("region"), _follow_with_rules, "house rules of units that ended"))
    left = _standing_rules().filter(Q(office__valid_to__lt=today) | Q(checker__valid_to__lt=today))
    related = ("unit", "region", "office", "post", "checker", "checker_post")
    one_by_one(left.select_related(*related), _follow_charges, "house rules of offices that ended")
    return moved


def _standing_rules() -> QuerySet[HouseRule]:
    """Rules that hold, and those that hold until the one that replaces them begins."""
    return HouseRule.objects.exclude(state=HouseRuleState.ENDED)


def _follow_with_rules(old: Unit) -> int:
    """The unit's rules that went on at its one successor."""
    heir = sole_heir(old)
    if heir is None:
        return 0
    with transaction.atomic():
        rows = _standing_rules().filter(unit=old).select_related("region", "office", "post", "checker", "checker_post")
        held = set(HouseRule.objects.filter(unit=heir, state=HouseRuleState.HOLDS).values_list("title", flat=True))
        moved = [rule for rule in rows.order_by("pk") if _follow_rule(rule, old, heir, held)]
        if moved:
            n = len(moved)
            words = ngettext(
                "%(n)d house rule taken over from %(unit)s: look who answers and who checks",
                "%(n)d house rules taken over from %(unit)s: look who answers and who checks",
                n,
            )
            said, url = words % {"n": n, "unit": old}, f"{reverse('responsibilities:house_rules')}?unit={heir.pk}"
            notify(people_to_tell(heir, ANSWER), "responsibilities", said, region=heir.region, url=url)
    return len(moved)


def _follow_rule(rule: HouseRule, old: Unit, heir: Unit, held: set[str]) -> bool:
    """Whether the rule went on, and the successor had none of its title in force."""
    if rule.state == HouseRuleState.HOLDS and rule.title in held:
        reason = _("%s, which follows the unit, has a rule of this title already.") % heir
        advance(rule, HOUSE_RULE_WORKFLOW, "end", actor=None, note=reason, until=old.valid_to, next_check=None)
        return False
    answers = _found_again(charge_of(rule), charges_in(heir), old, heir)
    checker = _found_again(checker_of(rule), checkers_in(heir), old, heir)
    HouseRule.objects.filter(pk=rule.pk).update(
        unit=heir, office=answers.office, post=answers.post, checker=checker.office, checker_post=checker.post,
        updated_at=clock.now(),
    )  # fmt: skip
    data = {"unit": str(heir), "before": str(old), "former": old.pk, "answers": str(answers), "checker": str(checker)}
    note_step(rule, "follow", actor=None, data=data)
    return True


def _found_again(charge: Charge, several: list[Charge], old: Unit, heir: Unit) -> Charge:
    """The one of `several` that is now what `charge` was at the unit before; NOBODY where there is none."""
    if charge.office == old:
        return Charge(office=heir)
    if charge in several or not charge:
        return charge
    return charge_named(several, str(charge)) or NOBODY


def _follow_charges(rule: HouseRule) -> None:
    """Let who follows an office answer for the rule, or check it, in its place; not both at once."""
    unit = rule.unit
    answers = _heir_among(charges_in(unit), charge_of(rule))
    checker = _heir_among(checkers_in(unit), checker_of(rule))
    if (answers, checker) == (charge_of(rule), checker_of(rule)) or answers == checker:
        return
    with transaction.atomic():
        HouseRule.objects.filter(pk=rule.pk).update(
            office=answers.office, checker=checker.office, updated_at=clock.now()
        )  # fmt: skip
        said = {"answers": str(answers), "checker": str(checker)}
        note_step(rule, "charge", actor=None, data=said | {"before": str(charge_of(rule))})


def _heir_among(several: list[Charge], charge: Charge) -> Charge:
    """The office that follows the one of `charge`, where it is among `several`; else `charge` as it is."""
    heir = sole_heir(charge.office) if charge.office is not None else None
    return Charge(office=heir) if heir is not None and Charge(office=heir) in several else charge
