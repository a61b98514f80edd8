"""Many writers of one chain: it stays whole whatever is rolled back and whoever comes first."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from chuangwen.audit import services
from chuangwen.audit.models import Chain, Entry
from chuangwen.audit.queries import verify_chain
from chuangwen.audit.services import record

pytestmark = pytest.mark.both

WRITERS, ROUNDS = 6, 8


class GivenUpError(Exception):
    """What a writer raises who changes his mind."""


def write(action: str) -> None:
    record(action, actor=None, region="r", data={"action": action})


def write_all(*actions: str) -> None:
    for action in actions:
        write(action)


def write_and_give_up(*actions: str) -> None:
    write_all(*actions)
    raise GivenUpError


@pytest.mark.django_db
def test_entry_after_a_rolled_back_one_takes_its_number():
    write("first")
    with pytest.raises(GivenUpError), transaction.atomic():
        write_and_give_up("dropped", "dropped too")
    write("second")
    assert list(Entry.objects.order_by("sequence").values_list("sequence", "action")) == [(1, "first"), (2, "second")]
    assert verify_chain("r").ok


@pytest.mark.django_db
def test_entry_after_another_process_wrote_follows_that_one():
    write("mine")
    here = Chain.objects.get()
    with transaction.atomic():  # as another process leaves it: longer than this thread remembers
        write("theirs")
    theirs = Entry.objects.get(sequence=2)

    services._heads()["r"] = services.Head(here.pk, here.length, here.head)
    write("mine again")
    assert Entry.objects.get(sequence=3).previous == theirs.digest
    assert verify_chain("r").ok


@pytest.mark.django_db
def test_second_entry_of_a_piece_of_work_takes_two_statements(django_assert_num_queries):
    write("first")
    with django_assert_num_queries(2):
        write("second")


@pytest.mark.django_db(transaction=True)
def test_chain_of_many_threads_stays_whole():
    """Each thread writes two entries at a time; every third time it takes its work back."""
    gate, failures = threading.Barrier(WRITERS), []

    def work(number: int) -> None:
        try:
            gate.wait()
            for turn in range(ROUNDS):
                piece(number, turn)
        except Exception as error:  # noqa: BLE001 (told to the test's own thread)
            failures.append(error)
        finally:
            connection.close()

    def piece(number: int, turn: int) -> None:
        try:
            with transaction.atomic():
                (write_and_give_up if turn % 3 == 2 else write_all)(f"{number}.{turn}.a", f"{number}.{turn}.b")
        except GivenUpError:
            pass

    threads = [threading.Thread(target=work, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    kept = 2 * WRITERS * (ROUNDS - ROUNDS // 3)
    verdict = verify_chain("r")
    assert (verdict.ok, verdict.entries) == (True, kept)
    entries = list(Entry.objects.order_by("sequence").values_list("action", flat=True))
    assert [first[:-1] for first in entries[::2]] == [second[:-1] for second in entries[1::2]]
