"""Gets a site ready to serve: tables, static files, and for the demo a told year.

Run as a process of its own (`python -m chuangwen.config.preparing`), so that the memory it takes
is given back before the server starts. What is done is remembered by a stamp, so that a second
start need not look again.
"""

from __future__ import annotations

import argparse
import fcntl
import gc
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chuangwen.config.environment import STATIC_ROOT, VAR_DIR, text
from chuangwen.config.refusing import load_settings, site_told

PACKAGE = Path(__file__).resolve().parent.parent
STAMP = VAR_DIR / "prepared"
ADVISORY_LOCK = 0x6368756E  # "chun"
INTERRUPTED = 130  # what a shell says of a program that Ctrl-C ended


def wanted_stamp(*, demo: bool) -> str:
    """A digest of what preparation depends on: migrations, built front end, database, demo or not."""
    found = hashlib.sha256(f"{demo} {text('DATABASE_URL')} {STATIC_ROOT}".encode())
    built = PACKAGE / "core" / "static" / "chuangwen" / ".built"
    for path in [*sorted(PACKAGE.glob("*/migrations/*.py")), built]:
        if path.exists():
            found.update(f"{path.relative_to(PACKAGE)}\n".encode() + path.read_bytes())
    return found.hexdigest()


def is_prepared(*, demo: bool) -> bool:
    """Whether a start may skip preparation. A database that is gone is noticed; one elsewhere is looked at again."""
    if text("DATABASE_URL"):
        return False
    there = (VAR_DIR / "chuangwen.sqlite3").exists() and (STATIC_ROOT / "staticfiles.json").exists()
    return there and STAMP.exists() and STAMP.read_text() == wanted_stamp(demo=demo)


def reset() -> None:
    """Forget the embedded site: database and files under var/. SystemExit where the data lie elsewhere."""
    if text("DATABASE_URL") or text("STORAGE_URL"):
        sys.exit(
            "Only the embedded site can be reset, and DATABASE_URL or STORAGE_URL names another. Unset them first."
        )
    STAMP.unlink(missing_ok=True)
    for path in VAR_DIR.glob("chuangwen.sqlite3*"):
        path.unlink()
    shutil.rmtree(VAR_DIR / "files", ignore_errors=True)


@contextmanager
def sole_server(address: str) -> Iterator[None]:
    """Hold this site's data for one server. SystemExit where another process serves them already.

    The lock goes with the process that holds it, however that ends.
    """
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (VAR_DIR / "serving.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            sys.exit(
                f"The data in {VAR_DIR} are being served already: {lock.read().strip()}.\n"
                "Use that one, end it with Ctrl-C, or name another folder: CHUANGWEN_VAR=…"
            )
        lock.truncate(0)
        lock.write(f"{address} (process {os.getpid()})\n")
        lock.flush()
        yield


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Processes of a site that start together prepare it one after another; the later ones find it done."""
    from django.db import connection  # noqa: PLC0415

    VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (VAR_DIR / "prepare.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("  another process is preparing this site; waiting for it…", flush=True)  # noqa: T201
            fcntl.flock(lock, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:  # machines that share a database
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def _is_collected() -> bool:
    """Whether the collected static files are younger than the built front end."""
    manifest, built = STATIC_ROOT / "staticfiles.json", PACKAGE / "core" / "static" / "chuangwen" / ".built"
    return manifest.exists() and built.exists() and manifest.stat().st_mtime >= built.stat().st_mtime


def prepare(*, demo: bool) -> None:
    """Migrate, collect static files, and fill an empty demo. Safe to run again after a crash at any moment."""
    load_settings()
    from django.core.management import call_command  # noqa: PLC0415

    with _one_at_a_time():
        call_command("migrate", verbosity=0, interactive=False)
        if not _is_collected():
            call_command("collectstatic", verbosity=0, interactive=False)
        if demo:
            from chuangwen.config.demo.fill import fill, is_empty  # noqa: PLC0415

            if is_empty():
                fill(say=lambda line: print(f"  {line}", flush=True))  # noqa: T201
        STAMP.write_text(wanted_stamp(demo=demo))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", action="store_true")
    options = parser.parse_args()
    gc.freeze()
    gc.set_threshold(50_000)  # a process that soon ends and keeps what it makes need not look for garbage often
    try:
        with site_told():
            prepare(demo=options.demo)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
