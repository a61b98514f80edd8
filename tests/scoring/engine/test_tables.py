"""Tables in: every kind of source, types that are never guessed, and every fault with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from chuangwen.scoring.engine import BadInput, score
from chuangwen.scoring.engine.scores import LOSSES, NODES, SUBJECTS
from tests.scoring.engine.agreement import assert_tables_agree
from tests.scoring.engine.builders import bonus, frame, inner, leaf, observed, seen, standard, veto

MEASURED = standard(
    inner("1", leaf("1.1"), leaf("1.10", measure="mean")), bonuses=(bonus("P", 1.0),), vetoes=(veto("V"),)
)
ROWS = observed(
    seen("1.1", 0.5, 1.0, None, place="p", weight=2.0),
    seen("1.10", 0.25, subject="T", unit="U"),
    seen("P", 0.5, subject="T"),
)
CSV = 'subject,code,value,note\nS,1.1,0.5,x\nS,"1.10",,y\nS,1.10,0.25,\n'


def _fault(observations: Any, **tables: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        score(MEASURED, observations, **tables)
    return caught.value


def _place(fault: BadInput) -> tuple[str, int | None, str, str | None]:
    return fault.table, fault.row, fault.column, fault.value


def _written(rows: pl.DataFrame, path: Path) -> Path:
    rows.write_csv(path) if path.suffix == ".csv" else rows.write_parquet(path)
    return path


# Sources


@pytest.mark.parametrize("name", ["rows.parquet", "rows.csv", "p[1]*.parquet", "p[1]*.csv", "创文 'a'.parquet"])
def test_files_score_like_the_frame_they_hold(name: str, tmp_path: Path) -> None:
    path = _written(ROWS, tmp_path / name)
    for source in (path, str(path)):
        assert_tables_agree(score(MEASURED, source).nodes, score(MEASURED, ROWS).nodes)


def test_lazy_frame_is_read() -> None:
    assert_tables_agree(score(MEASURED, ROWS.lazy()).nodes, score(MEASURED, ROWS).nodes)


@pytest.mark.parametrize("make", ["to_pandas", "to_arrow"])
def test_frames_of_other_libraries_are_read(make: str) -> None:
    places = frame("places", [{"subject": "S", "place": "p", "unit": "K"}])
    scores = score(MEASURED, getattr(ROWS, make)(), places=getattr(places, make)())
    assert_tables_agree(scores.losses, score(MEASURED, ROWS, places=places).losses)


def test_csv_keeps_codes_as_text_and_ignores_other_columns(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("\ufeff" + CSV, encoding="utf-8")
    nodes = score(MEASURED, path).nodes
    assert dict(nodes.select("code", "share").iter_rows())["1.10"] == 0.25


def test_columns_of_other_types_are_cast() -> None:
    rows = ROWS.with_columns(pl.lit(None).alias("unit"), pl.col("value").cast(pl.String)).cast(
        {"subject": pl.Categorical, "code": pl.Enum(["1.1", "1.10", "P"]), "weight": pl.Int32}
    )
    assert_tables_agree(score(MEASURED, rows).nodes, score(MEASURED, ROWS).nodes)


def test_whole_numbers_and_booleans_in_parquet_are_cast(tmp_path: Path) -> None:
    rows = pl.DataFrame({"subject": [7, 7], "code": ["1.1", "1.1"], "value": [True, False]})
    scores = score(MEASURED, _written(rows, tmp_path / "rows.parquet"))
    assert scores.subjects.select("subject", "total").rows() == [("7", 50.0)]


def test_parquet_with_numbers_as_text_is_cast(tmp_path: Path) -> None:
    rows = pl.DataFrame({"subject": ["S", "S"], "code": ["1.1", "1.1"], "value": ["1e0", ""]})
    assert score(MEASURED, _written(rows, tmp_path / "rows.parquet")).nodes["n"].to_list() == [1, 1, 1, 0]


def test_empty_text_is_null() -> None:
    rows = observed(seen("1.1", 0.0, 1.0, place="", unit="", group=""))
    scores = score(MEASURED, rows)
    assert scores.losses.rows() == [("S", "", "1.1", 50.0)]
    assert scores.subjects["se"].to_list() == [None]


def test_empty_unit_of_a_place_or_lead_is_nobody() -> None:
    places = frame("places", [{"subject": "S", "place": "p", "unit": ""}])
    leads = frame("leads", [{"subject": "S", "code": "1.1", "unit": unit} for unit in ("", "L")])
    losses = score(MEASURED, observed(seen("1.1", 0.0, 1.0, place="p")), places=places, leads=leads).losses
    assert losses.rows() == [("S", "L", "1.1", 50.0)]


@pytest.mark.parametrize("source", ["", "subject,code,place,value,weight,unit,group\n"])
def test_tables_without_rows_give_tables_without_rows(source: str, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(source or "subject\n", encoding="utf-8")
    scores = score(MEASURED, path, places=path, leads=path, frames=path)
    assert scores.subjects.schema == SUBJECTS
    assert scores.nodes.schema == NODES
    assert scores.losses.schema == LOSSES
    assert scores.subjects.height == scores.nodes.height == scores.losses.height == 0


def test_tables_out_have_the_columns_and_types_of_the_specification() -> None:
    scores = score(MEASURED, ROWS)
    assert scores.subjects.schema == SUBJECTS
    assert scores.nodes.schema == NODES
    assert scores.losses.schema == LOSSES


def test_other_tables_may_speak_of_other_subjects() -> None:
    places = frame("places", [{"subject": "X", "place": "p", "stratum": "t"}])
    frames = frame("frames", [{"subject": "X", "stratum": "t", "size": 0.0}])
    leads = frame("leads", [{"subject": "X", "code": "1.1", "unit": "L"}])
    scores = score(MEASURED, ROWS, places=places, frames=frames, leads=leads)
    assert_tables_agree(scores.losses, score(MEASURED, ROWS).losses)


def test_progress_is_told() -> None:
    told: list[str] = []
    score(MEASURED, ROWS, progress=told.append)
    assert told[0] == "reading tables"
    assert told[-1] == "totals and ranks"


# Faults of the observations

FAULTS: list[tuple[dict[str, Any], str, str | None]] = [
    ({"subject": None}, "subject", None),
    ({"code": None}, "code", None),
    ({"code": "1"}, "code", "1"),
    ({"code": "1.100", "value": None}, "code", "1.100"),
    ({"weight": -0.5}, "weight", "-0.5"),
    ({"weight": -0.5, "value": None}, "weight", "-0.5"),
    ({"weight": float("inf")}, "weight", "inf"),
    ({"weight": float("nan")}, "weight", "nan"),
    ({"value": float("nan")}, "value", "nan"),
    ({"value": float("-inf"), "code": "1.10"}, "value", "-inf"),
    ({"value": -0.01}, "value", "-0.01"),
    ({"value": 1.01}, "value", "1.01"),
    ({"group": "h"}, "group", "h"),
]


@pytest.mark.parametrize(("cells", "column", "value"), FAULTS)
def test_bad_observation_is_named_by_its_first_row(cells: dict[str, Any], column: str, value: str | None) -> None:
    good = {"subject": "S", "code": "1.1", "value": 1.0, "group": "g"}
    rows = frame("observations", [good, good, good | cells, good, good | cells])
    assert _place(_fault(rows)) == ("observations", 3, column, value)


def test_message_names_table_row_and_value() -> None:
    fault = _fault(observed(seen("1.1", 1.0, 1.5)))
    wanted = "must lie between 0 and 1, since the measure of this leaf is rate; correct the value"
    assert str(fault) == f"observations, row 2, value '1.5': {wanted}"
    empty = str(_fault(observed(seen("1.1", 1.0), [{"code": "1.1"}])))
    assert empty == "observations, row 2, subject (empty): a row needs a subject; fill it in"


def test_value_at_the_ends_is_good_under_rate_and_any_under_other_measures() -> None:
    rows = observed(seen("1.1", 0.0, 1.0), seen("1.10", -3.0, 7.0), seen("V", -1.0))
    assert score(MEASURED, rows).subjects["vetoed"].to_list() == [False]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize("column", ["value", "weight"])
def test_word_in_the_place_of_a_number_is_named(column: str, suffix: str, tmp_path: Path) -> None:
    cells = {"subject": ["S"] * 3, "code": ["1.1"] * 3, column: ["1", None, "A"]}
    fault = _fault(_written(pl.DataFrame(cells), tmp_path / f"rows.{suffix}"))
    assert _place(fault) == ("observations", 3, column, "A")


def test_faulty_row_of_a_csv_file_counts_data_rows(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(CSV + "S,2.1,1,\n", encoding="utf-8")
    assert _place(_fault(path)) == ("observations", 4, "code", "2.1")


@pytest.mark.parametrize("suffix", ["frame", "parquet"])
def test_code_stored_as_a_number_is_refused(suffix: str, tmp_path: Path) -> None:
    rows = pl.DataFrame({"subject": ["S"], "code": [1.1], "value": [1.0]})
    fault = _fault(rows if suffix == "frame" else _written(rows, tmp_path / "rows.parquet"))
    assert _place(fault) == ("observations", None, "code", None)
    assert str(fault).startswith("observations, column code: is Float64 and must be text")


def test_value_stored_as_a_date_is_refused() -> None:
    rows = pl.DataFrame({"subject": ["S"], "code": ["1.1"], "value": ["2026-01-01"]})
    fault = _fault(rows.with_columns(pl.col("value").str.to_date()))
    assert str(fault) == "observations, column value: is Date and must be a number; store it as one"


# Faults of files


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("rows.xlsx", b"x", "is neither .parquet nor .csv"),
        ("rows.parquet", b"no parquet", "cannot be read"),
        ("rows.csv", b"", "cannot be read"),
        ("rows.csv", "subject,code,value\n文明,1.1,1\n".encode("gb18030"), "save it as Parquet, or as CSV in UTF-8"),
        ("absent.csv", None, "there is no file"),
        ("rows.csv", b"a,b\n1,2\n", "has none of the columns subject, "),
        ("rows.csv", b"subject;code;value\nS;1.1;1\n", "has none of the columns subject, "),
    ],
)
@pytest.mark.parametrize("table", ["observations", "places"])
def test_unreadable_file_is_named(table: str, name: str, content: bytes | None, fault: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    caught = _fault(path) if table == "observations" else _fault(ROWS, **{table: path})
    assert caught.table == table
    assert str(path) in str(caught)
    assert fault in str(caught)
    assert "\n" not in str(caught)


def test_row_with_too_many_cells_is_told_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"subject,code,value\nS,1.1,1,9\n")
    caught = str(_fault(path))
    assert caught.startswith(f"observations: {path} cannot be read (")
    assert "\n" not in caught


def test_file_damaged_after_its_first_bytes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    rows = pl.concat([ROWS] * 200)
    rows.write_parquet(path, compression="uncompressed", use_pyarrow=False, statistics=False)
    content = bytearray(path.read_bytes())
    content[4:400] = b"\xa5" * 396
    path.write_bytes(content)
    caught = _fault(path)
    assert str(caught).startswith(f"observations: {path} cannot be read (")
    assert str(caught).endswith("save it as Parquet, or as CSV in UTF-8")


# Faults of the other tables

OTHER: list[tuple[Any, list[dict[str, Any]], int, str, str | None]] = [
    ("places", [{"subject": "S", "place": "p"}, {"place": "q"}], 2, "subject", None),
    ("places", [{"subject": "S", "place": "p"}, {"subject": "S"}], 2, "place", None),
    ("places", [{"subject": s, "place": "p"} for s in ("S", "T", "S")], 3, "place", "p"),
    ("frames", [{"stratum": "t", "size": 1.0}], 1, "subject", None),
    ("frames", [{"subject": "S", "stratum": "t"}] * 2, 2, "stratum", "t"),
    ("frames", [{"subject": "S", "size": -1.0}], 1, "size", "-1.0"),
    ("frames", [{"subject": "S", "size": float("nan")}], 1, "size", "nan"),
    ("leads", [{"code": "1.1", "unit": "L"}], 1, "subject", None),
    ("leads", [{"subject": "S", "unit": "L"}], 1, "code", None),
    ("leads", [{"subject": "S", "code": "1", "unit": "L"}], 1, "code", "1"),
]


@pytest.mark.parametrize(("table", "rows", "row", "column", "value"), OTHER)
def test_bad_row_of_another_table_is_named(
    table: Any, rows: list[dict[str, Any]], row: int, column: str, value: str | None
) -> None:
    assert _place(_fault(ROWS, **{table: frame(table, rows)})) == (table, row, column, value)


def test_size_that_is_a_word_is_named(tmp_path: Path) -> None:
    path = tmp_path / "frames.csv"
    path.write_text("subject,stratum,size\nS,t,3\nS,u,many\n", encoding="utf-8")
    assert _place(_fault(ROWS, frames=path)) == ("frames", 2, "size", "many")


@pytest.mark.parametrize(("size", "value"), [(1.0, "1"), (1.5, "1.5")])
def test_more_places_observed_than_the_frame_holds_is_named(size: float, value: str) -> None:
    rows = observed(seen("1.10", 1.0, place="p"), seen("1.10", 1.0, place="q"), seen("1.1", None, place="r"))
    places = frame("places", [{"subject": "S", "place": place, "stratum": "t"} for place in "pqr"])
    sizes = [{"subject": "S", "stratum": "a", "size": 0.0}, {"subject": "S", "stratum": "t", "size": size}]
    fault = _fault(rows, places=places, frames=frame("frames", sizes))
    assert _place(fault) == ("frames", 2, "size", value)
    assert "2 places of S were observed in stratum 't', more than the frame holds" in str(fault)


def test_as_many_places_as_the_frame_holds_are_good_and_null_rows_are_no_place() -> None:
    rows = observed(seen("1.1", 1.0, place="p"), seen("1.1", None, place="q"))
    frames = frame("frames", [{"subject": "S", "size": 1.0}])
    assert score(MEASURED, rows, frames=frames).subjects["se_partial"].to_list() == [False]
