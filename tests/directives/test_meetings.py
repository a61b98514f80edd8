"""Meetings: series and their dates, a call, a move, an agenda from all ledgers, and what is frozen once it is held."""

from __future__ import annotations

import io
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as Word

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Milestone
from chuangwen.core import clock
from chuangwen.core.files.services import Upload
from chuangwen.core.panels import agenda_sources
from chuangwen.directives.models import AgendaItem, Meeting, MeetingSeries, Seat, StudyTopic, WrittenReport
from chuangwen.directives.services import agenda, meetings, series
from chuangwen.directives.services.meetings import Course, Wanted
from chuangwen.directives.services.series import Asked
from chuangwen.notifications.models import Notice
from chuangwen.organizations.models import Group, Membership, Post
from chuangwen.responsibilities.queries.parties import Parties
from chuangwen.supervision.services import ensure_defaults, make_meeting
from tests.directives.making import Desk
from tests.support.factories import NOON, make_problem, make_task, make_unit, make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
WEEKLY = {"every": "week", "step": 1, "phase": 1, "day": 1, "working": False}
MONTHLY = {"every": "month", "step": 1, "phase": 1, "day": 3, "working": True}


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def values(**changed):
    kept = {
        "kind": "regular",
        "name": "创建工作月例会",
        "schedule": MONTHLY,
        "at": time(9),
        "place": "301",
        "chair": "",
    }
    return kept | {"window_days": None, "pass_within": 0, "report_before": 0, "source": ""} | changed


def costs(client, name):
    """How many queries a list takes, once what was just done has been told."""
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse(name)).status_code == 200
    return len(asked)


def single(desk, *units, **fields):
    wanted = {"kind": "regular", "name": "十一月例会", "day": MONDAY, "at": time(9), "place": "301", "chair": "副组长"}
    asked = Asked(everybody=True) if fields.pop("everybody", False) else Asked(units=units or [desk.city])
    return meetings.add_meeting(desk.campaign, Wanted(**wanted | fields), asked, actor=desk.office)


def test_usual_series_are_written_once_and_a_year_is_planned(desk, sign_in):
    group = Group.objects.create(region=desk.root.region, kind="leading", name="领导小组", office=desk.city)
    leader = Post.objects.create(region=desk.root.region, unit=desk.root, kind="first", title="市长")
    Membership.objects.create(region=desk.root.region, group=group, post=leader, seat="组长", rank=1)
    client = sign_in(desk.office)
    page = reverse("directives:meeting_year", args=[2026])
    assert "写入常用系列" in client.get(page).content.decode()
    client.post(reverse("directives:meeting_series_fill"))
    assert series.fill_series(desk.campaign, actor=desk.office) == 0
    assert MeetingSeries.objects.count() == 6
    series.save_series(desk.campaign, values(name="部署会", schedule={}), Asked(units=[desk.city]), actor=desk.office)
    shown = client.get(page).content.decode()
    assert "周期待补" in shown
    assert "建议" in shown
    done = series.plan_year(desk.campaign, 2026, actor=desk.office)
    assert [one.name for one in done.unknown] == ["部署会"]
    found = list(Meeting.objects.order_by("day", "pk").values_list("day", "name"))
    assert found == [
        (date(2026, 11, 23), "2026年第48周迎检周调度会"), (date(2026, 11, 30), "2026年第49周迎检周调度会"),
        (date(2026, 12, 3), "2026年12月创建工作月例会"), (date(2026, 12, 7), "2026年第50周迎检周调度会"),
        (date(2026, 12, 10), "2026年12月问题反馈督办会"), (date(2026, 12, 14), "2026年第51周迎检周调度会"),
        (date(2026, 12, 29), "2026年四季度创建工作季例会"),
    ]  # fmt: skip
    assert done.added == 7
    assert series.plan_year(desk.campaign, 2026, actor=desk.office).added == 0
    assert "建议" not in client.get(page).content.decode().split("<p class=")[0]
    assert said(series.plan_year, desk.campaign, 2025, actor=desk.office) == "那一年已经过去。请选今年或以后的年份。"
    study = MeetingSeries.objects.get(kind="study")
    assert study.groups.get() == group
    assert Notice.objects.count() == 0


