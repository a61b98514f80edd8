"""Faults of the Excel form, each with its cell, and what the form forgives."""

from __future__ import annotations

import datetime as dt

import pytest

from chuangwen.standards.fileformat import read_standard
from chuangwen.standards.tree import Band, Quantity, TableRow, Text
from tests.standards.books import ABOUT, NODES, book, plain_book
from tests.standards.marked import fault_words, faults_of, found, worded

TREE = ("code", "parent", "title", "points", "aggregate", "table", "map", "method")


def _nodes(*rows):
    return {"nodes": [TREE, *rows]}


SHEETS = {
    "code as number": (_nodes((1.1, None, "a", 1)), [("number-in-code-cell", "nodes!A2")]),
    "code as date": (_nodes((dt.date(2026, 1, 1), None, "a", 1)), [("number-in-code-cell", "nodes!A2")]),
    "code missing": (_nodes((None, None, "a", 1)), [("missing", "nodes!A2")]),
    "code twice": (_nodes(("1", None, "a", 1), ("1", None, "b", 1)), [("duplicate-code", "nodes!A3")]),
    "title missing": (_nodes(("1", None, None, 1)), [("missing", "nodes!C2")]),
    "title flag": (_nodes(("1", None, True, 1)), [("not-text", "nodes!C2")]),
    "title date": (_nodes(("1", None, dt.date(2026, 1, 1), 1)), [("not-text", "nodes!C2")]),
    "parent as number": (_nodes(("1", None, "a"), ("2", 1, "b", 1)), "nodes!B3 number-in-code-cell"),
    "parent as unknown number": (_nodes(("1", 7, "a", 1)), [("number-in-code-cell", "nodes!B2")]),
    "parent unknown": (_nodes(("1", "7", "a", 1)), [("unknown-parent", "nodes!B2")]),
    "own parent": (_nodes(("1", "1", "a", 1)), [("parent-cycle", "nodes!B2")]),
    "points text": (_nodes(("1", None, "a", "4分")), [("not-a-number", "nodes!D2")]),
    "points date": (_nodes(("1", None, "a", dt.date(2026, 1, 1))), [("not-a-number", "nodes!D2")]),
    "points flag": (_nodes(("1", None, "a", True)), [("not-a-number", "nodes!D2")]),
    "points error": (_nodes(("1", None, "a", ("=1/0", "#DIV/0!"))), [("cell-error", "nodes!D2")]),
    "leaf without points": (_nodes(("1", None, "a")), [("leaf-without-points", "nodes!D2")]),
    "met without table": (
        _nodes(("1", None, "a", 1, "met"), ("1.1", "1", "b", 1)),
        [("met-without-table", "nodes!F2")],
    ),
    "table form": (
        _nodes(("1", None, "a", 1, "met", "four:A"), ("1.1", "1", "b", 1)),
        [("not-a-number", "nodes!F2"), ("unknown-grade", "nodes!F2")],
    ),
    "parent flag": (_nodes(("1", True, "a", 1)), [("number-in-code-cell", "nodes!B2")]),
    "table nonsense": (_nodes(("1", None, "a", 1, "met", "4=1"), ("1.1", "1", "b", 1)), [("table-cell", "nodes!F2")]),
    "table number": (_nodes(("1", None, "a", 1, "met", 4), ("1.1", "1", "b", 1)), [("not-a-list", "nodes!F2")]),
    "map form": (_nodes(("1", None, "a", 1, None, None, "linear 0..3")), [("map-cell", "nodes!G2")]),
    "map arguments": (_nodes(("1", None, "a", 1, None, None, "linear(0)")), [("map-cell", "nodes!G2")]),
    "map number": (_nodes(("1", None, "a", 1, None, None, 3)), [("not-a-mapping", "nodes!G2")]),
    "map unclosed": (_nodes(("1", None, "a", 1, None, None, "bands(0.85:, 1)")), [("map-cell", "nodes!G2")]),
    "map kind": (_nodes(("1", None, "a", 1, None, None, "liner(0, 1)")), [("unknown-map", "nodes!G2")]),
    "map argument": (_nodes(("1", None, "a", 1, None, None, "required(x)")), [("not-a-number", "nodes!G2")]),
    "bands order": (
        _nodes(("1", None, "a", 1, None, None, "bands(0.8:1, 0.9:0.5, 0)")),
        [("band-order", "nodes!G2")],
    ),
    "method": (_nodes(("1", None, "a", 1, None, None, None, "felid")), [("unknown-method", "nodes!H2")]),
    "method on inner": (
        _nodes(("1", None, "a", 1, None, None, None, "field"), ("1.1", "1", "b", 1)),
        [("leaf-key-on-inner", "nodes!H2")],
    ),
    "column unknown": (
        {"nodes": [("code", "title", "points", "metod"), ("1", "a", 1, "field")]},
        [("unknown-column", "nodes!D1")],
    ),
    "column twice": (
        {"nodes": [("code", "title", "points", "title"), ("1", "a", 1, "b")]},
        [("duplicate-key", "nodes!D1")],
    ),
    "column without header": (
        {"nodes": [("code", "title", "points", None, " "), ("1", "a", 1, None, "b")]},
        [("column-without-header", "nodes!E1")],
    ),
    "column missing": ({"nodes": [("code", "points"), ("1", 1)]}, [("missing-column", "nodes!A1")]),
    "sheet unknown": ({"evidense": [("code",), ("1",)]}, [("unknown-sheet", "evidense")]),
    "evidence code": (
        {"evidence": [("code", "slot", "kind"), ("9", "a", "photo"), (1, "a", "photo"), (None, "a", "photo")]},
        [
            ("undeclared-criterion", "evidence!A2"),
            ("number-in-code-cell", "evidence!A3"),
            ("missing", "evidence!A4"),
        ],
    ),
    "evidence kind": (
        {"evidence": [("code", "slot", "kind", "min"), ("1", "a", "foto", 1.5)]},
        "evidence!C2 unknown-evidence evidence!D2 not-whole",
    ),
    "place type flag": (
        {"place_types": [("code", "name", "ad_hoc"), ("a", "b", "maybe")]},
        [("not-a-flag", "place_types!C2")],
    ),
    "place types broken": (
        {"place_types": [("code",), ("a",)], "nodes": [("code", "title", "points", "place_types"), ("1", "a", 1, "x")]},
        [("missing-column", "place_types!A1")],
    ),
    "problem types broken": (
        {
            "problem_types": [("code",), ("a",)],
            "place_types": [("code", "name"), ("p", "p")],
            "checks": [("code", "place_types", "text", "criteria", "problem_type"), ("c", "p", "t", "1", "x")],
        },
        [("missing-column", "problem_types!A1")],
    ),
    "checks": (
        {"checks": [("code", "place_types", "text", "criteria", "quantity_label"), ("c", "p", "t", 1, "signs")]},
        [("undeclared-place-type", "checks!B2"), ("number-in-code-cell", "checks!D2"), ("quantity-form", "checks!A2")],
    ),
    "cap missing": ({"bonuses": [("code", "title", "cap"), ("P", "a", None)]}, [("missing", "bonuses!C2")]),
    "about key": ({"about": [*ABOUT, ("sacle", 4)]}, [("unknown-key", "about!A6")]),
    "about sheet name": ({"about": [*ABOUT, ("checks", "x")]}, [("unknown-key", "about!A6")]),
    "about without key": ({"about": [*ABOUT, (None, "x")]}, [("missing", "about!A6")]),
    "about twice": ({"about": [*ABOUT, ("urn", "urn:b")]}, [("duplicate-key", "about!A6")]),
    "about version": ({"about": [*ABOUT[:2], ("version", 2026.1), *ABOUT[3:]]}, [("number-in-code-cell", "about!B3")]),
    "about grades": ({"about": [*ABOUT, ("grades", "A=1")]}, [("grades-cell", "about!B6")]),
    "about grades twice": ({"about": [*ABOUT, ("grades", "A:1; A:0")]}, [("grades-cell", "about!B6")]),
    "about scale": ({"about": [*ABOUT, ("scale", "many")]}, [("not-a-number", "about!B6")]),
    "about title": ({"about": [*ABOUT[:3], ("title_en", "t"), ABOUT[4]]}, [("missing", "about!A4")]),
    "about empty urn": ({"about": [ABOUT[0], ("urn", None), *ABOUT[2:]]}, [("missing", "about!A2")]),
}  # fmt: skip


