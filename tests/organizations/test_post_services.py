"""Posts with their A and B holders, roles, groups and grids: dated, audited, refused where they must be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.organizations.enums import GroupKind, PostKind, Slot
from chuangwen.organizations.models import Group, Holding, Membership, Post, RoleGrant
from chuangwen.organizations.services import (
    drop_row,
    end_grant,
    grant_role,
    hold_post,
    keep_row,
    leave_post,
    name_post,
    retitle_post,
)
from tests.organizations.making import LONG_AGO, make_holding, make_post
from tests.support.factories import DAY, make_user

EVE = DAY - timedelta(days=1)
MORROW = DAY + timedelta(days=1)


@pytest.fixture
def post(city):
    return make_post(city.urban)


@pytest.fixture
def persons(city):
    return [make_user(region=city.region, name=name) for name in ("赵敏", "钱进", "孙立")]


def last_entry():
    return Entry.objects.order_by("pk").last()


def spans(post):
    rows = Holding.objects.filter(post=post).order_by("slot", "starts", "pk")
    return [(row.user.name, row.slot, row.starts, row.ends) for row in rows]


def test_post_is_made_once(city):
    first = name_post(city.urban, PostKind.FIRST, "局长", actor=city.office)
    assert name_post(city.urban, PostKind.FIRST, "局长", actor=city.office) == first
    assert (first.region, first.unit, first.kind) == (city.region, city.urban, PostKind.FIRST)
    assert Entry.objects.filter(action="organizations.post.create").count() == 1
    assert name_post(city.school, PostKind.FIRST, "局长", actor=city.office) != first


def test_post_is_given_another_title_and_keeps_its_holder(post, persons, city):
    make_holding(post, persons[0])
    retitle_post(post, "办公室主任", actor=city.office)
    assert Post.objects.get(pk=post.pk).title == "办公室主任"
    assert (last_entry().action, last_entry().data) == (
        "organizations.post.retitle", {"before": "联络员", "after": "办公室主任"},
    )  # fmt: skip
    assert len(spans(post)) == 1


def test_same_title_is_no_change(post, city):
    retitle_post(post, "联络员", actor=city.office)
    assert Entry.objects.count() == 0


def test_first_holder_begins_today_and_no_one_ends(post, persons, city):
    hold_post(post, persons[0], actor=city.office)
    assert spans(post) == [("赵敏", Slot.A, DAY, None)]
    entry = last_entry()
    assert (entry.action, entry.object_id) == ("organizations.post.hold", str(post.pk))
    assert entry.data == {"holder": "赵敏", "slot": "A", "from": "2026-11-18"}


def test_successor_ends_the_holder_the_day_before(post, persons, city):
    make_holding(post, persons[0])
    hold_post(post, persons[1], starts=MORROW, actor=city.office)
    assert spans(post) == [("赵敏", Slot.A, LONG_AGO, DAY), ("钱进", Slot.A, MORROW, None)]


def test_b_person_does_not_end_the_a_person(post, persons, city):
    make_holding(post, persons[0])
    hold_post(post, persons[1], slot=Slot.B, actor=city.office)
    assert spans(post) == [("赵敏", Slot.A, LONG_AGO, None), ("钱进", Slot.B, DAY, None)]


def test_holder_who_holds_already_changes_nothing(post, persons, city):
    held = make_holding(post, persons[0])
    assert hold_post(post, persons[0], starts=MORROW, actor=city.office) == held
    assert (spans(post), Entry.objects.count()) == ([("赵敏", Slot.A, LONG_AGO, None)], 0)


@pytest.mark.parametrize("starts", [DAY, EVE])
def test_holder_does_not_begin_before_the_present_one(post, persons, city, starts):
    make_holding(post, persons[0], starts=DAY)
    with pytest.raises(Refusal) as refused:
        hold_post(post, persons[1], starts=starts, actor=city.office)
    assert "2026-11-18" in refused.value.message
    assert refused.value.way_out == "请选更晚的日期。"
    assert spans(post) == [("赵敏", Slot.A, DAY, None)]


def test_who_leaves_today_does_not_hold_beside_the_one_who_comes_today(post, persons, city):
    held = make_holding(post, persons[0])
    leave_post(held, ends=DAY, actor=city.office)
    hold_post(post, persons[1], actor=city.office)
    assert spans(post) == [("赵敏", Slot.A, LONG_AGO, EVE), ("钱进", Slot.A, DAY, None)]


def test_leaver_comes_back_as_a_holding_of_its_own(post, persons, city):
    make_holding(post, persons[0], ends=EVE)
    hold_post(post, persons[0], actor=city.office)
    assert spans(post) == [("赵敏", Slot.A, LONG_AGO, EVE), ("赵敏", Slot.A, DAY, None)]


def test_leaving_is_dated_and_audited(post, persons, city):
    held = make_holding(post, persons[0])
    assert leave_post(held, ends=DAY, actor=city.office).ends == DAY
    assert spans(post) == [("赵敏", Slot.A, LONG_AGO, DAY)]
    assert (last_entry().action, last_entry().data) == (
        "organizations.post.leave", {"holder": "赵敏", "until": "2026-11-18"},
    )  # fmt: skip


def test_nobody_leaves_before_beginning(post, persons, city):
    held = make_holding(post, persons[0], starts=DAY)
    with pytest.raises(Refusal, match="结束日期早于起始日期"):
        leave_post(held, ends=EVE, actor=city.office)
    assert leave_post(held, ends=DAY, actor=city.office).ends == DAY


def test_role_is_given_from_today_and_is_felt_at_once(city):
    person = make_user(region=city.region)
    assert may(person, "rectification.answer", city.urban) is False
    grant = grant_role(person, Role.LIAISON, city.urban, actor=city.office)
    assert (grant.starts, grant.ends, grant.role, grant.region) == (DAY, None, "liaison", city.region)
    assert may(person, "rectification.answer", city.urban) is True
    assert (last_entry().action, last_entry().data) == (
        "organizations.role.grant", {"user": person.name, "role": "liaison"},
    )  # fmt: skip


def test_role_held_already_is_not_given_twice(city):
    person = make_user(Role.LIAISON, city.urban)
    held = person.role_grants.get()
    assert grant_role(person, Role.LIAISON, city.urban, actor=city.office) == held
    assert grant_role(person, Role.LIAISON, city.school, actor=city.office) != held
    assert grant_role(person, Role.KEEPER, city.urban, actor=city.office) != held
    assert Entry.objects.count() == 2


def test_role_that_ended_is_given_anew(city):
    person = make_user(Role.LIAISON, city.urban)
    RoleGrant.objects.filter(user=person).update(ends=EVE)
    assert grant_role(person, Role.LIAISON, city.urban, actor=city.office).starts == DAY


@pytest.mark.parametrize(
    ("held", "wanted"), [(Role.OFFICE, Role.AUDITOR), (Role.AUDITOR, Role.OFFICE), (Role.ADMINISTRATOR, Role.OFFICE)]
)
def test_administrator_and_auditor_hold_no_other_role(city, held, wanted):
    person = make_user(held, city.root)
    with pytest.raises(Refusal, match="请另开一个账号"):
        grant_role(person, wanted, city.urban, actor=city.admin)
    assert person.role_grants.count() == 1
    RoleGrant.objects.filter(user=person).update(ends=EVE)
    assert grant_role(person, wanted, city.urban, actor=city.admin).role == wanted


def test_auditor_may_audit_at_two_units(city):
    person = make_user(Role.AUDITOR, city.urban)
    assert grant_role(person, Role.AUDITOR, city.school, actor=city.admin).unit == city.school


def test_role_ends_with_yesterday_and_is_felt_at_once(city):
    person = make_user(Role.OFFICE, city.root)
    grant = person.role_grants.get()
    assert may(person, "organizations.edit", city.urban) is True
    grant.user = person
    end_grant(grant, actor=city.admin)
    assert may(person, "organizations.edit", city.urban) is False
    assert RoleGrant.objects.get(pk=grant.pk).ends == EVE
    assert (last_entry().action, last_entry().data) == (
        "organizations.role.end", {"user": person.name, "role": "office"},
    )  # fmt: skip


def test_last_administrator_stays(city):
    grant = city.admin.role_grants.get()
    below = make_user(Role.ADMINISTRATOR, city.urban)
    make_user(Role.ADMINISTRATOR, city.root, is_active=False)
    with pytest.raises(Refusal, match="最后一名"):
        end_grant(grant, actor=None)
    assert RoleGrant.objects.get(pk=grant.pk).ends is None
    end_grant(below.role_grants.get(), actor=city.admin)
    end_grant(grant, actor=make_user(Role.ADMINISTRATOR, city.root))
    assert RoleGrant.objects.get(pk=grant.pk).ends == EVE


def test_rows_are_kept_and_dropped_with_an_entry(city, post):
    group = Group(region=city.region, kind=GroupKind.LEADING, name="创建领导小组", office=city.root)
    keep_row(group, actor=city.office)
    assert last_entry().action == "organizations.group.create"
    keep_row(group, actor=city.office)
    assert last_entry().action == "organizations.group.edit"
    seat = keep_row(Membership(region=city.region, group=group, post=post, seat="成员"), actor=city.office)
    gone = str(seat.pk)
    drop_row(seat, actor=city.office)
    assert (last_entry().action, last_entry().object_id) == ("organizations.membership.drop", gone)
    assert Membership.objects.count() == 0
