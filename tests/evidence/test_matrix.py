"""The matrix of completeness: pages of units, what cells say, the same number of queries at any size."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chuangwen.core import clock
from chuangwen.evidence.grid import CellWriter
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries import matrix as of_matrix
from chuangwen.evidence.queries.dossiers import expected_pairs
from chuangwen.evidence.queries.matrix import Cell, View, matrix_of
from chuangwen.evidence.services import Facts, open_dossiers, write_piece
from tests.evidence.making import DUE, Ledger
from tests.support.factories import NOON, make_unit

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def units(matrix: Any) -> list[str]:
    return [column.unit.name for column in matrix.columns]


def test_matrix_shows_how_full_each_dossier_is_and_sums_by_unit(ledger: Ledger) -> None:
    full, open_ = ledger.filled("1.1"), ledger.dossier("1.2")
    behind = ledger.dossier("1.1", unit=ledger.other)
    Dossier.objects.filter(pk=behind.pk).update(due_on=TODAY - timedelta(days=1))
    matrix = matrix_of(ledger.campaign, View(2026), ledger.office)
    assert units(matrix) == ["市档案局", "市水务局"]
    assert [(s.node.code, [node.code for node in s.rows]) for s in matrix.sections] == [("1", ["1.1", "1.2"])]
    node = {code: ledger.node(code).pk for code in ("1.1", "1.2")}
    cells = {key: (cell.pk, cell.look, cell.filled, cell.needed) for key, cell in matrix.cells.items()}
    assert cells == {
        (node["1.1"], ledger.unit.pk): (full.pk, "full", 3, 3),
        (node["1.2"], ledger.unit.pk): (open_.pk, "none", 0, 3),
        (node["1.1"], ledger.other.pk): (behind.pk, "none", 0, 3),
    }
    assert [(c.dossiers, c.complete, c.late, c.since) for c in matrix.columns] == [(2, 1, 0, TODAY), (1, 0, 1, TODAY)]
    assert (matrix.totals.dossiers, matrix.totals.complete, matrix.totals.units) == (3, 1, 2)


def test_months_that_are_over_without_anything_are_counted_by_unit(ledger: Ledger, sign_in: Any) -> None:
    dossier = ledger.dossier("1.4")
    write_piece(dossier, ["记录"], Facts(text="第一讲", happened_on=date(2026, 3, 4)), actor=ledger.liaison)
    ledger.dossier("1.1")  # asks for no month
    column = matrix_of(ledger.campaign, View(2026), ledger.office).columns[0]
    assert column.lacking == [1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0]
    shown = sign_in(ledger.office).get("/dossiers/completeness/?by=month").content.decode()
    assert shown.count('cw-num cw-bad">1<') == 9


def test_a_unit_sees_its_own_column_only(ledger: Ledger) -> None:
    ledger.dossier("1.1")
    ledger.dossier("1.1", unit=ledger.other)
    assert units(matrix_of(ledger.campaign, View(2026), ledger.stranger)) == ["市水务局"]
    assert units(matrix_of(ledger.campaign, View(2025), ledger.office)) == []


def test_pages_are_turned_by_the_units_place_in_the_tree(ledger: Ledger, monkeypatch: Any) -> None:
    monkeypatch.setattr(of_matrix, "PAGE_UNITS", 2)
    many = [make_unit(ledger.root, name=f"单位{number}") for number in range(5)]
    pairs = [(ledger.node("1.1").pk, unit.pk) for unit in many]
    open_dossiers(ledger.campaign, 2026, pairs, due_on=DUE, actor=None)

    def page(**options: Any) -> Any:
        return matrix_of(ledger.campaign, View(2026, **options), ledger.office)

    first = page()
    second = page(after=first.after)
    third = page(after=second.after)
    assert [units(one) for one in (first, second, third)] == [["单位0", "单位1"], ["单位2", "单位3"], ["单位4"]]
    assert (first.before, third.after) == ("", "")
    assert units(page(before=third.before)) == ["单位2", "单位3"]
    assert units(page(before=second.before)) == ["单位0", "单位1"]
    assert units(page(unit=many[3].pk)) == ["单位3"]


def test_units_are_narrowed_to_those_with_something_missing_or_late(ledger: Ledger) -> None:
    ledger.filled("1.1")
    behind = ledger.dossier("1.1", unit=ledger.other)
    assert units(matrix_of(ledger.campaign, View(2026, show="missing"), ledger.office)) == ["市水务局"]
    assert units(matrix_of(ledger.campaign, View(2026, show="late"), ledger.office)) == []
    Dossier.objects.filter(pk=behind.pk).update(due_on=TODAY - timedelta(days=1))
    assert units(matrix_of(ledger.campaign, View(2026, show="late"), ledger.office)) == ["市水务局"]


def test_matrix_costs_the_same_queries_for_one_unit_and_for_many(
    ledger: Ledger, django_assert_num_queries: Any
) -> None:
    ledger.dossier("1.1")
    matrix_of(ledger.campaign, View(2026), ledger.office)
    with django_assert_num_queries(6):
        matrix_of(ledger.campaign, View(2026), ledger.office)
    more = [make_unit(ledger.root).pk for _number in range(4)]
    open_dossiers(ledger.campaign, 2026, expected_pairs(ledger.campaign, more), due_on=DUE, actor=None)
    with django_assert_num_queries(6):
        matrix_of(ledger.campaign, View(2026), ledger.office)


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        (None, ["<td></td>"]),
        (Cell(7, "open", 2, 4, date(2026, 3, 2), DUE), ['<td><a class="is-part" href="../7/"', ">2/4<", "3月2日"]),
        (
            Cell(7, "open", 0, 4, date(2026, 3, 2), TODAY - timedelta(days=1)),
            ['<td class="is-late">', "is-none", "0/4"],
        ),
        (Cell(7, "open", 4, 4, None, DUE), ["is-full", "4/4"]),
        (Cell(7, "approved", 3, 4, TODAY, DUE), ['href="../7/"', "已审定"]),
        (Cell(7, "returned", 3, 4, TODAY, TODAY - timedelta(days=1)), ['class="is-late"', "已退回"]),
    ],
)
def test_cell_says_how_full_it_is_or_where_it_stands(cell: Cell | None, parts: list[str]) -> None:
    with clock.at(NOON):
        html = CellWriter().row(1, [2], {(1, 2): cell} if cell else {})
    assert [part for part in parts if part not in html] == []
