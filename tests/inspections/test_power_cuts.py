"""The server dies at any moment of what the phone sends: nothing half done, nothing confirmed lost."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuangwen.audit.queries import verify_chain
from chuangwen.core.files.services import read
from chuangwen.core.models import Attachment, StoredFile
from chuangwen.inspections.models import Answer, AnswerPhoto, AnswerReceipt, Draw, Observation, Visit
from chuangwen.inspections.services.answering import save_answers, start_visit
from chuangwen.inspections.services.draws import draw_now
from chuangwen.inspections.services.finishing import finish_visit
from chuangwen.inspections.services.photographing import add_answer_photo
from chuangwen.notifications.models import Notice
from chuangwen.rectification.models import Problem, ProblemPhoto
from chuangwen.workflow.models import Step
from tests.inspections.making import Field, given, make_checks, make_field, photo
from tests.support.power_cuts import killed_everywhere

pytestmark = pytest.mark.django_db(transaction=True)


def started(field: Field) -> Visit:
    visit = field.visit()
    start_visit(visit, actor=field.inspector)
    return visit


def test_answers_are_kept_all_or_none_and_once(sign_in: Any) -> None:
    field = make_field()
    checks = make_checks(field, 2)
    visit = started(field)
    client = sign_in(field.inspector)
    rows = [{"uid": str(uuid4()), "check": check.pk, "value": "not-met"} for check in checks]

    def send() -> None:
        url = reverse("inspections:answers", args=[visit.uid])
        reply = client.post(url, json.dumps({"answers": rows}), content_type="application/json")
        assert reply.json()["kept"] == [row["uid"] for row in rows]

    def look(confirmed: bool) -> None:
        kept = Answer.objects.count()
        visit.refresh_from_db()
        assert (kept, AnswerReceipt.objects.count(), visit.answered, visit.not_met) == (kept,) * 4
        assert kept in ((2,) if confirmed else (0, 2))

    assert killed_everywhere(send, look, every=2) >= 8
    send()
    look(confirmed=True)


def test_a_photo_is_there_with_its_file_or_not_at_all(sign_in: Any) -> None:
    field = make_field()
    (check,) = make_checks(field, 1)
    visit = started(field)
    save_answers(visit, [given(check, "not-met")], actor=field.inspector)
    client, data, uid = sign_in(field.inspector), photo(), str(uuid4())

    def send() -> None:
        file = SimpleUploadedFile("现场.jpg", data, content_type="image/jpeg")
        url = reverse("inspections:photos", args=[visit.uid])
        reply = client.post(url, {"uid": uid, "check": check.pk, "photo": file})
        assert reply.json()["kept"] == uid

    def look(confirmed: bool) -> None:
        photos = list(AnswerPhoto.objects.select_related("attachment__file"))
        assert [read(one.attachment.file) for one in photos] in ([[data]] if confirmed else [[], [data]])
        assert Attachment.objects.count() == len(photos)
        for stored in StoredFile.objects.all():
            assert read(stored) == data

    assert killed_everywhere(send, look, every=2) >= 8
    send()
    look(confirmed=True)


def test_a_photo_that_overtakes_its_answer_is_taken_when_sent_again(sign_in: Any) -> None:
    field = make_field()
    (check,) = make_checks(field, 1)
    visit = started(field)
    client, uid, data = sign_in(field.inspector), str(uuid4()), photo()

    def send() -> Any:
        file = SimpleUploadedFile("a.jpg", data, content_type="image/jpeg")
        return client.post(
            reverse("inspections:photos", args=[visit.uid]), {"uid": uid, "check": check.pk, "photo": file}
        )

    early = send()
    assert (early.status_code, early.json().get("final", False)) == (409, False)
    assert AnswerPhoto.objects.count() == 0
    save_answers(visit, [given(check, "not-met")], actor=field.inspector)
    assert [send().json()["kept"] for _time in range(2)] == [uid, uid]
    assert AnswerPhoto.objects.count() == 1


def test_finishing_hands_over_everything_or_nothing() -> None:
    field = make_field()
    checks = make_checks(field, 2)
    visit = started(field)
    save_answers(visit, [given(check, "not-met") for check in checks], actor=field.inspector)
    for answer in visit.answers.all():
        add_answer_photo(answer, photo(), "a.jpg", uid=uuid4(), actor=field.inspector)

    def finish() -> None:
        finish_visit(Visit.objects.get(pk=visit.pk), actor=field.inspector)

    def look(confirmed: bool) -> None:
        visit.refresh_from_db()
        done = visit.state == "finished"
        counts = [model.objects.count() for model in (Observation, Problem, ProblemPhoto)]
        assert counts == ([2, 2, 2] if done else [0, 0, 0])
        assert Problem.objects.filter(state="assigned").count() == counts[1]
        assert Step.objects.filter(action="finish").count() == done
        assert done or not confirmed

    assert killed_everywhere(finish, look, every=9) >= 8
    chain = verify_chain(field.root.region.code)
    assert (chain.breaks, chain.entries > 0) == ([], True)


def test_a_draw_is_drawn_once_and_whole() -> None:
    field = make_field()
    for number in range(5):
        field.place(code=f"M-{number}")

    def draw() -> None:
        draw_now(field.round, {"market": 2}, actor=field.office, before=0)

    def look(confirmed: bool) -> None:
        rounds = [len(one.record["drawn"]["market"]) for one in Draw.objects.all()]
        assert rounds in ([[2]] if confirmed else [[], [2]])
        assert Visit.objects.count() == 2 * len(rounds)
        assert Notice.objects.count() == 0 or rounds

    assert killed_everywhere(draw, look, every=4) >= 5
    chain = verify_chain(field.root.region.code)
    assert (chain.breaks, chain.entries > 0) == ([], True)
