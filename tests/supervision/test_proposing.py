"""Proposals: by the rules every working day, and by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import GroupKind
from chuangwen.organizations.models import Group
from chuangwen.rectification.enums import Source
from chuangwen.supervision.jobs import propose_in_the_morning
from chuangwen.supervision.models import NoticeItem, NoticeStep, SupervisionNotice
from chuangwen.supervision.services import (
    drop_notice,
    propose_by_hand,
    propose_notices,
    sign_notice,
    withdraw_notice,
)
from chuangwen.workflow.queries import history_of
from tests.supervision.making import MONDAY, NOW, SATURDAY, SCAN, days_later
from tests.support.factories import make_unit
from tests.support.refusals import said

pytestmark = pytest.mark.django_db


def told(notices):
    return [(one.unit_id, one.colour, [item.matter.title for item in one.items.all()]) for one in notices]


def test_one_sheet_a_unit_lists_its_problems_and_tasks(world):
    first, task = world.problem(title="占道"), world.task(title="建册")
    world.problem(title="积水", lead=world.other)
    world.problem(title="自查", source=Source.SELF)
    world.problem(title="待复核", state="fixed")
    world.problem(title="不急", due_at=NOW + timedelta(days=30))
    made = world.proposed()
    assert told(made) == [(world.unit.pk, "white", ["占道", "建册"]), (world.other.pk, "white", ["积水"])]
    item = made[0].items.get(problem=first)
    assert (item.ground, item.found, item.due_at, made[0].number) == ("late", 2, MONDAY, "2026-0001")
    assert (made[0].signer, made[0].proposed_by, made[0].addressee) == (
        "clerk",
        None,
        "市城市管理局：联络员和具体责任人",
    )
    assert made[0].items.get(task=task).problem is None


def test_second_look_proposes_nothing_more_and_new_matters_join_the_open_proposal(world):
    world.problem(title="占道")
    made = world.proposed()
    assert world.proposed() == []
    world.problem(title="积水")
    with days_later(1):
        grown = propose_notices(world.region)
    assert grown == made
    assert told(grown) == [(world.unit.pk, "white", ["占道", "积水"])]


def test_nothing_is_proposed_on_a_day_off(world):
    world.problem()
    assert world.proposed(at=SATURDAY) == []


def test_what_is_put_right_leaves_the_proposal_and_an_empty_one_is_not_sent(world):
    first, second = world.problem(title="占道"), world.problem(title="积水")
    (notice,) = world.proposed()
    type(first).objects.filter(pk=first.pk).update(state="fixed")
    world.proposed()
    assert told([notice]) == [(world.unit.pk, "white", ["积水"])]
    type(first).objects.filter(pk=second.pk).update(state="closed")
    world.proposed()
    notice.refresh_from_db()
    assert (notice.state, history_of(notice).last().actor_name) == ("dropped", "")


def test_reminder_goes_to_the_liaison_once_for_each_deadline(world):
    problem = world.problem(due_at=NOW + timedelta(days=1))
    for _twice in range(2):
        assert world.proposed() == []
    lines = Notice.objects.filter(user=world.liaison)
    assert [(one.title, one.url) for one in lines] == [(f"快到期：{problem.title}", f"/problems/{problem.number}/")]


def test_yellow_follows_three_days_after_white_and_takes_its_place(world):
    white = world.sent()
    with days_later(2):
        assert propose_notices(world.region) == []
    with days_later(5):
        (yellow,) = propose_notices(world.region)
        assert (yellow.colour, yellow.signer, yellow.items.get().ground) == ("yellow", "director", "after")
        sign_notice(yellow, actor=world.office)
    white.refresh_from_db()
    assert (white.state, white.escalated_to) == ("escalated", yellow)
    with days_later(8):
        (red,) = propose_notices(world.region)
    assert (red.colour, red.signer) == ("red", "deputy")


def test_sharper_proposal_takes_the_matter_from_the_milder_one(world):
    problem = world.problem()
    (white,) = world.proposed()
    type(problem).objects.filter(pk=problem.pk).update(returned_times=2)
    (yellow,) = world.proposed()
    white.refresh_from_db()
    assert (yellow.colour, yellow.items.get().found, white.state) == ("yellow", 2, "dropped")


def test_what_was_dropped_or_withdrawn_is_not_proposed_again(world):
    world.problem()
    (notice,) = world.proposed()
    with clock.at(NOW):
        drop_notice(notice, reason="已电话催办", actor=world.office)
    with days_later(7):
        assert propose_notices(world.region) == []
    other = world.sent(lead=world.other)
    with days_later(1):
        withdraw_notice(other, reason="发错单位", actor=world.office)
    with days_later(7):
        assert propose_notices(world.region) == []


def test_matter_that_changed_hands_begins_anew(world):
    notice = world.sent()
    problem = notice.items.get().problem
    type(problem).objects.filter(pk=problem.pk).update(lead=world.other)
    with days_later(7):
        made = propose_notices(world.region)
    assert [(one.unit_id, one.colour) for one in made] == [(world.other.pk, "white")]


def test_morning_looks_at_every_region_with_a_ladder(world):
    world.problem()
    with clock.at(NOW):
        propose_in_the_morning()
    assert SupervisionNotice.objects.count() == 1
    assert [one.user for one in Notice.objects.filter(title="1张督办单待签发").order_by("user")] == [
        world.office, world.colleague,
    ]  # fmt: skip


def test_urgent_matter_starts_at_red_by_hand(world, noon):
    problem = world.problem(due_at=NOW + timedelta(days=3))
    notice = propose_by_hand(
        world.unit, colour="red", problems=[problem], tasks=[world.task()], reason="塌陷，立即围挡", actor=world.office
    )
    assert (notice.colour, notice.is_urgent, notice.reason, notice.proposed_by) == (
        "red", True, "塌陷，立即围挡", world.office,
    )  # fmt: skip
    assert sorted(item.ground for item in notice.items.all()) == ["", ""]
    assert propose_notices(world.region) == []  # both had their colour
    with days_later(1):
        propose_notices(world.region)
    assert NoticeItem.objects.filter(notice=notice).count() == 2  # lines by hand stay


def test_second_proposal_by_hand_joins_the_open_one(world, noon):
    first, second = world.problem(), world.problem()
    one = propose_by_hand(world.unit, colour="white", problems=[first], reason="催", actor=world.office)
    two = propose_by_hand(world.unit, colour="white", problems=[first, second], reason="再催", actor=world.office)
    assert (one, two.items.count()) == (two, 2)


def test_proposal_by_hand_is_refused(world, noon):
    problem, other = world.problem(), world.problem(lead=world.other)
    closed = world.problem(state="closed")

    def refused(**fields):
        values = {"colour": "white", "problems": [problem], "reason": "催", "actor": world.office} | fields
        return said(propose_by_hand, world.unit, **values)

    assert refused(problems=[]) == "督办单至少列一件事项。选该单位的一件问题、任务或台账。"
    assert refused(reason=" ") == "请简单写明原因。写在督办单上。"
    assert refused(problems=[other]) == f"“{other.title}”不是这个单位的事项。只选一个单位的事项。"
    assert refused(problems=[closed]) == f"“{closed.title}”已经办结。选还没办结的事项。"
    assert refused(colour="reminder") == "督办梯次还没有写好。到督办规则页面写好。"
    with pytest.raises(PermissionDenied):
        propose_by_hand(world.unit, colour="white", problems=[problem], reason="催", actor=world.liaison)
    NoticeStep.objects.all().delete()
    assert refused() == "督办梯次还没有写好。到督办规则页面写好。"


def test_vertical_unit_is_addressed_through_its_line(world, noon):
    above = make_unit(world.root, name="省税务局", kind="vertical")
    unit = make_unit(world.root, name="市税务局", kind="vertical", line_authority=above)
    problem = world.problem(lead=unit)

    def sheet(colour):
        notice = propose_by_hand(unit, colour=colour, problems=[problem], reason="催", actor=world.office)
        return notice.addressee, notice.copy_to

    assert sheet("white") == ("市税务局：联络员和具体责任人", "")
    assert sheet("yellow") == ("市税务局：第一责任人", "省税务局")
    assert sheet("red") == ("省税务局", "市税务局：单位负责人")


def test_vertical_unit_without_anybody_above_gets_no_yellow(world, noon):
    unit = make_unit(world.root, name="某驻地单位", resident=True)
    notice = propose_by_hand(
        unit, colour="yellow", problems=[world.problem(lead=unit)], reason="催", actor=world.colleague
    )
    assert said(sign_notice, notice, actor=world.office, signed_name="办公室主任", scans=[SCAN]) == (
        "某驻地单位既没有条线上级，也没有包联领导。先在单位页面填上其中一个，再签发。"
    )


def test_sheet_to_the_office_itself_is_signed_by_the_deputy_head(world, noon):
    Group.objects.create(region=world.region, kind=GroupKind.LEADING, name="领导小组", office=world.unit)
    world.problem()
    world.problem(lead=world.other)
    own, others = sorted(world.proposed(), key=lambda one: one.unit_id)
    assert (own.unit, own.colour, own.signer, others.signer) == (world.unit, "white", "deputy", "clerk")
    assert "副组长" in said(sign_notice, own, actor=world.office)
    sign_notice(own, actor=world.leader)
    assert own.state == "sent"
