"""Rows of a backup to the letter: kinds of values, many rows, what no row is, disks without links."""

from __future__ import annotations

import io
import json
import os
import tarfile

import pytest
from django.core.files.storage import default_storage
from django.db import models

from chuangwen.config.backup import BadArchive, tables, verifying, writing
from chuangwen.core.files.services import store_bytes
from chuangwen.core.models import Region
from tests.support.factories import make_region

pytestmark = pytest.mark.both


def test_bytes_and_nothing_come_back_as_they_were():
    coded = json.loads(json.dumps({"b": b"\x00\xff", "m": memoryview(b"a")}, cls=tables._Encoder))
    assert coded == {"b": "AP8=", "m": "YQ=="}
    wrapped = tables._value(models.BinaryField(), "AP8=")  # psycopg puts it into a shell of its own
    assert bytes(getattr(wrapped, "obj", wrapped)) == b"\x00\xff"
    assert tables._value(models.BinaryField(null=True), None) is None
    assert tables._value(models.JSONField(null=True), None) is None


@pytest.mark.django_db
def test_more_rows_than_a_batch_come_back_and_jsons_own_null_stays_one(monkeypatch):
    for _number in range(5):
        make_region()
    Region.objects.filter(pk=Region.objects.earliest("pk").pk).update(settings=models.Value(None, models.JSONField()))
    lines, before = list(tables.lines(Region)), list(Region.objects.order_by("pk").values())
    Region.objects.all().delete()
    monkeypatch.setattr(tables, "BATCH", 2)
    assert tables.insert(Region, lines) == 5
    assert list(Region.objects.order_by("pk").values()) == before
    with pytest.raises(ValueError, match="another number of values"):
        tables.insert(Region, [b"[1, 2]"])


def test_disk_without_links_gets_its_archive_too(monkeypatch, tmp_path):
    def no_links(_part, _target):
        raise OSError

    (tmp_path / "part").write_text("whole")
    monkeypatch.setattr(os, "link", no_links)
    writing._name(tmp_path / "part", tmp_path / "site.tar")
    assert ((tmp_path / "site.tar").read_text(), (tmp_path / "part").exists()) == ("whole", False)


@pytest.mark.django_db
def test_file_that_is_not_what_its_name_says_is_named_and_left_out():
    stored = store_bytes("照片".encode())
    with default_storage.open(stored.storage_name, "wb") as file:
        file.write(b"other")
    written = writing.Written()
    with tarfile.open(fileobj=io.BytesIO(), mode="w") as tar:
        writing._add_file(tar, stored.sha256, written)
        assert tar.getnames() == []
    assert (written.files, written.missing) == (0, [stored.sha256])


def test_file_above_the_limit_and_what_stands_behind_the_manifest_are_refused(settings, monkeypatch, tmp_path):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024
    large, extra = tarfile.TarInfo("files/large"), tarfile.TarInfo("extra")
    large.size = 1024 * 1024 + 1
    with pytest.raises(BadArchive, match="larger than 1 MB"):
        verifying._file_digest(large, io.BytesIO(), "0" * 64)
    found = [(tarfile.TarInfo("manifest.json"), io.BytesIO(b"{}")), (extra, io.BytesIO())]
    monkeypatch.setattr(verifying, "members", lambda _path: found)
    monkeypatch.setattr(verifying, "_manifest", lambda _stream: {})
    with pytest.raises(BadArchive, match="stands after the manifest"):
        verifying._checked(tmp_path)
