"""The meeting on open problems: its list, what it decided, the notices that follow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.core import clock
from chuangwen.core.workdays import ONE_DAY
from chuangwen.notifications.models import Notice
from chuangwen.rectification.enums import Source
from chuangwen.supervision.models import FeedbackMeeting, MeetingLine, PeerNumber
from chuangwen.supervision.queries.meetings import period_of
from chuangwen.supervision.services import Held, decide_line, hold_meeting, make_meeting, press_line
from tests.supervision.making import MONDAY, NOW
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 18)
HELD = Held(DAY, "领导小组副组长", "〔2026〕8号")


def made(world):
    with clock.at(NOW):
        return make_meeting(world.region, DAY, actor=world.office)


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(1, 12))
def test_every_day_lies_in_one_period_and_periods_follow_each_other(day, months):
    first, last = period_of(day, months)
    assert first <= day <= last
    assert period_of(first, months) == period_of(last, months) == (first, last)
    assert period_of(last + ONE_DAY, months)[0] == last + ONE_DAY
    assert period_of(date(2026, 11, 18), 2) == (date(2026, 11, 1), date(2026, 12, 31))


def test_list_is_what_is_late_the_longest_first(world):
    world.problem(title="占道")
    world.problem(title="旧账", due_at=MONDAY - timedelta(days=30))
    world.problem(title="自查", source=Source.SELF)
    world.problem(title="不急", due_at=NOW + timedelta(days=3))
    meeting = made(world)
    lines = list(meeting.lines.order_by("due_at"))
    assert [(one.problem.title, one.unit, one.days_late) for one in lines] == [
        ("旧账", world.unit, 23), ("占道", world.unit, 2),
    ]  # fmt: skip
    assert (meeting.starts, meeting.ends, meeting.state) == (date(2026, 11, 1), date(2026, 12, 31), "draft")


def test_list_made_anew_keeps_what_was_written(world, noon):
    first, second = world.problem(title="占道"), world.problem(title="积水")
    meeting = made(world)
    decide_line(meeting.lines.get(problem=first), decision="本周围挡", actor=world.office)
    type(second).objects.filter(pk=second.pk).update(state="closed", is_open=False)
    again = made(world)
    assert again == meeting
    assert [(one.problem, one.decision) for one in again.lines.all()] == [(first, "本周围挡")]


def test_meeting_is_held_and_notices_follow(world, noon):
    problem = world.problem()
    meeting = made(world)
    line = MeetingLine.objects.select_related("meeting", "problem__lead__region", "region").get()
    assert list(FeedbackMeeting.objects.visible_to(world.liaison)) == []
    assert said(press_line, line, colour="white", actor=world.office) == "会还没有登记为已召开。先登记，再提出督办单。"
    hold_meeting(meeting, HELD, actor=world.office)
    assert list(FeedbackMeeting.objects.visible_to(world.liaison)) == [meeting]
    told = "11月18日(周三)问题反馈督办会：涉及本单位的问题"
    assert [one.title for one in Notice.objects.filter(user=world.liaison)] == [told]
    line = MeetingLine.objects.select_related("meeting", "problem__lead__region", "region").get()
    notice = press_line(line, colour="white", actor=world.office)
    assert (notice.state, notice.items.get().problem) == ("proposed", problem)
    assert "〔2026〕8号" in notice.reason
    assert said(press_line, line, colour="white", actor=world.office).startswith("“")
    assert said(make_meeting, world.region, DAY, actor=world.office) == "这次会已经开过。它的清单不再变。"


def test_wrong_meetings_are_refused(world, noon):
    meeting = made(world)
    assert said(hold_meeting, meeting, HELD, actor=world.office) == "清单上没有事项。没有未办结的问题就不用开会。"
    world.problem()
    made(world)

    def refused(**values):
        return said(hold_meeting, meeting, Held(**{"held_on": DAY, "chair": "组长"} | values), actor=world.office)

    assert refused(held_on=DAY + ONE_DAY) == "日期在今天以后。开完再登记。"
    assert refused(held_on=date(2026, 10, 31)) == "日期早于这个时段。填实际召开的日期。"
    assert refused(chair=" ") == "没有写谁主持。请写职务。"
    line = MeetingLine.objects.select_related("region").get()
    assert said(decide_line, line, decision=" ", actor=world.office).startswith("还没有写内容")
    with pytest.raises(PermissionDenied):
        decide_line(line, decision="x", actor=world.liaison)
    with pytest.raises(PermissionDenied):
        make_meeting(world.region, DAY, actor=world.leader)
    assert said(make_meeting, world.region, date(2027, 3, 1), actor=world.office) == (
        "这个时段还没有开始。选这个或者更早的时段。"
    )
    PeerNumber.objects.all().delete()
    assert said(make_meeting, world.region, DAY, actor=world.office).startswith("红旗、黑牌和红黑榜的数值还没有写好")


def test_meeting_through_the_pages(world, sign_in):
    world.problem(title="占道")
    with clock.at(NOW):
        office = sign_in(world.office)
        assert office.post(reverse("supervision:meeting_make"), {"period": "2026-11-01"}).status_code == 302
        meeting = FeedbackMeeting.objects.get()
        page, line = reverse("supervision:meeting", args=[meeting.pk]), MeetingLine.objects.get()
        assert "占道" in office.get(page).content.decode()
        assert sign_in(world.liaison).get(page).status_code == 404
        office = sign_in(world.office)
        office.post(page, {"bulk": "decide", "id": [line.pk], "sure": "1", "decision": "本周围挡"})
        line.refresh_from_db()
        assert line.decision == "本周围挡"
        hold = reverse("supervision:meeting_hold", args=[meeting.pk])
        assert office.post(hold, {"held_on": "2026-11-19", "chair": "组长"}).status_code == 422
        assert office.post(hold, {"held_on": "2026-11-18", "chair": "组长"}).status_code == 302
        assert "占道" in sign_in(world.liaison).get(page).content.decode()
        office = sign_in(world.office)
        office.post(page, {"bulk": "press", "select_all": "1", "sure": "1", "colour": "white"})
        line.refresh_from_db()
        assert line.notice.items.get().problem.title == "占道"
        assert "本周围挡" in office.get(page).content.decode()
        assert str(meeting.pk) in office.get(reverse("supervision:meetings")).content.decode()
