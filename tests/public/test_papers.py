"""Papers that a stranger attaches: few, small, looked at by content, for those alone who answer, nothing left over."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from PIL import Image

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import BadUpload, Refusal
from chuangwen.core.files.services import Upload, read
from chuangwen.core.files.sweeping import drop_unused, sweep_files
from chuangwen.core.models import Attachment, StoredFile
from chuangwen.honors.enums import Channel
from chuangwen.honors.models import Objection
from chuangwen.public.papers import MOST_PAPERS, PAPER_MB, refuse_papers
from chuangwen.public.services import objecting, raise_objection
from chuangwen.public.services.objecting import Said
from tests.public.making import Town
from tests.support.factories import make_root, make_user

pytestmark = pytest.mark.django_db
TEXT = "十月三日该单位窗口无人值守，群众等了两个小时。"
WHERE = "192.0.2.7"
PDF = b"%PDF-1.7\n%%EOF"


def photo(kind: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(buffer, kind)
    return buffer.getvalue()


def word(macros: bool = False) -> bytes:
    buffer = io.BytesIO()
    Document().save(buffer)
    if macros:
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr("word/vbaProject.bin", b"x")
    return buffer.getvalue()


def archive(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def town():
    return Town()


@pytest.fixture
def application(town):
    return town.application(town.programme())


def test_papers_hang_on_the_objection(application):
    papers = (Upload("窗口.jpg", photo()), Upload("说明.pdf", PDF), Upload("../../etc/证明.docx", word()))
    raise_objection(application, Said(TEXT, papers=papers), address=WHERE)
    made = Objection.objects.get()
    kept = Attachment.objects.filter(owner_type="honors.objection", owner_id=made.pk).order_by("pk")
    assert [one.name for one in kept] == ["窗口.jpg", "说明.pdf", "证明.docx"]
    assert [read(one.file) for one in kept] == [one.data for one in papers]
    assert (made.channel, made.entered_by, {one.given_by_name for one in kept}) == (Channel.NET, None, {""})


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("照片.jpg", b"<html><script>alert(1)</script>", "照片.jpg"),
        ("说明.pdf", b"MZ\x90\x00\x03\x00\x00\x00", "说明.pdf"),
        ("说明.docx", archive("xl/workbook.xml", b"<x/>"), "说明.docx"),
        ("说明.docx", archive("word/document.xml", b"0" * 5_000_000), "说明.docx"),
        ("说明.docx", b"PK\x03\x04broken", "说明.docx"),
        ("说明.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64, "说明.doc"),
        ("画.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "画.svg"),
        ("空.pdf", b"", "空.pdf"),
        ("宏.docx", word(macros=True), "宏.docx"),
        ("\u202egpj.大\r\n.pdf", b"%PDF-" + b"0" * (PAPER_MB * 1024 * 1024), "gpj.大.pdf"),
    ],
)
def test_hostile_paper_is_refused_by_its_name_and_nothing_is_kept(application, name, data, words):
    with pytest.raises(BadUpload, match=words):
        raise_objection(application, Said(TEXT, papers=(Upload("好.pdf", PDF), Upload(name, data))), address=WHERE)
    assert (Objection.objects.count(), Attachment.objects.count(), StoredFile.objects.count()) == (0, 0, 0)


def test_more_than_three_papers_are_refused():
    refuse_papers([Upload("a.pdf", PDF)] * MOST_PAPERS)
    with pytest.raises(BadUpload, match="4份"):
        refuse_papers([Upload("a.pdf", PDF)] * (MOST_PAPERS + 1))


def test_objection_given_up_halfway_leaves_nothing(application, settings, tmp_path):
    """The second picture breaks only when it is opened: the first lies on disk by then, and is swept."""
    settings.MEDIA_ROOT = tmp_path
    papers = (Upload("好.pdf", PDF), Upload("坏.jpg", photo()[:40]))
    with pytest.raises(BadUpload):
        raise_objection(application, Said(TEXT, papers=papers), address=WHERE)
    assert (Objection.objects.count(), Attachment.objects.count(), StoredFile.objects.count()) == (0, 0, 0)
    sweep_files(timedelta(seconds=-5))
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_paper_of_an_objection_is_not_swept(application):
    raise_objection(application, Said(TEXT, papers=(Upload("好.pdf", PDF),)), address=WHERE)
    assert drop_unused(timedelta(seconds=-5)) == 0


def test_a_region_takes_so_many_papers_a_day(application, monkeypatch):
    monkeypatch.setattr(objecting, "MOST_WITH_PAPERS", 1)
    with_paper = (Upload("好.pdf", PDF),)
    raise_objection(application, Said(TEXT, papers=with_paper), address=WHERE)
    with pytest.raises(Refusal, match="材料"):
        raise_objection(application, Said(f"{TEXT}又", papers=with_paper), address="192.0.2.8")
    raise_objection(application, Said(f"{TEXT}又"), address="192.0.2.8")
    assert Objection.objects.count() == 2


def test_only_who_answers_objections_reads_their_papers(town, application, sign_in):
    slip = raise_objection(application, Said(TEXT, papers=(Upload("窗口.jpg", photo()),)), address=WHERE)
    paper = Attachment.objects.get()
    addresses = [f"/files/{paper.uid}/", f"/files/{paper.uid}/small.jpg"]
    assert sign_in(town.office).get(f"/objections/{Objection.objects.get().pk}/").content.count(b"/files/") == 1
    assert [sign_in(town.office).get(one).status_code for one in addresses] == [200, 200]
    for person in (
        make_user(Role.LIAISON, town.unit), make_user(Role.INSPECTOR, town.root), make_user(Role.OFFICE, make_root()),
    ):  # fmt: skip
        assert [sign_in(person).get(one).status_code for one in addresses] == [404, 404]
    assert {Client().get(one).status_code for one in addresses} == {302}
    answer = Client().post(town.address("objections/"), {"slip": slip}).content.decode()
    assert ("窗口.jpg" in answer, str(paper.uid) in answer) == (False, False)


def test_form_takes_papers_and_says_how_many(town, application, client):
    address = town.address(f"notices/{application.programme_id}/object/")
    fields = {"application": application.pk, "text": TEXT, "sender": "", "contact": "", "website": ""}
    assert b'type="file"' in client.get(address).content
    bad = client.post(address, {**fields, "papers": [SimpleUploadedFile("a.exe", b"MZ\x00\x00")]})
    assert (bad.status_code, "重新选择" in bad.content.decode()) == (422, True)
    files = [SimpleUploadedFile("a.jpg", photo()), SimpleUploadedFile("b.pdf", PDF)]
    told = client.post(address, {**fields, "papers": files}).content.decode()
    assert "2份材料" in told
    assert Attachment.objects.count() == 2


def test_a_stranger_cannot_send_a_large_request(town, application, client):
    address = town.address(f"notices/{application.programme_id}/object/")
    answer = client.post(address, {"papers": [SimpleUploadedFile("a.pdf", b"%PDF-" + b"0" * 21 * 1024 * 1024)]})
    assert answer.status_code == 413


def test_office_sees_how_an_objection_came(town, application, sign_in):
    raise_objection(application, Said(TEXT), address=WHERE)
    page = f"/objections/{Objection.objects.get().pk}/"
    assert "公开页面" in sign_in(town.office).get(page).content.decode()
    Objection.objects.update(channel=Channel.PAPER, entered_by=town.office)
    told = sign_in(town.office).get(page).content.decode()
    assert ("来信" in told, f"{town.office}录入" in told) == (True, True)
