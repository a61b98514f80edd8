"""A paper as a Word file in official layout (GB/T 9704-2012), without a template.

Line grid and character spacing are written out, so that 22 lines of 28 characters come out in Word, WPS and
LibreOffice alike; the fonts are named, not embedded: an office has them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt, RGBColor

from chuangwen.core.word_templates.placeholders import without_times
from chuangwen.reports import paper as measures
from chuangwen.reports.paper import Heading, Pair, Pairs, Paper, Photo, Table, Text

CELL_ROOM = 40  # twentieths of a point beside the text of a cell: thirteen columns stand on one sheet
TIGHTEN = -5  # twentieths of a point after each character: 28 characters of 16 pt in 156 mm
HEADINGS = {1: (measures.HEITI, False), 2: (measures.KAITI, False), 3: (measures.FANGSONG, True),
            4: (measures.FANGSONG, False)}  # fmt: skip
# What follows a paragraph's borders in its properties (ECMA-376, 17.3.1.26)
ORDER = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct",
    "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind",
    "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment",
    "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip
CENTER, RIGHT, LEFT, EVEN = (WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT,
                             WD_ALIGN_PARAGRAPH.JUSTIFY)  # fmt: skip


def word_file(paper: Paper) -> bytes:
    """The paper as .docx."""
    document: Any = Document()
    _page(document)
    _plain_style(document)
    _head(document, paper)
    if paper.addressee:
        _line(document, f"{paper.addressee}：", indent=0)
    for block in paper.blocks:
        if isinstance(block, Heading):
            font, bold = HEADINGS[block.level]
            _line(document, block.text, font=font, bold=bold, keep=True)
        elif isinstance(block, Text):
            _line(document, block.text)
        elif isinstance(block, Pairs):
            _photos(document, block)
        else:
            _table(document, block)
    _foot(document, paper)
    document.core_properties.title, document.core_properties.author = paper.title, paper.issuer
    document.core_properties.comments = ""
    held = io.BytesIO()
    document.save(held)
    return without_times(held.getvalue())


def _page(document: Any) -> None:
    """A4 with the margins of official papers, the line grid, and page numbers outside on both sides."""
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(measures.PAGE_MM[0]), Mm(measures.PAGE_MM[1])
    section.top_margin, section.bottom_margin = Mm(measures.TOP_MM), Mm(measures.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(measures.INNER_MM), Mm(measures.OUTER_MM)
    number_pt = measures.PAGE_NUMBER_PT
    room = Mm(measures.BOTTOM_MM - measures.PAGE_NUMBER_BELOW_MM) - Pt(number_pt)
    section.header_distance, section.footer_distance = Mm(15), Emu(room)
    grid = section._sectPr.find(qn("w:docGrid"))  # noqa: SLF001 (python-docx offers no other way to the grid)
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)  # noqa: SLF001
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(measures.LINE_PT * 20)))
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        line = footer.paragraphs[0]
        line.style = document.styles["Normal"]
        line.alignment = side
        _off_grid(line, number_pt * 1.2)
        if side is RIGHT:
            line.paragraph_format.right_indent = Pt(number_pt)
        else:
            line.paragraph_format.left_indent = Pt(number_pt)
        for part in ("— ", "PAGE", " —"):
            run = line.add_run("" if part == "PAGE" else part)
            _letters(run, measures.SONGTI, number_pt)
            if part == "PAGE":
                _field(run, part)


def _field(run: Any, code: str) -> None:
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)  # noqa: SLF001 (python-docx has no fields)


def _plain_style(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.size = Pt(measures.BODY_PT)
    _named(style.element.get_or_add_rPr(), measures.FANGSONG)
    shape = style.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(measures.LINE_PT)
    shape.widow_control = False
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    style.element.get_or_add_rPr().append(language)
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):  # no gap between Chinese and figures
        _switched_off(style.element.get_or_add_pPr(), name)


def _switched_off(properties: Any, name: str) -> None:
    """A switch of a paragraph's shape, off, where the schema wants it."""
    element = OxmlElement(name)
    element.set(qn("w:val"), "0")
    order = ORDER[ORDER.index(name) + 1 :]
    properties.insert_element_before(element, *order)


