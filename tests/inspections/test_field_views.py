"""The phone's addresses: who may, what arrives, what comes back."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.inspections.models import Answer, AnswerPhoto, Recusal, Visit
from chuangwen.inspections.services.answering import start_visit
from chuangwen.inspections.services.planning import begin_paper_entry
from chuangwen.rectification.models import Problem
from tests.inspections.making import Field, make_checks, make_field, photo
from tests.support.factories import make_user

pytestmark = pytest.mark.once


@pytest.fixture
def field(db: None) -> Field:
    return make_field()


def send(client: Client, visit: Visit, answers: Any, **more: Any) -> Any:
    url = reverse("inspections:answers", args=[visit.uid])
    return client.post(url, json.dumps({"answers": answers, **more}), content_type="application/json")


def row(check: Any, value: str = "met", **fields: Any) -> dict[str, Any]:
    return {"uid": str(uuid4()), "check": check.pk, "value": value, "at": "2026-11-18T09:00:00+08:00"} | fields


def shoot(client: Client, visit: Visit, check: Any, data: bytes = b"", **fields: Any) -> Any:
    file = SimpleUploadedFile("a.jpg", data or photo(), content_type="image/jpeg")
    values = {"uid": str(uuid4()), "check": check.pk, "photo": file} | fields
    return client.post(reverse("inspections:photos", args=[visit.uid]), values)


def test_a_visit_from_first_tap_to_problem(field: Field, sign_in: Any) -> None:
    good, bad = make_checks(field, 2)
    visit = field.visit(planned_on=clock.today())
    client = sign_in(field.inspector)
    assert client.get(reverse("inspections:field")).status_code == 200
    page = client.get(reverse("inspections:checklist", args=[visit.uid]))
    assert (page.status_code, page.content.count(b"data-check=")) == (200, 2)
    start = {"at": "x", "longitude": 117.1, "latitude": 34.2}
    answer = send(client, visit, [row(good), row(bad, "not-met", note="垃圾未清")], start=start)
    assert (answer.status_code, answer.json()["answered"], answer.json()["not_met"]) == (200, 2, 1)
    shot = shoot(client, visit, bad, at="2026-11-18T09:01:00+08:00", longitude="117.2", latitude="999")
    assert client.get(shot.json()["url"]).headers["Content-Type"] == "image/jpeg"
    assert (AnswerPhoto.objects.get().longitude, AnswerPhoto.objects.get().latitude) == (117.2, None)
    done = client.post(reverse("inspections:finish", args=[visit.uid]))
    assert (done.status_code, done["Location"]) == (302, reverse("inspections:field"))
    visit.refresh_from_db()
    assert (visit.state, visit.longitude, Problem.objects.get().title) == ("finished", 117.1, "垃圾未清")
    over = client.get(reverse("inspections:checklist", args=[visit.uid]))
    assert b"data-check=" not in over.content
    assert client.get(reverse("inspections:field")).status_code == 200


def test_text_is_refused_as_in_forms_and_a_wrong_clock_costs_no_answer(field: Field, sign_in: Any) -> None:
    checks = make_checks(field, 4)
    visit = field.visit()
    client = sign_in(field.inspector)
    given = [
        row(checks[0], "not-met", note="垃圾\x00未清"), row(checks[1], "not-observable", reason="下雨\u202e"),
        row(checks[2], "not-met", note="两行\n\t都行", at="0001-01-01T00:00:00+08:00"),
        row(checks[3], at="9999-12-31T23:00:00+00:00"),
    ]  # fmt: skip
    told = send(client, visit, given, start={"at": "x"}).json()
    words = "“{}”后面有一个看不见的字符，请删掉重新输入。"
    assert told["refused"] == {given[0]["uid"]: words.format("垃圾"), given[1]["uid"]: words.format("下雨")}
    kept = Answer.objects.order_by("checked").values_list("checked", "note", "device_at")
    assert list(kept) == [(checks[2].pk, "两行\n\t都行", None), (checks[3].pk, "", None)]


def test_answers_sent_again_are_kept_once(field: Field, sign_in: Any) -> None:
    (check,) = make_checks(field, 1)
    visit = field.visit()
    client = sign_in(field.inspector)
    batch = [row(check)]
    first = send(client, visit, batch, start={"at": "x"})
    assert send(client, visit, batch).json() == first.json() | {"kept": [batch[0]["uid"]]}
    assert Answer.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b'{"answers": 3}', b'{"answers": [{"uid": "x"}]}', b'{"answers": [[1]]}', b"\xff\xfe",
        b'{"answers": [], "start": 5}', b"[" * 20_000, b'{"answers": [' + b"1," * 600 + b"1]}", b" " * 600_000,
    ],
)  # fmt: skip
def test_broken_messages_are_refused_in_words(field: Field, sign_in: Any, body: bytes) -> None:
    visit = field.visit()
    url = reverse("inspections:answers", args=[visit.uid])
    answer = sign_in(field.inspector).post(url, body, content_type="application/json")
    assert (answer.status_code, bool(answer.json()["refusal"])) == (400, True)
    visit.refresh_from_db()
    assert visit.state == "planned"


def test_hostile_values_are_refused_one_by_one_or_cut(field: Field, sign_in: Any) -> None:
    first, second = make_checks(field, 2)
    visit = field.visit()
    client = sign_in(field.inspector)
    rows = [row(first, "x" * 5000), row(second, "met", note="长" * 5000, count=1e999, at="yesterday")]
    answer = send(client, visit, rows, start={"at": "x", "longitude": "east", "latitude": None})
    assert set(answer.json()["refused"]) == {rows[0]["uid"], rows[1]["uid"]}
    good = row(second, "met", note="长" * 5000, at="2026-11-18T09:00:00")
    assert send(client, visit, [good]).json()["kept"] == [good["uid"]]
    assert (len(Answer.objects.get().note), Answer.objects.get().device_at) == (300, None)


def test_starting_in_a_round_that_does_not_run_is_told(field: Field, sign_in: Any) -> None:
    visit = field.visit()
    type(field.round).objects.update(state="planned")
    answer = send(sign_in(field.inspector), visit, [], start={"at": "x"})
    assert (answer.status_code, bool(answer.json()["refusal"])) == (400, True)


def test_photos_incomplete_early_or_of_another_kind_are_told(field: Field, sign_in: Any) -> None:
    (check,) = make_checks(field, 1)
    visit = field.visit()
    client = sign_in(field.inspector)
    assert client.post(reverse("inspections:photos", args=[visit.uid]), {"uid": "x"}).status_code == 400
    assert shoot(client, visit, check).status_code == 409
    send(client, visit, [row(check, "not-met")], start={"at": "x"})
    wrong = shoot(client, visit, check, b"<html>no picture</html>")
    assert (wrong.status_code, wrong.json()["final"]) == (400, True)
    kept = shoot(client, visit, check)
    url = reverse("inspections:photo_remove", args=[visit.uid, kept.json()["kept"]])
    assert (client.post(url).status_code, AnswerPhoto.objects.count()) == (200, 0)
    assert client.post(url).status_code == 404


def test_finishing_too_early_says_what_is_missing_and_keeps_the_page(field: Field, sign_in: Any) -> None:
    make_checks(field, 2)
    visit = field.visit()
    client = sign_in(field.inspector)
    send(client, visit, [], start={"at": "x"})
    answer = client.post(reverse("inspections:finish", args=[visit.uid]))
    assert (answer.status_code, b"data-check=" in answer.content) == (422, True)


FIELD_GET = ("checklist", "closed")
FIELD_POST = ("answers", "photos", "finish", "recuse", "closed")


@pytest.mark.parametrize("who", ["office", "colleague", "stranger", "liaison", "nobody"])
def test_a_visit_in_the_field_is_the_inspectors_alone(field: Field, client: Client, sign_in: Any, who: str) -> None:
    visit = field.visit()
    person = {
        "office": field.office,
        "colleague": make_user(Role.INSPECTOR, field.root),
        "stranger": make_user(Role.INSPECTOR),
        "liaison": make_user(Role.LIAISON, field.street),
        "nobody": None,
    }[who]
    if person is not None:
        sign_in(person)
    allowed = {302} if person is None else {403, 404}
    for name in FIELD_GET:
        assert client.get(reverse(f"inspections:{name}", args=[visit.uid])).status_code in allowed
    for name in FIELD_POST:
        assert client.post(reverse(f"inspections:{name}", args=[visit.uid])).status_code in allowed
    visit.refresh_from_db()
    assert (visit.state, visit.inspector) == ("planned", field.inspector)


def test_stepping_back_and_a_closed_door(field: Field, sign_in: Any) -> None:
    recused, closed = field.visit(), field.visit()
    client = sign_in(field.inspector)
    assert client.post(reverse("inspections:recuse", args=[recused.uid])).status_code == 302
    assert Recusal.objects.count() == 1
    url = reverse("inspections:closed", args=[closed.uid])
    assert (client.get(url).status_code, client.post(url, {"reason": ""}).status_code) == (200, 422)
    assert client.post(url, {"reason": "大门紧锁"}).status_code == 302
    closed.refresh_from_db()
    assert (closed.state, closed.skip_reason) == ("skipped", "大门紧锁")


def test_choosing_an_ad_hoc_place_leads_to_its_checklist(field: Field, sign_in: Any) -> None:
    place = field.place(field.toilet)
    drawn_kind = field.place()
    client = sign_in(field.inspector)
    url = reverse("inspections:field_ad_hoc")
    assert client.get(url).status_code == 200
    assert client.post(url, {"place": drawn_kind.pk}).status_code == 422
    made = client.post(url, {"place": place.pk})
    visit = Visit.objects.get(place=place)
    assert (made.status_code, made["Location"]) == (302, reverse("inspections:checklist", args=[visit.uid]))
    type(field.round).objects.update(state="closed")
    assert client.get(url).status_code == 404


def test_the_office_fills_the_same_checklist_from_paper(field: Field, sign_in: Any) -> None:
    (check,) = make_checks(field, 1)
    visit = field.visit(inspector=None)
    begin_paper_entry(
        visit, inspector=field.inspector, seen_at=clock.now(), scan=photo(), scan_name="a.jpg", actor=field.office
    )
    client = sign_in(field.office)
    assert client.get(reverse("inspections:checklist", args=[visit.uid])).status_code == 200
    assert send(client, visit, [row(check)]).json()["answered"] == 1
    done = client.post(reverse("inspections:finish", args=[visit.uid]))
    assert done["Location"] == reverse("inspections:visit", args=[visit.uid])


def test_the_day_and_the_checklist_cost_the_same_whatever_their_length(field: Field, sign_in: Any) -> None:
    make_checks(field, 1)
    client = sign_in(field.inspector)
    visit = field.visit(planned_on=clock.today())
    start_visit(visit, actor=field.inspector)
    urls = [reverse("inspections:field"), reverse("inspections:checklist", args=[visit.uid])]
    counts = []
    for _round in range(2):
        for url in urls:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))
        make_checks(field, 3)
        for _number in range(3):
            field.visit(planned_on=clock.today())
    assert counts[:2] == counts[2:]
