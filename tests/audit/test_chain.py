"""The audit chain: entries follow from each other, and nobody changes one unseen."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from importlib import import_module

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from chuangwen.audit.models import SITE, Chain, Entry
from chuangwen.audit.queries import Break, Head, compare_heads, verify_chain
from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.models import StoredFile
from tests.support.factories import make_place, make_region, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both]


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
    with pytest.raises(RuntimeError, match=r"^audit\.record outside a transaction$"):
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
        ("UPDATE audit_entry SET previous = 'x' WHERE sequence = 4", 4, "reordered"),
        ("DELETE FROM audit_entry WHERE sequence = 5", 5, "cut"),
    ],
)
def test_verify_names_the_first_broken_entry(statement, sequence, reason):
    _write(5)
    _tamper(statement)
    verdict = verify_chain("r")
    assert [(one.region_code, one.sequence, one.reason) for one in verdict.breaks] == [("r", sequence, reason)]
    assert (verdict.ok, verdict.entries, verdict.heads) == (False, sequence - 1, {})


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


def test_verdict_counts_all_chains_and_names_the_heads_of_the_sound_ones():
    _write(2, "north")
    _write(3, "south")
    _write(4, "west")
    _tamper("UPDATE audit_entry SET action = 'x' WHERE sequence = 4")
    verdict = verify_chain()
    heads = {chain.region_code: chain.head for chain in Chain.objects.exclude(region_code="west")}
    assert (verdict.entries, verdict.heads) == (2 + 3 + 3, heads)
    assert verify_chain("north").heads == {"north": heads["north"]}


def test_entry_of_the_program_about_nothing_stands_in_the_sites_chain():
    with transaction.atomic(), clock.at(datetime(2026, 11, 18, 12, tzinfo=timezone(timedelta(hours=8)))):
        entry = record("site.backup", actor=None)
    stored = Entry.objects.get(pk=entry.pk)
    assert (stored.chain.region_code, stored.at) == (SITE, "2026-11-18T04:00:00.000+00:00")
    assert (stored.actor_id, stored.actor_name) == ("", "system")
    assert (stored.object_type, stored.object_id, stored.object_name, stored.data) == ("", "", "", {})


def test_entry_stands_in_the_chain_of_its_objects_region():
    place = make_place()
    with transaction.atomic():
        entries = [record("x", obj, actor=None) for obj in (place, make_region())]
        elsewhere = record("x", place, actor=None, region="elsewhere")
    assert [entry.chain.region_code for entry in entries] == [place.region.code, SITE]
    assert elsewhere.chain.region_code == "elsewhere"


def test_long_name_of_an_object_is_cut(monkeypatch):
    monkeypatch.setattr(StoredFile, "__str__", lambda _row: "长" * 201)
    with transaction.atomic():
        assert record("x", StoredFile(pk=7), actor=None).object_name == "长" * 200


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


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET algorithm = 'md5' WHERE sequence = 2",
        "UPDATE audit_entry SET data = '{\"index\": 1.5}' WHERE sequence = 2",
        "UPDATE audit_entry SET data = 'null' WHERE sequence = 2",
    ],
)
def test_entry_that_no_program_of_ours_writes_is_told_as_changed(statement):
    _write(3)
    _tamper(statement)
    (found,) = verify_chain().breaks
    assert (found.sequence, found.reason) == (2, "changed")


def test_hash_that_the_machine_lacks_is_not_told_as_a_change(settings, monkeypatch):
    settings.AUDIT_HASH = "sm3"
    _write(2)
    monkeypatch.setattr("chuangwen.audit.queries.hashlib.algorithms_available", {"sha256"})
    (found,) = verify_chain().breaks
    assert (found.sequence, found.reason) == (1, "unreadable")


def _heads() -> list[Head]:
    return [Head(*row) for row in Chain.objects.order_by("region_code").values_list("region_code", "length", "head")]


def test_kept_heads_hold_while_the_chain_grows():
    _write(3)
    kept = _heads()
    _write(2)
    _write(1, "s")
    assert compare_heads([*kept, *_heads(), Head("t", 0, "")]) == []


def test_end_cut_off_together_with_its_head_shows_in_the_kept_heads():
    _write(2)
    early = _heads()
    _write(2)
    kept = _heads()
    _tamper("DELETE FROM audit_entry WHERE sequence > 2")
    Chain.objects.update(length=2, head=early[0].digest)
    assert verify_chain().ok
    assert compare_heads(early) == []
    assert compare_heads(kept) == [Break("r", 4, "rewritten")]


def test_chain_that_was_taken_away_or_rebuilt_shows_in_the_kept_heads():
    _write(2)
    kept = _heads()
    _tamper("DELETE FROM audit_entry")
    _tamper("DELETE FROM audit_chain")
    assert verify_chain().ok
    assert compare_heads(kept) == [Break("r", 2, "rewritten")]
    _write(2)
    assert verify_chain().ok
    assert compare_heads(kept) == [Break("r", 2, "rewritten")]
