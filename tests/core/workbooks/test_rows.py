"""The dry run of an import: good rows, and faults that name the cell and the way out."""

from __future__ import annotations

import io
import sys
import time
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from chuangwen.core.workbooks.cells import CellError, Merge, Sheet
from chuangwen.core.workbooks.coordinates import Coordinates
from chuangwen.core.workbooks.layout import lay_out
from chuangwen.core.workbooks.mapping import Field, Option, suggest_mapping
from chuangwen.core.workbooks.names import Candidate, Resolution, resolver_of
from chuangwen.core.workbooks.reading import read_workbook
from chuangwen.core.workbooks.rows import ImportRow, UnknownName, check_rows

TRACED = sys.gettrace() is not None  # under a coverage tool times mean nothing
CODE = Field("code", "编号", required=True, kind="code", unique=True)
NAME = Field("name", "名称", required=True)
LEAD = Field("lead", "牵头", kind="name", many=True, noun="单位", noun_en="unit")
KEEPER = Field("keeper", "责任单位", kind="name", noun="单位", noun_en="unit")
UNITS = resolver_of([(1, "城市管理局"), (2, "公安局"), (3, "教育局"), (4, "教育和体育局")], aliases=[("城管局", 1)])


def checked(rows, fields, resolvers=None, merges=(), **options):
    headers = tuple(field.label for field in fields)
    sheet = Sheet("表", (headers, *(tuple(row) for row in rows)), tuple(merges))
    table = lay_out(sheet, (0,))
    mapping = suggest_mapping([header.text for header in table.headers], fields)
    return check_rows(table, mapping, fields, resolvers, **options)


def said(outcome):
    return [(fault.code, fault.address, fault.message_zh) for fault in outcome.faults]


def test_good_rows_have_a_value_for_every_field():
    fields = [
        CODE,
        NAME,
        LEAD,
        Field("count", "数量", kind="integer"),
        Field("rate", "比率", kind="decimal"),
        Field("day", "日期", kind="date"),
        Field("point", "坐标", kind="coordinates"),
        Field("phone", "电话", kind="phone", many=True),
        Field("state", "状态", kind="choice", options=(Option("open", "开放"),)),
        Field("open", "开放日", kind="yes_no"),
    ]
    full = ["A01", "滨河市场", "城管局、公安局", 3.0, "45%", "2026.11.22", "113.25,29.86", "8888888/110", "开放", "是"]
    outcome = checked([full, ["A02", "公园", *[None] * 8]], fields, {"lead": UNITS})
    assert outcome.faults == ()
    assert outcome.rows[0] == ImportRow(
        2,
        {
            "code": "A01",
            "name": "滨河市场",
            "lead": (1, 2),
            "count": 3,
            "rate": Decimal("0.45"),
            "day": date(2026, 11, 22),
            "point": Coordinates(113.25, 29.86),
            "phone": ("8888888", "110"),
            "state": "open",
            "open": True,
        },
    )
    nothing = dict.fromkeys(["count", "rate", "day", "point", "state", "open"])
    assert outcome.rows[1] == ImportRow(3, {"code": "A02", "name": "公园", "lead": (), "phone": (), **nothing})
    assert outcome.total == 2


def test_an_unknown_name_says_place_fault_nearest_and_way_out():
    outcome = checked([["A01", "甲", "城管、公安局"]], [CODE, NAME, LEAD], {"lead": UNITS})
    (fault,) = outcome.faults
    assert (fault.code, fault.field, fault.row, fault.address, fault.text) == ("unknown_name", "lead", 2, "C2", "城管")
    assert fault.message_zh == (
        "第2行“牵头”里的“城管”对不上单位。最接近的是“城市管理局”。请改成单位的全称，或在导入页指定它是哪一个（以后会记住）。"
    )
    assert fault.message == (
        "Row 2, “牵头”: “城管” matches no unit. Nearest: 城市管理局. "
        "Write the unit's full name, or choose on the import page which one it means (once for all)."
    )
    assert outcome.rows == ()
    assert outcome.unresolved == (UnknownName("lead", "城管", ("C2",), (Candidate(1, "城市管理局", 0.667),)),)


def test_an_unknown_name_is_asked_once_with_all_its_cells():
    rows = [["A01", "甲", "城管"], ["A02", "乙", "环卫所"], ["A03", "丙", "公安局、城管"]]
    outcome = checked(rows, [CODE, NAME, LEAD], {"lead": UNITS})
    assert [(one.text, one.addresses, len(one.candidates)) for one in outcome.unresolved] == [
        ("城管", ("C2", "C4"), 1),
        ("环卫所", ("C3",), 0),
    ]
    assert "Nearest" not in outcome.faults[1].message
    assert "最接近" not in outcome.faults[1].message_zh


