"""An empty, migrated SQLite site, made once for all processes of a test run and given away as a copy.

Migrating takes seconds of which a test of backups, fills or killed processes learns nothing.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME = "chuangwen.sqlite3"
MIGRATE = "import django; django.setup(); import django.core.management as m; m.call_command('migrate', verbosity=0)"


def environment(var: Path) -> dict[str, str]:
    """The environment of a process whose site is the embedded one in `var`."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "STORAGE_URL", "DEBUG"}}
    return kept | {"CHUANGWEN_VAR": str(var), "DJANGO_SETTINGS_MODULE": "chuangwen.config.settings"}


class Migrated:
    """The database of an empty site, in `folder`, which all processes of the run share."""

    def __init__(self, folder: Path) -> None:
        self._var = folder / "migrated"

    def copy_to(self, file: Path) -> None:
        """Write the database to `file`; the first to ask makes it, the others wait."""
        self._var.mkdir(exist_ok=True)
        with (self._var / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self._var / "made").exists():
                subprocess.run([sys.executable, "-c", MIGRATE], check=True, cwd=ROOT, env=environment(self._var))
                (self._var / "made").touch()
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self._var / NAME, file)

    def site(self, var: Path) -> dict[str, str]:
        """An empty site in `var`; returns the environment of its processes."""
        self.copy_to(var / NAME)
        return environment(var)
