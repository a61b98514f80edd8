"""Word files, the same from every page: tables on A4 across, with the head repeated and no row torn; upright papers in
the form of official ones."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document as Paper
    from docx.table import _Row

WRITTEN_IN = "zh-hans"  # papers are Chinese, whatever language the reader's screen speaks
_SAFE = str.maketrans(dict.fromkeys([*range(9), 11, 12, *range(14, 32)]))  # XML has no such characters


def word_table(
    title: str,
    heads: Sequence[str],
    widths_mm: Sequence[int],
    rows: Iterable[Sequence[str]],
    *,
    notes: Iterable[str] = (),
    above: Iterable[str] = (),
    signature: str = "",
) -> bytes:
    """A table as a Word file: `above` stands between title and table, `notes` and `signature` below it.

    `widths_mm` are the columns' widths, 269 mm together fill the page. A row has as many texts as there are heads.
    """
    from docx import Document  # noqa: PLC0415 (when needed: no start of the program should wait for it)
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    paper = Document()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(14)
    section.top_margin = section.bottom_margin = Mm(16)
    _write_in_fangsong(paper, 10)
    add_heading(paper, title, 16)
    for line in above:
        paper.add_paragraph(plain(line))
    table = paper.add_table(rows=1, cols=len(widths_mm), style="Table Grid")
    table.autofit = False
    for column, mm in zip(
        table.columns, widths_mm, strict=True
    ):  # LibreOffice and WPS go by the grid, Word by the cells
        column.width = Mm(mm)
    _fill(table.rows[0], heads, widths_mm, mark="w:tblHeader", bold=True)
    for row in rows:
        _fill(table.add_row(), row, widths_mm, mark="w:cantSplit")
    for note in notes:
        paper.add_paragraph(plain(note)).runs[0].font.size = Pt(9)
    if signature:
        paper.add_paragraph().add_run(plain(signature))
    return saved(paper)


def official_paper(title: str) -> Paper:
    """An upright sheet in the fonts and margins of official papers (GB/T 9704-2012), with its title."""
    from docx import Document  # noqa: PLC0415 (when needed: no start of the program should wait for it)
    from docx.shared import Mm  # noqa: PLC0415

    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _write_in_fangsong(paper, 16)
    add_heading(paper, title, 22)
    return paper


def add_heading(paper: Paper, text: str, size: int, *, bold: bool = True) -> None:
    """A line of its own in the middle, `size` in points."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    heading = paper.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(plain(text))
    run.font.size, run.bold = Pt(size), bold


def saved(paper: Paper) -> bytes:
    """The paper as a file."""
    target = io.BytesIO()
    paper.save(target)
    return target.getvalue()


def _write_in_fangsong(paper: Paper, size: int) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    style: Any = paper.styles["Normal"]
    style.font.size, style.font.name = Pt(size), "FangSong"
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋_GB2312")


def _fill(row: _Row, texts: Iterable[str], widths_mm: Sequence[int], *, mark: str, bold: bool = False) -> None:
    """Write one row; `mark` makes it a head that is repeated, or keeps it in one piece."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.shared import Mm  # noqa: PLC0415

    for cell, text, mm in zip(row.cells, texts, widths_mm, strict=True):
        cell.width = Mm(mm)
        run = cell.paragraphs[0].add_run(plain(text))
        run.bold = bold
    row._tr.get_or_add_trPr().append(OxmlElement(mark))  # noqa: SLF001 (python-docx has no name for it)


def plain(text: str) -> str:
    """`text` without the control characters that no Word file can hold."""
    return text.translate(_SAFE)
