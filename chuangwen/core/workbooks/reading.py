"""From a file somebody uploaded to sheets of cells, or to a refusal that says what to do.

The name of a file is never trusted: what it holds is seen from its content. Packed and old formats are
parsed in a process of their own (`sandbox`), because a hostile file can make any parser run wild; text
tables are read here.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Literal

from chuangwen.core.workbooks import delimited, parsing, sandbox
from chuangwen.core.workbooks.cells import Sheet
from chuangwen.core.workbooks.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_EXPANDED_BYTES,
    MAX_FILE_BYTES,
    MAX_PARTS,
    MAX_RATIO,
    MAX_ROWS,
    MAX_SHEETS,
    RATIO_FREE_BYTES,
    Refused,
)

Format = Literal["xlsx", "xls", "ods", "csv", "tsv"]

_AS_XLSX = (
    "Open it in Excel or WPS, save it as .xlsx and upload that file.",
    "请用Excel或WPS打开，另存为.xlsx后再上传。",
)
_SMALLER = (
    "Delete the sheets, rows and columns that are not needed, or split the file, and upload again.",
    "请删去用不到的工作表、行和列，或把文件拆开后再上传。",
)
_STRAY = (
    "Look for a stray entry far away (Ctrl+End), delete those rows or columns, save and upload again.",
    "表格远处可能有误填的内容（按Ctrl+End查看），请删去多余的行列、保存后再上传。",
)

# Why a file is not read: code to (fault in English, way out in English), (the same in Chinese).
REASONS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "empty": (
        ("The file holds no data.", "文件里没有内容。"),
        (
            "Check that it is the right file and that it was saved, and upload again.",
            "请确认选对了文件、已经保存，再上传。",
        ),
    ),
    "too_big": (
        (
            f"The file is larger than {MAX_FILE_BYTES // 1024 // 1024} MB.",
            f"文件超过{MAX_FILE_BYTES // 1024 // 1024}MB。",
        ),
        ("Remove the pictures or split the file, and upload again.", "请去掉图片或把文件拆开后再上传。"),
    ),
    "encrypted": (
        ("The file is locked with a password.", "文件加了打开密码。"),
        (
            "Remove the password in Excel or WPS, save and upload again.",
            "请在Excel或WPS里取消密码、保存后再上传。",
        ),
    ),
    "html": (
        ("This is a web page that only bears the name of a workbook.", "这是网页，只是文件名像表格。"),
        _AS_XLSX,
    ),
    "xml2003": (
        ("This is an XML table of Excel 2003 or a similar format.", "这是Excel 2003的XML表格或类似格式。"),
        _AS_XLSX,
    ),
    "xlsb": (("This is a binary workbook (.xlsb).", "这是二进制工作簿（.xlsb）。"), _AS_XLSX),
    "pdf": (
        ("This is a PDF, not a workbook.", "这是PDF，不是表格。"),
        ("Upload the workbook that the PDF was made from.", "请上传生成PDF的原表格。"),
    ),
    "word": (
        ("This is a text document or a presentation, not a workbook.", "这是文档或演示文稿，不是表格。"),
        (
            "Copy its table into Excel or WPS, save as .xlsx and upload.",
            "请把其中的表格复制到Excel或WPS，存为.xlsx后上传。",
        ),
    ),
    "picture": (
        ("This is a picture, not a workbook.", "这是图片，不是表格。"),
        ("Upload the workbook itself.", "请上传表格文件本身。"),
    ),
    "archive": (
        ("This is an archive, not a workbook.", "这是压缩包，不是表格。"),
        ("Unpack it and upload the workbook in it.", "请解压后上传里面的表格。"),
    ),
    "not_a_workbook": (
        ("The content is neither a workbook nor a text table.", "内容不是表格文件。"),
        ("Accepted are .xlsx, .xls, .ods, .csv and .tsv.", "可以上传.xlsx、.xls、.et、.ods、.csv或.tsv。"),
    ),
    "unknown_encoding": (
        ("The text is in no encoding known here.", "文字编码无法识别。"),
        ("Save it as .xlsx, or as CSV UTF-8, and upload again.", "请另存为.xlsx或“CSV UTF-8”后再上传。"),
    ),
    "damaged": (("The file is damaged or incomplete.", "文件已损坏或不完整。"), _AS_XLSX),
    "bomb": (("The file unfolds to a size that no office's workbook has.", "文件解开后大得异常。"), _SMALLER),
    "too_many_sheets": (
        (f"There are more than {MAX_SHEETS} sheets.", f"工作表超过{MAX_SHEETS}张。"),
        _SMALLER,
    ),
    "too_many_rows": ((f"A sheet reaches beyond row {MAX_ROWS}.", f"有工作表超过{MAX_ROWS}行。"), _STRAY),
    "too_many_columns": (
        (f"A sheet has more than {MAX_COLUMNS} columns.", f"有工作表超过{MAX_COLUMNS}列。"),
        _STRAY,
    ),
    "too_many_cells": ((f"There are more than {MAX_CELLS} cells.", f"单元格超过{MAX_CELLS}个。"), _STRAY),
    "parser_stopped": (
        ("Reading the file took too much memory or time.", "读取文件占用的内存或时间过多。"),
        _STRAY,
    ),
}


class UnreadableWorkbook(Exception):  # noqa: N818  (the file's fault, not the program's)
    """A file is not read. `code` is a key of REASONS; the messages say fault, place and way out."""

    def __init__(self, name: str, code: str, detail: str = "") -> None:
        (fault, fault_zh), (way, way_zh) = REASONS[code]
        at = f" ({detail})" if detail else ""
        at_zh = f"（{detail}）" if detail else ""
        self.code = code
        self.message = f"{name}: {fault}{at} {way}"
        self.fault_zh, self.way_out_zh = f"{fault_zh.removesuffix('。')}{at_zh}", way_zh
        self.message_zh = f"“{name}”：{self.fault_zh}。{self.way_out_zh}"
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Workbook:
    """What was read: `encoding` is that of a text table, "" otherwise. There is at least one sheet."""

    name: str
    format: Format
    sheets: tuple[Sheet, ...]
    encoding: str = ""

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name. Raises KeyError."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)


def read_workbook(name: str, data: bytes) -> Workbook:
    """The sheets of an uploaded file, empty ones left out. Raises UnreadableWorkbook.

    `name` serves the messages and names the sheet of a text table; it does not decide the format.
    """
    try:
        kind = sniff(data)
        if kind == "text":
            book = _read_text(name, data)
        else:
            sheets = parsing.from_json(sandbox.parse_apart(kind, data))
            book = Workbook(name, kind, tuple(sheets))
    except Refused as refusal:
        raise UnreadableWorkbook(name, refusal.code, refusal.detail) from refusal
    except sandbox.ParserStopped as stop:
        raise UnreadableWorkbook(name, "parser_stopped") from stop
    sheets_with_data = tuple(sheet for sheet in book.sheets if _has_data(sheet))
    if not sheets_with_data:
        raise UnreadableWorkbook(name, "empty")
    return replace(book, sheets=sheets_with_data)


def _has_data(sheet: Sheet) -> bool:
    return any(value is not None for row in sheet.rows for value in row)


def _read_text(name: str, data: bytes) -> Workbook:
    sheet, delimiter, encoding = delimited.parse(PurePath(name).stem or name, data)
    return Workbook(name, "tsv" if delimiter == "\t" else "csv", (sheet,), encoding)


_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


def sniff(data: bytes) -> Literal["xlsx", "xls", "ods", "text"]:
    """The format by content, after the checks that need no parsing. Raises Refused."""
    if len(data) > MAX_FILE_BYTES:
        raise Refused("too_big")
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise Refused("empty")
    if data.startswith(b"PK"):
        return _packed(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "xls"
    for code, starts in (("pdf", (b"%PDF",)), ("picture", _PICTURES), ("archive", _ARCHIVES)):
        if data.startswith(starts):
            raise Refused(code)
    _refuse_markup(data)
    return "text"


def _refuse_markup(data: bytes) -> None:
    """Refuse what starts like markup: many systems "export to Excel" by naming a web page .xls."""
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith(b"mime-version:"):
        raise Refused("html")
    if not head.startswith(b"<"):
        return
    if re.search(rb"<(?:!doctype\s+html|html|table|head|body|meta|style|div)\b", head):
        raise Refused("html")
    raise Refused("xml2003" if b"<?xml" in head else "not_a_workbook")


def _packed(data: bytes) -> Literal["xlsx", "ods"]:
    """The format of a zip, whose declared sizes are checked here and whose true ones the sandbox limits."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Refused("damaged", "zip") from error
    if len(parts) > MAX_PARTS:
        raise Refused("bomb", f"{len(parts)} parts")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("encrypted")
    tables = [part for part in parts if part.filename.lower().endswith((".xml", ".rels", ".bin"))]
    if sum(part.file_size for part in tables) > MAX_EXPANDED_BYTES:
        raise Refused("bomb")
    for part in tables:
        if part.file_size > RATIO_FREE_BYTES and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise Refused("bomb", part.filename)
    return _packed_kind({part.filename.replace("\\", "/").lower() for part in parts})


def _packed_kind(names: set[str]) -> Literal["xlsx", "ods"]:
    if "xl/workbook.bin" in names:
        raise Refused("xlsb")
    if "xl/workbook.xml" in names:
        return "xlsx"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise Refused("word")
    if "content.xml" in names:
        return "ods"
    raise Refused("archive")
