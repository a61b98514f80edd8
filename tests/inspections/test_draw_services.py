"""Freezing, committing, drawing, substituting, closing: what is refused and what is kept."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.campaigns.models import Campaign, Round
from chuangwen.campaigns.services import close_round, start_round
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.inspections.models import Draw, Visit
from chuangwen.inspections.queries import quota_sheet
from chuangwen.inspections.sampling import Chain, verify_record
from chuangwen.inspections.services.draws import (
    close_draw,
    commit_draw,
    draw_now,
    draw_simply,
    draw_strictly,
    freeze_draw,
    withdraw_draw,
)
from chuangwen.inspections.services.substituting import substitute_place
from chuangwen.workflow.models import Step
from chuangwen.workflow.services import StaleState
from tests.inspections.making import Field, make_field
from tests.support.factories import NOON, make_user
from tests.support.racing import race

RELEASE = NOON + timedelta(hours=20)
CHAIN = Chain(b"a secret of the facilitator")


def declared(field: Field, number: int = 5) -> None:
    for index in range(number):
        field.place(code=f"M-{index:02d}")


def strict(field: Field, **fields: object) -> Draw:
    values = {"strict": True, "source": "掷骰子12次", "release_at": RELEASE}
    return freeze_draw(field.round, {"market": 2}, actor=field.office, **values | fields)  # type: ignore[arg-type]


def committed(field: Field) -> Draw:
    draw = strict(field)
    made = CHAIN.commitment()
    commit_draw(draw, commitment=made.digest, times=made.times, actor=field.office)
    return draw


def drawn_strictly(field: Field) -> Draw:
    with clock.at(NOON):
        draw = committed(field)
    with clock.at(RELEASE):
        draw_strictly(draw, randomness="2.2.6./", code=CHAIN.code(), actor=field.office)
    return draw


@pytest.fixture
def field(db: None) -> Field:
    made = make_field()
    declared(made)
    return made


def test_freezing_keeps_the_pool_whatever_the_register_becomes(field: Field) -> None:
    field.place(field.toilet)
    field.place(declared=False)
    field.place(state="closed")
    with clock.at(NOON):
        draw = freeze_draw(field.round, {"market": 2}, actor=field.office)
    field.place(code="M-99")
    draw.refresh_from_db()
    assert draw.pool == {"market": ["M-00", "M-01", "M-02", "M-03", "M-04"]}
    assert (draw.quotas, draw.state, draw.record) == ({"market": 2}, "frozen", {})
    entry = Entry.objects.get(action="inspections.draw.freeze")
    assert (entry.data["places"], entry.data["quotas"]) == (5, {"market": 2})


@pytest.mark.parametrize(
    ("quotas", "words"),
    [({"market": 0}, "Nothing is to be drawn"), ({"hotel": 1}, "hotel"), ({"market": -1}, "-1"), ({}, "Nothing")],
)
def test_freezing_refuses_a_quota_that_cannot_be(field: Field, quotas: dict[str, int], words: str) -> None:
    with pytest.raises(Refusal) as refusal:
        freeze_draw(field.round, quotas, actor=field.office)
    assert words in str(refusal.value) or refusal.value.message
    assert Draw.objects.count() == 0


def test_freezing_refuses_an_empty_register(db: None) -> None:
    field = make_field()
    with pytest.raises(Refusal):
        freeze_draw(field.round, {"market": 1}, actor=field.office)


@pytest.mark.parametrize("change", [{"source": " "}, {"release_at": None}, {"release_at": NOON}, {"method": "lots"}])
def test_freezing_strictly_needs_source_release_time_and_a_known_method(
    field: Field, change: dict[str, object]
) -> None:
    with clock.at(NOON), pytest.raises(Refusal):
        strict(field, **change)


def test_freezing_needs_the_permission_over_the_region(field: Field) -> None:
    for person in (field.inspector, make_user(Role.OFFICE), make_user(Role.OFFICE, field.street)):
        with pytest.raises(PermissionDenied):
            freeze_draw(field.round, {"market": 1}, actor=person)


def test_a_round_has_one_open_draw_at_a_time(field: Field) -> None:
    with clock.at(NOON):
        first = strict(field)
        with pytest.raises(Conflict):
            strict(field)
        with pytest.raises(Refusal):
            withdraw_draw(first, reason=" ", actor=field.office)
        withdraw_draw(first, reason="配额填错了", actor=field.office)
        second = strict(field)
    assert (first.state, second.state) == ("withdrawn", "frozen")


def test_a_closed_round_is_not_drawn(db: None) -> None:
    field = make_field(state="closed")
    declared(field)
    with pytest.raises(Refusal):
        freeze_draw(field.round, {"market": 1}, actor=field.office)


def test_one_button_draws_lists_and_opens_the_round(db: None) -> None:
    field = make_field(state="planned")
    declared(field)
    draw = draw_now(field.round, {"market": 2}, actor=field.office, before=0)
    visits = Visit.objects.filter(round=field.round)
    assert [v.place.code for v in visits.order_by("order")] == draw.record["drawn"]["market"]
    assert {(v.kind, v.state, v.draw_id, v.planned_on) for v in visits} == {
        ("drawn", "planned", draw.pk, field.round.starts)
    }
    assert verify_record(json.loads(json.dumps(draw.record))) == ()
    field.round.refresh_from_db()
    assert field.round.state == "running"
    entries = Entry.objects.filter(object_type="inspections.draw").order_by("sequence")
    actions = list(entries.values_list("action", flat=True))
    assert actions == ["inspections.draw.freeze", "inspections.draw.draw", "inspections.draw.result"]


def test_pressing_twice_draws_once_and_a_second_draw_takes_other_places(field: Field) -> None:
    first = draw_now(field.round, {"market": 2}, actor=field.office, before=0)
    with pytest.raises(Conflict):
        draw_now(field.round, {"market": 2}, actor=field.office, before=0)
    assert [(row.declared, row.quota) for row in quota_sheet(field.round)] == [(3, 2)]
    second = draw_now(field.round, {"market": 9}, actor=field.office, before=1)
    assert len(second.record["drawn"]["market"]) == 3
    assert set(first.record["drawn"]["market"]) & set(second.record["drawn"]["market"]) == set()


def test_a_place_that_left_the_register_is_named_not_listed(field: Field) -> None:
    draw = freeze_draw(field.round, {"market": 5}, actor=field.office)
    field.market.places.get(code="M-03").delete()
    draw_simply(draw, actor=field.office)
    assert Visit.objects.count() == 4
    assert Entry.objects.get(action="inspections.draw.result").data["not_in_register"] == ["M-03"]


def test_commitment_comes_before_the_release_and_only_in_the_strict_form(field: Field) -> None:
    made = CHAIN.commitment()
    with clock.at(NOON):
        draw = strict(field)
        with pytest.raises(Refusal):
            commit_draw(draw, commitment="ab", times=10, actor=field.office)
        with pytest.raises(Refusal):
            commit_draw(draw, commitment=made.digest, times=0, actor=field.office)
    with clock.at(RELEASE), pytest.raises(Refusal):
        commit_draw(draw, commitment=made.digest, times=10, actor=field.office)
    draw.refresh_from_db()
    assert (draw.state, draw.commitment) == ("frozen", "")
    with clock.at(NOON):
        withdraw_draw(draw, reason="改用简便方式", actor=field.office)
    simple = freeze_draw(field.round, {"market": 1}, actor=field.office)
    with pytest.raises(Refusal):
        commit_draw(simple, commitment=made.digest, times=10, actor=field.office)


def test_drawing_strictly_waits_for_commitment_release_and_the_right_code(field: Field) -> None:
    with clock.at(NOON):
        draw = strict(field)
        with pytest.raises(Refusal):
            draw_simply(draw, actor=field.office)
    with clock.at(RELEASE), pytest.raises(Refusal):
        draw_strictly(draw, randomness="2.2.6./", code=CHAIN.code(), actor=field.office)
    with clock.at(NOON):
        made = CHAIN.commitment()
        commit_draw(draw, commitment=made.digest, times=made.times, actor=field.office)
        with pytest.raises(Refusal):
            draw_strictly(draw, randomness="2.2.6./", code=CHAIN.code(), actor=field.office)
    with clock.at(RELEASE):
        for randomness, code in (("2.2.6./", "00" * 32), ("2.2.6./", "xyz"), (" ", CHAIN.code()), ("", CHAIN.code())):
            with pytest.raises(Refusal):
                draw_strictly(draw, randomness=randomness, code=code, actor=field.office)
        draw.refresh_from_db()
        assert (draw.record, Visit.objects.count()) == ({}, 0)
        draw_strictly(draw, randomness="2.2.6./", code=CHAIN.code(), actor=field.office)
        with pytest.raises(StaleState):
            draw_strictly(draw, randomness="1.1.1./", code=CHAIN.code(), actor=field.office)
    assert verify_record(json.loads(json.dumps(draw.record))) == ()
    assert draw.record["commitment"] == CHAIN.commitment().digest


def test_a_simple_draw_with_a_release_time_waits_for_it_too(field: Field) -> None:
    with clock.at(NOON):
        draw = freeze_draw(field.round, {"market": 1}, actor=field.office, release_at=RELEASE)
        with pytest.raises(Refusal):
            draw_simply(draw, actor=field.office)
        assert (draw.is_released, draw.is_public) == (False, False)
    with clock.at(RELEASE):
        draw_simply(draw, actor=field.office)
        assert draw.is_public is True


def test_a_substitute_is_the_next_ticket_and_the_record_still_verifies(field: Field) -> None:
    draw = drawn_strictly(field)
    tickets = [code for code, _proof in draw.record["tickets"]["market"]]
    with clock.at(RELEASE + timedelta(hours=2)):
        visit = Visit.objects.get(place__code=tickets[0])
        with pytest.raises(Refusal):
            substitute_place(visit, reason=" ", actor=field.office)
        new = substitute_place(visit, reason="停业装修", actor=field.office)
        again = substitute_place(new, reason="也关门", actor=field.office)
    visit.refresh_from_db()
    draw.refresh_from_db()
    assert (visit.state, visit.skip_reason) == ("skipped", "停业装修")
    assert (new.place.code, again.place.code) == (tickets[2], tickets[3])
    assert (again.kind, again.substitute_for_id, again.draw_id) == ("substitute", new.place_id, draw.pk)
    assert verify_record(draw.record) == ()
    assert [one["reason"] for one in draw.record["substitutes"]] == ["停业装修", "也关门"]


def test_a_visit_skipped_at_the_door_gets_its_substitute_with_that_reason(field: Field) -> None:
    draw = drawn_strictly(field)
    visit = Visit.objects.order_by("order").first()
    with clock.at(RELEASE + timedelta(hours=2)):
        Visit.objects.filter(pk=visit.pk).update(state="skipped", skip_reason="大门紧锁")
        visit.refresh_from_db()
        substitute_place(visit, reason="", actor=field.office)
    draw.refresh_from_db()
    assert draw.record["substitutes"][0]["reason"] == "大门紧锁"


def test_a_next_ticket_that_is_gone_or_listed_is_passed_over(field: Field) -> None:
    draw = drawn_strictly(field)
    tickets = [code for code, _proof in draw.record["tickets"]["market"]]
    field.market.places.get(code=tickets[2]).delete()
    field.visit(field.market.places.get(code=tickets[3]))
    with clock.at(RELEASE + timedelta(hours=2)):
        new = substitute_place(Visit.objects.get(place__code=tickets[0]), reason="拆迁", actor=field.office)
    draw.refresh_from_db()
    assert new.place.code == tickets[4]
    assert [one["by"] for one in draw.record["substitutes"]] == tickets[2:]
    assert verify_record(draw.record) == ()


def test_substituting_refuses_what_was_not_drawn_finished_exhausted_or_not_allowed(field: Field) -> None:
    draw = drawn_strictly(field)
    with clock.at(RELEASE + timedelta(hours=2)):
        with pytest.raises(Refusal):
            substitute_place(field.visit(field.place(field.toilet)), reason="关门", actor=field.office)
        visit, other = Visit.objects.filter(draw=draw).order_by("order")
        with pytest.raises(PermissionDenied):
            substitute_place(visit, reason="关门", actor=field.inspector)
        Visit.objects.filter(pk=other.pk).update(state="finished")
        other.refresh_from_db()
        with pytest.raises(Conflict):
            substitute_place(other, reason="关门", actor=field.office)
        for _number in range(3):
            visit = substitute_place(visit, reason="关门", actor=field.office)
        with pytest.raises(Refusal) as refusal:
            substitute_place(visit, reason="关门", actor=field.office)
        visit.refresh_from_db()
        assert (visit.state, bool(refusal.value.message)) == ("planned", True)


def test_the_secret_is_published_after_the_round_and_must_lead_to_the_commitment(field: Field) -> None:
    draw = drawn_strictly(field)
    with clock.at(RELEASE + timedelta(days=3)):
        with pytest.raises(Refusal):
            close_draw(draw, secret="a secret of the facilitator", actor=field.office)
        for visit in Visit.objects.filter(draw=draw):
            Visit.objects.filter(pk=visit.pk).update(state="finished")
        close_round(field.round, actor=field.office)
        draw = Draw.objects.get(pk=draw.pk)
        for wrong in ("another secret", ""):
            with pytest.raises(Refusal):
                close_draw(draw, secret=wrong, actor=field.office)
        close_draw(draw, secret="a secret of the facilitator\n", actor=field.office)
        draw.refresh_from_db()
        assert (draw.state, draw.secret) == ("closed", "a secret of the facilitator")
        visit = Visit.objects.filter(draw=draw).first()
        Visit.objects.filter(pk=visit.pk).update(state="skipped", skip_reason="关门")
        visit.refresh_from_db()
        with pytest.raises(Refusal):
            substitute_place(visit, reason="", actor=field.office)


def test_a_simple_draw_has_no_secret(field: Field) -> None:
    draw = draw_now(field.round, {"market": 1}, actor=field.office)
    with pytest.raises(Refusal):
        close_draw(draw, secret="x", actor=field.office)


@pytest.mark.django_db(transaction=True)
def test_two_people_pressing_at_once_draw_once() -> None:
    field = make_field()
    declared(field)
    press = partial(draw_now, field.round, {"market": 2}, actor=field.office, before=0)
    first, second = race(press, press)
    assert {type(first), type(second)} == {Draw, Conflict}
    assert (Draw.objects.count(), Visit.objects.count()) == (1, 2)


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_a_round_that_is_over_is_not_drawn(field: Field, state: str) -> None:
    field.place()
    Round.objects.update(state=state)
    with pytest.raises(Refusal, match="结束"):
        freeze_draw(Round.objects.get(), {"market": 1}, actor=field.office)
    assert not Draw.objects.exists()


def test_a_planned_round_of_a_campaign_that_does_not_run_is_not_drawn(field: Field) -> None:
    field.place()
    Round.objects.update(state="planned")
    Campaign.objects.update(state="preparing")
    with pytest.raises(Refusal, match="创建"):
        freeze_draw(Round.objects.get(), {"market": 1}, actor=field.office)
    Campaign.objects.update(state="running")
    freeze_draw(Round.objects.get(), {"market": 1}, actor=field.office)
    assert Draw.objects.count() == 1


def test_the_assessors_draw_begins_the_round_which_the_assessor_may_not_begin_by_hand(field: Field) -> None:
    field.place()
    assessor = make_user(Role.ASSESSOR, field.root)
    Round.objects.update(state="planned")
    round_ = Round.objects.get()
    with pytest.raises(PermissionDenied):
        start_round(round_, actor=assessor)
    draw_now(round_, {"market": 1}, actor=assessor)
    round_.refresh_from_db()
    assert round_.state == "running"
    steps = Step.objects.filter(object_type="campaigns.round", object_id=round_.pk).values_list("action", "actor_id")
    assert list(steps) == [("draw", assessor.pk)]


@pytest.mark.django_db(transaction=True)
def test_a_skipped_place_gets_one_substitute_from_two_presses() -> None:
    field = make_field()
    declared(field, 6)
    draw = draw_now(field.round, {"market": 2}, actor=field.office)
    visit = Visit.objects.filter(draw=draw).first()
    Visit.objects.filter(pk=visit.pk).update(state="skipped", skip_reason="大门紧锁")
    seen = [Visit.objects.select_related("place", "round__campaign", "region").get(pk=visit.pk) for _ in range(2)]
    outcomes = race(*(partial(substitute_place, one, reason="", actor=field.office) for one in seen))
    assert [isinstance(one, Refusal) for one in outcomes].count(True) == 1
    draw.refresh_from_db()
    assert (len(draw.record["substitutes"]), Visit.objects.filter(kind="substitute").count()) == (1, 1)
