"""A list whole: as an Excel file, and as text for a chat group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.dispatch import Signal
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.files.services import clean_name
from chuangwen.core.files.sniffing import XLSX
from chuangwen.core.lists.page import Listing, ListPage
from chuangwen.core.workbooks.volumes import write_volumes
from chuangwen.core.workbooks.writing import Column as SheetColumn
from chuangwen.core.workbooks.writing import write_table

MEDIA_TYPES = {".xlsx": XLSX, ".zip": "application/zip"}
MESSAGE_ROWS = 500


# Rows of a list left the program as a file: `user`, the list's `page`, the `query` that narrowed it, how many `rows`.
# A higher area keeps it (audit), which this one must not know.
exported = Signal()


def tell_exported(listing: Listing, rows: int) -> None:
    """Say who took how many rows out, and how the list was narrowed."""
    user, query = listing.request.user, listing.params.urlencode()
    exported.send(sender=None, user=user, page=listing.page, query=query, rows=rows)


def workbook_bytes(page: ListPage, rows: Iterable[Any], *, period: str = "") -> bytes:
    """All columns of the list, whole, as an Excel file with definition, period and status date under the table.

    For short lists: its pictures are held in memory until it is written.
    """
    title = str(page.title)
    return write_table(_columns(page), _values(page, rows), title=title, notes=_notes(page, period), sheet=title)


def write_list(page: ListPage, rows: Iterable[Any], folder: Path, *, period: str = "") -> Path:
    """As `workbook_bytes`, for a list of any length: one workbook, or a zip of several, written into `folder`."""
    stem = clean_name(export_name(page)).removesuffix(".xlsx")
    title, notes = str(page.title), _notes(page, period)
    return write_volumes(_columns(page), _values(page, rows), folder, stem=stem, title=title, notes=notes)


def has_pictures(page: ListPage) -> bool:
    """Whether the list's workbook carries photos, which cost more than words."""
    return any(column.kind == "picture" for column in page.columns)


def _columns(page: ListPage) -> list[SheetColumn]:
    return [SheetColumn(c.key, str(c.label), c.kind, c.width, c.number_format) for c in page.columns]


def _values(page: ListPage, rows: Iterable[Any]) -> Iterator[list[Any]]:
    return ([plain_value(column.value(row)) for column in page.columns] for row in rows)


def _notes(page: ListPage, period: str) -> list[str]:
    stamp = clock.local(clock.now()).strftime("%Y-%m-%d %H:%M")
    return [note for note in (str(page.definition), period, _("Data as of %s") % stamp) if note]


def plain_value(value: Any) -> Any:
    """Moments in local time without a zone: a sheet has no zones. Lazy words as text."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return clock.local(value).replace(tzinfo=None)
    return str(value) if isinstance(value, Promise) else value


def export_name(page: ListPage) -> str:
    return f"{page.title}{clock.today():%Y%m%d}.xlsx"


def file_response(data: bytes, name: str, media_type: str = XLSX) -> HttpResponse:
    """`data` as a download under `name`, which may be Chinese."""
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def message_text(page: ListPage, rows: Iterable[Any]) -> str:
    """Rows as text for a chat group: a heading, then one line a unit with its matters."""
    by_unit: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        unit, text = page.message_line(row)
        by_unit[unit].append(text)
    now = clock.local(clock.now())
    head = f"【{page.title}】{now.month}月{now.day}日{now:%H:%M}"
    lines = [f"{unit}：{'；'.join(texts)}" if unit else "\n".join(texts) for unit, texts in by_unit.items()]
    return "\n".join([head, *lines])
