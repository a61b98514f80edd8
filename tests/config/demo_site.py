"""The demo filled once for all tests that look at it, in a process and a folder of its own.

`python -m tests.config.demo_site VAR DAY` fills VAR as on DAY, writes a canonical dump of every table
beside it and prints the CPU seconds that the fill took.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

DAY = "2026-11-18"  # a Wednesday: the running round is in the middle of its visits

# What may differ from fill to fill, and why.
RANDOM = {
    ("core_attachment", "uid"): "random, so that addresses cannot be guessed",
    ("core_workbookimport", "uid"): "random, so that addresses cannot be guessed",
    ("core_job", "uid"): "random, so that addresses cannot be guessed",
    ("places_place", "plate"): "random, so that a plate cannot be guessed",
    ("inspections_visit", "uid"): "random, so that addresses cannot be guessed",
    ("inspections_enteredresult", "uid"): "random, so that addresses cannot be guessed",
    ("scoring_outsideresult", "uid"): "random, so that addresses cannot be guessed",
    ("honors_family", "digest"): "keyed with the site's own key",
    ("accounts_user", "password"): "salted",
    ("accounts_user", "date_joined"): "the true time",
}
MADE = ("core_searchgram",)  # by the database, from rows that are compared themselves
NOT_OURS = ("django_", "auth_", "sqlite_", "account_", "axes_", "mfa_", "usersessions_", "socialaccount_")


def dump(database: Path) -> dict[str, list[list[Any]]]:
    """Every row of every table of ours, in the order of its key, without what is RANDOM."""
    connection = sqlite3.connect(database)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
    found = {}
    for name in names:
        if name.startswith(NOT_OURS + MADE):
            continue
        columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
        kept = [column for column in columns if (name, column) not in RANDOM]
        listed = ", ".join(f'"{column}"' for column in kept)
        rows = connection.execute(f'SELECT {listed} FROM "{name}" ORDER BY 1')  # noqa: S608 (names of our own tables)
        found[name] = [kept, *(list(row) for row in rows)]
    connection.close()
    return found


def main() -> None:
    var, day = Path(sys.argv[1]), sys.argv[2]
    os.environ["CHUANGWEN_VAR"] = str(var)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangwen.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    from datetime import date

    from chuangwen.config.demo.fill import fill

    call_command("migrate", verbosity=0)
    gc.freeze()
    gc.set_threshold(50_000)
    began = time.process_time()
    fill(today=date.fromisoformat(day))
    took = time.process_time() - began
    text = json.dumps(dump(var / "chuangwen.sqlite3"), ensure_ascii=False, default=repr, indent=0)
    (var / "dump.json").write_text(text)
    files = sorted(path.relative_to(var).as_posix() for path in (var / "files").rglob("*") if path.is_file())
    (var / "files.txt").write_text("\n".join(files))
    print(json.dumps({"cpu": took, "sha256": hashlib.sha256(text.encode()).hexdigest()}))  # noqa: T201


if __name__ == "__main__":
    main()
