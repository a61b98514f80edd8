"""The audit chain: entries follow from each other, and nobody changes one unseen."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from chuangwen.audit.models import Chain, Entry
from chuangwen.audit.queries import verify_chain
from chuangwen.audit.services import record
from tests.support.factories import make_region, make_user

pytestmark = pytest.mark.django_db


def _write(number: int, region: str = "r") -> None:
    for index in range(number):
        with transaction.atomic():
            record("thing.done", actor=None, region=region, data={"index": index})


def _tamper(statement: str) -> None:
    """What somebody with the database's own password could do."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def append_only():
    """The triggers that migration 0002 puts in place (the test database is made without them)."""
    migration = import_module("chuangwen.audit.migrations.0002_append_only")
    with connection.cursor() as cursor:
        for statement in migration.POSTGRESQL if connection.vendor == "postgresql" else migration.SQLITE:
            cursor.execute(statement)


def test_verify_untouched_chain_is_ok():
    _write(5)
    verdict = verify_chain()
    assert (verdict.ok, verdict.entries) == (True, 5)


def test_record_outside_transaction_is_refused(transactional_db):
    with pytest.raises(RuntimeError):
        record("thing.done", actor=None)


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_database_refuses_to_change_entries(append_only, statement):
    _write(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "sequence", "reason"),
    [
        ("UPDATE audit_entry SET actor_name = 'somebody else' WHERE sequence = 3", 3, "changed"),
        ("UPDATE audit_entry SET at = '2020-01-01T00:00:00.000+00:00' WHERE sequence = 1", 1, "changed"),
        ("DELETE FROM audit_entry WHERE sequence = 2", 2, "missing"),
        ("DELETE FROM audit_entry WHERE sequence = 5", 5, "cut"),
    ],
)
def test_verify_names_the_first_broken_entry(statement, sequence, reason):
    _write(5)
    _tamper(statement)
    found = verify_chain("r").breaks
    assert [(one.region_code, one.sequence, one.reason) for one in found] == [("r", sequence, reason)]


def test_verify_of_a_rebuilt_tail_names_the_head():
    """Somebody deletes the last entry and pulls the length back, but not the head."""
    _write(3)
    _tamper("DELETE FROM audit_entry WHERE sequence = 3")
    Chain.objects.update(length=2)
    assert [one.reason for one in verify_chain().breaks] == ["cut"]


def test_chains_of_two_regions_are_apart():
    _write(2, "north")
    _write(3, "south")
    lengths = dict(Chain.objects.values_list("region_code", "length"))
    assert lengths == {"north": 2, "south": 3}


def test_record_keeps_actor_and_object_as_text():
    region = make_region()
    user = make_user(region=region, name="李明")
    with transaction.atomic():
        entry = record("region.seen", region, actor=user, region=region.code)
    stored = Entry.objects.get(pk=entry.pk)
    assert (stored.actor_name, stored.object_type, stored.object_name) == ("李明", "core.region", "云溪市")


def test_sm3_chain_verifies_where_a_site_asks_for_it(settings):
    settings.AUDIT_HASH = "sm3"
    _write(2)
    assert verify_chain().ok
    assert set(Entry.objects.values_list("algorithm", flat=True)) == {"sm3"}
