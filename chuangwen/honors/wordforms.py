"""Draws a form (表) as a Word file: A4 upright, one ruled grid, labels and fields as official forms have them. Pure.

Margins and faces are those of official papers: 37/35/28/26 mm, title in 小标宋, labels in 黑体, fields in 仿宋_GB2312.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from docx.table import _Cell, _Row

COLUMNS: Final = 12
COLUMN_MM: Final = 13  # 156 mm between the margins
Look = Literal["label", "text", "number", "head", "words", "sign"]
FACES: Final = {"label": "黑体", "head": "黑体"}
BODY: Final = "仿宋_GB2312"
_SAFE = str.maketrans(dict.fromkeys([*range(9), 11, 12, *range(14, 32)]))  # XML has no such characters


@dataclass(frozen=True, slots=True)
class Field:
    """A cell: its text, how many of the twelve columns it takes, and its look.

    label: what is asked; text: what is answered; number: to the right; head: a band across; words: running text;
    sign: the place for a signature and stamp, text at its foot.
    """

    text: str
    span: int
    look: Look = "text"


Line = Sequence[Field]


def pairs(*told: tuple[str, str], label: int = 2) -> list[Field]:
    """A line of labels and answers, side by side over the whole width."""
    each = COLUMNS // len(told)
    return [
        cell for name, answer in told for cell in (Field(name, label, "label"), Field(answer, each - label))
    ]  # fmt: skip


def band(text: str) -> list[Field]:
    """A heading across the form."""
    return [Field(text, COLUMNS, "head")]


def word_form(
    title: str, lines: Iterable[Line], *, above: str = "", notes: Iterable[str] = (), least_mm: int = 9
) -> bytes:
    """The form as a Word file. `above` stands right between title and grid; `notes` in small below it.

    Every line's spans come to twelve; a line is never torn over two pages unless it holds running text.
    """
    from docx import Document  # noqa: PLC0415 (when needed: no start of the program should wait for it)
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    paper: Any = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal = paper.styles["Normal"]
    normal.font.size = Pt(12)
    normal.paragraph_format.space_after = Pt(0)
    _face(normal, BODY)
    heading = paper.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.paragraph_format.space_after = Pt(12)
    _write(heading, title, "方正小标宋简体", Pt(22))
    if above:
        line = paper.add_paragraph()
        _write(line, above, BODY, Pt(12))
    table = paper.add_table(rows=0, cols=COLUMNS, style="Table Grid")
    table.autofit = False
    for column in table.columns:
        column.width = Mm(COLUMN_MM)
    for line in lines:
        _draw(table.add_row(), line, least_mm)
    for note in notes:
        _write(paper.add_paragraph(), note, BODY, Pt(9))
    target = io.BytesIO()
    paper.save(target)
    return target.getvalue()


def _draw(row: _Row, line: Line, least_mm: int) -> None:
    from docx.enum.table import WD_ROW_HEIGHT_RULE  # noqa: PLC0415
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.shared import Mm  # noqa: PLC0415

    spans = sum(field.span for field in line)
    if spans != COLUMNS:
        raise ValueError(f"a line of a form has {COLUMNS} columns, not {spans}")
    looks = {field.look for field in line}
    row.height = Mm(38 if "sign" in looks else least_mm)
    row.height_rule = WD_ROW_HEIGHT_RULE.AT_LEAST
    if "words" not in looks:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 (python-docx has no name for it)
    at = 0
    cells = row.cells
    for field in line:
        cell = cells[at] if field.span == 1 else cells[at].merge(cells[at + field.span - 1])
        cell.width = Mm(COLUMN_MM * field.span)
        _fill(cell, field)
        at += field.span


def _fill(cell: _Cell, field: Field) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT as VERTICAL  # noqa: PLC0415
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    cell.vertical_alignment = {"sign": VERTICAL.BOTTOM, "words": VERTICAL.TOP}.get(field.look, VERTICAL.CENTER)
    align = {"label": ALIGN.CENTER, "head": ALIGN.CENTER, "number": ALIGN.RIGHT, "sign": ALIGN.RIGHT}.get(field.look)
    for number, part in enumerate(field.text.split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.alignment = align
        if field.look == "words":
            paragraph.paragraph_format.first_line_indent = Pt(24)
            paragraph.paragraph_format.line_spacing = Pt(22)
        _write(paragraph, part, FACES.get(field.look, BODY), Pt(12))


def _write(paragraph: Any, text: str, face: str, size: Any) -> None:
    run = paragraph.add_run(text.translate(_SAFE))
    run.font.size = size
    _face(run, face)


def _face(of: Any, face: str) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415

    of.font.name = face
    of.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
