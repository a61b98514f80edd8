"""After a meeting: who came, what was decided, minutes with a number, tasks with their source, who lags."""

from __future__ import annotations

import io
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from docx import Document as Word

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.files.services import Upload
from chuangwen.core.panels import AgendaAsk
from chuangwen.directives.agenda import open_decisions, units_that_lag
from chuangwen.directives.lagging import lagging_units, month_span
from chuangwen.directives.models import Decision, Document, Meeting, Seat, StudyTopic
from chuangwen.directives.services import agenda, attendance, meetings, minutes, topics
from chuangwen.directives.services.meetings import Course, Wanted
from chuangwen.directives.services.minutes import Resolved, Signature
from chuangwen.directives.services.series import Asked
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.services import hold_post, name_post
from chuangwen.responsibilities.models import Task
from tests.config.doors import picture
from tests.directives.making import Desk
from tests.support.factories import NOON, make_task, make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
TOLD = "《十一月例会》下发1件新任务"
SCAN = Upload("签到.png", picture())


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def held(desk, *, day=MONDAY, kind="regular", units=()):
    meeting = meetings.add_meeting(
        desk.campaign, Wanted(kind, "十一月例会", day, time(9), "301"),
        Asked(units=units or [desk.city, desk.schools, desk.east]), actor=desk.office,
    )  # fmt: skip
    meetings.hold_meeting(meeting, Course(day, "领导小组副组长", recorder="创建办"), actor=desk.office)
    return meeting


def following(desk):
    """The next meeting of the kind."""
    wanted = Wanted("regular", "十二月例会", date(2026, 12, 1), time(9))
    return meetings.add_meeting(desk.campaign, wanted, Asked(units=[desk.city]), actor=desk.office)


def paragraphs(data):
    return [one.text for one in Word(io.BytesIO(data)).paragraphs]


def test_roll_on_the_phone_and_from_the_signed_sheet(desk, sign_in):
    meeting = held(desk)
    city, schools, east = (meeting.seats.get(unit=unit) for unit in (desk.city, desk.schools, desk.east))
    client = sign_in(desk.office)
    page = reverse("directives:roll", args=[meeting.pk])
    assert client.get(page).content.decode().count('type="radio"') == 12
    sent = {f"seat-{schools.pk}": "represented", f"note-{schools.pk}": "副局长代", f"seat-{east.pk}": "absent"}
    assert client.post(page, {**sent, "rest": "1", "scans": io.BytesIO(SCAN.data)}).status_code == 302
    assert [(one.presence, one.note) for one in meeting.seats.order_by("pk")] == [
        ("present", ""), ("represented", "副局长代"), ("absent", ""),
    ]  # fmt: skip
    shown = client.get(reverse("directives:meeting", args=[meeting.pk])).content.decode()
    assert '缺会 <b class="cw-num">1</b>' in shown
    assert client.post(page, {f"seat-{city.pk}": "asleep"}).status_code == 422
    assert client.post(page, {f"note-{city.pk}": "a\x07b"}).status_code == 422
    assert attendance.call_roll(meeting, {city.pk: ("present", "")}, actor=desk.office) == 0
    assert said(attendance.take_out, east, actor=desk.office) == "会已经开过。请记为请假。"
    word = client.get(reverse("directives:sign_in_sheet", args=[meeting.pk])).content
    assert [cell.text for cell in Word(io.BytesIO(word)).tables[0].rows[1].cells][:2] == ["1", "云溪市城市管理局"]
    ahead = meetings.add_meeting(
        desk.campaign, Wanted("regular", "下次", date(2026, 12, 1), time(9)), Asked(units=[desk.city]),
        actor=desk.office,
    )  # fmt: skip
    assert said(attendance.call_roll, ahead, {}, actor=desk.office) == "还没到开会那天。到开会那天再点名。"
    more = Asked(units=[desk.city, desk.west])
    assert attendance.add_participants(ahead, more, actor=desk.office) == 1
    assert said(attendance.add_participants, ahead, more, actor=desk.office).startswith("他们已在名单里。")
    client.post(reverse("directives:seat_remove", args=[ahead.seats.get(unit=desk.west).pk]))
    assert [one.unit for one in ahead.seats.all()] == [desk.city]
    with pytest.raises(PermissionDenied):
        attendance.call_roll(meeting, {}, actor=make_user(Role.LIAISON, desk.city))


