"""Workbooks for tests, written cell by cell as a person or another program would."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

ABOUT = [
    ("key", "value"),
    ("urn", "urn:chuangwen:standard:test"),
    ("version", "1"),
    ("title", "测试"),
    ("subject", "city"),
]
NODES = [("code", "title", "points"), ("1", "一", 4)]


def book(**sheets: Sequence[Sequence[Any]]) -> bytes:
    """A workbook with good `about` and `nodes` sheets unless given; text is written as text."""
    return plain_book({"about": ABOUT, "nodes": NODES} | sheets)


def plain_book(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook of just these sheets; (formula, cached value) makes a formula cell."""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, column, value)
                elif isinstance(value, dt.date):
                    sheet.write_datetime(line, column, value, day)
                elif isinstance(value, tuple):
                    sheet.write_formula(line, column, value[0], None, value[1])
                elif value is not None:
                    sheet.write(line, column, value)
    workbook.close()
    return content.getvalue()
