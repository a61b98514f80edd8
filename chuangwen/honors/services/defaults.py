"""Gives a region the titles, conditions, aspects and numbers it begins with, and lets its office change them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.campaigns.models import Title
from chuangwen.campaigns.services import keep_title
from chuangwen.core.access import require
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.honors import customs
from chuangwen.honors.eligibility import CONSENT, FAMILY_KINDS, RECOMMENDER
from chuangwen.honors.enums import ProgrammeState, RuleKind
from chuangwen.honors.models import Aspect, EligibilityRule, HonorSetting, LadderStep, Programme
from chuangwen.honors.queries.subjects import usual_titles
from chuangwen.honors.workflow import EDIT

SITE = "site: "
WITH_MONTHS = frozenset({RuleKind.HELD, RuleKind.NO_VETO})
WITH_THRESHOLD = frozenset(
    {
        RuleKind.CIVIL_SHARE,
        RuleKind.CIVIL_COUNT,
        RuleKind.MODEL_COUNT,
        RuleKind.DOSSIERS,
        RuleKind.SELF_SCORE,
        RuleKind.LAST_SCORE,
        RuleKind.VOLUNTEERS,
        RuleKind.VOLUNTEER_HOURS,
    }
)
MOST_MONTHS = 240


def ensure_defaults(region: Region, actor: Any) -> bool:
    """Make what is missing of titles, ladder, conditions, aspects and numbers; True where anything was made.

    What the office has changed or taken away once the ladder stands is left as it is.
    """
    if actor is not None:
        require(actor, EDIT, Programme(region=region))
    with transaction.atomic():
        titles: dict[tuple[str, str], Title] = {}
        made = 0
        for name, subject, level, rank, months in usual_titles(region):
            if Title.objects.filter(region=region, name=name).exclude(subject=subject).exists():
                continue  # the site uses the name for another kind of subject: its word stands
            title = keep_title(region, name, subject=subject, level=level, actor=actor)
            titles[subject, level] = title
            _step, new = LadderStep.objects.get_or_create(
                title=title,
                defaults={
                    "region": region, "rank": rank, "reverify_months": months, "source": customs.LADDER_SOURCE,
                },
            )  # fmt: skip
            made += new
            if new and (subject, level) in customs.RULES:
                _default_rules(title, customs.RULES[subject, level], titles)
        for position, (code, name, weight) in enumerate(customs.ASPECTS):
            values = {"name": name, "weight": weight, "position": position, "source": customs.ASPECT_SOURCE}
            made += Aspect.objects.get_or_create(region=region, code=code, defaults=values)[1]
        for key, (value, source) in customs.SETTINGS.items():
            made += HonorSetting.objects.get_or_create(
                region=region, key=key, defaults={"value": value, "source": source}
            )[1]
        if made:
            record("honors.defaults", None, actor=actor, region=region.code, data={"made": made})
    return bool(made)


def ensure_family_ladder(region: Region, actor: Any) -> bool:
    """Make the ladder of families with its conditions and stars, where the office wants it; True if anything was made.

    It is no part of what every region begins with: it deals with private people, so somebody decides for it.
    """
    if actor is not None:
        require(actor, EDIT, Programme(region=region))
    ensure_defaults(region, actor)
    with transaction.atomic():
        titles: dict[tuple[str, str], Title] = {}
        made = 0
        for name, subject, level, rank, months in customs.FAMILY_TITLES:
            if Title.objects.filter(region=region, name=name).exclude(subject=subject).exists():
                continue  # the site uses the name for another kind of subject: its word stands
            title = titles[subject, level] = keep_title(region, name, subject=subject, level=level, actor=actor)
            told = {
                "region": region, "rank": rank, "reverify_months": months, "source": customs.FAMILY_LADDER_SOURCE
            }  # fmt: skip
            _step, new = LadderStep.objects.get_or_create(title=title, defaults=told)
            made += new
            if new:
                _default_rules(title, customs.FAMILY_RULES.get(level, ()), titles)
        if not Aspect.objects.filter(region=region, subject=customs.FAMILY).exists():
            Aspect.objects.bulk_create(
                Aspect(region=region, subject=customs.FAMILY, code=code, name=name, weight=10, position=position,
                       source=customs.STAR_SOURCE)
                for position, (code, name) in enumerate(customs.STARS)
            )  # fmt: skip
            made += 1
        if made:
            record("honors.defaults", None, actor=actor, region=region.code, data={"made": made, "for": "family"})
    return bool(made)


def _default_rules(title: Title, told: tuple[customs.Default, ...], titles: dict[tuple[str, str], Title]) -> None:
    EligibilityRule.objects.bulk_create(
        EligibilityRule(
            region=title.region, of_title=title, kind=one.kind, threshold=Decimal(one.threshold), months=one.months,
            lower=titles.get((title.subject, one.lower)), words=one.words, source=one.source, position=position,
        )
        for position, one in enumerate(told)
    )  # fmt: skip


def save_setting(row: HonorSetting, *, value: int, actor: Any) -> None:
    """Another number; its label says from then on that the site has set it."""
    if actor is not None:
        require(actor, EDIT, row)
    with transaction.atomic():
        record("honors.setting.save", row, actor=actor, data={"before": row.value, "value": value})
        row.value, row.source = value, SITE + _("set by the office")
        row.save(update_fields=["value", "source", "updated_at"])


def save_aspect(row: Aspect, *, name: str, weight: Decimal, actor: Any) -> None:
    """Another name or weight of an aspect; contests that are planned already keep theirs."""
    if actor is not None:
        require(actor, EDIT, row)
    if not 0 <= weight <= 100 or (weight == 0 and row.subject != customs.FAMILY):
        raise Refusal(_("A weight lies between 0 and 100."), _("Check the number."))
    with transaction.atomic():
        record("honors.aspect.save", row, actor=actor, data={"name": name, "weight": weight, "before": row.weight})
        row.name, row.weight, row.source = name, weight, SITE + _("set by the office")
        row.save(update_fields=["name", "weight", "source", "updated_at"])


def save_rule(rule: EligibilityRule, *, actor: Any) -> EligibilityRule:
    """Keep a condition, new or changed, of a programme that is being prepared or as a title's default."""
    _may_change(rule, actor)
    _refuse_values(rule)
    with transaction.atomic():
        new = rule.pk is None
        rule.save()
        record("honors.rule.save", rule, actor=actor, data={**_told(rule), "new": new})
    return rule


