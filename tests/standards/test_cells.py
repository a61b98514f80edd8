"""The small languages of Excel cells, by example."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.standards.fileformat.cells import (
    CellSyntaxError,
    can_name_grade,
    format_grades,
    format_map,
    format_table,
    join_list,
    number_text,
    parse_grades,
    parse_map,
    parse_table,
    split_list,
)
from chuangwen.standards.fileformat.package import column_letters, column_number
from chuangwen.standards.fileformat.raw import RawMap, RawScalar, spelled
from chuangwen.standards.tree import Map, TableRow


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("a; b;c", ["a", "b", "c"]),
        (" a ；b； ", ["a", "b"]),
        ("a;;b;", ["a", "b"]),
        (r"a\;b; c\；d; e\\f", ["a;b", "c；d", r"e\f"]),
        ("a\\n; b\\", ["a\\n", "b\\"]),
        ("", []),
    ],
)
def test_list_cell_is_split_at_semicolons_that_are_not_escaped(cell, values):
    assert split_list(cell) == values


@settings(max_examples=200)
@given(st.lists(st.text("ab;；\\ \n", min_size=1).map(str.strip).filter(bool)))
def test_any_list_survives_its_cell(values):
    assert split_list(join_list(values)) == values


def _plain(raw):
    if isinstance(raw, RawScalar):
        return raw.value
    if isinstance(raw, RawMap):
        return {key: _plain(value) for key, value in raw.entries.items()}
    return [_plain(item) for item in raw.items]


@pytest.mark.parametrize(
    ("cell", "document"),
    [
        ("proportional", {"kind": "proportional"}),
        (" proportional() ", {"kind": "proportional"}),
        ("linear(0, 30)", {"kind": "linear", "from": 0, "to": 30}),
        ("linear（30，-.5）", {"kind": "linear", "from": 30, "to": -0.5}),
        ("required (12)", {"kind": "required", "n": 12}),
        ("deduct(0.5)", {"kind": "deduct", "each": 0.5}),
        (
            "bands(0.85:A, 0.80 : 0.7, C)",
            {"kind": "bands", "bands": [{"min": 0.85, "share": "A"}, {"min": 0.8, "share": 0.7}, {"share": "C"}]},
        ),
        ("bands()", {"kind": "bands", "bands": []}),
        ("other(1, 2)", {"kind": "other"}),
    ],
)
def test_map_cell_says_what_yaml_would_say(cell, document):
    assert _plain(parse_map(cell, "nodes!K2")) == document


@pytest.mark.parametrize(
    "cell", ["", "linear", "linear(1, 2", "linear(1)", "linear(1, 2, 3)", "proportional(1)", "bands(:A)", "bands(1:)",
             "bands(1:A,)", "deduct()", "required(1, 2)", "a b"],
)  # fmt: skip
def test_map_cell_of_another_form_is_refused(cell):
    with pytest.raises(CellSyntaxError):
        parse_map(cell, "nodes!K2")


def test_map_without_fields_is_one_word():
    assert format_map(Map()) == "proportional"


def test_table_and_grades_go_both_ways():
    assert _plain(parse_table("4:A; 3:0.5;", "a")) == [[4, "A"], [3, 0.5]]
    assert format_table([TableRow(4, 1, "A"), TableRow(3, 0.5)]) == "4:A; 3:0.5"
    assert _plain(parse_grades("优：1；良:0.8", "a")) == {"优": 1, "良": 0.8}
    assert format_grades({"优": 1, "良": 0.8}) == "优:1; 良:0.8"


@pytest.mark.parametrize("cell", ["4", "4:", ":A", "4=A"])
def test_table_cell_of_another_form_is_refused(cell):
    with pytest.raises(CellSyntaxError):
        parse_table(cell, "nodes!H2")


@pytest.mark.parametrize(
    ("name", "can"),
    [("A", True), ("优", True), ("A+", True), ("1", False), ("-.5e3", False), ("a b", False), ("", False),
     ("a:b", False), ("a；b", False), ("x" * 20, True), ("x" * 21, False)],
)  # fmt: skip
def test_grade_name_must_not_look_like_anything_else(name, can):
    assert can_name_grade(name) == can


@pytest.mark.parametrize(
    ("value", "text"), [(4.0, "4"), (0.85, "0.85"), (-0.0, "0"), (1e15, "1000000000000000.0"), (1e-7, "1e-07")]
)
def test_number_is_written_shortly_and_exactly(value, text):
    assert number_text(value) == text
    assert float(text) == value


@given(st.integers(1, 20_000))
def test_column_letters_and_numbers_agree(number):
    assert column_number(column_letters(number)) == number


def test_columns_are_named_as_excel_names_them():
    assert [column_letters(number) for number in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_values_are_spelled_as_the_file_spells_them():
    assert [spelled(RawScalar(*parts)) for parts in (("a", "p"), (1.1, "p", "1.10"), (None, "p"), (True, "p"))] == [
        '"a"', "1.10", "null", "true",
    ]  # fmt: skip
