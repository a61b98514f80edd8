"""Shows a piece's file in the page: pictures, pages of PDF, Word, tables, text. Made once and kept beside the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.core.files.storage import default_storage
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from chuangwen.core.apart import ParserStopped, run_apart
from chuangwen.core.files.services import derived_folder, read, write_whole
from chuangwen.core.files.sniffing import DOCX, XLSX
from chuangwen.core.models import StoredFile
from chuangwen.core.workbooks.cells import Value, show
from chuangwen.core.workbooks.delimited import decode
from chuangwen.core.workbooks.limits import Refused
from chuangwen.core.workbooks.reading import UnreadableWorkbook, read_workbook

MEMORY_BYTES: Final = 2 * 1024 * 1024 * 1024
CPU_SECONDS: Final = 20
WALL_SECONDS: Final = 60  # a machine under load gives a child less than a whole core
MOST_PAGES: Final = 40  # shown; the file itself holds all
MOST_TEXT: Final = 200_000
MOST_ROWS, MOST_COLUMNS = 60, 20  # of a table's first sheet
KINDS: Final = {"application/pdf": "pdf", DOCX: "word", XLSX: "table", "text/plain": "text"}


def preview_kind(stored: StoredFile | None) -> str:
    """How a file can be shown: picture, pdf, word, table, text; "" where it can only be opened on one's own machine."""
    if stored is None:
        return ""
    return "picture" if stored.is_picture else KINDS.get(stored.media_type, "")


def page_count(stored: StoredFile) -> int:
    """How many pages a PDF has, at most MOST_PAGES; 0 where it cannot be read."""
    found = _derived(stored, "pages", "pages")
    return min(int(found), MOST_PAGES) if found and found.isdigit() else 0


def page_picture(stored: StoredFile, number: int) -> bytes:
    """A page of a PDF as a JPEG; b"" where there is none."""
    return _derived(stored, f"page-{number}.jpg", "page", number) if 1 <= number <= MOST_PAGES else b""


def word_html(stored: StoredFile) -> SafeString:
    """A Word file as clean HTML; "" where it cannot be read."""
    return SafeString(_derived(stored, "word.html", "word").decode())  # cleaned by rendering.clean_html


def table_html(stored: StoredFile) -> SafeString:
    """The first sheet of a workbook, its first rows and columns; "" where it cannot be read."""
    kept = f"{derived_folder(stored)}/table.html"
    if default_storage.exists(kept):
        with default_storage.open(kept) as file:
            return SafeString(file.read().decode())
    try:
        sheet = read_workbook("table.xlsx", read(stored)).sheets[0]
    except UnreadableWorkbook:
        return SafeString("")
    rows = [row[:MOST_COLUMNS] for row in sheet.rows[:MOST_ROWS]]
    html = format_html(
        '<table class="cw-table cw-table--as-is"><tbody>{}</tbody></table>',
        format_html_join("", "<tr>{}</tr>", ((_cells(row),) for row in rows)),
    )
    write_whole(kept, html.encode())
    return html


def html_of(stored: StoredFile | None) -> SafeString:
    """The content of a file that is shown as HTML; "" for other files and for those that cannot be read."""
    shows = {"word": word_html, "table": table_html, "text": plain_text}
    make = shows.get(preview_kind(stored))
    return make(stored) if make and stored else SafeString("")


def _cells(row: Iterable[Value]) -> SafeString:
    return format_html_join("", "<td>{}</td>", ((show(value),) for value in row))


def plain_text(stored: StoredFile) -> SafeString:
    """A text file as paragraphs, in whatever encoding it is, MOST_TEXT characters of it."""
    data = read(stored)
    try:
        text, _encoding = decode(data)
    except Refused:
        text = data.decode("gb18030", errors="replace")
    shown = text[:MOST_TEXT].splitlines()
    return format_html("{}", format_html_join("", "<p>{}</p>", ((line,) for line in shown if line.strip())))


def _derived(stored: StoredFile, name: str, wanted: str, number: int = 0) -> bytes:
    """What is derived from a file, kept under `name`; b"" where the child could not make it."""
    kept = f"{derived_folder(stored)}/{name}"
    if default_storage.exists(kept):
        with default_storage.open(kept) as file:
            return bytes(file.read())
    asked = (wanted, number, MEMORY_BYTES, CPU_SECONDS)
    try:
        made = run_apart("chuangwen.evidence.rendering", asked, read(stored), wall_seconds=WALL_SECONDS)
    except ParserStopped:
        return b""
    if made:
        write_whole(kept, made)
    return made