def test_roll_that_two_people_note_at_once_keeps_what_each_of_them_noted(desk, sign_in):
    meeting = held(desk)
    one, two = meeting.seats.order_by("pk")[:2]
    page = reverse("directives:roll", args=[meeting.pk])
    client = sign_in(desk.office)
    opened = {f"was-{seat.pk}": f"{seat.presence}|{seat.note}" for seat in (one, two)}
    kept = {f"seat-{seat.pk}": seat.presence for seat in (one, two)} | {f"note-{seat.pk}": "" for seat in (one, two)}
    client.post(page, opened | kept | {f"seat-{one.pk}": "absent"})
    client.post(page, opened | kept | {f"seat-{two.pk}": "excused", f"note-{two.pk}": "出差"})
    assert [seat.presence for seat in meeting.seats.order_by("pk")[:2]] == ["absent", "excused"]
    late = client.post(page, opened | kept | {f"seat-{one.pk}": "represented", f"note-{one.pk}": "副局长"})
    assert late.status_code == 422
    text = late.content.decode()
    assert f"别人刚才也记了：{one} 缺会。您勾的还在下面，看一看再保存。" in text
    assert f'name="was-{one.pk}" value="absent|"' in text
    assert 'value="副局长"' in text
    assert 'value="出差"' in text  # not touched: as the other person left it
    again = opened | kept | {
        f"was-{one.pk}": "absent|", f"seat-{one.pk}": "represented", f"note-{one.pk}": "副局长",
        f"was-{two.pk}": "excused|出差", f"seat-{two.pk}": "excused", f"note-{two.pk}": "出差",
    }  # fmt: skip
    assert client.post(page, again).status_code == 302
    assert [seat.presence for seat in meeting.seats.order_by("pk")[:2]] == ["represented", "excused"]


