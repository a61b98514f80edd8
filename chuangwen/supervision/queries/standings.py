"""The figures behind flags and lists: a unit's score of a period, and its rate of a week. Few grouped queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, Sum

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.core.workdays import ONE_DAY
from chuangwen.evidence.enums import DossierState
from chuangwen.evidence.models import Dossier
from chuangwen.inspections.models import Observation
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.rectification.enums import Source
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import counted, late
from chuangwen.responsibilities.models import Task, TaskState
from chuangwen.supervision.enums import FlagColour, FlagState, NoticeState
from chuangwen.supervision.models import Flag, PeerNumber, ScoreWeight, SupervisionNotice
from chuangwen.supervision.peers import Part, Rate, Share, Standing, score
from chuangwen.supervision.queries.rows import midnight

TOWNS = ("street", "town")
GIVEN_DOSSIERS = (DossierState.SUBMITTED, DossierState.ACCEPTED, DossierState.APPROVED)
DONE_TASKS = (TaskState.REPORTED, TaskState.CONFIRMED)
Shares = dict[int, Share]


@dataclass(frozen=True, slots=True)
class UnitScore:
    """A unit's score of a period with the parts it is made of."""

    unit: Unit
    standing: Standing
    shares: dict[Part, Share] = field(default_factory=dict)


def month_of(day: date) -> tuple[date, date]:
    """The first and last day of the month."""
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day.replace(day=1), following - timedelta(days=1)


