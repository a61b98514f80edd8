"""Reads duties by kind of organization: what is offered for whom, what is there already, how each kind keeps it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.enums import KIND_SAYS, PostKind
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.org_kinds import lead_rank
from chuangwen.organizations.queries import of_org_kind, units_today
from chuangwen.responsibilities.enums import DutyKeeping
from chuangwen.responsibilities.models import (
    FINISHED_TASK_STATES,
    Duty,
    DutyState,
    DutyTemplate,
    KindLead,
    Task,
    TaskState,
)
from chuangwen.responsibilities.queries.repeats import Ask, OpenRequest, open_alike
from chuangwen.responsibilities.queries.tasks import OPEN, late
from chuangwen.responsibilities.schedule import Schedule, occurrences

ANSWER = "responsibilities.answer"
MOST_UNITS = 200  # on one page; where more are of the kind, a unit further down is chosen
MOST_DATES = 60
LIVE = (DutyState.RUNNING, DutyState.PAUSED)


def source_of(template: DutyTemplate) -> str:
    """What a duty that was laid out by the template names as its source: once for each unit."""
    return f"responsibilities.template:{template.pk}"


def templates_of(user: Any) -> QuerySet[DutyTemplate]:
    """The templates that the person sees: the office's, and those of the own units."""
    return DutyTemplate.objects.visible_to(user).select_related("unit", "region")


def templates_for(top: Unit, kind: str) -> list[DutyTemplate]:
    """What is offered for the kind below `top`: its own templates, and the office's of other titles. One query."""
    holds = Q(unit=top) | Q(unit__region=top.region_id, unit__depth=1)
    rows = list(DutyTemplate.objects.filter(holds, org_kind=kind, ended_on=None).select_related("unit").order_by("pk"))
    own = {one.title for one in rows if one.unit_id == top.pk}
    return [one for one in rows if one.unit_id == top.pk or one.title not in own]


def units_of_kind(top: Unit, kind: str) -> list[Unit]:
    """The units of today below `top` that are organizations of the kind, in the order of the tree."""
    rows = units_today(top.region_id).filter(of_org_kind(kind), path__startswith=top.path, depth__gt=top.depth)
    return list(rows.select_related("region")[: MOST_UNITS + 1])


def unsaid_units(top: Unit) -> int:
    """How many units below `top` neither say nor show by their kind of unit what kind of organization they are."""
    rows = units_today(top.region_id).filter(path__startswith=top.path, depth__gt=top.depth, org_kind="")
    return rows.exclude(kind__in=list(KIND_SAYS)).count()


def proposed_lead(top: Unit, kind: str, units: Sequence[Unit]) -> Unit:
    """Who checks the kind: as kept, else of those furthest up the one whose name says so most plainly.

    Where there is one alone, or none, the unit above: nobody is proposed to check the own work only.
    """
    kept = KindLead.objects.filter(unit=top, org_kind=kind).select_related("lead").first()
    if kept is not None and (kept.lead.valid_to is None or kept.lead.valid_to >= clock.today()):
        return kept.lead
    ranked = sorted(units, key=lambda unit: (unit.depth, lead_rank(kind, unit.name), unit.path))
    return ranked[0] if len(ranked) > 1 else top


def missing_pairs(
    campaign: Campaign, units: Sequence[Unit], templates: Sequence[DutyTemplate]
) -> list[tuple[Unit, DutyTemplate]]:
    """What would be made: each unit with each template that it has no duty of yet, ended ones included. One query."""
    wanted = {source_of(one): one for one in templates}
    rows = Duty.objects.filter(campaign=campaign, unit__in=units, source__in=wanted)
    there = set(rows.order_by().values_list("unit_id", "source"))
    return [(unit, one) for unit in units for source, one in wanted.items() if (unit.pk, source) not in there]


def like_ones(campaign: Campaign, pairs: Sequence[tuple[Unit, DutyTemplate]]) -> dict[tuple[int, int], OpenRequest]:
    """Of what is about to be laid out, that for which the like runs at its unit already, by (unit, template)."""
    asks = {(unit.pk, template.pk): Ask(unit.pk, template.title) for unit, template in pairs}
    return open_alike(campaign.region, asks)


def bare_units(units: Collection[Unit]) -> list[Unit]:
    """Those that have named neither an acting nor a first responsible: one query."""
    kinds = (PostKind.ACTING, PostKind.FIRST)
    named = set(Post.objects.filter(unit__in=units, kind__in=kinds).values_list("unit_id", flat=True))
    return sorted((unit for unit in units if unit.pk not in named), key=lambda unit: unit.path)


def running_duties(campaign: Campaign, units: Sequence[Unit]) -> Counter[int]:
    """How many recurring duties each unit has, by its key: one query."""
    rows = Duty.objects.filter(campaign=campaign, unit__in=units, state=DutyState.RUNNING).order_by()
    return Counter(rows.values_list("unit_id", flat=True))


