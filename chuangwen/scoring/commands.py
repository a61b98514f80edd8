"""`chuangwen score run`: the engine on files, without a server, a database or Django.

Source: scoring specification, Command. Faults of the files end with 1, a wrong call with 2; both say on
standard error what to do next.
"""

from __future__ import annotations

import argparse
import sys
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangwen.scoring.engine import BadInput, NoSpark, Scores, score, show
from chuangwen.standards.fileformat import FaultyStandard, read_standard

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  the only name it has

TABLES = "Columns of the tables and every rule: docs/scoring.md."
_LINES = 50  # subjects in the short table
_NEIGHBOURS = 3  # overlapping subjects named on a line


def add_parser(subparsers: Subparsers) -> Subparsers:
    """Register `score run` below a parser's subcommands; `args.run(args)` runs it and gives the exit code.

    Returns where further verbs of `score` are put: those that want a site are the command line's own.
    """
    told = "score observations against a standard"
    parser = subparsers.add_parser("score", help=told, description=f"{told.capitalize()}.")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    run = actions.add_parser("run", help="score a set of files", description=run_score.__doc__, epilog=TABLES)
    run.add_argument("--standard", type=Path, required=True, metavar="FILE", help="standard (.yaml, .json, .xlsx)")
    seen = "what was seen; with --engine spark also a folder or an address that the cluster reads (s3a://…)"
    run.add_argument("--observations", required=True, metavar="FILE", help=seen)
    run.add_argument("--places", type=Path, metavar="FILE", help="places with stratum and keeper")
    run.add_argument("--frames", type=Path, metavar="FILE", help="how many places each stratum holds")
    run.add_argument("--leads", type=Path, metavar="FILE", help="who owns each leaf")
    run.add_argument("--missing", choices=("exclude", "zero"), default="exclude", help="a leaf without rows")
    run.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb", help="what computes the sums")
    run.add_argument("--remote", metavar="URL", help="Spark Connect server, with --engine spark")
    run.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the three tables")
    run.add_argument("--csv", action="store_true", help="write .csv beside .parquet")
    run.set_defaults(run=run_score)
    return actions


def run_score(args: argparse.Namespace) -> int:
    """Score the subjects of the observations; tables are .parquet or .csv (UTF-8, first line the names)."""
    if wrong := _wrong_call(args):
        return _fail(wrong, 2)
    progress = _Progress()
    try:
        progress(f"reading {args.standard}")
        scores = score(
            read_standard(args.standard),
            args.observations,
            places=args.places,
            frames=args.frames,
            leads=args.leads,
            missing=args.missing,
            engine=args.engine,
            remote=args.remote or "",
            progress=progress,
        )
        progress(f"writing {args.out}")
        scores.write(args.out, csv=args.csv)
    except FaultyStandard as error:
        return _fail("\n".join(f"{args.standard}, {fault}" for fault in error.faults), 1)
    except (BadInput, NoSpark) as error:
        return _fail(str(error), 1)
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}; check the name and the rights", 1)
    sys.stdout.write(short_table(scores))
    return 0


def _wrong_call(args: argparse.Namespace) -> str:
    """What the call asks that cannot be, with the way out."""
    if args.engine == "spark" and not args.remote:
        return "--engine spark needs --remote, the address of its Connect server: --remote sc://host:15002"
    if args.remote and args.engine != "spark":
        return "--remote belongs to --engine spark; leave it out"
    if args.out.exists() and not args.out.is_dir():
        return f"--out {args.out} is a file; name a folder, which is made where it is missing"
    return ""


def _fail(message: str, code: int) -> int:
    sys.stderr.write(f"chuangwen score: {message}\n")
    return code


class _Progress:
    """Says on standard error what begins, and when."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def __call__(self, step: str) -> None:
        sys.stderr.write(f"{time.monotonic() - self._start:7.2f} s  {step}\n")


def short_table(scores: Scores) -> str:
    """The subjects by rank, best first, and for each whose interval overlaps with it further down."""
    order = scores.subjects.sort(["rank", "total", "subject"], descending=[False, True, False], nulls_last=True)
    rows = list(order.head(_LINES).iter_rows(named=True))
    lines = [["rank", "subject", "total", "interval", "not clearly above"]]
    lines += [[*_cells(row), _overlaps(row, rows[i + 1 :])] for i, row in enumerate(rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(lines[0]))]
    text = "".join("  ".join(map(_padded, line, widths)).rstrip() + "\n" for line in lines)
    rest = order.height - len(rows)
    return text + (f"and {rest} more in subjects.parquet\n" if rest else "")


def _cells(row: dict[str, Any]) -> list[str]:
    place = "veto" if row["vetoed"] else "-" if row["rank"] is None else str(row["rank"])
    total = "-" if row["total"] is None else show(row["total"])
    interval = "-" if row["se"] is None else f"{show(row['low'])} to {show(row['high'])}"
    return [place, row["subject"], total, interval + (" or wider" if row["se_partial"] else "")]


def _overlaps(row: dict[str, Any], below: list[dict[str, Any]]) -> str:
    if row["rank"] is None or row["low"] is None:
        return ""
    names = [
        other["subject"]
        for other in below
        if other["rank"] is not None and other["high"] is not None and other["high"] >= row["low"]
    ]
    return ", ".join(names[:_NEIGHBOURS]) + (", …" if len(names) > _NEIGHBOURS else "")


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
