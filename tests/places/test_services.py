"""Putting places on the register, changing them, and the states they go through."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.places import services
from chuangwen.places.models import Place
from chuangwen.places.queries import state_on
from chuangwen.places.services import change_place_state, create_place, edit_place
from chuangwen.workflow.services import StaleState
from tests.support.factories import NOON, make_place, make_place_type, make_root, make_unit, make_user


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def market(city, office):
    return create_place(city.region, actor=office, **city.facts(keeper=city.order))


def actions():
    return list(Entry.objects.order_by("pk").values_list("action", flat=True))


def test_create_place_is_audited_and_has_a_plate_of_its_own(city, market, office):
    other = create_place(city.region, actor=office, **city.facts(code="NM-02"))
    assert (market.state, market.region, len(market.plate)) == ("open", city.region, 12)
    assert market.plate != other.plate
    assert actions() == ["places.place.create", "places.place.create"]


def test_create_place_with_a_taken_code_names_whose_it_is(city, market, office):
    with pytest.raises(Refusal, match="东关农贸市场"):
        create_place(city.region, actor=office, **city.facts(name="别的"))
    assert Place.objects.count() == 1


@pytest.mark.parametrize("code", ["", " ", "a/b", "a b", "map", "New", "..", "<b>", "a?b", "a#b", "points.geojson"])
def test_create_place_with_an_impossible_code_is_refused(city, office, code):
    with pytest.raises(Refusal):
        create_place(city.region, actor=office, **city.facts(code=code))


def test_create_place_in_a_department_is_refused(city, office):
    with pytest.raises(Refusal, match="市城管局"):
        create_place(city.region, actor=office, **city.facts(territory=city.order))


@pytest.mark.parametrize("field", ["territory", "keeper", "department", "place_type"])
def test_create_place_pointing_to_another_region_is_refused(city, office, field):
    elsewhere = make_root()
    there = make_place_type(elsewhere.region) if field == "place_type" else make_unit(elsewhere)
    with pytest.raises(Refusal):
        create_place(city.region, actor=office, **city.facts(**{field: there}))


def test_edit_place_keeps_before_and_after(city, market, office):
    edit_place(market, actor=office, name="东关市场", keeper=city.trade)
    entry = Entry.objects.get(action="places.place.edit")
    assert entry.data["before"] == {"name": "东关农贸市场", "keeper": "市城管局"}
    assert entry.data["after"] == {"name": "东关市场", "keeper": "市商务局"}
    market.refresh_from_db()
    assert (market.name, market.keeper) == ("东关市场", city.trade)


def test_edit_place_without_difference_writes_nothing(city, market, office):
    edit_place(market, actor=office, name=market.name, keeper=city.order)
    assert actions() == ["places.place.create"]


def test_edit_place_that_somebody_changed_meanwhile_is_refused(market, office):
    seen = market.updated_at
    with clock.at(NOON + timedelta(minutes=1)):
        edit_place(Place.objects.get(pk=market.pk), actor=office, phone="12345")
    with pytest.raises(Conflict):
        edit_place(market, actor=office, seen=seen, phone="110")
    market.refresh_from_db()
    assert market.phone == "12345"


def test_edit_place_to_a_taken_code_is_refused(city, market, office):
    make_place(city.east, code="NM-09")
    with pytest.raises(Refusal):
        edit_place(market, actor=office, code="NM-09")


def test_edit_place_never_writes_its_state(market, office):
    with pytest.raises(ValueError, match="state"):
        edit_place(market, actor=office, state="gone")


def test_states_are_dated(market, office):
    change_place_state(market, "closed", actor=office, day=date(2026, 11, 2), reason="改造")
    change_place_state(market, "open", actor=office, day=date(2026, 11, 12), reason="改造完成")
    days = [date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 11), date(2026, 11, 12)]
    assert [state_on(market, day) for day in days] == ["open", "closed", "closed", "open"]


@pytest.mark.parametrize(
    ("state", "day", "reason"),
    [
        ("open", None, "已经在用"),
        ("nowhere", None, "没有这种"),
        ("closed", date(2026, 11, 19), "明天起"),
        ("closed", None, "  "),
    ],
    ids=["same", "unknown", "future", "no reason"],
)
def test_change_place_state_is_refused(market, office, state, day, reason):
    with pytest.raises(Refusal):
        change_place_state(market, state, actor=office, day=day, reason=reason)
    market.refresh_from_db()
    assert (market.state, market.state_changes.count()) == ("open", 0)


def test_change_place_state_before_the_last_change_is_refused(market, office):
    change_place_state(market, "closed", actor=office, day=date(2026, 11, 10), reason="改造")
    with pytest.raises(Refusal):
        change_place_state(market, "open", actor=office, day=date(2026, 11, 9), reason="完成")


def test_change_place_state_by_who_may_not_is_denied(city, market):
    with pytest.raises(PermissionDenied):
        change_place_state(market, "gone", actor=make_user(Role.LIAISON, city.order), reason="拆除")


def test_change_place_state_twice_at_once_succeeds_once(market, office):
    stale = Place.objects.get(pk=market.pk)
    change_place_state(market, "closed", actor=office, reason="改造")
    with pytest.raises(StaleState):
        change_place_state(stale, "gone", actor=office, reason="拆除")
    assert market.state_changes.count() == 1


def test_gone_calls_the_handlers_in_the_same_transaction(market, office, monkeypatch):
    told = []
    monkeypatch.setattr(services, "_gone_handlers", [])
    services.register_on_place_gone(lambda place, **rest: told.append((place.pk, rest["day"], rest["reason"])))
    change_place_state(market, "closed", actor=office, reason="改造")
    assert told == []
    change_place_state(market, "gone", actor=office, reason="拆除")
    assert told == [(market.pk, NOON.date(), "拆除")]


def test_gone_is_undone_where_a_handler_refuses(market, office, monkeypatch):
    def refuse(place, **rest):
        raise Refusal("不行")

    monkeypatch.setattr(services, "_gone_handlers", [refuse])
    with pytest.raises(Refusal):
        change_place_state(market, "gone", actor=office, reason="拆除")
    assert Place.objects.get(pk=market.pk).state == "open"
    assert market.state_changes.count() == 0
