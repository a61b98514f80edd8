"""Veto events: entered by one, confirmed by another, barring for a while."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.supervision.models import VetoEvent, VetoKind
from chuangwen.supervision.queries.veto import barred_until, veto_events
from chuangwen.supervision.services import (
    Event,
    confirm_event,
    lift_event,
    propose_notices,
    reject_event,
    report_event,
    save_kind,
)
from chuangwen.supervision.services.veto import months_after
from tests.supervision.making import NOW, days_later
from tests.support.factories import make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 10)


def kind(world, **fields):
    return VetoKind.objects.filter(region=world.region, **fields or {"falsification": False}).first()


def reported(world, **fields):
    values = {"unit": world.unit, "kind": kind(world), "day": DAY, "title": "安全事故", "source": "应急局通报"}
    return report_event(Event(**values | fields), actor=world.office)


def test_event_bars_once_a_second_person_confirmed_it(world, noon):
    event = reported(world)
    assert (event.bars_until, barred_until(world.unit), list(veto_events(world.unit))) == (date(2027, 11, 10), None, [])
    assert said(confirm_event, event, actor=world.office) == "这是您自己登记的，请第二人确认。"
    with pytest.raises(PermissionDenied):
        confirm_event(event, actor=world.liaison)
    confirm_event(event, actor=world.leader)
    assert (event.state, event.confirmed_by, event.confirmed_at) == ("confirmed", world.leader, NOW)
    assert barred_until(world.unit) == date(2027, 11, 10)
    assert barred_until(world.unit, date(2026, 11, 9)) is None  # before it happened
    assert barred_until(world.unit, date(2027, 11, 11)) is None
    assert list(veto_events(world.unit, since=DAY, until=DAY)) == [event]
    assert list(veto_events(world.unit, since=date(2026, 11, 11))) == []
    lift_event(event, reason="申诉成立", actor=world.colleague)
    assert barred_until(world.unit) is None


def test_rejected_event_never_counts(world, noon):
    event = reported(world)
    assert said(reject_event, event, reason="", actor=world.colleague).startswith("请简单写明原因")
    reject_event(event, reason="不是该单位", actor=world.colleague)
    assert (event.state, barred_until(world.unit)) == ("rejected", None)


def test_unit_sees_its_event_only_once_it_is_confirmed(world, noon):
    event = reported(world)
    assert list(VetoEvent.objects.visible_to(world.liaison)) == []
    confirm_event(event, actor=world.leader)
    assert list(VetoEvent.objects.visible_to(world.liaison)) == [event]
    assert list(VetoEvent.objects.visible_to(make_user(Role.OFFICE))) == []


def test_confirmed_falsification_is_answered_with_red(world):
    problem = world.problem(state="fixed")
    with clock.at(NOW):
        event = reported(world, kind=kind(world, falsification=True), problem=problem)
        assert propose_notices(world.region) == []
        confirm_event(event, actor=world.colleague)
    with days_later(1):
        (notice,) = propose_notices(world.region)
    assert (notice.colour, notice.items.get().problem, notice.items.get().ground) == ("red", problem, "falsified")


def test_wrong_events_are_refused(world, noon):
    def refused(**fields):
        return said(reported, world, **fields)

    assert refused(day=date(2026, 11, 19)) == "日期在今天以后。填实际发生的日期。"
    assert refused(title=" ") == "请写明发生了什么、依据哪份材料。"
    assert refused(source="") == "请写明发生了什么、依据哪份材料。"
    assert refused(problem=world.problem(lead=world.other)) == "这件问题不是该单位的。换一件问题，或者不填。"
    assert refused(kind=kind(world, falsification=True)) == ("弄虚作假要对应到那件谎报整改的问题。请填问题编号。")
    off = save_kind(world.region, name="停用", months=6, source="site: 试", actor=world.office, is_on=False)
    assert refused(kind=off) == "这个种类没有启用。请换一个。"
    with pytest.raises(PermissionDenied):
        report_event(Event(world.unit, kind(world), DAY, "事故", "通报"), actor=world.leader)


def test_kind_is_kept_and_checked(world, noon):
    made = save_kind(world.region, name="新类", months=6, source="site: 试", actor=world.office)
    changed = save_kind(world.region, name="新类", months=24, source="site: 试", actor=world.office, kind=made)
    assert (changed.pk, changed.months) == (made.pk, 24)
    values = {"source": "site: 试", "actor": world.office}
    assert said(save_kind, world.region, name="新类", months=6, **values) == "已有同名的种类。换一个名称。"
    assert said(save_kind, world.region, name="某", months=121, **values) == "数值不在1到120之间。请填这之间的月数。"
    with pytest.raises(PermissionDenied):
        save_kind(world.region, name="某", months=6, source="", actor=world.leader)


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 5), 12, date(2027, 12, 5)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 10, 31), 14, date(2027, 12, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_last(day, months, until):
    assert months_after(day, months) == until
