"""The paper that offices make of a meeting: 任务分解及工作推进表, on screen, as Excel and as Word."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core import clock
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.core.workbooks.writing import Column, write_table
from chuangwen.directives.models import CandidateState, Document
from chuangwen.directives.queries import Chip, Review, Row
from chuangwen.responsibilities.models import Task, TaskState

if TYPE_CHECKING:
    from docx.table import Table

WIDTHS_MM = (10, 52, 28, 30, 24, 20, 34, 24, 47)  # A4 across, 14 mm of margin on either side
_SAFE = str.maketrans(dict.fromkeys([*range(9), 11, 12, *range(14, 32)]))  # XML has no such characters


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table."""

    number: int
    action: str
    lead: str
    cooperate: str
    due: str
    frequency: str
    measure: str
    progress: str
    quote: str

    def cells(self) -> tuple[str, ...]:
        return (
            str(self.number), self.action, self.lead, self.cooperate, self.due, self.frequency, self.measure,
            self.progress, self.quote,
        )  # fmt: skip


def headers() -> tuple[str, ...]:
    """The heads of the columns, as the paper has them."""
    return (
        _("No."), _("Task"), _("Lead"), _("Cooperate"), _("Deadline"), _("How often"), _("Measure or result"),
        pgettext("directive", "Progress"), _("Source sentence"),
    )  # fmt: skip


def lines(review: Review) -> list[Line]:
    """The accepted directives, numbered anew from 1; those that are out as tasks with what the tasks say."""
    rows = [row for row in review.rows if row.candidate.state == CandidateState.ACCEPTED]
    return [_line(number, row) for number, row in enumerate(rows, 1)]


def _line(number: int, row: Row) -> Line:
    one = row.candidate
    tasks = [task for task in row.tasks if task.state != TaskState.CANCELLED]
    due_on = min(clock.local(task.due_at).date() for task in tasks) if tasks else one.due_on
    return Line(
        number=number,
        action=one.action,
        lead=_parties(row.lead),
        cooperate=_parties(row.cooperate),
        due=day(due_on) if due_on else one.deadline or "—",
        frequency=one.frequency or "—",
        measure=(tasks[0].measure if tasks else one.measure) or "—",
        progress=_progress(tasks),
        quote=" ".join(one.quote.split()),
    )


def _parties(chips: Iterable[Chip]) -> str:
    words = [_("%s (to be named)") % chip.label if chip.ask else chip.label for chip in chips]
    return "、".join(words) or "—"


def _progress(tasks: Sequence[Task]) -> str:
    """How the tasks stand that were made of it."""
    if not tasks:
        return _("not issued")
    done = sum(task.state in {TaskState.REPORTED, TaskState.CONFIRMED} for task in tasks)
    if len(tasks) == 1:
        return tasks[0].get_state_display()
    return _("%(done)d of %(all)d done") % {"done": done, "all": len(tasks)}


def title_of(document: Document) -> str:
    return _("Task breakdown of “%s”") % document.title


def notes_of(document: Document) -> list[str]:
    """What stands under the table: what is in it, and as of when."""
    return [
        _("Accepted directives of the document of %s; deadlines count in working days from that date.")
        % day(document.day),
        _("Data as of %s") % moment(clock.now()),
    ]


def excel(document: Document, rows: Iterable[Line]) -> bytes:
    """The table as an Excel file."""
    columns = [
        Column(str(number), head, width=mm / 2)
        for number, (head, mm) in enumerate(zip(headers(), WIDTHS_MM, strict=True))
    ]
    return write_table(columns, [row.cells() for row in rows], title=title_of(document), notes=notes_of(document))


def word(document: Document, rows: Iterable[Line]) -> bytes:
    """The table as a Word file: A4 across, its head repeated on every page, no row torn."""
    from docx import Document as WordDocument  # noqa: PLC0415 (when needed: no start of the program should wait for it)
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    paper = WordDocument()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(14)
    section.top_margin = section.bottom_margin = Mm(16)
    style = paper.styles["Normal"]
    style.font.size, style.font.name = Pt(10), "FangSong"
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋_GB2312")
    heading = paper.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(_clean(title_of(document)))
    run.font.size, run.bold = Pt(16), True
    table = paper.add_table(rows=1, cols=len(WIDTHS_MM), style="Table Grid")
    table.autofit = False
    for column, mm in zip(
        table.columns, WIDTHS_MM, strict=True
    ):  # LibreOffice and WPS go by the grid, Word by the cells
        column.width = Mm(mm)
    _fill(table, 0, headers(), bold=True)
    _mark(table, 0, "w:tblHeader")
    for number, row in enumerate(rows, 1):
        table.add_row()
        _fill(table, number, row.cells())
        _mark(table, number, "w:cantSplit")
    for note in notes_of(document):
        paper.add_paragraph(_clean(note)).runs[0].font.size = Pt(9)
    target = io.BytesIO()
    paper.save(target)
    return target.getvalue()


def _fill(table: Table, number: int, texts: Iterable[str], *, bold: bool = False) -> None:
    from docx.shared import Mm  # noqa: PLC0415

    for cell, text, mm in zip(table.rows[number].cells, texts, WIDTHS_MM, strict=True):
        cell.width = Mm(mm)
        run = cell.paragraphs[0].add_run(_clean(text))
        run.bold = bold


def _mark(table: Table, number: int, name: str) -> None:
    """Repeat the row as a head, or keep it in one piece."""
    from docx.oxml import OxmlElement  # noqa: PLC0415

    properties = table.rows[number]._tr.get_or_add_trPr()  # noqa: SLF001 (python-docx has no name for it)
    properties.append(OxmlElement(name))


def _clean(text: str) -> str:
    return text.translate(_SAFE)
