"""What fieldwork reads: whose visits and places they are, in which order, and how far a round has come."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.picking import source_of
from chuangwen.inspections.beside import person_visits
from chuangwen.inspections.models import Draw, Visit
from chuangwen.inspections.picking import register_sources
from chuangwen.inspections.queries import (
    Progress,
    Quota,
    ad_hoc_places,
    belongs_to,
    check_counts,
    checklist,
    days_visits,
    declared_places,
    done_of_rounds,
    draws_of,
    inspectors,
    inspectors_planned_by,
    is_own_place,
    later_visits,
    own_units,
    quota_sheet,
    round_progress,
    running_rounds,
)
from chuangwen.organizations.models import Holding, Post, RoleGrant
from tests.inspections.making import Field, make_checks, make_field
from tests.support.factories import (
    DAY,
    NOON,
    make_place_type,
    make_round,
    make_unit,
    make_user,
    make_version,
)

ONE_DAY = timedelta(days=1)


@pytest.fixture
def field(db: None) -> Any:
    with clock.at(NOON):
        yield make_field()


def test_own_units_are_of_today(field: Field) -> None:
    region, street, below = field.root.region, field.street, make_unit(field.street)
    post = Post.objects.create(region=region, unit=street, kind="liaison", title="联络员")
    user = make_user()
    holding = Holding.objects.create(region=region, post=post, user=user, starts=DAY + ONE_DAY)
    assert own_units(user) == frozenset()
    Holding.objects.filter(pk=holding.pk).update(starts=DAY)
    assert own_units(user) == {street.pk, below.pk}
    Holding.objects.filter(pk=holding.pk).update(starts=date(2020, 1, 1), ends=DAY - ONE_DAY)
    RoleGrant.objects.create(region=region, user=user, role="liaison", unit=below, starts=DAY, ends=DAY)
    assert own_units(user) == {below.pk}
    two = [make_unit(field.root), make_unit(field.root)]
    keeper = make_user(Role.KEEPER, two[0])
    RoleGrant.objects.create(region=region, user=keeper, role="liaison", unit=two[1], starts=DAY)
    assert own_units(keeper) == {unit.pk for unit in two}
    RoleGrant.objects.filter(user=user).update(ends=DAY - ONE_DAY, starts=date(2020, 1, 1))
    assert own_units(user) == own_units(field.inspector) == own_units(field.office) == frozenset()


def test_place_belongs_to_keeper_territory_and_department(field: Field) -> None:
    keeper, department, other = (make_unit(field.root) for _number in range(3))
    place = field.place(keeper=keeper, department=department)
    assert [belongs_to(place, [unit.pk]) for unit in (keeper, field.street, department, other)] == [
        True, True, True, False,
    ]  # fmt: skip
    assert not belongs_to(field.place(keeper=None), [None, other.pk])  # type: ignore[list-item]
    assert is_own_place(make_user(Role.KEEPER, keeper), place)
    assert not is_own_place(make_user(Role.KEEPER, other), place)


def test_checklist_is_the_rounds_in_order_of_standard_and_position(field: Field) -> None:
    visit, more = field.visit(), make_version(field.root.region)
    last, first = (make_checks(field, 1, position=number)[0] for number in (5, 2))
    make_checks(field, 1, field.toilet)
    (other,) = make_checks(Field(**{**vars(field), "version": more}), 1, position=1)
    assert checklist(visit) == [first, last]
    assert check_counts([visit]) == {visit.pk: 2}
    visit.round.versions.add(more)
    assert checklist(visit) == [first, last, other]
    at_toilet = field.visit(field.place(field.toilet))
    there = make_field()
    away = there.visit()
    make_checks(there, 1)
    nothing = field.visit(field.place(make_place_type(field.root.region)))
    assert check_counts([visit, at_toilet, away, nothing]) == {visit.pk: 3, at_toilet.pk: 1, away.pk: 1, nothing.pk: 0}


def test_inspectors_hold_the_role_today_in_the_region(field: Field) -> None:
    root, elsewhere = field.root, make_field()
    User.objects.filter(pk=field.inspector.pk).update(name="李四")
    same_name = make_user(Role.INSPECTOR, field.street, name="李四")
    ahead = make_user(Role.INSPECTOR, root, name="丁一")
    closed, ended, liaison = (
        make_user(Role.INSPECTOR, root),
        make_user(Role.INSPECTOR, root),
        make_user(Role.LIAISON, root),
    )
    User.objects.filter(pk=closed.pk).update(is_active=False)
    RoleGrant.objects.filter(user=ended).update(ends=DAY - ONE_DAY)
    wanted = [ahead, field.inspector, same_name]
    assert list(inspectors(root.region)) == list(inspectors_planned_by(field.office)) == wanted
    register_sources()
    source = source_of("inspectors")
    assert source is not None
    assert list(source.rows(field.office)) == wanted
    assert (source.label(ahead), source.second(ahead), source.code, str(source.hint)) == (
        "丁一", ahead.username, "username", "姓名或账号",
    )  # fmt: skip
    assert (source.search, source.names) == (("name", "username"), ("name", "username"))
    assert [source.is_open_to(one) for one in (field.office, liaison, field.inspector)] == [True, False, False]
    assert list(inspectors_planned_by(field.inspector)) == []
    assert list(inspectors_planned_by(elsewhere.office)) == [elsewhere.inspector]


def test_quota_sheet_counts_declared_places_not_listed_yet(field: Field) -> None:
    region = field.root.region
    hotel = make_place_type(region, code="hotel", position=1, quota=None)
    school = make_place_type(region, code="school", position=2, quota=4)
    make_place_type(region, code="none", position=3)
    make_place_type(region, code="bin", ad_hoc=True, position=4, quota=3)
    elsewhere = make_field()
    elsewhere.place()
    elsewhere.visit(elsewhere.place(elsewhere.market))
    listed = field.visit().place
    last, first = field.place(code="M-2"), field.place(code="M-1")
    inn = field.place(hotel, code="H-1")
    for one in ({"declared": False}, {"state": "closed"}, {"state": "gone"}, {"place_type": field.toilet}):
        field.place(one.pop("place_type", None), **one)
    assert list(declared_places(field.round)) == [inn, first, last]
    beside = make_round(field.round.campaign, name="回头望")
    assert listed in declared_places(beside)
    assert quota_sheet(field.round) == [Quota(field.market, 2, 2), Quota(hotel, 1, 0), Quota(school, 0, 4)]
    chosen = quota_sheet(field.round, {"market": 3, "hotel": 1})
    assert [(one.quota, one.is_short) for one in chosen] == [(3, True), (1, False), (0, False)]
    assert quota_sheet(field.round, {})[0].quota == 0


def test_draws_are_the_rounds_newest_first(field: Field) -> None:
    beside, row = (
        make_round(field.round.campaign, name="回头望"),
        {"region": field.root.region, "pool_sha256": "0" * 64},
    )
    late, early, same = (
        Draw.objects.create(round=field.round, frozen_at=NOON + number * ONE_DAY, **row) for number in (1, 0, 1)
    )
    Draw.objects.create(round=beside, frozen_at=NOON, **row)
    assert draws_of(field.round, field.office) == [same, late, early]
    assert draws_of(field.round, field.inspector) == draws_of(field.round, make_field().office) == []


def test_progress_is_told_by_type_and_team_in_their_order(field: Field) -> None:
    field.visit(field.place(field.toilet), state="finished", answered=3, not_met=2, team="第2组", kind="ad-hoc")
    field.visit(field.place(field.toilet), state="skipped", team="第1组", kind="ad-hoc")
    field.visit(state="started", answered=1, not_met=1, inspector=None, team="第1组")
    field.visit(inspector=None)
    garden = make_place_type(field.root.region, code="garden", name_zh="园")
    field.visit(field.place(garden), state="skipped", kind="substitute")
    progress = round_progress(Visit.objects.filter(round=field.round))
    figures = {name: getattr(progress, name) for name in type(progress).__slots__ if not name.startswith("by_")}
    assert figures == {
        "planned": 3, "done": 1, "unassigned": 1, "answered": 4, "not_met": 3, "drawn": 2, "ad_hoc": 1,
    }  # fmt: skip
    assert progress.by_type == [
        Progress("农贸市场", 2, 0, 0, 1, "market"), Progress("园", 0, 0, 1, 0, "garden"),
        Progress("公厕", 1, 1, 1, 2, "toilet"),
    ]  # fmt: skip
    assert progress.by_team == [
        Progress("", 1, 0, 1, 0, ""), Progress("第1组", 1, 0, 1, 1, "第1组"), Progress("第2组", 1, 1, 0, 2, "第2组"),
    ]  # fmt: skip
    nothing = round_progress(Visit.objects.none())
    assert (nothing.answered, nothing.not_met, nothing.by_type) == (0, 0, [])
    beside = make_round(field.round.campaign, name="回头望")
    make_field().visit()
    assert done_of_rounds([field.round, beside]) == {field.round.pk: (1, 3)}


def test_days_list_holds_what_is_left_over_under_way_and_done_today(field: Field) -> None:
    def visit(days: int, state: str = "planned", order: int = 0, **fields: Any) -> Visit:
        return field.visit(planned_on=DAY + days * ONE_DAY, state=state, order=order, **fields)

    wanted = [
        visit(0, "finished", 3), visit(1, "started", 1), visit(0, order=2), visit(0, "skipped", 4), visit(-3),
        visit(0, order=2),
    ]  # fmt: skip
    for days, state in ((-1, "finished"), (-1, "skipped"), (1, "finished"), (1, "planned"), (2, "planned")):
        visit(days, state)
    visit(0, inspector=None)
    other_round = make_round(field.round.campaign, name="回头望", state="planned")
    for days in (0, 1):
        Visit.objects.create(
            region=other_round.region, round=other_round, place=field.place(), planned_on=DAY + days * ONE_DAY,
            inspector=field.inspector,
        )  # fmt: skip
    done, under_way, second, skipped, left, third = wanted
    assert days_visits(field.inspector) == [left, second, third, done, skipped, under_way]
    assert (later_visits(field.inspector), later_visits(field.office)) == (2, 0)


def test_ad_hoc_places_are_those_not_listed_in_the_order_of_their_type(field: Field) -> None:
    bin_, inspector = make_place_type(field.root.region, name_zh="果皮箱", ad_hoc=True, position=3), field.inspector
    last, first = field.place(field.toilet, name="公厕2"), field.place(field.toilet, name="公厕1")
    box, closed = field.place(bin_, name="箱"), field.place(field.toilet, name="公厕3", state="closed")
    field.place(), field.place(bin_, state="gone")
    elsewhere = make_field()
    elsewhere.place(elsewhere.toilet)
    listed = field.visit(field.place(field.toilet)).place
    order = [first, last, closed]
    assert list(ad_hoc_places(field.round, inspector, "inspections.inspect")) == [box, *order]
    assert not source_rows(Role.ASSESSOR, field)
    assert listed in ad_hoc_places(make_round(field.round.campaign, name="回头望"), inspector, "inspections.inspect")
    assert not ad_hoc_places(field.round, inspector, "inspections.plan").exists()
    assert not ad_hoc_places(elsewhere.round, inspector, "inspections.inspect").exists()
    register_sources()
    source = source_of("ad-hoc-places")
    assert source is not None
    for person in (inspector, field.office):
        assert [place for place in source.rows(person) if place != listed] == [box, *order]
        assert listed in source.rows(person)
    assert [source.is_open_to(one) for one in (inspector, field.office, make_user(Role.LIAISON, field.root))] == [
        True, True, False,
    ]  # fmt: skip


def source_rows(role: Role, field: Field) -> list[Any]:
    """What a person who holds only this role may choose among the ad hoc places."""
    source = source_of("ad-hoc-places")
    assert source is not None
    return list(source.rows(make_user(role, field.root)))


def test_running_rounds_are_the_newest_first_where_one_inspects(field: Field) -> None:
    campaign = field.round.campaign
    later = make_round(campaign, name="第三轮", starts=DAY)
    twin = make_round(campaign, name="第四轮", starts=DAY)
    make_round(campaign, name="第五轮", state="planned")
    make_field()
    assert running_rounds(field.inspector) == [twin, later, field.round]
    assert running_rounds(field.office) == []


def test_persons_visits_are_told_by_running_round(field: Field) -> None:
    beside = make_round(field.round.campaign, name="回头望", starts=DAY)
    over = make_round(field.round.campaign, name="已结束", state="closed")
    for round_, states in (
        (field.round, ("finished", "planned", "started", "skipped")),
        (beside, ("planned",)),
        (over, ("planned",)),
    ):
        for state in states:
            Visit.objects.create(
                region=round_.region, round=round_, place=field.place(), planned_on=DAY, state=state,
                inspector=field.inspector,
            )  # fmt: skip
    field.visit(inspector=None)
    panel = person_visits(SimpleNamespace(user=field.office), field.inspector)  # type: ignore[arg-type]
    assert panel is not None
    context: Any = panel.context
    address = f"?inspector={field.inspector.pk}"
    assert [(line.text, line.url, line.end) for line in context["lines"]] == [
        ("第二轮模拟测评", f"/rounds/{field.round.pk}/{address}", "已完成1处，还有2处"),
        ("回头望", f"/rounds/{beside.pk}/{address}", "已完成0处，还有1处"),
    ]
    assert (context["name"], context["title"], panel.order) == ("visits", "承担的考察", 40)
    for other in (make_field().office, make_user(Role.ASSESSOR, field.root)):
        assert person_visits(SimpleNamespace(user=other), field.inspector) is None  # type: ignore[arg-type]
