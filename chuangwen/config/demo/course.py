"""What comes again, what always holds, and the plans of some tasks in the demo."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from chuangwen.campaigns.models import Campaign
from chuangwen.config.demo.calendar import moment
from chuangwen.config.demo.city import City
from chuangwen.config.demo.instructions import sheet
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.levels import period_of
from chuangwen.responsibilities.milestones import counted_back
from chuangwen.responsibilities.models import LevelMark, Task, TaskState, WeekReport
from chuangwen.responsibilities.services import (
    Scan,
    accept_task,
    add_measures,
    agree_to_mark,
    ask_postponement,
    confirm_task,
    confirm_week,
    finish_milestone,
    freeze_period,
    judge_unit,
    object_to_mark,
    open_duty,
    open_occurrences,
    open_week,
    report_task,
    set_rule,
    set_waits,
    write_plan,
)
from chuangwen.responsibilities.week_days import WEEK, monday_of

# Unit, what, measure, how often, who answers for it.
DUTIES = (
    ("urban-management", "排查更换破损户外广告和门头牌匾", "辖区内无破损、无错别字", "每月25日前", "市容科"),
    ("urban-management", "重大节假日前市容环境集中整治", "主次干道无暴露垃圾", "重大节假日前", "环卫处、直属大队"),
    ("transport", "检查出租车、公交车车容车貌", "抽查合格率95%以上", "每周五", "客运管理科"),
    ("education", "组织未成年人思想道德建设自查", "问题清单当月销号", "每季度末", "德育科牵头，各校联络员"),
)  # fmt: skip
RULES = (
    ("主次干道、背街小巷无暴露垃圾、无乱贴乱画", ("urban-management",)),
    ("每个实地点位都有责任人并公示，全覆盖", ()),
    ("公共场所禁烟标识全覆盖，无烟蒂", ()),
)
VERDICTS = (
    ("good", 9, "任务全部按期办结，问题整改及时"),
    ("fair", 8, "整体较好，周报偶有迟交"),
    ("middling", 6, "个别任务超期，问题有反弹"),
)
PLANNED = 9  # running tasks with a plan, of which every fourth left its first step undone
WEEKS = 7  # so long ago the duties began


def give_course(city: City, campaign: Campaign, now: datetime) -> None:
    """Recurring duties of some weeks with their tasks, standing rules, plans with a proved step, a request for time."""
    begun = _workday(now - timedelta(weeks=WEEKS))
    people = {}
    with clock.at(begun):
        for text, codes in RULES:
            set_rule(campaign, text=text, units=[city.units[code] for code in codes], actor=city.office)
        for code, title, measure, phrase, who in DUTIES:
            schedule = schedule_of(phrase)
            if schedule is None or code not in city.units:
                continue
            open_duty(
                campaign,
                city.units[code],
                title=title,
                measure=measure,
                schedule=schedule,
                actor=city.office,
                tell=False,
            )
            people[title] = who
    for week in range(WEEKS, -1, -1):
        with clock.at(_workday(now - timedelta(weeks=week))):
            open_occurrences(clock.today())
            _carry_on(city, people)
    _plan_tasks(city, campaign, now)
    _report_weeks(city, campaign, now)
    _judge_last_month(city, campaign, now)


def _carry_on(city: City, people: dict[str, str]) -> None:
    """What is out is accepted, and reported and confirmed once its date is near."""
    for task in Task.objects.filter(duty__isnull=False, state__in=[TaskState.ISSUED, TaskState.ACCEPTED]):
        actor = city.answering_for(task.unit)
        if task.state == TaskState.ISSUED:
            accept_task(task, actor=actor)
            who = people[task.duty.title] if task.duty else ""
            add_measures(task, measures="列清单、分片包干、逐处销号", people=who, actor=actor)
        if task.due_at - clock.now() < timedelta(days=6):
            report_task(task, note="已完成,清单逐项销号", actor=actor)
            confirm_task(task, actor=city.office)


def _plan_tasks(city: City, campaign: Campaign, now: datetime) -> None:
    """The plans of the running tasks that are due last; the last of them asks for more time."""
    rows = Task.objects.filter(campaign=campaign, state=TaskState.ACCEPTED, duty=None, due_at__gt=now).exclude(
        measures=""
    )
    rng, tasks = random.Random("plans"), list(rows.order_by("-due_at", "pk")[:PLANNED])  # noqa: S311
    for number, task in enumerate(tasks):
        actor, accepted = city.answering_for(task.unit), task.accepted_at or now
        with clock.at(accepted + timedelta(hours=rng.randint(1, 5))):
            days = clock.local(accepted).date(), clock.local(task.due_at).date()
            write_plan(task, steps=counted_back(*days, default_calendar()), actor=actor)
        due = [
            one for one in task.milestones.order_by("due_on") if moment(one.due_on, 16) < now - timedelta(days=number)
        ]
        for step in due if number % 4 != 3 else ():
            with clock.at(moment(step.due_on, 16)):
                finish_milestone(step, paper=Scan(f"{step.name}.png", sheet(number)), actor=actor)
    if len(tasks) > 2:
        with clock.at(now):
            set_waits(tasks[1], others=[tasks[2]], actor=city.office)
    if tasks:
        last, asked = tasks[-1], _workday(now - timedelta(days=1))
        with clock.at(max(asked, last.accepted_at or asked)):
            ask_postponement(
                last, due_at=last.due_at + timedelta(days=7), reason="配套设备下旬到货,安装调试需一周",
                actor=city.answering_for(last.unit),
            )  # fmt: skip


def _report_weeks(city: City, campaign: Campaign, now: datetime) -> None:
    """Last week's reports, confirmed by the first ten units; this week's, which three have confirmed already."""
    this = monday_of(clock.local(now).date())
    for monday, at, confirmed in ((this - WEEK, _workday(moment(this - timedelta(days=3), 15)), 10), (this, now, 3)):
        with clock.at(at):
            open_week(campaign, monday)
            rows = WeekReport.objects.filter(campaign=campaign, monday=monday).order_by("unit__path")
            for report in rows.select_related("unit", "campaign", "region")[:confirmed]:
                confirm_week(report, actor=city.answering_for(report.unit))


def _judge_last_month(city: City, campaign: Campaign, now: datetime) -> None:
    """What was counted last month, with the office's word for the first three units; one of them objects."""
    over = period_of(clock.local(now).date(), 1).before
    at = moment(default_calendar().add_workdays(over.last, 4), 10)
    with clock.at(min(at, now)):
        freeze_period(campaign, over)
        rows = LevelMark.objects.filter(campaign=campaign, judge__depth=1).select_related("judge", "unit", "region")
        marks = list(rows.order_by("unit__path")[:3])
        for mark, (verdict, points, reason) in zip(marks, VERDICTS, strict=False):
            judge_unit(mark, verdict=verdict, points=points, reason=reason, actor=city.office)
        for mark in marks[:1]:
            agree_to_mark(mark, **_voice(city, mark.unit))
        for mark in marks[2:]:
            object_to_mark(mark, reason="其中一件已书面申请延期，请核减", **_voice(city, mark.unit))


def _voice(city: City, unit: Unit) -> dict[str, Any]:
    """Who answers for a unit: its liaison, else the office from its paper."""
    liaison = city.liaisons.get(unit.pk)
    return {"actor": liaison} if liaison else {"actor": city.office, "on_behalf": str(unit)}


def _workday(when: datetime) -> datetime:
    """`when`, or the same hour of the working day before it."""
    calendar = default_calendar()
    while not calendar.is_workday(clock.local(when).date()):
        when -= timedelta(days=1)
    return when
