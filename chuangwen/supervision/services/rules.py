"""Keeps the ladder: who gets a colour and signs it, and the rules by which it is proposed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require_actor, require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.core.workdays import WITHIN
from chuangwen.supervision.defaults import PEER_NUMBERS, RULES, SCORE_WEIGHTS, STEPS, VETO_KINDS
from chuangwen.supervision.enums import LadderStep, RuleCondition
from chuangwen.supervision.ladder import BELOW, COLOURS, Step
from chuangwen.supervision.models import NoticeRule, NoticeStep, PeerNumber, ScoreWeight, VetoKind
from chuangwen.supervision.services.linking import link_defaults
from chuangwen.supervision.workflow import EDIT

COUNTLESS = {RuleCondition.FALSIFIED}


def ensure_defaults(region: Region, *, actor: Any) -> int:
    """Write the ladder, kinds of veto events and consequences, linking rules, numbers of flags and lists where there
    are none; returns how many.

    What an office has changed or ended stays as it is: rules come only with the first step.
    """
    require_region(actor, EDIT, region.pk)
    made = 0
    with transaction.atomic():
        if not NoticeStep.objects.filter(region=region).exists():
            today = clock.today()
            steps = [NoticeStep(region=region, **values) for values in STEPS]
            rules = [
                NoticeRule(region=region, is_on=True, starts=today, position=number, **values)
                for number, values in enumerate(RULES)
            ]
            made += len(NoticeStep.objects.bulk_create(steps)) + len(NoticeRule.objects.bulk_create(rules))
        if not VetoKind.objects.filter(region=region).exists():
            kinds = [VetoKind(region=region, position=number, **values) for number, values in enumerate(VETO_KINDS)]
            made += len(VetoKind.objects.bulk_create(kinds))
        made += _peer_defaults(region) + link_defaults(region)
        if made:
            record("supervision.defaults", actor=actor, region=region.code, data={"rows": made})
    return made


def _peer_defaults(region: Region) -> int:
    """The numbers and weights of flags and lists that the region has not got."""
    numbers = set(PeerNumber.objects.filter(region=region).values_list("key", flat=True))
    weights = set(ScoreWeight.objects.filter(region=region).values_list("branch", "part"))
    made = PeerNumber.objects.bulk_create(
        PeerNumber(region=region, **values) for values in PEER_NUMBERS if values["key"] not in numbers
    )
    added = ScoreWeight.objects.bulk_create(
        ScoreWeight(region=region, **values) for values in SCORE_WEIGHTS
        if (values["branch"], values["part"]) not in weights
    )  # fmt: skip
    return len(made) + len(added)


def save_step(step: NoticeStep, *, actor: Any, **values: Any) -> None:
    """Change to whom a step goes, who signs it and how long the answer may take. Holds for notices from now on.

    `values`: addressee, copy_to, signer, answer_within, talk_within, source.
    """
    require_actor(actor, EDIT, step)
    for name in ("answer_within", "talk_within"):
        if values.get(name) and not WITHIN.fullmatch(values[name]):
            raise Refusal(
                _("“%s” is no time limit.") % values[name], _("Write it like this: 2 working days, or 4 working hours.")
            )
    if step.step in COLOURS and not (values.get("signer") and values.get("answer_within")):
        raise Refusal(_("A notice has a signer and a time to answer."), _("Fill in both."))
    before = {name: getattr(step, name) for name in values}
    with transaction.atomic():
        for name, value in values.items():
            setattr(step, name, value)
        step.save(update_fields=[*values, "updated_at"])
        record("supervision.step.save", step, actor=actor, data={"before": before, "now": values})


def save_rule(
    region: Region,
    *,
    step: str,
    condition: str,
    number: int,
    source: str,
    actor: Any,
    replaces: NoticeRule | None = None,
) -> NoticeRule:
    """Keep a rule, switched off: it is tried on past days and then switched on (DESIGN, supervision)."""
    require_region(actor, EDIT, region.pk)
    _check_rule(step, condition, number)
    if replaces is not None and (replaces.region_id != region.pk or replaces.ends is not None):
        raise Refusal(_("This rule has ended."), _("Choose one that holds."))
    with transaction.atomic():
        rule: NoticeRule = NoticeRule.objects.create(
            region=region, step=step, condition=condition, number=0 if condition in COUNTLESS else number,
            source=source, replaces=replaces, position=replaces.position if replaces else 99,
        )  # fmt: skip
        record("supervision.rule.save", rule, actor=actor, data=_told(rule))
    return rule


def switch_on(rule: NoticeRule, *, actor: Any) -> None:
    """From now on the rule proposes; the one that it replaces ends."""
    _check_mine(rule, actor)
    if rule.is_on:
        raise Refusal(_("This rule is in force already."))
    same = NoticeRule.objects.filter(
        region=rule.region_id, step=rule.step, condition=rule.condition, is_on=True, ends__isnull=True
    ).exclude(pk=rule.replaces_id)
    if same.exists():
        raise Refusal(
            _("Another rule with the same step and condition is in force."), _("Change that one, or switch it off.")
        )
    today = clock.today()
    with transaction.atomic():
        if NoticeRule.objects.filter(pk=rule.pk, is_on=False, ends__isnull=True).update(is_on=True, starts=today):
            NoticeRule.objects.filter(pk=rule.replaces_id, ends__isnull=True).update(is_on=False, ends=today)
            record("supervision.rule.on", rule, actor=actor, data=_told(rule))
    rule.refresh_from_db()


def switch_off(rule: NoticeRule, *, actor: Any) -> None:
    """The rule ends; notices that it proposed stay as they are."""
    _check_mine(rule, actor)
    with transaction.atomic():
        row = NoticeRule.objects.filter(pk=rule.pk, ends__isnull=True)
        if row.update(is_on=False, ends=clock.today()):
            record("supervision.rule.off", rule, actor=actor, data=_told(rule))
    rule.refresh_from_db()


def _check_mine(rule: NoticeRule, actor: Any) -> None:
    require_actor(actor, EDIT, rule)
    if rule.ends is not None:
        raise Refusal(_("This rule has ended."), _("Write a new one."))


def _check_rule(step: str, condition: str, number: int) -> None:
    if condition == RuleCondition.AFTER and Step(step) not in BELOW:
        raise Refusal(_("Below this step there is no notice to count from."), _("Choose yellow or red."))
    if (condition == RuleCondition.DUE_SOON) != (step == LadderStep.REMINDER):
        raise Refusal(_("Reminders come before the deadline, notices after it."), _("Choose another condition."))
    if condition not in COUNTLESS and not 1 <= number <= 90:
        raise Refusal(_("The number lies outside 1 to 90."), _("Write a number between them."))


def _told(rule: NoticeRule) -> dict[str, Any]:
    return {"step": rule.step, "condition": rule.condition, "number": rule.number, "replaces": rule.replaces_id}