def _off_grid(line: Any, pitch: float) -> None:
    """A line of its own height, not of the page's 22 lines."""
    line.paragraph_format.line_spacing_rule, line.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(pitch)
    _switched_off(line._p.get_or_add_pPr(), "w:snapToGrid")  # noqa: SLF001 (python-docx knows no grid)


def _named(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(name), font)


def _letters(run: Any, font: str, size: float, *, bold: bool = False, red: bool = False, tight: bool = False) -> None:
    """Font, size and colour of a run; `tight` sets 28 characters to the line."""
    properties = run._r.get_or_add_rPr()  # noqa: SLF001 (python-docx knows no East Asian fonts)
    _named(properties, font)
    run.font.size, run.font.bold = Pt(size), bold
    if red:
        run.font.color.rgb = RGBColor.from_string(measures.RED)
    if tight:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(TIGHTEN))
        size_element = properties.find(qn("w:sz"))
        size_element.addprevious(spacing)


def _line(
    document: Any, text: str, *, font: str = measures.FANGSONG, size: float = measures.BODY_PT, bold: bool = False,
    align: Any = EVEN, indent: int = 2, keep: bool = False, red: bool = False,
) -> Any:  # fmt: skip
    """One paragraph; `indent` in characters."""
    line = document.add_paragraph()
    line.alignment = align
    if indent:
        line.paragraph_format.first_line_indent = Pt(indent * size)
        shape = line._p.get_or_add_pPr().find(qn("w:ind"))  # noqa: SLF001 (an indent in characters)
        shape.set(qn("w:firstLineChars"), str(indent * 100))
    line.paragraph_format.keep_with_next = keep
    _letters(line.add_run(text), font, size, bold=bold, red=red, tight=size == measures.BODY_PT)
    return line


def _head(document: Any, paper: Paper) -> None:
    """The red head: issuing body, number, red rule; then the title."""
    if paper.draft:
        _line(document, paper.draft, font=measures.HEITI, align=LEFT, indent=0)
    if paper.issuer:
        size = measures.masthead_pt(paper.issuer)
        issuer = _line(document, paper.issuer, font=measures.XIAOBIAOSONG, size=size, align=CENTER, indent=0, red=True)
        _off_grid(issuer, size * 1.5)
    number = _line(document, paper.number, align=CENTER, indent=0)
    _rule(number, measures.RED, 12)
    _line(document, "", indent=0)
    title = _line(document, paper.title, font=measures.XIAOBIAOSONG, size=measures.TITLE_PT, align=CENTER, indent=0)
    _off_grid(title, measures.TITLE_PT * 1.5)
    _line(document, "", indent=0)


def _rule(line: Any, colour: str, eighths: int) -> None:
    """A rule below a paragraph, in eighths of a point."""
    borders, below = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "6"), ("color", colour)):
        below.set(qn(f"w:{name}"), value)
    borders.append(below)
    properties = line._p.get_or_add_pPr()  # noqa: SLF001 (python-docx has no borders)
    properties.insert_element_before(borders, *ORDER)


def _table(document: Any, block: Table) -> None:
    """A ruled table over the whole width; its head is repeated on each page and no row is cut in two."""
    if block.caption:
        _line(document, block.caption, font=measures.HEITI, size=measures.TABLE_PT + 1.5, align=CENTER, indent=0,
              keep=True)  # fmt: skip
    after = _line(document, "", indent=0)
    _off_grid(after, measures.LINE_PT / 2)
    after._p.addprevious(parse_xml(_table_xml(block)))  # noqa: SLF001 (python-docx makes tables cell by cell)


