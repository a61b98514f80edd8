"""Mutation tests of one part of the program, with files and tests as pyproject.toml groups them.

    make mutants AREA=audit                      run, then the survivors
    make mutants AREA=audit ARGS=chaining        only mutants with that (or another word) in their name
    scripts/mutants.py audit show NAME           what a survivor changed; without NAME every survivor

What was noticed is remembered in mutants/<part>/ and not tried again as long as function and change stay the
same; survivors are tried again every time. Delete the folder to begin anew.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "scripts")]
from mutation.changes import Mutant, digests, mutants_of  # noqa: E402

STAINED = 75
SILENT_FOR = 300  # seconds without a judgement after which native code hangs
NOTICED = ("killed", "timeout", "crashed", "equal")


def main() -> int:
    parts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["chuangwen"]["mutants"]
    name, *arguments = sys.argv[1:] or [""]
    if name not in parts:
        print(f"mutants: AREA must be one of {', '.join(sorted(parts))}", file=sys.stderr)
        return 2
    folder = ROOT / "mutants" / name
    folder.mkdir(parents=True, exist_ok=True)
    files = files_of(name, parts[name])
    if arguments[:1] == ["show"]:
        return show(folder, files, arguments[1:])
    began = time.monotonic()
    prepare(folder, files, parts[name]["tests"])
    code = run(folder, files, parts[name]["tests"], arguments)
    print(
        f"mutants: {time.monotonic() - began:.0f} s, {os.times().children_user + os.times().children_system:.0f} CPU-s"
    )
    return code or tell(folder, files)


def files_of(name: str, part: dict[str, Any]) -> list[str]:
    """Paths from the checkout; a file may be named by a pattern."""
    area = ROOT / "chuangwen" / part.get("area", name)
    found = [path for file in part["files"] for path in sorted(area.glob(f"{file}.py"))]
    return [str(path.relative_to(ROOT)) for path in found]


def prepare(folder: Path, files: list[str], tests: list[str]) -> None:
    """Forgets every mutant that is to be tried again, and which test reaches what if files or tests changed."""
    reach = folder / "reach.json"
    sources = [
        "pyproject.toml",
        *files,
        *(str(path) for test in tests for path in (ROOT / test, *(ROOT / test).rglob("*.py"))),
    ]
    if reach.exists() and max((ROOT / path).stat().st_mtime for path in sources) > reach.stat().st_mtime:
        reach.unlink()
    kept = [row for row in fates(folder) if row["fate"] in NOTICED]
    (folder / "fates.jsonl").write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")


def run(folder: Path, files: list[str], tests: list[str], only: list[str]) -> int:
    """Starts processes until one comes to its end.

    One that is stained, dies or hangs tried a function whose mutants are then tried one by one; a mutant that does
    it alone, at the start of its own turn, is judged by that.
    """
    careful: set[str] = set()
    while True:
        code = wait(folder, start(folder, files, tests, only, sorted(careful)))
        if code == 0:
            return 0
        current = folder / "current.json"
        if not current.exists():
            print((folder / "output.txt").read_text(encoding="utf-8")[-3000:], file=sys.stderr)
            return 1
        tried = json.loads(current.read_text(encoding="utf-8"))["digests"]
        if len(tried) == 1 and tried[0] in careful:
            fate = {STAINED: "killed", None: "timeout"}.get(code, "crashed")
            with (folder / "fates.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps({"name": "", "digest": tried[0], "fate": fate, "by": ""}) + "\n")
        careful.update(tried)


def start(
    folder: Path, files: list[str], tests: list[str], only: list[str], careful: list[str]
) -> subprocess.Popen[bytes]:
    (folder / "current.json").unlink(missing_ok=True)
    shutil.rmtree(folder / "tmp", ignore_errors=True)
    plan = json.dumps({"folder": str(folder), "files": files, "only": only, "careful": careful})
    environment = {**os.environ, "MUTATION_PLAN": plan, "PYTHONPATH": f"{ROOT / 'scripts'}", "PYTHONHASHSEED": "0"}
    options = ["-p", "mutation.trying", "-p", "no:randomly", "--no-migrations", "-q"]
    options += ["-o", f"cache_dir={folder.parent / 'cache'}"]  # an empty site's database is made once
    options += ["-m", "not browser", "--tb=line", "--assert=plain", f"--basetemp={folder / 'tmp'}"]
    command = ["nice", "-n", "10", sys.executable, "-m", "pytest", *options, *tests]
    with (folder / "output.txt").open("wb") as output:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)


def wait(folder: Path, process: subprocess.Popen[bytes]) -> int | None:
    """The process's exit code, None if it had to be ended because a mutant hangs where no signal reaches it."""
    while True:
        try:
            return process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            current = folder / "current.json"
            if current.exists() and time.time() - current.stat().st_mtime > SILENT_FOR:
                process.kill()
                process.wait()
                return None


def fates(folder: Path) -> list[dict[str, Any]]:
    file = folder / "fates.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines]


def show(folder: Path, files: list[str], names: list[str]) -> int:
    """Prints what the named mutants change, or every one that no test noticed."""
    fated = {row["digest"]: row["fate"] for row in fates(folder)}
    for digest, mutant in all_of(files).items():
        if mutant.name in names if names else fated.get(digest, "killed") not in NOTICED:
            print(mutant.difference(), end="\n\n")
    return 0


def all_of(files: list[str]) -> dict[str, Mutant]:
    return digests([m for file in files for m in mutants_of(file, (ROOT / file).read_text(encoding="utf-8"))])


def tell(folder: Path, files: list[str]) -> int:
    """Prints how many of each fate there are and names those that no test noticed; 1 when there are such."""
    now = all_of(files)
    rows = [row for row in fates(folder) if row["digest"] in now and row["fate"] != "equal"]
    lived = [row for row in rows if row["fate"] not in NOTICED]
    for row in lived:
        print(f"    {row['fate']}: {now[row['digest']].name}")
    counted = Counter(row["fate"] for row in rows)
    print(f"mutants: {len(rows)} tried: {', '.join(f'{count} {fate}' for fate, count in sorted(counted.items()))}")
    return 1 if lived else 0


if __name__ == "__main__":
    sys.exit(main())
