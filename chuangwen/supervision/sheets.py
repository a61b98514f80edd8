"""The papers of a notice: 督办单, 交办单 and 反馈单, on screen, on A4 and as Word (practice.md, Papers)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.papers import official_paper, plain, saved
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.evidence.models import Dossier
from chuangwen.supervision.enums import NoticeState
from chuangwen.supervision.models import SupervisionNotice
from chuangwen.supervision.queries.notices import items_of
from chuangwen.supervision.queries.rows import number_of, title_of_row
from chuangwen.supervision.words import item_words, sheet_number

TITLES = {
    "notice": gettext_lazy("Supervision notice"),
    "assignment": pgettext_lazy("paper", "Assignment sheet"),
    "feedback": pgettext_lazy("paper", "Feedback sheet"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper: head facts, a table of the matters, paragraphs below it, who signs."""

    title: str
    number: str
    date: str
    facts: list[tuple[str, str]]
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    paragraphs: list[str] = field(default_factory=list)
    signatures: tuple[str, ...] = ()
    warning: str = ""


def sheet_of(notice: SupervisionNotice, kind: str) -> Sheet:
    """The paper of one kind. An unsigned notice prints as a draft, so that no draft passes for a notice."""
    words = _("Joint %(sheet)s (%(colour)s)") if notice.bodies.exists() else _("%(sheet)s (%(colour)s)")
    title = words % {"sheet": TITLES[kind], "colour": notice.get_colour_display()}
    warning = ""
    if notice.state == NoticeState.PROPOSED:
        warning = _("Draft, not signed: it is no notice before it is.")
    elif notice.state in {NoticeState.DROPPED, NoticeState.WITHDRAWN}:
        warning = _("This notice does not hold: %s.") % notice.get_state_display()
    makers = {"notice": _notice, "assignment": _assignment, "feedback": _feedback}
    return makers[kind](notice, title, warning)


def _facts(notice: SupervisionNotice) -> list[tuple[str, str]]:
    signed = f"{notice.signed_name} {moment(notice.signed_at)}" if notice.signed_at else notice.get_signer_display()
    joint = [
        (_("Signed jointly by"), f"{one.unit.name}：{one.signed_name} {moment(one.signed_at)}" if one.signed_at
         else one.unit.name)
        for one in notice.bodies.select_related("unit")
    ]  # fmt: skip
    return [
        (_("Unit"), notice.unit.name),
        (_("To"), notice.addressee),
        (_("Copy to"), notice.copy_to or "—"),
        (pgettext("supervision", "Signed by"), signed),
        *joint,
        (_("Answer due"), moment(notice.due_at) if notice.signed_at else _("counts from the signature")),
        (_("Talk by"), day(notice.talk_due_on) if notice.talk_due_on else "—"),
    ]


def _notice(notice: SupervisionNotice, title: str, warning: str) -> Sheet:
    items = items_of(notice)
    rows = [
        (
            str(number),
            number_of(one.matter),
            title_of_row(one.matter),
            _where(one.matter),
            day(one.due_at),
            item_words(one),
        )
        for number, one in enumerate(items, 1)
    ]
    asked = notice.reason or _(
        "Put these matters right at once, find out why they are late, and answer in writing by the day above."
    )
    heads = (_("No."), _("Number"), _("Matter"), _("Where"), _("Deadline"), _("Why listed"))
    return Sheet(
        title, sheet_number(notice), day(notice.day), _facts(notice), heads, rows,
        [asked, _("What happens if it is not done: the next colour, as the rules of the ladder say.")],
        (_("Issued by"), _("Received by"), _("Date and time")), warning,
    )  # fmt: skip


def _assignment(notice: SupervisionNotice, title: str, warning: str) -> Sheet:
    rows = [
        (
            str(number),
            number_of(one.matter),
            title_of_row(one.matter),
            _where(one.matter),
            _found(one.matter),
            day(one.due_at),
        )
        for number, one in enumerate(items_of(notice), 1)
    ]
    heads = (_("No."), _("Number"), _("Matter"), _("Where"), _("Type or measure"), _("Deadline"))
    return Sheet(
        title, sheet_number(notice), day(notice.day), _facts(notice), heads, rows,
        [_("Each matter is reported back on the feedback sheet, with a photo from the same spot where there is one.")],
        (_("Issued by"), _("Received by"), _("Date and time")), warning,
    )  # fmt: skip


def _feedback(notice: SupervisionNotice, title: str, warning: str) -> Sheet:
    rows = [
        (str(number), *_named(one.matter), _measure(one.matter), _finished(one.matter), "")
        for number, one in enumerate(items_of(notice), 1)
    ]
    heads = (_("No."), _("Number"), _("Matter"), _("What was done"), _("Finished at"), _("Verified"))
    told = [_("Answer: %s") % notice.answer] if notice.answer else [_("Answer:")]
    return Sheet(
        title, sheet_number(notice), day(clock.today()), _facts(notice), heads, rows, told,
        (_("Filled in by"), _("Head of the unit"), pgettext("paper", "Judged by")), warning,
    )  # fmt: skip


def _named(matter: Any) -> tuple[str, str]:
    return number_of(matter), title_of_row(matter)


def _where(matter: Any) -> str:
    return str(getattr(matter, "place", None) or getattr(matter, "spot", "") or "—")


def _found(matter: Any) -> str:
    if isinstance(matter, Dossier):
        return _("dossier of %d") % matter.year
    kind = getattr(matter, "problem_type", None)
    return str(kind) if kind else getattr(matter, "measure", "") or "—"


def _measure(matter: Any) -> str:
    if isinstance(matter, Dossier):
        return _("%(filled)d of %(needed)d filled") % {"filled": matter.slots_filled, "needed": matter.slots_needed}
    return str(getattr(matter, "measure_taken", "") or getattr(matter, "measures", ""))


def _finished(matter: Any) -> str:
    if isinstance(matter, Dossier):
        return moment(matter.submitted_at) if matter.submitted_at else ""
    at = getattr(matter, "fixed_at", None) or getattr(matter, "finished_at", None)
    return moment(at) if at else ""


def word(sheet: Sheet) -> bytes:
    """The paper as a Word file: A4 with the margins of official papers, 仿宋 16 pt, the table's head repeated."""
    paper = official_paper(sheet.title)
    if sheet.warning:
        paper.add_paragraph(plain(sheet.warning)).runs[0].bold = True
    paper.add_paragraph(plain(f"{sheet.number}　　{sheet.date}"))
    for label, value in sheet.facts:
        paper.add_paragraph(plain(_("%(label)s: %(value)s") % {"label": label, "value": value}))
    _add_table(paper, sheet)
    for text in sheet.paragraphs:
        paper.add_paragraph(plain(text))
    paper.add_paragraph("　　　　".join(_("%s:") % one for one in sheet.signatures))
    return saved(paper)


def _add_table(paper: Any, sheet: Sheet) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    table = paper.add_table(rows=1, cols=len(sheet.heads), style="Table Grid")
    for number, texts in enumerate((sheet.heads, *sheet.rows)):
        row = table.rows[0] if number == 0 else table.add_row()
        for cell, text in zip(row.cells, texts, strict=True):
            run = cell.paragraphs[0].add_run(plain(text))
            run.font.size, run.bold = Pt(10.5), number == 0
        mark = "w:tblHeader" if number == 0 else "w:cantSplit"
        row._tr.get_or_add_trPr().append(OxmlElement(mark))  # noqa: SLF001 (python-docx has no name for it)
