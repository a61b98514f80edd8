"""A plan as lines and facts: the same on screen, in Excel and in Word, before it is issued and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.papers import word_table
from chuangwen.core.templatetags.wording import day
from chuangwen.core.wording import figure_words
from chuangwen.core.workbooks.writing import Column, OutTable, write_tables
from chuangwen.rectification.models import Problem
from chuangwen.scoring.engine import show
from chuangwen.scoring.models import ActionPlan, Run
from chuangwen.scoring.problem_words import standing_of, won
from chuangwen.scoring.queries.outlook import Candidate
from chuangwen.scoring.queries.plans import Plan, problems_of

WIDTHS = (12, 26, 84, 40, 24, 24, 24, 35)  # mm on A4 across


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A problem of a plan."""

    problem: Problem
    points: float
    person_days: float
    cost: float

    @property
    def won(self) -> str:
        return won(self.points)

    @property
    def standing(self) -> str:
        return standing_of(self.problem)


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """What a paper of a plan says."""

    run: Run
    people: int
    days: int
    until: date
    money: float | None
    before: float
    expected: float
    person_days: float
    cost: float
    proven: bool
    number: int  # of problems
    lines: Sequence[PlanLine]  # the first of them, or all
    plan: Plan | None = None  # as it was computed; None once it is issued

    @property
    def facts(self) -> list[str]:
        """The plan in sentences."""
        limits = {"people": self.people, "days": self.days, "until": day(self.until)}
        told = [_("%(people)d people, %(days)d working days until %(until)s.") % limits]
        if self.money is not None:
            told.append(_("No more than %s yuan.") % figure_words(self.money))
        takes = {"n": self.number, "days": figure_words(self.person_days), "cost": figure_words(self.cost)}
        told.append(_("%(n)d problems, %(days)s person-days, %(cost)s yuan.") % takes)
        totals = {"before": show(self.before), "after": show(self.expected), "won": won(self.expected - self.before)}
        return [*told, _("Expected total %(after)s, now %(before)s (%(won)s).") % totals]

    @property
    def title(self) -> str:
        return _("Plan after %s") % self.run.round


def note() -> str:
    """What the figures mean."""
    return _(
        "The expected total is the score of this round with the failing rows of these problems met, computed by the "
        "rules of the standard. It is no forecast of what the next draw will see."
    )


def sheet_of_plan(run: Run, plan: Plan, most: int | None = None) -> PlanSheet:
    """A plan that is only computed, with its first `most` problems (None: all)."""
    first = plan.chosen[:most]
    pairs = zip(first, problems_of(first), strict=True)
    lines = [PlanLine(problem, one.points, one.person_days, one.cost) for one, problem in pairs]
    ask = plan.ask
    return PlanSheet(run, ask.people, ask.days, ask.until, ask.money, plan.before, plan.expected, plan.person_days,
                     plan.cost, plan.proven, len(plan.chosen), lines, plan)  # fmt: skip


def sheet_of_issued(plan: ActionPlan) -> PlanSheet:
    """A plan as it was issued."""
    items = plan.items.select_related("problem__lead", "problem__place", "problem__problem_type")
    lines = [PlanLine(one.problem, one.points, one.person_days, one.cost) for one in items]
    return PlanSheet(plan.run, plan.people, plan.days, plan.until, plan.money, plan.before, plan.expected,
                     plan.person_days, plan.cost, plan.proven, len(lines), lines)  # fmt: skip


def workbook(sheet: PlanSheet) -> bytes:
    """The plan as a workbook: its problems, who does how much, and what is left out."""
    return write_tables([_problems(sheet), *_units(sheet), *_left(sheet)])


def _problems(sheet: PlanSheet) -> OutTable:
    columns = (
        Column("position", _("No."), "integer"), Column("number", _("Number"), width=12),
        Column("title", _("Problem"), width=44), Column("lead", _("Lead"), width=20),
        Column("points", _("Points to win back"), "number", number_format="0.000"),
        Column("days", _("Person-days"), "number"), Column("cost", _("Cost in yuan"), "number"),
        Column("standing", pgettext("plan", "Where it stands"), width=28),
    )  # fmt: skip
    rows = [
        (n, one.problem.number, one.problem.title, str(one.problem.lead), one.points, one.person_days, one.cost,
         one.standing)
        for n, one in enumerate(sheet.lines, 1)
    ]  # fmt: skip
    return OutTable(columns, rows, sheet.title, (*sheet.facts, note()), pgettext("scoring", "Plan"))


def _units(sheet: PlanSheet) -> list[OutTable]:
    columns = (
        Column("unit", _("Unit"), width=26), Column("number", pgettext("plan", "Problems"), kind="integer"),
        Column("points", _("Points to win back"), "number", number_format="0.000"),
        Column("days", _("Person-days"), "number"), Column("cost", _("Cost in yuan"), "number"),
        Column("people", _("People at most"), "integer"),
    )  # fmt: skip
    units = sheet.plan.units if sheet.plan else []
    rows = [(str(one.unit), len(one.chosen), one.points, one.person_days, one.cost, one.limit) for one in units]
    notes = (_("Points as each problem brings them by itself; one that brings none wins points together with others."),)
    return [OutTable(columns, rows, sheet.title, notes, _("Who does how much"))] if rows else []


def _left(sheet: PlanSheet) -> list[OutTable]:
    columns = (
        Column("number", _("Number"), width=12), Column("title", _("Problem"), width=44),
        Column("lead", _("Lead"), width=20), Column("points", _("Points to win back"), "number", number_format="0.000"),
        Column("days", _("Person-days"), "number"), Column("why", _("Reason"), width=28),
    )  # fmt: skip
    left = _left_out(sheet.plan) if sheet.plan else []
    problems = problems_of(one for _why, one in left)
    rows = [
        (problem.number, problem.title, str(problem.lead), one.points, one.person_days, why)
        for (why, one), problem in zip(left, problems, strict=True)
    ]
    return [OutTable(columns, rows, sheet.title, (), _("What is left out"))] if rows else []


def _left_out(plan: Plan) -> list[tuple[str, Candidate]]:
    reasons = (
        (_("no room within the limits"), plan.no_room), (_("takes longer than the days that are left"), plan.too_long),
        (_("wins no point by itself"), plan.no_points),
    )  # fmt: skip
    return [(why, one) for why, found in reasons for one in found]


def word(sheet: PlanSheet) -> bytes:
    """The plan as a Word file, A4 across."""
    heads = (
        _("No."), _("Number"), _("Problem"), _("Lead"), _("Points to win back"), _("Person-days"), _("Cost in yuan"),
        pgettext("plan", "Where it stands"),
    )  # fmt: skip
    return word_table(sheet.title, heads, WIDTHS, _rows(sheet), above=sheet.facts, notes=[note()])


def _rows(sheet: PlanSheet) -> Iterable[Sequence[str]]:
    for number, one in enumerate(sheet.lines, 1):
        problem = one.problem
        yield (
            str(number), problem.number, problem.title, str(problem.lead), one.won, figure_words(one.person_days),
            figure_words(one.cost), one.standing,
        )  # fmt: skip
