"""What is kept and told of meetings, talks and handing over; what the morning tells once a period is over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.notifications.models import Notice
from chuangwen.rectification.enums import Source
from chuangwen.supervision.models import FeedbackMeeting, FlagLook, MeetingLine, PeerNumber, WeekList
from chuangwen.supervision.queries.meetings import late_problems, period_of
from chuangwen.supervision.services import (
    Held,
    TalkHeld,
    close_referral,
    decide_line,
    hand_over,
    hold_meeting,
    look_at_periods,
    make_meeting,
    press_line,
    propose_notices,
    record_talk,
    withdraw_notice,
)
from tests.supervision.kept import facts, papers, told
from tests.supervision.making import MONDAY, NOW, SCAN, days_later, make_world
from tests.supervision.test_flags import LAST_WEEK, closed
from tests.support.leaving import audited, fields, kept
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon"), pytest.mark.once]
HOUR, TODAY = timedelta(hours=1), date(2026, 11, 18)


def line_of(problem):
    return MeetingLine.objects.select_related("meeting", "problem__lead__region", "region").get(problem=problem)


def test_meeting_from_its_list_to_the_notice_that_follows(world):
    office, liaison = world.office, world.liaison
    first, second = world.problem(title="甲"), world.problem(title="乙", due_at=MONDAY - timedelta(days=7))
    other = world.problem(title="丙", lead=world.other)
    meeting = make_meeting(world.region, TODAY, actor=office)
    lines = list(
        meeting.lines.order_by("pk").values_list("region", "problem", "unit", "due_at", "days_late", "decision")
    )
    assert lines == [
        (world.region.pk, second.pk, world.unit.pk, second.due_at, 7, ""),
        (world.region.pk, first.pk, world.unit.pk, MONDAY, 2, ""),
        (world.region.pk, other.pk, world.other.pk, MONDAY, 2, ""),
    ]  # fmt: skip
    assert meeting.made_at == NOW
    beside = fields(line_of(second))
    decide_line(line_of(first), decision=f" {'围' * 301} ", actor=world.colleague)
    assert (line_of(first).decision, fields(line_of(second))) == ("围" * 300, beside)
    at = str(line_of(first).pk)
    assert audited("supervision.meeting.decide") == [(str(world.colleague.pk), at, {"decision": "围" * 301})]
    with clock.at(NOW + HOUR):
        again = make_meeting(world.region, date(2026, 12, 31), actor=world.colleague)
    assert (again, again.made_at, fields(again)["made_at"]) == (meeting, NOW + HOUR, NOW + HOUR)
    assert line_of(first).decision == "围" * 300
    assert (
        said(decide_line, line_of(first), decision=" ", actor=office) == "还没有写内容。写明谁来做什么、什么时候完成。"
    )
    early = said(press_line, line_of(first), colour="white", actor=office)
    assert early == "会还没有登记为已召开。先登记，再提出督办单。"
    with days_later(1):
        hold_meeting(meeting, Held(TODAY, " 副组长 ", " 8号 "), actor=office, scans=[SCAN])
    (scan,) = papers(meeting)
    assert facts(meeting) == {
        "region_id": world.region.pk, "starts": date(2026, 11, 1), "ends": date(2026, 12, 31), "state": "held",
        "made_at": NOW + HOUR, "held_on": TODAY, "chair": "副组长", "minutes": "8号", "entered_by_id": office.pk,
    }  # fmt: skip
    assert kept(meeting) == [
        ("make", office.pk, NOW, "", "", {"lines": 3}), ("make", world.colleague.pk, NOW + HOUR, "", "", {"lines": 3}),
        ("hold", office.pk, NOW + timedelta(days=1), "", "", {"scans": [scan[1]], "chair": " 副组长 "}),
    ]  # fmt: skip
    url = f"/meetings/problems/{meeting.pk}/"
    assert told(liaison) == [("11月18日(周三)问题反馈督办会：涉及本单位的问题", "", url, False)]
    assert told(office) == []
    rows = fields(line_of(second)), fields(line_of(other))
    line = line_of(first)
    notice = press_line(line, colour="yellow", actor=office)
    assert (notice.colour, notice.unit, notice.proposed_by, line.notice) == ("yellow", world.unit, office, notice)
    assert notice.reason == "11月18日(周三)问题反馈督办会议定（纪要：8号）。"
    assert (line_of(first).notice, fields(line_of(second)), fields(line_of(other))) == (notice, *rows)
    assert said(press_line, line, colour="yellow", actor=office) == "“甲”已经列在督办单上。打开那一件。"
    with pytest.raises(PermissionDenied):
        press_line(line_of(other), colour="white", actor=liaison)
    FeedbackMeeting.objects.update(minutes="")
    unnumbered = press_line(line_of(other), colour="white", actor=office)
    assert unnumbered.reason == "11月18日(周三)问题反馈督办会议定（纪要：无文号）。"


def test_meeting_looks_at_its_own_region_and_what_is_late(world):
    theirs = make_world()
    late = world.problem(title="甲")
    foreign = theirs.problem()
    world.problem(due_at=NOW + HOUR)
    world.problem(state="fixed")
    world.problem(source=Source.SELF)
    assert (list(late_problems(world.region)), list(late_problems(theirs.region))) == ([late], [foreign])
    with pytest.raises(PermissionDenied):
        make_meeting(world.region, TODAY, actor=theirs.office)
    assert [period_of(date(2026, 11, 5), months) for months in (0, 1, 5, 12, 99)] == [
        (date(2026, 11, 1), date(2026, 11, 30)), (date(2026, 11, 1), date(2026, 11, 30)),
        (date(2026, 11, 1), date(2026, 12, 31)), (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 1, 1), date(2026, 12, 31)),
    ]  # fmt: skip
    meeting = make_meeting(world.region, date(2026, 11, 1), actor=world.office)
    hold_meeting(meeting, Held(date(2026, 11, 1), "组长"), actor=world.office)
    assert (meeting.held_on, meeting.minutes) == (date(2026, 11, 1), "")
    PeerNumber.objects.filter(region=world.region, key="meeting-months").update(value=1)
    with clock.at(NOW - timedelta(days=17)):  # the first day of November
        assert make_meeting(theirs.region, TODAY, actor=theirs.office).starts == date(2026, 11, 1)
        refused = said(make_meeting, world.region, date(2026, 12, 1), actor=world.office)
    assert refused == "这个时段还没有开始。选这个或者更早的时段。"


def test_talk_and_handing_over_keep_every_field(world):
    notice, office = world.sent(), world.office
    world.problem(lead=world.other)
    (unsent,) = propose_notices(world.region)
    told(world.liaison)
    said_there = TalkHeld(NOW, "副组长", "局长", "三件逾期", "周五前办结", "会议室")
    with clock.at(NOW + HOUR):
        talk = record_talk(world.unit, said_there, notice=notice, actor=office, scans=[SCAN])
        alone = record_talk(world.other, said_there, actor=office)
    (scan,) = papers(talk)
    assert facts(talk) == {
        "region_id": world.region.pk, "unit_id": world.unit.pk, "notice_id": notice.pk, "held_at": NOW,
        "place": "会议室", "held_by": "副组长", "held_with": "局长", "subject": "三件逾期", "agreed": "周五前办结",
    }  # fmt: skip
    assert facts(alone) == facts(talk) | {"unit_id": world.other.pk, "notice_id": None}
    assert audited("supervision.talk.record") == [
        (str(office.pk), str(talk.pk), {"unit": "城管局", "scans": [scan[1]]}),
        (str(office.pk), str(alone.pk), {"unit": str(world.other), "scans": []}),
    ]
    assert kept(notice)[-1] == ("talk", office.pk, NOW, "", "", {"by": "副组长", "with": "局长"})
    assert told(world.liaison) == [("记录了一次约谈", "城管局", f"/notices/{notice.number}/", False)]
    assert record_talk(world.unit, said_there, actor=office).held_at == NOW
    for nothing in ("held_by", "held_with", "subject", "agreed"):
        values = {"held_at": NOW, "held_by": "甲", "held_with": "乙", "subject": "丙", "agreed": "丁"} | {nothing: " "}
        assert said(record_talk, world.unit, TalkHeld(**values), actor=office).startswith("记录不完整。")
    words = said(record_talk, world.other, said_there, notice=unsent, actor=office)
    assert words == "约谈要对应已经发给这个单位的督办单。"
    made = hand_over(notice, handed_to="纪委", handed_on=TODAY, paper_number="1号", actor=office)
    beside = hand_over(notice, handed_to="审计", handed_on=TODAY - timedelta(days=2), actor=office)
    assert facts(made) == {
        "region_id": world.region.pk, "unit_id": world.unit.pk, "notice_id": notice.pk, "handed_to": "纪委",
        "handed_on": TODAY, "paper_number": "1号", "closed_on": None,
    }  # fmt: skip
    row = fields(beside)
    close_referral(made, closed_on=TODAY, actor=office)
    assert (made.closed_on, fields(made)["closed_on"], fields(beside)) == (TODAY, TODAY, row)
    assert audited("supervision.referral.make")[0] == (
        str(office.pk), str(made.pk), {"to": "纪委", "on": "2026-11-18"},
    )  # fmt: skip
    assert audited("supervision.referral.close") == [(str(office.pk), str(made.pk), {"on": "2026-11-18"})]
    words = said(close_referral, beside, closed_on=TODAY + timedelta(days=1), actor=office)
    assert words.startswith("日期早于移送日")
    close_referral(beside, closed_on=TODAY - timedelta(days=2), actor=office)
    with pytest.raises(PermissionDenied):
        close_referral(made, closed_on=TODAY, actor=world.leader)
    withdraw_notice(notice, reason="发错", actor=office)
    assert hand_over(notice, handed_to="某", handed_on=TODAY, actor=office).paper_number == ""


def test_what_the_morning_drafts_is_told_to_the_office_once(world):
    world.problem()
    closed(world, world.unit, good=1, bad=1, at=LAST_WEEK)
    for _twice in range(2):
        look_at_periods(world.region)
    meeting, week = FeedbackMeeting.objects.get(), WeekList.objects.get()
    assert set(told(world.office)) == {
        ("上周红黑榜草稿已生成", "", f"/lists/{week.pk}/", False),
        ("问题反馈督办会清单已生成", "", f"/meetings/problems/{meeting.pk}/", False),
    }  # fmt: skip
    assert set(Notice.objects.filter(user=world.colleague).values_list("key", flat=True)) == {
        "week-2026-11-09", "meeting-2026-09-01",
    }  # fmt: skip
    looks = FlagLook.objects.values_list("region", "colour", "starts", "found")
    assert set(looks) == {
        (world.region.pk, "black", date(2026, 10, 1), 0), (world.region.pk, "red", date(2026, 7, 1), 0),
    }  # fmt: skip
    assert told(world.liaison) == []
    theirs = make_world()
    look_at_periods(theirs.region)
    assert (FeedbackMeeting.objects.count(), WeekList.objects.count(), FlagLook.objects.count()) == (1, 1, 4)
    assert told(theirs.office) == []
