"""Minutes in the authority's own Word form: what it may ask for, and the form filled for one meeting.

The form belongs to a series. Who signs by hand signs in the places that stay empty in it.
"""

from __future__ import annotations

from typing import Any, Final

from django.utils import translation

from chuangwen.core.files.services import read
from chuangwen.core.papers import WRITTEN_IN
from chuangwen.core.templatetags.wording import day
from chuangwen.core.word_templates.placeholders import Rows, Vocabulary, filled
from chuangwen.directives.meeting_papers import attendance_of, decisions_of, minutes_paper
from chuangwen.directives.meeting_words import when
from chuangwen.directives.models import Meeting
from chuangwen.directives.queries.meetings import seats_of

SINGLE: Final = (
    "会议", "系列", "编号", "时间", "日期", "地点", "主持", "记录", "到会情况", "签发人", "签发日期",
)  # fmt: skip
SAID: Final = "会议内容"
RESOLVED: Final = "议定事项"
AGENDA: Final = Rows("议程", ("序号", "议题", "汇报单位", "说明"))
DECISIONS: Final = Rows("决定", ("序号", "事项", "牵头", "配合", "时限", "完成标准"))
SEATS: Final = Rows("参会", ("序号", "单位", "职务", "到会", "备注"))
OWN_MINUTES: Final = Vocabulary(SINGLE, (SAID, RESOLVED), (AGENDA, DECISIONS, SEATS))


def minutes_of(meeting: Meeting) -> bytes:
    """The minutes as a Word file: in the form of the meeting's series, else in the built-in one."""
    form = meeting.series.form if meeting.series else None
    if form is None:
        return minutes_paper(meeting)
    with translation.override(WRITTEN_IN):
        return filled(read(form.file), minutes_values(meeting))


def minutes_values(meeting: Meeting) -> dict[str, Any]:
    """Everything that the form may ask for, by its Chinese name."""
    came = "；".join(f"{how}：{'、'.join(names)}" for how, names in attendance_of(meeting))
    signed = day(meeting.signed_on) if meeting.signed_on else ""
    values = (
        meeting.name, str(meeting.series or ""), meeting.number, when(meeting), day(meeting.day), meeting.place,
        meeting.chair, meeting.recorder, came, meeting.signed_as, signed,
    )  # fmt: skip
    decisions = decisions_of(meeting)
    agenda = [(one.title, one.reporter, one.note) for one in meeting.agenda.filter(dropped=False)]
    seats = [
        (one.unit.name, one.post.title if one.post else "", one.get_presence_display(), one.note)
        for one in seats_of(meeting)
    ]
    return {
        **dict(zip(SINGLE, values, strict=True)),
        SAID: [line.strip() for line in meeting.summary.splitlines() if line.strip()],
        RESOLVED: [words for _one, words in decisions],
        AGENDA.name: _rows(AGENDA, agenda),
        DECISIONS.name: _rows(DECISIONS, [_decision(one) for one, _words in decisions]),
        SEATS.name: _rows(SEATS, seats),
    }


def _decision(one: Any) -> tuple[str, ...]:
    lead, helping = ("、".join(str(unit) for unit in rows.all()) for rows in (one.units, one.cooperating))
    return one.text, lead, helping, day(one.due_on) if one.due_on else "", one.measure


def _rows(table: Rows, rows: Any) -> list[dict[str, str]]:
    """Rows by their words, numbered from 1."""
    return [dict(zip(table.words, (str(number), *row), strict=True)) for number, row in enumerate(rows, 1)]
