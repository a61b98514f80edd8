"""`chuangwen score run`: files in, three tables and a short table out."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from chuangwen.scoring.commands import add_parser, short_table
from chuangwen.scoring.engine import Scores, score
from chuangwen.scoring.engine.scores import LOSSES, NODES, SUBJECTS, in_form
from chuangwen.standards.fileformat import read_standard

EXAMPLE = Path(__file__).parent / "engine" / "examples" / "mixed-zero"
FILES = [f"--{name}={EXAMPLE / name}.csv" for name in ("observations", "places", "frames", "leads")]
STANDARD = f"--standard={EXAMPLE / 'standard.json'}"


def _run(*arguments: str) -> int:
    parser = argparse.ArgumentParser("chuangwen")
    add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["score", "run", *arguments])
    code: int = args.run(args)
    return code


def _wanted() -> Scores:
    return score(
        read_standard(EXAMPLE / "standard.json"),
        EXAMPLE / "observations.csv",
        places=EXAMPLE / "places.csv",
        frames=EXAMPLE / "frames.csv",
        leads=EXAMPLE / "leads.csv",
        missing="zero",
    )


def test_run_writes_the_three_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "folder"
    assert _run(STANDARD, *FILES, "--missing=zero", f"--out={out}") == 0
    wanted = _wanted()
    assert_frame_equal(pl.read_parquet(out / "subjects.parquet"), wanted.subjects, abs_tol=1e-9, rel_tol=0)
    assert_frame_equal(pl.read_parquet(out / "nodes.parquet"), wanted.nodes, abs_tol=1e-9, rel_tol=0)
    assert_frame_equal(pl.read_parquet(out / "losses.parquet"), wanted.losses, abs_tol=1e-9, rel_tol=0)
    assert sorted(path.suffix for path in out.iterdir()) == [".parquet"] * 3
    told = capsys.readouterr()
    assert told.out == short_table(wanted)
    assert [line.split("s  ", 1)[1] for line in told.err.splitlines()] == [
        f"reading {EXAMPLE / 'standard.json'}",
        "reading tables",
        "first pass: sums by subject and code",
        "the tree: shares, effective and lost points",
        "second pass: sums by subject and place",
        "second pass: sums by subject, leaf and unit",
        "totals and ranks",
        f"writing {out}",
    ]


def test_run_writes_csv_beside_parquet_where_asked(tmp_path: Path) -> None:
    assert _run(STANDARD, *FILES, "--missing=zero", f"--out={tmp_path}", "--csv") == 0
    assert sorted(path.name for path in tmp_path.glob("*.csv")) == ["losses.csv", "nodes.csv", "subjects.csv"]
    losses = pl.read_csv(tmp_path / "losses.csv", schema=LOSSES)
    assert losses["points"].to_list() == _wanted().losses["points"].to_list()
    subjects = (tmp_path / "subjects.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[5] for line in subjects] == ["se_partial", "False", "True"]


def test_run_needs_neither_django_nor_a_setting(tmp_path: Path) -> None:
    program = (
        "import argparse, sys; from chuangwen.scoring.commands import add_parser;"
        "parser = argparse.ArgumentParser(); add_parser(parser.add_subparsers());"
        "args = parser.parse_args(sys.argv[1:]); code = args.run(args);"
        "sys.exit(code or ('django' in sys.modules))"
    )
    call = [sys.executable, "-c", program, "score", "run", STANDARD, *FILES, f"--out={tmp_path}"]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("rank  subject")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--engine=spark"], 2, "--engine spark needs --remote, the address of its Connect server"),
        (["--engine=spark", "--remote=sc://127.0.0.1:1"], 1, "no Spark Connect server answers at sc://127.0.0.1:1"),
        (["--remote=sc://h:1"], 2, "--remote belongs to --engine spark; leave it out"),
        ([f"--standard={EXAMPLE / 'absent.json'}"], 1, "absent.json: No such file or directory"),
        ([f"--standard={EXAMPLE / 'places.csv'}"], 1, "places.csv, file: files of the kind .csv are not read"),
        ([f"--leads={EXAMPLE / 'absent.csv'}"], 1, "leads: there is no file"),
        ([f"--observations={EXAMPLE / 'places.csv'}"], 1, "observations, row 1, code (empty): a row needs a code"),
        ([f"--out={EXAMPLE / 'leads.csv'}"], 2, "leads.csv is a file; name a folder"),
    ],
)
def test_run_says_what_is_wrong(
    arguments: list[str], code: int, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(STANDARD, *FILES, f"--out={tmp_path / 'out'}", *arguments) == code
    told = capsys.readouterr()
    assert message in told.err
    assert told.out == ""
    assert not (tmp_path / "out").exists()


def _subjects(*rows: dict[str, object]) -> Scores:
    filled = [{"se_partial": False, "vetoed": False} | row for row in rows]
    types = {"subject": pl.String, "rank": pl.Int64}
    table = pl.DataFrame(filled, schema_overrides=types)
    absent = [pl.lit(None).alias(column) for column in SUBJECTS if column not in table.columns]
    return Scores(
        in_form(table.with_columns(absent), SUBJECTS), pl.DataFrame(schema=NODES), pl.DataFrame(schema=LOSSES)
    )


def test_short_table_names_those_below_that_are_not_clearly_apart() -> None:
    scores = _subjects(
        {"subject": "甲市", "total": 70.0, "se": 0.0, "low": 70.0, "high": 70.0, "rank": 3},
        {"subject": "乙市", "total": 90.0, "se": 5.1, "low": 80.0, "high": 100.0, "rank": 1},
        {"subject": "bing", "total": 85.005, "se": 1.0, "low": 83.0, "high": 87.0, "rank": 2, "se_partial": True},
        {"subject": "ding", "total": 69.0, "rank": 4},
        {"subject": "wu", "total": 95.0, "se": 1.0, "low": 93.0, "high": 97.0, "vetoed": True},
        {"subject": "ji"},
    )
    assert short_table(scores).splitlines() == [
        "rank  subject  total  interval                 not clearly above",
        "1     乙市     90.00  80.00 to 100.00          bing",
        "2     bing     85.01  83.00 to 87.00 or wider",
        "3     甲市     70.00  70.00 to 70.00",
        "4     ding     69.00  -",
        "veto  wu       95.00  93.00 to 97.00",
        "-     ji       -      -",
    ]


def test_short_table_is_short() -> None:
    rows = [{"subject": f"S{i:02}", "total": 50.0, "se": 1.0, "low": 48.0, "high": 52.0, "rank": 1} for i in range(60)]
    lines = short_table(_subjects(*rows)).splitlines()
    assert len(lines) == 1 + 50 + 1
    assert lines[1].split(None, 6)[-1] == "S01, S02, S03, …"
    assert lines[50].split()[-1] == "52.00"
    assert lines[-1] == "and 10 more in subjects.parquet"