def test_minutes_that_somebody_else_wrote_meanwhile_are_not_written_over_unseen(desk, sign_in):
    meeting = held(desk)
    page = reverse("directives:minutes", args=[meeting.pk])
    client = sign_in(desk.office)
    seen = client.get(page).context["form"]["seen"].value()
    assert client.post(page, {"summary": "甲写的", "recorder": "创建办", "seen": seen}).status_code == 302
    late = client.post(page, {"summary": "乙写的", "recorder": "创建办", "seen": seen})
    assert late.status_code == 422
    assert "甲写的" in late.content.decode()
    assert late.context["form"]["summary"].value() == "乙写的"
    meeting.refresh_from_db()
    assert meeting.summary == "甲写的"
    now = late.context["form"]["seen"].value()
    assert client.post(page, {"summary": "甲乙写的", "recorder": "创建办", "seen": now}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.summary == "甲乙写的"


def test_decisions_become_tasks_and_minutes_are_signed(desk, sign_in):
    leader, liaison = make_user(Role.LEADER, desk.root), make_user(Role.LIAISON, desk.west)
    meeting = held(desk)
    client = sign_in(desk.office)
    fields = {"text": "清运东关市场周边垃圾", "units": [f"#{desk.city.pk}", f"#{desk.west.pk}"], "due_on": "2026-11-28",
              "cooperating": [f"#{desk.east.pk}"]}  # fmt: skip
    assert client.post(reverse("directives:meeting_decide", args=[meeting.pk]), fields).status_code == 302
    recorded = minutes.write_decision(meeting, Resolved("会议听取了市城管局汇报"), actor=desk.office)
    for name in ("一项", "两项"):
        minutes.write_decision(meeting, Resolved(name), actor=desk.office)
    minutes.drop_decision(Decision.objects.get(text="一项"), actor=desk.office)
    client.post(reverse("directives:meeting_decision_drop", args=[Decision.objects.get(text="两项").pk]))
    assert [one.position for one in meeting.decisions.all()] == [1, 2]
    minutes.write_minutes(meeting, summary="副组长讲话\n市城管局汇报", recorder="创建办", actor=desk.office)
    issue = reverse("directives:meeting_issue", args=[meeting.pk])
    assert said(minutes.issue_decisions, meeting, actor=desk.office).startswith(
        "“清运东关市场周边垃圾”没有时限或完成标准。"
    )
    assert Task.objects.count() == 0
    assert client.post(issue, {"measure": "照片"}).status_code == 302
    tasks = list(Task.objects.order_by("unit__path"))
    assert [(one.unit, one.title, one.measure, one.state) for one in tasks] == [
        (desk.city, "清运东关市场周边垃圾", "照片", "issued"), (desk.west, "清运东关市场周边垃圾", "照片", "issued"),
    ]  # fmt: skip
    assert tasks[0].origin_text == "11月16日(周一) 十一月例会：清运东关市场周边垃圾"
    assert clock.local(tasks[0].due_at).date() == date(2026, 11, 30)  # the 28th is a Saturday
    assert list(tasks[0].cooperating.all()) == [desk.east]
    assert [one.title for one in Notice.objects.filter(user=liaison)] == [TOLD]
    assert sign_in(liaison).get(tasks[1].origin_url).status_code == 200
    done = Decision.objects.get(text="清运东关市场周边垃圾")
    assert said(minutes.issue_decisions, meeting, actor=desk.office).startswith("没有")
    for act in (
        lambda: minutes.write_decision(meeting, Resolved("x"), actor=desk.office, decision=done),
        lambda: minutes.drop_decision(done, actor=desk.office),
    ):
        assert said(act).startswith("这项决定已转为任务。")
    signed = Signature("领导小组副组长", date(2026, 11, 17))
    late = Signature("组长", date(2026, 11, 19))
    assert said(minutes.sign_minutes, meeting, late, actor=leader) == "签发日期不对。应在开会当天和今天之间。"
    minutes.sign_minutes(meeting, signed, actor=leader)
    assert Meeting.objects.get().number == "纪要〔2026〕1号"
    assert said(minutes.sign_minutes, meeting, signed, actor=leader) == "纪要已经签发。不再改动。"
    assert said(minutes.write_minutes, meeting, summary="x", recorder="", actor=desk.office).startswith("纪要已经")
    text = paragraphs(client.get(reverse("directives:minutes_word", args=[meeting.pk])).content)
    assert text[0] == "十一月例会纪要"
    assert text[1] == "纪要〔2026〕1号"
    assert "未登记：市城管局、市教育局、东关街道" in text
    assert "1. 清运东关市场周边垃圾，由市城管局、西门街道牵头，东关街道配合，11月28日前完成。" in text
    assert text[-2:] == ["签发：领导小组副组长", "日期：11月17日(周二)"]
    assert recorded.tasks.count() == 0
    client = sign_in(desk.office)
    answer = client.post(reverse("directives:minutes_review", args=[meeting.pk]))
    document = Document.objects.get()
    assert answer.url == reverse("directives:review", args=[document.pk])
    assert (document.kind, document.day, minutes.give_to_review(meeting, actor=desk.office).pk) == (
        "minutes", MONDAY, document.pk
    )  # fmt: skip
    point = open_decisions(AgendaAsk(desk.campaign, "regular", date(2026, 12, 1), None, following(desk)))
    assert (str(point.title), point.count) == ("11月16日(周一)议定的2项还没办结", 2)


def test_decision_is_read_as_documents_are_and_printed_without_saying_anything_twice(desk, sign_in):
    meeting, client = held(desk), sign_in(desk.office)
    page = reverse("directives:meeting_decide", args=[meeting.pk])
    city, schools = ([f"#{one.pk}"] for one in (desk.city, desk.schools))
    text = "本周内完成46处校门口标线复划，市教育局配合"
    answer = client.post(page, {"text": text, "units": city, "cooperating": schools}, follow=True)
    assert "已保存；从文字中读出：11月20日(周五)、完成46处校门口标线复划" in answer.content.decode()
    written = [
        ("由市城管局牵头，市教育局配合，11月30日前清理楼道", [desk.city], [desk.schools], {}),
        ("市教育局要清理楼道", [desk.schools], [desk.city], {"due_on": date(2026, 11, 27), "measure": "附照片"}),
        ("本周内听取汇报", [], [], {}),
    ]  # fmt: skip
    for words, units, helping, given in written:
        minutes.write_decision(meeting, Resolved(words, units, helping, **given), actor=desk.office)
    assert [(one.due_on, one.measure) for one in meeting.decisions.all()] == [
        (date(2026, 11, 20), "完成46处校门口标线复划"), (date(2026, 11, 30), ""), (date(2026, 11, 27), "附照片"),
        (None, ""),  # only recorded
    ]  # fmt: skip
    printed = paragraphs(client.get(reverse("directives:minutes_word", args=[meeting.pk])).content)
    assert [one for one in printed if one[:2] in {"1.", "2.", "3.", "4."}][-4:] == [
        "1. 本周内完成46处校门口标线复划，市教育局配合，由市城管局牵头。",
        "2. 由市城管局牵头，市教育局配合，11月30日前清理楼道。",
        "3. 市教育局要清理楼道，市城管局配合，11月27日前完成，完成标准：附照片。",
        "4. 本周内听取汇报。",
    ]
    first = meeting.decisions.first()
    emptied = Resolved(first.text, [desk.city], [desk.schools])
    assert minutes.write_decision(meeting, emptied, actor=desk.office, decision=first).due_on is None  # as she wants it
    issue = client.get(reverse("directives:meeting_issue", args=[meeting.pk])).content.decode()
    assert "按原文要求完成，书面报创建办" in issue


def test_office_enters_signed_minutes_with_their_scan_alone(desk, sign_in):
    meeting = held(desk)
    client = sign_in(desk.office)
    page = reverse("directives:minutes_sign", args=[meeting.pk])
    signed = {"signed_as": "副组长", "signed_on": "2026-11-17"}
    assert client.post(page, signed).status_code == 422
    assert said(minutes.sign_minutes, meeting, Signature("副组长", MONDAY), actor=desk.office) == (
        "缺少签字页扫描件。请附扫描件或照片；也可由领导在这里签发。"
    )
    signature = Signature("副组长", MONDAY, [SCAN])
    assert said(minutes.sign_minutes, meeting, signature, actor=desk.office).startswith("纪要还是空的。")
    minutes.write_decision(meeting, Resolved("研究飞线治理"), actor=desk.office)
    assert client.post(page, {**signed, "scans": io.BytesIO(SCAN.data)}).status_code == 302
    assert Meeting.objects.get().signed_as == "副组长"
    for act in (
        lambda who: minutes.sign_minutes(meeting, signature, actor=who),
        lambda who: minutes.write_minutes(meeting, summary="x", recorder="", actor=who),
        lambda who: minutes.write_decision(meeting, Resolved("x"), actor=who),
        lambda who: minutes.drop_decision(Decision.objects.get(), actor=who),
        lambda who: minutes.issue_decisions(meeting, actor=who),
        lambda who: minutes.give_to_review(meeting, actor=who),
        lambda who: topics.keep_topic(desk.campaign, title="x", why="", unit=None, actor=who),
    ):
        with pytest.raises(PermissionDenied):
            act(make_user(Role.LIAISON, desk.city))


def test_topic_is_settled_by_what_the_minutes_say_of_it(desk, sign_in):
    topic = topics.keep_topic(desk.campaign, title="飞线", why="投诉多", unit=desk.city, actor=desk.office)
    meeting = meetings.add_meeting(
        desk.campaign, Wanted("study", "专题研究", MONDAY, time(9)), Asked(units=[desk.city]), actor=desk.office
    )
    item = agenda.add_item(meeting, title=topic.title, topic=topic, actor=desk.office)
    meetings.hold_meeting(meeting, Course(MONDAY, "组长"), actor=desk.office)
    minutes.write_decision(meeting, Resolved("分三批入地", item=item), actor=desk.office)
    minutes.sign_minutes(meeting, Signature("组长", MONDAY), actor=make_user(Role.LEADER, desk.root))
    topic.refresh_from_db()
    assert (topic.state, topic.result) == ("studied", "分三批入地")
    assert said(topics.keep_topic, desk.campaign, title="x", why="", unit=None, actor=desk.office,
                topic=topic).startswith("这个议题已办结。")  # fmt: skip
    client = sign_in(desk.office)
    listed = reverse("directives:topics") + "?tab=all"
    assert "分三批入地" in client.get(listed).content.decode()
    client.post(listed, {"bulk": "reopen", "id": topic.pk})
    topic.refresh_from_db()
    assert (topic.state, topic.meeting) == ("open", None)
    client.post(listed, {"bulk": "drop", "id": topic.pk, "sure": "1", "reason": "已解决"})
    topic.refresh_from_db()
    assert (topic.state, topic.result) == ("dropped", "已解决")
    client.post(reverse("directives:topic_new"), {"title": "停车", "why": "", "unit": "市城管局"})
    assert StudyTopic.objects.get(title="停车").unit == desk.city


@pytest.mark.once
def test_who_lags_is_a_list_of_units_in_the_order_of_the_tree(desk, sign_in):
    meeting = held(desk)
    Seat.objects.filter(unit=desk.east).update(presence="absent")
    Seat.objects.filter(unit=desk.schools).update(presence="excused")
    make_task(desk.city, campaign=desk.campaign, due_at=NOON - timedelta(days=2))
    found = lagging_units(desk.root.region, *month_span(MONDAY))
    assert [(str(one), one.seated, one.absent, one.late_tasks) for one in found] == [
        ("市城管局", 1, 0, 1), ("东关街道", 1, 1, 0),
    ]  # fmt: skip
    point = units_that_lag(AgendaAsk(desk.campaign, "regular", MONDAY))
    assert [(one.text, one.end) for one in point.lines] == [("市城管局", "逾期任务1项"), ("东关街道", "缺会1次")]
    client = sign_in(desk.office)
    page = reverse("directives:meeting_attendance")
    shown = client.get(page).content.decode()
    assert "东关街道" in shown
    message = client.get(f"{page}?format=message").content.decode()
    assert "东关街道：缺会1次" in message
    assert "市教育局" not in message
    assert "东关街道" not in client.get(f"{page}?month=2026-09-01&tab=absent").content.decode()
    liaison = sign_in(make_user(Role.LIAISON, desk.east))
    own = liaison.get(f"{page}?format=message&tab=all").content.decode()
    assert ("东关街道" in own, "市城管局" in own) == (True, False)
    assert meeting.seats.count() == 3


def test_unsigned_minutes_are_for_the_office_the_chair_and_the_secretary(desk, sign_in):
    meeting = held(desk)
    minutes.write_minutes(meeting, summary="点名批评了两家", recorder="东关街道 联络员", actor=desk.office)
    for text, units in (("研究停车费", []), ("清理后巷", [desk.city])):
        given = Resolved(text, units, due_on=date(2026, 12, 1), measure="完成")
        minutes.write_decision(meeting, given, actor=desk.office)
    page = reverse("directives:meeting", args=[meeting.pk])
    people = {name: make_user(Role.LIAISON, unit) for name, unit in (("called", desk.city), ("secretary", desk.east))}
    hold_post(name_post(desk.east, PostKind.LIAISON, "联络员", actor=None), people["secretary"], actor=None)

    def read(user):
        html = sign_in(user).get(page).content.decode()
        return [words for words in ("点名批评", "研究停车费", "清理后巷") if words in html]

    everything = ["点名批评", "研究停车费", "清理后巷"]
    assert (read(people["called"]), read(people["secretary"])) == ([], everything)
    assert sign_in(people["called"]).get(reverse("directives:minutes_word", args=[meeting.pk])).status_code == 404
    minutes.issue_decisions(meeting, actor=desk.office)
    assert read(people["called"]) == ["清理后巷"]  # what became the unit's own task
    assert read(desk.office) == read(make_user(Role.LEADER, desk.root)) == everything
    minutes.sign_minutes(meeting, Signature("副组长", MONDAY), actor=make_user(Role.LEADER, desk.root))
    assert read(people["called"]) == everything


def test_leader_finds_the_minutes_to_sign_and_is_told_once(desk, sign_in):
    meeting, leader, other = held(desk), make_user(Role.LEADER, desk.root), make_user(Role.LEADER, desk.root)
    client = sign_in(leader)
    assert "待签发" not in client.get("/desk/").content.decode()
    minutes.write_minutes(meeting, summary="部署整治", recorder="创建办", actor=desk.office)
    minutes.write_minutes(meeting, summary="部署整治工作", recorder="创建办", actor=desk.office)
    rows = Notice.objects.filter(title="会议纪要待签发：十一月例会")
    page = reverse("directives:meeting", args=[meeting.pk])
    assert sorted(rows.values_list("user", "url")) == sorted([(leader.pk, page), (other.pk, page)])
    html = client.get("/desk/").content.decode()
    assert "1份会议纪要待签发" in html
    assert "/meetings/?tab=sign" in html
    assert "十一月例会" in client.get("/meetings/?tab=sign").content.decode()
    minutes.sign_minutes(meeting, Signature("副组长", MONDAY), actor=leader)
    assert "1份会议纪要待签发" not in client.get("/desk/").content.decode()


def test_minutes_are_told_to_the_leader_who_was_in_the_chair(desk):
    meeting, leader = held(desk), make_user(Role.LEADER, desk.root)
    make_user(Role.LEADER, desk.root)
    hold_post(name_post(desk.root, PostKind.CHARGE, "副市长", actor=None), leader, actor=None)
    Meeting.objects.filter(pk=meeting.pk).update(chair="副市长")
    meeting.refresh_from_db()
    minutes.write_minutes(meeting, summary="部署整治", recorder="创建办", actor=desk.office)
    assert [one.user for one in Notice.objects.filter(kind="directives", url__contains="/meetings/")] == [leader]
