"""The engine over many rows, beside the same work written by hand, in pandas and as a loop over objects."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.nation import Nation, made

PANDAS_AT_MOST = 10_000_000  # rows; more do not fit into the memory of a common machine
SAMPLE = 200_000  # rows that the loop reads
TURNS = 2  # the better of so many counts
AGREE = 1e-6  # points by which the totals of two ways may differ


@dataclass(frozen=True, slots=True)
class Turn:
    """One way over one file: seconds of the clock, megabytes at most, and a city's total to compare."""

    way: str
    rows: int
    seconds: float
    megabytes: float
    total: float | None

    @property
    def microseconds(self) -> float:
        return self.seconds / self.rows * 1e6 if self.rows else 0.0


@dataclass(frozen=True, slots=True)
class Contest:
    """All ways over files of growing length, and the loop over a sample of the program's own rows."""

    turns: list[Turn]
    loop: Turn

    def of(self, way: str, rows: int) -> Turn | None:
        return next((turn for turn in self.turns if (turn.way, turn.rows) == (way, rows)), None)

    @property
    def lengths(self) -> list[int]:
        return sorted({turn.rows for turn in self.turns})


def contest(lengths: Sequence[int], environment: dict[str, str], root: Path) -> Contest:
    """Generate each length, time every way. SystemExit where two ways disagree about the first city's total."""
    turns: list[Turn] = []
    for rows in lengths:
        with tempfile.TemporaryDirectory(prefix="chuangwen-bench-") as name:
            nation = made(Path(name), rows)
            ways = ["engine", "hand"] + ["pandas"] * (rows <= PANDAS_AT_MOST)
            found = [_best(way, nation, environment, root) for way in ways]
        totals = [turn.total for turn in found if turn.total is not None]
        if len(totals) < len(ways) or max(totals) - min(totals) > AGREE:
            raise SystemExit(f"The ways disagree over {rows} rows: {dict(zip(ways, totals, strict=False))}.")
        turns += found
    return Contest(turns, _turn("loop", [str(SAMPLE)], environment, root))


def _best(way: str, nation: Nation, environment: dict[str, str], root: Path) -> Turn:
    words = [str(nation.rows), str(nation.observations), str(nation.places)]
    turns = [_turn(way, words, environment, root) for _turn_number in range(TURNS)]
    return min(turns, key=lambda turn: turn.seconds)


def _turn(way: str, words: list[str], environment: dict[str, str], root: Path) -> Turn:
    command = [sys.executable, "-m", "bench.contenders", way, *words]
    done = subprocess.run(command, check=False, cwd=root, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{way}: {done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return Turn(way, **told)
