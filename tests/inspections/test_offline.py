"""Small copies and originals, and the pages a phone opens without a network."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.audit.wording import action_words
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Attachment
from chuangwen.inspections.enums import VisitState
from chuangwen.inspections.models import Answer, AnswerPhoto, Visit
from chuangwen.inspections.services.finishing import finish_visit
from chuangwen.inspections.services.photographing import add_answer_photo, add_original
from chuangwen.inspections.views import offline
from tests.inspections.making import make_checks, make_field
from tests.inspections.making import photo as picture
from tests.support.factories import make_problem_type, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    return make_field()


@pytest.fixture
def copy(field):
    """A small copy of a photo at a check that was not met."""
    kind = make_problem_type(field.root.region)
    (check,) = make_checks(field, 1, problem_type=kind)
    visit = field.visit(field.place(keeper=make_unit(field.root, name="市场公司")), state=VisitState.STARTED)
    answer = Answer.objects.create(
        region=visit.region, uid=uuid.uuid4(), visit=visit, checked=check, value="not-met", answered_by=field.inspector
    )
    return add_answer_photo(answer, picture(), "a.jpg", uid=uuid.uuid4(), actor=field.inspector, original_waits=True)


def fresh(photo):
    return AnswerPhoto.objects.select_related("attachment__file", "answer__visit").get(pk=photo.pk)


def test_original_takes_the_copys_place_in_answer_and_problem_after_the_visit(field, copy):
    small = copy.attachment.file
    visit = Visit.objects.get(pk=copy.answer.visit_id)
    (problem,) = finish_visit(visit, actor=field.inspector)
    whole = picture()
    add_original(fresh(copy), whole, actor=field.inspector)
    shown = problem.photos.get().attachment.file
    after = fresh(copy)
    assert (after.attachment.file, after.original_waits, shown == small) == (shown, False, False)
    entry = Entry.objects.get(action="inspections.visit.original")
    assert action_words(entry.action) == "收到原图"
    assert entry.data["copy"] == small.sha256
    assert entry.data["original"] == shown.sha256


def test_original_twice_changes_nothing_more(field, copy):
    first = picture()
    add_original(fresh(copy), first, actor=field.inspector)
    kept = fresh(copy).attachment.file
    add_original(fresh(copy), picture(), actor=field.inspector)
    assert fresh(copy).attachment.file == kept
    assert Entry.objects.filter(action="inspections.visit.original").count() == 1


def test_original_of_a_photo_that_came_whole_is_not_taken(field, copy):
    AnswerPhoto.objects.filter(pk=copy.pk).update(original_waits=False)
    add_original(fresh(copy), picture(), actor=field.inspector)
    assert fresh(copy).attachment.file == copy.attachment.file


def test_original_leaves_the_same_picture_elsewhere_alone(field, copy):
    """The bytes are kept once; another matter that hangs on them keeps them."""
    other = Attachment.objects.create(
        region=field.root.region, file=copy.attachment.file, name="b.jpg", owner_type="core.region", owner_id=1
    )
    add_original(fresh(copy), picture(), actor=field.inspector)
    other.refresh_from_db()
    assert other.file == copy.attachment.file


def test_original_is_refused_from_a_stranger_and_where_it_is_no_picture(field, copy):
    with pytest.raises(Refusal):
        add_original(fresh(copy), picture(), actor=make_user(Role.INSPECTOR, field.root))
    with pytest.raises(Refusal):
        add_original(fresh(copy), b"<script>", actor=field.inspector)
    assert fresh(copy).original_waits is True


def test_phone_sends_the_copy_then_the_original(field, copy, sign_in):
    client = sign_in(field.inspector)
    visit = copy.answer.visit
    uid = uuid.uuid4()
    sent = {
        "uid": str(uid),
        "check": copy.answer.checked_id,
        "copy": "1",
        "photo": SimpleUploadedFile("p.jpg", picture()),
    }
    assert client.post(reverse("inspections:photos", args=[visit.uid]), sent).status_code == 200
    assert AnswerPhoto.objects.get(uid=uid).original_waits is True
    address = reverse("inspections:photo_original", args=[visit.uid, uid])
    assert client.post(address, {}).status_code == 400
    bad = client.post(address, {"photo": SimpleUploadedFile("p.jpg", b"nothing")})
    assert (bad.status_code, bad.json()["final"]) == (400, True)
    assert client.post(address, {"photo": SimpleUploadedFile("p.jpg", picture())}).json() == {"kept": str(uid)}
    assert AnswerPhoto.objects.get(uid=uid).original_waits is False
    stranger = sign_in(make_user(Role.INSPECTOR, field.root))
    assert stranger.post(address, {"photo": SimpleUploadedFile("p.jpg", picture())}).status_code == 404


def test_outbox_and_manual_are_the_inspectors(field, sign_in):
    visit = field.visit()
    client = sign_in(field.inspector)
    box = client.get("/field/outbox/").content.decode()
    assert f'data-visit-name="{visit.uid}"' in box
    assert box.count('aria-current="page"') == 1
    assert "四种答案" in client.get("/field/manual/").content.decode()
    assert sign_in(make_user(Role.LIAISON, field.street)).get("/field/manual/").status_code == 403


def test_worker_lies_under_the_field_and_is_asked_for_anew(client, tmp_path, monkeypatch):
    script = tmp_path / "worker.js"
    monkeypatch.setattr(offline, "WORKER", script)
    assert client.get("/field/worker.js").status_code == 404
    script.write_text("1", encoding="utf-8")
    answer = client.get("/field/worker.js")
    assert (answer.content, answer["Content-Type"].split(";")[0], answer["Cache-Control"]) == (
        b"1",
        "text/javascript",
        "no-cache",
    )
