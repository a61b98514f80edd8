"""The demo: the same at every run, of the size and in all the states that it promises, within its time."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from chuangwen.core.gram_index import registered
from chuangwen.core.grams import grams_of
from chuangwen.core.workdays import default_calendar
from chuangwen.inspections.enums import VisitState
from chuangwen.rectification.enums import ProblemState, Source
from tests.config.demo_site import DAY, RANDOM
from tests.support.migrated import Migrated

ROOT = Path(__file__).parents[2]
CPU_SECONDS = 65  # half as much again as beside a dozen other busy processes, which make each second count for less
LOCAL = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="the demo stands on the embedded database")


@dataclass(frozen=True)
class Filled:
    """A demo on disk, its dump, and what filling it took."""

    var: Path
    tables: dict[str, list[list[Any]]]
    files: list[str]
    cpu: float

    def rows(self, table: str, *columns: str) -> list[tuple[Any, ...]]:
        places = [self.tables[table][0].index(column) for column in columns]
        return [tuple(row[place] for place in places) for row in self.tables[table][1:]]

    def of_region(self, table: str, code: str, *columns: str) -> list[tuple[Any, ...]]:
        keys = {name: pk for pk, name in self.rows("core_region", "id", "code")}
        return [row[1:] for row in self.rows(table, "region_id", *columns) if row[0] == keys[code]]

    def count(self, table: str, column: str) -> Counter[Any]:
        return Counter(value for (value,) in self.rows(table, column))


@pytest.fixture(scope="session")
def two_fills(tmp_path_factory: pytest.TempPathFactory, migrated: Migrated) -> list[Filled]:
    """Two fills side by side, with different orders of Python's sets; made once for all processes of a test run."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    base = tmp_path_factory.getbasetemp()
    folders = [(base if alone else base.parent) / f"demo-{seed}" for seed in ("1", "2")]
    with (folders[0].parent / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not all((var / "told").exists() for var in folders):
            _fill(folders, migrated)
    return [_read(var) for var in folders]


def _fill(folders: list[Path], migrated: Migrated) -> None:
    started = []
    for seed, var in enumerate(folders, start=1):
        command = [sys.executable, "-m", "tests.config.demo_site", str(var), DAY]
        environment = migrated.site(var) | {"PYTHONHASHSEED": str(seed)}
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment))
    for var, process in zip(folders, started, strict=True):
        told, _errors = process.communicate()
        assert process.returncode == 0
        (var / "told").write_text(told)


def _read(var: Path) -> Filled:
    tables = json.loads((var / "dump.json").read_text())
    told = json.loads((var / "told").read_text().splitlines()[-1])
    return Filled(var, tables, (var / "files.txt").read_text().split("\n"), told["cpu"])


@pytest.fixture(scope="session")
def filled(two_fills: list[Filled]) -> Filled:
    return two_fills[0]


