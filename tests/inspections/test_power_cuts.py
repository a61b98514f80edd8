"""The server dies at any moment of what the phone sends: nothing half done, nothing confirmed lost."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chuangwen.core.files.services import read
from chuangwen.core.models import Attachment
from chuangwen.inspections.models import Answer, AnswerPhoto, AnswerReceipt, Draw, Observation, Visit
from chuangwen.inspections.services.answering import save_answers, start_visit
from chuangwen.inspections.services.draws import draw_now
from chuangwen.inspections.services.finishing import finish_visit
from chuangwen.inspections.services.photographing import add_answer_photo
from chuangwen.notifications.models import Notice
from chuangwen.rectification.models import Problem, ProblemPhoto
from chuangwen.workflow.models import Step
from tests.inspections.making import Field, given, make_checks, make_field, photo
from tests.support.killing import kill_through

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

    def facts() -> tuple[int, ...]:
        visit.refresh_from_db()
        return Answer.objects.count(), AnswerReceipt.objects.count(), visit.answered, visit.not_met

    kill_through(send, facts)
    send()
    assert facts() == (2, 2, 2, 2)


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

    def facts() -> tuple[object, ...]:
        photos = AnswerPhoto.objects.select_related("attachment__file")
        return [read(one.attachment.file) for one in photos], Attachment.objects.count()

    kill_through(send, facts)
    send()
    assert facts() == ([data], 1)


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

    def facts() -> tuple[object, ...]:
        visit.refresh_from_db()
        counts = [model.objects.count() for model in (Observation, Problem, ProblemPhoto)]
        assigned = Problem.objects.filter(state="assigned").count()
        return visit.state, counts, assigned, Step.objects.filter(action="finish").count()

    kill_through(finish, facts, stride=15)
    assert facts() == ("finished", [2, 2, 2], 2, 1)


def test_a_draw_is_drawn_once_and_whole() -> None:
    field = make_field()
    for number in range(5):
        field.place(code=f"M-{number}")

    def draw() -> None:
        draw_now(field.round, {"market": 2}, actor=field.office, before=0)

    def facts() -> tuple[object, ...]:
        rounds = [len(one.record["drawn"]["market"]) for one in Draw.objects.all()]
        return rounds, Visit.objects.count(), Notice.objects.count()

    kill_through(draw, facts)
    assert facts()[:2] == ([2], 2)
