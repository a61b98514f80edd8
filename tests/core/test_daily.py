"""Work of every day: once a day over all workers, after its hour, and a fault does not stop the rest."""

from __future__ import annotations

import os
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage

from chuangwen.config.housekeeping import tidy
from chuangwen.core import daily as module
from chuangwen.core.daily import daily, run_due
from chuangwen.core.files.services import store_bytes, write_whole
from chuangwen.core.files.sweeping import sweep_files
from chuangwen.core.models import DailyRun, Job, StoredFile

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 18, 0, 30, tzinfo=UTC)  # 8:30 in Shanghai


@pytest.fixture
def called(monkeypatch):
    """Only the works of this test, and what they did."""
    monkeypatch.setattr(module, "_works", {})
    done = []
    daily("early", at=time(7, 30))(lambda: done.append("early"))
    daily("late", at=time(18, 0))(lambda: done.append("late"))
    return done


def test_work_runs_once_after_its_hour(called):
    with time_machine.travel(MORNING, tick=False):
        assert run_due() == ["early"]
        assert run_due() == []
    with time_machine.travel(MORNING + timedelta(hours=10), tick=False):
        assert run_due() == ["late"]
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        assert run_due() == ["early"]
    assert called == ["early", "late", "early"]


def test_work_runs_from_its_minute_on_and_the_end_of_it_alone_is_kept(called):
    yesterday = DailyRun.objects.create(name="early", day=(MORNING - timedelta(days=1)).date())
    beside = DailyRun.objects.create(name="beside", day=MORNING.date())
    with time_machine.travel(MORNING - timedelta(hours=1), tick=False):  # 7:30 in Shanghai
        assert run_due() == ["early"]
    kept = {run.pk: (run.name, run.day, run.finished_at, run.failure) for run in DailyRun.objects.all()}
    made = DailyRun.objects.latest("pk")
    assert kept == {
        yesterday.pk: ("early", yesterday.day, None, ""),
        beside.pk: ("beside", beside.day, None, ""),
        made.pk: ("early", MORNING.date(), MORNING - timedelta(hours=1), ""),
    }


def test_of_two_workers_that_begin_at_the_same_moment_one_runs(called, monkeypatch):
    DailyRun.objects.create(name="early", day=MORNING.date())
    monkeypatch.setattr("django.db.models.QuerySet.exists", lambda self: False)  # as it was a moment ago
    with time_machine.travel(MORNING, tick=False):
        assert (run_due(), called) == ([], [])


def test_work_that_another_worker_began_is_left_to_it(called):
    with time_machine.travel(MORNING, tick=False):
        DailyRun.objects.create(name="early", day=MORNING.date())
        assert run_due() == []
    assert called == []


def test_fault_is_kept_and_the_rest_goes_on(called, caplog):
    def fail():
        raise ZeroDivisionError("broken")

    daily("broken", at=time(1, 0))(fail)
    with time_machine.travel(MORNING, tick=False):
        assert run_due() == ["broken", "early"]
    assert called == ["early"]
    row = DailyRun.objects.get(name="broken")
    assert (row.failure, row.finished_at) == ("ZeroDivisionError('broken')", MORNING)
    assert [record.getMessage() for record in caplog.records] == ["daily work broken failed"]


def test_tidying_keeps_what_is_young(settings):
    now = datetime.now(UTC)
    for age in (10, 40):
        job = Job.objects.create(kind="x", title="x", owner_id=1, status="done")
        Job.objects.filter(pk=job.pk).update(finished_at=now - timedelta(days=age))
    Job.objects.create(kind="x", title="x", owner_id=1)
    tidy()
    assert Job.objects.count() == 2


def test_sweeping_takes_old_leftovers_and_no_file_that_has_a_row():
    kept = store_bytes(b"kept")
    orphan = StoredFile(sha256="ab" * 32)
    young = StoredFile(sha256="cd" * 32)
    for stored in (orphan, young):
        write_whole(stored.storage_name, b"x")
    half = default_storage.path(f"{kept.storage_name[:6]}.half")
    with open(half, "wb"):  # noqa: PTH123
        pass
    old = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    for path in (default_storage.path(orphan.storage_name), default_storage.path(kept.storage_name), half):
        os.utime(path, (old, old))
    assert sweep_files() == 2
    assert default_storage.exists(kept.storage_name)
    assert default_storage.exists(young.storage_name)
    assert not default_storage.exists(orphan.storage_name)