def test_a_remembered_word_is_known_the_next_time():
    again = resolver_of([(1, "城市管理局")], remembered={"城管": 1})
    outcome = checked([["A01", "甲", "城管"]], [CODE, NAME, LEAD], {"lead": again})
    assert outcome.rows[0].values["lead"] == (1,)


def test_a_name_of_several_is_ambiguous():
    twice = resolver_of([(1, "教育局"), (2, "教育局")])
    outcome = checked([["A01", "教育局"]], [CODE, KEEPER], {"keeper": twice})
    assert [(fault.code, "对应不止一个单位" in fault.message_zh) for fault in outcome.faults] == [
        ("ambiguous_name", True)
    ]


def test_a_collective_name_fills_a_field_of_many_only():
    def resolve(text):
        return Resolution(None, (), (7, 8)) if text == "各街道" else UNITS(text)

    fields = [CODE, LEAD, KEEPER]
    outcome = checked(
        [["A01", "公安局、各街道", "公安局"], ["A02", None, "各街道"]], fields, {"lead": resolve, "keeper": resolve}
    )
    assert outcome.rows[0].values["lead"] == (2, 7, 8)
    assert [(fault.code, fault.address) for fault in outcome.faults] == [("collective_name", "C3")]
    assert outcome.unresolved == ()


def test_a_known_name_with_a_joining_word_is_not_split():
    outcome = checked([["A01", "教育和体育局、教育局和公安局"]], [CODE, LEAD], {"lead": UNITS})
    assert outcome.rows[0].values["lead"] == (4, 3, 2)


def test_one_name_twice_in_a_cell_counts_once():
    outcome = checked([["A01", "城管局、城市管理局"]], [CODE, LEAD], {"lead": UNITS})
    assert outcome.rows[0].values["lead"] == (1,)


def test_a_merged_cell_counts_for_each_of_its_rows():
    rows = [["A01", "公安局"], ["A02", None]]
    outcome = checked(rows, [CODE, LEAD], {"lead": UNITS}, merges=[Merge(1, 1, 2, 1)])
    assert [row.values["lead"] for row in outcome.rows] == [(2,), (2,)]


def test_every_fault_names_its_cell_in_the_order_of_the_sheet():
    fields = [CODE, NAME, Field("day", "日期", kind="date"), Field("count", "数量", kind="integer")]
    rows = [
        ["A01", None, "2026-02-30", "多"],
        [CellError("#REF!"), "甲", None, None],
        ["A03", "乙", "/", "—"],
        ["A04", "—", "无", None],
    ]
    outcome = checked(rows, fields)
    assert said(outcome) == [
        ("missing", "B2", "第2行“名称”没有填写。请补填，或删去这一行。"),
        ("no_such_day", "C2", "第2行“日期”里的“2026-02-30”不是真实的日期。请写成2026-11-22这样的形式。"),
        ("not_a_number", "D2", "第2行“数量”里的“多”不是数字。请只写数字，例如12。"),
        ("formula_error", "A3", "第3行“编号”里的“#REF!”是公式出错的结果。请改正公式或直接填入数值后重新上传。"),
        ("missing", "B5", "第5行“名称”没有填写。请补填，或删去这一行。"),
    ]
    assert [row.number for row in outcome.rows] == [4]
    assert outcome.faults[0].message == "Row 2, “名称”: is empty but required. Fill it in or delete the row."
    assert outcome.total == 4


def test_a_fault_uses_the_words_of_the_offices_own_header():
    sheet = Sheet("表", (("标准号", "牵头部门"), ("1.1", "水利局")))
    table = lay_out(sheet)
    mapping = suggest_mapping(["标准号", "牵头部门"], [LEAD]).choose("lead", 1)
    outcome = check_rows(table, mapping, [LEAD], {"lead": UNITS})
    assert outcome.faults[0].message_zh.startswith("第2行“牵头部门”里的“水利局”对不上单位。")


def test_each_part_of_a_cell_is_judged_by_itself():
    field = Field("phone", "电话", kind="phone", many=True)
    outcome = checked([["A01", "12345、张三、110、李四"]], [CODE, field])
    assert [(fault.text, fault.address) for fault in outcome.faults] == [("张三", "B2"), ("李四", "B2")]


def test_a_long_text_is_cut_in_the_message_only():
    outcome = checked([["A01", "甲" * 40]], [CODE, Field("day", "日期", kind="date")])
    assert f"“{'甲' * 30}…”" in outcome.faults[0].message_zh
    assert outcome.faults[0].text == "甲" * 40


