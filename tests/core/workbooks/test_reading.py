"""Honest files of every format are read as they are."""

from __future__ import annotations

import io
import sys
import time
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from chuangwen.core.workbooks import parsing
from chuangwen.core.workbooks.cells import CellError, Merge
from chuangwen.core.workbooks.reading import read_workbook

FILES = Path(__file__).parent / "files"  # register.xls by xlwt, register.ods by odfpy, locked.xlsx by msoffcrypto
REGISTER_XLS, REGISTER_ODS = ((FILES / f"register.{kind}").read_bytes() for kind in ("xls", "ods"))
MORNING = datetime(2026, 11, 22, 8, 30)  # noqa: DTZ001
ENCODINGS = ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
TRACED = sys.gettrace() is not None  # under a coverage tool times mean nothing
TEXT = "编号,名称,牵头\nA01,滨河农贸市场,城管局、各街道\nA02,人民公园,园林局\n"


def xlsx(fill, **options):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, options)
    fill(book)
    book.close()
    return target.getvalue()


def every_type(book):
    sheet = book.add_worksheet("点位")
    day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row("B2", ["文字", 12.0, 1.5, True])
    sheet.write_datetime("F2", MORNING.replace(hour=0, minute=0), day)
    sheet.write_datetime("G2", MORNING, moment)
    sheet.write_datetime("H2", clock_time(8, 30), book.add_format({"num_format": "hh:mm"}))
    sheet.write_datetime("I2", timedelta(hours=30), book.add_format({"num_format": "[h]:mm"}))
    sheet.write_formula("J2", "=1/0", None, "#DIV/0!")
    sheet.write_formula("K2", "=NA()", None, "#N/A")
    sheet.write_formula("L2", '="x"&"y"', None, "xy")
    sheet.write_string("M2", "007")
    sheet.write_number("N2", 13_800_138_000)
    sheet.write_rich_string("O2", "红", book.add_format({"bold": True}), "旗")
    sheet.merge_range("A4:B5", "合并")


def test_xlsx_cells_keep_their_types():
    sheet = read_workbook("点位.xlsx", xlsx(every_type)).sheets[0]
    assert sheet.rows[0] == (None,) * 15
    assert sheet.rows[1] == (
        None,
        "文字",
        12,
        1.5,
        True,
        date(2026, 11, 22),
        MORNING,
        clock_time(8, 30),
        timedelta(hours=30),
        CellError("#DIV/0!"),
        CellError("#N/A"),
        "xy",
        "007",
        13_800_138_000,
        "红旗",
    )
    assert [type(value) for value in sheet.rows[1][2:4]] == [int, float]
    assert type(sheet.rows[1][5]) is date
    assert sheet.merges == (Merge(3, 0, 4, 1),)


@pytest.mark.parametrize(("kind", "data"), [("xlsx", xlsx(every_type)), ("xls", REGISTER_XLS), ("ods", REGISTER_ODS)])
def test_the_child_passes_on_what_the_parser_finds(kind, data):
    sheets = parsing.parse(kind, data)
    assert list(read_workbook("a", data).sheets) == sheets
    assert parsing.from_json(parsing.to_json(sheets)) == sheets


def test_a_workbook_of_openpyxl_is_read_too():
    book = openpyxl.Workbook()
    book.active.append(["编号", "日期"])
    book.active.append(["#REF!", date(2026, 11, 22)])
    target = io.BytesIO()
    book.save(target)
    assert read_workbook("a.xlsx", target.getvalue()).sheets[0].rows == (
        ("编号", "日期"),
        (CellError("#REF!"), date(2026, 11, 22)),
    )


def test_dates_counted_from_1904_are_the_same_days():
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_datetime(0, 0, MORNING, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))

    assert read_workbook("mac.xlsx", xlsx(fill, date_1904=True)).sheets[0].rows == ((MORNING,),)


def test_empty_sheets_and_charts_are_left_out_and_hidden_ones_marked():
    def fill(book):
        book.add_worksheet("空")
        data = book.add_worksheet("数据")
        data.write(0, 0, 1)
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=数据!$A$1"})
        book.add_chartsheet("图").set_chart(chart)
        hidden = book.add_worksheet("藏")
        hidden.write(0, 0, 2)
        hidden.hide()
        data.activate()

    book = read_workbook("a.xlsx", xlsx(fill))
    assert [(sheet.name, sheet.hidden, sheet.rows) for sheet in book.sheets] == [
        ("数据", False, ((1,),)),
        ("藏", True, ((2,),)),
    ]
    assert book.sheet("藏") is book.sheets[1]
    with pytest.raises(KeyError):
        book.sheet("空")