def quarter_of(day: date) -> tuple[date, date]:
    """The first and last day of the quarter."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first, month_of(date(first.year, first.month + 2, 1))[1]


def last_quarter(day: date) -> tuple[date, date]:
    """The quarter that was over last before `day`."""
    return quarter_of(quarter_of(day)[0] - ONE_DAY)


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def numbers_of(region: Region) -> dict[str, int]:
    """The numbers of flags and lists by key; empty where they were not written yet."""
    return dict(PeerNumber.objects.filter(region=region).values_list("key", "value"))


def weights_of(region: Region) -> dict[str, dict[Part, float]]:
    """The weights of the parts by branch."""
    found: defaultdict[str, dict[Part, float]] = defaultdict(dict)
    for branch, part, weight in ScoreWeight.objects.filter(region=region).values_list("branch", "part", "weight"):
        found[branch][Part(part)] = float(weight)
    return dict(found)


def unit_scores(region: Region, first: date, last: date) -> list[UnitScore]:
    """The scores of all units that have a peer group, by group and score: nine queries whatever their number."""
    units = list(units_today(region).filter(depth__gt=1).exclude(peer_group=""))
    span = _moments(first, last)
    weights = weights_of(region)
    parts: dict[Part, Shares] = {
        Part.RECTIFICATION: rectified(region, *span), Part.TASKS: tasks_done(region, *span),
        Part.MATERIAL: material_given(region, first, last),
        Part.FIELD: seen_in_field(units, region, *span), Part.REPORTING: answered(region, *span),
    }  # fmt: skip
    overdue = dict(Problem.objects.filter(late(), region=region).order_by().values_list("lead").annotate(Count("pk")))
    found = []
    for unit in units:
        mine = {part: shares[unit.pk] for part, shares in parts.items() if unit.pk in shares}
        value = score(mine, weights.get(unit.branch, {}))
        due = int(mine[Part.RECTIFICATION].of) if Part.RECTIFICATION in mine else 0
        standing = Standing(unit.pk, unit.peer_group, value, due, overdue.get(unit.pk, 0))
        found.append(UnitScore(unit, standing, mine))
    return sorted(found, key=lambda one: (one.unit.peer_group, -(one.standing.score or -1), one.unit.path))


def rectified(region: Region, start: datetime, end: datetime) -> Shares:
    """Closed in time of due, by lead; what units found themselves is left out (practice.md)."""
    rows = Problem.objects.filter(counted(start, end), region=region).exclude(source=Source.SELF)
    told = rows.order_by().values("lead").annotate(due=Count("pk"), good=Count("pk", filter=Q(closed_in_time=True)))
    return {row["lead"]: Share(row["good"], row["due"]) for row in told}


def tasks_done(region: Region, start: datetime, end: datetime) -> Shares:
    """Tasks reported by their deadline, of those due in the period and up to now."""
    rows = Task.objects.filter(region=region, due_at__gte=start, due_at__lt=min(end, clock.now()))
    rows = rows.exclude(state__in=[TaskState.DRAFT, TaskState.OBJECTED, TaskState.CANCELLED])
    good = Q(state__in=DONE_TASKS, finished_at__lte=F("due_at"))
    told = rows.order_by().values("unit").annotate(due=Count("pk"), good=Count("pk", filter=good))
    return {row["unit"]: Share(row["good"], row["due"]) for row in told}


def material_given(region: Region, first: date, last: date) -> Shares:
    """Dossiers submitted by their day and not returned, of those due in the period and up to now."""
    rows = Dossier.objects.filter(region=region, due_on__gte=first, due_on__lte=min(last, clock.today()))
    good = Q(state__in=GIVEN_DOSSIERS, submitted_at__date__lte=F("due_on"))
    told = rows.order_by().values("unit").annotate(due=Count("pk"), good=Count("pk", filter=good))
    return {row["unit"]: Share(row["good"], row["due"]) for row in told}


def seen_in_field(units: Iterable[Unit], region: Region, start: datetime, end: datetime) -> Shares:
    """What checks at places found met, of all that they saw, for a territory with all that lies in it."""
    rows = Observation.objects.filter(region=region, created_at__gte=start, created_at__lt=end, withdrawn_at=None)
    rows = rows.filter(answer__isnull=False, value__isnull=False, unit__isnull=False)
    told = list(rows.order_by().values_list("unit__path").annotate(got=Sum(F("value") * F("weight")), of=Sum("weight")))
    found: Shares = {}
    for unit in units:
        inside = [(got, of) for path, got, of in told if path.startswith(unit.path)]
        if inside and unit.branch == "territory":
            found[unit.pk] = Share(sum(got for got, _of in inside), sum(of for _got, of in inside))
    return found


def answered(region: Region, start: datetime, end: datetime) -> Shares:
    """Notices answered by their day, of those whose day lay in the period."""
    rows = SupervisionNotice.objects.filter(
        region=region, signed_at__isnull=False, due_at__gte=start, due_at__lt=min(end, clock.now())
    ).exclude(state=NoticeState.WITHDRAWN)
    good = Q(answered_at__lte=F("due_at"))
    told = rows.order_by().values("unit").annotate(due=Count("pk"), good=Count("pk", filter=good))
    return {row["unit"]: Share(row["good"], row["due"]) for row in told}


def rates(region: Region, first: date, last: date, branch: str) -> list[Rate]:
    """Closed in time of due in the days from `first` to `last`: departments, or towns and streets."""
    units = Unit.objects.filter(region=region, depth__gt=1, branch=branch)
    if branch == "territory":
        units = units.filter(kind__in=TOWNS)
    known = set(units.values_list("pk", flat=True))
    shares = rectified(region, *_moments(first, last))
    return [Rate(pk, int(one.got), int(one.of)) for pk, one in shares.items() if pk in known]


def held_black(region: Region) -> dict[int, list[Flag]]:
    """The black flags that were given, by unit, the earliest first: one query."""
    found: defaultdict[int, list[Flag]] = defaultdict(list)
    rows = Flag.objects.filter(region=region, colour=FlagColour.BLACK, state__in=[FlagState.GIVEN, FlagState.BACK])
    for flag in rows.order_by("starts"):
        found[flag.unit_id].append(flag)
    return found


def _moments(first: date, last: date) -> tuple[datetime, datetime]:
    return midnight(first), midnight(last + ONE_DAY)