def test_changed_rule_moves_what_nobody_touched(desk):
    kept = series.save_series(desk.campaign, values(), Asked(everybody=True), actor=desk.office)
    with clock.at(NOON - timedelta(days=70)):
        assert series.plan_year(desk.campaign, 2026, actor=desk.office).added == 3
    november = Meeting.objects.get(slot="2026-11")
    december = Meeting.objects.get(slot="2026-12")
    assert (november.day, december.day) == (date(2026, 11, 4), date(2026, 12, 3))
    series.save_series(
        desk.campaign, values(schedule=MONTHLY | {"day": 5}), Asked(everybody=True), actor=desk.office, series=kept
    )
    assert Meeting.objects.get(pk=december.pk).day == date(2026, 12, 7)
    assert Meeting.objects.get(pk=november.pk).day == date(2026, 11, 4)
    december.refresh_from_db()
    meetings.move_meeting(december, day=date(2026, 12, 9), at=time(15), reason="省里来人", actor=desk.office)
    series.save_series(desk.campaign, values(), Asked(everybody=True), actor=desk.office, series=kept)
    assert Meeting.objects.get(pk=december.pk).day == date(2026, 12, 9)
    other = {"name": "别的", "schedule": {"every": "week", "step": 1, "phase": 1, "day": 1, "working": False}}
    weekly = series.save_series(desk.campaign, values(**other), Asked(everybody=True), actor=desk.office)
    series.plan_year(desk.campaign, 2026, actor=desk.office, series=weekly)
    assert weekly.meetings.count() == 6
    series.end_series(weekly, actor=desk.office)
    assert weekly.meetings.count() == 0
    assert said(series.end_series, weekly, actor=desk.office) == "这个系列已经结束。已列入的会仍在日历里。"
    clash = said(series.save_series, desk.campaign, values(), Asked(everybody=True), actor=desk.office)
    assert clash.startswith("已有名为“创建工作月例会”的系列。")


def test_call_tells_the_units_which_then_see_it(desk, sign_in):
    liaison = make_user(Role.LIAISON, desk.city)
    stranger = make_user(Role.LIAISON, desk.schools)
    kept = series.save_series(desk.campaign, values(), Asked(units=[desk.city, desk.east]), actor=desk.office)
    series.plan_year(desk.campaign, 2026, actor=desk.office)
    meeting = Meeting.objects.get(series=kept)
    assert list(Meeting.objects.visible_to(liaison)) == []
    assert meetings.call_meeting(meeting, chair="副组长", actor=desk.office) == 2
    assert [one.title for one in Notice.objects.filter(user=liaison)] == [
        "请参加“2026年12月创建工作月例会”：12月3日(周四) 09:00 301"
    ]
    client = sign_in(liaison)
    assert "2026年12月创建工作月例会" in client.get(reverse("directives:meetings")).content.decode()
    page = client.get(reverse("directives:meeting", args=[meeting.pk])).content.decode()
    assert "更新" not in page
    assert sign_in(stranger).get(reverse("directives:meeting", args=[meeting.pk])).status_code == 404
    meetings.move_meeting(meeting, day=date(2026, 12, 4), at=time(9), reason="省里来人", actor=desk.office)
    meetings.cancel_meeting(meeting, reason="并入季例会", actor=desk.office)
    told = list(Notice.objects.filter(user=liaison).order_by("pk").values_list("title", flat=True))[1:]
    assert told == [
        "“2026年12月创建工作月例会”改到12月4日(周五) 09:00 301",
        "12月4日(周五)的“2026年12月创建工作月例会”不开了：并入季例会",
    ]
    assert Meeting.objects.get(pk=meeting.pk).reason == "并入季例会"


