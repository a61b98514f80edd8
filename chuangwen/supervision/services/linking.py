"""Keeps the linking rules (挂钩规则) and proposes by them. Nothing is decided here: a person takes a proposal up."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require_actor, require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.notifications.services import notify
from chuangwen.organizations.queries import office_people
from chuangwen.supervision.defaults import CONSEQUENCE_KINDS, LINK_RULES
from chuangwen.supervision.enums import ConsequenceState
from chuangwen.supervision.linking import Figure, Reached
from chuangwen.supervision.models import Consequence, ConsequenceKind, LinkRule
from chuangwen.supervision.queries.linking import reached_in
from chuangwen.supervision.services.consequences import term_of
from chuangwen.supervision.words import link_ground
from chuangwen.supervision.workflow import EDIT
from chuangwen.workflow.services import note_step

LOOKS_BACK = 3  # the last month in which the year before is still looked at


def propose_consequences(region: Region, *, actor: Any = None) -> list[Consequence]:
    """What the rules in force propose for this year, in its first months for the year before too: each once.

    What a person did not take up is not proposed again. Returns the new proposals.
    """
    require_region(actor, EDIT, region.pk)
    rules = {row.pk: row for row in LinkRule.objects.filter(region=region, is_on=True).select_related("kind")}
    made: list[Consequence] = []
    if not rules:
        return made
    today = clock.today()
    years = (today.year - 1, today.year) if today.month <= LOOKS_BACK else (today.year,)
    with transaction.atomic():
        Region.objects.select_for_update(no_key=True).get(pk=region.pk)  # two looks at once would both find nothing
        for year in years:
            known = set(Consequence.objects.filter(rule__in=rules, year=year).values_list("rule", "unit"))
            made += [
                _propose(region, rules[one.link.key], one, year, actor)
                for one in reached_in(region, list(rules.values()), year)
                if (one.link.key, one.unit) not in known
            ]
        if made:
            words = ngettext("%d consequence is proposed", "%d consequences are proposed", len(made)) % len(made)
            url = f"{reverse('supervision:consequences')}?tab=proposed"
            key = f"consequences-{clock.today()}"
            notify(office_people(region, EDIT), "supervision", words, region=region, url=url, key=key)
    return made


def save_link(
    region: Region, *, figure: str, number: int, kind: ConsequenceKind, source: str, actor: Any,
    rule: LinkRule | None = None,
) -> LinkRule:  # fmt: skip
    """Keep a rule switched off, so that it is tried on a past year first. What it proposed stays."""
    require_region(actor, EDIT, region.pk)
    if not 1 <= number <= 500:
        raise Refusal(_("The number lies outside 1 to 500."), _("Write a number between them."))
    if kind.region_id != region.pk or not kind.is_on:
        raise Refusal(_("This kind is not in use."), _("Choose another one."))
    if figure not in list(Figure):
        raise Refusal(_("This figure is not known."), _("Choose another one."))
    if rule is not None:
        require_actor(actor, EDIT, rule)
    kept = rule or LinkRule(region=region, position=LinkRule.objects.filter(region=region).count())
    kept.figure, kept.number, kept.kind, kept.source, kept.is_on = figure, number, kind, source, False
    with transaction.atomic():
        kept.save()
        data = {"figure": figure, "number": number, "kind": kind.name}
        record("supervision.link-rule.save", kept, actor=actor, data=data)
    return kept


def switch_link(rule: LinkRule, *, on: bool, actor: Any) -> None:
    """The rule proposes from the next morning on, or no longer."""
    require_actor(actor, EDIT, rule)
    with transaction.atomic():
        if LinkRule.objects.filter(pk=rule.pk, is_on=not on).update(is_on=on):
            action = "supervision.link-rule.on" if on else "supervision.link-rule.off"
            record(action, rule, actor=actor, data={"rule": str(rule)})
    rule.is_on = on


def link_defaults(region: Region) -> int:
    """Kinds and rules where there are none; returns how many. What an office changed stays as it is."""
    made = 0
    if not ConsequenceKind.objects.filter(region=region).exists():
        rows = [ConsequenceKind(region=region, position=at, **values) for at, values in enumerate(CONSEQUENCE_KINDS)]
        made += len(ConsequenceKind.objects.bulk_create(rows))
    kinds = {kind.name: kind for kind in ConsequenceKind.objects.filter(region=region)}
    if not LinkRule.objects.filter(region=region).exists():
        rules = [
            LinkRule(region=region, position=at, is_on=True, **values | {"kind": kinds[values["kind"]]})
            for at, values in enumerate(LINK_RULES) if values["kind"] in kinds
        ]  # fmt: skip
        made += len(LinkRule.objects.bulk_create(rules))
    return made


def _propose(region: Region, rule: LinkRule, one: Reached, year: int, actor: Any) -> Consequence:
    made: Consequence = Consequence.objects.create(
        region=region, unit_id=one.unit, kind=rule.kind, day=one.day, year=year,
        until=term_of(rule.kind, one.day, year),
        title=link_ground(rule.figure, one.found, year)[:200], rule=rule, found=one.found,
        state=ConsequenceState.PROPOSED,
    )  # fmt: skip
    note_step(made, "propose", actor=actor, note=made.title, data={"rule": rule.pk, "found": one.found})
    return made
