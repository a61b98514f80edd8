"""Standing rules: what always holds for units, with nothing to report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.responsibilities.models import StandingRule
from chuangwen.responsibilities.services.news import News
from chuangwen.standards.models import Node
from chuangwen.workflow.services import note_step

LONGEST_RULE = 300


def set_rule(
    campaign: Campaign,
    *,
    text: str,
    actor: Any,
    units: Iterable[Unit] = (),
    node: Node | None = None,
    source: str = "",
    origin_text: str = "",
    origin_url: str = "",
    news: News | None = None,
) -> StandingRule:
    """Set down a rule that always holds for `units`; for all units where none is named.

    `source` names what it came of: a second call with the same one adds the units that are new to the rule of the
    first call and changes nothing else. Each unit for which it is new hears of it once, by `news` where it is given:
    then the caller tells. Raises Refusal.
    """
    require_actor(actor, "responsibilities.edit", campaign)
    text, chosen = text.strip(), list(units)
    if not text:
        raise Refusal(_("Say what always holds."), _("One short sentence is enough."))
    if len(text) > LONGEST_RULE:
        raise Refusal(_("The rule is longer than %d characters.") % LONGEST_RULE, _("Shorten it."))
    if any(unit.region_id != campaign.region_id for unit in chosen):
        raise Refusal(_("A unit does not belong to this region."), _("Choose a unit of your own region."))
    with transaction.atomic():
        # Whoever sets it down at the same moment waits here, and then finds it already there.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        known = StandingRule.objects.filter(campaign=campaign, source=source).first() if source else None
        if known:
            if fresh := _add_units(known, chosen, actor):
                _tell(known, fresh, news)
            return known
        rule = StandingRule.objects.create(
            region=campaign.region, campaign=campaign, text=text, node=node, source=source, origin_text=origin_text,
            origin_url=origin_url, made_by=actor,
        )  # fmt: skip
        rule.units.set(chosen)
        note_step(rule, "set", actor=actor, data={"units": [str(unit) for unit in chosen]})
        _tell(rule, chosen or list(units_today(rule.region).select_related("region")), news)
    return rule


def end_rule(rule: StandingRule, *, reason: str, actor: Any) -> None:
    """The rule holds no more from today on; it is kept with the reason."""
    require_actor(actor, "responsibilities.edit", rule)
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It is shown to the other side."))
    with transaction.atomic():
        if not StandingRule.objects.filter(pk=rule.pk, ended_on=None).update(ended_on=clock.today()):
            raise Refusal(_("This rule has ended already."))
        rule.ended_on = clock.today()
        note_step(rule, "end", actor=actor, note=reason)


def _add_units(rule: StandingRule, units: list[Unit], actor: Any) -> list[Unit]:
    """A rule for all units stays one; else those that it did not name are added and returned."""
    named = set(rule.units.values_list("pk", flat=True))
    fresh = [unit for unit in units if unit.pk not in named] if named else []
    if fresh:
        rule.units.add(*fresh)
        note_step(rule, "units", actor=actor, data={"units": [str(unit) for unit in fresh]})
    return fresh


def _tell(rule: StandingRule, units: list[Unit], news: News | None) -> None:
    told = News() if news is None else news
    told.rule(rule, units)
    if news is None:
        told.tell(lambda _tasks, _duties: "")
