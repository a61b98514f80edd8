"""Draws, results, substitutes and moved days belong to one round: what lies in another one neither counts nor moves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Round
from chuangwen.campaigns.shifting import Stay
from chuangwen.core import clock
from chuangwen.core.errors import Conflict
from chuangwen.inspections.models import Draw, EnteredResult, Visit
from chuangwen.inspections.sampling import Chain
from chuangwen.inspections.services import draws, planning
from chuangwen.inspections.services.results import enter_result
from chuangwen.inspections.services.rounds import what_keeps_open
from chuangwen.inspections.services.shifting import move_visits, visit_moves
from chuangwen.inspections.services.substituting import substitute_place
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.services import publish_standard
from tests.inspections.making import Field, make_field
from tests.inspections.results_making import STANDARD, make_judging, paper
from tests.support.factories import NOON, make_place_type, make_round, make_user
from tests.support.refusals import said

HOUR = timedelta(hours=1)
RELEASE = NOON + 20 * HOUR


@pytest.fixture
def field(db: None) -> Any:
    with clock.at(NOON):
        yield make_field()


def test_round_is_kept_open_by_its_own_visits_draws_and_results(field: Field) -> None:
    field.visit()
    field.place()
    draws.freeze_draw(field.round, {"market": 1}, actor=None)
    make_judging().entered()
    beside = make_round(field.round.campaign, name="回头望")
    assert what_keeps_open(None, beside) == ""


def test_assessment_date_moves_waiting_visits_and_names_open_draws_of_its_campaign(field: Field) -> None:
    elsewhere, campaign = make_field(), field.round.campaign
    Round.objects.update(state="planned")
    ahead, free = (make_round(campaign, name=name, state="planned") for name in ("三", "四"))
    there = planning.plan_visit(elsewhere.round, elsewhere.place(), actor=None, planned_on=date(2026, 12, 2))
    skipped = planning.plan_visit(field.round, field.place(), actor=None, planned_on=date(2026, 12, 2))
    Visit.objects.filter(pk=skipped.pk).update(state="skipped")
    for one in (field, elsewhere):
        one.place()
        draws.freeze_draw(one.round, {"market": 1}, actor=None, release_at=RELEASE)
    given_up = draws.freeze_draw(ahead, {"market": 1}, actor=None, release_at=RELEASE)
    draws.withdraw_draw(given_up, reason="配额填错了", actor=field.office)
    draws.freeze_draw(free, {"market": 1}, actor=None)
    old, new = date(2026, 12, 20), date(2026, 12, 27)
    named = Stay("抽签", str(field.round), date(2026, 11, 19), "公布时间已对外公布")
    assert list(visit_moves(campaign, old, new)) == [named]
    move_visits(campaign, old, new, actor=field.office)
    days = Visit.objects.filter(pk__in=[there.pk, skipped.pk]).values_list("planned_on", flat=True)
    assert list(days) == [date(2026, 12, 2)] * 2


def test_substitute_is_of_the_same_region_and_stratum_and_only_its_round_lists_places(field: Field) -> None:
    hotel = make_place_type(field.root.region, code="hotel", name_zh="宾馆", position=2)
    elsewhere, other = make_field(), make_round(field.round.campaign, name="回头望")
    for kind in (field.market, hotel):
        for index in range(3):
            code = f"{kind.code}-{index}"
            elsewhere.place(code=code)
            planning.plan_visit(other, field.place(kind, code=code), actor=None)
    draw = draws.draw_now(field.round, {"market": 1, "hotel": 1}, actor=field.office)
    visit = Visit.objects.get(draw=draw, place__place_type=hotel)
    tickets = [code for code, _proof in draw.record["tickets"]["hotel"]]
    visit.place.place_type = field.market  # corrected in the register since: its stratum stays
    visit.place.save()
    for stranger in (make_user(Role.OFFICE), elsewhere.office):
        with pytest.raises(PermissionDenied):
            substitute_place(visit, reason="关门", actor=stranger)
    with clock.at(NOON + HOUR + timedelta(microseconds=7)):
        new = substitute_place(visit, reason="关门", actor=field.office)
    assert (visit.place.code, new.place.code, new.place.region) == (tickets[0], tickets[1], field.root.region)
    row = Draw.objects.get(pk=draw.pk)
    assert row.record["substitutes"][0]["at"] == "2026-11-18T13:00:00+08:00"
    assert row.updated_at == NOON + HOUR + timedelta(microseconds=7)


def test_substitutes_that_are_passed_over_say_why(field: Field) -> None:
    for index in range(4):
        field.place(code=f"M-{index}")
    draw = draws.draw_now(field.round, {"market": 1}, actor=field.office)
    first, gone, listed, free = (code for code, _proof in draw.record["tickets"]["market"])
    field.market.places.get(code=gone).delete()
    field.visit(field.market.places.get(code=listed))
    new = substitute_place(Visit.objects.get(draw=draw), reason="关门", actor=field.office)
    draw.refresh_from_db()
    told = [(one["for"], one["by"], one["reason"]) for one in draw.record["substitutes"]]
    assert told == [(first, gone, "关门"), (gone, listed, "已不在名册里"), (listed, free, "已在本轮名单里")]
    assert new.place.code == free


def test_draw_holds_and_counts_its_own_round_only(field: Field) -> None:
    closed = make_round(field.round.campaign, name="已结束", state="closed")
    beside = make_round(field.round.campaign, name="回头望")
    for _number in range(2):
        field.place()
    before = Round.objects.get(pk=beside.pk).updated_at
    assert said(draws.draw_now, closed, {"market": 1}, actor=field.office) == "“已结束”已经结束。请另安排一轮。"
    with clock.at(NOON + HOUR):
        draw = draws.draw_now(field.round, {"market": 1}, actor=field.office, before=0)
        assert Round.objects.get(pk=beside.pk).updated_at == before
        assert draws.draw_now(beside, {"market": 1}, actor=field.office, before=0).state == "drawn"
    assert said(draws.draw_now, beside, {"market": 1}, actor=field.office, before=0, error=Conflict)
    row = Draw.objects.get(pk=draw.pk)
    assert (row.drawn_at, row.source, row.method, row.record["times_of"]["drawn"]) == (
        NOON + HOUR, "", "vrs", "2026-11-18T13:00:00+08:00",
    )  # fmt: skip
    assert said(draws.close_draw, draw, secret="x", actor=field.office) == "简便方式没有密码要公布。"


def test_strict_draw_by_the_other_method_names_method_and_source(field: Field) -> None:
    field.place()
    chain = Chain(b"secret")
    made = chain.commitment()
    draw = draws.freeze_draw(
        field.round, {"market": 1}, actor=None, strict=True, source="掷骰子", method="rfc3797", release_at=RELEASE
    )  # fmt: skip
    draws.commit_draw(draw, commitment=made.digest, times=made.times, actor=field.office)
    with clock.at(RELEASE):
        draws.draw_strictly(draw, randomness="2.2.", code=chain.code(), actor=field.office)
    row = Draw.objects.get()
    assert (row.method, row.record["method"], row.record["source"]) == ("rfc3797", "rfc3797", "掷骰子")


def test_words_about_a_simple_draw_and_an_empty_register(field: Field) -> None:
    assert said(draws.freeze_draw, field.round, {"market": 1}, actor=field.office) == (
        "名册是空的，请至少加一处点位。请改正点位名册后再封存。"
    )
    field.place()
    draw = draws.freeze_draw(field.round, {"market": 1}, actor=field.office)
    made = Chain(b"secret").commitment()
    words = said(draws.commit_draw, draw, commitment=made.digest, times=made.times, actor=field.office)
    assert words == "简便方式没有封签。请撤回这次抽签，改用严格方式封存。"


def test_result_of_another_round_or_standard_is_no_second_one(db: None) -> None:
    with clock.at(NOON):
        judging = make_judging()
        judging.entered()
        other, _new = publish_standard(
            read_standard(STANDARD.replace("results-test", "results-more").encode(), "s.yaml"),
            region=judging.root.region, actor=None,
        )  # fmt: skip
        judging.round.versions.add(other)
        judging.entered(version=other)
        beside = make_round(judging.round.campaign, name="回头望")
        enter_result(beside, judging.judged(), actor=judging.first, proof=paper())
    assert EnteredResult.objects.count() == 3