def _table_xml(block: Table) -> str:
    """The table as WordprocessingML, written whole: a thousand rows cost python-docx minutes, cell by cell."""
    width = round((measures.PAGE_MM[0] - measures.INNER_MM - measures.OUTER_MM) * 1440 / 25.4)
    parts = [width * one // sum(block.widths) for one in block.widths]
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(f'<w:{side} w:w="{CELL_ROOM}" w:type="dxa"/>' for side in ("left", "right"))
    grid = "".join(f'<w:gridCol w:w="{part}"/>' for part in parts)
    rows = [_row_xml(block.heads, parts, [True] * len(parts), head=True)]
    rows += [_row_xml(row, parts, block.numeric) for row in block.rows]
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(parts)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{rules}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row_xml(texts: Sequence[str], parts: Sequence[int], numeric: Sequence[bool], *, head: bool = False) -> str:
    """One row; `head` stands again on each page."""
    font, pitch, size = measures.HEITI if head else measures.FANGSONG, measures.TABLE_PT * 1.3, measures.TABLE_PT
    face = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'
    cells = [
        f'<w:tc><w:tcPr><w:tcW w:w="{part}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
        f'<w:snapToGrid w:val="0"/><w:spacing w:line="{round(pitch * 20)}" w:lineRule="exact"/>'
        f'<w:jc w:val="{"center" if centred else "left"}"/></w:pPr><w:r><w:rPr>{face}<w:sz w:val="{round(size * 2)}"/>'
        f'</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p></w:tc>'
        for text, part, centred in zip(texts, parts, numeric, strict=True)
    ]
    kept = "<w:cantSplit/><w:tblHeader/>" if head else "<w:cantSplit/>"
    return f"<w:tr><w:trPr>{kept}</w:trPr>{''.join(cells)}</w:tr>"


def _photos(document: Any, block: Pairs) -> None:
    """Pairs side by side, each with its days and words under it; no pair is cut in two."""
    _line(document, block.caption, font=measures.HEITI, size=measures.TABLE_PT + 1.5, align=CENTER, indent=0, keep=True)
    table = document.add_table(rows=0, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for number, pair in enumerate(block.pairs):
        _pair(table, pair, apart=number > 0)
    after = _line(document, "", indent=0)
    _off_grid(after, measures.LINE_PT / 2)


def _pair(table: Any, pair: Pair, *, apart: bool) -> None:
    pictures, days, words = (table.add_row() for _number in range(3))
    for row in (pictures, days, words):
        cut = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(cut)  # noqa: SLF001 (python-docx knows no such row)
    for cell, photo in zip(pictures.cells, (pair.before, pair.after), strict=True):
        _picture(cell.paragraphs[0], photo)
        cell.paragraphs[0].paragraph_format.space_before = Pt(8 if apart else 0)
    for cell, name, photo in zip(days.cells, ("整改前", "整改后"), (pair.before, pair.after), strict=True):
        _small(cell.paragraphs[0], f"{name}（{photo.day}）", keep=True)
    _small(words.cells[0].merge(words.cells[1]).paragraphs[0], pair.words, font=measures.HEITI)


def _picture(line: Any, photo: Photo) -> None:
    """A picture in a line as high as itself."""
    width, height = photo.size_mm
    line.alignment = CENTER
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    line.paragraph_format.keep_with_next = True
    line.add_run().add_picture(io.BytesIO(photo.data), width=Mm(width), height=Mm(height))
    _switched_off(line._p.get_or_add_pPr(), "w:snapToGrid")  # noqa: SLF001 (python-docx knows no grid)


def _small(line: Any, text: str, *, font: str = measures.FANGSONG, keep: bool = False) -> None:
    line.alignment = CENTER
    line.paragraph_format.keep_with_next = keep
    _letters(line.add_run(text), font, measures.TABLE_PT)
    _off_grid(line, measures.TABLE_PT * 1.6)


def _foot(document: Any, paper: Paper) -> None:
    """Definitions, then who issued it and when, then who gets a copy."""
    for note in paper.notes:
        line = _line(document, note, size=measures.NOTE_PT, align=LEFT)
        _off_grid(line, measures.NOTE_PT * 1.6)
    _line(document, "", indent=0, keep=True)
    for text in (paper.issuer, paper.dated):
        signed = _line(document, text, align=RIGHT, indent=0, keep=True)
        signed.paragraph_format.right_indent = Pt(measures.BODY_PT * 4)
    if paper.signatory:
        _line(document, f"（签发人：{paper.signatory}）", keep=bool(paper.copy_to))
    if paper.copy_to:
        _line(document, "", indent=0, keep=True)
        copied = _line(document, f"抄送：{paper.copy_to}", size=measures.PAGE_NUMBER_PT, indent=0)
        _rule(copied, "000000", 6)
