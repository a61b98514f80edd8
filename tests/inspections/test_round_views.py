"""Rounds, visits and draws on screen: who may, what is refused, what nobody sees before the release."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.inspections.models import Draw, Visit
from chuangwen.inspections.sampling import Chain, verify_record
from chuangwen.inspections.services.draws import commit_draw, draw_now, freeze_draw
from chuangwen.inspections.services.planning import skip_visit
from tests.inspections.making import Field, make_checks, make_field, photo
from tests.support.factories import NOON, make_user

pytestmark = pytest.mark.once

CHAIN = Chain(b"secret of the facilitator")
RELEASE = NOON + timedelta(hours=20)


@pytest.fixture
def field(db: None) -> Field:
    made = make_field()
    for number in range(4):
        made.place(code=f"M-{number}")
    return made


def at(name: str, *args: Any) -> str:
    return reverse(f"inspections:{name}", args=args)


def pages(field: Field, draw: Draw, visit: Visit) -> dict[str, list[str]]:
    """Addresses by the permission they need."""
    pk = field.round.pk
    return {
        "view": [
            at("rounds"), at("round", pk), at("draw", pk), at("visit", visit.uid), at("draw_record", pk, draw.pk),
            at("draw_sheet", pk, draw.pk),
        ],
        "plan": [
            at("round_new"), at("close", pk), at("ad_hoc", pk), at("assign", visit.uid), at("move", visit.uid),
            at("skip", visit.uid), at("substitute", visit.uid), at("paper", visit.uid),
        ],
        "draw": [at("draw_withdraw", pk, draw.pk), at("draw_close", pk, draw.pk)],
    }  # fmt: skip


ROLES = {
    Role.OFFICE: {"view": 200, "plan": 200, "draw": 200},
    Role.ASSESSOR: {"view": 200, "plan": 403, "draw": 200},
    Role.LEADER: {"view": 200, "plan": 403, "draw": 403},
    Role.AUDITOR: {"view": 200, "plan": 403, "draw": 403},
    Role.INSPECTOR: {"view": 403, "plan": 403, "draw": 403},
    Role.LIAISON: {"view": 403, "plan": 403, "draw": 403},
    Role.ADMINISTRATOR: {"view": 403, "plan": 403, "draw": 403},
}


@pytest.mark.parametrize("role", list(ROLES))
def test_pages_open_by_role(field: Field, sign_in: Any, role: Role) -> None:
    draw = draw_now(field.round, {"market": 2}, actor=field.office)
    visit = Visit.objects.first()
    client = sign_in(make_user(role, field.root))
    found = {key: {client.get(url).status_code for url in urls} for key, urls in pages(field, draw, visit).items()}
    assert found == {key: {code} for key, code in ROLES[role].items()}


def test_a_stranger_and_a_street_see_nothing_of_the_region(field: Field, sign_in: Any) -> None:
    draw = draw_now(field.round, {"market": 2}, actor=field.office)
    visit = Visit.objects.first()
    for person in (make_user(Role.OFFICE), make_user(Role.LEADER, field.street)):
        client = sign_in(person)
        for url in (at("draw_record", field.round.pk, draw.pk), at("visit", visit.uid), at("assign", visit.uid)):
            assert client.get(url).status_code in {403, 404}


def test_a_street_sees_a_visit_of_its_place_once_it_is_over(field: Field, sign_in: Any) -> None:
    visit = field.visit()
    client = sign_in(make_user(Role.LEADER, field.street))
    assert client.get(at("visit", visit.uid)).status_code == 404
    Visit.objects.filter(pk=visit.pk).update(state="finished")
    assert client.get(at("visit", visit.uid)).status_code == 200


def test_the_lists_cost_the_same_for_one_row_and_three(field: Field, sign_in: Any) -> None:
    client = sign_in(field.office)
    make_checks(field, 2)
    counts: dict[str, list[int]] = {}
    field.visit()
    for _turn in range(2):
        for url in (at("round", field.round.pk), at("rounds")):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts.setdefault(url, []).append(len(queries))
        for number in range(2):
            field.visit(team=f"第{number}组")
            Round.objects.create(
                region=field.round.region, campaign=field.round.campaign, name=f"另一轮{_turn}{number}", year=2026,
                starts=field.round.starts, ends=field.round.ends,
            )  # fmt: skip
    assert all(first == second for first, second in counts.values())


def test_the_list_of_rounds_shows_one_that_was_cancelled(field: Field, sign_in: Any) -> None:
    Round.objects.update(state="cancelled")
    page = sign_in(field.office).get(at("rounds"))
    assert (page.status_code, "已取消" in page.content.decode()) == (200, True)


def test_planning_a_round_leads_to_its_draw(field: Field, sign_in: Any) -> None:
    client = sign_in(field.office)
    values = {"name": "第三轮", "kind": "mock", "starts": "2026-12-01", "ends": "2026-12-04"}
    version = field.version.pk
    assert client.post(at("round_new"), values).status_code == 422
    done = client.post(at("round_new"), values | {"versions": [version]})
    made = Round.objects.get(name="第三轮")
    assert (done.status_code, done["Location"]) == (302, at("draw", made.pk))
    again = client.post(at("round_new"), values | {"versions": [version]})
    assert (again.status_code, "第三轮" in again.content.decode()) == (422, True)


def test_one_button_draws_and_pressing_it_again_says_so(field: Field, sign_in: Any) -> None:
    client = sign_in(field.office)
    url = at("draw", field.round.pk)
    assert client.get(url).status_code == 200
    for wrong in ("-1", "x", "99999999"):
        assert client.post(url, {"quota_market": wrong, "before": "0"}).status_code == 422
    assert client.post(url, {"quota_market": "2", "before": "0"}).status_code == 302
    assert client.post(url, {"quota_market": "2", "before": "0"}).status_code == 422
    assert (Draw.objects.count(), Visit.objects.count()) == (1, 2)
    page = client.get(url).content.decode()
    assert "verify_draw.py" in page
    assert client.get(url + "?new=1").status_code == 200
    drawn = Draw.objects.get()
    record = client.get(at("draw_record", field.round.pk, drawn.pk))
    assert verify_record(json.loads(record.content)) == ()
    assert b"hashlib" in client.get(at("draw_tool")).content
    assert drawn.pool_sha256 in client.get(at("draw_sheet", field.round.pk, drawn.pk)).content.decode()


def test_an_auditor_cannot_draw_by_posting(field: Field, sign_in: Any) -> None:
    client = sign_in(make_user(Role.AUDITOR, field.root))
    assert client.post(at("draw", field.round.pk), {"quota_market": "2"}).status_code == 404
    assert client.post(at("draw_freeze", field.round.pk), {"quota_market": "2"}).status_code == 403
    assert Draw.objects.count() == 0


def test_before_the_release_no_screen_shows_an_order_or_a_place(field: Field, sign_in: Any) -> None:
    with clock.at(NOON):
        draw = freeze_draw(
            field.round, {"market": 2}, actor=field.office, strict=True, source="掷骰子", release_at=RELEASE
        )
        made = CHAIN.commitment()
        commit_draw(draw, commitment=made.digest, times=made.times, actor=field.office)
        for role in (Role.OFFICE, Role.ASSESSOR, Role.ADMINISTRATOR, Role.LEADER):
            client = sign_in(make_user(role, field.root))
            for url in (at("draw", field.round.pk), at("round", field.round.pk)):
                assert "M-" not in client.get(url).content.decode()
            for name in ("draw_record", "draw_sheet"):
                assert client.get(at(name, field.round.pk, draw.pk)).status_code in {403, 404}
        client = sign_in(field.office)
        assert client.post(at("draw_run", field.round.pk, draw.pk), run_values()).status_code == 422
    draw.refresh_from_db()
    assert (draw.record, Visit.objects.count()) == ({}, 0)


def run_values(**changes: str) -> dict[str, str]:
    return {"kind": "dice", "numbers": "2 2 6 4", "code": CHAIN.code()} | changes


def test_the_strict_form_from_freeze_to_secret(field: Field, sign_in: Any) -> None:
    client = sign_in(field.office)
    pk = field.round.pk
    with clock.at(NOON):
        values = {"quota_market": "2", "source": "掷骰子", "method": "vrs"}
        assert client.post(at("draw_freeze", pk), values | {"release_at": "2020-01-01T08:00"}).status_code == 422
        values["release_at"] = clock.local(RELEASE).strftime("%Y-%m-%dT%H:%M")
        assert client.post(at("draw_freeze", pk), values).status_code == 302
        draw = Draw.objects.get()
        made = CHAIN.commitment()
        commit = at("draw_commit", pk, draw.pk)
        for wrong in ("{}", '{"commitment": 5', "abc"):
            assert client.post(commit, {"commitment": wrong, "times": "10"}).status_code == 422
        printed = json.dumps({"commitment": made.digest, "times": made.times})
        assert client.post(commit, {"commitment": printed, "times": "1"}).status_code == 302
    run = at("draw_run", pk, draw.pk)
    with clock.at(RELEASE):
        for wrong in ({"numbers": "7"}, {"numbers": "abc"}, {"code": "00"}, {"kind": "lottery", "numbers": "2 2"}):
            assert client.post(run, run_values(**wrong)).status_code == 422
        assert client.post(run, run_values()).status_code == 302
        draw.refresh_from_db()
        assert (draw.record["randomness"], draw.times) == ("2.2.6.4./", made.times)
        assert client.get(at("draw", pk) + "?stratum=market").status_code == 200
        for visit in Visit.objects.all():
            skip_visit(visit, reason="关门", actor=field.office)
        assert client.post(at("close", pk)).status_code == 302
        close = at("draw_close", pk, draw.pk)
        assert client.post(close, {"secret": "wrong"}).status_code == 422
        assert client.post(close, {"secret": "secret of the facilitator\r\n"}).status_code == 302
        assert client.get(at("draw", pk)).status_code == 200
    draw.refresh_from_db()
    assert (draw.state, draw.secret) == ("closed", "secret of the facilitator")


def test_a_withdrawn_draw_stays_on_the_page(field: Field, sign_in: Any) -> None:
    client = sign_in(field.office)
    draw = freeze_draw(field.round, {"market": 2}, actor=field.office)
    pk = field.round.pk
    assert client.get(at("draw", pk)).status_code == 200
    assert client.post(at("draw_withdraw", pk, draw.pk), {"reason": "配额错了"}).status_code == 302
    assert client.get(at("draw", pk) + f"?draw={draw.pk}").status_code == 200
    second = freeze_draw(field.round, {"market": 1}, actor=field.office)
    assert client.post(at("draw_frozen", pk, second.pk)).status_code == 302
    assert Visit.objects.count() == 1


def test_the_office_gives_out_moves_substitutes_and_skips(field: Field, sign_in: Any) -> None:
    client = sign_in(field.office)
    draw_now(field.round, {"market": 2}, actor=field.office)
    first, second = Visit.objects.order_by("order")
    given = {"inspector": field.inspector.pk, "team": "第1组"}
    assert client.post(at("assign", first.uid), given).status_code == 302
    belongs = make_user(Role.INSPECTOR, field.root)
    from chuangwen.organizations.models import RoleGrant

    RoleGrant.objects.create(
        region=field.root.region, user=belongs, role="keeper", unit=field.street, starts=field.round.starts
    )
    refused = client.post(at("assign", second.uid), {"inspector": belongs.pk, "team": ""})
    assert (refused.status_code, second.inspector) == (422, None)
    assert client.post(at("move", first.uid), {"day": "2026-11-19", "reason": "雨"}).status_code == 302
    assert client.post(at("substitute", first.uid), {"reason": "停业"}).status_code == 302
    assert client.post(at("skip", second.uid), {"reason": ""}).status_code == 422
    assert client.post(at("skip", second.uid), {"reason": "封路"}).status_code == 302
    states = list(Visit.objects.order_by("order").values_list("kind", "state"))
    assert states == [("drawn", "skipped"), ("drawn", "skipped"), ("substitute", "planned")]
    for visit in Visit.objects.all():
        assert client.get(at("visit", visit.uid)).status_code == 200


def test_giving_out_in_bulk_tells_which_were_refused(field: Field, sign_in: Any) -> None:
    client = sign_in(field.office)
    own, other = field.visit(inspector=None), field.visit(inspector=None)
    type(own.place).objects.filter(pk=own.place_id).update(keeper=field.root)
    leader = make_user(Role.INSPECTOR, field.root)
    from chuangwen.organizations.models import RoleGrant

    RoleGrant.objects.create(
        region=field.root.region, user=leader, role="leader", unit=field.root, starts=field.round.starts
    )
    values = {
        "bulk": "assign", "id": [own.pk, other.pk], "sure": "1", "inspector": leader.pk, "team": "第2组",
    }  # fmt: skip
    page = client.post(at("round", field.round.pk), values, follow=True).content.decode()
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.inspector, other.inspector, "本单位" in page or "Own unit" in page) == (None, leader, True)


def test_a_sheet_from_paper_goes_on_to_the_checklist(field: Field, sign_in: Any) -> None:
    visit = field.visit(inspector=None)
    client = sign_in(field.office)
    values = {"inspector": field.inspector.pk, "seen_at": clock.local(clock.now()).strftime("%Y-%m-%dT%H:%M")}
    assert client.post(at("paper", visit.uid), values).status_code == 422
    scan = SimpleUploadedFile("表.jpg", photo(), content_type="image/jpeg")
    done = client.post(at("paper", visit.uid), values | {"scan": scan})
    assert (done.status_code, done["Location"]) == (302, at("checklist", visit.uid))
    assert client.get(at("visit", visit.uid)).status_code == 200


def test_the_desk_shows_what_waits(field: Field, sign_in: Any) -> None:
    field.visit(inspector=None)
    field.visit(planned_on=clock.today())
    for person in (field.office, field.inspector):
        assert sign_in(person).get("/desk/").status_code == 200
    from django.test import RequestFactory

    from chuangwen.inspections.views.start import desk_items, key_figures

    request = RequestFactory().get("/desk/")
    request.session = {}  # type: ignore[assignment]
    request.user = field.office
    assert [(item.group, item.count) for item in desk_items(request)] == [("decide", 1)]
    assert [figure.value for figure in key_figures(request)] == ["0 / 2"]
    Visit.objects.update(state="finished")
    assert [item.url for item in desk_items(request)] == [at("close", field.round.pk)]
    request.user = field.inspector
    Visit.objects.filter(inspector=field.inspector).update(state="planned")
    assert [(item.group, item.url) for item in desk_items(request)] == [("mine", at("field"))]