def local(text: str) -> datetime:
    """A moment as SQLite keeps it, in the office's time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("UTC")).astimezone(LOCAL)


def test_two_fills_are_alike_but_for_what_is_random(two_fills: list[Filled]) -> None:
    first, second = two_fills
    assert first.tables.keys() == second.tables.keys()
    differing = {name: next((pair for pair in zip(rows, second.tables[name], strict=False) if pair[0] != pair[1]), None)
                 for name, rows in first.tables.items() if rows != second.tables[name]}  # fmt: skip
    assert differing == {}
    assert first.files == second.files


def test_what_is_said_to_be_random_is(two_fills: list[Filled]) -> None:
    """An exception that is none any more must go from the list."""
    alike = []
    for table, column in RANDOM:
        found = []
        for fill in two_fills:
            database = sqlite3.connect(fill.var / "chuangwen.sqlite3")
            found.append(database.execute(f'SELECT "{column}" FROM "{table}" ORDER BY id').fetchall())  # noqa: S608
            database.close()
        if found[0] == found[1] and found[0]:
            alike.append((table, column))
    assert alike == []


def test_fill_keeps_to_its_time(two_fills: list[Filled]) -> None:
    assert min(fill.cpu for fill in two_fills) < CPU_SECONDS


def test_city_has_the_size_of_a_county_level_one(filled: Filled) -> None:
    kinds = [kind for (kind,) in filled.of_region("organizations_unit", "yunxi", "kind")]
    assert 65 <= len(kinds) - kinds.count("office") <= 90
    places = filled.rows("places_place", "place_type_id", "declared")
    assert sum(declared for _type, declared in places) == 500
    assert len({place_type for place_type, declared in places if declared}) == 21
    assert len(filled.rows("directives_document", "id")) == 3


def test_committee_has_its_agencies_and_their_titles(filled: Filled) -> None:
    """85 agencies; 25 provincial, 30 municipal and 15 district titles stand, one of them under a yellow card."""
    depths = Counter(depth for (depth,) in filled.of_region("organizations_unit", "chujiang-agencies", "depth"))
    assert (depths[2], depths[3] > 500) == (85, True)
    levels = dict(filled.of_region("campaigns_title", "chujiang-agencies", "id", "level"))
    awards = filled.of_region("honors_award", "chujiang-agencies", "title_id", "state")
    held = Counter(levels[title] for title, state in awards if state in {"valid", "yellow"})
    assert (held["province"], held["city"], held["county"]) == (25, 30, 15)
    states = Counter(state for _title, state in awards)
    assert (states["yellow"], states["delisted"]) == (1, 1)
    applications = Counter(state for (state,) in filled.of_region("honors_application", "chujiang-agencies", "state"))
    assert (applications["draft"], applications["submitted"]) == (2, 2)


def test_one_round_is_finished_and_one_runs(filled: Filled) -> None:
    states = dict(filled.rows("campaigns_round", "id", "state"))
    assert sorted(states.values()) == ["closed", "running"]
    visits = filled.rows("inspections_visit", "round_id", "kind", "state")
    for pk, state in states.items():
        kinds = Counter(kind for round_id, kind, _state in visits if round_id == pk)
        assert kinds == {"drawn": 70, "ad-hoc": 12}
        found = {one for round_id, _kind, one in visits if round_id == pk}
        wanted = (
            {VisitState.FINISHED}
            if state == "closed"
            else {VisitState.FINISHED, VisitState.PLANNED, VisitState.STARTED}
        )
        assert found == wanted


def test_problems_stand_in_every_state_from_every_source(filled: Filled) -> None:
    states, sources = (filled.count("rectification_problem", name) for name in ("state", "source"))
    assert 700 <= states.total() <= 900
    assert {state: n for state in ProblemState.values if (n := states[state]) < 3} == {}
    assert {source: n for source in Source.values if (n := sources[source]) < 5} == {}


def test_some_is_late_some_came_back_and_some_was_returned(filled: Filled) -> None:
    rows = filled.rows(
        "rectification_problem", "state", "due_at", "recurrence_of_id", "returned_times", "closed_in_time"
    )
    now = datetime.fromisoformat(f"{DAY}T10:30:00").replace(tzinfo=LOCAL)
    late = [row for row in rows if row[0] in {"assigned", "returned"} and local(row[1]) < now]
    assert 3 <= len(late) <= 60
    assert sum(row[2] is not None for row in rows) >= 8
    assert sum(row[3] > 0 for row in rows) >= 30
    assert Counter(row[4] for row in rows)[0] >= 50


def test_tasks_are_on_time_and_late_and_in_dispute(filled: Filled) -> None:
    states = filled.count("responsibilities_task", "state")
    assert {"issued", "accepted", "objected", "reported", "confirmed"} <= states.keys()
    assert states.total() >= 60


def test_nothing_happens_outside_working_days_or_after_now(filled: Filled) -> None:
    now = datetime.fromisoformat(f"{DAY}T10:30:00").replace(tzinfo=LOCAL)
    calendar = default_calendar()
    moments = [local(text) for (text,) in filled.rows("rectification_problem", "found_at")]
    moments += [
        local(text) for text, kind in filled.rows("workflow_step", "at", "object_type") if kind != "campaigns.round"
    ]
    assert [one for one in moments if one > now] == []
    assert [one for one in moments if not calendar.is_workday(one.date())] == []


def test_no_description_is_told_too_often_or_twice_in_a_row(filled: Filled) -> None:
    rows = filled.rows("rectification_problem", "title", "state")
    titles = [title for title, state in rows if state != "merged"]  # those were told in the words of another one
    assert max(Counter(titles).values()) <= 12
    assert [first for first, second in pairwise(titles) if first == second] == []


def test_after_photos_differ_from_before_photos_and_from_each_other(filled: Filled) -> None:
    files = dict(filled.rows("core_attachment", "id", "file_id"))
    by_role: dict[str, list[int]] = {}
    for attachment, role in filled.rows("rectification_problemphoto", "attachment_id", "role"):
        by_role.setdefault(role, []).append(files[attachment])
    assert set(by_role["before"]) & set(by_role["after"]) == set()
    assert len(set(by_role["after"])) == len(by_role["after"])


def test_words_of_every_row_are_in_the_index(filled: Filled) -> None:
    database = sqlite3.connect(filled.var / "chuangwen.sqlite3")
    for one in registered():
        indexed = one.indexed
        rows = database.execute(f"SELECT id, {', '.join(indexed.columns)} FROM {indexed.table}")  # noqa: S608
        due = {(gram, key) for key, *texts in rows for gram in grams_of("\n".join(texts))}
        kept = database.execute("SELECT gram, object_id FROM core_searchgram WHERE kind = ?", [indexed.kind])
        assert due
        assert set(kept) == due
    database.close()


def test_audit_chain_is_whole(filled: Filled) -> None:
    command = [sys.executable, "-m", "chuangwen.config.cli", "audit", "verify"]
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DEBUG"}}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=ROOT, env=kept | {"CHUANGWEN_VAR": str(filled.var)}
    )
    assert (done.returncode, done.stdout[:2]) == (0, "ok")


def test_counts_on_every_start_page_are_those_of_the_lists_behind_them(filled: Filled) -> None:
    """What a figure, a line or the navigation counts is what its link opens, for every account of the demo."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "STORAGE_URL", "DEBUG"}}
    command = [sys.executable, "-m", "tests.config.desk_counts", str(filled.var), DAY]
    told = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=kept, check=True).stdout
    lines = [json.loads(line) for line in told.splitlines()]
    papers = "/directives/"  # counts the directives that wait, and lists the papers that hold them
    compared = [line for line in lines if line[4] is not None and line[2] != papers]
    assert [line for line in compared if line[3] != line[4]] == []
    assert (len(compared) > 25, {line[0] for line in compared} >= {"office", "leader", "chengguan"}) == (True, True)
