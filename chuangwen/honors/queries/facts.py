"""Gathers the facts that the rules of a programme ask for, for one unit or for all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from chuangwen.core import clock
from chuangwen.core.asking import Question
from chuangwen.core.models import Region
from chuangwen.honors import eligibility
from chuangwen.honors.customs import CIVIL, MODEL
from chuangwen.honors.eligibility import Facts, HeldTitle, Outcome, Rule, Yearly
from chuangwen.honors.enums import STANDING_AWARDS, AwardState, ContestState, FiguresState
from chuangwen.honors.models import (
    Application,
    Award,
    Contest,
    EligibilityRule,
    LadderStep,
    Programme,
    RuleFinding,
    YearlyFigures,
)
from chuangwen.honors.queries import elsewhere
from chuangwen.organizations.enums import UnitKind
from chuangwen.organizations.models import Unit, UnitSuccession

SUCCESSIONS = Question(
    lambda region, day: UnitSuccession.objects.filter(region=region, day__lte=day).values_list("old", "new")
)


@dataclass
class Gathered:
    """What is known of many units, by unit."""

    offices: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    civil: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    model: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    held: defaultdict[int, list[HeldTitle]] = field(default_factory=lambda: defaultdict(list))
    barred: dict[int, date] = field(default_factory=dict)
    consequences: dict[int, date | None] = field(default_factory=dict)
    cards: dict[int, date] = field(default_factory=dict)
    suspended: set[int] = field(default_factory=set)
    contests: dict[tuple[int, str], date] = field(default_factory=dict)
    events: Mapping[int, tuple[tuple[date, date], ...]] | None = None
    dossiers: Mapping[int, tuple[int, int]] | None = None
    scores: Mapping[int, Decimal] = field(default_factory=dict)
    yearly: Mapping[int, Yearly] = field(default_factory=dict)


def rules_of(programme: Programme) -> list[Rule]:
    """The programme's conditions as the engine takes them: two queries."""
    rows = list(programme.rules.select_related("lower"))
    ranks = _ranks(programme.region)
    return [
        Rule(row.pk, row.kind, row.threshold, row.months, ranks.get(row.lower_id or 0, ("", 0))[1]) for row in rows
    ]  # fmt: skip


def outcomes(programme: Programme, units: Collection[Unit]) -> dict[int, Outcome]:
    """The verdict for each unit, with the self-assessment and the findings of its application where it has one.

    The number of queries does not grow with the units.
    """
    rules = rules_of(programme)
    gathered = gather(programme, units)
    ranks = _ranks(programme.region)
    rank = ranks.get(programme.title_id, ("", 0))[1]
    mine = Application.objects.filter(programme=programme, unit__in=units).exclude(state="withdrawn")
    applied = {row.unit_id: row for row in mine}
    findings: defaultdict[int, dict[int, bool]] = defaultdict(dict)
    for unit_id, rule_id, met in RuleFinding.objects.filter(application__in=applied.values()).values_list(
        "application__unit", "rule", "met"
    ):
        findings[unit_id][rule_id] = met
    scores = {unit_id: row.self_score for unit_id, row in applied.items()}
    return {
        unit.pk: eligibility.judge(
            rules, _facts(programme, unit.pk, gathered, rank, scores.get(unit.pk), findings[unit.pk])
        )
        for unit in units
    }


def outcome_of(programme: Programme, unit: Unit) -> Outcome:
    """The verdict for one unit today."""
    return outcomes(programme, [unit])[unit.pk]


def gather(programme: Programme, units: Collection[Unit]) -> Gathered:
    """The facts of many units: a fixed number of queries."""
    region, found = programme.region, Gathered()
    ids = {unit.pk for unit in units}
    before = predecessors(region, ids)
    everyone = ids | {old for olds in before.values() for old in olds}
    _offices(found, units)
    _titles(found, programme, ids, before)
    open_contests = Contest.objects.filter(unit__in=ids, state__in=[ContestState.PLANNED, ContestState.JUDGED])
    for unit_id, level, day in open_contests.order_by("-decide_on").values_list("unit", "title__level", "decide_on"):
        if day >= clock.today():
            found.contests[unit_id, level] = day
    events = elsewhere.veto_events(region, everyone)
    if events is not None:
        found.events = {pk: tuple(day for one in (pk, *before[pk]) for day in events.get(one, ())) for pk in ids}
    barred = elsewhere.consequences_until(region, everyone)
    for pk in ids:
        found.consequences[pk] = max((barred[one] for one in (pk, *before[pk]) if one in barred), default=None)
    found.dossiers = elsewhere.complete_dossiers(region, ids, programme.year)
    found.scores = elsewhere.last_scores(region, ids)
    found.yearly = _yearly(ids, programme.year)
    return found


def _yearly(ids: Collection[int], year: int) -> dict[int, Yearly]:
    """Unit -> its figures of the year, or of the year before until those are there; of one year the newest: one query.

    Newer ones that wait stand before those confirmed, so that a unit cannot rest on what it has itself taken back.
    """
    rows = current_figures(ids, year)
    return {
        row.unit_id: Yearly(row.staff, row.volunteers, row.hours, row.state == FiguresState.CONFIRMED)
        for row in rows.order_by("year", "pk")
    }


def current_figures(ids: Collection[int], year: int) -> QuerySet[YearlyFigures]:
    """The yearly figures by which conditions of a programme of that year are judged; the last of a unit counts."""
    states = [FiguresState.CONFIRMED, FiguresState.GIVEN]
    return YearlyFigures.objects.filter(unit__in=list(ids), year__in=(year - 1, year), state__in=states)


