"""A region's own rules are written one way: whole, by whoever may, and every change is an entry."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.audit.settings import keep_setting
from chuangwen.core.models import Region
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db
USUAL = {"days": 3, "source": "proposed: 惯例"}


def keep(region, value, actor, key="objections"):
    keep_setting(region, key, value, action="responsibilities.objections.rule", actor=actor,
                 permission="responsibilities.edit")  # fmt: skip


def test_rule_that_is_kept_leaves_the_others_and_its_entry_tells_what_stood_before():
    office = make_user(Role.OFFICE)
    region = office.region
    keep(region, "科室", office, key="office_word")
    assert region.own("objections", USUAL) == USUAL
    keep(region, {"days": 5}, office)
    keep(region, {"days": 7}, office)
    assert Region.objects.get(pk=region.pk).settings == {"office_word": "科室", "objections": {"days": 7}}
    assert region.own("objections", USUAL) == {"days": 7, "source": "proposed: 惯例"}
    told = [entry.data for entry in Entry.objects.filter(action="responsibilities.objections.rule").order_by("pk")]
    assert told == [
        {"now": "科室", "before": None}, {"days": 5, "before": None}, {"days": 7, "before": {"days": 5}},
    ]  # fmt: skip


def test_who_may_not_say_so_changes_nothing():
    office = make_user(Role.OFFICE)
    for stranger in (make_user(region=office.region), make_user(Role.OFFICE)):
        with pytest.raises(PermissionDenied):
            keep(office.region, {"days": 1}, stranger)
    assert Region.objects.get(pk=office.region.pk).settings == {}
    assert not Entry.objects.filter(action="responsibilities.objections.rule").exists()
