"""Text tables: csv and tsv in whatever encoding a Chinese office's software writes.

Excel and WPS write csv in GBK without saying so, "Unicode text" in UTF-16 with tabs, others write
UTF-8; files from Hong Kong, Macao and Taiwan come in Big5. Bytes of Big5 are mostly valid GB 18030
too, so where both fit, the share of characters in common use decides: GB 2312 level one against Big5's
first plane, each of which covers nearly all of everyday text in its own encoding and far less of
text in the other.
"""

from __future__ import annotations

import codecs
import csv
import io

from chuangwen.core.workbooks.cells import Sheet, Value, as_value
from chuangwen.core.workbooks.limits import MAX_CELLS, Refused, check_extent

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_LINES = 30
_SAMPLE_BYTES = 200_000
_LONGEST_CELL = 1_000_000
# `writing.write_csv` puts an apostrophe before text that a spreadsheet would take for a formula.
_GUARDED = ("'=", "'+", "'-", "'@")


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises Refused for what is no text."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], encoding), encoding
    if b"\0" in data:
        # Nulls in every other byte are the mark of UTF-16; anything else with nulls is no text.
        encoding = "utf-16-le" if data[1::2].count(0) >= data[0::2].count(0) else "utf-16-be"
        text = _decoded(data, encoding)
        if "\0" in text:
            raise Refused("not_a_workbook")
        return text, encoding
    for encoding in ("utf-8", *_chinese(data)):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise Refused("unknown_encoding")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused("unknown_encoding", encoding) from error


def _chinese(data: bytes) -> tuple[str, ...]:
    """The Chinese encodings, the likelier one first."""
    common_gb = common_big5 = 0
    place, sample = 0, data[:_SAMPLE_BYTES]
    while place < len(sample):
        lead = sample[place]
        if lead < 0x80:
            place += 1
            continue
        common_gb += 0xB0 <= lead <= 0xD7 and sample[place + 1 : place + 2] >= b"\xa1"
        common_big5 += 0xA4 <= lead <= 0xC6
        place += 2
    return ("gb18030", "big5hkscs") if common_gb >= common_big5 else ("big5hkscs", "gb18030")


def parse(name: str, data: bytes) -> tuple[Sheet, str, str]:
    """The one sheet of a text table, its delimiter and its encoding. Raises Refused."""
    text, encoding = decode(data)
    if any(ord(mark) < 32 and mark not in "\t\r\n\f\v" for mark in text[:_SAMPLE_BYTES]):
        raise Refused("not_a_workbook")
    delimiter = _stated_delimiter(text)
    if delimiter:
        text = text.partition("\n")[2]
    else:
        delimiter = _guess_delimiter(text)
    rows = _rows(name, text, delimiter)
    width = max(map(len, rows), default=0)
    check_extent(name, len(rows), width)
    if len(rows) * width > MAX_CELLS:
        raise Refused("too_many_cells", name)
    sheet = Sheet(name, tuple(tuple(row + [None] * (width - len(row))) for row in rows))
    return sheet, delimiter, encoding


def _stated_delimiter(text: str) -> str:
    """The delimiter of a first line such as `sep=;`, which Excel writes and reads; "" without one."""
    line = text[:8].partition("\n")[0].rstrip("\r").lower()
    return line[4] if len(line) == 5 and line.startswith("sep=") else ""


def _guess_delimiter(text: str) -> str:
    """The delimiter that most lines share in the same number; a comma where none does."""
    lines = [line for line in text[:_SAMPLE_BYTES].splitlines()[:_SAMPLE_LINES] if line.strip()]

    def agreement(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=lambda count: (counts.count(count), count)) if counts else 0
        return (counts.count(usual) if usual else 0, usual)

    return max(_DELIMITERS, key=agreement)


def _rows(name: str, text: str, delimiter: str) -> list[list[Value]]:
    rows: list[list[Value]] = []
    csv.field_size_limit(_LONGEST_CELL)
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            check_extent(name, len(rows) + 1, len(line))
            rows.append([as_value(raw[1:] if raw.startswith(_GUARDED) else raw) for raw in line])
    except csv.Error as error:
        raise Refused("damaged", str(error)) from error
    return rows