@pytest.mark.parametrize(("sheets", "expected"), SHEETS.values(), ids=SHEETS.keys())
def test_fault_is_found_at_its_cell_and_alone(sheets, expected, request):
    if isinstance(expected, str):
        words = expected.split()
        expected = list(zip(words[1::2], words[::2], strict=True))
    faults = faults_of(book(**sheets), "a.xlsx")
    assert sorted((fault.code, fault.place) for fault in faults) == sorted(expected)
    assert worded(faults) == fault_words()[f"sheet-{request.node.callspec.id}"]


def test_circle_of_parents_is_named_once_at_its_first_row():
    rows = [("1", "3", "a", 1), ("2", "1", "b", 1), ("3", "2", "c", 1), ("4", "2", "d", 1)]
    [fault] = faults_of(book(**_nodes(*rows)), "a.xlsx")
    assert (fault.code, fault.place) == ("parent-cycle", "nodes!B2")
    assert "1 > 3 > 2 > 1" in fault.message


@pytest.mark.parametrize("missing", ["about", "nodes"])
def test_missing_sheet_is_one_fault(missing):
    sheets = {"about": ABOUT, "nodes": NODES, "checks": [(None,), ("",)]}
    del sheets[missing]
    assert found(plain_book(sheets), "a.xlsx") == [("missing-sheet", missing)]


