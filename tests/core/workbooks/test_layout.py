"""Where the table is in sheets as offices make them."""

from __future__ import annotations

import io
from datetime import date

import pytest
import xlsxwriter

from chuangwen.core.workbooks.cells import Merge, Sheet
from chuangwen.core.workbooks.layout import Header, SkippedRow, guess_header, lay_out, unmerge
from chuangwen.core.workbooks.reading import read_workbook


def sheet_of(*rows, merges=()):
    width = max(map(len, rows))
    return Sheet("表", tuple(tuple(row) + (None,) * (width - len(row)) for row in rows), tuple(merges))


def responsibility_table():
    """A breakdown as an office makes it: title, unit line, two header rows, merged points, total, signatures."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("分解表")
        sheet.merge_range("A1:F1", "实地备检点责任分解表")
        sheet.merge_range("A2:C2", "填报单位：城管局")
        sheet.merge_range("D2:F2", "日期：2026年11月")
        sheet.merge_range("A3:A4", "序号")
        sheet.merge_range("B3:B4", "点位")
        sheet.merge_range("C3:D3", "检查内容")
        sheet.merge_range("E3:F3", "责任单位")
        sheet.write_row("C4", ["标准号", "内容", "牵头", "配合"])
        sheet.merge_range("A5:F5", "一、主次干道")
        sheet.merge_range("B6:B7", "滨河路")
        sheet.write_row("A6", [1])
        sheet.write_row("C6", ["1.1", "路面整洁", "城管局", "各街道"])
        sheet.write_row("A7", [2])
        sheet.write_row("C7", ["1.2", "无占道", "城管局、公安局", "各街道"])
        sheet.write_row("A9", [3])
        sheet.write_row("A10", ["合 计", None, 2])
        sheet.merge_range("A11:F11", "注：牵头单位为第一家")
        sheet.write_row("A12", ["填表人：张三", None, None, "审核人：李四"])
    return read_workbook("分解表.xlsx", target.getvalue()).sheets[0]


def test_an_offices_breakdown_is_taken_apart():
    table = lay_out(responsibility_table())
    assert table.header_rows == (2, 3)
    assert [header.text for header in table.headers] == [
        "序号",
        "点位",
        "检查内容/标准号",
        "检查内容/内容",
        "责任单位/牵头",
        "责任单位/配合",
    ]
    assert [(row.row, row.values) for row in table.rows] == [
        (5, (1, "滨河路", "1.1", "路面整洁", "城管局", "各街道")),
        (6, (2, "滨河路", "1.2", "无占道", "城管局、公安局", "各街道")),
    ]
    assert table.skipped == (
        SkippedRow(4, "heading", "一、主次干道"),
        SkippedRow(7, "blank", ""),
        SkippedRow(8, "blank", "3"),
        SkippedRow(9, "total", "合 计"),
        SkippedRow(10, "footer", "注：牵头单位为第一家"),
        SkippedRow(11, "footer", "填表人：张三"),
    )


def test_a_person_may_choose_other_header_rows():
    table = lay_out(responsibility_table(), (3,))
    assert [header.text for header in table.headers] == ["序号", "点位", "标准号", "内容", "牵头", "配合"]
    assert lay_out(responsibility_table(), [2, 3]).headers == lay_out(responsibility_table()).headers


@pytest.mark.parametrize("rows", [(99,), (-1,), (0, 1, 2)])
def test_header_rows_that_are_not_there_are_refused(rows):
    with pytest.raises(ValueError, match="no such header rows"):
        lay_out(responsibility_table(), rows)


def test_unmerging_fills_a_range_and_cuts_it_at_the_edge_of_the_sheet():
    sheet = sheet_of(["甲", None], [None, None], merges=[Merge(0, 0, 99, 99)])
    assert unmerge(sheet) == sheet_of(["甲", "甲"], ["甲", "甲"])
    assert unmerge(sheet_of(["甲"])) == sheet_of(["甲"])
    empty = sheet_of([None, "乙"], [None, None], merges=[Merge(0, 0, 1, 0)])
    assert unmerge(empty).rows == ((None, "乙"), (None, None))


def test_ranges_that_overlap_are_filled_no_longer_than_there_are_cells():
    merges = [Merge(0, 0, 1, 1), *[Merge(1, 1, 1, 1)] * 5]
    assert unmerge(sheet_of(["甲", None], [None, "乙"], merges=merges)) == sheet_of(["甲", "甲"], ["甲", "甲"])


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ([["编号", "名称"], ["A01", "市场"]], (0,)),
        ([["点位信息表"], ["编号", "名称", "电话"], ["A01", "市场", 123]], (1,)),
        ([[None], [None], ["编号", "名称"], ["A01", "市场"]], (2,)),
        ([["编号", "名称", "电话"]], (0,)),
        ([["城管局"], ["教育局"]], (0,)),
        ([[1, 2], [3, 4]], (0,)),
        ([[None, None]], ()),
        ([["单位：城管局", "日期：11月"], ["编号", "名称"], ["A01", "市场"]], (1,)),
        ([["本表由各责任单位于每周五下班前填报并加盖公章后报送创建办", None], ["编号", "名称"], ["A01", 3]], (1,)),
    ],
)
def test_the_header_row_is_found(rows, header):
    assert guess_header(sheet_of(*rows)) == header


def test_a_row_with_the_words_asked_for_wins():
    rows = [["甲类", "乙类", "丙类", "丁类"], ["编号", "名称", None, None], ["A01", "市场", "好", "坏"]]
    assert guess_header(sheet_of(*rows)) == (0,)
    assert guess_header(sheet_of(*rows), ["编号", "名 称"]) == (1,)


def test_a_group_above_the_row_with_the_words_belongs_to_the_header():
    rows = [["点位", "责任", None], [None, "牵头", "配合"], ["滨河路", "城管局", "公安局"]]
    assert guess_header(sheet_of(*rows), ["牵头", "配合"]) == (0, 1)


def test_a_table_of_notes_alone_has_no_rows():
    table = lay_out(sheet_of(["编号", "名称"], ["注：无", "见附件"]))
    assert (table.rows, [skipped.reason for skipped in table.skipped]) == ((), ["footer"])


def test_a_header_far_down_is_not_searched():
    rows = [*[["说明", None]] * 40, ["编号", "名称"], ["A01", "市场"]]
    assert guess_header(sheet_of(*rows), ["编号"]) == (0,)


def test_two_header_rows_without_merges_are_joined():
    rows = [
        ["点位", "责任", None, "备注"],
        [None, "牵头", "配合", None],
        ["滨河路", "城管局", "公安局", None],
        ["人民路"],
    ]
    table = lay_out(sheet_of(*rows, merges=[Merge(2, 1, 3, 1)]))
    assert table.header_rows == (0, 1)
    assert table.headers == (
        Header(0, "点位"),
        Header(1, "责任/牵头"),
        Header(2, "责任/配合"),
        Header(3, "备注"),
    )


def test_a_gap_in_the_header_alone_makes_no_second_header_row():
    sheet = sheet_of(["点位", None, "备注"], ["滨河路", "主干道", "无"], ["人民路", "次干道", "无"])
    table = lay_out(sheet)
    assert table.header_rows == (0,)
    assert table.headers == (Header(0, "点位"), Header(1, ""), Header(2, "备注"))


def test_a_header_merged_downwards_is_two_rows_even_without_a_group():
    sheet = sheet_of(["编号", "名称"], [None, "全称"], ["A01", "市场"], merges=[Merge(0, 0, 1, 0)])
    assert [header.text for header in lay_out(sheet).headers] == ["编号", "名称/全称"]


def test_a_title_merged_over_the_header_is_no_group():
    sheet = sheet_of(["点位表", None], ["编号", "名称"], ["A01", "市场"], merges=[Merge(0, 0, 0, 1)])
    assert guess_header(sheet) == (1,)


def test_header_texts_lose_their_line_breaks_and_empty_columns_are_no_columns():
    table = lay_out(sheet_of(["联系\n电话", None, " 名 称 "], ["1", None, "市场"]))
    assert table.headers == (Header(0, "联系 电话"), Header(2, "名 称"))


def test_headers_printed_again_on_each_page_are_left_out():
    rows = [["编号", "名称", "电话"], ["A01", "市场", 1], ["编号", "名称", "电话"], ["A02", "公园", 2]]
    table = lay_out(sheet_of(*rows))
    assert [row.row for row in table.rows] == [1, 3]
    assert table.skipped == (SkippedRow(2, "header_again", "编号"),)


@pytest.mark.parametrize(
    "word", ["合计", "总 计", "小计：", "本页小计", "Total", "合计：6处", "共计 1,200 件", "总计:共35条"]
)
def test_totals_are_left_out(word):
    table = lay_out(sheet_of(["编号", "名称", "数量"], ["A01", "市场", 3], [None, word, 3]))
    assert table.skipped == (SkippedRow(2, "total", word),)


def test_rows_that_only_resemble_totals_or_notes_stay():
    rows = [
        ["编号", "名称", "数量"],
        ["A01", "合计镇市场", 3],
        ["A02", "共计3号路市场", 3],
        ["备注栏", "市场", 3],
        ["A03", None, None],
    ]
    assert [row.row for row in lay_out(sheet_of(*rows)).rows] == [1, 2, 3, 4]


def test_headings_between_groups_are_left_out_in_csv_too():
    rows = [["编号", "名称", "数量"], ["(一)主次干道"], ["A01", "滨河路", 3], ["二、市场"], ["A02", "市场", 3]]
    table = lay_out(sheet_of(*rows))
    assert [skipped.reason for skipped in table.skipped] == ["heading", "heading"]


def test_blank_rows_at_the_end_are_not_listed():
    rows = [["编号", "名称"], ["A01", "市场"], [None, None], [None, None]]
    assert lay_out(sheet_of(*rows)).skipped == ()


def test_an_empty_sheet_has_no_table():
    table = lay_out(sheet_of([None, None]))
    assert (table.header_rows, table.headers, table.rows, table.skipped) == ((), (), (), ())


def test_signatures_are_cut_off_the_end_only():
    rows = [
        ["日期", "内容", "数量"],
        [date(2026, 11, 22), "检查", 1],
        ["说明：见附件", "检查", 2],
        ["注：无", "见附件", 3],
    ]
    table = lay_out(sheet_of(*rows))
    assert [row.row for row in table.rows] == [1]
    assert [(skipped.row, skipped.reason) for skipped in table.skipped] == [(2, "footer"), (3, "footer")]
