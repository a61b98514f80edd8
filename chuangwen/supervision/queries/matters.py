"""Problems, tasks and dossiers as the ladder sees them now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from chuangwen.campaigns.models import Campaign, CampaignState
from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.evidence.enums import WITH_THE_UNIT
from chuangwen.evidence.models import Dossier
from chuangwen.organizations.models import Unit
from chuangwen.rectification.enums import ProblemClass, ProblemState, Source
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import RUNNING as PROBLEM_RUNS
from chuangwen.responsibilities.models import Task, TaskState
from chuangwen.supervision.enums import Colour, NoticeState, VetoState
from chuangwen.supervision.ladder import Condition, Given, Matter, Rule, Step
from chuangwen.supervision.models import NoticeItem, NoticeRule, VetoEvent
from chuangwen.supervision.queries.rows import day_ends
from chuangwen.workflow.models import Step as HistoryStep

TASK_RUNS = Q(state__in=[TaskState.ISSUED, TaskState.ACCEPTED])
UNSENT = (NoticeState.PROPOSED, NoticeState.DROPPED, NoticeState.WITHDRAWN)
DOSSIER_RUNS = Q(state__in=WITH_THE_UNIT) & ~Q(campaign__state=CampaignState.ENDED)
PROBLEM_LABEL, TASK_LABEL, DOSSIER_LABEL = "rectification.problem", "responsibilities.task", "evidence.dossier"
SOON = timedelta(days=14)  # no reminder comes earlier, and holidays are no longer


@dataclass(frozen=True, slots=True)
class Facts:
    """The ladder's view of one row, with the row."""

    matter: Matter
    row: Any


def rules_in_force(region: Region) -> list[Rule]:
    """The region's rules that are switched on, as the ladder reads them: one query."""
    rows = NoticeRule.objects.filter(region=region, is_on=True, ends__isnull=True)
    return [as_rule(row) for row in rows]


def as_rule(row: NoticeRule) -> Rule:
    """A row as the ladder reads it."""
    return Rule(row.pk, Step(row.step), Condition(row.condition), row.number)


def pressed_problems() -> Q:
    """Problems that the ladder may look at: what units found themselves never counts against them (practice.md)."""
    return ~Q(source=Source.SELF)


def running_matters(region: Region, now: datetime, *, units: Collection[int]) -> list[Facts]:
    """All matters of these units on their clock that a rule could speak of now, and falsified ones: twelve queries.

    Whatever has had its red notice stands on the ladder's last rung: it is not read again.
    """
    falsified, asked = falsified_problems(region), _asked(now)
    mine = Problem.objects.filter(pressed_problems(), region=region, lead__in=units)
    mine = mine.exclude(_at_the_top("problem", "lead"))
    found = facts_of(mine.filter(asked), falsified=falsified)
    if falsified:  # asked for by themselves: together no index helps
        found += facts_of(mine.filter(pk__in=falsified).exclude(asked), falsified=falsified)
    tasks = Task.objects.filter(TASK_RUNS, region=region, due_at__lt=now + SOON, unit__in=units)
    dossiers = running_dossiers(region, now).filter(unit__in=units)
    found += facts_of_tasks(tasks.exclude(_at_the_top("task", "unit")))
    return found + facts_of_dossiers(dossiers.exclude(_at_the_top("dossier", "unit")))


def units_with_matters(region: Region, now: datetime) -> list[int]:
    """The units that have a matter which a rule could speak of now, in a fixed order: six queries."""
    falsified = falsified_problems(region)
    asked: list[tuple[QuerySet[Any], str]] = [
        (Problem.objects.filter(_asked(now), region=region), "lead"),
        (Problem.objects.filter(pk__in=falsified), "lead"),
        (Task.objects.filter(TASK_RUNS, region=region, due_at__lt=now + SOON), "unit"),
        (running_dossiers(region, now), "unit"),
    ]
    found = {pk for rows, name in asked for pk in rows.order_by().values_list(name, flat=True).distinct()}
    return sorted(found)


def running_dossiers(region: Region, now: datetime) -> QuerySet[Dossier]:
    """Dossiers that wait for their unit and are late or soon due, of campaigns that have not ended."""
    campaigns = list(
        Campaign.objects.filter(region=region).exclude(state=CampaignState.ENDED).values_list("pk", flat=True)
    )
    last = clock.local(now + SOON).date()
    return Dossier.objects.filter(campaign__in=campaigns, state__in=WITH_THE_UNIT, due_on__lte=last)


def _asked(now: datetime) -> Q:
    """Problems on a unit's clock of which a rule could speak now."""
    return PROBLEM_RUNS & (Q(due_at__lt=now + SOON) | Q(returned_times__gt=0) | Q(recurrence_of__isnull=False))


def _at_the_top(name: str, unit: str) -> Exists:
    """Whether the matter has had a red notice at the unit that has it now."""
    rows = NoticeItem.objects.filter(**{name: OuterRef("pk")}, notice__unit=OuterRef(unit), notice__colour=Colour.RED)
    return Exists(rows)


def falsified_problems(region: Region) -> set[int]:
    """Problems of which a person confirmed that their rectification was falsified."""
    events = VetoEvent.objects.filter(region=region, state=VetoState.CONFIRMED, kind__falsification=True)
    return set(events.filter(problem__isnull=False).values_list("problem", flat=True))


