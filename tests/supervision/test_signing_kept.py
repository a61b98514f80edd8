"""What signing and answering look at: this unit, this region, this year, and the step before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chuangwen.core import clock
from chuangwen.core.errors import Conflict
from chuangwen.supervision.models import NoticeStep
from chuangwen.supervision.services import (
    acknowledge_notice,
    answer_notice,
    drop_notice,
    propose_by_hand,
    propose_notices,
    return_answer,
    settle_notice,
    sign_notice,
    withdraw_notice,
)
from tests.supervision.kept import told
from tests.supervision.making import NOW, days_later, make_world
from tests.support.leaving import fields, kept
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon"), pytest.mark.once]
HOUR = timedelta(hours=1)
EARLIER = "时间早于上一步。请填实际发生的时间。"


def by_hand(world, colour, *problems):
    unit = problems[0].lead
    return propose_by_hand(unit, colour=colour, problems=problems, reason="催", actor=world.colleague)


def test_signing_leaves_out_and_escalates_only_what_belongs_to_it(world):
    mine, theirs = world.problem(title="甲"), world.problem(lead=world.other, title="乙")
    (white, other) = propose_notices(world.region)
    for one in (white, other):
        sign_notice(one, actor=world.office)
    told(world.liaison)
    beside = fields(other)
    with days_later(1):
        red = propose_by_hand(world.unit, colour="red", problems=[mine], reason="急", actor=world.colleague)
        sign_notice(red, actor=world.leader)
        again = propose_by_hand(world.unit, colour="white", problems=[mine], reason="催", actor=world.colleague)
        sign_notice(again, actor=world.office)
    white.refresh_from_db()
    assert (white.state, white.escalated_to, red.state) == ("escalated", red, "sent")
    last = kept(white)[-1]
    assert last == ("escalate", None, NOW + timedelta(days=1), "", "", {"to": red.number, "colour": "red"})
    assert (fields(other), theirs.state) == (beside, "assigned")
    twice = propose_by_hand(world.other, colour="white", problems=[theirs], reason="催", actor=world.colleague)
    words = f"{world.other}当天已经收到一张白单。这一张下一个工作日再签发。"
    assert said(sign_notice, twice, actor=world.office, error=Conflict) == words
    with days_later(1):
        sign_notice(twice, actor=world.office)
    assert (twice.state, twice.serial, twice.day) == ("sent", 4, date(2026, 11, 19))


def test_number_begins_with_each_colour_and_each_year(world):
    problem = world.problem()
    white, yellow = by_hand(world, "white", problem), by_hand(world, "yellow", world.problem())
    for one in (white, yellow):
        sign_notice(one, actor=world.office)
    with clock.at(datetime(2027, 1, 4, 4, 0, tzinfo=UTC)):
        following = by_hand(world, "white", problem)
        sign_notice(following, actor=world.office)
    assert [(one.serial, one.number) for one in (white, yellow, following)] == [
        (1, "2026-0001"), (1, "2026-0002"), (1, "2027-0001"),
    ]  # fmt: skip


def test_only_sheets_that_went_out_fill_the_day_and_steps_are_the_regions_own(world):
    problem, theirs = world.problem(), make_world()
    dropped = by_hand(world, "white", problem)
    drop_notice(dropped, reason="不发", actor=world.office)
    sign_notice(by_hand(world, "white", problem), actor=world.office)
    NoticeStep.objects.filter(region=world.region, step="white").update(answer_within="9d", signer="deputy")
    foreign = by_hand(theirs, "white", theirs.problem())
    sign_notice(foreign, actor=theirs.office)
    assert (foreign.signer, foreign.due_at) == ("clerk", datetime(2026, 11, 20, 10, 0, tzinfo=UTC))
    with days_later(1):
        answer_notice(foreign, text="好", actor=theirs.liaison)
    with days_later(2):
        return_answer(foreign, reason="缺照片", actor=theirs.office)
    assert foreign.due_at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def test_what_ended_or_is_as_sharp_is_not_escalated(world):
    first, second, third = (world.problem(title=title) for title in "甲乙丙")
    red = by_hand(world, "red", first)
    sign_notice(red, actor=world.leader)
    gone = by_hand(world, "white", second)
    sign_notice(gone, actor=world.office)
    withdraw_notice(gone, reason="发错", actor=world.office)
    with days_later(1):
        white = by_hand(world, "white", third)
        sign_notice(white, actor=world.office)
    with days_later(2):
        again = by_hand(world, "white", third)
        sign_notice(again, actor=world.office)
        for one in (red, gone, white):
            one.refresh_from_db()
        assert [one.state for one in (red, gone, white)] == ["sent", "withdrawn", "sent"]
        yellow = by_hand(world, "yellow", first, second, third)
        sign_notice(yellow, actor=world.office)
    for one in (red, gone, white, again):
        one.refresh_from_db()
    assert [(one.state, one.escalated_to) for one in (red, gone, white, again)] == [
        ("sent", None), ("withdrawn", None), ("escalated", yellow), ("escalated", yellow),
    ]  # fmt: skip


def test_paper_is_entered_with_a_time_after_the_step_before(world):
    notice = by_hand(world, "white", world.problem())
    with clock.at(NOW + 9 * HOUR):
        sign_notice(notice, actor=world.office, at=NOW + 2 * HOUR)
        early = {"actor": world.colleague, "at": NOW + HOUR}
        assert said(acknowledge_notice, notice, **early) == said(answer_notice, notice, text="好", **early) == EARLIER
        answer_notice(notice, text="好", actor=world.colleague, at=NOW + 4 * HOUR)
        early = {"actor": world.office, "at": NOW + 3 * HOUR}
        assert said(return_answer, notice, reason="缺", **early) == said(settle_notice, notice, **early) == EARLIER
        return_answer(notice, reason="缺", actor=world.office, at=NOW + 4 * HOUR)
    assert (notice.state, kept(notice)[-1][2]) == ("acknowledged", NOW + 4 * HOUR)
