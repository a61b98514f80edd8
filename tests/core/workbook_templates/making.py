"""Forms as authorities hand them out, made with openpyxl: titles, merged heads, blank lines, sums, signatures."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from chuangwen.core.workbook_templates.vocabulary import Content, Vocabulary, Word

WORDS = Vocabulary(
    (
        Word("序号", "number"), Word("问题", "problem", ("存在问题", "问题描述")),
        Word("责任单位", "unit", ("牵头单位", "牵头")), Word("配合单位", "others", ("配合",)),
        Word("时限", "due", ("整改时限", "完成时限")), Word("数量", "number of them"),
    ),
    (Word("标题"), Word("填报单位"), Word("填报日期"), Word("行数")),
)  # fmt: skip
THIN = Side(style="thin")
EDGE = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
LAST_EDGE = Border(left=THIN, right=THIN, top=THIN, bottom=Side(style="thick"))


def saved(book: Workbook) -> bytes:
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def rows_of(number: int) -> Content:
    """Rows 问题1, 问题2… of the units 局1, 局2…, with a number that counts up."""
    rows = [(n, f"问题{n}", f"局{n}", "街道、公安局", f"11月{n}日", n * 2) for n in range(1, number + 1)]
    return Content(rows, {"标题": "问题台账", "填报单位": "云溪市创建办", "填报日期": "2026-11-18", "行数": number})


def form(*, blank: int = 10, marks: bool = False, name: str = "问题清单") -> tuple[Workbook, Worksheet]:
    """A form of six columns: title, a line for who fills it in, a head of two rows, `blank` lines, sum, signature.

    With `marks` a single row holds placeholders in the place of the blank lines.
    """
    book = Workbook()
    sheet: Any = book.active
    sheet.title = name
    sheet.merge_cells("A1:F1")
    sheet["A1"] = "{{标题}}" if marks else "创建工作问题台账"
    sheet["A1"].font = Font(name="方正小标宋简体", size=18)
    sheet.merge_cells("A2:F2")
    sheet["A2"] = "填报单位：{{填报单位}}　　填报日期：{{ 填报日期 }}" if marks else "填报单位：　　　　填报日期："
    for column, text in enumerate(["序号", "存在问题", "责任分工", None, "整改时限", "数量"], 1):
        sheet.cell(3, column, text)
    sheet["C4"], sheet["D4"] = "牵头单位", "配合单位"
    sheet.merge_cells("C3:D3")
    for column in "ABEF":
        sheet.merge_cells(f"{column}3:{column}4")
    words = ["{{序号}}", "{{问题}}", "{{责任单位}}", "{{配合单位}}", "{{时限}}", "{{数量}}"]
    room = 1 if marks else blank
    for row in range(5, 5 + room):
        sheet.row_dimensions[row].height = 24
        for column in range(1, 7):
            cell = sheet.cell(row, column, words[column - 1] if marks else None)
            cell.border = LAST_EDGE if row == 4 + room else EDGE
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    end = 5 + room
    sheet.cell(end, 1, "合计")
    sheet.merge_cells(start_row=end, start_column=1, end_row=end, end_column=5)
    sheet.cell(end, 6, f"=SUM(F5:F{end - 1})")
    sheet.cell(end + 1, 1, "填表人：　　　　审核人：")
    sheet.merge_cells(start_row=end + 1, start_column=1, end_row=end + 1, end_column=6)
    for column, width in zip("ABCDEF", (6, 40, 14, 14, 14, 8), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.print_title_rows = "3:4"
    sheet.print_area = f"A1:F{end + 1}"
    sheet.freeze_panes = "A5"
    return book, sheet


def texts(sheet: Any) -> list[list[Any]]:
    """What stands in each row of a sheet, blanks at the end left out."""
    found = []
    for row in sheet.iter_rows(values_only=True):
        cells = list(row)
        while cells and cells[-1] is None:
            cells.pop()
        found.append(cells)
    return found