def test_old_xls_gives_values_merges_errors_and_hidden_sheets():
    book = read_workbook("点位.xls", REGISTER_XLS)
    assert (book.format, book.encoding) == ("xls", "")
    first, second = book.sheets
    assert first.rows == (
        ("点位信息表", None, None, None, None, None, None),
        ("编号", "名称", "牵头", "日期", "数量", None, None),
        ("A01", "滨河农贸市场", "城管局、各街道", date(2026, 11, 22), 12, None, None),
        ("A02", CellError("#REF!"), None, True, 1.5, None, None),
        (None, None, None, None, None, None, CellError("#N/A")),
    )
    assert set(first.merges) == {Merge(0, 0, 0, 4), Merge(2, 2, 3, 2)}
    assert (second.name, second.hidden, second.rows) == ("隐藏", True, (("藏",),))


def test_ods_gives_values_merges_errors_and_hidden_sheets():
    book = read_workbook("点位.ods", REGISTER_ODS)
    first, second = book.sheets
    error = CellError("#REF!")
    assert first.rows == (
        ("点位信息表", None, None, None, None),
        ("编号", "名称", "日期", "数量", None),
        ("A01", "滨河  市场\t东\n门", date(2026, 11, 22), 12, None),
        ("A02", "二楼\n西侧", MORNING, 0.455, None),
        (None,) * 5,
        (None,) * 5,
        (None,) * 5,
        (error, error, clock_time(8, 30), True, timedelta(hours=30)),
        (error, error, clock_time(8, 30), True, timedelta(hours=30)),
    )
    assert first.merges == (Merge(0, 0, 0, 3),)
    assert (second.name, second.hidden, second.rows) == ("隐藏", True, (("藏",),))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_csv_is_read_in_every_chinese_encoding(encoding):
    book = read_workbook("点位信息表.csv", TEXT.encode(encoding))
    assert book.format == "csv"
    assert book.sheets[0].name == "点位信息表"
    assert book.sheets[0].rows == (
        ("编号", "名称", "牵头"),
        ("A01", "滨河农贸市场", "城管局、各街道"),
        ("A02", "人民公园", "园林局"),
    )


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("單位,負責人,電話\n環境保護局,陳大文,12345\n市政總署,李小明,67890\n", "big5"),
        ("姓名,单位\n張國榮,城管局\n王玥,公安局\n", "gb18030"),
        ("a,b\n龘,1\n", "gb18030"),
    ],
)
def test_big5_and_gb_are_told_apart(text, encoding):
    rows = read_workbook("a.csv", text.encode(encoding)).sheets[0].rows
    assert rows == tuple(tuple(line.split(",")) for line in text.splitlines())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("编号\t名称\nA01\t甲,乙\n", "tsv"),
        ("编号;名称\nA01;甲,乙\n", "csv"),
        ("编号|名称\nA01|甲,乙\n", "csv"),
        ("sep=;\r\n编号;名称\r\nA01;甲,乙\r\n", "csv"),
        ('编号,名称\nA01,"甲,乙"\n', "csv"),
    ],
)
def test_the_delimiter_is_found(text, kind):
    book = read_workbook("a.csv", text.encode())
    assert (book.format, book.sheets[0].rows) == (kind, (("编号", "名称"), ("A01", "甲,乙")))


def test_csv_rows_are_made_equally_long_and_errors_are_errors():
    sheet = read_workbook("a.csv", b'a,b,c\n1\n"x\ny",#REF!\n').sheets[0]
    assert sheet.rows == (("a", "b", "c"), ("1", None, None), ("x\ny", CellError("#REF!"), None))


def test_a_text_of_one_column_is_a_table_too():
    assert read_workbook("单位.txt", "城管局\n教育局\n".encode()).sheets[0].rows == (("城管局",), ("教育局",))


@pytest.mark.parametrize("name", ["register.xls", "register.ods"])
def test_the_name_of_a_file_does_not_decide_its_format(name):
    book = read_workbook("点位.csv", (FILES / name).read_bytes())
    assert book.format == name[-3:]


def test_twelve_thousand_rows_are_read_within_three_seconds():
    def fill(book):
        sheet = book.add_worksheet()
        for row in range(12_000):
            sheet.write_row(row, 0, [f"A{row}", "农贸市场", f"滨河{row}号市场", row, 1.5, *["说明文字"] * 9])

    data = xlsx(fill, constant_memory=True)
    start = time.perf_counter()
    sheet = read_workbook("a.xlsx", data).sheets[0]
    assert TRACED or time.perf_counter() - start < 3
    assert (len(sheet.rows), sheet.width, sheet.rows[-1][3]) == (12_000, 14, 11_999)
