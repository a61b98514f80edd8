"""The tables beside the list of what to do next as workbooks: the expected totals, and what each type takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.workbooks.writing import Column, OutTable, write_tables
from chuangwen.scoring.efforts import Effort
from chuangwen.scoring.models import Run
from chuangwen.scoring.queries.outlook import Outlook
from chuangwen.standards.models import ProblemType


def outlook_workbook(run: Run, outlook: Outlook) -> bytes:
    """The expected total with the first problems closed, as the curve on the page shows it."""
    columns = (
        Column("closed", pgettext("number of problems", "Closed"), kind="integer"),
        Column("days", _("Person-days"), kind="number"),
        Column("total", _("Expected total"), kind="number", number_format="0.00##", width=14),
    )
    rows = [(point.number, point.person_days, point.total) for point in outlook.points]
    title = _("Expected total by problems closed")
    note = _(
        "The expected total is this round's score with the failing rows of the closed problems met. It is no forecast "
        "of what the next draw will see."
    )
    return write_tables([OutTable(columns, rows, title, (str(run.round), note), title, False)])


def effort_workbook(kinds: Iterable[ProblemType], held: Mapping[int, Effort]) -> bytes:
    """What problems of each type take, and whether somebody has set it."""
    columns = (
        Column("type", _("Type"), width=30), Column("class", _("Class"), width=14),
        Column("days", _("Person-days"), kind="number"), Column("least", _("Days at least"), kind="integer"),
        Column("cost", _("Cost in yuan"), kind="number", width=12), Column("source", _("Source"), width=14),
    )  # fmt: skip
    rows = [_effort_row(kind, held[kind.pk]) for kind in kinds]
    title = _("Effort by type")
    return write_tables([OutTable(columns, rows, title, (), title, False)])


def _effort_row(kind: ProblemType, effort: Effort) -> tuple[str, str, float, int, float, str]:
    source = pgettext("figure", "proposed") if effort.proposed else _("set by the office")
    return (
        kind.name,
        str(kind.get_problem_class_display()),
        effort.person_days,
        effort.least_days,
        effort.cost,
        source,
    )
