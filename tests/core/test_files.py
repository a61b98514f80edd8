"""Files: taken by content within limits, kept once and whole, given to whoever may see their owner."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import subprocess
import sys
import textwrap
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import BadUpload
from chuangwen.core.files import services
from chuangwen.core.files.services import attach, clean_name, preview, read, store_bytes
from chuangwen.core.files.sniffing import Refused, media_type_of
from chuangwen.core.models import Attachment, StoredFile
from tests.support.factories import make_place, make_unit, make_user


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (30, 90, 140)).save(buffer, kind, **options)
    return buffer.getvalue()


def archive(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("GIF"), "image/gif"),
        (picture("WEBP"), "image/webp"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "application/x-ole-storage"),
        (archive({"word/document.xml": b"<w/>"}), WORD),
        (archive({"a.txt": b"a"}), "application/zip"),
        ("创建文明城市".encode(), "text/plain"),
        ("创建文明城市".encode("gb18030"), "text/plain"),
        ("\ufeff创建".encode("utf-16"), "text/plain"),
        (b"  <!DOCTYPE html><p>", "text/html"),
        (b"", Refused("empty")),
        (b"\x00\x01\x02\x03" * 9, Refused("unknown")),
        (b"\x7fELF\x02\x01\x01\x00", Refused("unknown")),
        (b"MZ\x90\x00\x03\x00\x00\x00", Refused("unknown")),
        (b"PK\x03\x04broken", Refused("archive-broken")),
        (archive({"a": b"0" * 3_000_000}), Refused("archive-bomb")),
        (archive({str(n): b"" for n in range(10_001)}), Refused("archive-bomb")),
    ],
)
def test_kind_is_told_by_content(data, kind):
    assert media_type_of(data) == kind


@given(st.binary(max_size=300))
def test_any_bytes_have_a_kind_or_a_reason(data):
    found = media_type_of(data)
    assert (
        found.reason in {"empty", "unknown", "archive-broken", "archive-bomb"} if isinstance(found, Refused) else found
    )


@given(st.text(min_size=1, max_size=400))
def test_text_is_never_taken_for_something_else(text):
    found = media_type_of(text.encode("utf-8", "ignore") or b"x")
    assert found in {"text/plain", "text/html", Refused("unknown")}


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\照片\\现场.jpg", "现场.jpg"),
        ("a\x00b\n.txt", "ab.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("  两  个 .txt ", "两 个 .txt"),
        ("...", "file"),
        ("", "file"),
        ("长" * 300 + ".docx", "长" * 175 + ".docx"),
    ],
)
def test_names_are_never_trusted(given_name, kept):
    assert clean_name(given_name) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_a_plain_one(name):
    kept = clean_name(name)
    assert 1 <= len(kept) <= 180
    assert not set(kept) & set("/\\\x00\n\r")


@pytest.mark.django_db
class TestStoring:
    def test_same_bytes_are_kept_once(self):
        first, second = store_bytes(b"one text"), store_bytes(b"one text")
        assert first == second
        assert read(first) == b"one text"
        assert first.sha256 == hashlib.sha256(b"one text").hexdigest()

    def test_original_stays_untouched(self):
        data = picture("JPEG", (400, 300), quality=91)
        stored = store_bytes(data)
        small = preview(stored, "small")
        assert read(stored) == data
        assert max(Image.open(io.BytesIO(small)).size) == 320
        assert preview(stored, "small") == small

    def test_preview_stands_upright(self):
        exif = Image.Exif()
        exif[0x0112] = 6  # turned by 90 degrees
        stored = store_bytes(picture("JPEG", (400, 200), exif=exif))
        assert Image.open(io.BytesIO(preview(stored, "small"))).size == (160, 320)

    def test_facts_of_a_picture(self):
        stored = store_bytes(picture("PNG", (40, 30)))
        assert (stored.width, stored.height, len(stored.likeness), stored.is_picture) == (40, 30, 16, True)
        assert store_bytes(b"text").is_picture is False

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\x00" * 10,
            b"PK\x03\x04",
            b"\xff\xd8\xff<script>alert(1)</script>",
            picture("JPEG")[:200],
            picture("PNG")[:60],
            png_header(60_000, 60_000),
            png_header(7_000, 7_000),
            archive({"word/document.xml": b"0" * 3_000_000}),
        ],
    )
    def test_bad_bytes_are_refused_with_a_way_out_and_leave_nothing(self, data):
        with pytest.raises(BadUpload) as refusal:
            store_bytes(data)
        assert refusal.value.message
        assert refusal.value.way_out
        assert StoredFile.objects.count() == 0

    def test_too_large_is_refused_before_it_is_looked_at(self, settings):
        settings.UPLOAD_LIMIT_BYTES = 10
        with pytest.raises(BadUpload, match="0"):
            store_bytes(b"x" * 11)
        assert store_bytes(b"x" * 10).size == 10

    def test_too_large_stream_is_not_read_whole(self, settings):
        settings.UPLOAD_LIMIT_BYTES = 10
        stream = io.BytesIO(b"x" * 10_000)
        place = make_place()
        with pytest.raises(BadUpload):
            attach(stream, "a.txt", owner=place, region=place.region, actor=None)
        assert stream.tell() == 11

    def test_kind_that_a_field_does_not_take_is_refused(self):
        with pytest.raises(BadUpload):
            store_bytes(b"text", accept={"image/jpeg"})

    @pytest.mark.parametrize(
        "data",
        [
            archive({"word/document.xml": b"<w/>", "word/vbaProject.bin": b"x"}),
            archive({"xl/workbook.xml": b"<x/>", "xl/VBAPROJECT.BIN": b"x"}),
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "_VBA_PROJECT".encode("utf-16-le") + bytes(40),
        ],
    )
    def test_file_with_macros_is_not_hung_on_anything(self, data):
        place = make_place()
        with pytest.raises(BadUpload) as refusal:
            attach(data, "a.docx", owner=place, region=place.region, actor=None)
        assert refusal.value.way_out
        assert (Attachment.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.django_db
class TestCrashes:
    """Killing the program leaves the whole file or none, and never a row without its file."""

    @pytest.mark.parametrize("moment", ["fsync", "replace"])
    def test_write_that_fails_leaves_nothing(self, monkeypatch, moment):
        def fail(*_args, **_kwargs):
            raise OSError("disk full")

        target = services.os if moment == "fsync" else Path
        with monkeypatch.context() as patched:
            patched.setattr(target, moment, fail)
            with pytest.raises(OSError, match="disk full"):
                store_bytes(b"precious")
        assert StoredFile.objects.count() == 0
        left = [name for _folder, _folders, files in os.walk(default_storage.location) for name in files]
        assert left == []
        assert read(store_bytes(b"precious")) == b"precious"

    def test_row_that_is_rolled_back_leaves_bytes_that_serve_the_next_upload(self):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            _store_and_fail(b"precious")
        assert StoredFile.objects.count() == 0
        assert read(store_bytes(b"precious")) == b"precious"

    @pytest.mark.parametrize("moment", ["os.fsync", "pathlib.Path.replace"])
    def test_killed_process_leaves_no_half_file(self, tmp_path, moment):
        """A process of its own dies in the middle of a write, as by a power cut."""
        program = textwrap.dedent(f"""
            import os, pathlib, sys
            os.environ["DJANGO_SETTINGS_MODULE"] = "chuangwen.config.settings"
            os.environ["CHUANGWEN_VAR"] = {str(tmp_path)!r}
            import django
            django.setup()
            from chuangwen.core.files import services
            def die(*args, **kwargs):
                os._exit(9)
            {moment} = die
            services.write_whole("ab/cd/abcd", b"x" * 1000)
        """)
        done = subprocess.run([sys.executable, "-c", program], check=False, cwd=Path.cwd())
        assert done.returncode == 9
        assert not (tmp_path / "files" / "ab" / "cd" / "abcd").exists()


def _store_and_fail(data: bytes) -> None:
    store_bytes(data)
    raise ZeroDivisionError


@pytest.mark.django_db
class TestDownloads:
    @pytest.fixture
    def place(self):
        return make_place(make_unit(name="东关街道"))

    @pytest.fixture
    def hang(self, place):
        def make(data: bytes, name: str) -> Attachment:
            return attach(data, name, owner=place, region=place.region, actor=None)

        return make

    def test_who_sees_the_owner_sees_the_file(self, hang, place, sign_in):
        photo = hang(picture(), "现场.jpg")
        answer = sign_in(make_user(Role.LIAISON, place.territory)).get(f"/files/{photo.uid}/")
        assert answer.content == picture()
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Disposition"] == "inline; filename*=UTF-8''%E7%8E%B0%E5%9C%BA.jpg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]

    def test_who_does_not_see_the_owner_sees_no_file(self, hang, place, sign_in, client):
        photo = hang(picture(), "现场.jpg")
        urls = [f"/files/{photo.uid}/", f"/files/{photo.uid}/small.jpg"]
        assert [client.get(url).status_code for url in urls] == [302, 302]
        for stranger in (make_user(Role.OFFICE), make_user(Role.LIAISON, make_unit(name="别的街道")), make_user()):
            browser = sign_in(stranger)
            assert [browser.get(url).status_code for url in urls] == [404, 404]

    @pytest.mark.parametrize(("data", "name"), [(b"<html><script>1</script>", "a.html"), (b"text", "a.svg")])
    def test_what_a_browser_might_run_is_saved_and_not_shown(self, hang, place, sign_in, data, name):
        answer = sign_in(make_user(Role.OFFICE, place.territory)).get(f"/files/{hang(data, name).uid}/")
        assert answer["Content-Disposition"].startswith("attachment;")

    def test_smaller_copy_and_what_has_none(self, hang, place, sign_in):
        office = sign_in(make_user(Role.OFFICE, place.territory))
        photo, text = hang(picture(size=(900, 600)), "a.jpg"), hang(b"text", "a.txt")
        small = office.get(f"/files/{photo.uid}/small.jpg")
        assert Image.open(io.BytesIO(small.content)).size == (320, 213)
        assert office.get(f"/files/{photo.uid}/huge.jpg").status_code == 404
        assert office.get(f"/files/{text.uid}/small.jpg").status_code == 404

    def test_phone_format_that_cannot_be_opened_is_kept_and_has_no_copy(self, hang, place, sign_in):
        photo = hang(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "IMG.heic")
        office = sign_in(make_user(Role.OFFICE, place.territory))
        assert office.get(f"/files/{photo.uid}/").status_code == 200
        assert office.get(f"/files/{photo.uid}/small.jpg").status_code == 404

    def test_file_of_a_model_that_is_gone_is_not_found(self, hang, place, sign_in):
        photo = hang(picture(), "a.jpg")
        Attachment.objects.update(owner_type="gone.thing")
        assert sign_in(make_user(Role.OFFICE, place.territory)).get(f"/files/{photo.uid}/").status_code == 404


@pytest.mark.django_db
class TestFlushedTogether:
    """Many files of one transaction wait for the disk once."""

    def test_files_have_their_names_at_the_end_and_not_before(self):
        with services.flushed_together():
            first, second = services.store_bytes(b"one\n"), services.store_bytes(b"two\n")
            assert not default_storage.exists(first.storage_name)
            services.write_whole(first.storage_name, b"one\n")
        assert (services.read(first), services.read(second)) == (b"one\n", b"two\n")
        left = [path.name for path in Path(default_storage.location).rglob("*") if path.is_file()]
        assert sorted(left) == sorted([first.sha256, second.sha256])

    def test_files_are_flushed_before_they_have_their_names(self, monkeypatch):
        seen = []
        real = services._flush
        monkeypatch.setattr(services, "_flush", lambda path: (seen.append(path.name), real(path)))
        with services.flushed_together():
            stored = services.store_bytes(b"one\n")
            assert seen == []
        assert seen[0].startswith(f".{stored.sha256}.")
        assert seen[1:] == [stored.sha256[2:4]]

    def test_nothing_is_left_when_the_work_fails(self):
        with pytest.raises(ZeroDivisionError), services.flushed_together():
            _store_and_fail(b"one\n")
        assert [path for path in Path(default_storage.location).rglob("*") if path.is_file()] == []
