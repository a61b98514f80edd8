"""Supervision in the demo: the ladder at work for two weeks, an answer here and there, flags, a list, an exposure."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import partial

from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City
from chuangwen.config.demo.timeline import Timeline
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import default_calendar
from chuangwen.evidence.enums import DossierState
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.services import move_due
from chuangwen.organizations.models import Group
from chuangwen.rectification.models import Problem
from chuangwen.supervision.enums import Colour, FlagColour, NoticeState, NumberKey, Signer, StoryKind, VetoState
from chuangwen.supervision.models import (
    ConsequenceKind,
    Flag,
    PeerNumber,
    Story,
    SupervisionNotice,
    VetoEvent,
    VetoKind,
)
from chuangwen.supervision.queries.meetings import period_of
from chuangwen.supervision.queries.standings import month_of, quarter_of, week_of
from chuangwen.supervision.services import (
    Decided,
    Event,
    Held,
    TalkHeld,
    Told,
    acknowledge_notice,
    answer_notice,
    ask_body,
    confirm_consequence,
    confirm_event,
    decide_line,
    ensure_defaults,
    enter_consequence,
    give_flag,
    hold_meeting,
    make_list,
    make_meeting,
    propose_flags,
    propose_notices,
    propose_story,
    record_talk,
    release_list,
    reply_to_consequence,
    reply_to_story,
    report_event,
    save_number,
    settle_notice,
    sign_notice,
    tell_story,
)

LOOKS = (9, 7, 6, 4, 3, 1, 0)  # working days before today on which the ladder is looked at
ANSWERS = (
    "已到现场处置，能当场整改的已整改，余下的责任到人、两天内完成，完成后传照片",
    "逾期是因为保洁班次没有覆盖晚间，已调整班次，今天起每晚加一次巡查",
    "已约施工单位到场，今天完成围挡，周内修复，期间安排人员值守",
)
DECISIONS = (
    "属地街道与责任单位三天内联合清理，创建办现场复核",
    "列入约谈事项，月底前必须销号",
    "确有困难的，本周内提出长期整改方案和临时措施",
)


class Pressing:
    """The office looks every few mornings, signs, and settles what is put right; units answer, most of them in time."""

    def __init__(self, city: City, timeline: Timeline) -> None:
        self.city, self._timeline = city, timeline
        self._rng = random.Random("pressing")  # noqa: S311  (the same demo at every run)

    def plan(self, year: Year) -> None:
        """Put everything on the timeline."""
        calendar = default_calendar()
        with clock.at(moment(year.begins)):
            ensure_defaults(self.city.root.region, actor=self.city.office)
        for before in LOOKS:
            day = calendar.add_workdays(year.today, -before)
            self._timeline.at(moment(day, 8.6), self._look)
            if before:  # what is proposed today still waits to be signed, and some of yesterday's
                self._timeline.at(moment(day, 9.5), partial(self._sign, 2 if before == 1 else 0))
            self._timeline.at(moment(day, 16.5), self._settle)
        yesterday = calendar.add_workdays(year.today, -1)
        self._timeline.at(moment(yesterday, 15), lambda: self._compare(yesterday))
        self._timeline.at(moment(yesterday, 16), self._tell)
        self._timeline.at(moment(yesterday, 16.6), lambda: self._meet(yesterday))
        self._timeline.at(moment(yesterday, 17), lambda: self._reward(yesterday))
        self._timeline.at(moment(calendar.add_workdays(year.today, -LOOKS[2]), 14), self._hasten)
        self._timeline.at(moment(year.today, 8.7), self._together)

    def _look(self) -> None:
        propose_notices(self.city.root.region)

    def _sign(self, left: int) -> None:
        waiting = self._those(NoticeState.PROPOSED)
        for notice in waiting[: len(waiting) - left]:
            if notice.signer == Signer.DEPUTY and notice.colour != Colour.RED:
                continue  # the office's own: it waits for the deputy head
            signer = self.city.people["leader" if notice.colour == Colour.RED else "office"]
            try:
                sign_notice(notice, actor=signer)
            except Refusal:  # all put right meanwhile, or nobody above is named
                continue
            if self._rng.random() < 0.8:
                hours = self._rng.uniform(4, 20)
                self._timeline.at(clock.now() + timedelta(hours=hours), partial(self._answer, notice.pk))

    def _answer(self, pk: int) -> None:
        notice = SupervisionNotice.objects.select_related("unit", "region").get(pk=pk)
        actor = self.city.answering_for(notice.unit)
        if notice.state == NoticeState.SENT and actor != self.city.office:
            acknowledge_notice(notice, actor=actor)
            answer_notice(notice, text=self._rng.choice(ANSWERS), actor=actor)

    def _settle(self) -> None:
        for notice in self._those(NoticeState.ANSWERED):
            try:
                settle_notice(notice, actor=self.city.office)
            except Refusal:  # something on it is still open: the ladder goes on
                continue

    def _compare(self, day: date) -> None:
        """Last month's flags and last week's list; the office gives the first flag, the others wait."""
        region, office = self.city.root.region, self.city.office
        last_month = month_of(day)[0] - timedelta(days=1)
        fewer = PeerNumber.objects.get(region=region, key=NumberKey.BLACK_DUE)
        save_number(fewer, value=5, source="site: 云创建办〔2026〕6号，每月应办结5件以上的参加", actor=office)
        for flag in propose_flags(region, FlagColour.BLACK, last_month, actor=office)[:1]:
            give_flag(flag, actor=office)
        last_quarter = quarter_of(day)[0] - timedelta(days=1)
        for flag in propose_flags(region, FlagColour.RED, last_quarter, actor=office)[:1]:
            give_flag(flag, actor=office)
        last_week = week_of(day)[0] - timedelta(days=7)
        for before in (7, 0):
            week = make_list(region, last_week - timedelta(days=before), actor=office)
            if week.lines.exists():
                release_list(week, actor=office)

    def _tell(self) -> None:
        """An exposure that the unit answered, a praise that waits, and an event that a leader confirmed."""
        office = self.city.office
        pressed = Problem.objects.filter(region=self.city.root.region, notice_items__notice__signed_at__isnull=False)
        problem = pressed.select_related("lead", "place").order_by("due_at", "pk").first()
        if problem is None:
            return
        where = str(problem.place or problem.spot)
        told = Told(
            StoryKind.EXPOSURE, problem.lead, f"{where}：{problem.title}"[:120],
            f"记者在{where}看到：{problem.title}。附近居民说，这样已经有些日子。责任单位应尽快整改。",
            "云溪电视台《每周聚焦》", "第38期", where, problem,
        )  # fmt: skip
        story = propose_story(told, actor=office)
        tell_story(story, actor=office)
        actor = self.city.answering_for(problem.lead)
        if actor != office:
            reply_to_story(story, text="已安排专人今天到场处置，完成后公布照片。", actor=actor)
        praised = self.city.units["urban-management"]
        propose_story(
            Told(StoryKind.PRAISE, praised, "清晨五点的保洁班", "主次干道清晨五点前扫完第一遍。", "云溪融媒“点赞台”"),
            actor=office,
        )  # fmt: skip
        kind = VetoKind.objects.filter(region=self.city.root.region, falsification=False).order_by("position").last()
        unit = next((one for one in self.city.units.values() if one.kind == "company"), None)
        if kind and unit:
            event = Event(unit, kind, clock.today() - timedelta(days=40), "失信被执行", "市信用办〔2026〕17号通报")
            confirm_event(report_event(event, actor=office), actor=self.city.people["leader"])

    def _hasten(self) -> None:
        """A dossier that an inspection needs sooner: nobody hands it in, and it stands on the unit's next notice."""
        rows = Dossier.objects.filter(region=self.city.root.region, state=DossierState.OPEN, slots_filled=0)
        rows = rows.exclude(unit__in=Group.objects.values("office"))
        dossier = rows.select_related("region", "unit__region").order_by("pk").first()
        if dossier:
            move_due(dossier, due_on=clock.today(), reason="省里下周调阅，提前交齐", actor=self.city.office)

    def _reward(self, day: date) -> None:
        """What followed: praise and blame by paper, one of them not confirmed yet, one with an appeal."""
        region, office, leader = self.city.root.region, self.city.office, self.city.people["leader"]
        kinds = {kind.name: kind for kind in ConsequenceKind.objects.filter(region=region)}
        flag = Flag.objects.filter(region=region, colour=FlagColour.RED, given_on__isnull=False).first()
        red = SupervisionNotice.objects.filter(region=region, colour=Colour.RED, signed_at__isnull=False)
        notice = red.select_related("unit__region").first()
        story = Story.objects.filter(region=region, kind=StoryKind.EXPOSURE).select_related("unit__region").first()
        event = (
            VetoEvent.objects.filter(region=region, state=VetoState.CONFIRMED).select_related("unit__region").first()
        )
        entered = [
            ("通报表扬", flag, None, "三季度同组第一，获流动红旗", 21),
            ("通报批评", notice, notice, "红单所列事项逾期未办结", 22),
            ("取消年终评优评先资格", event, event, "失信被执行，年度内不参加评优", 23),
            ("责令整改", story, story, "媒体曝光事项限期整改", 24),
        ]  # fmt: skip
        for name, row, basis, title, number in entered:
            if row is None:
                continue
            told = Decided(day, day.year, title, "云溪市创建办", f"云创建办〔2026〕{number}号")
            made = enter_consequence(row.unit, kinds[name], told, basis=basis, actor=office)
            if basis is not story:  # the last one still waits for a second person
                confirm_consequence(made, actor=leader)
            if basis is notice:
                text = "两处点位正在施工，已报长期整改，请予核实"
                actor = self.city.answering_for(row.unit)
                reply_to_consequence(made, text=text, is_appeal=True, actor=actor)

    def _meet(self, day: date) -> None:
        """The meeting on open problems of the months before: three decisions, and one problem on a notice."""
        office = self.city.office
        first, _last = period_of(day, 2)
        meeting = make_meeting(self.city.root.region, first - timedelta(days=1), actor=office)
        rows = meeting.lines.select_related("meeting", "region", "problem__lead__region").order_by("due_at", "pk")
        lines = list(rows[: len(DECISIONS)])
        for line, decision in zip(lines, DECISIONS, strict=False):
            decide_line(line, decision=decision, actor=office)
        if lines:
            hold_meeting(meeting, Held(day, "领导小组副组长", "云创建办纪要〔2026〕8号"), actor=office)
        red = SupervisionNotice.objects.filter(region=meeting.region, colour=Colour.RED, signed_at__isnull=False)
        notice = red.select_related("unit", "region").first()
        if notice:
            told = TalkHeld(
                clock.now() - timedelta(hours=2), "领导小组副组长", "主要负责人", "红单所列事项逾期未办结",
                "三天内逐件到位，每天下班前报进度", "创建办会议室",
            )  # fmt: skip
            record_talk(notice.unit, told, notice=notice, actor=office)

    def _together(self) -> None:
        """One of the sheets that wait is to be signed by a second body."""
        waiting = self._those(NoticeState.PROPOSED)
        body = self.city.units.get("urban-management")
        notice = next((n for n in waiting if body and n.unit_id != body.pk and n.signer != Signer.DEPUTY), None)
        if notice and body:
            ask_body(notice, unit=body, actor=self.city.office)

    def _those(self, state: NoticeState) -> list[SupervisionNotice]:
        rows = SupervisionNotice.objects.filter(region=self.city.root.region, state=state)
        return list(rows.select_related("unit", "region").order_by("pk"))
