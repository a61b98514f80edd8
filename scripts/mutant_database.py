"""For mutation tests: the tables are made once for a run, and each mutant's tests begin with a copy of the file.

A plugin of pytest, loaded by scripts/mutants.py. Making the tables took more than half of what a mutant cost.
"""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.sqlite3.creation import DatabaseCreation

MADE = Path(os.environ["MUTANTS_DATABASE"])
make = DatabaseCreation.create_test_db


def copied(self: Any, *args: Any, **options: Any) -> str:
    """In the place of `create_test_db`: the first call makes the tables and keeps them, later ones copy them."""
    if not MADE.exists():
        name = make(self, *args, **options)
        with self.connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(MADE)])
        return name
    name = self._get_test_db_name()
    self.connection.close()
    shutil.copyfile(MADE, name)
    settings.DATABASES[self.connection.alias]["NAME"] = self.connection.settings_dict["NAME"] = name
    return name


@pytest.hookimpl
def pytest_sessionstart() -> None:
    """What is loaded by now stays: looking for garbage in it at the end of each run was the next in cost."""
    DatabaseCreation.create_test_db = copied
    gc.freeze()
