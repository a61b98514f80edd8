"""Power cuts: an act in a process of its own that dies before its first, second, third … step."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from django.db import connection, connections

DIED, DONE, BROKE = 9, 0, 3
MOST_STEPS = 2000


def killed_everywhere(act: Callable[[], Any], look: Callable[[bool], None], *, every: int = 1) -> int:
    """Do `act` again and again, dying one step later each time, until it comes through; returns how often it died.

    A step is a statement to the database, a flush to the disk or a file put in its place. After each death
    `look(False)` sees what is left, and after the act came through `look(True)`. `act` must be one that may
    be repeated. `every` leaves out steps of long acts. Needs a database that commits (transaction=True).
    """
    for deaths, step in enumerate(range(1, MOST_STEPS, every)):
        came_through = _in_a_child(act, step)
        look(came_through)
        if came_through:
            return deaths
    raise AssertionError(f"the act takes more than {MOST_STEPS} steps")


def _in_a_child(act: Callable[[], Any], last_step: int) -> bool:
    """Whether the act came through before it reached `last_step`."""
    connections.close_all()  # a connection must not be shared by two processes
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons dislike forks beside threads
        child = os.fork()
    if child == 0:
        code = BROKE
        try:
            _dying_at(last_step, act)
            code = DONE
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {DIED, DONE}, "the act itself failed"
    return code == DONE


def _dying_at(last_step: int, act: Callable[[], Any]) -> None:
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1
        if taken == last_step:
            os._exit(DIED)

    def statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        step()
        return execute(sql, params, many, context)

    def before(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **named: Any) -> Any:
            step()
            return function(*arguments, **named)

        return wrapped

    flush, put = os.fsync, Path.replace
    with (
        connection.execute_wrapper(statement),
        mock.patch.object(os, "fsync", before(flush)),
        mock.patch.object(Path, "replace", before(put)),
    ):
        act()
