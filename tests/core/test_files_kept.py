"""What is kept of a file and its giver, which row alone is touched, and refusals word for word."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from chuangwen.core import clock
from chuangwen.core.files import services
from chuangwen.core.files.services import (
    WORKING,
    attach,
    preview,
    preview_name,
    read,
    store_bytes,
    store_made,
    working_folder,
)
from chuangwen.core.files.sniffing import Refused, media_type_of
from chuangwen.core.files.sweeping import drop_unused, sweep_files
from chuangwen.core.models import StoredFile
from tests.support.factories import make_place, make_user
from tests.support.refusals import said as refused

pytestmark = pytest.mark.django_db


def test_attachment_keeps_its_owner_region_and_giver():
    place, user = make_place(), make_user(name="周小满")
    given = attach(b"a text", "C:\\x\\a.txt", owner=place, region=place.region, actor=user)
    assert (given.name, given.owner_type, given.owner_id, given.region) == (
        "a.txt", "places.place", place.pk, place.region,
    )  # fmt: skip
    assert (given.given_by_id, given.given_by_name) == (user.pk, str(user))
    alone = attach(b"a text", "b.txt", owner=place, region=place.region, actor=None)
    assert (alone.given_by_id, alone.given_by_name, alone.file) == (None, "", given.file)


def test_words_about_a_file(settings):
    place = make_place()
    around = {"owner": place, "region": place.region, "actor": None}
    settings.UPLOAD_LIMIT_BYTES = 3 * 1024 * 1024 + 5
    assert refused(store_bytes, b"x" * (3 * 1024 * 1024 + 6)) == "文件超过3MB。请压缩或拆开后再传。"
    assert refused(attach, b"text", "a", accept={"image/jpeg"}, **around) == "这里用不了这种文件。请换一个文件。"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("word/document.xml", b"<w/>")
        file.writestr("word/vbaProject.bin", b"x")
    assert refused(attach, buffer.getvalue(), "a.docx", **around) == (
        "文件里有宏。请另存为不含宏的 .docx 或 .xlsx 再上传。"
    )


def test_file_given_again_is_young_again_and_no_other_is():
    first, other = store_bytes(b"one text"), store_bytes(b"another text")
    old = clock.now() - timedelta(days=9)
    StoredFile.objects.update(updated_at=old)
    assert store_bytes(b"one text") == first
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.updated_at > old, other.updated_at) == (True, old)


def test_small_copy_is_kept_under_its_size_and_made_of_any_picture():
    buffer = io.BytesIO()
    Image.new("P", (900, 600)).save(buffer, "PNG")
    stored = store_bytes(buffer.getvalue())
    small = preview(stored, "small")
    assert preview_name(stored, "small") == f"previews/small/{stored.storage_name}.jpg"
    with default_storage.open(preview_name(stored, "small")) as file:
        assert file.read() == small
    assert Image.open(io.BytesIO(small)).mode == "RGB"
    default_storage.delete(stored.storage_name)
    assert preview(stored, "small") == small


MEMORY = {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
OFFICE_COPY = "请用Office或WPS另存一份再传。"


def drawn(kind, size=(40, 30)):
    buffer = io.BytesIO()
    Image.new("RGB", size).save(buffer, kind)
    return buffer.getvalue()


def old(path):
    then = (clock.now() - timedelta(days=9)).timestamp()
    os.utime(path, (then, then))
    return then


def test_words_about_bytes_that_cannot_be_taken(monkeypatch):
    bomb, broken = io.BytesIO(), b"PK\x03\x04broken"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a", b"0" * 3_000_000)
    damaged = "图片已损坏，打不开。请重拍或重选一张。"
    assert [refused(store_bytes, data) for data in (b"", bomb.getvalue(), broken, b"\x00\x01", drawn("PNG")[:60])] == [
        "文件是空的。请换一个文件。", f"文件解压后大得不正常。{OFFICE_COPY}", f"文件已损坏，打不开。{OFFICE_COPY}",
        "认不出这是什么文件。可以传文本、Word、Excel、PDF或图片。", damaged,
    ]  # fmt: skip
    monkeypatch.setattr(services, "PLAIN_PIXEL_LIMIT", 1199)
    monkeypatch.setattr(services, "PIXEL_LIMIT", 1200)
    assert refused(store_bytes, drawn("PNG")) == "图片像素太大。请传手机拍的原图。"
    assert refused(store_bytes, drawn("JPEG", (41, 30))) == "图片像素太大。请传手机拍的原图。"
    assert store_bytes(drawn("JPEG")).width == 40
    monkeypatch.setattr(services, "PLAIN_PIXEL_LIMIT", 1200)
    assert store_bytes(drawn("PNG")).height == 30


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("創建".encode("big5") + b"\xa4\x7e\xc9\x4a" * 9, "text/plain"),
        (b"\xff\x80\xff\x80" * 9 + b"words", Refused("unknown")),
        ("城".encode() * 21_845 + "市".encode(), "text/plain"), (b"a" + "城".encode() * 22_000, "text/plain"),
        (b"aa" + "城".encode() * 22_000, "text/plain"), (b"\xef\xbb\xbf\r\n <?XML version='1.0'?>", "text/html"),
    ],
)  # fmt: skip
def test_text_is_known_by_its_first_characters(data, kind):
    assert media_type_of(data) == kind


def test_made_file_is_moved_and_kept_once_with_its_facts(monkeypatch):
    flushed, flush = [], services._flush
    monkeypatch.setattr(services, "_flush", lambda path: (flushed.append(path.name), flush(path)))
    beside = store_bytes(b"beside")
    flushed.clear()
    with working_folder() as folder:
        assert (folder.parent, folder.name[: len(WORKING)]) == (Path(default_storage.location), WORKING)
        (folder / "a.bin").write_bytes(b"made")
        stored = store_made(folder / "a.bin", "x/y")
        assert not (folder / "a.bin").exists()
        assert flushed == ["a.bin"]
        StoredFile.objects.update(updated_at=clock.now() - timedelta(days=9))
        then = old(default_storage.path(stored.storage_name))
        (folder / "b.bin").write_bytes(b"made")
        again = store_made(folder / "b.bin", "x/z")
    assert not folder.exists()
    assert os.stat(default_storage.path(stored.storage_name)).st_mtime > then  # noqa: PTH116
    row = StoredFile.objects.get(pk=stored.pk)
    assert (again, row.sha256, row.size) == (stored, hashlib.sha256(b"made").hexdigest(), 4)
    assert (stored.media_type, row.media_type, read(row)) == ("x/y", "x/z", b"made")
    beside.refresh_from_db()
    assert clock.now() - beside.updated_at > timedelta(days=8)
    assert clock.now() - row.updated_at < timedelta(days=1)


def test_bytes_written_again_are_young_and_their_folder_is_flushed(monkeypatch):
    synced, sync = [], os.fsync
    monkeypatch.setattr(
        services.os,
        "fsync",
        lambda handle: (synced.append(str(Path(f"/proc/self/fd/{handle}").readlink())), sync(handle)),
    )
    stored = store_bytes(b"words")
    path = Path(default_storage.path(stored.storage_name))
    assert [Path(name).parent == path.parent for name in synced[:1]] == [True]
    assert synced[1:] == [str(path.parent)]
    then = old(path)
    store_bytes(b"words")
    assert path.stat().st_mtime > then
    assert len(synced) == 2


def test_object_store_keeps_files_whole_and_gives_up_copies_and_bytes_with_the_row(settings):
    settings.STORAGES = settings.STORAGES | MEMORY
    stored = store_bytes(drawn("PNG", (900, 600)))
    assert read(store_bytes(read(stored))) == read(stored)
    preview(stored, "small")
    with working_folder() as folder:
        assert folder.parent == Path(tempfile.gettempdir())
        for name in "ab":
            (folder / name).write_bytes(b"made")
            made = store_made(folder / name, "x/y")
            assert (folder / name).exists()
    assert (read(made), made.size, sweep_files()) == (b"made", 4, 0)
    StoredFile.objects.filter(pk=stored.pk).update(updated_at=clock.now() - timedelta(days=8))
    assert drop_unused() == 1
    names = [stored.storage_name, preview_name(stored, "small"), made.storage_name]
    assert [default_storage.exists(name) for name in names] == [False, False, True]


def test_copies_are_made_for_the_size_that_is_asked_for():
    stored = store_bytes(drawn("JPEG", (2000, 1500)))
    sizes = [Image.open(io.BytesIO(preview(stored, size))).size for size in ("small", "large")]
    assert sizes == [(320, 240), (1600, 1200)]
