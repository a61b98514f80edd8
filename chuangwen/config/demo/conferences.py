"""The meetings of the demo's last weeks: called, held, decided, passed on, with written reports before them."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw

from chuangwen.campaigns.models import Campaign
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City
from chuangwen.config.demo.timeline import Timeline
from chuangwen.core import clock
from chuangwen.core.files.services import Upload
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.enums import Attendance, MeetingKind, PassForm
from chuangwen.directives.models import Meeting, PassingOn, StudyTopic, WrittenReport
from chuangwen.directives.services.agenda import add_item
from chuangwen.directives.services.attendance import call_roll
from chuangwen.directives.services.meetings import Course, call_meeting, hold_meeting
from chuangwen.directives.services.minutes import Resolved, Signature, issue_decisions, sign_minutes, write_decision
from chuangwen.directives.services.minutes import write_minutes as write
from chuangwen.directives.services.passing import OwnMeeting, record_passing
from chuangwen.directives.services.series import Asked, fill_series, plan_year, save_series
from chuangwen.directives.services.topics import keep_topic
from chuangwen.directives.services.written import HandedIn, hand_in
from chuangwen.responsibilities.services.repeating import Again

WEEKS = 5
ROOM = "市民中心3号楼会议室"
CHAIR = "领导小组副组长"
TOPICS = (
    ("老旧小区飞线治理资金", "群众投诉集中，涉及三家运营商", "housing"),
    ("农贸市场升级改造", "连续两轮失分", "commerce"),
)
SAID = (
    "会议听取了创建办关于近期整改和台账情况的汇报，逐项研究了逾期事项。\n"
    "会议指出，背街小巷保洁、台账补齐是当前两项短板，各单位要对照清单逐条销号。"
)
DECIDED = (
    ("把登记在册的背街小巷垃圾死角清理到位，逐处销号", "urban-management", 6, "每处附整改前后照片"),
    ("补齐本季度逾期未报的台账，报创建办审核", "education", 4, "逾期台账清零"),
)


class Conferences:
    """Puts the meetings of the last weeks on the timeline; what comes after now has not happened yet."""

    def __init__(self, city: City, campaign: Campaign, timeline: Timeline) -> None:
        self.city, self.campaign, self.timeline = city, campaign, timeline
        self._rng = random.Random("conferences")  # noqa: S311
        self._sheet = Upload("盖章件.png", _sheet())

    def plan(self, year: Year) -> None:
        """The series are written some weeks ago; everything else follows from their dates."""
        begins = year.today - timedelta(weeks=WEEKS)
        self.timeline.at(moment(begins, 9.3), lambda: self._begin(begins))

    def _begin(self, begins: date) -> None:
        fill_series(self.campaign, actor=self.city.office)
        values = {"kind": "deployment", "name": "创建工作部署会", "schedule": {},
                  "source": "site: 市委办通知“定期召开部署会”"}  # fmt: skip
        save_series(self.campaign, values, Asked(everybody=True), actor=self.city.office)
        for title, why, unit in TOPICS:
            keep_topic(self.campaign, title=title, why=why, unit=self.city.units.get(unit), actor=self.city.office)
        for asked in sorted({begins.year, (begins + timedelta(weeks=WEEKS)).year}):
            plan_year(self.campaign, asked, actor=self.city.office)
        calendar = default_calendar()
        for meeting in Meeting.objects.filter(campaign=self.campaign).order_by("day", "pk"):
            self._at(calendar.add_workdays(meeting.day, -3), 10.2, meeting.pk, self._call)
            self._at(meeting.day, 16.4, meeting.pk, self._hold)
            self._at(calendar.add_workdays(meeting.day, 1), 11.1, meeting.pk, self._write)

    def _at(self, day: date, hour: float, pk: int, event: Callable[[Any], None]) -> None:
        self.timeline.at(moment(day, hour), lambda: event(_meeting(pk)))

    def _call(self, meeting: Meeting) -> None:
        if meeting.kind == MeetingKind.STUDY:
            for topic in StudyTopic.objects.filter(campaign=self.campaign, meeting__isnull=True)[:1]:
                add_item(meeting, title=topic.title, topic=topic, actor=self.city.office)
        call_meeting(meeting, actor=self.city.office, place=ROOM, chair=CHAIR)
        for call in meeting.written_calls.all():
            for report in call.reports.order_by("pk"):
                if self._rng.random() < 0.85:
                    self._later(call.due_at - timedelta(hours=self._rng.uniform(-20, 40)), report.pk, self._report)

    def _later(self, when: datetime, pk: int, event: Callable[[Any], None]) -> None:
        self.timeline.at(when, lambda: event(pk))

    def _report(self, pk: int) -> None:
        report = WrittenReport.objects.select_related("call", "unit", "region").get(pk=pk)
        hand_in(report, HandedIn([self._sheet]), actor=self.city.liaisons.get(report.unit_id, self.city.office))

    def _hold(self, meeting: Meeting) -> None:
        actor = self.city.office
        hold_meeting(meeting, Course(meeting.day, CHAIR, ROOM, "创建办"), actor=actor)
        ways = (Attendance.PRESENT, Attendance.REPRESENTED, Attendance.EXCUSED, Attendance.ABSENT)
        noted = {}
        for seat in meeting.seats.order_by("pk"):
            came = self._rng.choices(ways, (84, 9, 4, 3))[0]
            noted[seat.pk] = (str(came), "分管副职" if came == Attendance.REPRESENTED else "")
        call_roll(meeting, noted, actor=actor)
        for passing in meeting.passings.order_by("pk"):
            if self._rng.random() < 0.8:
                self._later(moment(meeting.day, 17) + timedelta(days=self._rng.uniform(0.7, 5)), passing.pk, self._pass)

    def _pass(self, pk: int) -> None:
        passing = PassingOn.objects.select_related("meeting", "unit", "region").get(pk=pk)
        own = OwnMeeting(clock.today(), self._rng.choice(PassForm.values))
        record_passing(passing, own, actor=self.city.liaisons.get(passing.unit_id, self.city.office))

    def _write(self, meeting: Meeting) -> None:
        actor = self.city.office
        write(meeting, summary=SAID, recorder="创建办", actor=actor)
        if meeting.kind == MeetingKind.REGULAR and meeting.series is not None and meeting.series.report_before:
            for text, unit, days, measure in DECIDED:
                due = default_calendar().add_workdays(meeting.day, days)
                units = [self.city.units[unit]] if unit in self.city.units else []
                write_decision(meeting, Resolved(text, units, (), due, measure), actor=actor)
            issue_decisions(meeting, actor=actor, again=Again("例会再次明确"))
        if meeting.kind != MeetingKind.BULLETIN:  # the last one still waits for its signature
            signature = Signature(CHAIR, clock.today(), [self._sheet])
            sign_minutes(meeting, signature, actor=actor)


def _meeting(pk: int) -> Meeting:
    return Meeting.objects.select_related("region", "campaign__region", "series__region").get(pk=pk)


def _sheet() -> bytes:
    """A sealed sheet, as a photo would show it."""
    picture = Image.new("RGB", (420, 594), (250, 249, 245))
    draw = ImageDraw.Draw(picture)
    for top in range(90, 420, 26):
        draw.line((60, top, 360, top), fill=(120, 120, 120), width=2)
    draw.ellipse((240, 430, 350, 540), outline=(196, 48, 43), width=5)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()
