"""An empty, migrated SQLite site, made once as long as no migration changes, and given away as a copy.

Migrating takes ten seconds, of which a test of backups, fills or killed processes learns nothing; whether the
migrations themselves are whole is looked at by tests/rules, and a fresh clone has nothing to copy yet.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from chuangwen.core.gram_index import registered
from chuangwen.core.gram_triggers import names

ROOT = Path(__file__).parents[2]
NAME = "chuangwen.sqlite3"
MIGRATE = "import django; django.setup(); import django.core.management as m; m.call_command('migrate', verbosity=0)"


def environment(var: Path) -> dict[str, str]:
    """The environment of a process whose site is the embedded one in `var`."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "STORAGE_URL", "DEBUG"}}
    return kept | {"CHUANGWEN_VAR": str(var), "DJANGO_SETTINGS_MODULE": "chuangwen.config.settings"}


def made_of() -> str:
    """A digest of what an empty site comes from: our migrations, the packages' versions, the index's triggers."""
    digest = hashlib.sha256()
    for file in [*sorted(ROOT.glob("chuangwen/*/migrations/*.py")), ROOT / "requirements.lock"]:
        digest.update(f"{file.name}\0".encode() + file.read_bytes())
    for one in registered():
        digest.update(repr(sorted(names(one.indexed, "sqlite"))).encode())
    return digest.hexdigest()[:16]


class Migrated:
    """The database of an empty site, in a folder of `kept` that all processes and later runs share."""

    def __init__(self, kept: Path) -> None:
        self._var = kept / made_of()

    def copy_to(self, file: Path) -> None:
        """Write the database to `file`; the first to ask makes it, the others wait; older makes go."""
        self._var.mkdir(parents=True, exist_ok=True)
        with (self._var / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self._var / "made").exists():
                subprocess.run([sys.executable, "-c", MIGRATE], check=True, cwd=ROOT, env=environment(self._var))
                (self._var / "made").touch()
                for older in self._var.parent.iterdir():
                    if older != self._var:
                        shutil.rmtree(older, ignore_errors=True)
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self._var / NAME, file)

    def site(self, var: Path) -> dict[str, str]:
        """An empty site in `var`; returns the environment of its processes."""
        self.copy_to(var / NAME)
        return environment(var)
