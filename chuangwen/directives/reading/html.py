"""Web pages: the article without the page around it."""

from __future__ import annotations

import re

from lxml import etree, html

from chuangwen.directives.reading.document import UnreadableDocument
from chuangwen.directives.reading.encodings import decode_text

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
_MIN_ARTICLE = 80


def read_html(name: str, data: bytes) -> tuple[str, str]:
    """(text, encoding) of the page's main article, one block a line; the whole body when no article stands out."""
    source, encoding = _decode(name, data)
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
    return "\n".join(_lines(_article(main))) + "\n", encoding


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


def _lines(root: html.HtmlElement) -> list[str]:
    lines: list[str] = [""]
    for event, element in etree.iterwalk(root, events=("start", "end")):
        block = element.tag in _BLOCKS or element.tag == "br"
        if event == "start":
            if block and lines[-1].strip():
                lines.append("")
            lines[-1] += _SPACE.sub(" ", element.text or "")
        else:
            if block and lines[-1].strip():
                lines.append("")
            elif element.tag in {"td", "th"}:
                lines[-1] += "\t"
            if element is not root:
                lines[-1] += _SPACE.sub(" ", element.tail or "")
    return [line for line in (each.strip(" \t") for each in lines) if line]
