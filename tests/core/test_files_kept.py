"""What is kept of a file and its giver, which row alone is touched, and refusals word for word."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from chuangwen.core import clock
from chuangwen.core.files.services import attach, preview, preview_name, store_bytes
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
    assert refused(store_bytes, b"x" * (3 * 1024 * 1024 + 6)) == "文件超过3MB。 请压缩或拆开后再传。"
    assert refused(attach, b"text", "a", accept={"image/jpeg"}, **around) == "这里用不了这种文件。 请换一个文件。"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("word/document.xml", b"<w/>")
        file.writestr("word/vbaProject.bin", b"x")
    assert refused(attach, buffer.getvalue(), "a.docx", **around) == (
        "文件里有宏。 请另存为不含宏的 .docx 或 .xlsx 再上传。"
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
