"""Passing a meeting on, and written reports by a day: asked, answered in two taps, missing, late, let off."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time, timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.files.services import Upload, store_bytes
from chuangwen.core.models import Attachment
from chuangwen.core.panels import AgendaAsk
from chuangwen.core.workdays import ZONE
from chuangwen.directives.agenda import not_passed_on
from chuangwen.directives.lagging import lagging_units, month_span
from chuangwen.directives.models import Meeting, MeetingSeries, PassingOn, WrittenCall, WrittenReport
from chuangwen.directives.queries.written import late_report
from chuangwen.directives.services import meetings, passing, series, written
from chuangwen.directives.services.meetings import Course, Wanted
from chuangwen.directives.services.passing import OwnMeeting
from chuangwen.directives.services.series import Asked
from chuangwen.directives.services.written import Called, HandedIn
from chuangwen.evidence.models import Piece
from chuangwen.notifications.models import Notice
from chuangwen.responsibilities.models import RepeatedRequest, UnitBurden
from chuangwen.responsibilities.queries.repeats import Ask, open_alike
from chuangwen.responsibilities.services.burden import count_month
from chuangwen.responsibilities.services.repeating import Repeated
from chuangwen.responsibilities.services.sending import send_task
from chuangwen.workflow.models import Step
from tests.accounts.making import bind
from tests.config.doors import picture
from tests.directives.making import Desk
from tests.support.factories import NOON, make_task, make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
FRIDAY = datetime(2026, 11, 20, 18, 0, tzinfo=ZONE)
MONTHLY = {"every": "month", "step": 1, "phase": 1, "day": 3, "working": True}
PAPER = Upload("盖章件.png", picture())


@pytest.fixture
def desk():
    with clock.at(NOON):
        made = Desk()
        made.liaison = make_user(Role.LIAISON, made.city)
        yield made


def held(desk, *units):
    meeting = meetings.add_meeting(
        desk.campaign, Wanted("regular", "十一月例会", MONDAY, time(9)), Asked(units=units or [desk.city, desk.east]),
        actor=desk.office,
    )  # fmt: skip
    meetings.hold_meeting(meeting, Course(MONDAY, "副组长"), actor=desk.office)
    return meeting


def row(kind, **named):
    return kind.objects.select_related("unit", "region", *("meeting",) * (kind is PassingOn)).get(**named)


def test_series_asks_its_units_and_one_tap_answers(desk, sign_in):
    kept = MeetingSeries.objects.create(
        region=desk.root.region, campaign=desk.campaign, kind="regular", name="月例会", schedule=MONTHLY, pass_within=3,
        report_before=2, source="site: 市里通知",
    )  # fmt: skip
    kept.units.set([desk.city, desk.east])
    series.plan_year(desk.campaign, 2026, actor=desk.office)
    meeting = Meeting.objects.get()
    meetings.call_meeting(meeting, place="301", chair="副组长", actor=desk.office)
    call = WrittenCall.objects.get()
    assert (call.title, clock.local(call.due_at).date(), call.reports.count()) == (
        "2026年12月月例会书面材料", date(2026, 12, 1), 2
    )  # fmt: skip
    with clock.at(NOON + timedelta(days=15)):
        meetings.hold_meeting(meeting, Course(date(2026, 12, 3), "副组长"), actor=desk.office)
        own = row(PassingOn, unit=desk.city)
        assert (own.due_on, own.state, meeting.pass_source) == (date(2026, 12, 8), "open", "site: 市里通知")
        told = Notice.objects.filter(user=desk.liaison).order_by("pk").last()
        assert told.title == "请在12月8日(周二)前传达“2026年12月月例会”并登记本单位的会"
        liaison = sign_in(desk.liaison)
        page = reverse("directives:passing", args=[own.pk])
        shown = liaison.get(page).content.decode()
        assert "动员会" in shown
        assert not re.search(r'name="form"[^>]*checked|name="held_on"[^>]*value=|name="today"[^>]*checked', shown)
        empty = liaison.post(page, {"form": "mobilisation"})  # a form alone records nothing
        assert (empty.status_code, "请勾选今天，或填写本单位开会的日期。" in empty.content.decode()) == (422, True)
        both = liaison.post(page, {"form": "mobilisation", "today": "on", "held_on": "2026-12-02"})
        assert (both.status_code, PassingOn.objects.filter(state="done").count()) == (422, 0)
        assert liaison.post(page, {"today": "on"}).status_code == 422
        assert "传达：2026年12月月例会" in liaison.get(reverse("desk:desk")).content.decode()
        answer = liaison.post(page, {"form": "mobilisation", "held_on": "2026-12-03", "note": ""})
        assert answer.status_code == 302
        own.refresh_from_db()
        assert (own.state, own.form, own.held_on) == ("done", "mobilisation", date(2026, 12, 3))
        person = make_user(Role.LIAISON, desk.east)
        listed = sign_in(desk.office).post(reverse("directives:passing_links", args=[meeting.pk])).content.decode()
        path = re.search(r"http://[^/]+(/m/[\w-]{43}/)", listed)[1]
        client = bind(person, desk.office)
        assert "启动会" in client.get(path).content.decode()
        late = {"form": "launch", "held_on": "2026-12-04"}
        assert "日期在今天以后" in client.post(f"{path}pass/", late).content.decode()
        assert client.post(f"{path}pass/", {"form": "launch", "today": "on"}).status_code == 302
        assert row(PassingOn, unit=desk.east).held_on == date(2026, 12, 3)
        assert PassingOn.objects.filter(state="done").count() == 2


def test_who_has_not_passed_it_on_is_reminded_once_a_day_and_listed(desk, sign_in):
    meeting = held(desk)
    client = sign_in(desk.office)
    asked = {"due_on": "2026-11-17", "source": "县委书记讲话", "units": []}
    assert client.post(reverse("directives:passing_ask", args=[meeting.pk]), asked).status_code == 302
    city, east = row(PassingOn, unit=desk.city), row(PassingOn, unit=desk.east)
    page = reverse("directives:passings", args=[meeting.pk])
    first = costs(client, page)
    passing.ask_to_pass_on(meeting, due_on=date(2026, 11, 17), source="", units=[desk.schools], actor=desk.office)
    assert costs(client, page) == first
    assert "市城管局：未登记传达：十一月例会，11月17日(周二)前" in client.get(f"{page}?format=message").content.decode()
    told = Notice.objects.filter(user=desk.liaison).count()
    client.post(page, {"bulk": "remind", "id": [city.pk, east.pk]})
    assert Notice.objects.filter(user=desk.liaison).count() == told + 1
    city.refresh_from_db()
    assert said(passing.remind_passing, city, actor=desk.office) == "今天已催过市城管局。一天催一次就够了。"
    client.post(page, {"bulk": "waive", "id": [east.pk], "sure": "1", "reason": "与市局合并召开"})
    point = not_passed_on(AgendaAsk(desk.campaign, "regular", date(2026, 11, 18)))
    assert [one.text for one in point.lines] == ["市城管局", "市教育局"]
    lag = {str(one): one.unpassed for one in lagging_units(desk.root.region, *month_span(MONDAY))}
    assert lag == {"市城管局": 1, "市教育局": 1}
    assert (
        "已过期限：市城管局、市教育局" in client.get(reverse("directives:meeting", args=[meeting.pk])).content.decode()
    )
    passing.record_passing(city, OwnMeeting(MONDAY, "system", "条线会", [PAPER]), actor=desk.office)
    assert Step.objects.get(action="pass").on_behalf == "市城管局"
    assert (city.note, Attachment.objects.filter(owner_type="directives.passingon").count()) == ("条线会", 1)
    passing.return_passing(city, reason="没有纪要", actor=desk.office)
    city.refresh_from_db()
    assert (city.state, city.held_on, city.form) == ("open", None, "")
    own = passing.record_passing
    assert said(own, city, OwnMeeting(date(2026, 11, 15), "system"), actor=desk.office).startswith("日期早于会议当天。")
    assert said(own, city, OwnMeeting(MONDAY, "chat"), actor=desk.office).startswith("还没有选形式。")
    ask = passing.ask_to_pass_on
    early = {"due_on": date(2026, 11, 1), "source": "", "actor": desk.office}
    assert said(ask, meeting, **early) == "日期早于会议。选一个更晚的日子。"
    for act in (
        lambda who: own(city, OwnMeeting(MONDAY, "system"), actor=who),
        lambda who: passing.remind_passing(city, actor=who),
        lambda who: ask(meeting, due_on=date(2026, 11, 19), source="", actor=who),
    ):
        with pytest.raises(PermissionDenied):
            act(make_user(Role.LIAISON, desk.west))


def costs(client, page):
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return len(asked)


def call_for(desk, **fields):
    wanted = {"title": "农贸市场整治情况报告", "due_at": FRIDAY} | fields
    return written.call_for_reports(desk.campaign, Called(**wanted), [desk.city, desk.east], actor=desk.office)


def test_repeat_names_the_units_that_still_owe_the_like_alone(desk):
    first = written.call_for_reports(
        desk.campaign, Called("农贸市场整治情况报告", FRIDAY), [desk.city, desk.east], actor=desk.office
    )
    again, asked = Called("市场整治情况报告", FRIDAY), [desk.city, desk.schools, desk.west]
    refused = partial(said, written.call_for_reports, desk.campaign, again, actor=desk.office)
    assert refused(units=asked).startswith("“农贸市场整治情况报告”已经向这些单位要过：市城管局。")
    written.hand_in(row(WrittenReport, unit=desk.city), HandedIn([Upload("a.png", picture())]), actor=desk.office)
    made = written.call_for_reports(desk.campaign, again, asked, actor=desk.office)  # who answered owes nothing
    assert (made.reports.count(), first.reports.count()) == (3, 2)


def test_report_and_task_that_ask_the_same_know_of_each_other(desk, sign_in):
    running = make_task(desk.city, campaign=desk.campaign, title="农贸市场整治")
    refused = said(call_for, desk, title="农贸市场整治情况报告")
    assert refused.startswith("“农贸市场整治”已经向这些单位要过：市城管局。")
    call = call_for(desk, title="农贸市场整治情况报告", overlap_reason="省里另要一份")
    kept = RepeatedRequest.objects.get()
    report = row(WrittenReport, unit=desk.city)
    url = reverse("directives:written_report", args=[report.pk])
    assert (kept.unit, kept.title, kept.url, kept.task) == (desk.city, call.title, url, None)
    assert (kept.earlier, kept.reason) == (running.title, "省里另要一份")
    page = sign_in(desk.office).get(reverse("responsibilities:repeats")).content.decode()
    assert (url in page, "书面报送" in page, "省里另要一份" in page) == (True, True, True)
    count_month(desk.root.region, clock.today().replace(day=1))
    assert UnitBurden.objects.get(unit=desk.city).repeated == 1
    draft = make_task(desk.east, campaign=desk.campaign, title="农贸市场整治情况报告", state="draft")
    with pytest.raises(Repeated) as again:  # the report that is owed is no reason to ask for it once more as a task
        send_task(draft, actor=desk.office)
    assert [one.title for one in again.value.found] == [call.title]
    assert list(open_alike(desk.root.region, {1: Ask(desk.east.pk, draft.title)})) == [1]
    written.close_call(call, actor=desk.office)
    assert open_alike(desk.root.region, {1: Ask(desk.east.pk, draft.title)}) == {}


def test_report_is_called_for_handed_in_and_returned(desk, sign_in):
    client, liaison = sign_in(desk.office), None
    fields = {"title": "农贸市场整治情况报告", "units": [f"#{desk.city.pk}", f"#{desk.east.pk}"], "form": "both",
              "due_on": "2026-11-20", "source": "市纪委通知", "template": io.BytesIO(picture())}  # fmt: skip
    assert client.post(reverse("directives:written_new"), fields | {"units": []}).status_code == 422
    fields["template"] = io.BytesIO(picture())
    assert client.post(reverse("directives:written_new"), fields).status_code == 302
    call = WrittenCall.objects.get()
    assert (call.due_at, call.source, call.template is not None) == (FRIDAY, "site: 市纪委通知", True)
    again = said(call_for, desk, title="市场整治情况报告")
    assert again.startswith("“农贸市场整治情况报告”已经向这些单位要过：市城管局、东关街道。")
    assert call_for(desk, title="市场整治情况报告", overlap_reason="省里另要一份").reports.count() == 2
    Piece.objects.create(
        region=desk.root.region, unit=desk.city, kind="document", title="农贸市场整治情况", file=store_bytes(picture())
    )
    report = row(WrittenReport, unit=desk.city, call=call)
    liaison = sign_in(desk.liaison)
    page = reverse("directives:written_report", args=[report.pk])
    shown = liaison.get(page).content.decode()
    assert "台账里已有" in shown
    assert liaison.post(page, {"note": "无"}).status_code == 422
    piece = Piece.objects.get()
    assert liaison.post(page, {"pieces": [piece.pk], "note": "见附件"}).status_code == 302
    kept = Attachment.objects.get(owner_type="directives.writtenreport")
    assert (kept.name, kept.file_id) == ("农贸市场整治情况", piece.file_id)
    report.refresh_from_db()
    assert (report.state, report.handed_in_at) == ("handed-in", NOON)
    listed = reverse("directives:written_call", args=[call.pk])
    client = sign_in(desk.office)
    assert client.get(f"{listed}?format=message").content.decode().count("未报：农贸市场整治情况报告") == 1
    client.post(f"{listed}?tab=in", {"bulk": "return", "id": [report.pk], "sure": "1", "reason": "缺盖章"})
    report = row(WrittenReport, pk=report.pk)
    assert report.state == "returned"
    assert "缺盖章" in sign_in(desk.liaison).get(page).content.decode()
    written.hand_in(report, HandedIn([PAPER]), actor=desk.liaison)
    assert (report.state, report.handed_in_at) == ("handed-in", NOON)
    assert costs(client, reverse("directives:written")) == costs(client, reverse("directives:written") + "?tab=all")


def test_unit_reads_its_own_state_in_lists_and_is_led_to_its_one_report_and_record(desk, sign_in):
    call, meeting = call_for(desk), held(desk)
    passing.ask_to_pass_on(meeting, due_on=MONDAY, source="", actor=desk.office)
    own, record = row(WrittenReport, unit=desk.city), row(PassingOn, unit=desk.city)
    client = sign_in(desk.liaison)
    for page, one in (
        (reverse("directives:written_call", args=[call.pk]), reverse("directives:written_report", args=[own.pk])),
        (reverse("directives:passings", args=[meeting.pk]), reverse("directives:passing", args=[record.pk])),
    ):
        assert (client.get(page).url, client.get(f"{page}?tab=all").url) == (one, one)
        assert client.get(f"{page}?format=message").status_code == 200
    assert (
        reverse("directives:written_call", args=[call.pk])
        not in client.get(reverse("directives:written_report", args=[own.pk])).content.decode()
    )  # that page would lead back here
    written.hand_in(own, HandedIn([PAPER]), actor=desk.liaison)
    passing.record_passing(record, OwnMeeting(MONDAY, "system"), actor=desk.liaison)
    with clock.at(FRIDAY + timedelta(days=3)):
        for person, numbers, late in ((desk.liaison, (1, 1, 0), 0), (desk.office, (2, 1, 1), 1)):
            client = sign_in(person)
            shown = client.get(reverse("directives:written"))
            one = shown.context["listing"].slice.rows[0]
            assert (one.asked, one.received, one.missing) == numbers
            assert ("逾期" in shown.content.decode(), "已报齐" in shown.content.decode()) == (bool(late), not late)
            listed = client.get(reverse("directives:meetings") + "?tab=held").context["listing"].slice.rows[0]
            assert (listed.passed, listed.passing) == numbers[1::-1]
            page = client.get(reverse("directives:meetings") + "?tab=unpassed")
            assert page.context["listing"].total == late
            assert ("缺纪要" in page.content.decode(), "待签发" in page.content.decode()) == (bool(late), bool(late))


def test_paper_is_entered_with_its_true_time_and_late_ones_are_told(desk, sign_in):
    call = call_for(desk, form="paper")
    city, east = row(WrittenReport, unit=desk.city), row(WrittenReport, unit=desk.east)
    assert said(written.hand_in, city, HandedIn(), actor=desk.liaison) == "还没有附材料。请附文件，或盖章件的照片。"
    with clock.at(FRIDAY + timedelta(days=4)):
        written.remind_report(city, actor=desk.office)
        city.refresh_from_db()
        assert said(written.remind_report, city, actor=desk.office).startswith("今天已催过市城管局。")
        found = lagging_units(desk.root.region, *month_span(MONDAY))
        assert {str(one): one.missing for one in found} == {"市城管局": 1, "东关街道": 1}
        at = FRIDAY - timedelta(hours=3)
        written.hand_in(city, HandedIn(at=at), actor=desk.office)
        written.hand_in(east, HandedIn([PAPER]), actor=desk.office)
        late = WrittenReport.objects.filter(late_report())
        assert [str(one.unit) for one in late] == ["东关街道"]
        client = sign_in(desk.office)
        listed = client.get(reverse("directives:written_call", args=[call.pk]) + "?tab=all").content.decode()
        assert listed.count("迟报") >= 1
        client.post(reverse("directives:written_step", args=[call.pk, "close"]))
        call.refresh_from_db()
        assert call.state == "closed"
        client.post(reverse("directives:written_step", args=[call.pk, "reopen"]))
        client.post(reverse("directives:written_withdraw", args=[call.pk]), {"reason": "发错了"})
        call.refresh_from_db()
        assert call.state == "withdrawn"
    city = WrittenReport.objects.select_related("call", "region", "unit").get(pk=city.pk)
    assert said(written.hand_in, city, HandedIn([PAPER]), actor=desk.office).startswith("这次报送已结束。")


def test_calls_refuse_what_cannot_be(desk):
    past = NOON - timedelta(days=1)
    assert said(call_for, desk, title=" ").startswith("还没有写报送内容。")
    assert said(call_for, desk, due_at=past).endswith("请给晚一些的时间。")
    nobody = said(written.call_for_reports, desk.campaign, Called("x", FRIDAY), [], actor=desk.office)
    assert nobody == "还没有报送单位。请选单位。"
    call = call_for(desk)
    report = row(WrittenReport, unit=desk.city)
    written.waive_report(row(WrittenReport, unit=desk.east), reason="没有市场", actor=desk.office)
    waived = WrittenReport.objects.select_related("call", "unit", "region").get(unit=desk.east)
    assert said(written.remind_report, waived, actor=desk.office).startswith("东关街道没有要报的。")
    stranger = make_user(Role.LIAISON, desk.west)
    assert list(WrittenCall.objects.visible_to(stranger)) == []
    assert list(WrittenCall.objects.visible_to(desk.liaison)) == [call]
    for act in (
        lambda who: written.call_for_reports(desk.campaign, Called("y", FRIDAY), [desk.city], actor=who),
        lambda who: written.hand_in(report, HandedIn([PAPER]), actor=who),
        lambda who: written.remind_report(report, actor=who),
        lambda who: written.close_call(call, actor=who),
        lambda who: written.withdraw_call(call, reason="x", actor=who),
    ):
        with pytest.raises(PermissionDenied):
            act(stranger)
