"""A demo whose first start was cut off begins anew by itself."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.support.migrated import Migrated

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="the demo stands on the embedded database")


def test_killed_fill_leaves_an_empty_site_that_is_not_taken_for_prepared(tmp_path: Path, migrated: Migrated) -> None:
    environment = migrated.site(tmp_path) | {"STATIC_ROOT": str(tmp_path / "static")}
    command = [sys.executable, "-u", "-m", "chuangwen.config.preparing", "--demo"]
    filling = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
    assert filling.stdout is not None
    assert "places" in filling.stdout.readline()  # the city stands, its year has begun
    filling.send_signal(signal.SIGKILL)
    filling.communicate()
    database = sqlite3.connect(tmp_path / "chuangwen.sqlite3")
    assert database.execute("SELECT count(*) FROM core_region").fetchone() == (0,)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
    program = (
        "from chuangwen.config.preparing import is_prepared; import django; django.setup()\n"
        "from chuangwen.config.demo.fill import is_empty; print(is_prepared(demo=True), is_empty())"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, env=environment, check=True
    )
    assert told.stdout.split() == ["False", "True"]
