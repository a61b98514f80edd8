"""A form filled: the rows in its own looks, everything below moved down, everything else as it was."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image as Picture

from chuangwen.core.imports.queries import known_words, likeliest_sheet
from chuangwen.core.workbook_templates.filling import filled
from chuangwen.core.workbook_templates.package import Package
from chuangwen.core.workbook_templates.proposing import propose
from chuangwen.core.workbook_templates.table import Table
from chuangwen.core.workbook_templates.vocabulary import Content
from chuangwen.core.workbooks.layout import guess_header
from chuangwen.core.workbooks.reading import read_workbook
from tests.core.workbook_templates.making import WORDS, form, opened, rows_of, saved, texts

ALL = {"A": "序号", "B": "问题", "C": "责任单位", "D": "配合单位", "E": "时限", "F": "数量"}
TABLE = Table("问题清单", (3, 4), 5, 14, ALL)


def proposed(data: bytes) -> Table:
    book, fields = read_workbook("样表.xlsx", data), WORDS.fields()
    sheet = book.sheets[likeliest_sheet(book, fields)]
    return propose(Package.opened(data), sheet, WORDS, guess_header(sheet, known_words(fields))).table


def test_row_of_placeholders_is_repeated_and_what_is_below_moves_down():
    sheet = opened(filled(saved(form(marks=True)[0]), WORDS, rows_of(3))).active
    assert texts(sheet) == [
        ["问题台账"],
        ["填报单位：云溪市创建办　　填报日期：2026-11-18"],
        ["序号", "存在问题", "责任分工", None, "整改时限", "数量"],
        [None, None, "牵头单位", "配合单位"],
        [1, "问题1", "局1", "街道、公安局", "11月1日", 2],
        [2, "问题2", "局2", "街道、公安局", "11月2日", 4],
        [3, "问题3", "局3", "街道、公安局", "11月3日", 6],
        ["合计", None, None, None, None, "=SUM(F5:F7)"],
        ["填表人：　　　　审核人："],
    ]
    merged = {str(one) for one in sheet.merged_cells.ranges}
    assert merged == {"A1:F1", "A2:F2", "C3:D3", "A3:A4", "B3:B4", "E3:E4", "F3:F4", "A8:E8", "A9:F9"}
    assert (sheet.print_title_rows, sheet.freeze_panes, sheet.print_area) == ("$3:$4", "A5", "'问题清单'!$A$1:$F$9")
    assert (sheet["A1"].font.name, sheet.column_dimensions["B"].width) == ("方正小标宋简体", 40)
    assert (
        read_workbook("a.xlsx", filled(saved(form(marks=True)[0]), WORDS, rows_of(3))).sheets[0].rows[6][1] == "问题3"
    )


def test_table_of_a_form_without_placeholders_is_proposed_from_its_head_of_two_rows():
    assert proposed(saved(form()[0])) == TABLE


@pytest.mark.parametrize("number", [0, 3, 10, 13])
def test_blank_lines_of_a_form_are_used_first_and_more_are_made_in_their_looks(number):
    lines = max(number, 10)
    sheet = opened(filled(saved(form()[0]), WORDS, rows_of(number), TABLE)).active
    assert [row[1] for row in texts(sheet)[4 : 4 + number]] == [f"问题{n}" for n in range(1, number + 1)]
    assert sheet.cell(5 + lines, 1).value == "合计"
    assert sheet.cell(5 + lines, 6).value == f"=SUM(F5:F{4 + lines})"
    edges = [sheet.cell(row, 1).border.bottom.style for row in range(5, 5 + lines)]
    assert edges == ["thin"] * (lines - 1) + ["thick"]
    assert {sheet.row_dimensions[row].height for row in range(5, 5 + lines)} == {24}


def test_entries_of_last_month_are_written_over_and_fewer_rows_move_the_sum_up():
    book, sheet = form(blank=6)
    for row in range(5, 11):
        for column, value in enumerate((row - 4, "旧问题", "旧局", "旧街道", "10月", 1), 1):
            sheet.cell(row, column, value)
    data = saved(book)
    table = proposed(data)
    assert (table.first, table.last) == (5, 10)
    made = opened(filled(data, WORDS, rows_of(2), table)).active
    assert [row[0] for row in texts(made)[4:]] == [1, 2, "合计", "填表人：　　　　审核人："]
    assert made["F7"].value == "=SUM(F5:F6)"
    assert "旧" not in str(texts(made))


def test_number_written_ahead_is_a_blank_line():
    book, sheet = form(blank=3)
    for row in (5, 6, 7):
        sheet.cell(row, 1, row - 4)
    data = saved(book)
    assert [row[:2] for row in texts(opened(filled(data, WORDS, rows_of(1), proposed(data))).active)[4:8]] == [
        [1, "问题1"], [], [], ["合计", None],
    ]  # fmt: skip


def test_formula_of_a_line_is_copied_and_refers_to_its_own_line():
    book, sheet = form(blank=2)
    sheet["G5"], sheet["G6"] = "=F5*$F$7+F4", "=F6*$F$7+F5"
    data = saved(book)
    made = opened(filled(data, WORDS, rows_of(4), Table("问题清单", (3, 4), 5, 6, ALL))).active
    assert [made.cell(row, 7).value for row in range(5, 9)] == [f"=F{r}*$F$9+F{r - 1}" for r in range(5, 9)]


def test_other_sheets_names_rules_pictures_charts_and_remarks_follow():
    book, sheet = form(marks=True)
    other = book.create_sheet("汇总")
    other["A1"], other["A2"] = "=问题清单!F6", "=SUM('问题清单'!F5:F5)"
    book.create_sheet("说明")["A1"] = "填表说明"
    held = io.BytesIO()
    Picture.new("RGB", (20, 20), "red").save(held, "PNG")
    sheet.add_image(Image(held), "B7")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=6, min_row=5, max_row=5))
    sheet.add_chart(chart, "H8")
    sheet["A6"].comment = Comment("由统计员核对", "省文明办")
    rule = DataValidation(type="list", formula1='"立行立改,限期整改"', allow_blank=True)
    rule.add("E5")
    sheet.add_data_validation(rule)
    fill = PatternFill(bgColor="FFC7CE")
    sheet.conditional_formatting.add("F5", CellIsRule(operator="greaterThan", formula=["$F$6"], fill=fill))
    empty = saved(book)
    data = filled(empty, WORDS, rows_of(5))
    made = opened(data)
    assert (made["汇总"]["A1"].value, made["汇总"]["A2"].value) == ("=问题清单!F10", "=SUM('问题清单'!F5:F9)")
    sheet = made["问题清单"]
    assert sheet["A10"].comment.text == "由统计员核对"
    assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == ["E5:E9"]
    ((area, rules),) = [(str(one.sqref), one.rules) for one in sheet.conditional_formatting]
    assert (area, rules[0].formula) == ("F5:F9", ["$F$10"])
    assert [one.anchor._from.row for one in sheet._images] == [10]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"$F$5:$F$9" in archive.read("xl/charts/chart1.xml")
        with zipfile.ZipFile(io.BytesIO(empty)) as before:
            untouched = before.read("xl/worksheets/sheet3.xml")
        assert archive.read("xl/worksheets/sheet3.xml") == untouched


def test_protected_sheet_hidden_columns_and_cells_merged_in_a_line_stay():
    book, sheet = form(blank=2)
    sheet.protection.sheet = True
    sheet.protection.password = "1234"
    sheet.column_dimensions["D"].hidden = True
    for row in (5, 6):
        sheet.merge_cells(start_row=row, start_column=3, end_row=row, end_column=4)
    data = filled(saved(book), WORDS, rows_of(4), Table("问题清单", (3, 4), 5, 6, {"B": "问题", "C": "责任单位"}))
    made = opened(data).active
    assert (made.protection.sheet, made.column_dimensions["D"].hidden) == (True, True)
    merged = {str(one) for one in made.merged_cells.ranges}
    assert {"C5:D5", "C6:D6", "C7:D7", "C8:D8", "A9:E9"} <= merged


def test_text_stays_text_dates_go_where_dates_are_shown_and_long_text_makes_its_row_higher():
    book, sheet = form(blank=2)
    sheet["E5"].number_format = sheet["E6"].number_format = "yyyy年m月d日"
    sheet["A5"].number_format = sheet["A6"].number_format = "@"
    row = (1, "=HYPERLINK(1)_x0041_\x07" + "长" * 200, "<局>&", None, date(2026, 11, 18), date(2026, 11, 18))
    made = opened(filled(saved(book), WORDS, Content([row]), Table("问题清单", (3, 4), 5, 6, ALL))).active
    assert (made["A5"].value, made["C5"].value, made["D5"].value) == ("1", "<局>&", None)
    assert made["B5"].value == "=HYPERLINK(1)_x005F_x0041_" + "长" * 200  # as Excel writes it; it shows _x0041_
    assert made["B5"].data_type == "s"
    assert (made["E5"].value.date(), made["F5"].value) == (date(2026, 11, 18), "2026-11-18")
    assert made.row_dimensions[5].height > 100
    assert made.row_dimensions[6].height == 24


def test_figures_of_formulas_are_left_to_whatever_opens_the_file():
    form_file = saved(form()[0])  # once: a workbook holds the second it was made in
    made = filled(form_file, WORDS, rows_of(12), TABLE)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert b'fullCalcOnLoad="1"' in archive.read("xl/workbook.xml")
    assert made == filled(form_file, WORDS, rows_of(12), TABLE)


@settings(max_examples=60, deadline=None)
@given(
    above=st.integers(0, 6), left=st.integers(0, 4), blank=st.integers(1, 12), number=st.integers(0, 30),
    order=st.permutations(list(ALL.values())), below=st.integers(0, 3), two=st.booleans(),
)  # fmt: skip
def test_every_row_comes_out_where_it_belongs_whatever_the_layout(above, left, blank, number, order, below, two):
    book = Workbook()
    sheet = book.active
    sheet.title = "表 一'二"
    for row in range(1, above + 1):
        sheet.cell(row, left + 1, f"第{row}行的说明。")
    head, first = above + 1, above + 2 + two
    for column, word in enumerate(order, left + 1):
        sheet.cell(head, column, word)
        if two:
            sheet.merge_cells(start_row=head, start_column=column, end_row=head + 1, end_column=column)
    for row in range(first, first + blank):
        for column in range(left + 1, left + 7):
            sheet.cell(row, column).number_format = "0"
    end = first + blank
    for row in range(end, end + below):
        sheet.cell(row, left + 1, "合计")
        sheet.cell(row, left + 2, f"=SUM(A{first}:A{end - 1})+A{end}")
    letters = [sheet.cell(1, column).column_letter for column in range(left + 1, left + 7)]
    table = Table(sheet.title, (head,), first, end - 1, dict(zip(letters, order, strict=True)))
    made = opened(filled(saved(book), WORDS, rows_of(number), table)).active
    lines = max(number, blank)
    places = [list(ALL.values()).index(word) for word in order]
    for at, values in enumerate(rows_of(number).rows):
        found = [made.cell(first + at, column).value for column in range(left + 1, left + 7)]
        assert found == [values[place] for place in places]
    for at in range(number, lines):
        assert not any(made.cell(first + at, column).value for column in range(left + 1, left + 7))
    assert [made.cell(row, left + 1).value for row in range(1, above + 1)] == [
        f"第{row}行的说明。" for row in range(1, above + 1)
    ]
    for at in range(below):
        row = first + lines + at
        assert made.cell(row, left + 1).value == "合计"
        assert made.cell(row, left + 2).value == f"=SUM(A{first}:A{first + lines - 1})+A{first + lines}"
    assert made.max_row == max(first + lines + below - 1, head)


# The order in which a sheet's parts must stand (ECMA-376, CT_Worksheet): Excel repairs a workbook that breaks it.
PARTS = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetProtection", "autoFilter",
    "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "drawing", "legacyDrawing", "tableParts", "extLst",
)  # fmt: skip


@pytest.mark.parametrize("number", [3, 40])
def test_filled_sheet_is_what_excel_takes_without_repair(number):
    data = filled(saved(form()[0]), WORDS, rows_of(number), TABLE)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheet = ET.fromstring(package.read("xl/worksheets/sheet1.xml"))  # noqa: S314 (our own bytes)
        styles = ET.fromstring(package.read("xl/styles.xml"))  # noqa: S314 (our own bytes)
    space = sheet.tag.split("}")[0] + "}"
    parts = [PARTS.index(one.tag.removeprefix(space)) for one in sheet]
    assert parts == sorted(parts)
    rows = [(int(row.get("r")), [cell.get("r") for cell in row]) for row in sheet.iter(f"{space}row")]
    assert [row for row, _cells in rows] == sorted({row for row, _cells in rows})
    assert all(cells == sorted(cells) and {one[1:] for one in cells} <= {str(row)} for row, cells in rows)
    known = len(styles.find(f"{space}cellXfs"))
    assert all(int(cell.get("s", 0)) < known for cell in sheet.iter(f"{space}c"))
    merged = [CellRange(one.get("ref")) for one in sheet.iter(f"{space}mergeCell")]
    assert int(sheet.find(f"{space}mergeCells").get("count")) == len(merged)
    assert all(one.isdisjoint(other) for one, other in combinations(merged, 2))
