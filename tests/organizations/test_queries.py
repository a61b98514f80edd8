"""Reading units, holders and successors on a day: what has ended or has not begun is not there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.core.access import Scope, may
from chuangwen.organizations.enums import PostKind, Slot, SuccessionKind, UnitKind
from chuangwen.organizations.models import ContractedArea, Group, RoleGrant, Unit, UnitAlias, UnitSuccession
from chuangwen.organizations.queries import (
    escalation_target,
    holders,
    lacking_posts,
    name_above,
    name_index,
    office_ids,
    office_people,
    own_units,
    people_to_tell,
    region_people,
    successors,
    titles_of,
    unit_choices,
    unit_resolver,
    units_today,
)
from chuangwen.organizations.scopes import roles_of_user, scope_of_user, units_of_user
from tests.organizations.making import LONG_AGO, make_city, make_holding, make_post
from tests.support.factories import DAY, make_root, make_unit, make_user

EVE = DAY - timedelta(days=1)
MORROW = DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("dates", "there"),
    [
        ({}, True),
        ({"valid_from": DAY, "valid_to": DAY}, True),
        ({"valid_from": MORROW}, False),
        ({"valid_to": EVE}, False),
    ],
)
def test_units_of_today_in_the_order_of_the_tree(city, dates, there):
    Unit.objects.filter(pk=city.school.pk).update(**dates)
    make_city("邻市")
    found = [unit.code for unit in units_today(city.region)]
    assert found == [code for code in ("root", "A01", "A02", "B01", "B0101") if code != "A02" or there]
    assert unit_choices(city.region)[0] == (city.urban.pk, "云溪市城市管理局")
    assert len(unit_choices(city.region)) == 3 + there


def test_name_index_knows_aliases_of_the_own_region_only(city, django_assert_num_queries):
    other = make_city("邻市")
    UnitAlias.objects.create(region=city.region, unit=city.urban, name="执法队")
    UnitAlias.objects.create(region=other.region, unit=other.school, name="教委")
    with django_assert_num_queries(3):
        index = name_index(city.region)
    assert index.resolve("执法队").units == (city.urban.pk,)
    assert index.resolve("教委").units == ()
    assert index.resolve("云溪市").units == ()  # the region itself is no responsible unit


def test_group_means_the_unit_that_is_its_office(city):
    Group.objects.create(region=city.region, kind="leading", name="创建领导小组", office=city.school)
    Group.objects.create(region=city.region, kind="working", name="市容环境组", office=city.urban)
    Group.objects.create(region=city.region, kind="working", name="督查组", office=None)
    index = name_index(city.region)
    names = ("创建领导小组", "创建领导小组办公室", "市容环境组", "督查组")
    assert [index.resolve(name).units for name in names] == [(city.school.pk,)] * 2 + [(city.urban.pk,), ()]


def test_resolver_is_certain_collective_or_proposes(city, django_assert_num_queries):
    UnitAlias.objects.create(region=city.region, unit=city.urban, name="执法队")
    west = make_unit(city.root, name="西关街道", kind=UnitKind.STREET)
    other = make_city("邻市")
    UnitAlias.objects.create(region=other.region, unit=other.school, name="文教卫")
    Unit.objects.filter(pk=city.school.pk).update(short_name="文教委")
    with django_assert_num_queries(3):
        resolve = unit_resolver(city.region)
    assert resolve("执法队").value == city.urban.pk
    assert resolve("城管局").value == city.urban.pk
    both = resolve("各街道")
    assert (both.value, both.values) == (None, (city.street.pk, west.pk))
    doubtful = resolve("云溪市城市管理处")
    assert (doubtful.value, doubtful.values) == (None, ())
    assert city.urban.pk in [candidate.value for candidate in doubtful.candidates]
    assert resolve("火星局").candidates == ()
    assert [candidate.value for candidate in resolve("执法支队").candidates] == [city.urban.pk]  # near the alias
    assert [candidate.value for candidate in resolve("文教委会").candidates] == [city.school.pk]  # near the short name
    region = resolve("云溪市")
    assert (region.value, city.root.pk in [candidate.value for candidate in region.candidates]) == (None, False)


def test_holders_of_a_day_the_a_person_first(city):
    post, chief = make_post(city.urban), make_post(city.urban, PostKind.FIRST, "局长")
    people = [make_user(region=city.region) for _ in range(4)]
    make_holding(post, people[0], ends=EVE)
    make_holding(post, people[2], Slot.B)
    make_holding(post, people[1], starts=DAY)
    make_holding(chief, people[3])
    make_holding(make_post(city.school), people[3])
    found = holders([city.urban], [PostKind.LIAISON])
    assert [(holding.user, holding.slot) for holding in found] == [(people[1], "A"), (people[2], "B")]
    assert [holding.user for holding in holders([city.urban], [PostKind.LIAISON], EVE)] == [people[0], people[2]]
    assert len(holders([city.urban, city.school], [PostKind.LIAISON, PostKind.FIRST])) == 4


def test_people_to_tell_are_liaisons_and_those_who_answer_right_there(city):
    by_post = make_user(region=city.region)
    make_holding(make_post(city.urban), by_post)
    make_holding(make_post(city.urban, PostKind.FIRST, "局长"), make_user(region=city.region))
    gone = make_user(region=city.region)
    make_holding(make_post(city.urban, title="旧联络员"), gone, ends=EVE)
    by_role, keeper = make_user(Role.LIAISON, city.urban), make_user(Role.KEEPER, city.urban)
    make_user(Role.LIAISON, city.school)
    make_holding(make_post(city.school), make_user(region=city.region))
    make_user(Role.LIAISON, city.urban, is_active=False)
    make_user(Role.LEADER, city.urban)
    found = set(people_to_tell(city.urban, "rectification.answer"))
    assert found == {by_post, by_role, keeper}
    assert set(people_to_tell(city.urban, "responsibilities.answer")) == {by_post, by_role}


def test_office_people_hold_their_role_over_the_whole_region(city):
    make_user(Role.OFFICE, city.urban)
    make_user(Role.OFFICE, city.root, is_active=False)
    other = make_city("邻市")
    late = make_user(Role.OFFICE, city.root)
    RoleGrant.objects.filter(user=late).update(starts=MORROW)
    assert list(office_people(city.region, "rectification.assign")) == [city.office]
    assert list(office_people(city.region, "audit.view")) == []
    assert list(office_people(other.region, "rectification.assign")) == [other.office]
    assert office_ids(other.region) == {other.office.pk}


def test_region_people_are_all_who_hold_it_over_the_region(city):
    leader = make_user(Role.LEADER, city.root)
    make_user(Role.LEADER, city.urban)
    assert set(region_people(city.region, "reports.release")) == {city.office, leader}


def test_lateness_goes_up_the_tree(city):
    assert escalation_target(city.community) == city.street
    assert escalation_target(city.root) is None


@pytest.mark.parametrize("fields", [{"resident": True}, {"kind": UnitKind.VERTICAL}])
def test_lateness_of_a_resident_or_vertical_unit_goes_to_its_line_else_to_the_leader(city, fields):
    Unit.objects.filter(pk=city.community.pk).update(**fields)
    unit = Unit.objects.get(pk=city.community.pk)
    assert escalation_target(unit) is None
    leader = make_post(city.root, PostKind.CHARGE, "副市长")
    area = ContractedArea.objects.create(
        region=city.region, leader=leader, unit=unit, name="幸福片区", starts=LONG_AGO, ends=EVE
    )
    ContractedArea.objects.create(region=city.region, leader=leader, unit=city.urban, name="别处", starts=LONG_AGO)
    assert escalation_target(unit) is None
    area.ends = DAY
    area.save()
    assert escalation_target(unit) == leader
    unit.line_authority = city.urban
    assert escalation_target(unit) == city.urban


def succession(city, old, new, day=DAY):
    UnitSuccession.objects.create(region=city.region, old=old, new=new, kind=SuccessionKind.SPLIT, day=day)


def test_history_sums_under_the_last_successors(city):
    assert successors(city.urban) == [city.urban]
    succession(city, city.urban, city.school, date(2025, 6, 1))
    succession(city, city.urban, city.street, DAY)
    succession(city, city.school, city.community, MORROW)  # has not happened yet
    assert {unit.pk for unit in successors(city.urban)} == {city.school.pk, city.street.pk}
    UnitSuccession.objects.update(day=DAY)
    assert {unit.pk for unit in successors(city.urban)} == {city.community.pk, city.street.pk}


def test_merged_units_end_in_one_successor_counted_once(city):
    for old, new in ((city.root, city.urban), (city.root, city.school), (city.urban, city.street)):
        succession(city, old, new)
    succession(city, city.school, city.street)
    assert successors(city.root) == [city.street]


def test_units_without_a_holder_of_one_of_three_posts_lack_something(city, django_assert_num_queries):
    person = make_user(region=city.region)
    for kind in (PostKind.FIRST, PostKind.ACTING, PostKind.LIAISON):
        make_holding(make_post(city.urban, kind, "岗"), person)
    make_holding(make_post(city.school, PostKind.ACTING, "岗"), person)
    make_holding(make_post(city.school, PostKind.LIAISON, "岗"), person, ends=EVE)
    make_holding(make_post(city.street, PostKind.OTHER, "岗"), person)
    for kind in (PostKind.ACTING, PostKind.LIAISON):
        make_holding(make_post(city.community, kind, "岗"), person)
    make_unit(city.urban, kind=UnitKind.OFFICE)  # its unit answers for it
    with django_assert_num_queries(1):
        found = list(units_today(city.region).filter(lacking_posts()))
    assert found == [city.school, city.street, city.community]


def test_people_are_titled_by_their_post_of_today_else_by_their_role(city, django_assert_num_queries):
    liaison, second, chief, by_role, leader, gone, plain = (make_user(region=city.region) for _ in range(7))
    post = make_post(city.urban)
    make_holding(post, liaison)
    make_holding(post, second, Slot.B)
    make_holding(make_post(city.school, PostKind.FIRST, "局长"), chief)
    make_holding(make_post(city.street, PostKind.FIRST, "主任"), chief)  # the older post stands
    make_holding(post, gone, ends=EVE)
    make_holding(make_post(city.community), make_user(region=city.region))  # about whom nobody asks
    for user, role, unit in (
        (chief, Role.LEADER, city.root), (by_role, Role.LIAISON, city.street), (by_role, Role.KEEPER, city.urban),
        (leader, Role.LEADER, city.root), (gone, Role.LIAISON, city.school),
    ):  # fmt: skip
        RoleGrant.objects.create(region=city.region, user=user, role=role, unit=unit, starts=LONG_AGO)
    RoleGrant.objects.filter(user=gone).update(ends=EVE)
    people = [liaison, second, chief, by_role, leader, gone, plain]
    with django_assert_num_queries(2):
        told = titles_of({person.pk for person in people})
    assert told == {
        liaison.pk: "城管局联络员(A角)", second.pk: "城管局联络员(B角)", chief.pk: "教育局局长",
        by_role.pk: "东关街道联络员", leader.pk: "包联领导",
    }  # fmt: skip


def test_grant_at_a_unit_covers_its_subtree_and_no_more(city):
    person = make_user(Role.LIAISON, city.street)
    assert scope_of_user(person, "rectification.answer") == Scope(
        frozenset(), frozenset({city.street.pk, city.community.pk}), frozenset({city.region.pk})
    )
    assert scope_of_user(person, "audit.view") == Scope()
    assert (roles_of_user(person), units_of_user(person)) == ({"liaison"}, [city.street.pk])
    assert units_of_user(User.objects.get(pk=person.pk)) == [city.street.pk]
    assert [may(person, "rectification.answer", unit) for unit in (city.community, city.urban)] == [True, False]


def test_subtree_follows_the_tree_when_units_move(city):
    person = make_user(Role.LIAISON, city.street)
    Unit.objects.move(Unit.objects.get(pk=city.urban.pk), Unit.objects.get(pk=city.street.pk), "last-child")
    assert city.urban.pk in scope_of_user(person, "rectification.answer").unit_ids


def test_grants_of_several_units_and_regions_add_up_in_two_queries(city, django_assert_num_queries):
    other = make_city("邻市")
    person = make_user(Role.LIAISON, city.street)
    for unit, role in ((city.urban, Role.KEEPER), (other.root, Role.LEADER)):
        RoleGrant.objects.create(region=unit.region, user=person, role=role, unit=unit, starts=LONG_AGO)
    with django_assert_num_queries(2):
        scope = scope_of_user(person, "rectification.view")
        assert roles_of_user(person) == {"liaison", "keeper", "leader"}
    assert scope.regions == {other.region.pk}
    assert scope.unit_ids == {city.street.pk, city.community.pk, city.urban.pk}
    assert scope.home_regions == {city.region.pk, other.region.pk}
    assert scope_of_user(person, "responsibilities.answer").unit_ids == {city.street.pk, city.community.pk}


@pytest.mark.parametrize(
    ("dates", "held"),
    [
        ({"starts": DAY}, True),
        ({"starts": MORROW}, False),
        ({"ends": DAY}, True),
        ({"ends": EVE}, False),
    ],
)
def test_grant_holds_from_its_first_to_its_last_day(city, dates, held):
    person = make_user(Role.LIAISON, city.street)
    RoleGrant.objects.filter(user=person).update(**dates)
    assert bool(scope_of_user(person, "rectification.view")) is held
    assert roles_of_user(person) == ({"liaison"} if held else set())


def test_role_that_the_table_does_not_know_allows_nothing(city):
    person = make_user("king", city.street)
    assert (roles_of_user(person), scope_of_user(person, "organizations.view")) == ({"king"}, Scope())


def test_person_without_roles_costs_one_query_and_sees_nothing(city, django_assert_num_queries):
    person = User.objects.get(pk=make_user(region=city.region).pk)
    with django_assert_num_queries(1):
        assert (scope_of_user(person, "organizations.view"), units_of_user(person)) == (Scope(), [])


@pytest.mark.django_db
def test_name_above_is_that_of_the_next_unit_up_the_short_one_where_there_is_one():
    root = make_root()
    bureau = make_unit(root, name="市水利局机关", short_name="市水利局")
    office = make_unit(make_unit(bureau, name="防汛处"), name="一科")
    found = Unit.objects.filter(region=root.region).annotate(above=name_above("path"))
    assert dict(found.values_list("pk", "above")) == {
        root.pk: None, bureau.pk: root.short_name or root.name, Unit.objects.get_parent(office).pk: "市水利局",
        office.pk: "防汛处",
    }  # fmt: skip


@pytest.mark.django_db
def test_own_units_are_those_right_below_under_the_own_authority():
    root = make_root()
    above = make_unit(root, name="楚江市税务局")
    make_unit(root, name="云溪市税务局", kind=UnitKind.VERTICAL, line_authority=above)
    grid = make_unit(root, name="楚江供电公司")
    make_unit(root, name="云溪供电公司", resident=True, line_authority=grid)
    schools = make_unit(root, name="云溪市教育局", peer_group="市直机关")  # over a resident college, and yet the city's
    make_unit(root, name="云溪学院", resident=True, line_authority=schools)
    urban = make_unit(root, name="云溪市城管局")
    make_unit(urban, name="环卫处", line_authority=above)
    make_unit(root, name="本级办公室", kind=UnitKind.OFFICE)
    health = make_unit(root, name="云溪市卫健委")
    make_unit(root, name="云溪市医院", line_authority=health)  # neither resident nor vertical: all of the city
    make_unit(root, name="已撤销的局", valid_to=EVE)
    make_unit(make_root(), name="外地局")
    names = ["云溪市税务局", "云溪供电公司", "云溪市教育局", "云溪学院", "云溪市城管局", "云溪市卫健委", "云溪市医院"]
    assert [unit.name for unit in own_units(root.region)] == names
    keys = tuple(own_units(root.region).values_list("pk", flat=True))
    assert name_index(root.region).resolve("市直各单位").units == keys
    assert unit_resolver(root.region)("各单位").values == keys
    assert name_index(root.region).resolve("楚江市税务局").units == (above.pk,)  # named, it is known all the same
