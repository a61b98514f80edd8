"""Mutation tests of one part of the program: mutmut, with files and tests as pyproject.toml groups them.

mutmut knows one configuration for a checkout; here a part has its own files and its own tests, so
that a run takes minutes. Each part gets a folder under mutants/ with links to the checkout and a
configuration of its own; mutmut works there and remembers there what it has already tried.

    make mutants AREA=audit                      run, then the survivors
    make mutants AREA=audit ARGS="*chaining*"    only these
    scripts/mutants.py audit show NAME           what a survivor changed
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINKED = ("chuangwen", "tests", "scripts", "docs", "tools", "manage.py", "pyproject.toml")
TABLES = "tables.sqlite3"  # made by scripts/mutant_database.py
WORKERS = os.environ.get("TEST_WORKERS", "2")


def main() -> int:
    parts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["chuangwen"]["mutants"]
    name, *arguments = sys.argv[1:] or [""]
    if name not in parts:
        print(f"mutants: AREA must be one of {', '.join(sorted(parts))}", file=sys.stderr)
        return 2
    folder = prepare(name, parts[name])
    if arguments[:1] == ["show"]:
        return mutmut(folder, *arguments).returncode
    (folder / TABLES).unlink(missing_ok=True)  # so that the models of now are in it
    code = mutmut(folder, "run", "--max-children", WORKERS, *arguments).returncode
    return code or tell(folder)


def prepare(name: str, part: dict) -> Path:
    """The part's folder, its links and its configuration as they are in pyproject.toml now."""
    folder = ROOT / "mutants" / name
    folder.mkdir(parents=True, exist_ok=True)
    for linked in LINKED:
        link = folder / linked
        if not link.is_symlink():
            link.symlink_to(ROOT / linked)
    area = part.get("area", name)
    files = [f"chuangwen/{area}/{file}.py" for file in part["files"]]
    return configured(folder, files, part["tests"], isolated=part.get("isolated", False))


def configured(folder: Path, files: list[str], tests: list[str], *, isolated: bool) -> Path:
    """`isolated` forks from a process that has imported nothing: the threads of polars do not outlive a fork.
    Each mutant then imports all it needs, which is given time before it counts as hung.
    """
    lists = {
        "source_paths": ["chuangwen"],
        "only_mutate": files,
        "also_copy": ["scripts", "docs", "tools", "manage.py"],
        "pytest_add_cli_args_test_selection": tests,
        "pytest_add_cli_args": [
            "-p",
            "no:cacheprovider",
            "-p",
            "scripts.mutant_database",
            "--no-migrations",
            "-m",
            "not browser",
        ],
    }
    lines = ["[mutmut]"]
    if isolated:
        lines += ["process_isolation = forkserver", "forkserver_warmup = none", "timeout_constant = 60.0"]
    for key, values in lists.items():
        lines += [f"{key} =", *(f"    {value}" for value in values)]
    (folder / "setup.cfg").write_text("\n".join([*lines, ""]), encoding="utf-8")
    return folder


def mutmut(folder: Path, *arguments: str, **options) -> subprocess.CompletedProcess:
    command = ["nice", "-n", "10", sys.executable, "-m", "mutmut", *arguments]
    environment = {**os.environ, "MUTANTS_DATABASE": str(folder / TABLES)}
    return subprocess.run(command, check=False, cwd=folder, text=True, env=environment, **options)


def tell(folder: Path) -> int:
    """Prints how many of each fate there are and names those that no test noticed; 1 when there are such."""
    lines = mutmut(folder, "results", "--all", "1", capture_output=True).stdout.splitlines()
    fates = dict(line.strip().rsplit(": ", 1) for line in lines if ": " in line)
    counted = Counter(fates.values())
    lived = sorted(name for name, fate in fates.items() if fate not in ("killed", "timeout", "caught by type check"))
    for mutant in lived:
        print(f"    {fates[mutant]}: {mutant}")
    print(f"mutants: {len(fates)} tried: {', '.join(f'{count} {fate}' for fate, count in sorted(counted.items()))}")
    return 1 if lived else 0


if __name__ == "__main__":
    sys.exit(main())