def facts_of(problems: QuerySet[Problem], *, falsified: Collection[int] | None = None) -> list[Facts]:
    """Problems as matters: two queries, three where `falsified` is not given."""
    rows = list(problems.select_related("recurrence_of", "lead").order_by("pk"))
    if falsified is None:
        events = VetoEvent.objects.filter(
            problem__in=[row.pk for row in rows], state=VetoState.CONFIRMED, kind__falsification=True
        )
        falsified = set(events.values_list("problem", flat=True))
    given = _given("problem", [row.pk for row in rows])
    return [Facts(_problem(row, given[row.pk, row.lead_id], falsified), row) for row in rows]


def facts_of_tasks(tasks: QuerySet[Task]) -> list[Facts]:
    """Tasks as matters: three queries. What was sent back by the office counts as returned."""
    rows = list(tasks.select_related("unit").order_by("pk"))
    ids = [row.pk for row in rows]
    given = _given("task", ids)
    sent_back = HistoryStep.objects.filter(object_type=TASK_LABEL, object_id__in=ids, action="reopen")
    returned = dict(sent_back.order_by().values_list("object_id").annotate(Count("pk")))
    return [Facts(_task(row, given[row.pk, row.unit_id], returned.get(row.pk, 0)), row) for row in rows]


def facts_of_dossiers(dossiers: QuerySet[Dossier]) -> list[Facts]:
    """Dossiers as matters: three queries. What a reviewer sent back counts as returned."""
    rows = list(dossiers.select_related("unit", "node").order_by("pk"))
    ids = [row.pk for row in rows]
    given = _given("dossier", ids)
    sent_back = HistoryStep.objects.filter(object_type=DOSSIER_LABEL, object_id__in=ids, action="return")
    returned = dict(sent_back.order_by().values_list("object_id").annotate(Count("pk")))
    return [Facts(_dossier(row, given[row.pk, row.unit_id], returned.get(row.pk, 0)), row) for row in rows]


def dossiers_by_code(user: Any, unit: Unit, codes: Collection[str]) -> dict[str, Dossier]:
    """The unit's dossiers of these criteria that wait for it, of the latest year where there are several."""
    rows = Dossier.objects.visible_to(user).filter(DOSSIER_RUNS, unit=unit, node__code__in=codes)
    found = rows.select_related("node", "unit", "region").order_by("year", "pk")
    return {row.node.code: row for row in found}


def facts_of_items(items: Iterable[NoticeItem]) -> dict[int, Facts]:
    """How the matters of a notice stand now, by item."""
    several = list(items)
    problems = facts_of(Problem.objects.filter(pk__in=[one.problem_id for one in several if one.problem_id]))
    tasks = facts_of_tasks(Task.objects.filter(pk__in=[one.task_id for one in several if one.task_id]))
    dossiers = facts_of_dossiers(Dossier.objects.filter(pk__in=[one.dossier_id for one in several if one.dossier_id]))
    by_key = {one.matter.key: one for one in [*problems, *tasks, *dossiers]}
    return {item.pk: by_key[key_of(item)] for item in several}


def key_of(item: NoticeItem) -> str:
    """The key of the matter that a line lists."""
    if item.problem_id:
        return f"p{item.problem_id}"
    return f"t{item.task_id}" if item.task_id else f"d{item.dossier_id}"


def is_pressing(facts: Facts, now: datetime) -> bool:
    """Whether the matter still waits for the unit: on its clock, or falsified and not closed anew."""
    return facts.matter.running and (facts.matter.due < now or _has_another_ground(facts.matter))


def _has_another_ground(matter: Matter) -> bool:
    return bool(matter.returned) or matter.came_back_after is not None or matter.falsified


def _problem(row: Problem, given: tuple[Given, ...], falsified: Collection[int]) -> Matter:
    running = row.state in {ProblemState.ASSIGNED, ProblemState.RETURNED} and row.source != Source.SELF
    return Matter(
        f"p{row.pk}", row.lead_id, row.due_at, running and row.problem_class != ProblemClass.LONG_TERM,
        row.returned_times, came_back_after(row), row.pk in falsified, given,
    )  # fmt: skip


def came_back_after(row: Problem) -> int | None:
    """Days from the closing of what it repeats to its own finding; None for what is no recurrence."""
    former = row.recurrence_of
    if former is None or former.closed_at is None:
        return None
    return (clock.local(row.found_at).date() - clock.local(former.closed_at).date()).days


def _task(row: Task, given: tuple[Given, ...], returned: int) -> Matter:
    running = row.state in {TaskState.ISSUED, TaskState.ACCEPTED}
    return Matter(f"t{row.pk}", row.unit_id, row.due_at, running, returned, None, False, given)


def _dossier(row: Dossier, given: tuple[Given, ...], returned: int) -> Matter:
    running = row.state in WITH_THE_UNIT
    return Matter(f"d{row.pk}", row.unit_id, day_ends(row.due_on), running, returned, None, False, given)


def _given(name: str, ids: Collection[int]) -> defaultdict[tuple[int, int], tuple[Given, ...]]:
    """The notices that name each matter, by matter and unit, since a matter that changes hands begins anew: one query.

    What was not sent or withdrawn counts as had, so that it is not proposed every day again; nothing follows on it.
    """
    found: defaultdict[tuple[int, int], tuple[Given, ...]] = defaultdict(tuple)
    rows = NoticeItem.objects.filter(**{f"{name}__in": ids})
    fields = (name, "notice__unit", "notice__colour", "notice__day", "notice__state")
    for pk, unit, colour, day, state in rows.values_list(*fields):
        found[pk, unit] += (Given(Step(colour), day, sent=state not in UNSENT),)
    return found
