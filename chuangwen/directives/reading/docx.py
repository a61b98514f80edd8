"""Word (docx): paragraphs and tables in reading order, with the automatic numbers that readers see.

python-docx leaves out automatic numbering, content controls and text boxes; headings such as 一、 are
mostly automatic in office papers, so the parts are read directly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from chuangwen.directives.reading.archive import Archive
from chuangwen.directives.reading.document import UnreadableDocument
from chuangwen.directives.reading.layout import Block, CellText, Layout, Line, Rows, flat
from chuangwen.directives.reading.numbering import Numbering, W, tag

_BODY = "word/document.xml"
_HEADING_NAME = re.compile(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)
_DEEPEST = 9
_SKIPPED = {
    W + "del",
    W + "moveFrom",
    W + "pPr",
    W + "rPr",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


def read_docx(name: str, data: bytes) -> Layout:
    """The text of a docx, one paragraph or table row a line; deleted revisions are left out."""
    archive = Archive(name, data)
    if "content.xml" in archive:
        raise UnreadableDocument(name, "是 ODT 文档，本系统不读", "请在 Word 或 WPS 中打开后另存为 docx 再上传")
    if _BODY not in archive:
        raise UnreadableDocument(name, "不是 Word 文档", "请上传 docx;表格文件请另存为 xlsx")
    body = archive.xml(_BODY).find(W + "body")
    layout = Layout()
    if body is None:
        return layout
    styles = archive.xml("word/styles.xml") if "word/styles.xml" in archive else None
    numbering = Numbering(archive.xml("word/numbering.xml") if "word/numbering.xml" in archive else None, styles)
    for block in _blocks(body, numbering, _heading_styles(styles)):
        layout.add(block)
    return layout


def _heading_styles(styles: etree._Element | None) -> dict[str, int]:
    """Paragraph styles that make headings, with their level from 1: by outline level, else by name."""
    levels: dict[str, int] = {}
    for style in styles.iterchildren(W + "style") if styles is not None else ():
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        name = style.find(W + "name")
        named = _HEADING_NAME.fullmatch(name.get(W + "val", "") if name is not None else "")
        level = outline.get(W + "val", "") if outline is not None else ""
        if level.isdecimal() and int(level) < _DEEPEST:
            levels[style.get(W + "styleId", "")] = int(level) + 1
        elif named is not None:
            levels[style.get(W + "styleId", "")] = int(named[1])
    return levels


def _level(paragraph: etree._Element, headings: dict[str, int]) -> int:
    own = paragraph.find(f"{W}pPr/{W}outlineLvl")
    if own is not None and own.get(W + "val", "").isdecimal():
        level = int(own.get(W + "val", ""))
        return level + 1 if level < _DEEPEST else 0
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return headings.get(style.get(W + "val", ""), 0) if style is not None else 0


def _blocks(container: etree._Element, numbering: Numbering, headings: dict[str, int]) -> Iterator[Block]:
    for element in container:
        if element.tag == W + "p":
            label = numbering.label(element)
            yield Line(label + _inline(element), _level(element, headings))
            for box in element.iter(W + "txbxContent"):
                if not _inside_fallback(box):
                    yield from _blocks(box, numbering, headings)
        elif element.tag == W + "tbl":
            yield _rows(element, numbering)
        elif element.tag == W + "sdt":
            content = element.find(W + "sdtContent")
            if content is not None:
                yield from _blocks(content, numbering, headings)
        elif element.tag in {W + "ins", W + "moveTo", W + "customXml", W + "smartTag"}:
            yield from _blocks(element, numbering, headings)


def _rows(table: etree._Element, numbering: Numbering) -> Rows:
    rows: Rows = []
    for row in table.iter(W + "tr"):
        if next(row.iterancestors(W + "tbl"), None) is table:
            rows.append([_cell(cell, numbering) for cell in row.iterchildren(W + "tc")])
    return rows


def _cell(cell: etree._Element, numbering: Numbering) -> CellText:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    columns = span.get(W + "val", "") if span is not None else ""
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    continues = merge is not None and merge.get(W + "val", "continue") != "restart"
    return CellText(
        flat(_blocks(cell, numbering, {})),
        min(int(columns), 64) if columns.isdecimal() and int(columns) else 1,
        continues,
    )


def _inside_fallback(element: etree._Element) -> bool:
    return any(tag(parent) == "Fallback" for parent in element.iterancestors())


def _inline(paragraph: etree._Element) -> str:
    pieces: list[str] = []
    stack = [iter(paragraph)]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
        elif element.tag == W + "t":
            pieces.append(element.text or "")
        elif element.tag == W + "tab":
            pieces.append("\t")
        elif element.tag in {W + "br", W + "cr"}:
            pieces.append("\n")
        elif element.tag not in _SKIPPED and element.tag != W + "txbxContent":
            stack.append(iter(element))
    return "".join(pieces)
