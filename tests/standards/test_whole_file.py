"""A standard in which nothing has its default, one in which everything has, and what is done to words and places."""

from __future__ import annotations

import io

import openpyxl
import pytest

from chuangwen.standards.fileformat import FORMATS, read_standard, write_standard
from chuangwen.standards.fileformat.faults import FaultList, shorten
from chuangwen.standards.tree import (
    Adjustment,
    Band,
    Check,
    EvidenceSlot,
    Map,
    Node,
    PlaceType,
    ProblemType,
    Quantity,
    Standard,
    TableRow,
    Text,
    Veto,
)
from tests.standards.marked import HEAD, LEAF, faults_of

LEAVES = (
    Node(
        "1.1", Text("台账", "Files"), 30, method="material",
        map=Map("bands", bands=(Band(0.9, 1, "A"), Band(0.5, 0.75), Band(None, 0.5, "C"))),
        lead=("城管局", "街道"), manual="看台账；\n抽五份", replaces=("0.1", "0.2"),
        evidence=(EvidenceSlot("文", "document", 2, 12, 500), EvidenceSlot("图", "photo", 0)),
    ),
    Node("1.2", Text("满意"), 20.5, method="survey", measure="mean", map=Map("linear", start=0.6, stop=0.95),
         manual="一 \n\t二"),
    Node("1.3", Text("讲堂"), 5, method="report", measure="count", map=Map("required", n=12)),
    Node("1.4", Text("通报"), 4, method="record", measure="sum", map=Map("deduct", each=0.5)),
    Node("1.5", Text("秩序"), 3, method="field", place_types=("market", "stop")),
    Node("1.6", Text("印象"), 0, method="impression"),
)  # fmt: skip
EVERYTHING = Standard(
    urn="urn:chuangwen:standard:everything", version="2026.10", title=Text("全", "Everything"), subject="district",
    scale=120, cap=130.5, strict_points=True, grades={"A": 1, "C": 0.5, "良": 0.75}, aggregate="met", threshold=0.5,
    threshold_grade="C", table=(TableRow(2, 1, "A"), TableRow(1, 0.25)),
    nodes=(
        Node("1", Text("甲"), 70, aggregate="met", threshold=0.8, table=(TableRow(4, 1), TableRow(3, 0.5, "C")),
             children=LEAVES),
        Node("2", Text("乙"), None, aggregate="mean", children=(
            Node("2.1", Text("丙"), 9, aggregate="min", children=(Node("2.1.1", Text("丁"), 9, method="field"),)),
        )),
    ),
    place_types=(
        PlaceType("market", Text("农贸市场", "Market"), quota=5),
        PlaceType("stop", Text("站"), ad_hoc=True, quota=0),
    ),
    problem_types=(
        ProblemType("litter", Text("垃圾", "Litter"), "immediate", "2h", ("城管局",), "customary: 两小时"),
        ProblemType("dust", Text("积灰"), "long-term", "30d"),
    ),
    checks=(
        Check("c1", ("market", "stop"), Text("干净", "Clean"), ("1.5", "2.1.1"), ("urn:a:b#2.3", "urn:a:b#2.4"),
              Quantity("广告", 10.5), "litter", "always", "环境"),
        Check("c2", ("stop",), Text("有序"), (), ("urn:a:b#1",), problem_type="dust", photo="never"),
    ),
    vetoes=(
        Veto("V1", Text("事故", "Accident")), Veto("V2", Text("造假"), "cap", 60),
        Veto("V3", Text("曝光"), "deduct", 0),
    ),
    bonuses=(Adjustment("P1", Text("表彰", "Award"), 3), Adjustment("P2", Text("推广"), 0)),
    penalties=(Adjustment("N1", Text("曝光"), 10.25),),
)  # fmt: skip
LEAST = Standard(
    urn="urn:chuangwen:standard:test", version="1", title=Text("测试"), subject="city", scale=4,
    nodes=(Node("1", Text("一"), 4),), place_types=(PlaceType("p", Text("点")),),
    problem_types=(ProblemType("q", Text("问")),), checks=(Check("c", ("p",), Text("查"), ("1",)),),
)  # fmt: skip


@pytest.mark.parametrize("file_format", FORMATS)
def test_everything_that_can_be_said_is_written_and_read_again(file_format):
    assert read_standard(write_standard(EVERYTHING, file_format), f"a.{file_format}") == EVERYTHING


