"""Web pages: the article without the page around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser

from lxml import etree, html

from chuangwen.directives.reading.document import UnreadableDocument
from chuangwen.directives.reading.encodings import decode_text
from chuangwen.directives.reading.layout import Block, CellText, Layout, Line, Rows

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_CHINESE_CHARSETS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs"}
_DROPPED = (
    "script",
    "style",
    "noscript",
    "nav",
    "footer",
    "header",
    "aside",
    "form",
    "iframe",
    "template",
    "svg",
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "table",
        "ul",
        "ol",
        "title",
        "dt",
        "dd",
        "pre",
        "blockquote",
    ]
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_MAIL = re.compile(rb"\s*(?:MIME-Version|From|Content-Type):[^\n]*\n", re.IGNORECASE)
_MAX_CELL = 1_000
_MAX_SPAN = 64
_MIN_ARTICLE = 80


def read_html(name: str, data: bytes) -> tuple[Layout, str]:
    """(layout, encoding) of the page's main article, one block a line; the whole body when no article stands out."""
    source, encoding = _decode(name, _page_of_mail(data))
    source = re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", source.lstrip("\ufeff"))
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise UnreadableDocument(name, "不是完整的网页", "请把正文复制粘贴进来") from None
    body = root.find("body")
    main = body if body is not None else root
    for element in list(main.iter(*_DROPPED)):
        if isinstance(element, html.HtmlElement):
            element.drop_tree()
    layout = Layout()
    for block in _blocks(_article(main)):
        layout.add(block)
    return layout, encoding


def _page_of_mail(data: bytes) -> bytes:
    """The page inside a web archive (mht), as Word and browsers save it; other files as they are."""
    if not _MAIL.match(data[:2048]):
        return data
    for part in BytesParser(policy=policy.compat32).parsebytes(data).walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            return page if isinstance(page, bytes) else data
    return data


def _decode(name: str, data: bytes) -> tuple[str, str]:
    declared = _META_CHARSET.search(data[:4096])
    encoding = _CHINESE_CHARSETS.get(declared[1].decode("ascii").lower()) if declared else None
    if encoding is not None:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            pass  # pages often declare one encoding and use another: decide by the bytes
    return decode_text(name, data)


def _article(body: html.HtmlElement) -> html.HtmlElement:
    """The element whose own paragraphs hold most text outside links."""
    weight: dict[html.HtmlElement, int] = {}
    for block in body.iter("p", "div", "td", "section", "article", "span", "br"):
        parent = block.getparent()
        if parent is None:
            continue
        own = len((block.text or "").strip()) if block.tag != "br" else len((block.tail or "").strip())
        if block.tag == "p":
            own = len(block.text_content()) - 2 * sum(len(a.text_content()) for a in block.iter("a"))
        target = block if block.tag in {"td", "section", "article", "div"} else parent
        weight[target] = weight.get(target, 0) + own
    best = max(weight, key=lambda element: weight[element], default=body)
    return best if weight.get(best, 0) >= _MIN_ARTICLE else body


def _blocks(root: html.HtmlElement) -> Iterator[Block]:
    """Paragraphs and tables in reading order, blank ones left out."""
    line, level = "", 0
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        parts = element.tag in _BLOCKS or element.tag == "br"
        if parts and line.strip():
            yield Line(line.strip(" \t"), level)
        if parts:
            line = ""
            level = 0
        if event == "start":
            rows = _table(element) if element.tag == "table" else []
            if rows:
                yield rows
                walker.skip_subtree()
                continue
            if element.tag in _HEADINGS:
                level = int(element.tag[1])
            line += _SPACE.sub(" ", element.text or "")
        elif element is not root:
            line += ("\t" if element.tag in {"td", "th"} else "") + _SPACE.sub(" ", element.tail or "")
    if line.strip():
        yield Line(line.strip(" \t"), level)


def _table(table: html.HtmlElement) -> Rows:
    """The rows of a table of data; none of one that only lays out the page."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    cells = [[cell for cell in row if cell.tag in {"td", "th"}] for row in rows]
    if len(rows) < 2 or max(map(len, cells)) < 2 or table.find(".//table") is not None:
        return []
    if any(len(cell.text_content()) > _MAX_CELL for row in cells for cell in row):
        return []
    return list(_merged(cells))


def _merged(rows: list[list[html.HtmlElement]]) -> Iterator[list[CellText]]:
    """Rows with the cells that run down from above put in where they belong."""
    running: dict[int, tuple[int, int]] = {}
    for row in rows:
        placed: list[CellText] = []
        at = 0
        waiting = list(row)
        while waiting or at in running:
            if at in running:
                left, columns = running.pop(at)
                if left > 1:
                    running[at] = (left - 1, columns)
                placed.append(CellText("", columns, continues=True))
            else:
                cell = waiting.pop(0)
                columns, down = _number(cell.get("colspan")), _number(cell.get("rowspan"))
                placed.append(CellText(" ".join(" ".join(cell.itertext()).split()), columns))
                if down > 1:
                    running[at] = (down - 1, columns)
            at += columns
        yield placed


def _number(text: str | None) -> int:
    return min(int(text), _MAX_SPAN) if text and text.isdecimal() and int(text) else 1
