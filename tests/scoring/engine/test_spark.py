"""The engine on a Spark cluster: a real master, two workers and a Connect server on loopback, against DuckDB."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from chuangwen.scoring.engine import BadInput, NoSpark, Scores, score
from chuangwen.standards.fileformat import read_standard
from tests.scoring.engine.agreement import assert_tables_agree
from tests.scoring.engine.builders import frame
from tests.scoring.engine.random_cases import random_case

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
import spark

# Spark's client warns of a pandas newer than it knows; the engine asks it for Arrow alone.
pytestmark = [pytest.mark.once, pytest.mark.filterwarnings("ignore")]
EXAMPLES = Path(__file__).parent / "examples"
CASES = 4


@pytest.fixture(scope="module")
def remote() -> Iterator[str]:
    try:
        with spark.cluster() as address:
            yield address
    except spark.NoSparkHere as error:
        pytest.skip(f"Spark: {error}")


def on_both(remote: str, standard, observations, **more) -> tuple[Scores, Scores]:
    return score(standard, observations, **more), score(standard, observations, engine="spark", remote=remote, **more)


def assert_agree(both: tuple[Scores, Scores]) -> None:
    for name in ("subjects", "nodes", "losses"):
        assert_tables_agree(getattr(both[1], name), getattr(both[0], name))


def test_cluster_gives_what_one_machine_gives(remote: str, tmp_path: Path) -> None:
    """One test, since a cluster takes half a minute to come up, and tests are shared out among processes."""
    examples_and_files_where_they_lie(remote, tmp_path)
    random_standards(remote)
    faults_name_the_same_row(remote, tmp_path)
    one_command_scores_the_example(remote, tmp_path / "out")


def examples_and_files_where_they_lie(remote: str, tmp_path: Path) -> None:
    for name, missing in (("by-hand", "exclude"), ("mixed-zero", "zero")):
        folder = EXAMPLES / name
        tables = {table: folder / f"{table}.csv" for table in ("places", "frames", "leads")}
        standard = read_standard(folder / "standard.json")
        assert_agree(on_both(remote, standard, folder / "observations.csv", missing=missing, **tables))
    rows = pl.read_csv(EXAMPLES / "mixed-zero" / "observations.csv", infer_schema=False)
    rows = rows.with_columns(pl.col("value", "weight").replace("", None).cast(pl.Float64))
    rows.write_parquet(tmp_path / "one.parquet")
    assert_agree(on_both(remote, standard, tmp_path / "one.parquet", missing="zero", **tables))
    parts = tmp_path / "parts"
    parts.mkdir()
    rows.head(20).write_parquet(parts / "a.parquet")
    rows.tail(-20).write_parquet(parts / "b.parquet")
    told = {"missing": "zero", "engine": "spark", "remote": remote} | tables
    one = score(standard, rows, missing="zero", **tables)
    for where in (parts, f"file://{parts}"):
        assert_agree((one, score(standard, where, **told)))


def random_standards(remote: str) -> None:
    for seed in range(CASES):
        case = random_case(seed)
        tables = {name: frame(name, getattr(case.tables, name)) for name in ("places", "frames", "leads")}
        rows = frame("observations", case.tables.observations)
        assert_agree(on_both(remote, case.standard, rows, missing=case.missing, **tables))


def faults_name_the_same_row(remote: str, tmp_path: Path) -> None:
    standard = read_standard(EXAMPLES / "by-hand" / "standard.json")
    rows = pl.read_csv(EXAMPLES / "by-hand" / "observations.csv", infer_schema=False)
    rows = rows.with_columns(pl.col("value", "weight").replace("", None).cast(pl.Float64))
    for broken in (
        rows.with_columns(value=pl.when(pl.int_range(pl.len()) == 3).then(float("nan")).otherwise("value")),
        rows.with_columns(code=pl.when(pl.int_range(pl.len()) == 2).then(pl.lit("9.9.9")).otherwise("code")),
    ):
        broken.write_parquet(tmp_path / "broken.parquet")
        words = []
        for engine in ("duckdb", "spark"):
            with pytest.raises(BadInput) as told:
                score(standard, tmp_path / "broken.parquet", engine=engine, remote=remote)
            words.append(str(told.value))
        assert words[0] == words[1]
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(BadInput, match="cannot be read"):
        score(standard, tmp_path, engine="spark", remote=remote)
    folder = tmp_path / "typed"
    folder.mkdir()
    rows.with_columns(code=pl.lit(1.1)).write_parquet(folder / "a.parquet")
    with pytest.raises(BadInput, match="column code: is Float64 and must be text"):
        score(standard, folder, engine="spark", remote=remote)


def one_command_scores_the_example(remote: str, out: Path) -> None:
    assert spark.scored(remote, spark.example(out)) == 0
    wanted = pl.read_csv(EXAMPLES / "mixed-zero" / "expected-subjects.csv")
    assert pl.read_parquet(out / "subjects.parquet")["total"].round(9).to_list() == wanted["total"].round(9).to_list()


@pytest.mark.parametrize(
    ("remote_said", "words"),
    [
        ("http://127.0.0.1:1", "is no address of Spark Connect; it looks like sc://host:15002"),
        ("sc://127.0.0.1:1", "no Spark Connect server answers at sc://127.0.0.1:1; start it or check the address"),
    ],
)
def test_cluster_that_is_not_there_is_told_at_once(remote_said: str, words: str) -> None:
    standard = read_standard(EXAMPLES / "by-hand" / "standard.json")
    with pytest.raises(NoSpark, match=words.replace("(", r"\(")):
        score(standard, EXAMPLES / "by-hand" / "observations.csv", engine="spark", remote=remote_said)
    with pytest.raises(ValueError, match="must be duckdb or spark"):
        score(standard, EXAMPLES / "by-hand" / "observations.csv", engine="dask")  # type: ignore[arg-type]
