"""Papers that list matters one by one, or by unit: 上级反馈整改台账, 难点问题清单, 批示件办理单, 任务分解及工作推进表,
工作周报.

Columns are those of practice.md, Papers and their columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils.translation import pgettext

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.wording import clock_words
from chuangwen.rectification.enums import PhotoRole, ProblemState, Source
from chuangwen.rectification.models import Problem
from chuangwen.reports.periods import Period, mondays_of
from chuangwen.reports.queries import span_of, unit_names
from chuangwen.reports.sheet import Column, Row, Sheet, Value
from chuangwen.responsibilities.models import Instruction, Task, TaskState, WeekReport, WeekState
from chuangwen.responsibilities.queries.instructions import standing_of, with_tasks
from chuangwen.responsibilities.queries.weekly import Fact, facts_of_week, reports_of_weeks, units_at_work
from chuangwen.responsibilities.standing import DONE
from chuangwen.responsibilities.week_days import week_at
from chuangwen.responsibilities.weekly import COLUMNS
from chuangwen.responsibilities.words import WORDS, result_of, units_of

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
    """One row for each unit that has anything to tell; `facts` count who confirmed, who did not, and who has nothing.

    Where a unit confirmed its weekly report, that stands there as confirmed; for all others the same that its own page
    would propose, so that nobody need be called. A week that is over is told as it was then.
    """
    names = unit_names(campaign.region)
    weeks = [week for week in (week_at(monday, as_of) for monday in mondays_of(period)) if week.first < as_of]
    reports = reports_of_weeks(campaign, [week.monday for week in weeks])
    told = {pk: WorkRow() for pk in names}
    for week in weeks:
        for pk, facts in facts_of_week(campaign, names, week).items():
            told[pk].add(reports.get((pk, week.monday)), facts)
    rows = [_unit_row(pk, name, told[pk]) for pk, name in names.items() if told[pk].says_anything]
    asked = {unit for unit, _monday in reports} | units_at_work(campaign)
    confirmed = sum(told[row.unit].confirmed for row in rows if row.unit)
    counts = {
        "confirmed": confirmed,
        "missing": len(rows) - confirmed,
        "quiet": len(asked - {row.unit for row in rows}),
    }
    return Sheet(WORK, tuple(rows), facts=counts)


@dataclass(slots=True)
class WorkRow:
    """What is told of one unit's weeks: lines by column, the tasks behind them, who checked."""

    lines: dict[str, dict[str, None]] = field(default_factory=lambda: {name: {} for name in COLUMNS})
    tasks: dict[str, dict[int, None]] = field(default_factory=lambda: {name: {} for name in COLUMNS})
    checked: dict[str, None] = field(default_factory=dict)  # who; that nobody did where the unit did not confirm
    confirmed: bool = True  # each of its weeks
    whole: bool = False  # some of it was confirmed: then nothing is cut

    def add(self, report: WeekReport | None, facts: Mapping[str, Sequence[Fact]]) -> None:
        """One week: as the unit confirmed it, else as the ledgers have it."""
        said = report if report and report.state == WeekState.CONFIRMED else None
        told = {
            name: getattr(said, name).splitlines() if said else [one.words for one in facts[name]] for name in COLUMNS
        }
        for name, lines in told.items():
            self.lines[name] |= dict.fromkeys(line for line in lines if line.strip())
            self.tasks[name] |= dict.fromkeys(one.task for one in facts[name] if one.task)
        if any(told.values()):
            self.checked[said.checked_by if said else pgettext("paper", "not confirmed")] = None
            self.confirmed &= said is not None
            self.whole |= said is not None

    @property
    def says_anything(self) -> bool:
        return any(self.lines.values())


def _unit_row(pk: int, name: str, told: WorkRow) -> Row:
    values: dict[str, Value] = {
        CONFIRMED.get(column, column): "；".join(lines) if told.whole else _titles(list(lines))
        for column, lines in told.lines.items()
    }
    values["checked_by"] = "；".join(filter(None, told.checked))
    refs = {CONFIRMED.get(column, column): tuple(tasks) for column, tasks in told.tasks.items()}
    return Row(name, values, refs, pk)


def _titles(titles: Sequence[str]) -> str:
    """The first titles; how many there are in all where there are more."""
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
