"""Turns a stranger's file into something that a page can show: a PDF's page into a picture, a Word file into HTML.

Pure, and run in a process of its own (previews.py, core.apart). `main` reads the file from standard input and writes
the answer.
"""

from __future__ import annotations

import io
import sys
from typing import Final

from chuangwen.core.apart import limit_process

PAGE_PIXELS: Final = 1400  # long side of a page's picture
MOST_HTML: Final = 6 * 1024 * 1024
TAGS: Final = frozenset(
    {
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th",
        "strong", "b", "em", "i", "u", "s", "sub", "sup", "br", "img", "blockquote",
    }
)  # fmt: skip
ATTRIBUTES: Final = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "img": {"src", "alt"}}


def main(arguments: list[str]) -> None:
    """`arguments`: what is wanted (pages, page, word), the page's number, bytes of memory, seconds of time."""
    wanted, number, memory, seconds = arguments[0], *map(int, arguments[1:4])
    limit_process(memory, seconds)
    data = sys.stdin.buffer.read()
    if wanted == "pages":
        answer = str(page_count(data)).encode()
    elif wanted == "page":
        answer = page_picture(data, number)
    else:
        answer = word_html(data).encode()
    sys.stdout.buffer.write(answer)


def page_count(data: bytes) -> int:
    """How many pages a PDF has."""
    import pypdfium2  # noqa: PLC0415 (only in the child)

    with pypdfium2.PdfDocument(data) as document:
        return len(document)


def page_picture(data: bytes, number: int) -> bytes:
    """Page `number` (from 1) of a PDF as a JPEG. IndexError for a page that is not there."""
    import pypdfium2  # noqa: PLC0415

    with pypdfium2.PdfDocument(data) as document:
        if not 1 <= number <= len(document):
            raise IndexError(number)
        page = document[number - 1]
        scale = PAGE_PIXELS / max(*page.get_size(), 1.0)
        picture = page.render(scale=scale).to_pil().convert("RGB")
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=80, optimize=True)
    return target.getvalue()


def word_html(data: bytes) -> str:
    """A docx as HTML of plain tags: no scripts, styles, links or addresses; pictures inside the text."""
    import mammoth  # noqa: PLC0415

    return clean_html(mammoth.convert_to_html(io.BytesIO(data)).value)


def clean_html(html: str) -> str:
    """Only what TAGS and ATTRIBUTES allow; a picture only as data of its own. ValueError for what is too long."""
    import nh3  # noqa: PLC0415

    def keep(tag: str, attribute: str, value: str) -> str | None:
        is_picture = tag == "img" and attribute == "src"
        return value if not is_picture or value.startswith("data:image/") else None

    cleaned = nh3.clean(
        html, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes={"data"}, link_rel=None, attribute_filter=keep
    )
    if len(cleaned) > MOST_HTML:
        raise ValueError("too long to be shown in a page")
    return cleaned
