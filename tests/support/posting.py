"""Watches every POST that a test sends: what it changes is audited and commits at once.

Why here and not in one test: the tests of the areas know what each form wants, so that every step that any
of them takes is looked at, and a new address from its first test on. A crash in the middle of a request can
leave something half done only where its changes are committed one after the other.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.test.client import Client
from django.urls import Resolver404, resolve

CHANGE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+[`"]?(\w+)', re.IGNORECASE)
# Rows of the session, of counted tries and of queued work; bytes are kept before the matter that names them.
BESIDE = ("django_session", "usersessions_", "axes_", "accounts_throttle", "accounts_device", "django_tasks_",
          "core_storedfile", "core_job", "chuangwen_cache")  # fmt: skip
# What changes nothing but the person's own view of things, or what is audited by what comes of it.
NOT_AUDITED = {
    "accounts:me": "how the screens look for one person",
    "notifications:inbox": "which of the own notices were read",
    "notifications:read-all": "which of the own notices were read",
    "directives:presence": "who looks at a document at this moment",
    "inspections:answers": "each answer keeps its giver and time; the visit is audited when it is finished",
    "inspections:photos": "each photo keeps its giver and time; the visit is audited when it is finished",
    "mfa_activate_totp": "audited right after the commit (allauth's order), which a test's own transaction never sees",
    "mfa_generate_recovery_codes": "audited right after the commit, likewise",
    **dict.fromkeys(
        [f"core:import{step}" for step in ("", "-sheet", "-columns", "-names", "-again", "-run", "-drop")],
        "a workbook on its way changes nothing; what it brings in is audited by the services that write it",
    ),
    **dict.fromkeys(
        [f"core:form{step}" for step in ("s", "", "-sheet", "-columns")],
        "a form on its way is offered to nobody; that it is taken into use is audited",
    ),
}
# Commits several times, each whole by itself.
IN_STEPS = {
    "account_login": "allauth's own order: no session is given out before the last step",
    "mfa_authenticate": "allauth's own order: no session is given out before the last step",
    "accounts:bind": "a code tried stays counted, whatever becomes of the try",
    "accounts:link-action": "that a link was used is kept, whatever becomes of the act",
    "core:import-names": "name by name",
    "core:import-again": "the corrected workbook is kept before it takes the place of the first",
    "reports:step": "the paper is issued; the PDF of an office's own template is made when nobody waits for the lock",
    "inspections:answers": "the visit begins, then its answers are kept; the phone sends again what got no reply",
    **dict.fromkeys(
        [
            "inspections:entries",
            "places:list",
            "evidence:dossiers",
            "supervision:register",
            "supervision:meeting",
            "reports:receipts",
            "rectification:ledger",
            "responsibilities:tasks",
            "responsibilities:fronts",
            "directives:passings",
            "directives:written_call",
            "directives:topics",
        ],
        "row by row: the outcome says what became of each",
    ),
}


@dataclass
class Watch(threading.local):
    """The changes of one request in this thread, by the transaction that holds them."""

    active: bool = False
    group: int = 0
    begun: list[int] = field(default_factory=list)  # how many changes there were when each open block began
    changes: list[tuple[int, str]] = field(default_factory=list)

    def note(self, table: str) -> None:
        if not self.begun:
            self.group += 1  # it commits by itself
        self.changes.append((self.group, table))


_watch = Watch()


class _Counted(transaction.Atomic):
    """Knows when the outermost block of a request begins."""

    def __enter__(self) -> None:
        if _watch.active:
            _watch.group += not _watch.begun
            _watch.begun.append(len(_watch.changes))
        super().__enter__()

    def __exit__(self, *raised: object) -> None:
        if _watch.active:
            start = _watch.begun.pop()
            if raised[0] is not None:
                del _watch.changes[start:]  # taken back
        super().__exit__(*raised)


def _statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    result = execute(sql, params, many, context)
    found = CHANGE.match(sql)
    if found and (context["cursor"].rowcount or sql.lstrip().startswith("INSERT")):  # SQLite counts them when read
        _watch.note(found[1])
    return result


@contextmanager
def watched() -> Iterator[list[tuple[int, str]]]:
    """The changes made inside, as (number of the transaction, table)."""
    _watch.active, _watch.group, _watch.begun, _watch.changes = True, 0, [], []
    try:
        with connection.execute_wrapper(_statement):
            yield _watch.changes
    finally:
        _watch.active = False


def faults_of(name: str, changes: list[tuple[int, str]]) -> list[str]:
    """What is wrong with the changes that a POST to the view `name` made."""
    own = [(group, table) for group, table in changes if not table.startswith(BESIDE)]
    found = []
    if own and "audit_entry" not in {table for _group, table in own} and name not in NOT_AUDITED:
        found.append(f"{name} leaves no audit entry of its changes to {sorted({table for _group, table in own})}")
    if len({group for group, _table in own}) > 1 and name not in IN_STEPS:
        found.append(f"{name} commits more than once: {own}")
    return found


def watch_posts() -> None:
    """From now on a POST of the test client fails where its changes are not audited or not whole."""
    plain = Client.request

    def request(self: Client, **environ: Any) -> Any:
        if environ.get("REQUEST_METHOD") != "POST" or _watch.active:
            return plain(self, **environ)
        with watched() as changes:
            answer = plain(self, **environ)
        if answer.status_code < 400:
            try:
                name = resolve(environ["PATH_INFO"]).view_name
            except Resolver404:
                return answer
            if not name.startswith("tests."):  # an address that a test made up
                faults = faults_of(name, changes)
                assert not faults, "; ".join(faults)
        return answer

    transaction.Atomic = _Counted
    Client.request = request
