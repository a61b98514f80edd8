"""What each test sends to the database is noted by shape, and the second database is asked each shape twice."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction

from chuangwen.core.models import Region
from tests.support.factories import make_region
from tests.support.shapes import Notebook, Noted, chosen, read, shape


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a FROM t WHERE b IN (%s, %s)", "SELECT a FROM t WHERE b IN (%s, %s, %s)"),
        ("INSERT INTO t (a, b) VALUES (%s, %s)", "INSERT INTO t (a, b) VALUES (%s, %s), (%s, %s), (%s, %s)"),
        ("SELECT a FROM t LIMIT 21", "SELECT a FROM t LIMIT 1"),
        ("SELECT a FROM t WHERE b = 'x, ''y'''", "SELECT a FROM t WHERE b = 'z'"),
        ('SAVEPOINT "s1_x2"', 'SAVEPOINT "s3_x4"'),
    ],
)
def test_statements_that_differ_in_values_alone_have_one_shape(one, other):
    assert shape(one) == shape(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT a FROM t WHERE b IN (%s, %s)", "SELECT a FROM t WHERE b = %s"),
        ('SELECT "t1"."a" FROM t', 'SELECT "t2"."a" FROM t'),
        ("SELECT a FROM t ORDER BY a", "SELECT a FROM t ORDER BY a DESC"),
        ('SAVEPOINT "s1"', 'RELEASE SAVEPOINT "s1"'),
    ],
)
def test_statements_that_ask_otherwise_have_two(one, other):
    assert shape(one) != shape(other)


def notes(**tests):
    """name=(seconds, "letters of its shapes")."""
    return {name: Noted(seconds, frozenset(letters)) for name, (seconds, letters) in tests.items()}


def test_every_shape_is_executed_by_two_tests_and_by_quick_ones():
    noted = notes(slow=(9.0, "ab"), first=(0.1, "a"), second=(0.1, "ab"), third=(0.1, "b"), fourth=(0.5, "b"))
    assert chosen(noted) == {"first", "second", "third"}


def test_shape_of_one_test_alone_brings_that_test_and_what_sends_nothing_stays_away():
    assert chosen(notes(only=(9.0, "a"), silent=(0.1, ""))) == {"only"}


def test_what_runs_always_counts():
    noted = notes(marked=(9.0, "ab"), first=(0.1, "a"), second=(0.2, "a"), third=(0.1, "b"))
    assert chosen(noted, {"marked", "never noted"}) == {"marked", "first", "third"}


def test_equal_notes_give_equal_tests_in_whatever_order_they_came():
    tests = {f"test{number}": (0.1, letters) for number, letters in enumerate(("ab", "bc", "ca", "ab", "bc", "ca"))}
    there, back = notes(**tests), notes(**dict(reversed(tests.items())))
    assert chosen(there) == chosen(back)
    assert len(chosen(there)) < len(tests)


@pytest.fixture
def notebook(monkeypatch):
    """One that listens for the time of the test."""
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

    monkeypatch.setattr(BaseDatabaseWrapper, "__init__", BaseDatabaseWrapper.__init__)
    monkeypatch.setattr(SQLCompiler, "as_sql", SQLCompiler.as_sql)
    database = connections[connection.alias]  # not its proxy, of which nothing could be restored
    monkeypatch.setattr(database, "execute_wrappers", list(database.execute_wrappers))
    book = Notebook()
    book.listen()
    return book


@pytest.mark.django_db
@pytest.mark.once
def test_what_failed_what_locks_and_what_has_values_of_another_type_are_shapes_of_their_own(notebook):
    region = make_region()
    with notebook.test("plain"):
        Region.objects.filter(pk=region.pk).first()
    with notebook.test("locking"):
        Region.objects.select_for_update().filter(pk=region.pk).first()
    with notebook.test("failing"), pytest.raises(DatabaseError), transaction.atomic():
        make_region(code=region.code)
    with notebook.test("of two types"), connection.cursor() as cursor:
        for value in (1, 2, "3"):
            cursor.execute("SELECT %s", [value])
    plain, locking, failing = (notebook.tests[name].shapes for name in ("plain", "locking", "failing"))
    assert plain < locking
    assert [one for one in locking - plain if not one.endswith(" FOR UPDATE ")] == []
    assert [one.split()[0] for one in failing if "Error" in one] == ["IntegrityError"]
    assert notebook.tests["of two types"].shapes == {"SELECT %s of int", "SELECT %s of str"}


@pytest.mark.django_db
@pytest.mark.once
def test_connection_of_another_thread_is_heard(notebook):
    def ask():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 7 + 1")
        connection.close()

    with notebook.test("elsewhere"):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert "SELECT ? + ?" in notebook.tests["elsewhere"].shapes


def test_notes_of_all_processes_are_read_and_a_test_that_failed_is_not_among_them(tmp_path):
    for worker, told in {"gw0": notes(a=(0.5, "xy"), bad=(0.1, "x")), "gw1": notes(b=(0.25, "y"))}.items():
        book = Notebook()
        book.tests = told
        book.forget("bad")
        book.write(tmp_path / f"{worker}.json")
    assert read(tmp_path) == notes(a=(0.5, "xy"), b=(0.25, "y"))
    assert json.loads((tmp_path / "gw1.json").read_text("utf-8"))["shapes"] == ["y"]
