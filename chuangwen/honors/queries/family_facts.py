"""Gathers what a programme for families asks for. Nothing is read of them but titles, consent and findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.honors import eligibility
from chuangwen.honors.customs import FAMILY
from chuangwen.honors.eligibility import Facts, Outcome
from chuangwen.honors.models import Application, Award, Family, LadderStep, Programme, RuleFinding
from chuangwen.honors.queries import elsewhere
from chuangwen.honors.queries.facts import Gathered, burden, concerning, credit, outcomes, predecessors, rules_of


def for_families(programme: Programme) -> bool:
    """Whether the programme's title is for families."""
    return programme.title.subject == FAMILY


def outcomes_by_application(programme: Programme, applications: Collection[Application]) -> dict[int, Outcome]:
    """Application -> its verdict today, of units or of families: the number of queries does not grow with them."""
    rows = list(applications)
    if for_families(programme):
        found = outcomes_of_families(programme, [row.family for row in rows if row.family is not None])
        return {row.pk: found[row.family_id] for row in rows if row.family_id is not None}
    by_unit = outcomes(programme, [row.unit for row in rows])
    return {row.pk: by_unit[row.unit_id] for row in rows}


def outcome_for(application: Application) -> Outcome:
    """The verdict on one application today."""
    return outcomes_by_application(application.programme, [application])[application.pk]


def outcomes_of_families(programme: Programme, families: Collection[Family]) -> dict[int, Outcome]:
    """Family -> its verdict, with the findings of its application where it has one: a fixed number of queries."""
    rules, keys = rules_of(programme), [one.pk for one in families]
    ranks = dict(LadderStep.objects.filter(region=programme.region).values_list("title", "rank"))
    mine = Application.objects.filter(programme=programme, family__in=keys).exclude(state="withdrawn")
    applied = {row.family_id: row for row in mine}
    findings: defaultdict[int, dict[int, bool]] = defaultdict(dict)
    told = RuleFinding.objects.filter(application__in=applied.values())
    for family, rule, met in told.values_list("application__family", "rule", "met"):
        findings[family or 0][rule] = met
    known = Gathered()
    for award in Award.objects.filter(concerning(), family__in=keys).prefetch_related("cards"):
        owner = award.family_id or 0
        credit(known, owner, award, ranks.get(award.title_id, 0))
        burden(known, owner, award)
    barred = barred_units(programme.region, {one.unit_id for one in families})
    fresh = {row.pk: row for row in Family.objects.filter(pk__in=keys)}  # consent as it is now, not as it was read
    return {
        one.pk: eligibility.judge(
            rules,
            Facts(
                today=clock.today(), deadline=programme.apply_until, year=programme.year,
                rank=ranks.get(programme.title_id, 0), is_family=True,
                agreed_on=fresh[one.pk].agreed_on if fresh[one.pk].has_agreed else None,
                seen_on=applied[one.pk].seen_on if one.pk in applied else None,
                recommender_until=barred.get(one.unit_id), findings=findings[one.pk],
                held=tuple(known.held[one.pk]), suspended=one.pk in known.suspended,
                card_until=known.cards.get(one.pk), barred_until=known.barred.get(one.pk),
            ),
        )
        for one in families
    }  # fmt: skip


def barred_units(region: Region, unit_ids: Collection[int]) -> dict[int, date]:
    """Unit -> until when a delisting or a confirmed veto event bars it, also of those whose matters it took over."""
    before = predecessors(region, unit_ids)
    everyone = {one for pk in before for one in (pk, *before[pk])}
    until: defaultdict[int, list[date]] = defaultdict(list)
    bars = Award.objects.filter(unit__in=everyone, family__isnull=True, barred_until__gte=clock.today())
    for pk, day in bars.values_list("unit", "barred_until"):
        until[pk].append(day)
    for pk, events in (elsewhere.veto_events(region, everyone) or {}).items():
        until[pk] += [last for _day, last in events if last >= clock.today()]
    found = {pk: [day for one in (pk, *olds) for day in until[one]] for pk, olds in before.items()}
    return {pk: max(days) for pk, days in found.items() if days}
