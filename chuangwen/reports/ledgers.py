"""Papers that list matters one by one, or by unit: 上级反馈整改台账, 难点问题清单, 批示件办理单, 任务分解及工作推进表,
工作周报.

Columns are those of practice.md, Papers and their columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.wording import clock_words
from chuangwen.rectification.enums import PhotoRole, ProblemState, Source
from chuangwen.rectification.models import Problem
from chuangwen.reports.periods import Period
from chuangwen.reports.queries import TASK, span_of, unit_names
from chuangwen.reports.sheet import Column, Row, Sheet, Value
from chuangwen.responsibilities.models import OPEN_TASK_STATES, Instruction, Task, TaskState
from chuangwen.responsibilities.queries.instructions import standing_of, with_tasks
from chuangwen.responsibilities.queries.weekly import confirmed_columns
from chuangwen.responsibilities.standing import DONE
from chuangwen.responsibilities.words import WORDS, result_of, units_of
from chuangwen.workflow.models import Step

TITLES_SHOWN = 5
SUPERIOR = (
    Column("batch", "text", 6), Column("source_number", "text", 5), Column("photos", "text", 4),
    Column("lead", "text", 6), Column("deadline", "moment", 6), Column("result", "text", 7),
    Column("answer_number", "text", 8),
)  # fmt: skip
HARD = (
    Column("lead", "text", 6), Column("cause", "text", 9), Column("funding", "text", 7), Column("interim", "text", 9),
    Column("steps", "text", 9), Column("coordinator", "text", 6),
)  # fmt: skip
INSTRUCTIONS = (
    Column("content", "text", 12), Column("written", "day", 5), Column("handled_by", "text", 7),
    Column("deadline", "moment", 6), Column("result", "text", 12),
)  # fmt: skip
TASKS = (
    Column("number", "text", 5), Column("criterion", "text", 5), Column("lead", "text", 6),
    Column("cooperating", "text", 8), Column("deadline", "moment", 6), Column("measures", "text", 9),
    Column("people", "text", 6), Column("progress", "share", 5), Column("state", "text", 5),
)  # fmt: skip
WORK = (
    Column("focus", "text", 9), Column("done", "text", 9), Column("difficulty", "text", 8),
    Column("coordinate", "text", 8), Column("next", "text", 9), Column("checked_by", "text", 5),
)  # fmt: skip

CONFIRMED = {"following": "next"}  # a report's column under its key in the paper


def superior_sheet(campaign: Campaign, period: Period, as_of: datetime) -> Sheet:
    """What superiors fed back in the period, the oldest first: one query."""
    span = span_of(period, as_of)
    counted = {
        role: Count("photos", filter=Q(photos__role=role), distinct=True)
        for role in (PhotoRole.BEFORE, PhotoRole.AFTER)
    }
    rows = Problem.objects.filter(
        region=campaign.region, source=Source.SUPERIOR, found_at__gte=span.start, found_at__lt=span.end
    ).exclude(state=ProblemState.MERGED)
    rows = rows.select_related("lead").annotate(**{f"{role}_photos": count for role, count in counted.items()})
    lines = []
    for one in rows.order_by("found_at", "source_number", "pk"):
        photos = (("前", one.before_photos), ("后", one.after_photos))
        lines.append(
            _line(
                one, **_numbered(one),
                photos=" ".join(f"{word}{number}" for word, number in photos if number),
                lead="" if one.state == ProblemState.FOUND else str(one.lead), deadline=_moment(one.due_at),
                result=_result(one), answer_number=one.answer_number,
            )
        )  # fmt: skip
    return Sheet(SUPERIOR, tuple(lines))


def hard_sheet(campaign: Campaign, _period: Period, _as_of: datetime) -> Sheet:
    """All problems on the long-term list: two queries."""
    rows = Problem.objects.filter(region=campaign.region, state=ProblemState.LONG_TERM)
    lines = [
        _line(
            one, lead=str(one.lead), cause=one.cause, funding=one.funding, interim=one.interim_measure,
            steps="；".join(f"{step.due_on:%Y-%m-%d} {step.name}" for step in one.milestones.all()),
            coordinator=one.coordinator,
        )
        for one in rows.select_related("lead").prefetch_related("milestones").order_by("due_at", "pk")
    ]  # fmt: skip
    return Sheet(HARD, tuple(lines))


def instructions_sheet(campaign: Campaign, period: Period, as_of: datetime) -> Sheet:
    """Instructions written in the period, and earlier ones that were not settled; those withdrawn are left out."""
    rows = Instruction.objects.filter(campaign=campaign, withdrawn_at__isnull=True, written_on__lte=period.last)
    lines = []
    for one in with_tasks(rows.order_by("written_on", "pk")):
        now = standing_of(one)
        if one.written_on < period.first and now.key == DONE:
            continue
        values: dict[str, Value] = {
            "content": one.content, "written": one.written_on.isoformat(), "handled_by": units_of(one),
            "deadline": _moment(now.due_at) if now.due_at else "",
            "result": "：".join(filter(None, (str(WORDS[now.key][1]), result_of(one).replace("\n", "；")))),
        }  # fmt: skip
        lines.append(Row(one.signed_as, values, {"name": (one.pk,)}))
    return Sheet(INSTRUCTIONS, tuple(lines))


def tasks_sheet(campaign: Campaign, _period: Period, _as_of: datetime) -> Sheet:
    """All tasks of the campaign that run or are done: two queries."""
    rows = Task.objects.filter(campaign=campaign).exclude(state__in=[TaskState.DRAFT, TaskState.CANCELLED])
    rows = rows.select_related("unit", "node").prefetch_related(Prefetch("cooperating"))
    lines = [
        _line(
            one, number=one.number, criterion=one.node.code if one.node else "", lead=str(one.unit),
            cooperating="、".join(str(unit) for unit in one.cooperating.all()), deadline=_moment(one.due_at),
            measures=one.measures, people=one.people, progress=one.progress / 100, state=str(one.get_state_display()),
        )
        for one in rows.order_by("unit__branch", "unit__position", "due_at", "pk")
    ]  # fmt: skip
    return Sheet(TASKS, tuple(lines))


def work_sheet(campaign: Campaign, period: Period, as_of: datetime) -> Sheet:
    """One row for each unit that had, did or has anything to do: four queries. Where a unit confirmed its weekly
    report, that stands there as confirmed; for all others what their tasks say, so that nobody need be called.
    """
    span = span_of(period, as_of)
    after = span.end + (span.end - span.start)
    cells: defaultdict[int, defaultdict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    tasks = Task.objects.filter(campaign=campaign).exclude(state__in=[TaskState.DRAFT, TaskState.CANCELLED])
    for one in tasks.order_by("due_at", "pk"):
        here = cells[one.unit_id]
        running = one.state in OPEN_TASK_STATES
        if span.holds(one.due_at):
            here["focus"].append((one.pk, one.title))
        if one.state == TaskState.CONFIRMED and span.holds(one.finished_at):
            here["done"].append((one.pk, one.title))
        if running and one.due_at < as_of:
            here["difficulty"].append((one.pk, one.title))
        if one.state == TaskState.OBJECTED:
            here["coordinate"].append((one.pk, one.title))
        if running and span.end <= one.due_at < after:
            here["next"].append((one.pk, one.title))
    checked = _checkers([pk for here in cells.values() for pk, _title in here.get("done", ())])
    for here in cells.values():
        names = dict.fromkeys(checked[pk] for pk, _title in here.get("done", ()) if pk in checked)
        here["checked_by"] = [(0, name) for name in names]
    confirmed = confirmed_columns(campaign, period.first, period.last)
    rows = [
        _unit_row(pk, name, cells[pk], confirmed.get(pk))
        for pk, name in unit_names(campaign.region).items()
        if cells.get(pk) or pk in confirmed
    ]
    return Sheet(WORK, tuple(rows))


def _checkers(tasks: list[int]) -> dict[int, str]:
    """Who confirmed each of the tasks: one query."""
    steps = Step.objects.filter(object_type=TASK, action="confirm", object_id__in=tasks).order_by("pk")
    return {
        task: on_behalf or name for task, on_behalf, name in steps.values_list("object_id", "on_behalf", "actor_name")
    }


def _unit_row(pk: int, name: str, cells: dict[str, list[tuple[int, str]]], said: dict[str, str] | None) -> Row:
    """What the unit confirmed; else what the tasks say."""
    values: dict[str, Value] = {column.key: _titles(cells.get(column.key, ())) for column in WORK}
    if said is not None:
        values |= {CONFIRMED.get(name, name): text for name, text in said.items()}
    refs = {key: tuple(one for one, _title in found if one) for key, found in cells.items()}
    return Row(name, values, refs, pk)


def _titles(found: Iterable[tuple[int, str]]) -> str:
    """The first titles; how many there are in all where there are more."""
    titles = [title for _pk, title in found]
    text = "；".join(titles[:TITLES_SHOWN])
    return f"{text}等{len(titles)}项" if titles[TITLES_SHOWN:] else text


def _line(row: Any, **values: Value) -> Row:
    return Row(str(row), values, {"name": (row.pk,)})


def _numbered(one: Problem) -> dict[str, Value]:
    """Batch and number as a ledger's import joined them (2026年省一轮-7); else the day it came and the whole number."""
    batch, _hyphen, number = one.source_number.rpartition("-")
    if batch.isascii():
        batch, number = f"{clock.local(one.found_at):%Y-%m-%d}", one.source_number
    return {"batch": batch, "source_number": number}


def _moment(moment: datetime) -> str:
    local = clock.local(moment)
    return f"{local:%Y-%m-%d} {clock_words(local)}"


def _result(one: Problem) -> str:
    """The state, and when it was closed."""
    word = str(one.get_state_display())
    return f"{word} {clock.local(one.closed_at):%Y-%m-%d}" if one.closed_at else word