def test_every_unit_is_asked_by_meeting_report_and_document_alike_and_line_authorities_by_none(desk, sign_in):
    above = make_unit(desk.root, name="楚江市税务局")
    tax = make_unit(desk.root, name="云溪市税务局", kind="vertical", line_authority=above)
    own = [desk.city, desk.schools, desk.east, desk.west, tax]
    meeting = single(desk, everybody=True)
    assert [seat.unit for seat in meeting.seats.order_by("pk")] == own
    sent = {"title": "小结", "form": "paper", "due_on": "2026-11-20", "everybody": "on"}
    assert sign_in(desk.office).post("/written-reports/new/", sent).status_code == 302
    assert [row.unit for row in WrittenReport.objects.order_by("pk")] == own
    document = desk.document("讲话\n（2026年11月16日）\n\n各单位要在11月30日前开展一次自查。\n")
    assert document.candidates.get().lead == [{"name": "各单位", "units": [unit.pk for unit in own]}]
    assert Parties(desk.root.region).units("各单位") == tuple(unit.pk for unit in own)


def test_meeting_is_called_with_place_and_chair_which_are_asked_for_where_they_are_missing(desk, sign_in):
    liaison, client = make_user(Role.LIAISON, desk.city), sign_in(desk.office)
    day = date(2026, 12, 1)
    nowhere = "没有写在哪里开会。请写会议室，视频或电话会写链接或号码。"
    assert said(meetings.call_meeting, single(desk, day=day, place=""), actor=desk.office) == nowhere
    lone = single(desk, day=day, place="", chair="")
    assert said(meetings.call_meeting, lone, place="301", actor=desk.office) == "没有写谁主持。请写职务。"
    assert Notice.objects.count() == 0
    page = reverse("directives:meeting_act", args=[lone.pk, "call"])
    shown = client.get(page).content.decode()
    assert 'name="place"' in shown
    assert client.post(page, {"place": " ", "chair": "副组长"}).status_code == 422
    assert client.post(page, {"place": "腾讯会议 123-456", "chair": "副组长"}).status_code == 302
    lone.refresh_from_db()
    assert (lone.state, lone.place, lone.chair) == ("called", "腾讯会议 123-456", "副组长")
    assert [one.title for one in Notice.objects.filter(user=liaison)] == [
        "请参加“十一月例会”：12月1日(周二) 09:00 腾讯会议 123-456"
    ]
    assert "腾讯会议 123-456" in sign_in(liaison).get(reverse("directives:meeting", args=[lone.pk])).content.decode()
    moved = {"day": day, "at": time(10), "reason": "省里来人", "actor": desk.office}
    assert said(meetings.move_meeting, lone, place="", **moved) == nowhere
    meetings.hold_meeting(lone, Course(MONDAY, "副组长", recorder="创建办"), actor=desk.office)
    bare = single(desk, day=day, place="", chair="")  # what is not known is as at the last one, until it is changed
    for act, words in (("call", ["腾讯会议 123-456", "副组长"]), ("hold", ["腾讯会议 123-456", "副组长", "创建办"])):
        shown = sign_in(desk.office).get(reverse("directives:meeting_act", args=[bare.pk, act])).content.decode()
        assert [f'value="{one}"' in shown for one in words] == [True] * len(words)
    known = single(desk, day=day)  # nothing is asked that is known
    assert 'name="place"' not in sign_in(desk.office).get(page.replace(str(lone.pk), str(known.pk))).content.decode()


