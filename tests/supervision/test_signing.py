"""Signing: a named person, a working day, once a day and colour; from paper with its scan."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Conflict
from chuangwen.core.models import Attachment
from chuangwen.notifications.models import Notice
from chuangwen.organizations.models import Holding, Post, RoleGrant
from chuangwen.supervision.enums import NoticeState
from chuangwen.supervision.models import NoticeStep, SupervisionNotice
from chuangwen.supervision.services import drop_notice, propose_by_hand, propose_notices, sign_notice
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import StaleState
from tests.supervision.making import NOW, SATURDAY, SCAN, days_later
from tests.support.factories import DAY, make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
LEADER_SIGNS = "这种督办单由领导小组副组长签发。"


def by_hand(world, colour, *, actor=None, unit=None):
    unit = unit or world.unit
    return propose_by_hand(
        unit, colour=colour, problems=[world.problem(lead=unit)], reason="催", actor=actor or world.colleague
    )


def test_signed_white_goes_out_under_a_name_with_number_and_time(world, noon):
    notice = by_hand(world, "white")
    sign_notice(notice, actor=world.office)
    notice.refresh_from_db()
    assert (notice.state, notice.serial, notice.day, notice.signed_by) == ("sent", 1, date(2026, 11, 18), world.office)
    assert notice.signed_name == "创建办"
    assert notice.due_at == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)  # two working days, 18:00
    assert notice.talk_due_on is None
    assert Notice.objects.get(user=world.liaison).title == "城管局白单"


def test_red_has_a_talk_and_reaches_the_first_responsible(world, noon):
    post = Post.objects.create(region=world.region, unit=world.unit, kind="first", title="局长")
    head = make_user()
    Holding.objects.create(region=world.region, post=post, user=head, starts=DAY)
    notice = by_hand(world, "red")
    sign_notice(notice, actor=world.leader)
    assert (notice.addressee, notice.copy_to) == ("市城市管理局：局长", "督查室")
    assert notice.talk_due_on == date(2026, 11, 25)
    assert Notice.objects.get(user=head).urgent is True


def test_signature_from_paper_keeps_who_signed_the_scan_and_the_true_time(world, noon):
    notice = by_hand(world, "red")
    with clock.at(NOW + timedelta(hours=1)):
        sign_notice(notice, actor=world.office, signed_name="副组长 王某", scans=[SCAN], at=NOW)
    step = history_of(notice).get(action="sign")
    assert (notice.signed_name, notice.signed_at, step.on_behalf, step.at) == ("副组长 王某", NOW, "副组长 王某", NOW)
    paper = Attachment.objects.get(owner_type="supervision.supervisionnotice", owner_id=notice.pk)
    assert (paper.name, step.data["scans"]) == (SCAN.name, [paper.file.sha256])


def test_who_may_not_sign_is_refused(world, noon):
    red, yellow = by_hand(world, "red"), by_hand(world, "yellow", actor=world.office)
    assert said(sign_notice, red, actor=world.office) == f"{LEADER_SIGNS}填写签发人，并附签发件的扫描件。"
    assert said(sign_notice, red, actor=world.office, signed_name="副组长") == (
        "缺签发件的扫描件。请附上，没有扫描件就不算签发。"
    )
    assert said(sign_notice, yellow, actor=world.office) == "这张督办单是您自己提出的。请另一人签发。"
    stranger = {"signed_name": "某人", "scans": [SCAN]}
    assert said(sign_notice, red, actor=world.liaison, **stranger) == LEADER_SIGNS
    assert said(sign_notice, red, actor=make_user(Role.OFFICE), **stranger) == LEADER_SIGNS
    own = make_user(Role.OFFICE, world.root)
    RoleGrant.objects.create(region=world.region, user=own, role="liaison", unit=world.unit, starts=date(2020, 1, 1))
    assert said(sign_notice, by_hand(world, "white"), actor=own) == "您属于这个单位，请别人来定。"
    assert set(SupervisionNotice.objects.values_list("state", flat=True)) == {"proposed"}


def test_nothing_goes_out_on_a_day_off_nor_with_a_wrong_time(world):
    with clock.at(NOW):
        notice = by_hand(world, "white")
    with clock.at(SATURDAY):
        assert said(sign_notice, notice, actor=world.office) == "休息日不发督办单。下一个工作日再签发。"
        assert said(sign_notice, notice, actor=world.office, at=SATURDAY + timedelta(hours=1)) == (
            "时间还没到。请填实际发生的时间。"
        )
        assert said(sign_notice, notice, actor=world.office, at=NOW - timedelta(days=1)) == (
            "时间早于上一步。请填实际发生的时间。"
        )


def test_second_sheet_of_a_colour_waits_for_the_next_day(world, noon):
    sign_notice(by_hand(world, "white"), actor=world.office)
    second = by_hand(world, "white")
    words = "城管局当天已经收到一张白单。这一张下一个工作日再签发。"
    assert said(sign_notice, second, actor=world.office, error=Conflict) == words
    with days_later(1):
        sign_notice(second, actor=world.office)
    assert (second.serial, second.day) == (2, date(2026, 11, 19))


def test_two_people_sign_one_notice_once(world, noon):
    notice = by_hand(world, "white")
    same = SupervisionNotice.objects.get(pk=notice.pk)
    sign_notice(notice, actor=world.office)
    with pytest.raises((StaleState, Conflict)):
        sign_notice(same, actor=world.colleague)
    assert history_of(notice).filter(action="sign").count() == 1


def test_database_itself_refuses_what_is_unsigned_or_twice(world, noon):
    sign_notice(by_hand(world, "white"), actor=world.office)
    second = by_hand(world, "white")
    rows = SupervisionNotice.objects.filter(pk=second.pk)
    for values in ({"signed_at": None}, {"signed_at": NOW, "signed_name": "某人"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state=NoticeState.SENT, **values)


def test_what_was_put_right_is_left_out_and_nothing_is_sent_for_nothing(world, noon):
    done, left = world.problem(title="占道"), world.problem(title="积水")
    (notice,) = propose_notices(world.region)
    type(done).objects.filter(pk=done.pk).update(state="fixed")
    sign_notice(notice, actor=world.office)
    assert [item.problem for item in notice.items.all()] == [left]
    assert history_of(notice).get(action="sign").data["left_out"] == ["占道"]
    third = world.problem(lead=world.other)
    (empty,) = propose_notices(world.region)
    type(done).objects.filter(pk=third.pk).update(state="closed")
    assert said(sign_notice, empty, actor=world.office) == "所列事项其间都已整改。以此为由选“不发”。"


def test_escalation_takes_only_notices_whose_open_matters_all_go_on(world, noon):
    first, second = world.problem(), world.problem()
    (white,) = propose_notices(world.region)
    sign_notice(white, actor=world.office)
    yellow = propose_by_hand(world.unit, colour="yellow", problems=[first], reason="催", actor=world.colleague)
    sign_notice(yellow, actor=world.office)
    white.refresh_from_db()
    assert white.state == "sent"  # the second problem goes on under white
    red = propose_by_hand(world.unit, colour="red", problems=[first, second], reason="催", actor=world.office)
    sign_notice(red, actor=world.leader)
    for one in (white, yellow):
        one.refresh_from_db()
        assert (one.state, one.escalated_to) == ("escalated", red)


def test_dropping_asks_for_a_reason_and_the_office(world, noon):
    notice = by_hand(world, "white")
    assert said(drop_notice, notice, reason=" ", actor=world.office).startswith("请简单写明原因")
    drop_notice(notice, reason="已当面说明", actor=world.office)
    assert (notice.state, history_of(notice).last().note) == ("dropped", "已当面说明")
    with pytest.raises(StaleState):
        sign_notice(notice, actor=world.office)


def test_step_that_vanished_stops_the_signature(world, noon):
    notice = by_hand(world, "white")
    NoticeStep.objects.filter(step="white").delete()
    assert said(sign_notice, notice, actor=world.office) == "督办梯次还没有写好。到督办规则页面写好。"
