"""The paper that offices make of a meeting: 任务分解及工作推进表, on screen, as Excel and as Word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from chuangwen.core import clock
from chuangwen.core.papers import word_table
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.core.word_templates.placeholders import Rows, Vocabulary, filled
from chuangwen.core.word_templates.taking import placeholders_in
from chuangwen.core.workbook_templates.registry import USUAL_WORDS, usual_values
from chuangwen.core.workbook_templates.vocabulary import Content, Word
from chuangwen.core.workbook_templates.vocabulary import Vocabulary as WorkbookWords
from chuangwen.core.workbooks.writing import Column, write_table
from chuangwen.directives.models import CandidateState, Document
from chuangwen.directives.queries.documents import Chip, Review, Row, open_dates
from chuangwen.responsibilities.models import DutyState, Task, TaskState

# The words of either form, with the heads under which authorities' workbooks have them.
OWN_WORKBOOK = WorkbookWords(
    (
        Word("序号", gettext_lazy("Counts from 1."), ("编号",)),
        Word("任务", gettext_lazy("What is to be done."),
             ("工作任务", "任务内容", "重点任务", "主要任务", "目标任务", "工作内容", "任务分解")),
        Word("牵头", gettext_lazy("Who leads."), ("牵头单位", "责任单位", "牵头部门", "主办单位", "牵头责任单位")),
        Word("配合", gettext_lazy("Who cooperates."), ("配合单位", "配合部门", "协办单位", "参与单位")),
        Word("时限", gettext_lazy("The deadline."), ("完成时限", "完成时间", "时间要求", "时间节点", "时限要求")),
        Word("频次", gettext_lazy("How often, where it comes again."), ("工作频次",)),
        Word("措施", gettext_lazy("Measure or result."),
             ("工作措施", "具体措施", "完成标准", "措施或成果", "工作要求")),
        Word("进展", gettext_lazy("How it stands."), ("进展情况", "工作进展", "推进情况", "完成情况", "落实情况")),
        Word("原文", gettext_lazy("The sentence that asks for it."), ("来源", "依据", "原文依据", "任务来源")),
    ),
    (
        *USUAL_WORDS,
        Word("文件", gettext_lazy("Title of the document or meeting.")),
        Word("日期", gettext_lazy("Its date.")),
    ),
)  # fmt: skip
OWN_WORDS = tuple(one.name for one in OWN_WORKBOOK.columns)
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
    dates = open_dates(duty for row in rows for duty in row.duties)
    return [_line(number, row, dates) for number, row in enumerate(rows, 1)]


def _line(number: int, row: Row, dates: Mapping[int, date]) -> Line:
    one = row.candidate
    asked = [*(task.measure for task in row.tasks), *(duty.measure for duty in row.duties)]
    measures = [measure for measure in asked if measure]
    tasks = [task for task in row.tasks if task.state != TaskState.CANCELLED]
    due_on = min(clock.local(task.due_at).date() for task in tasks) if tasks else one.due_on
    return Line(
        number=number,
        action=one.action,
        lead=_parties(row.lead),
        cooperate=_parties(row.cooperate),
        due=day(due_on) if due_on else one.deadline or "—",
        frequency=one.frequency or "—",
        measure=next(iter(measures), one.measure) or "—",
        progress=_progress(row, tasks, dates),
        quote=" ".join(one.quote.split()),
    )


def _parties(chips: Iterable[Chip]) -> str:
    words = [_("%s (to be named)") % chip.label if chip.ask else chip.label for chip in chips]
    return "、".join(words) or "—"


def _progress(row: Row, tasks: Sequence[Task], dates: Mapping[int, date]) -> str:
    """How that stands which was made of it; of a recurring duty, when what is out is due, else its next date."""
    duties = [duty for duty in row.duties if duty.state != DutyState.ENDED]
    if duties:
        upcoming = min((on for duty in duties if (on := dates.get(duty.pk, duty.next_on))), default=None)
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


def workbook_content(document: Document, rows: Iterable[Line], user: Any) -> Content:
    """What the authority's own workbook is filled with."""
    values: list[tuple[Any, ...]] = [(row.number, *row.cells()[1:]) for row in rows]
    single = dict(usual_values(user, title_of(document), values))
    return Content(values, single | {"文件": document.title, "日期": day(document.day)})


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
