"""A service changes the one row it is about, and its audit entry names that row."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core.errors import Refusal
from chuangwen.organizations.enums import PostKind, Slot, SuccessionKind
from chuangwen.organizations.models import Holding, RoleGrant, Unit
from chuangwen.organizations.services import (
    create_unit,
    edit_unit,
    end_grant,
    fill_post,
    leave_post,
    move_unit,
    name_post,
    remember_alias,
    retitle_post,
    succeed_units,
)
from tests.organizations.making import make_city
from tests.support.factories import DAY, make_user


def told():
    """(action, number of the row) of the newest audit entry."""
    entry = Entry.objects.order_by("pk").last()
    return entry.action.removeprefix("organizations."), entry.object_id


def test_succession_dates_no_other_unit(city):
    succeed_units([city.urban], [city.school], kind=SuccessionKind.RENAMED, day=DAY, actor=city.office)
    others = Unit.objects.exclude(pk__in=[city.urban.pk, city.school.pk])
    assert set(others.values_list("valid_from", "valid_to")) == {(None, None)}
    assert Unit.objects.get(pk=city.school.pk).valid_to is None


def test_new_holder_and_leaving_end_no_holding_of_another_post(city):
    first, second, third = (make_user() for _number in range(3))
    kept = fill_post(city.school, PostKind.LIAISON, "联络员", first, starts=DAY, actor=city.office)
    beside = fill_post(city.urban, PostKind.LIAISON, "联络员", first, slot=Slot.B, starts=DAY, actor=city.office)
    fill_post(city.urban, PostKind.LIAISON, "联络员", second, starts=DAY, actor=city.office)
    last = fill_post(city.urban, PostKind.LIAISON, "联络员", third, starts=DAY + timedelta(days=9), actor=city.office)
    leave_post(last, ends=DAY + timedelta(days=20), actor=city.office)
    assert told() == ("post.leave", str(last.post_id))
    assert beside.slot == Slot.B
    assert set(Holding.objects.filter(pk__in=[kept.pk, beside.pk]).values_list("ends", flat=True)) == {None}


def test_audit_names_the_unit_or_post(city):
    made = create_unit(city.root, actor=city.office, code="Z7", name="某局")
    assert told() == ("unit.create", str(made.pk))
    edit_unit(made, actor=city.office, parent=city.root, resident=True)
    assert told() == ("unit.edit", str(made.pk))
    assert not Entry.objects.filter(action="organizations.unit.move").exists()
    move_unit(Unit.objects.get(pk=made.pk), Unit.objects.get(pk=city.street.pk), actor=city.office)
    assert told() == ("unit.move", str(made.pk))
    remember_alias(made, "旧名", actor=city.office)
    assert told() == ("alias.remember", str(made.pk))
    post = name_post(made, PostKind.LIAISON, "联络员", actor=city.office)
    assert told() == ("post.create", str(post.pk))
    retitle_post(post, "专职联络员", actor=city.office)
    assert told() == ("post.retitle", str(post.pk))
    assert name_post(made, PostKind.LIAISON, "专职联络员", actor=city.office) == post
    assert told() == ("post.retitle", str(post.pk))


def test_administrator_of_another_region_does_not_count(city):
    make_city("邻市")
    grant = RoleGrant.objects.get(user=city.admin, role=Role.ADMINISTRATOR)
    with pytest.raises(Refusal) as refused:
        end_grant(grant, actor=None)
    assert str(refused.value.way_out) == "请先指定另一名管理员。"
    assert RoleGrant.objects.get(pk=grant.pk).ends is None