def drop_rule(rule: EligibilityRule, *, actor: Any) -> None:
    """Take a condition away. The two that hold always (not barred, not held) hold without a row as well."""
    _may_change(rule, actor)
    with transaction.atomic():
        record("honors.rule.drop", rule, actor=actor, data=_told(rule))
        rule.delete()


def _may_change(rule: EligibilityRule, actor: Any) -> None:
    if actor is not None:
        require(actor, EDIT, rule)
    if rule.programme is not None and rule.programme.state != ProgrammeState.PREPARING:
        raise Refusal(
            _("The conditions of “%s” stand: units have been called on.") % rule.programme,
            _("Cancel it and begin another programme, or change the default for next time."),
        )


def _refuse_values(rule: EligibilityRule) -> None:
    title = rule.programme.title if rule.programme else rule.of_title
    of_family = title is not None and title.subject == customs.FAMILY
    if of_family != (rule.kind in FAMILY_KINDS) and (of_family or rule.kind in {CONSENT, RECOMMENDER}):
        raise Refusal(
            _("“%(rule)s” is no condition for “%(title)s”.") % {"rule": rule.get_kind_display(), "title": title},
            _("Choose another kind of condition."),
        )
    if rule.kind == RuleKind.HELD and rule.lower is None:
        raise Refusal(_("It does not say which title has to be held."), _("Choose the title."))
    if rule.kind in WITH_MONTHS and not 0 < rule.months <= MOST_MONTHS:
        raise Refusal(_("It does not say for how long."), _("Give the number of months, at most 240."))
    if rule.kind in WITH_THRESHOLD and rule.threshold <= 0:
        raise Refusal(_("It does not say how much is needed."), _("Give a number above nought."))
    shares = WITH_THRESHOLD - {RuleKind.CIVIL_COUNT, RuleKind.MODEL_COUNT, RuleKind.VOLUNTEER_HOURS}
    if rule.kind in shares and rule.threshold > 100:
        raise Refusal(_("More than a hundred cannot be reached."), _("Give a number up to 100."))
    if rule.kind == RuleKind.BY_HAND and not rule.words.strip():
        raise Refusal(_("The condition has no words."), _("Write what has to be met."))


def _told(rule: EligibilityRule) -> dict[str, Any]:
    return {
        "kind": rule.kind, "threshold": rule.threshold, "months": rule.months, "lower": str(rule.lower or ""),
        "words": rule.words, "of": str(rule.programme or rule.of_title),
    }  # fmt: skip