def test_meeting_refuses_what_cannot_be(desk):
    meeting = single(desk, day=date(2026, 12, 1))
    empty = said(meetings.add_meeting, desk.campaign, Wanted("regular", "会", MONDAY, time(9)), Asked(),
                 actor=desk.office)  # fmt: skip
    assert empty == "这次会还没有参会单位。请选单位、小组或职务。"
    at = {"at": time(9), "actor": desk.office}
    move = meetings.move_meeting
    assert said(move, meeting, day=MONDAY, reason="x", **at) == "这一天已经过了。请选今天或以后的日期。"
    assert said(move, meeting, day=meeting.day, reason="x", **at) == "现在就是这个安排。换一个日期、时间或地点。"
    assert said(move, meeting, day=MONDAY, reason=" ", **at).startswith("请")
    hold = meetings.hold_meeting
    assert said(hold, meeting, Course(date(2026, 12, 1), "组长"), actor=desk.office) == ("日期在今天以后。开完再登记。")
    assert said(hold, meeting, Course(MONDAY, " "), actor=desk.office).startswith("没有写谁主持。")
    slip = "会议的年份不会是%d年。请选1990年到2099年之间的日期。"
    for year in (1900, 2100):
        wrong = Wanted("regular", "会", date(year, 5, 1), time(9))
        asked = Asked(everybody=True)
        assert said(meetings.add_meeting, desk.campaign, wrong, asked, actor=desk.office) == slip % year
    assert said(move, meeting, day=date(2100, 5, 1), reason="x", **at) == slip % 2100
    assert said(hold, meeting, Course(date(1900, 5, 1), "组长"), actor=desk.office) == slip % 1900
    wanted = Wanted("regular", "会", MONDAY, time(9))
    for act in (
        lambda who: meetings.add_meeting(desk.campaign, wanted, Asked(everybody=True), actor=who),
        lambda who: meetings.call_meeting(meeting, actor=who),
        lambda who: meetings.move_meeting(meeting, day=MONDAY, at=time(9), reason="x", actor=who),
        lambda who: meetings.cancel_meeting(meeting, reason="x", actor=who),
        lambda who: hold(meeting, Course(MONDAY, "组长"), actor=who),
        lambda who: agenda.assemble_agenda(meeting, actor=who),
        lambda who: agenda.add_item(meeting, title="x", actor=who),
        lambda who: series.fill_series(desk.campaign, actor=who),
        lambda who: series.plan_year(desk.campaign, 2026, actor=who),
        lambda who: series.save_series(desk.campaign, values(), Asked(everybody=True), actor=who),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act(make_user(Role.LIAISON, desk.city))


def test_agenda_is_made_of_what_is_late_and_stands_once_it_was_held(desk, sign_in):
    make_task(desk.city, campaign=desk.campaign, title="清运垃圾", due_at=NOON - timedelta(days=2))
    problem = make_problem(desk.city, title="占道经营", due_at=NOON - timedelta(days=3))
    Milestone.objects.create(region=desk.root.region, campaign=desk.campaign, name="封卷", due_on=date(2026, 11, 30))
    meeting = single(desk, kind="supervision")
    client = sign_in(desk.office)
    client.post(reverse("directives:agenda_assemble", args=[meeting.pk]))
    assert [(one.source, one.title, one.count) for one in meeting.agenda.all()] == [
        ("problems", "1件问题逾期", 1), ("tasks", "1项任务逾期", 1), ("milestones", "1个节点已逾期或临近", 1),
    ]  # fmt: skip
    tasks = meeting.agenda.get(source="tasks")
    assert tasks.lines[0][:3] == ["清运垃圾", "市城管局", "11月16日(周一)到期"]
    agenda.drop_item(meeting.agenda.get(source="milestones"), actor=desk.office)
    extra = agenda.add_item(meeting, title="供暖前巡查", reporter="市教育局", actor=desk.office)
    agenda.move_item(extra, up=True, actor=desk.office)
    agenda.change_item(tasks, title="不变", note="逐项说明", reporter="", actor=desk.office)
    ensure_defaults(desk.root.region, actor=None)
    listed = make_meeting(desk.root.region, MONDAY, actor=desk.office)
    assert agenda.assemble_agenda(meeting, actor=desk.office) == 4
    order = [one.title for one in meeting.agenda.filter(dropped=False)]
    assert order == ["1件问题逾期", "供暖前巡查", "1项任务逾期", "11月1日—12月31日逾期问题清单：1件"]
    word = Word(io.BytesIO(client.get(reverse("directives:agenda_word", args=[meeting.pk])).content))
    text = [one.text for one in word.paragraphs]
    assert "二、供暖前巡查" in text
    assert "市城管局、清运垃圾、11月16日(周一)到期" in text or "市城管局，清运垃圾，11月16日(周一)到期" in text
    page = client.get(reverse("directives:meeting", args=[meeting.pk])).content.decode()
    assert "逾期问题逐件议" in page
    scan = Upload("签到.txt", b"x")
    assert said(meetings.hold_meeting, meeting, Course(MONDAY, "组长"), actor=desk.office, scans=[scan])
    meeting.refresh_from_db()
    meetings.hold_meeting(meeting, Course(MONDAY, "领导小组副组长"), actor=desk.office)
    type(problem).objects.update(state="closed", is_open=False)
    assert meeting.agenda.get(source="problems").count == 1
    for act in (agenda.assemble_agenda, lambda one, actor: agenda.drop_item(extra, actor=actor)):
        assert said(act, meeting, actor=desk.office) == "这次会的议程不再变。会前可以改。"
    listed.refresh_from_db()
    assert (listed.state, listed.held_on, listed.chair) == ("held", MONDAY, "领导小组副组长")


def test_topic_out_of_the_bank_is_taken_once(desk, sign_in):
    topic = StudyTopic.objects.create(region=desk.root.region, campaign=desk.campaign, title="老旧小区飞线")
    meeting = single(desk, kind="study", day=date(2026, 12, 1))
    assert [one.key for one in agenda_sources("study")] == ["decisions", "look-back"]
    client = sign_in(desk.office)
    page = reverse("directives:agenda_add", args=[meeting.pk])
    assert "老旧小区飞线" in client.get(page).content.decode()
    client.post(page, {"topic": topic.pk, "title": "", "note": "", "reporter": "市城管局"})
    item = meeting.agenda.get()
    assert (item.title, item.topic, item.reporter) == ("老旧小区飞线", topic, "市城管局")
    assert "老旧小区飞线" not in client.get(page).content.decode()
    agenda.drop_item(item, actor=desk.office)
    topic.refresh_from_db()
    assert (topic.meeting, AgendaItem.objects.count()) == (None, 0)
    StudyTopic.objects.update(state="dropped")
    topic.refresh_from_db()
    assert said(agenda.add_item, meeting, title="x", topic=topic, actor=desk.office).startswith("这个议题已不在")


@pytest.mark.once
def test_pages_of_a_series_and_a_single_meeting(desk, sign_in):
    client = sign_in(desk.office)
    fields = {
        "kind": "regular", "name": "创建工作季例会", "rhythm": "3", "weekday": "1", "phase": "3", "number": "2",
        "rule": "last", "at": "09:00", "everybody": "on", "pass_within": "3", "report_before": "0",
        "source": "市里通知",
    }  # fmt: skip
    page = reverse("directives:meeting_series_new")
    assert client.post(page, fields | {"phase": "4"}).status_code == 422
    assert client.post(page, fields | {"everybody": ""}).status_code == 422
    assert client.post(page, fields).status_code == 302
    kept = MeetingSeries.objects.get()
    assert (kept.schedule["step"], kept.schedule["phase"], kept.schedule["day"]) == (3, 3, -2)
    assert kept.source == "site: 市里通知"
    shown = client.get(reverse("directives:meeting_rule", args=[kept.pk])).content.decode()
    assert "每季度倒数第2个工作日" in shown
    assert "12月30日(周三)" in shown
    series_cost = costs(client, "directives:meeting_series")
    for name in ("半年会", "周会"):
        series.save_series(desk.campaign, values(name=name), Asked(units=[desk.city, desk.east]), actor=desk.office)
    single(desk)
    few = costs(client, "directives:meetings")
    single(desk, desk.east, desk.west, name="另一次")
    made = {"kind": "other", "name": "碰头会", "day": "2026-11-20", "at": "15:00", "units": [f"#{desk.city.pk}"]}
    assert client.post(reverse("directives:meeting_new"), made).status_code == 302
    assert Seat.objects.filter(meeting__name="碰头会").get().unit == desk.city
    assert costs(client, "directives:meetings") == few
    assert costs(client, "directives:meeting_series") == series_cost
    meeting = Meeting.objects.get(name="碰头会")
    move = reverse("directives:meeting_act", args=[meeting.pk, "move"])
    assert client.post(move, {"day": "2026-11-23", "at": "15:00", "reason": "主持人外出"}).status_code == 302
    assert "原定11月20日(周五)" in client.get(reverse("directives:meetings")).content.decode()
    assert client.get(reverse("directives:meeting_act", args=[meeting.pk, "nothing"])).status_code == 404
