"""Papers of a meeting as Word files: the agenda to hand round, the sheet to sign in on, the minutes.

In Chinese whatever language the screen speaks, as all papers of the house are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.papers import WRITTEN_IN, add_heading, official_paper, plain, saved
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.directives.enums import Attendance
from chuangwen.directives.meeting_words import when
from chuangwen.directives.models import AgendaItem, Decision, Meeting
from chuangwen.directives.ordinals import chinese_number
from chuangwen.directives.queries.decisions import DecisionReader, Told
from chuangwen.directives.queries.meetings import seats_of

if TYPE_CHECKING:
    from docx.document import Document as Paper

SHOWN_LINES = 12


def agenda_paper(meeting: Meeting) -> bytes:
    """The agenda: heading, day, room and chair, then each point with the first of what is behind it."""
    with translation.override(WRITTEN_IN):
        paper = new_paper(meeting.name, _("Agenda"))
        _head(paper, meeting)
        items = list(meeting.agenda.filter(dropped=False))
        for number, item in enumerate(items, 1):
            _point(paper, number, item)
        if not items:
            line(paper, _("No points yet."))
        if meeting.agenda_at:
            line(paper, _("Figures as of %s.") % moment(meeting.agenda_at), small=True)
        return saved(paper)


def _head(paper: Paper, meeting: Meeting) -> None:
    line(paper, _("Time: %s") % when(meeting))
    line(paper, _("Room: %s") % (meeting.place or "—"))
    line(paper, _("In the chair: %s") % (meeting.chair or "—"))


def _point(paper: Paper, number: int, item: AgendaItem) -> None:
    line(paper, f"{chinese_number(number)}、{item.title}", bold=True)
    if item.reporter:
        line(paper, _("Introduced by: %s") % item.reporter)
    if item.note:
        line(paper, item.note)
    for text, unit, end, *_url in item.lines[:SHOWN_LINES]:
        line(paper, pgettext("between names", ", ").join(filter(None, (unit, text, end))), small=True)
    if item.count > len(item.lines) > 0:
        line(paper, _("… and %d more") % (item.count - len(item.lines)), small=True)


def new_paper(title: str, second: str) -> Paper:
    """An official paper with a second line under its title, its lines as far apart as such papers have them."""
    from docx.shared import Pt  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    paper = official_paper(title)
    style: Any = paper.styles["Normal"]
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = Pt(29)
    add_heading(paper, second, 16, bold=False)
    paper.add_paragraph()
    return paper


def line(paper: Paper, text: str, *, bold: bool = False, small: bool = False) -> Any:
    """One paragraph with its first line indented by two characters."""
    from docx.shared import Pt  # noqa: PLC0415

    paragraph = paper.add_paragraph()
    size = 12 if small else 16
    paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    run = paragraph.add_run(plain(text))
    run.bold, run.font.size = bold, Pt(size)
    return paragraph


def grid(paper: Paper, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """A table with a line around each cell."""
    from docx.shared import Pt  # noqa: PLC0415

    names = list(heads)
    table = paper.add_table(rows=1, cols=len(names), style="Table Grid")
    for cells, texts in ((table.rows[0].cells, names), *((table.add_row().cells, list(row)) for row in rows)):
        for cell, text in zip(cells, texts, strict=True):
            run = cell.paragraphs[0].add_run(plain(text))
            run.font.size = Pt(12)


def sign_in_paper(meeting: Meeting) -> bytes:
    """The sheet on which those who come sign; a unit each, with room for who stands in."""
    with translation.override(WRITTEN_IN):
        paper = new_paper(meeting.name, _("Sign-in sheet"))
        line(paper, _("Time: %s") % when(meeting))
        heads = (_("No."), _("Unit"), _("Post"), _("Signature"), _("Remark"))
        rows = ((str(number), _unit(seat), _post(seat), "", "") for number, seat in enumerate(seats_of(meeting), 1))
        grid(paper, heads, rows)
        return saved(paper)


def minutes_paper(meeting: Meeting) -> bytes:
    """The minutes: number, day, room, chair, who came, the agenda, what was said, what was decided, signature."""
    with translation.override(WRITTEN_IN):
        paper = new_paper(_("Minutes of %s") % meeting.name, meeting.number or _("(number at signing)"))
        _head(paper, meeting)
        if meeting.recorder:
            line(paper, _("Minutes taken by: %s") % meeting.recorder)
        for label, names in attendance_of(meeting):
            line(paper, _("%(how)s: %(who)s") % {"how": label, "who": "、".join(names)})
        items = list(meeting.agenda.filter(dropped=False))
        if items:
            line(paper, "一、" + _("Agenda"), bold=True)
        for number, item in enumerate(items, 1):
            line(paper, f"{number}. {item.title}")
        second = 2 if items else 1
        if meeting.summary:
            line(paper, chinese_number(second) + "、" + _("What was said"), bold=True)
            for text in meeting.summary.splitlines():
                if text.strip():
                    line(paper, text.strip())
            second += 1
        decisions = decisions_of(meeting)
        if decisions:
            line(paper, chinese_number(second) + "、" + pgettext("meeting", "Decisions"), bold=True)
        for number, (_decision, words) in enumerate(decisions, 1):
            line(paper, f"{number}. {words}")
        paper.add_paragraph()
        line(paper, _("Signed by: %s") % (meeting.signed_as or ""))
        line(paper, _("Date: %s") % (day(meeting.signed_on) if meeting.signed_on else ""))
        return saved(paper)


def decisions_of(meeting: Meeting) -> list[tuple[Decision, str]]:
    """The decisions in their order, each with its words as the minutes write them."""
    rows = list(meeting.decisions.prefetch_related("units", "cooperating"))
    if not rows:
        return []  # nothing to read: no queries for it
    reader = DecisionReader(meeting)
    return [(row, decision_words(row, reader.told(row.text))) for row in rows]


def decision_words(decision: Decision, said: Told) -> str:
    """A decision as the minutes write it, so that the review reads lead, deadline and measure out of it.

    What its own words have `said` is not said a second time.
    """
    leading, helping = list(decision.units.all()), list(decision.cooperating.all())
    told = [decision.text.rstrip("。；;.")]
    if not said.lead.issuperset(unit.pk for unit in leading):
        told.append(f"由{_names(leading)}牵头")
    if not said.cooperate.issuperset(unit.pk for unit in helping):
        told.append(f"{_names(helping)}配合")
    if decision.due_on and decision.due_on != said.due_on:
        told.append(f"{day(decision.due_on).split('(')[0]}前完成")
    if decision.measure and decision.measure != said.measure:
        told.append(f"完成标准：{decision.measure}")
    return "，".join(told) + "。"


def _names(units: list[Any]) -> str:
    return "、".join(str(unit) for unit in units)


def attendance_of(meeting: Meeting) -> list[tuple[str, list[str]]]:
    """Units by how they were there, in the order of the sheet; only what there is."""
    found: dict[str, list[str]] = {}
    for seat in seats_of(meeting):
        name = f"{seat}（{seat.note}）" if seat.note else str(seat)
        found.setdefault(seat.presence, []).append(name)
    return [(str(label), found[value]) for value, label in Attendance.choices if value in found]


def _unit(seat: Any) -> str:
    return str(seat.unit.name)


def _post(seat: Any) -> str:
    return seat.post.title if seat.post else ""
