"""Workbooks that are written are opened again by another library and looked at."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from PIL import Image

from chuangwen.core.workbooks import writing
from chuangwen.core.workbooks.pictures import PICTURE_HEIGHT, PICTURE_WIDTH, Picture, fitted
from chuangwen.core.workbooks.reading import read_workbook
from chuangwen.core.workbooks.writing import Column, OutTable, write_csv, write_table, write_tables

MORNING = datetime(2026, 11, 22, 8, 30)  # noqa: DTZ001


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def values_of(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def photo(width=800, height=600, kind="JPEG", orientation=None):
    target = io.BytesIO()
    picture = Image.new("RGB", (width, height), (200, 30, 30))
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    picture.save(target, kind, exif=exif)
    return Picture(target.getvalue(), "市场入口")


def test_a_table_has_title_header_rows_and_notes_in_this_order():
    columns = [Column("name", "单位"), Column("rate", "按期率", "percent"), Column("day", "日期", "date")]
    rows = [["城管局", 0.455, date(2026, 11, 22)], ["教育局", None, None]]
    data = write_table(
        columns, rows, title="整改周报", notes=["按期率=按期办结/应办结", "数据截至11月22日"], sheet="周报"
    )
    sheet = opened(data)["周报"]
    assert values_of(sheet) == [
        ["整改周报", None, None],
        ["单位", "按期率", "日期"],
        ["城管局", 0.455, MORNING.replace(hour=0, minute=0)],
        ["教育局", None, None],
        ["按期率=按期办结/应办结", None, None],
        ["数据截至11月22日", None, None],
    ]
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A1:C1", "A5:C5", "A6:C6"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A3", "A2:C4", "$2:$2")
    assert (sheet["B3"].number_format, sheet["C3"].number_format) == ("0.0%", "yyyy-mm-dd")


def test_a_table_prints_on_a4_as_wide_as_itself_with_the_definition_on_every_page():
    sheet = opened(write_table([Column("a", "甲")], [], notes=["甲&乙=丙"], landscape=True)).active
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert (sheet.oddFooter.left.text, sheet.oddFooter.right.text) == ("甲&&乙=丙", "第&P页 共&N页")
    upright = opened(write_table([Column("a", "甲")], [], landscape=False)).active
    assert upright.page_setup.orientation in (None, "portrait")
    assert (upright.oddFooter.left.text, upright.oddFooter.right.text) == (None, "第&P页 共&N页")


def test_a_table_without_rows_still_has_its_filter():
    sheet = opened(write_table([Column("a", "甲"), Column("b", "乙")], [])).active
    assert (values_of(sheet), sheet.auto_filter.ref) == ([["甲", "乙"]], "A1:B1")


def test_a_footer_longer_than_excel_allows_is_cut():
    sheet = opened(write_table([Column("a", "甲")], [], notes=["定义\n" * 200])).active
    assert sheet.oddFooter.left.text.endswith("…")
    assert len(sheet.oddFooter.left.text) + len("&R第&P页 共&N页&L") <= writing.LONGEST_FOOTER


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "{=1}", "http://a.b"])
def test_text_that_looks_like_a_formula_stays_text(text):
    data = write_table([Column("a", text)], [[text]], title=text, notes=[text])
    assert {cell.data_type for row in opened(data).active.iter_rows() for cell in row} == {"s"}
    assert values_of(opened(data).active) == [[text]] * 4
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (12, 12),
        (1.5, 1.5),
        (Decimal("0.1"), 0.1),
        (10**15, "1000000000000000"),
        (True, "是"),
        (False, "否"),
        (float("nan"), None),
        (Decimal("Infinity"), None),
        (MORNING, MORNING),
        (date(1899, 12, 31), "1899-12-31"),
        ("长" * 40_000, "长" * 32_766 + "…"),
        ("半\ud800个", "半?个"),
        ("上\r\n下\r左", "上\n下\n左"),
        ((), None),
    ],
)
def test_a_value_is_held_as(value, held):
    sheet = opened(write_table([Column("a", "甲", "datetime" if value is MORNING else "text")], [[value]])).active
    assert sheet["A2"].value == held


def test_columns_are_as_wide_as_their_chinese_within_limits():
    columns = [Column("a", "名"), Column("b", "长"), Column("c", "定", width=20), Column("d", "编号")]
    sheet = opened(write_table(columns, [["滨河农贸市场", "字" * 99, "x", 7]])).active
    widths = [round(sheet.column_dimensions[letter].width) for letter in "ABCD"]
    assert widths == [13, 49, 21, 7]


def test_a_column_may_have_a_number_format_of_its_own():
    columns = [Column("a", "得分", "number", number_format="0.00"), Column("b", "数", "number")]
    sheet = opened(write_table(columns, [[1, 2]])).active
    assert (sheet["A2"].number_format, sheet["B2"].number_format) == ("0.00", "General")


def test_sheets_get_names_that_excel_accepts():
    names = ["问题/整改:[一]", "问题 整改  一", "History", "", "长" * 40, "长" * 40, "'a'", "A"]
    tables = [OutTable([Column("a", "甲")], [[n]], sheet=name) for n, name in enumerate(names)]
    book = opened(write_tables(tables))
    assert book.sheetnames == [
        "问题 整改  一",
        "问题 整改  一(2)",
        "History_",
        "Sheet",
        "长" * 31,
        "长" * 28 + "(2)",
        "a",
        "A(2)",
    ]
    assert [sheet["A2"].value for sheet in book] == list(range(8))


def test_rows_are_as_high_as_their_words_are_long():
    columns = [Column("a", "名"), Column("b", "话", width=20)]
    rows = [["短", "短"], ["上\n下", "短"], ["短", "字" * 30], [None, "长" * 1000]]
    sheet = opened(write_table(columns, rows, title="很长的标题" * 30, notes=["定义" * 40, "短"])).active
    heights = [sheet.row_dimensions[row].height for row in range(1, 9)]
    assert heights == [120, 24, None, 30, 57, 408.75, 30, None]
    assert [round(sheet.column_dimensions[letter].width) for letter in "AB"] == [59, 73]  # the title fits above them


def test_a_table_too_wide_for_one_page_is_as_many_wide_as_can_be_read():
    columns = [Column(str(n), "编号", width=12 if n < 2 else 36) for n in range(12)]
    sheet = opened(write_table(columns, [["一"] * 12], title="台账")).active
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (2, 0)
    assert (sheet.print_title_cols, sheet["A1"].alignment.horizontal) == ("$A:$B", "left")
    narrow = opened(write_table(columns[:6], [["一"] * 6], title="台账")).active
    assert (narrow.page_setup.fitToWidth, narrow["A1"].alignment.horizontal) == (None, "center")


def test_photos_stand_in_their_cells_side_by_side():
    rows = [["A01", photo()], ["A02", (photo(), photo(kind="PNG"))], ["A03", Picture(b"no picture")], ["A04", None]]
    data = write_table([Column("a", "编号"), Column("b", "照片", "picture")], rows)
    sheet = opened(data).active
    anchors = [(image.anchor._from.row, image.anchor._from.col) for image in sheet._images]
    assert sorted(anchors) == [(1, 1), (2, 1), (2, 1)]
    assert [sheet.row_dimensions[row].height for row in (2, 3, 4, 5)] == [93.75, 93.75, 93.75, None]
    assert [sheet.cell(row, 2).value for row in (2, 3, 4, 5)] == ["", "", writing.UNREADABLE_PICTURE, None]
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert b'descr="\xe5\xb8\x82\xe5\x9c\xba\xe5\x85\xa5\xe5\x8f\xa3"' in parts.read("xl/drawings/drawing1.xml")


def test_a_photo_is_shrunk_and_turned_upright():
    small = fitted(photo(800, 600, orientation=6))
    assert (small.width, small.height) == (90, PICTURE_HEIGHT)
    assert "exif" not in Image.open(io.BytesIO(small.data)).info
    wide = fitted(photo(4000, 10))
    assert (wide.width, wide.height) == (PICTURE_WIDTH, 1)


def test_a_picture_of_too_many_pixels_is_not_opened(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert fitted(photo(12, 12)) is None
    assert fitted(photo(60, 60)) is None


@pytest.mark.parametrize("write", [write_table, write_csv])
def test_a_row_of_another_length_is_refused(write):
    with pytest.raises(ValueError, match="2 cells for 1 columns"):
        write([Column("a", "甲")], [["一", "二"]])


def test_what_makes_no_workbook_is_refused():
    with pytest.raises(ValueError, match="needs a sheet"):
        write_tables([])
    with pytest.raises(ValueError, match="needs columns"):
        write_table([], [])
    with pytest.raises(ValueError, match="'money'"):
        Column("a", "甲", "money")


@pytest.mark.parametrize("write", [write_table, write_csv])
def test_a_moment_with_a_time_zone_is_refused(write):
    with pytest.raises(ValueError, match="time zone"):
        write([Column("a", "甲", "datetime")], [[MORNING.replace(tzinfo=UTC)]])


def test_the_same_table_makes_the_same_bytes():
    made = [write_table([Column("a", "甲")], [["一"]], created=MORNING) for _ in range(2)]
    assert made[0] == made[1]
    assert opened(made[0]).properties.created == MORNING


def test_csv_is_read_by_excel_and_comes_back_as_it_was():
    columns = [Column("a", "单位"), Column("b", "率", "percent"), Column("c", "时间", "datetime"), Column("d", "是否")]
    rows = [["=城管局", 0.455, MORNING, True], ["-教育局", None, date(2026, 1, 2), False], ['a,b\n"c"', 2, None, 1.5]]
    data = write_csv(columns, rows)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").splitlines()[1] == "'=城管局,45.5%,2026-11-22 08:30,是"
    sheet = read_workbook("a.csv", data).sheets[0]
    assert sheet.rows == (
        ("单位", "率", "时间", "是否"),
        ("=城管局", "45.5%", "2026-11-22 08:30", "是"),
        ("-教育局", None, "2026-01-02", "否"),
        ('a,b\n"c"', "200.0%", None, "1.5"),
    )


def test_csv_names_photos_by_their_words_and_leaves_out_what_is_no_number():
    data = write_csv([Column("a", "照片", "picture"), Column("b", "数")], [[(photo(),), float("inf")]])
    assert data.decode("utf-8-sig").splitlines() == ["照片,数", "市场入口,"]


def test_twelve_thousand_rows_are_written_from_a_generator():
    columns = [Column("a", "编号"), Column("b", "名称"), Column("c", "数", "integer")]
    data = write_table(columns, ((f"A{n}", "滨河农贸市场", n) for n in range(12_000)))
    sheet = read_workbook("a.xlsx", data).sheets[0]
    assert (len(sheet.rows), sheet.rows[-1]) == (12_001, ("A11999", "滨河农贸市场", 11_999))