def test_workbook_with_empty_nodes_sheet_has_no_nodes():
    assert found(book(nodes=[("code", "title")]), "a.xlsx") == [("no-nodes", "nodes")]


def test_number_in_code_cell_tells_to_format_the_column_as_text():
    [fault] = faults_of(book(**_nodes((1.1, None, "a", 1))), "a.xlsx")
    assert fault.message == (
        "the code 1.1 is a number or a date to Excel, so 1.10 would become 1.1; "
        "format the column as text and type the code again"
    )
    assert "文本格式" in fault.message_zh


def test_workbook_forgives_what_people_and_excel_do():
    content = book(
        about=[*ABOUT[:3], ("title", 2026), ABOUT[4], ("cap", "110"), ("grades", "A：1；B：0.5"), ("threshold", "B"),
               ("aggregate", "met"), ("table", "1:A"), ("strict_points", "否")],
        nodes=[
            (" code ", "title", None, "points", "map", "place_types", "lead", "parent", "title_en"),
            ("1.2", 2024.0, None, " 4 ", "bands（0.9：A，B）", "p；q", r"a\;b; c", "1", "x"),
            (None, " "),
            ("1", "一", None, None, None, None, None, "", None),
        ],
        place_types=[("code", "name", "ad_hoc"), ("p", "a", "是"), ("q", "b", 0), ("r", "c", False)],
        checks=[("code", "place_types", "text", "criteria", "quantity_label", "quantity_at_least"),
                ("c", "p;q", "t", "1.2", "标牌", 3)],
        Sheet1=[],
    )  # fmt: skip
    standard = read_standard(content, "A.XLSX")
    [top] = standard.nodes
    [leaf] = top.children
    assert (standard.title, standard.cap, standard.strict_points) == (Text("2026"), 110, False)
    assert (standard.threshold, standard.threshold_grade, standard.table) == (0.5, "B", (TableRow(1, 1, "A"),))
    assert (leaf.code, leaf.title, leaf.points) == ("1.2", Text("2024", "x"), 4)
    assert leaf.map.bands == (Band(0.9, 1, "A"), Band(None, 0.5, "B"))
    assert (leaf.place_types, leaf.lead) == (("p", "q"), ("a;b", "c"))
    assert [place_type.ad_hoc for place_type in standard.place_types] == [True, False, False]
    assert standard.checks[0].quantity == Quantity("标牌", 3)


def test_rows_may_come_before_their_parents_and_siblings_keep_their_order():
    rows = [("1.2", "1", "b", 1), ("2", None, "c", 1), ("1.1", "1", "a", 1), ("1", None, "d")]
    standard = read_standard(book(**_nodes(*rows)), "a.xlsx")
    assert [node.code for node in standard.walk()] == ["2", "1", "1.2", "1.1"]
