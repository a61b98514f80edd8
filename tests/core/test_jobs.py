"""Long work: begun after the commit, run once, its progress and outcome shown to its owner alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import WORKING, disk_of_files, read, working_folder
from chuangwen.core.jobs import Progress, fail_interrupted, job_kind, run_job, start_job
from chuangwen.core.models import Job, JobState, StoredFile
from chuangwen.notifications.models import Notice
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 18, 4, tzinfo=UTC)
seen: list[object] = []


@job_kind("test-counts")
def counts(progress, *, owner, upto):
    progress.total(upto)
    for _number in range(upto):
        progress.step()
    seen.append(owner)
    progress.result("/somewhere/", "数完了。")


@job_kind("test-refuses")
def refuses(progress, *, owner):
    raise Refusal("这张表没有了。", "请联系创建办。")


@job_kind("test-fails")
def fails(progress, *, owner):
    raise ZeroDivisionError("secret")


@job_kind("test-writes-file")
def writes_file(progress, *, owner):
    progress.file("结果".encode(), "../../结果.txt")


@job_kind("test-makes-file")
def makes_file(progress, *, owner):
    with working_folder() as folder:
        (folder / "册").write_text("整册", "utf-8")
        progress.made(folder / "册", "../册.zip", "application/zip")


@pytest.fixture
def person():
    return make_user(Role.OFFICE)


@pytest.fixture
def job(person):
    """Makes a queued job of a kind."""

    def make(kind, owner=None, **params):
        return Job.objects.create(kind=kind, title="工作", owner_id=(owner or person).pk, params=params)

    return make


def test_job_is_queued_after_the_commit(person, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        start_job("test-counts", owner=person, title="数", params={"upto": 1})
    assert len(callbacks) == 1
    assert DBTaskResult.objects.count() == 0
    callbacks[0]()
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_job_of_a_transaction_that_failed_is_never_queued(person):
    def ask_and_fail():
        with transaction.atomic():
            start_job("test-counts", owner=person, title="数", params={"upto": 1})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask_and_fail()
    assert (Job.objects.count(), DBTaskResult.objects.count()) == (0, 0)


def test_job_runs_to_its_result(job, person):
    done = job("test-counts", upto=1000)
    seen.clear()
    run_job.call(done.pk)
    done.refresh_from_db()
    assert (done.status, done.done, done.total, done.percent) == (JobState.DONE, 1000, 1000, 100)
    assert (done.result_url, done.message) == ("/somewhere/", "数完了。")
    assert done.finished_at is not None
    assert seen == [person]


def test_job_runs_once_although_it_was_queued_twice(job):
    once = job("test-counts", upto=1)
    seen.clear()
    run_job.call(once.pk)
    run_job.call(once.pk)
    assert len(seen) == 1


def test_refusal_becomes_the_message(job):
    refused = job("test-refuses")
    run_job.call(refused.pk)
    refused.refresh_from_db()
    assert (refused.status, refused.message) == (JobState.FAILED, "这张表没有了。请联系创建办。")


def test_fault_is_logged_and_told_without_its_words(job, caplog):
    failed = job("test-fails")
    run_job.call(failed.pk)
    failed.refresh_from_db()
    assert failed.status == JobState.FAILED
    assert "secret" not in failed.message
    assert failed.message
    assert "ZeroDivisionError" in caplog.text


def test_progress_is_saved_at_most_every_half_per_cent(job, django_assert_max_num_queries):
    progress = Progress(job("test-counts"))
    with django_assert_max_num_queries(202):
        progress.total(10_000)
        for _number in range(10_000):
            progress.step()


def test_time_left_follows_the_pace_so_far():
    running = Job(status="running", done=25, total=100, started_at=NOON)
    assert running.seconds_left(NOON + timedelta(seconds=30)) == 90
    assert Job(status="running", done=0, total=100, started_at=NOON).seconds_left(NOON) is None
    assert Job(status="queued", total=100).seconds_left(NOON) is None
    assert Job(status="done", done=5, total=5, started_at=NOON).seconds_left(NOON) is None


def test_work_whose_worker_went_away_is_ended_and_other_work_is_not(job):
    with time_machine.travel(NOON, tick=False):
        lost, waiting = job("test-counts"), job("test-counts")
        Job.objects.filter(pk=lost.pk).update(status=JobState.RUNNING, updated_at=NOON - timedelta(minutes=11))
        alive = job("test-counts")
        Job.objects.filter(pk=alive.pk).update(status=JobState.RUNNING, updated_at=NOON - timedelta(minutes=9))
        assert fail_interrupted() == 1
    states = dict(Job.objects.values_list("pk", "status"))
    assert states == {lost.pk: "failed", waiting.pk: "queued", alive.pk: "running"}


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "hx-get"),
        ({"status": "running", "done": 5, "total": 10, "started_at": NOON}, "5 / 10"),
        ({"status": "failed", "message": "没有成。"}, "没有成。"),
        ({"status": "done", "result_url": "/desk/", "finished_at": NOON}, 'href="/desk/"'),
    ],
)
def test_page_shows_each_state_and_asks_again_only_while_it_runs(job, person, sign_in, fields, shown):
    made = job("test-counts")
    Job.objects.filter(pk=made.pk).update(**fields)
    page = sign_in(person).get(f"/jobs/{made.uid}/").content.decode()
    assert shown in page
    assert ("hx-get" in page) == (fields.get("status", "queued") in {"queued", "running"})
    part = sign_in(person).get(f"/jobs/{made.uid}/?part=1").content.decode()
    assert "<html" not in part


@pytest.mark.parametrize("kind", ["test-refuses", "test-fails", "test-makes-file"])
def test_work_leads_back_to_where_it_was_begun(person, sign_in, kind):
    """Failed, or with a file instead of a page of its own."""
    begun = start_job(kind, owner=person, title="工作", params={}, back="/problems/?tab=late")
    run_job.call(begun.pk)
    assert 'href="/problems/?tab=late"' in sign_in(person).get(f"/jobs/{begun.uid}/").content.decode()


def test_owner_is_told_of_failed_and_of_long_work_with_what_failed_and_a_link_to_it(job, person):
    long = job("test-counts", upto=1)
    Job.objects.filter(pk=long.pk).update(created_at=clock.now() - timedelta(seconds=30))
    lost = job("test-counts")
    Job.objects.filter(pk=lost.pk).update(status="running", updated_at=clock.now() - timedelta(minutes=11))
    refused, short = job("test-refuses"), job("test-counts", upto=1)
    for one in (refused, short, long):
        run_job.call(one.pk)
    fail_interrupted()
    told = Notice.objects.order_by("pk").values_list("user", "title", "body", "url")
    lost.refresh_from_db()
    assert list(told) == [
        (person.pk, "没有完成：工作", "这张表没有了。请联系创建办。", f"/jobs/{refused.uid}/"),
        (person.pk, "已完成：工作", "数完了。", f"/jobs/{long.uid}/"),
        (person.pk, "没有完成：工作", lost.message, f"/jobs/{lost.uid}/"),
    ]


def test_page_says_how_long_a_file_is_kept_and_that_it_is_gone(job, person, sign_in, settings):
    settings.EXPORT_DAYS = 3
    made = job("test-makes-file")
    with time_machine.travel(NOON, tick=False):
        run_job.call(made.pk)
        page = sign_in(person).get(f"/jobs/{made.uid}/").content.decode()
        assert "可下载到11月21日(周六)，之后自动删除。" in page
        Job.objects.update(result_file=None)
        assert "文件已过保存期" in sign_in(person).get(f"/jobs/{made.uid}/").content.decode()


def test_quiet_work_points_to_the_administrator(job, person, sign_in):
    made = job("test-counts")
    Job.objects.filter(pk=made.pk).update(status="running", updated_at=clock.now() - timedelta(minutes=11))
    assert sign_in(person).get(f"/jobs/{made.uid}/").context["is_quiet"] is True


def test_file_goes_to_its_owner_under_a_safe_name(job, person, sign_in, client):
    made = job("test-writes-file")
    run_job.call(made.pk)
    answer = sign_in(person).get(f"/jobs/{made.uid}/file/")
    assert answer.getvalue().decode() == "结果"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E7%BB%93%E6%9E%9C.txt"
    assert sign_in(make_user(Role.OFFICE)).get(f"/jobs/{made.uid}/file/").status_code == 404


def test_made_file_is_kept_once_and_its_folder_is_gone(job, person, sign_in):
    made = [job("test-makes-file") for _ in range(2)]
    for one in made:
        run_job.call(one.pk)
    kept = StoredFile.objects.get()
    assert (kept.size, kept.media_type, read(kept)) == (6, "application/zip", "整册".encode())
    assert [sign_in(person).get(f"/jobs/{one.uid}/file/").getvalue().decode() for one in made] == ["整册", "整册"]
    assert list(Path(disk_of_files().location).glob(f"{WORKING}*")) == []


def test_job_without_a_file_has_none_to_give(job, person, sign_in):
    assert sign_in(person).get(f"/jobs/{job('test-counts').uid}/file/").status_code == 404


def test_strangers_see_no_job(job, client):
    assert client.get(f"/jobs/{job('test-counts').uid}/").status_code == 302


def test_failed_work_shows_where_to_try_again(sign_in, person, job):
    failed = job("test-refuses")
    run_job.call(failed.pk)
    page = sign_in(person).get(f"/jobs/{failed.uid}/").content.decode()
    assert "请联系创建办。" in page
    assert 'class="cw-btn" href="/"' in page