def test_what_a_file_leaves_out_has_its_default_and_is_left_out_again():
    text = (
        HEAD + LEAF + "place_types: [{code: p, name: 点}]\nproblem_types: [{code: q, name: 问}]\n"
        "checks: [{code: c, place_types: [p], text: 查, criteria: ['1']}]\n"
    )
    assert read_standard(text.encode(), "a.yaml") == LEAST
    written = write_standard(LEAST, "json").decode()
    assert [word for word in ("ad_hoc", "quota", "photo", "also", "map", "measure", "grades") if word in written] == []


def test_workbook_keeps_codes_as_text_and_json_is_one_value_a_line():
    book = openpyxl.load_workbook(io.BytesIO(write_standard(LEAST, "xlsx")))
    header, code = book["nodes"]["A1"], book["nodes"]["A2"]
    assert (header.font.b, header.number_format, header.border.bottom.style) == (True, "@", "thin")
    assert (code.value, code.data_type, code.number_format) == ("1", "s", "@")
    points = next(cell for cell in book["nodes"][2] if cell.value == 4)
    assert (points.number_format, points.alignment.vertical) == ("General", "top")
    assert "if-not-met" not in [cell.value for cell in book["checks"][2]]
    assert write_standard(LEAST, "json").decode().splitlines()[:3] == [
        "{", '  "urn": "urn:chuangwen:standard:test",', '  "version": "1",',
    ]  # fmt: skip


def test_ends_of_lines_are_one_kind_and_texts_lose_their_margins():
    text = HEAD.replace("测试", r'" 甲\r\n乙\r丙\n "') + LEAF
    assert read_standard(text.encode(), "a.yaml").title == Text("甲\n乙\n丙")


def test_limits_themselves_are_taken():
    def lead(more: int) -> str:
        first, *others = ["b" * 98 + f"{number:02}" for number in range(79)]
        return f"[{', '.join((first + 'b' * (21 + more), *others))}]"

    def leaf(key: str, value: object) -> bytes:
        return f'{HEAD}nodes:\n  - {{code: "1", title: a, points: 1, {key}: {value}}}\n'.encode()

    # A list may fill a cell of a workbook: every letter may need a sign before it, and every item its comma.
    assert len(read_standard(leaf("lead", lead(0)), "a.yaml").nodes[0].lead) == 79
    assert [fault.code for fault in faults_of(leaf("lead", lead(1)))] == ["too-long"]
    slot = "[{{slot: a, kind: photo, min: {}}}]"
    assert read_standard(leaf("evidence", slot.format("1000000000000000")), "a.yaml").nodes[0].evidence[0].min == 10**15
    assert [fault.code for fault in faults_of(leaf("evidence", slot.format("1000000000000001")))] == ["not-whole"]


def test_words_are_shortened_beyond_their_limit_only():
    assert [shorten("字" * number) for number in (60, 61)] == ["字" * 60, "字" * 59 + "…"]
    assert shorten(" a \n b ", 3) == "a b"
    assert shorten("abcd", 3) == "ab…"


def test_faults_are_told_in_the_order_in_which_people_read():
    places = [
        "line 2", "line 10", "about!B1", "nodes!B2", "nodes!Z2", "nodes!AA2", "nodes!A3", "evidence!A1", "checks!A1",
        "problem_types!A1", "place_types!A1", "bonuses!A1", "vetoes!A1",
    ]  # fmt: skip
    faults = FaultList()
    for place in (*reversed(places), "file"):
        faults.add("empty", place)
    assert [fault.place for fault in faults.in_reading_order()] == ["file", *places]


def test_nearest_word_is_looked_for_a_hundred_times_and_among_two_thousand_words():
    faults = FaultList()
    for number in range(101):
        faults.add_unknown("unknown-method", f"line {number + 1}", "feild", ["field"])
    told = [fault.message.endswith('did you mean "field"?') for fault in faults.in_reading_order()]
    assert told == [True] * 100 + [False]
    for number, expected in ((2000, True), (2001, False)):
        known = FaultList()
        known.add_unknown("unknown-method", "line 1", "feild", ["field", *("x" for _ in range(number - 1))])
        [fault] = known.in_reading_order()
        assert ("did you mean" in fault.message) is expected