def dates_a_year(plan: Schedule) -> int:
    """How often a schedule asks within a year from today."""
    today = clock.today()
    found = occurrences(plan, today, today + timedelta(days=364), default_calendar())
    return sum(1 for _one in islice(found, MOST_DATES))


def leads_of(user: Any, permission: str = "") -> QuerySet[KindLead]:
    """The kinds whose checks the person sees: as who checks, as the unit above, as office or leader."""
    rows = KindLead.objects.visible_to(user, permission).select_related("unit", "lead", "region")
    found: QuerySet[KindLead] = rows.order_by("unit__path", "pk")
    return found


def _late() -> QuerySet[Task]:
    """Late tasks of units that there are today: nobody can be reminded of others."""
    rows: QuerySet[Task] = Task.objects.filter(late()).exclude(unit__valid_to__lt=clock.today())
    return rows


def late_tasks(lead: KindLead) -> QuerySet[Task]:
    """What units of the kind should have shown by now."""
    return _late().filter(duty__kind_lead=lead).order_by("unit__path", "due_at", "pk")


def late_numbers(leads: Collection[KindLead]) -> Counter[int]:
    """How many duties of each kind are late, by the key of its lead: one query."""
    rows = _late().filter(duty__kind_lead__in=leads)
    return Counter(rows.order_by().values_list("duty__kind_lead", flat=True))


def late_for(user: Any) -> QuerySet[Task]:
    """What is late at other units, since the person checks their kind: what is of the own units is told as theirs."""
    leads = KindLead.objects.visible_to(user, ANSWER)
    rows = _late().filter(duty__kind_lead__in=leads.values("pk"))
    return rows.exclude(unit__in=scope_of(user, ANSWER).unit_ids)


def reported_tasks(lead: KindLead, campaign: Campaign) -> QuerySet[Task]:
    """What was reported and waits for a look."""
    rows = Task.objects.filter(campaign=campaign, duty__kind_lead=lead, state=TaskState.REPORTED)
    found: QuerySet[Task] = rows.select_related("unit").order_by("unit__path", "finished_at", "pk")
    return found


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty of a unit: how it is kept, of how many dates so far how many in time, and its task that tells."""

    duty: Duty
    keeping: DutyKeeping
    due: int
    in_time: int
    task_id: int | None
    due_at: datetime | None


@dataclass(slots=True)
class UnitLine:
    """One unit with its duties of the kind."""

    unit: Unit
    lines: list[DutyLine] = field(default_factory=list)

    def number(self, keeping: str) -> int:
        return sum(one.keeping == keeping for one in self.lines)

    @property
    def counts(self) -> list[tuple[DutyKeeping, int]]:
        return [(one, self.number(one)) for one in DutyKeeping]


def kept_by_kind(lead: KindLead, campaign: Campaign) -> list[UnitLine]:
    """How the units of a kind keep their duties, in the order of the tree: two queries whatever their number."""
    duties = Duty.objects.filter(kind_lead=lead, campaign=campaign, state__in=LIVE).select_related("unit")
    rows = Task.objects.filter(Q(state__in=FINISHED_TASK_STATES) | OPEN, duty__kind_lead=lead, campaign=campaign)
    tasks: defaultdict[int, list[_Told]] = defaultdict(list)
    for duty, *told in rows.order_by("due_at").values_list("duty_id", "pk", "state", "due_at", "finished_at"):
        tasks[duty].append(_Told(*told))
    found: dict[int, UnitLine] = {}
    for duty in duties.order_by("unit__path", "pk"):
        found.setdefault(duty.unit_id, UnitLine(duty.unit)).lines.append(_line(duty, tasks[duty.pk]))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Told:
    """What a task says of one date of its duty."""

    pk: int
    state: str
    due_at: datetime
    finished_at: datetime | None


def _line(duty: Duty, told: list[_Told]) -> DutyLine:
    """Late: something was shown before, and what is due now was not. Never: nothing was, although it was due."""
    shown = [one for one in told if one.state in FINISHED_TASK_STATES]
    owed = [one for one in told if one.state not in FINISHED_TASK_STATES and one.due_at < clock.now()]
    if owed:
        keeping = DutyKeeping.LATE if shown else DutyKeeping.NEVER
    else:
        keeping = DutyKeeping.KEPT if shown else DutyKeeping.AHEAD
    tells = owed[0] if owed else shown[-1] if shown else told[0] if told else None
    in_time = sum(one.finished_at is not None and one.finished_at <= one.due_at for one in shown)
    return DutyLine(
        duty, keeping, len(shown) + len(owed), in_time, tells.pk if tells else None, tells.due_at if tells else None
    )