def test_none_is_a_word_in_text_and_nothing_elsewhere():
    fields = [CODE, NAME, KEEPER, Field("open", "开放", kind="yes_no"), Field("day", "日期", kind="date")]
    outcome = checked([["A01", "无", "无", "无", "N/A"]], fields, {"keeper": UNITS})
    assert outcome.rows[0].values == {"code": "A01", "name": "无", "keeper": None, "open": False, "day": None}


def test_the_same_text_and_number_are_read_apart():
    outcome = checked([["A01", 1], ["A02", True], ["A03", "1"]], [CODE, Field("open", "开放", kind="text")])
    assert [row.values["open"] for row in outcome.rows] == ["1", "是", "1"]


def test_rows_with_the_same_key_are_faults_that_name_both():
    rows = [["A01", "甲"], ["A02", "乙"], [" A01", "丙"], [None, "丁"], [None, "戊"], ["Ａ０１", "己"]]
    outcome = checked(rows, [Field("code", "编号", kind="code", unique=True), NAME])
    assert said(outcome) == [
        ("duplicate", "A4", "第4行与第2行的“编号”相同。请只留一行，或改正其中一行。"),
        ("duplicate", "A7", "第7行与第2行的“编号”相同。请只留一行，或改正其中一行。"),
    ]
    assert outcome.faults[0].message == "Rows 2 and 4 have the same “编号”. Keep one of them, or correct one."
    assert [row.number for row in outcome.rows] == [3, 5, 6]


def test_keys_may_be_made_of_several_fields():
    fields = [Field("place", "点位"), Field("criterion", "标准号"), Field("names", "单位", many=True)]
    rows = [["甲", "1", "x"], ["甲", "2", None], ["乙", "1", "x"], ["甲", "1", None]]
    outcome = checked(rows, fields, together=[("place", "criterion"), ("criterion", "names")])
    assert [(fault.address, fault.message_zh[:18]) for fault in outcome.faults] == [
        ("C4", "第4行与第2行的“标准号”+“单位”相同"[:18]),
        ("B5", "第5行与第2行的“点位”+“标准号”相同"[:18]),
    ]
    assert [row.number for row in outcome.rows] == [3]


def test_a_required_field_without_a_column_is_a_fault_of_the_whole():
    sheet = Sheet("表", (("编号", "备注"), ("A01", None)))
    mapping = suggest_mapping(["编号", "备注"], [CODE, NAME])
    outcome = check_rows(lay_out(sheet), mapping, [CODE, NAME])
    assert [(fault.code, fault.field, fault.row, fault.address) for fault in outcome.faults] == [
        ("column_missing", "name", 0, "")
    ]
    assert outcome.faults[0].message_zh == "没有哪一列是必填的“名称”。请指定对应的列，或检查工作表和表头行是否选对。"
    assert (outcome.rows, outcome.total) == ((), 1)


def test_a_mapping_for_other_headers_and_a_missing_resolver_are_errors():
    table = lay_out(Sheet("表", (("编号", "牵头"), ("A01", "公安局"))))
    with pytest.raises(ValueError, match="other headers"):
        check_rows(table, suggest_mapping(["编号"], [CODE]), [CODE])
    with pytest.raises(ValueError, match="no resolver for 'lead'"):
        check_rows(table, suggest_mapping(["编号", "牵头"], [LEAD]), [LEAD])


def test_ten_thousand_rows_with_one_bad_cell_take_three_seconds_from_file_to_fault():
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "名称", "牵头", "日期", "电话", "坐标", "数量"])
        for n in range(1, 12_001):
            lead = "环卫所" if n == 7_777 else "城管局、公安局"
            sheet.write_row(n, 0, [f"A{n}", f"滨河{n}号市场", lead, "2026.11.22", "12345", f"113.{n},29.86", n])
    fields = [
        CODE,
        NAME,
        LEAD,
        Field("day", "日期", kind="date"),
        Field("phone", "电话", kind="phone"),
        Field("point", "坐标", kind="coordinates"),
        Field("count", "数量", kind="integer"),
    ]
    start = time.perf_counter()
    table = lay_out(read_workbook("a.xlsx", target.getvalue()).sheets[0])
    mapping = suggest_mapping([header.text for header in table.headers], fields)
    outcome = check_rows(table, mapping, fields, {"lead": UNITS})
    assert TRACED or time.perf_counter() - start < 3
    assert [fault.address for fault in outcome.faults] == ["C7778"]
    assert (len(outcome.rows), outcome.total) == (11_999, 12_000)
