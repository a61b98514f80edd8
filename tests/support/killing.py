"""Kills a piece of work, as a power cut would, at a chosen point of its way to the disk.

The work runs in a forked child with a connection of its own; the child dies by SIGKILL when it
comes to the chosen point: before or after a commit, a flush, a rename or a link, before a statement that
commits by itself, and before every so many of the statements in a transaction, which end alike. What a child
loads for its work the parent loads after its death, so that not each of them does.
"""

from __future__ import annotations

import hashlib
import importlib
import itertools
import os
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

from django.core.files.storage import default_storage
from django.db import connection, connections

from chuangwen.audit.queries import verify_chain
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import read
from chuangwen.core.models import StoredFile

PATIENCE = 60.0  # seconds that a child may take
PIPE = 60_000  # bytes that a pipe takes while nobody reads it
READS = ("SELECT", "BEGIN", "SAVEPOINT", "RELEASE", "EXPLAIN", "PRAGMA")


@contextmanager
def _dying_at(number: int, stride: int, telling: int) -> Iterator[None]:
    """`telling` is a pipe for the names of the modules that were loaded meanwhile."""
    passed, small, known = itertools.count(1), itertools.count(1), set(sys.modules)

    def point() -> None:
        if next(passed) == number:
            os.write(telling, " ".join(name for name in sys.modules if name not in known)[:PIPE].encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def around(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            point()
            result = function(*args, **kwargs)
            point()
            return result

        return call

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        alone = not connection.in_atomic_block and not sql.lstrip("( ").startswith(READS)
        if alone or next(small) % stride == 0:
            point()
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(statement))
        stack.enter_context(mock.patch.object(connection, "_commit", around(connection._commit)))
        stack.enter_context(mock.patch("os.fsync", around(os.fsync)))
        stack.enter_context(mock.patch("os.link", around(os.link)))
        stack.enter_context(mock.patch.object(Path, "replace", around(Path.replace)))
        yield


def dies_at(number: int, work: Callable[[], Any], stride: int) -> bool:
    """Run `work` in a child that is killed at its `number`-th point. False where it ended before."""
    connections.close_all()
    told, telling = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons dislike forks beside threads
        child = os.fork()
    if child == 0:
        code = 1
        try:
            with _dying_at(number, stride, telling), suppress(Refusal):  # who asks for what is done is told so
                work()
            code = 0
        except BaseException:  # noqa: BLE001  (whatever it is, a child never goes on with its parent's tests)
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(telling)
    with os.fdopen(told, "rb") as names:
        status = _ending(child)
        if os.WIFSIGNALED(status):
            assert os.WTERMSIG(status) == signal.SIGKILL
            _load(names.read().decode().split(" "))
            return True
    assert os.WEXITSTATUS(status) == 0, "the work failed by itself"
    return False


def _ending(child: int) -> int:
    """The status with which the child ended."""
    until = time.monotonic() + PATIENCE
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise AssertionError("the child hangs")
        time.sleep(0.005)


def _load(names: list[str]) -> None:
    for name in names:
        with suppress(Exception):  # a part that is not loaded by itself; then each child loads it
            importlib.import_module(name)


def faults_of_storage() -> list[str]:
    """What no crash may leave: a broken chain, a row without its whole file, a half file under a whole one's name."""
    found = [f"chain {fault}" for fault in verify_chain().breaks]
    for row in StoredFile.objects.all():
        data = read(row) if default_storage.exists(row.storage_name) else b""
        found += [f"row {row.sha256} without its file"] if hashlib.sha256(data).hexdigest() != row.sha256 else []
    whole = Path(default_storage.location).rglob("[0-9a-f]" * 64)
    found += [f"half a file {path}" for path in whole if hashlib.sha256(path.read_bytes()).hexdigest() != path.name]
    return found


def kill_through(work: Callable[[], Any], facts: Callable[[], Any], *, stride: int = 7) -> None:
    """Kill `work` at its first point, then at its second, until it comes through.

    Of the statements inside a transaction every `stride`-th is a point. `work` must be one that may be done
    again. After each death nothing may be half done: `facts()` are those before the work or those after
    it, and once they are those after it (killed behind the commit) they stay so. Needs a database that
    commits (transaction=True).
    """
    before, seen, deaths = facts(), [], 0
    while dies_at(deaths + 1, work, stride):
        deaths += 1
        assert faults_of_storage() == [], f"after the death at point {deaths}"
        seen.append(facts())
    after = facts()
    assert faults_of_storage() == []
    assert after != before
    moments = [before if one == before else after if one == after else one for one in seen]
    half = [one for one in moments if one not in (before, after)]
    assert half == [], "half done"
    assert moments == sorted(moments, key=lambda one: one == after), "what was confirmed was lost again"
    assert before in moments, "it never died before the change"
