"""The paper that offices make of a meeting: 任务分解及工作推进表, on screen, as Excel and as Word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core import clock
from chuangwen.core.papers import word_table
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.core.word_templates.placeholders import Rows, Vocabulary, filled
from chuangwen.core.word_templates.taking import placeholders_in
from chuangwen.core.workbooks.writing import Column, write_table
from chuangwen.directives.models import CandidateState, Document
from chuangwen.directives.queries.documents import Chip, Review, Row
from chuangwen.responsibilities.models import DutyState, Task, TaskState

OWN_WORDS = ("序号", "任务", "牵头", "配合", "时限", "频次", "措施", "进展", "原文")
OWN_FORM = Vocabulary(("标题", "文件", "日期", "统计截止"), tables=(Rows("表", OWN_WORDS),))
WIDTHS_MM = (10, 52, 28, 30, 24, 20, 34, 24, 47)  # A4 across, 14 mm of margin on either side


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
        progress=_progress(row, tasks),
        quote=" ".join(one.quote.split()),
    )


def _parties(chips: Iterable[Chip]) -> str:
    words = [_("%s (to be named)") % chip.label if chip.ask else chip.label for chip in chips]
    return "、".join(words) or "—"


def _progress(row: Row, tasks: Sequence[Task]) -> str:
    """How that stands which was made of it."""
    duties = [duty for duty in row.duties if duty.state != DutyState.ENDED]
    if duties:
        upcoming = min((duty.next_on for duty in duties if duty.next_on), default=None)
        return _("recurring, next on %s") % day(upcoming) if upcoming else _("recurring")
    if any(rule.ended_on is None for rule in row.rules):
        return _("standing rule, in force")
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


def own_form(document: Document, rows: Iterable[Line], template: bytes) -> bytes:
    """The table in the authority's own Word file, whose placeholders are those of OWN_FORM.

    Raises BadUpload with the place of each fault for a file that asks for anything else, or is no Word file.
    """
    placeholders_in(template, OWN_FORM)
    values = {
        "标题": title_of(document), "文件": document.title, "日期": day(document.day), "统计截止": moment(clock.now()),
        "表": [dict(zip(OWN_WORDS, row.cells(), strict=True)) for row in rows],
    }  # fmt: skip
    return filled(template, values)


def excel(document: Document, rows: Iterable[Line]) -> bytes:
    """The table as an Excel file."""
    columns = [
        Column(str(number), head, width=mm / 2)
        for number, (head, mm) in enumerate(zip(headers(), WIDTHS_MM, strict=True))
    ]
    return write_table(columns, [row.cells() for row in rows], title=title_of(document), notes=notes_of(document))


def word(document: Document, rows: Iterable[Line]) -> bytes:
    """The table as a Word file."""
    cells = (row.cells() for row in rows)
    return word_table(title_of(document), headers(), WIDTHS_MM, cells, notes=notes_of(document))
