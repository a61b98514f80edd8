"""What is kept of a place and told about it: words, columns, history, audit, and nothing of the place beside it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.http import Http404

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.models import Region
from chuangwen.core.workdays import ZONE
from chuangwen.organizations.enums import Branch, UnitKind
from chuangwen.organizations.models import Post, RoleGrant
from chuangwen.places import queries, services
from chuangwen.places.models import Place
from chuangwen.places.services import change_place_state, create_place, edit_place
from chuangwen.workflow.queries import history_of
from tests.support import refusals
from tests.support.factories import NOON, make_place, make_place_type, make_root, make_unit, make_user

said = partial(refusals.said, error=Refusal, actor=None)


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def market(city, office):
    return create_place(city.region, actor=office, **city.facts(keeper=city.order))


def columns(place):
    return Place.objects.filter(pk=place.pk).values().get()


def kept(place):
    return [(row.action, row.actor_id, row.note, row.data) for row in history_of(place).order_by("pk")]


def test_words_about_a_place(city, market, office):
    facts = city.facts

    def refused(**changes):
        return said(create_place, city.region, **facts(**{"code": "NM-02"} | changes))

    department = "“市城管局”是部门，不是属地。请填点位所在的镇街、社区或村。"
    odd = "“map”不能用作点位编号。编号只用字母、数字、汉字和-.()，如ZG-001。"
    assert refused(code=" map ") == odd
    assert refused(code="NM-01") == "编号“NM-01”已经用于“东关农贸市场”。请换一个编号。"
    assert refused(territory=city.order) == department
    assert refused(keeper=make_unit(make_root(), name="外地局")) == "“外地局”属于另一个地区。请选本地区的。"
    foreign = make_place_type(make_root().region, name_zh="外地类型")
    assert refused(place_type=foreign) == "“外地类型”属于另一个地区。请选本地区的。"
    elsewhere = make_root()
    there = make_unit(elsewhere, kind=UnitKind.STREET, branch=Branch.TERRITORY)
    assert refused(territory=there).endswith("属于另一个地区。请选本地区的。")
    leader = Post.objects.create(region=elsewhere.region, unit=make_unit(elsewhere), kind="first", title="局长")
    assert refused(leader=leader).endswith("属于另一个地区。请选本地区的。")
    assert said(change_place_state, market, "open", reason="a") == "“东关农贸市场”已经是这个状态。请选别的状态。"
    future = said(change_place_state, market, "closed", day=date(2026, 11, 19), reason="a")
    assert future == "日期在今天以后。请选今天或更早的一天。"
    assert said(change_place_state, market, "closed")[:5] == "请简单写明"
    change_place_state(market, "closed", actor=office, day=date(2026, 11, 10), reason="改造")
    earlier = said(change_place_state, market, "open", day=date(2026, 11, 9), reason="a")
    assert earlier == "上次改状态是2026-11-10，比所选日期晚。请选那一天或以后。"
    with pytest.raises(ValueError, match=r"^not editable: \['plate', 'state'\]$"):
        edit_place(market, actor=office, state="gone", plate="x")
    seen = Place.objects.get(pk=market.pk).updated_at - timedelta(seconds=1)
    assert said(edit_place, market, seen=seen, name="别的", error=Conflict) == (
        "您填写时，别人改了“东关农贸市场”。请和现在的内容对照，再保存一次。"
    )


def test_only_the_one_place_changes(city, market, office):
    beside = make_place(city.east, code="NM-09", name="旁边", keeper=city.trade)
    before = columns(beside)
    with clock.at(NOON + timedelta(minutes=1)):
        edit_place(market, actor=office, code=" NM-11 ", name="东关市场", seen=columns(market)["updated_at"])
    row = columns(market)
    assert (market.code, row["code"], row["name"], row["updated_at"]) == (
        "NM-11", "NM-11", "东关市场", NOON + timedelta(minutes=1),
    )  # fmt: skip
    change_place_state(market, "closed", actor=office, reason="改造")
    assert columns(beside) == before
    assert kept(market) == [
        ("create", office.pk, "", {"code": "NM-01"}),
        ("edit", office.pk, "", {
            "before": {"code": "NM-01", "name": "东关农贸市场"}, "after": {"code": "NM-11", "name": "东关市场"},
        }),
        ("close", office.pk, "改造", {"day": "2026-11-18"}),
    ]  # fmt: skip
    assert set(Entry.objects.filter(action__startswith="places.").values_list("object_id", flat=True)) == {
        str(market.pk)
    }
    assert set(Entry.objects.filter(action__startswith="places.").values_list("actor_id", flat=True)) == {
        str(office.pk)
    }


def test_facts_of_every_kind_are_kept_as_they_are(market, office):
    edit_place(market, actor=office, longitude=113.25, latitude=None, declared=not market.declared)
    assert kept(market)[-1][3]["after"] == {"longitude": "113.25", "declared": market.declared}


def test_code_of_another_region_is_free_and_moves_with_the_units(city, market, office):
    elsewhere = make_root()
    make_place(make_unit(elsewhere), code="NM-07")
    edit_place(market, actor=office, code="NM-07")
    assert columns(market)["code"] == "NM-07"
    assert said(edit_place, market, territory=city.order)[:4] == "“市城管"
    assert columns(market)["territory_id"] == city.east.pk
    edit_place(market, actor=office, keeper=None, leader=None)
    assert columns(market)["keeper_id"] is None


def test_every_column_of_a_change_of_state(city, market, office):
    change_place_state(market, "closed", actor=office, day=date(2026, 11, 2), reason="长" * 201)
    change = change_place_state(market, "open", actor=None, reason="完成")
    first = market.state_changes.order_by("pk").first()
    assert (first.region, first.place, first.state, first.day) == (city.region, market, "closed", date(2026, 11, 2))
    assert (first.reason, first.changed_by) == ("长" * 200, str(office))
    assert (change.day, change.reason, change.changed_by) == (NOON.date(), "完成", "")
    assert [step.at for step in history_of(market).order_by("pk")][1:] == [datetime(2026, 11, 2, tzinfo=ZONE), NOON]


def test_handlers_are_told_once_and_by_whom(market, office, monkeypatch):
    told = []

    def handler(place, **rest):
        told.append((place, rest))

    monkeypatch.setattr(services, "_gone_handlers", [])
    services.register_on_place_gone(handler)
    services.register_on_place_gone(handler)
    change_place_state(market, "gone", actor=office, reason="拆除")
    assert told == [(market, {"actor": office, "day": NOON.date(), "reason": "拆除"})]


def test_last_change_of_a_day_is_its_state(market, office):
    change_place_state(market, "closed", actor=office, day=date(2026, 11, 2), reason="a")
    change_place_state(market, "open", actor=office, day=date(2026, 11, 2), reason="b")
    change_place_state(market, "closed", actor=office, day=date(2026, 11, 4), reason="c")
    assert [queries.state_on(market, date(2026, 11, day)) for day in (1, 2, 3, 4, 5)] == [
        "open", "open", "open", "closed", "closed",
    ]  # fmt: skip
    change_place_state(market, "open", actor=office, day=date(2026, 11, 4), reason="d")
    with pytest.raises(Refusal):
        change_place_state(market, "closed", actor=office, day=date(2026, 11, 3), reason="e")


def test_choices_are_those_of_the_region(city):
    elsewhere = make_root()
    foreign = make_unit(elsewhere, name="外地")
    make_place_type(elsewhere.region)
    for unit in (city.west, city.order, foreign):
        for kind in ("charge", "acting", "first"):
            Post.objects.create(region=unit.region, unit=unit, kind=kind, title=kind)
    found = queries.place_choices(city.region)
    assert list(found.types) == [city.market]
    assert set(found.territories) == {city.east, city.west}
    assert set(found.units) == {city.east, city.west, city.order, city.trade}
    assert [(post.unit, post.title) for post in found.leaders] == [
        (unit, title) for unit in sorted((city.west, city.order), key=lambda unit: unit.path)
        for title in ("charge", "first")
    ]  # fmt: skip


def test_leaders_are_known_by_post_and_person(city):
    post = Post.objects.create(region=city.region, unit=city.order, kind="first", title="局长")
    acting = Post.objects.create(region=city.region, unit=city.order, kind="acting", title="科长")
    elsewhere = make_unit(make_root())
    Post.objects.create(region=elsewhere.region, unit=elsewhere, kind="first", title="局长")
    for one in (acting, post):
        one.holdings.create(region=city.region, user=make_user(Role.LEADER, city.order), starts=date(2026, 1, 1))
    city.order.short_name = "城管"
    city.order.save()
    other = Post.objects.create(region=city.region, unit=city.west, kind="charge", title="主任")
    person = post.holdings.get().user
    assert sorted(queries.leader_names(city.region)) == [
        (post.pk, "城管 局长", ("市城管局局长", person.name)),
        (other.pk, "西关街道 主任", ("西关街道主任",)),
    ]


def test_opener_of_the_lowest_order_that_has_something_wins(market, monkeypatch):
    monkeypatch.setattr(queries, "_openers", [])
    assert queries.plate_target(None, market) == ""
    asked = []

    def opener(name, url):
        def opens(request, place):
            asked.append((name, request, place))
            return url

        return opens

    late = opener("late", "/late/")
    queries.register_plate_opener(late)
    queries.register_plate_opener(late)
    queries.register_plate_opener(opener("none", ""), order=1)
    queries.register_plate_opener(opener("early", "/early/"), order=49)
    assert len(queries._openers) == 3
    assert queries.plate_target("r", market) == "/early/"
    assert asked == [("none", "r", market), ("early", "r", market)]


def test_plate_and_code_lead_to_the_place_or_nowhere(city, market, office):
    assert queries.place_of_plate(market.plate) == market
    with pytest.raises(Http404):
        queries.place_of_plate("no")
    assert queries.place_or_404(office, "NM-01", "places.edit") == market
    with pytest.raises(Http404):
        queries.place_or_404(office, "NM-02")
    liaison = make_user(Role.LIAISON, city.order)
    assert queries.place_or_404(liaison, "NM-01") == market
    with pytest.raises(Http404):
        queries.place_or_404(liaison, "NM-01", "places.edit")
    change_place_state(market, "gone", actor=office, reason="拆除")
    bare = make_place(city.east, code="NM-03", keeper=None)
    make_place(city.east)
    Place.objects.filter(pk=market.pk).update(keeper=None)
    assert list(Place.objects.filter(queries.without_keeper())) == [bare]


def test_own_region_comes_first_for_who_keeps_two(city, market, office):
    """Asked from both sides, so that no order of keys leads to the right one."""
    elsewhere = make_root()
    beside = make_place(make_unit(elsewhere), code="NM-01")
    for person, own in ((office, market), (make_user(Role.OFFICE, elsewhere), beside)):
        other = elsewhere if person == office else city.root
        RoleGrant.objects.create(
            region=other.region, user=person, role=str(Role.OFFICE), unit=other, starts=date(2020, 1, 1)
        )
        assert queries.place_or_404(person, "NM-01") == own
        assert Region.held_by(person, "places.edit") == own.region
    assert Region.held_by(make_user(Role.LIAISON, city.order), "places.edit") is None
    guest = make_user(Role.OFFICE, elsewhere, region=city.region)
    assert Region.held_by(guest, "places.edit") == elsewhere.region
