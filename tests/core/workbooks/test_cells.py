"""Addresses and the text of cells."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from chuangwen.core.workbooks.cells import CellError, Sheet, address, as_value, column_letters, kind_of, show

MORNING = datetime(2026, 11, 22, 8, 30)  # noqa: DTZ001


def test_an_address_counts_rows_from_one_and_names_columns_by_letters():
    assert [address(11, 2), address(0, 0), address(9, 26)] == ["C12", "A1", "AA10"]


@given(st.integers(0, 16_383))
def test_column_letters_are_those_of_excel(column):
    assert column_letters(column) == get_column_letter(column + 1)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, "empty", ""),
        ("城管局", "text", "城管局"),
        (12, "number", "12"),
        (12.0, "number", "12"),
        (1.5, "number", "1.5"),
        (1e16, "number", "1e+16"),
        (True, "bool", "是"),
        (False, "bool", "否"),
        (date(2026, 11, 22), "date", "2026-11-22"),
        (MORNING, "date", "2026-11-22 08:30"),
        (MORNING.replace(hour=0, minute=0), "date", "2026-11-22"),
        (time(8, 30), "date", "08:30"),
        (timedelta(hours=30), "date", "1 day, 6:00:00"),
        (CellError("#REF!"), "error", "#REF!"),
    ],
)
def test_a_value_has_a_kind_and_a_text(value, kind, text):
    assert (kind_of(value), show(value)) == (kind, text)


@pytest.mark.parametrize("code", ["#REF!", "#DIV/0!", "#N/A", "#NAME?", "#VALUE!", "#NULL!", "#NUM!", "Err:502"])
def test_the_error_of_a_formula_is_no_text(code):
    assert as_value(code) == CellError(code)


@pytest.mark.parametrize(
    ("raw", "value"), [("", None), (" \u3000\n", None), ("#1楼", "#1楼"), ("Err", "Err"), (" a ", " a ")]
)
def test_other_text_stays_as_it_is(raw, value):
    assert as_value(raw) == value


def test_a_cell_outside_of_the_sheet_is_empty():
    sheet = Sheet("表", (("甲", "乙"),))
    assert [sheet.cell(0, 1), sheet.cell(1, 0), sheet.cell(0, 2), sheet.cell(-1, 0)] == ["乙", None, None, None]
    assert (sheet.width, Sheet("空", ()).width) == (2, 0)