def predecessors(region: Region, ids: Iterable[int]) -> dict[int, set[int]]:
    """Unit -> all whose matters came to it: a new name takes no bar away. One query."""
    steps: defaultdict[int, set[int]] = defaultdict(set)
    for old, new in SUCCESSIONS(region, clock.today()):
        steps[new].add(old)
    found: dict[int, set[int]] = {}
    for pk in ids:
        seen: set[int] = set()
        frontier = list(steps[pk])
        while frontier:
            one = frontier.pop()
            if one not in seen:
                seen.add(one)
                frontier += steps[one]
        found[pk] = seen - {pk}
    return found


def offices_of(units: Collection[Unit]) -> dict[int, int]:
    """Office -> its unit: the offices right below the units that exist today, one query."""
    by_path = {unit.path: unit.pk for unit in units}
    if not by_path:
        return {}
    region = {unit.region_id for unit in units}
    rows = Unit.objects.filter(region__in=region, kind=UnitKind.OFFICE).on(clock.today())
    if len(by_path) == 1:
        rows = rows.filter(path__startswith=next(iter(by_path)))
    found = ((pk, by_path.get(path[: -Unit.steplen])) for pk, path in rows.values_list("pk", "path"))
    return {pk: unit for pk, unit in found if unit is not None}


def _offices(found: Gathered, units: Collection[Unit]) -> None:
    """Offices, and among them civil and model ones in force. A model office is a civil one as well (row 103)."""
    above = offices_of(units)
    for unit_id in above.values():
        found.offices[unit_id] += 1
    standing = Award.objects.filter(
        unit__in=list(above), title__subject="office", state__in=[AwardState.VALID, AwardState.YELLOW]
    )
    levels: defaultdict[int, set[str]] = defaultdict(set)
    for office, level in standing.values_list("unit", "title__level"):
        levels[office].add(level)
    for office, held in levels.items():
        if CIVIL in held or MODEL in held:
            found.civil[above[office]] += 1
        if MODEL in held:
            found.model[above[office]] += 1


def _titles(found: Gathered, programme: Programme, ids: set[int], before: Mapping[int, set[int]]) -> None:
    """Titles held by the unit itself; bars, cards and suspensions also of those whose matters it took over."""
    subject = programme.title.subject
    ranks = _ranks(programme.region)
    owners: defaultdict[int, set[int]] = defaultdict(set)
    for pk in ids:
        for one in (pk, *before[pk]):
            owners[one].add(pk)
    rows = Award.objects.filter(unit__in=list(owners), title__subject=subject)
    for award in rows.filter(concerning()).prefetch_related("cards"):
        for owner in owners[award.unit_id]:
            if award.unit_id == owner:
                credit(found, owner, award, ranks.get(award.title_id, ("", 0))[1])
            burden(found, owner, award)


def concerning() -> Q:
    """Titles that stand, and those whose loss still bars."""
    return Q(state__in=STANDING_AWARDS) | Q(barred_until__isnull=False)


def credit(found: Gathered, owner: int, award: Award, rank: int) -> None:
    """What a title gives its owner while it stands."""
    if award.is_standing:
        found.held[owner].append(HeldTitle(rank, award.held_since, award.state == AwardState.SUSPENDED))


def burden(found: Gathered, owner: int, award: Award) -> None:
    """What a title's card, suspension or delisting puts on its owner."""
    if award.state == AwardState.SUSPENDED:
        found.suspended.add(owner)
    if award.state == AwardState.YELLOW:
        terms = [card.until for card in award.cards.all() if card.settled_on is None]
        found.cards[owner] = max([*terms, found.cards.get(owner, date.min)])
    if award.barred_until:
        found.barred[owner] = max(award.barred_until, found.barred.get(owner, date.min))


def _ranks(region: Region) -> dict[int, tuple[str, int]]:
    """Title -> (subject, rank): one query."""
    rows = LadderStep.objects.filter(region=region).values_list("title", "title__subject", "rank")
    return {title: (subject, rank) for title, subject, rank in rows}


def _facts(
    programme: Programme, pk: int, found: Gathered, rank: int, self_score: Decimal | None,
    findings: Mapping[int, bool],
) -> Facts:  # fmt: skip
    return Facts(
        today=clock.today(), deadline=programme.apply_until, year=programme.year, rank=rank,
        held=tuple(found.held[pk]), offices=found.offices[pk], civil=found.civil[pk], model=found.model[pk],
        next_civil_contest=found.contests.get((pk, CIVIL)), next_model_contest=found.contests.get((pk, MODEL)),
        dossiers=found.dossiers.get(pk) if found.dossiers is not None else None,
        self_score=self_score, last_score=found.scores.get(pk),
        events=tuple(day for day, _until in found.events[pk]) if found.events is not None else None,
        veto_until=max((until for _day, until in found.events[pk]), default=None) if found.events is not None else None,
        card_until=found.cards.get(pk), suspended=pk in found.suspended, barred_until=found.barred.get(pk),
        consequence_until=found.consequences.get(pk), yearly=found.yearly.get(pk),
        findings=findings,
    )  # fmt: skip


def default_rules(programme: Programme) -> list[EligibilityRule]:
    """The office's conditions for the programme's title."""
    return list(EligibilityRule.objects.filter(region=programme.region, of_title=programme.title_id))
