"""Sweeping: what nobody can reach goes after its time, what anything points to stays."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import models

from chuangwen.accounts.roles import Role
from chuangwen.config.housekeeping import tidy
from chuangwen.core.files import sweeping
from chuangwen.core.files.services import attach, preview, preview_name, read, store_bytes
from chuangwen.core.files.sweeping import drop_unused, sweep_files
from chuangwen.core.models import Attachment, Job, StoredFile, WorkbookImport
from chuangwen.standards.enums import UploadStatus
from chuangwen.standards.models import StandardUpload
from chuangwen.standards.services import publish_upload, receive_standard
from tests.core.test_files import picture
from tests.standards.making import small_yaml
from tests.support.factories import make_place, make_region, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }


def age(days: int, *rows: models.Model) -> None:
    """Let rows, and the bytes of files, look as if last touched so many days ago."""
    then = datetime.now(UTC) - timedelta(days=days)
    for row in rows:
        type(row)._base_manager.filter(pk=row.pk).update(updated_at=then)
        if isinstance(row, StoredFile) and default_storage.exists(row.storage_name):
            os.utime(default_storage.path(row.storage_name), (then.timestamp(), then.timestamp()))


def import_of(stored: StoredFile, status: str) -> WorkbookImport:
    return WorkbookImport.objects.create(
        region=make_region(), importer="x", file=stored, name="a.xlsx", owner_id=1, status=status
    )


def test_file_without_a_matter_goes_with_its_bytes_and_copies():
    stored = store_bytes(picture(size=(900, 600)))
    preview(stored, "small")
    age(8, stored)
    assert (drop_unused(), sweep_files()) == (1, 1)
    assert StoredFile.objects.count() == 0
    assert not default_storage.exists(stored.storage_name)
    assert not default_storage.exists(preview_name(stored, "small"))


def test_what_a_crash_left_in_the_making_goes_and_work_at_hand_stays(tmp_path):
    lost, present = tmp_path / "making-a", tmp_path / "making-b"
    for folder in (lost, present):
        folder.mkdir()
        (folder / "1.xlsx").write_bytes(b"x")
    then = (datetime.now(UTC) - timedelta(days=2)).timestamp()
    os.utime(lost, (then, then))
    assert sweep_files() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["making-b"]


def test_young_file_stays():
    stored = store_bytes(b"young")
    age(6, stored)
    assert (drop_unused(), sweep_files()) == (0, 0)
    assert read(stored) == b"young"


def test_every_key_to_a_file_is_known():
    """A new model that points here is asked by itself; this tells which do today."""
    found = {f"{model._meta.label}.{name}" for model, name in sweeping._pointers()}
    assert found == {
        "core.Attachment.file",
        "core.Job.result_file",
        "core.WorkbookImport.file",
        "evidence.Piece.file",
        "public.ReleasedFile.file",
        "scoring.Run.frames",
        "scoring.Run.leads",
        "scoring.Run.observations",
        "scoring.Run.places",
        "standards.StandardUpload.file",
    }


def test_file_that_something_points_to_stays():
    place = make_place()
    photo = attach(b"a photo's words", "a.txt", owner=place, region=place.region, actor=None).file
    result, workbook, standard = (store_bytes(data) for data in (b"result", b"workbook", b"standard"))
    Job.objects.create(kind="x", title="x", owner_id=1, status="done", result_file=result)
    import_of(workbook, "imported")
    StandardUpload.objects.create(region=place.region, owner_id=1, name="a.yaml", file=standard)
    age(900, photo, result, workbook, standard)
    assert (drop_unused(), sweep_files()) == (0, 0)
    assert [read(stored) for stored in (result, workbook, standard)] == [b"result", b"workbook", b"standard"]
    assert Attachment.objects.get().file == photo


def test_file_that_waiting_work_will_read_stays_until_it_is_done():
    stored = store_bytes(b"a large document")
    age(8, stored)
    job = Job.objects.create(kind="directives.read", title="x", owner_id=1, params={"sha256": stored.sha256})
    assert drop_unused() == 0
    Job.objects.filter(pk=job.pk).update(status="done")
    assert drop_unused() == 1


def test_file_given_again_is_young_again():
    stored = store_bytes(b"given twice")
    age(8, stored)
    assert store_bytes(b"given twice") == stored
    assert (drop_unused(), sweep_files()) == (0, 0)


def test_file_taken_up_while_the_sweep_runs_stays(monkeypatch):
    stored = store_bytes(b"just in time")
    age(8, stored)
    drop = sweeping._drop

    def taken_up(pk, limit):
        import_of(store_bytes(b"just in time"), "uploaded")
        return drop(pk, limit)

    monkeypatch.setattr(sweeping, "_drop", taken_up)
    assert (drop_unused(), sweep_files()) == (0, 0)
    assert read(stored) == b"just in time"


def test_bytes_given_again_after_their_row_went_are_not_swept():
    stored = store_bytes(b"comes back")
    age(8, stored)
    drop_unused()
    again = store_bytes(b"comes back")
    assert sweep_files() == 0
    assert read(again) == b"comes back"


def test_lost_bytes_come_back_with_the_next_upload():
    stored = store_bytes(b"lost")
    Path(default_storage.path(stored.storage_name)).unlink()
    assert read(store_bytes(b"lost")) == b"lost"


def test_tidying_forgets_uploads_that_were_left_lying():
    dropped, left, done = (import_of(store_bytes(data), "dropped") for data in (b"1", b"2", b"3"))
    WorkbookImport.objects.filter(pk=left.pk).update(status="mapped")
    WorkbookImport.objects.filter(pk=done.pk).update(status="imported")
    age(31, dropped, left, done, dropped.file, left.file, done.file)
    young = import_of(store_bytes(b"4"), "uploaded")
    tidy()
    assert set(WorkbookImport.objects.all()) == {done, young}
    assert set(StoredFile.objects.all()) == {done.file, young.file}
    assert not default_storage.exists(dropped.file.storage_name)


def test_tidying_lets_go_of_standards_that_nobody_published():
    office = make_user(Role.OFFICE)
    given = [
        receive_standard(small_yaml(version=version), "a.yaml", region=office.region, actor=office)
        for version in ("1", "2", "3")
    ]
    publish_upload(given[0], actor=office)
    files = [upload.file for upload in given]
    age(31, *given[:2], *files[:2])
    tidy()
    kept = {upload.pk: upload for upload in StandardUpload.objects.all()}
    assert [kept[upload.pk].file for upload in given] == [files[0], None, files[2]]
    assert kept[given[0].pk].status == UploadStatus.PUBLISHED
    assert set(StoredFile.objects.all()) == {files[0], files[2]}


def test_export_goes_after_its_days_and_its_work_stays(settings):
    settings.EXPORT_DAYS = 2
    person = make_user("office")
    files = [store_bytes(name.encode()) for name in ("旧", "新")]
    old, new = (
        Job.objects.create(kind="x", title="x", owner_id=person.pk, status="done", result_file=file,
                           result_name="a.xlsx",
                           finished_at=datetime.now(UTC) - timedelta(days=days))
        for file, days in zip(files, (3, 1), strict=True)
    )  # fmt: skip
    age(3, files[0])
    tidy()
    old.refresh_from_db()
    assert (old.result_file, old.result_name) == (None, "a.xlsx")
    assert not default_storage.exists(files[0].storage_name)
    assert read(files[1]) == "新".encode()
    assert set(StoredFile.objects.all()) == {files[1]}
    new.refresh_from_db()
    assert new.result_file == files[1]
