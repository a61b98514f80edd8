"""The tables of a standard cell for cell, every fault word for word and by its kind, the files that are written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from chuangwen.scoring.engine import BadInput, score
from chuangwen.scoring.engine.bad_input import TableName
from chuangwen.scoring.engine.checks import check_frames, check_leads, check_places, check_sizes
from chuangwen.scoring.engine.outline import _NODE_TYPES, outline_of
from chuangwen.scoring.engine.scores import Scores
from chuangwen.scoring.engine.stage_two import read_small
from chuangwen.scoring.engine.tables import NUMBERS, TEXTS, observation_file, read_table
from chuangwen.standards.tree import Adjustment, Band, Map, TableRow, Text
from tests.scoring.engine.builders import bonus, frame, inner, leaf, observed, seen, standard, veto

BANDS = Map("bands", bands=(Band(0.9, 1.0), Band(0.5, 0.5), Band(None, 0.0)))
RISING_LOSS = Map("bands", bands=(Band(0.9, 0.0), Band(None, 1.0)))
STANDARD = standard(
    inner(
        "1", leaf("1.1", 10), leaf("1.2", 20, shape=Map("linear", 0.6, 0.95)),
        leaf("1.3", shape=Map("linear", 0.9, 0.1)),
        aggregate="met", threshold=0.75, table=((2, 1.0), (1, 0.5)), points=40,
    ),
    inner("2", leaf("2.1", 5, "mean", BANDS), leaf("2.2", 5, shape=BANDS), leaf("2.3", 5, shape=RISING_LOSS)),
    leaf("3", 7, "count", Map("required", n=12)),
    leaf("4", 8, "sum", Map("deduct", each=0.5)),
    leaf("5", 9, "mean"),
    leaf("6", 9, shape=Map("deduct", each=0.5)),
    aggregate="mean", threshold=0.5, cap=90.0, bonuses=(bonus("P", 2.0),), penalties=(Adjustment("N", Text("N"), 4.0),),
    vetoes=(veto("V"), veto("C", "cap", 60.0), veto("D", "deduct", 3.0)),
)  # fmt: skip


def test_outline_holds_the_standard_cell_for_cell() -> None:
    found = outline_of(STANDARD)
    plain = ("rate", "proportional", 0.0, 1.0, 0.0, 0.0)
    wanted = [
        (0, "", None, 0, 100.0, "mean", None, None, False, *plain, False, False),
        (1, "1", 0, 1, 40.0, "met", "mean", 0.5, False, *plain, False, False),
        (2, "1.1", 1, 2, 10.0, "sum", "met", 0.75, True, *plain, True, True),
        (3, "1.2", 1, 2, 20.0, "sum", "met", 0.75, True, "rate", "linear", 0.6, 0.95, 0.0, 0.0, True, False),
        (4, "1.3", 1, 2, 1.0, "sum", "met", 0.75, True, "rate", "linear", 0.9, 0.1, 0.0, 0.0, False, False),
        (5, "2", 0, 1, 15.0, "sum", "mean", 0.5, False, *plain, False, False),
        (6, "2.1", 5, 2, 5.0, "sum", "sum", 1.0, True, "mean", "bands", 0.0, 1.0, 0.0, 0.0, False, False),
        (7, "2.2", 5, 2, 5.0, "sum", "sum", 1.0, True, "rate", "bands", 0.0, 1.0, 0.0, 0.0, True, False),
        (8, "2.3", 5, 2, 5.0, "sum", "sum", 1.0, True, "rate", "bands", 0.0, 1.0, 0.0, 0.0, False, False),
        (9, "3", 0, 1, 7.0, "sum", "mean", 0.5, True, "count", "required", 0.0, 1.0, 12.0, 0.0, False, False),
        (10, "4", 0, 1, 8.0, "sum", "mean", 0.5, True, "sum", "deduct", 0.0, 1.0, 0.0, 0.5, False, False),
        (11, "5", 0, 1, 9.0, "sum", "mean", 0.5, True, "mean", "proportional", 0.0, 1.0, 0.0, 0.0, False, False),
        (12, "6", 0, 1, 9.0, "sum", "mean", 0.5, True, "rate", "deduct", 0.0, 1.0, 0.0, 0.5, False, False),
    ]
    assert found.nodes.rows() == wanted
    assert found.nodes.schema == _NODE_TYPES
    whole = [(0, 0.9, 1.0), (1, 0.5, 0.5), (2, None, 0.0)]
    other = [(0, 0.9, 0.0), (1, None, 1.0)]
    assert found.bands.rows() == [
        *((node, *band) for node in (6, 7) for band in whole),
        *((8, *band) for band in other),
    ]
    assert list(found.bands.schema) == ["node", "band", "min", "share"]
    assert found.met.rows() == [(1, 0, 0.0), (1, 1, 0.5), (1, 2, 1.0), (1, 3, 1.0)]
    assert found.met.schema == {"node": pl.Int32, "reached": pl.UInt32, "met": pl.Float64}
    assert found.events.rows() == [
        ("P", "bonus", 2.0), ("N", "penalty", 4.0), ("V", "veto", None), ("C", "cap", 60.0), ("D", "penalty", 3.0),
    ]  # fmt: skip
    assert (found.scale, found.cap) == (100.0, 90.0)
    leaves = ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "3", "4", "5", "6"]
    assert (found.leaf_codes, found.known_codes) == (leaves, [*leaves, "P", "N", "V", "C", "D"])
    assert found.rate_codes == ["1.1", "1.2", "1.3", "2.2", "2.3", "6"]


def test_root_may_ask_how_many_of_its_sections_are_met() -> None:
    root = standard(leaf("1"), leaf("2"), aggregate="met", threshold=0.5, table=(TableRow(2, 1.0),))
    assert outline_of(root).met.rows() == [(0, 0, 0.0), (0, 1, 0.0), (0, 2, 1.0)]


def whole(fault: BadInput) -> tuple[Any, ...]:
    return fault.table, fault.row, fault.column, fault.value, fault.fault, fault.kind, fault.told


NUMBER = "must be a finite number"
OBSERVED: list[tuple[dict[str, Any], str, str | None, str, str]] = [
    ({"subject": None}, "subject", None, "a row needs a subject; fill it in", "empty"),
    ({"code": None}, "code", None, "a row needs a code; fill it in", "empty"),
    (
        {"code": "9"}, "code", "9",
        "is no leaf, veto, bonus or penalty of this standard; correct the code or choose its standard", "unknown",
    ),
    ({"weight": -1.0}, "weight", "-1.0", f"{NUMBER} not below 0; correct the weight", "weight"),
    ({"value": float("nan")}, "value", "nan", f"{NUMBER}; correct it or leave it empty", "value"),
    (
        {"value": -0.5}, "value", "-0.5",
        "must lie between 0 and 1, since the measure of this leaf is rate; correct the value", "rate",
    ),
    (
        {"value": 1.5}, "value", "1.5",
        "must lie between 0 and 1, since the measure of this leaf is rate; correct the value", "rate",
    ),
    ({"group": "h"}, "group", "h", "subject S is in group 'g' in other rows; a subject has one group", "group"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "column", "value", "words", "kind"), OBSERVED)
def test_fault_of_an_observation_is_told_whole(
    cells: dict[str, Any], column: str, value: str | None, words: str, kind: str
) -> None:
    good = {"subject": "S", "code": "1.1", "value": 0.25, "group": "g"}
    with pytest.raises(BadInput) as caught:
        score(STANDARD, frame("observations", [good, good | cells]))
    assert whole(caught.value) == ("observations", 2, column, value, words, kind, {})


def numbered(name: TableName, *rows: dict[str, Any]) -> pl.DataFrame:
    return read_table(name, frame(name, list(rows)))


def fault_of(check: Any, *tables: Any) -> tuple[Any, ...]:
    with pytest.raises(BadInput) as caught:
        check(*tables)
    return whole(caught.value)


def test_faults_of_the_other_tables_are_told_whole() -> None:
    outline, row = outline_of(STANDARD), {"subject": "S", "place": "p", "stratum": "t", "code": "1.1"}

    def places(*rows: dict[str, Any]) -> pl.DataFrame:
        return numbered("places", *({k: v for k, v in one.items() if k != "code"} for one in rows))

    def frames(*rows: dict[str, Any]) -> pl.DataFrame:
        return numbered(
            "frames", *({k: v for k, v in one.items() if k in ("subject", "stratum", "size")} for one in rows)
        )

    def leads(*rows: dict[str, Any]) -> pl.DataFrame:
        return numbered("leads", *({k: v for k, v in one.items() if k in ("subject", "code")} for one in rows))

    empty, twice = "a row needs a {}; fill it in", "stands twice for this subject; keep one row"
    for column in ("subject", "place"):
        assert fault_of(check_places, places(row, row | {column: None})) == (
            "places", 2, column, None, empty.format(column), "empty", {},
        )  # fmt: skip
    other = row | {"place": "q"}
    assert fault_of(check_places, places(row, other, row, other)) == ("places", 3, "place", "p", twice, "twice", {})
    assert fault_of(check_frames, frames(row | {"subject": None})) == (
        "frames", 1, "subject", None, empty.format("subject"), "empty", {},
    )  # fmt: skip
    assert fault_of(check_frames, frames(row, row, row)) == ("frames", 2, "stratum", "t", twice, "twice", {})
    for size in (float("inf"), -0.5):
        sizes = frames(row | {"size": 0.0}, row | {"stratum": "u", "size": size})
        words = "must be a finite number not below 0"
        assert fault_of(check_frames, sizes) == ("frames", 2, "size", str(size), words, "size", {})
    check_frames(frames(row | {"size": 0.0}, row | {"stratum": "u"}))
    for column in ("subject", "code"):
        assert fault_of(check_leads, leads(row, row | {column: None}), outline) == (
            "leads", 2, column, None, empty.format(column), "empty", {},
        )  # fmt: skip
    strange = leads(row, row | {"code": "1"}, row | {"code": "2"})
    words = "is no leaf of this standard; correct the code"
    assert fault_of(check_leads, strange, outline) == ("leads", 2, "code", "1", words, "unknown", {})


def test_crowded_stratum_is_told_with_its_figures() -> None:
    seen_places = pl.DataFrame({"subject": ["S", "S", "S", "T"], "stratum": ["t", "t", "u", "t"]})
    rows = [("T", "t", 1.0), ("S", "u", 1.0), ("S", "t", 1.5), ("X", "t", 0.0)]
    sizes = numbered("frames", *({"subject": s, "stratum": t, "size": size} for s, t, size in rows))
    words = "2 places of S were observed in stratum 't', more than the frame holds; bring register and places into line"
    told = {"stratum": "t", "places": 2, "size": 1.5}
    assert fault_of(check_sizes, seen_places, sizes) == ("frames", 3, "size", "1.5", words, "crowded", told)
    check_sizes(seen_places, sizes.with_columns(size=pl.col("size").ceil()))


@pytest.mark.parametrize("name", ["observations", "places", "frames", "leads"])
def test_table_that_is_not_given_has_its_columns_and_types(name: TableName) -> None:
    found = read_table(name, None)
    types = {"row": pl.Int64} | dict.fromkeys(TEXTS[name], pl.String) | dict.fromkeys(NUMBERS[name], pl.Float64)
    assert (found.schema, found.height) == (types, 0)
    one = read_table(name, pl.DataFrame({"subject": ["", "S"]}))
    assert (one.schema, one.rows()) == (
        types, [(1, *[None] * (len(types) - 1)), (2, "S", *[None] * (len(types) - 2))],
    )  # fmt: skip


def test_places_and_frames_without_a_stratum_share_one() -> None:
    rows = [{"subject": "S", "place": "p"}]
    tables = read_small(outline_of(STANDARD), frame("places", rows), frame("frames", [{"subject": "S"}]), None)
    assert (tables.places["stratum"].to_list(), tables.frames["stratum"].to_list()) == ([""], [""])


def test_word_among_numbers_is_told_by_its_first_row() -> None:
    rows = pl.DataFrame({"subject": ["S"] * 5, "value": ["1", "", "A", "2", "B"]})
    words = "is not a number; correct it or leave it empty"
    assert fault_of(read_table, "observations", rows) == ("observations", 3, "value", "A", words, "", {})


def test_file_of_a_name_with_marks_is_linked_under_a_plain_one(tmp_path: Path) -> None:
    rows, folder = observed(seen("1.1", 0.5)), tmp_path / "work"
    folder.mkdir()
    for name in ("plain.parquet", "a{1}.parquet", "b*.parquet"):
        rows.write_parquet(tmp_path / name)
    assert observation_file(tmp_path / "plain.parquet", folder) == tmp_path / "plain.parquet"
    found = observation_file(str(tmp_path / "a{1}.parquet"), folder)
    assert (found, found.resolve()) == (folder / "observations.parquet", tmp_path / "a{1}.parquet")


def test_scores_are_written_as_parquet_and_if_asked_as_csv(tmp_path: Path) -> None:
    scores = score(STANDARD, observed(seen("1.1", 0.5), seen("V", 1.0, subject="T")))
    folder = tmp_path / "a" / "b"
    scores.write(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["losses.parquet", "nodes.parquet", "subjects.parquet"]
    scores.write(folder, csv=True)
    for name in ("subjects", "nodes", "losses"):
        table = getattr(scores, name)
        assert pl.read_parquet(folder / f"{name}.parquet").equals(table)
        told = pl.read_csv(folder / f"{name}.csv", infer_schema=False)
        assert (told.columns, told.height) == (table.columns, table.height)
    small = pl.DataFrame({"subject": ["S", "T", "U"], "vetoed": [True, False, None], "total": [0.5, 1.0, None]})
    Scores(small, small, small).write(folder, csv=True)
    assert (folder / "losses.csv").read_text() == "subject,vetoed,total\nS,True,0.5\nT,False,1.0\nU,,\n"


def test_every_step_is_told() -> None:
    told: list[str] = []
    score(STANDARD, observed(seen("1.1", 0.5)), progress=told.append)
    assert told == [
        "reading tables", "first pass: sums by subject and code", "the tree: shares, effective and lost points",
        "second pass: sums by subject and place", "second pass: sums by subject, leaf and unit", "totals and ranks",
    ]  # fmt: skip
    with pytest.raises(ValueError, match=r"^missing is 'half'; it must be exclude or zero$"):
        score(STANDARD, observed(), missing="half")  # type: ignore[arg-type]
