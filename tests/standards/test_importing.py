"""Taking a standard file in: wrong, empty, huge and malicious ones, and the way to a published version."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import BadUpload, Conflict
from chuangwen.core.models import Job, StoredFile
from chuangwen.standards.fileformat.raw import MAX_FILE_BYTES
from chuangwen.standards.models import StandardUpload, StandardVersion
from chuangwen.standards.services import importing, publish_upload, receive_standard
from tests.standards.making import publish_small, small_workbook, small_yaml
from tests.support.factories import make_root, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return make_root()


@pytest.fixture
def office(root):
    return make_user(Role.OFFICE, root)


def receive(office, data, name="small.yaml"):
    return receive_standard(data, name, region=office.region, actor=office)


def send(client, data, name="small.yaml"):
    return client.post(reverse("standards:import"), {"file": SimpleUploadedFile(name, data)})


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (80 * 1024 * 1024))
    return buffer.getvalue()


def test_good_file_is_kept_for_a_person_to_look_at(office):
    upload = receive(office, small_yaml())
    assert (upload.status, upload.fault_count, upload.version) == ("ready", 0, None)
    assert StandardVersion.objects.count() == 0


@pytest.mark.parametrize(("name", "make"), [("a.yaml", small_yaml), ("a.xlsx", small_workbook)])
def test_publish_makes_the_version_once(office, name, make):
    upload = receive(office, make(), name)
    version = publish_upload(upload, actor=office)
    assert publish_upload(StandardUpload.objects.get(), actor=office) == version
    assert list(StandardVersion.objects.values_list("version", "criteria_count")) == [("2026", 2)]


@pytest.mark.parametrize(
    ("data", "name", "place"),
    [
        (small_yaml().replace(b"method: field", b"method: smell"), "a.yaml", "line 17"),
        (b"hello", "a.yaml", "line 1"),
        (b"{}", "a.json", "line 1"),
        (b"\xff\xfe\x00", "a.yaml", "line 1"),
        (b"MZ\x90", "a.exe", "file"),
        (b"PK\x03\x04broken", "a.xlsx", "file"),
        (b"a: &a [*a]", "../../etc/passwd.yaml", "line 1"),
        (small_yaml().replace("路面整洁".encode(), "长".encode() * 301), "a.yaml", "file"),
    ],
)
@pytest.mark.once
def test_faulty_file_is_refused_with_its_places_and_let_go(office, data, name, place):
    upload = receive(office, data, name)
    assert upload.status == "faulty"
    assert place in [fault[0] for fault in upload.faults]
    assert (upload.file, StoredFile.objects.count(), StandardVersion.objects.count()) == (None, 0, 0)
    with pytest.raises(Conflict):
        publish_upload(upload, actor=office)


def test_workbook_bomb_is_refused(office):
    assert receive(office, bomb(), "a.xlsx").status == "faulty"


def test_empty_and_huge_files_are_refused_with_the_way_out(office):
    with pytest.raises(BadUpload, match="文件是空的"):
        receive(office, b"")
    with pytest.raises(BadUpload, match="最大4MB"):
        receive(office, b"#" * (MAX_FILE_BYTES + 1))
    assert StandardUpload.objects.count() == 0


def test_page_shows_faults_by_cell_in_chinese(sign_in, office):
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(small_workbook()))
    book["nodes"]["C3"] = None
    changed = io.BytesIO()
    book.save(changed)
    response = send(sign_in(office), changed.getvalue(), "改过的.xlsx")
    text = sign_in(office).get(response.url).content.decode()
    assert "nodes!C3" in text
    assert "没有导入任何内容" in text
    assert "改过的.xlsx" in text


@pytest.mark.parametrize("data", [b"", None])
def test_page_says_what_is_missing_and_stays(sign_in, office, data):
    client = sign_in(office)
    response = client.post(
        reverse("standards:import"), {} if data is None else {"file": SimpleUploadedFile("a.yaml", data)}
    )
    assert response.status_code == 422
    assert "id_file_error" in response.content.decode()


def test_preview_says_counts_and_what_differs_then_publishes(sign_in, root, office):
    publish_small(root.region)
    client = sign_in(office)
    address = send(client, small_yaml(version="2027", title="路面干净")).url
    text = client.get(address).content.decode()
    assert "和2026版相比" in text
    assert "路面干净" in text
    assert "改写1条" in text
    assert StandardVersion.objects.count() == 1
    assert client.post(address).url == reverse("standards:version", args=["small", "2027"])
    assert "已经发布" in client.get(address).content.decode()
    assert StandardVersion.objects.count() == 2


def test_preview_warns_of_a_version_that_is_there_and_publishing_is_refused(sign_in, root, office):
    publish_small(root.region)
    client = sign_in(office)
    address = send(client, small_yaml(points=5)).url
    assert "已有2026版" in client.get(address).content.decode()
    response = client.post(address)
    assert response.status_code == 400
    assert "换一个版本号" in response.content.decode()


def test_upload_of_another_region_is_not_found(sign_in, office):
    upload = receive(office, small_yaml())
    stranger = sign_in(make_user(Role.OFFICE, make_root()))
    address = reverse("standards:upload", args=[upload.uid])
    assert (stranger.get(address).status_code, stranger.post(address).status_code) == (404, 404)


@pytest.mark.parametrize(("data", "status"), [(small_yaml(), "ready"), (b"nodes: 1", "faulty")])
def test_large_file_is_read_by_a_job(
    sign_in, office, run_jobs, monkeypatch, django_capture_on_commit_callbacks, data, status
):
    monkeypatch.setattr(importing, "AT_ONCE_BYTES", 4)
    client = sign_in(office)
    with django_capture_on_commit_callbacks(execute=True):
        response = send(client, data)
    upload = StandardUpload.objects.get()
    assert response.url == reverse("core:job", args=[Job.objects.get().uid])
    assert "文件还在读取" in client.get(reverse("standards:upload", args=[upload.uid])).content.decode()
    run_jobs()
    upload.refresh_from_db()
    assert upload.status == status
    assert Job.objects.get().result_url == reverse("standards:upload", args=[upload.uid])
    assert client.get(Job.objects.get().result_url).status_code == 200
