"""Reads how the units below a unit did in a period: counted by the ledgers, and as the units above judged them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.addresses import asked_key
from chuangwen.core.models import Region
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.organizations.scopes import units_of_user
from chuangwen.responsibilities.levels import Period, facts, period_of
from chuangwen.responsibilities.models import LevelMark, LevelState, Verdict

ANSWER, EDIT = "responsibilities.answer", "responsibilities.edit"
STEPS = Unit.steplen
EVERY_KIND = Q()


@dataclass(frozen=True, slots=True)
class LevelRule:
    """The rhythm of marks in months, and within how many working days after a period it is judged and objected to."""

    months: int = 1
    days: int = 10
    objection_days: int = 3
    source: str = "proposed: 按月考核,期满后10个工作日内评定,3个工作日内可提异议"


def level_rule(region: Region) -> LevelRule:
    """The region's rule."""
    return LevelRule(**region.own("levels", asdict(LevelRule())))


def parents_among(units: Sequence[Unit], *, kinds: Q = EVERY_KIND) -> set[int]:
    """Which of these units of one level have units below them, only those of `kinds` looked at: one query."""
    if not units:
        return set()
    start = units[0].path[:-STEPS]
    rows = Unit.objects.filter(kinds, depth=units[0].depth + 1, path__startswith=start)
    above = {path[:-STEPS] for path in rows.values_list("path", flat=True)}
    return {unit.pk for unit in units if unit.path in above}


def line_of(unit: Unit, user: Any) -> list[Unit]:
    """The units from the first one that the person sees down to `unit`, as far as seen: one query."""
    paths = [unit.path[:length] for length in range(STEPS, len(unit.path) + 1, STEPS)]
    return list(Unit.objects.visible_to(user, "responsibilities.view").filter(path__in=paths).order_by("depth"))


def open_period(region: Region) -> Period:
    """The period that runs."""
    return period_of(clock.today(), level_rule(region).months)


def own_counts(campaign: Campaign, period: Period, paths: Iterable[str] = ()) -> dict[int, dict[str, int]]:
    """By unit how many of each fact it had itself; a query a fact. `paths`: only units at or below these."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    below = _below(paths)
    for fact in facts():
        rows = fact.rows(campaign, *period.moments).order_by()
        if below is not None:
            rows = rows.filter(**{f"{fact.unit}__in": below})
        for unit, number in rows.values_list(fact.unit).annotate(Count("pk", distinct=True)):
            found[unit][fact.key] = number
    return dict(found)


def sums_below(units: Iterable[Unit], counts: Mapping[int, Mapping[str, int]]) -> dict[int, Counter[str]]:
    """For each of `units` what it and all below it had: one query."""
    wanted = {unit.path: unit.pk for unit in units}
    found: dict[int, Counter[str]] = {pk: Counter() for pk in wanted.values()}
    for pk, path in Unit.objects.filter(pk__in=counts).values_list("pk", "path"):
        for length in range(STEPS, len(path) + 1, STEPS):
            if path[:length] in wanted:
                found[wanted[path[:length]]].update(counts[pk])
    return found


def children_of(unit: Unit) -> QuerySet[Unit]:
    """The units of today right below, in the order of the tree."""
    rows = units_today(unit.region_id).filter(path__startswith=unit.path, depth=unit.depth + 1)
    return rows.order_by("path")


def marks_of(campaign: Campaign, user: Any, period: Period) -> dict[int, LevelMark]:
    """The marks of a period that the person sees, by unit."""
    rows = LevelMark.objects.visible_to(user).filter(campaign=campaign, first=period.first, months=period.months)
    return {one.unit_id: one for one in rows.select_related("judge", "unit", "region")}


def verdict_sums(campaign: Campaign, unit: Unit, period: Period) -> list[tuple[str, int]]:
    """How often each judgement was given below `unit`, over all levels, the best first: sums alone, nobody is named."""
    rows = LevelMark.objects.filter(
        campaign=campaign, first=period.first, months=period.months, unit__path__startswith=unit.path
    ).exclude(verdict="")
    given = dict(rows.order_by().values_list("verdict").annotate(Count("pk")))
    return [(verdict, given[verdict]) for verdict in Verdict.values if verdict in given]


def seen_unit(user: Any, campaign: Campaign, wanted: str) -> Unit | None:
    """The unit that the address names, if it lies in the person's scope; else the person's own, or the root."""
    scope = scope_of(user, "responsibilities.view")
    rows = Unit.objects.filter(region=campaign.region_id)
    if campaign.region_id not in scope.regions:
        rows = rows.filter(pk__in=scope.unit_ids)
    key = asked_key(wanted)
    if key is not None:
        return rows.filter(pk=key).first()
    own = rows.filter(pk__in=units_of_user(user)).order_by("depth", "path").first()
    return own or rows.order_by("depth", "path").first()


def judges(user: Any, mark: LevelMark) -> bool:
    """Whether the person speaks for the unit above: by a role held at that very unit."""
    return mark.judge_id in units_of_user(user) and bool(scope_of(user, ANSWER))


def is_judged(user: Any, mark: LevelMark) -> bool:
    """Whether the person speaks for the unit that is judged, by a role held at that very unit."""
    return mark.unit_id in units_of_user(user) and bool(scope_of(user, ANSWER))


def to_judge(user: Any, campaign: Campaign) -> QuerySet[LevelMark]:
    """What waits for the unit above: not judged and still open, or objected to."""
    rows = LevelMark.objects.filter(campaign=campaign, judge__in=units_of_user(user))
    return rows.filter(Q(state=LevelState.OPEN, closes_on__gte=clock.today()) | Q(state=LevelState.OBJECTED))


def to_answer(user: Any, campaign: Campaign) -> QuerySet[LevelMark]:
    """What waits for the unit that was judged: its word is asked for while it may still object."""
    rows = LevelMark.objects.filter(campaign=campaign, unit__in=units_of_user(user), state=LevelState.JUDGED)
    days = level_rule(campaign.region).objection_days
    since = default_calendar().add_workdays(clock.today(), -days)
    return rows.filter(judged_at__gte=clock.midnight(since))


def answer_until(mark: LevelMark) -> date | None:
    """Until which day the unit may object; None before it is judged."""
    if mark.judged_at is None:
        return None
    days = level_rule(mark.region).objection_days
    return default_calendar().add_workdays(clock.local(mark.judged_at).date(), days)


def _below(paths: Iterable[str]) -> QuerySet[Unit] | None:
    wanted = [Q(path__startswith=path) for path in paths]
    if not wanted:
        return None
    either = wanted[0]
    for one in wanted[1:]:
        either |= one
    return Unit.objects.filter(either).values("pk")
