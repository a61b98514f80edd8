"""Which shapes of SQL each test executes, noted while the tests run on SQLite, and which tests PostgreSQL needs then.

A shape is a statement without its values, with their types, of which PostgreSQL thinks more strictly. Most tests ask
the second database what others have asked it already; chosen are, quick ones first, as many tests as it takes for
every shape to be executed by two of them. A statement that failed is a shape of its own, since PostgreSQL goes on
otherwise after it, and so is a read with a lock, which SQLite leaves out of the text.
"""

from __future__ import annotations

import heapq
import json
import re
import resource
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

TWICE = 2  # tests that execute each shape on the second database
OVERHEAD = 0.02  # seconds that the frame of any test takes there

WORD_ONLY = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA")  # and a name that nobody else has
TEXT = re.compile(r"'(?:[^']|'')*'")
NUMBER = re.compile(r'(?<![\w".])-?\d+(?:\.\d+)?\b')
LIST = re.compile(r"(%s|\?)(?:, (?:%s|\?))+")
ROWS = re.compile(r"(\([^()]*\))(?:, \1)+")


@cache
def shape(sql: str) -> str:
    """The statement without literals; lists of values and of rows as one."""
    if (first := sql.split(None, 1)[0].upper()) in WORD_ONLY:
        return first
    return ROWS.sub(r"\1", LIST.sub(r"\1…", NUMBER.sub("?", TEXT.sub("?", sql))))


@dataclass(frozen=True)
class Noted:
    """What one test took and executed."""

    seconds: float
    shapes: frozenset[str]


class Notebook:
    """Notes the statements of the test that runs, of every connection of this process."""

    def __init__(self) -> None:
        self.tests: dict[str, Noted] = {}
        self._now: set[str] | None = None
        self._unfit: set[str] = set()

    def listen(self) -> None:
        """From now on. Connections that are made later, in threads, are heard too."""
        connect, as_sql = BaseDatabaseWrapper.__init__, SQLCompiler.as_sql

        def made(database: BaseDatabaseWrapper, *args: Any, **kwargs: Any) -> None:
            connect(database, *args, **kwargs)
            database.execute_wrappers.append(self._statement)

        def compiled(compiler: SQLCompiler, *args: Any, **kwargs: Any) -> Any:
            result = as_sql(compiler, *args, **kwargs)
            if self._now is not None and compiler.query.select_for_update:
                self._now.add(f"{shape(result[0])} FOR UPDATE {compiler.query.select_for_update_of or ''}")
            return result

        BaseDatabaseWrapper.__init__, SQLCompiler.as_sql = made, compiled  # type: ignore[method-assign]
        for database in connections.all(initialized_only=True):
            database.execute_wrappers.append(self._statement)

    def _statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self._now is None:
            return execute(sql, params, many, context)
        asked = shape(sql) if many or not params else f"{shape(sql)} of {_types(params)}"
        self._now.add(asked)
        try:
            return execute(sql, params, many, context)
        except DatabaseError as fault:
            self._now.add(f"{type(fault).__name__} {asked}")
            raise

    @contextmanager
    def test(self, name: str) -> Iterator[None]:
        """Statements inside are those of the test `name`."""
        before, self._now = _processor_time(), set()
        try:
            yield
        finally:
            self.tests[name] = Noted(_processor_time() - before, frozenset(self._now))
            self._now = None

    def forget(self, name: str) -> None:
        """The test `name` shows nothing: it failed or was skipped."""
        self._unfit.add(name)

    def write(self, file: Path) -> None:
        """As JSON; each shape once."""
        numbers: dict[str, int] = {}
        tests = {
            name: [round(noted.seconds, 2), sorted(numbers.setdefault(one, len(numbers)) for one in noted.shapes)]
            for name, noted in self.tests.items()
            if name not in self._unfit
        }
        file.write_text(json.dumps({"shapes": list(numbers), "tests": tests}), "utf-8")


class Noting:
    """The notebook as a plugin of pytest, in each process of a run."""

    def __init__(self, file: Path) -> None:
        self._file, self._book = file, Notebook()
        self._book.listen()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        with self._book.test(item.nodeid):
            return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self._book.forget(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self._book.write(self._file)


def _types(params: Iterable[Any]) -> str:
    return " ".join(sorted({type(one).__name__ for one in params}))


def _processor_time() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def read(folder: Path) -> dict[str, Noted]:
    """What all processes of a run wrote into the folder."""
    tests: dict[str, Noted] = {}
    for file in sorted(folder.glob("*.json")):
        told = json.loads(file.read_text("utf-8"))
        for name, (seconds, numbers) in told["tests"].items():
            tests[name] = Noted(seconds, frozenset(told["shapes"][number] for number in numbers))
    return tests


def chosen(noted: Mapping[str, Noted], always: Iterable[str] = ()) -> set[str]:
    """Tests by which every shape that two or more execute is executed twice, and every other once.

    `always` are taken first and count. Then, again and again, the test that adds most for its time; of equals the
    first by name, so that the same notes give the same tests.
    """
    missing: dict[str, int] = {}
    for one in noted.values():
        for each in one.shapes:
            missing[each] = min(missing.get(each, 0) + 1, TWICE)
    taken: set[str] = set()

    def worth(name: str) -> float:
        return sum(missing[each] > 0 for each in noted[name].shapes) / (noted[name].seconds + OVERHEAD)

    def take(name: str) -> None:
        taken.add(name)
        for each in noted[name].shapes:
            missing[each] -= 1

    for name in sorted(set(always) & set(noted)):
        take(name)
    waiting = [(-worth(name), name) for name in noted if name not in taken]
    heapq.heapify(waiting)
    while waiting:
        before, name = heapq.heappop(waiting)
        now = worth(name)  # only ever less than when it was put there
        if now and -now > before:
            heapq.heappush(waiting, (-now, name))
        elif now:
            take(name)
    return taken
