"""Is every area's rule tested? At least 95 % of the branches and of the statements of each, or the run fails.

Counted are services, queries, workflow and pure files; screens and wiring (SCREENS) are walked by
other tests and are left out. Reads what pytest-cov wrote into `.coverage`.

    pytest --cov --cov-report= tests/audit && scripts/covered.py audit     one area, its files under the bar
    scripts/covered.py --run                                               runs all tests on SQLite, then every area
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from coverage import Coverage
from coverage.exceptions import CoverageException

ROOT = Path(__file__).resolve().parent.parent
BAR = 95.0
# names of files without .py, with `*_views` and `*_urls`; and of folders
SCREENS = frozenset(
    ("apps", "context", "forms", "lists", "listing", "models", "pages", "settings", "urls", "views", "wsgi")
)
SCREEN_FOLDERS = frozenset(("migrations", "templatetags", "views"))
# Fills the demo; tested as one run of `chuangwen demo`, which is no use while one works on an area.
NOT_RULES = ("chuangwen/config/demo/",)


@dataclass
class Area:
    """Sums over the files of one area."""

    name: str
    statements: list[int] = field(default_factory=lambda: [0, 0])
    branches: list[int] = field(default_factory=lambda: [0, 0])
    files: list[tuple[str, float, str]] = field(default_factory=list)

    def add(self, path: str, figures: dict) -> None:
        """`figures` is one file of coverage's JSON report."""
        summary = figures["summary"]
        statements = [summary["covered_lines"], summary["num_statements"]]
        branches = [summary["covered_branches"], summary["num_branches"]]
        self.statements = [a + b for a, b in zip(self.statements, statements, strict=True)]
        self.branches = [a + b for a, b in zip(self.branches, branches, strict=True)]
        least = min(share(statements), share(branches))
        if least < BAR:
            self.files.append((path, least, missing(figures)))

    @property
    def least(self) -> float:
        return min(share(self.statements), share(self.branches))


def share(pair: list[int]) -> float:
    """Percent of the pair (covered, all); nothing to cover is covered."""
    return 100.0 * pair[0] / pair[1] if pair[1] else 100.0


def missing(figures: dict) -> str:
    """`12-15, 20->22`: lines never run, and jumps never taken from lines that were."""
    lost = figures["missing_lines"]
    seen = set(figures["executed_lines"])
    runs: list[list[int]] = []
    for line in lost:
        if runs and not any(between in seen for between in range(runs[-1][1], line)):
            runs[-1][1] = line
        else:
            runs.append([line, line])
    jumps = [f"{start}->{end if end > 0 else 'exit'}" for start, end in figures["missing_branches"] if start in seen]
    return ", ".join([*(f"{a}-{b}" if a != b else str(a) for a, b in runs), *jumps])


def is_rule(path: str) -> bool:
    """Whether the file must reach the bar."""
    *folders, name = path.removesuffix(".py").split("/")[2:]
    screen = name in SCREENS or name.endswith(("_views", "_urls")) or SCREEN_FOLDERS & set(folders)
    return not screen and not path.startswith(NOT_RULES)


def areas(files: dict[str, dict]) -> dict[str, Area]:
    """Every area of the package with its sums, by name."""
    found: dict[str, Area] = {}
    for path, figures in sorted(files.items()):
        parts = path.split("/")
        if len(parts) > 2 and parts[0] == "chuangwen" and is_rule(path):
            found.setdefault(parts[1], Area(parts[1])).add(path, figures)
    return found


def report() -> dict[str, dict]:
    """coverage's own JSON report, file by file."""
    measured = Coverage(data_file=ROOT / ".coverage", config_file=ROOT / "pyproject.toml")
    measured.load()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "coverage.json"
        measured.json_report(outfile=str(target))
        return json.loads(target.read_text(encoding="utf-8"))["files"]


def tell(found: Iterable[Area], names: list[str]) -> int:
    """Prints the areas and returns 1 when one of them is under the bar."""
    low = []
    print(f"{'area':<18}{'statements':>12}{'branches':>10}")
    for area in found:
        mark = "" if area.least >= BAR else f"  under {BAR:.0f} %"
        print(f"{area.name:<18}{share(area.statements):>10.1f} %{share(area.branches):>8.1f} %{mark}")
        if area.least < BAR:
            low.append(area.name)
        if area.least < BAR or names:
            for path, least, lost in sorted(area.files, key=lambda row: row[1]):
                print(f"    {least:5.1f} %  {path}: {lost}")
    return 1 if low else 0


def run() -> int:
    """All tests but those in a browser, on SQLite, two at a time."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not browser", "--cov", "--cov-report="]
    workers = ["-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "worksteal"]
    clean = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.run([*command, *workers], check=False, cwd=ROOT, env=clean).returncode


def main() -> int:
    names = sys.argv[1:]
    if names[:1] == ["--run"]:
        names = names[1:]
        if failed := run():
            return failed
    try:
        found = areas(report())
    except CoverageException as fault:
        print(f"covered: {fault}. Run the tests with --cov first: docs/testing.md", file=sys.stderr)
        return 2
    unknown = [name for name in names if name not in found]
    if unknown:
        print(f"covered: no such area: {', '.join(unknown)}. There are: {', '.join(sorted(found))}", file=sys.stderr)
        return 2
    return tell([area for name, area in sorted(found.items()) if not names or name in names], names)


if __name__ == "__main__":
    sys.exit(main())
