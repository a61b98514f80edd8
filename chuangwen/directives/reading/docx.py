"""Word (docx): paragraphs and tables in reading order, with the automatic numbers that readers see.

python-docx leaves out automatic numbering, content controls and text boxes; headings such as 一、 are
mostly automatic in office papers, so the parts are read directly.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from chuangwen.directives.reading.archive import Archive
from chuangwen.directives.reading.document import UnreadableDocument
from chuangwen.directives.reading.numbering import Numbering, W, tag

_BODY = "word/document.xml"
_SKIPPED = {
    W + "del",
    W + "moveFrom",
    W + "pPr",
    W + "rPr",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}


def read_docx(name: str, data: bytes) -> str:
    """The text of a docx, one paragraph or table row a line; deleted revisions are left out."""
    archive = Archive(name, data)
    if _BODY not in archive:
        raise UnreadableDocument(name, "不是 Word 文档", "请上传 docx;表格文件请从导入页面上传")
    body = archive.xml(_BODY).find(W + "body")
    if body is None:
        return ""
    numbering = Numbering(
        archive.xml("word/numbering.xml") if "word/numbering.xml" in archive else None,
        archive.xml("word/styles.xml") if "word/styles.xml" in archive else None,
    )
    return "".join(line + "\n" for line in _lines(body, numbering))


def _lines(container: etree._Element, numbering: Numbering) -> Iterator[str]:
    for element in container:
        if element.tag == W + "p":
            label = numbering.label(element)
            yield label + _inline(element)
            for box in element.iter(W + "txbxContent"):
                if not _inside_fallback(box):
                    yield from _lines(box, numbering)
        elif element.tag == W + "tbl":
            yield from _rows(element, numbering)
        elif element.tag == W + "sdt":
            content = element.find(W + "sdtContent")
            if content is not None:
                yield from _lines(content, numbering)
        elif element.tag in {W + "ins", W + "moveTo", W + "customXml", W + "smartTag"}:
            yield from _lines(element, numbering)


def _rows(table: etree._Element, numbering: Numbering) -> Iterator[str]:
    for row in table.iter(W + "tr"):
        if next(row.iterancestors(W + "tbl"), None) is not table:
            continue
        cells = ["".join(_lines(cell, numbering)).replace("\n", " ") for cell in row.iterchildren(W + "tc")]
        yield "\t".join(cells)


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
