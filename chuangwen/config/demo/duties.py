"""Tasks and documents of the demo."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

from chuangwen.campaigns.models import Campaign
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City
from chuangwen.config.demo.content import words
from chuangwen.config.demo.documents import give_documents
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.services import (
    accept_task,
    add_measures,
    confirm_task,
    draft_task,
    issue_task,
    object_to_task,
    report_task,
)
from chuangwen.standards.models import Node

OBJECTIONS = (
    "该项工作的主体责任不在我单位，建议由业务主管部门牵头，我单位配合",
    "去年机构改革后该职能已经划转，我单位没有执法权，建议改派",
    "所列点位有一半不在我单位管理范围，请按管护分工表拆分后再下达",
)
MEASURES = (
    "列出清单，逐项明确到科室和岗位，每周五碰头一次，问题当天交办、三天内回头看",
    "分三步走：本周摸底建账，下周集中整治，最后一周逐处复核，结果在公示栏公开",
    "和属地街道建联合巡查群，每天一巡，能当场解决的当场解决，解决不了的当天上报",
    "请第三方保洁和养护队伍增加一个班次，责任路段到人，考核结果和服务费挂钩",
)
PEOPLE = (
    "分管副职牵头，办公室和业务科室各一人",
    "分管负责人牵头，两名科长分片包干，联络员每天汇总",
    "专班5人，名单已报创建办综合组",
)
REPORTS = (
    "已按要求完成，清单逐项销号，佐证材料已入台账",
    "全部完成。过程中发现的3处反弹已重新整改，附前后对比照片",
    "按期完成，已移交日常管理，每月抽查一次",
)


def give_duties(city: City, campaign: Campaign, year: Year, now: datetime) -> None:
    """Sixty tasks, issued some weeks before their deadline, and those of the documents, carried on until today."""
    rng = random.Random("tasks")  # noqa: S311
    nodes = {node.code: node for node in Node.objects.filter(version=city.versions["city-2026"], is_leaf=True)}
    for told in words("tasks")["tasks"]:
        due = moment(_workday(year.today + timedelta(days=told["offset_days"])), 18)
        issued = _working(due - timedelta(days=rng.randint(18, 40)))
        unit = city.units[told["unit"]]
        with clock.at(min(issued, _working(now - timedelta(days=5)))):
            task = draft_task(
                campaign, unit, title=told["action"], measure=told["measure"], due_at=due, actor=city.office,
                node=nodes.get(told["criterion"]), frequency=told.get("frequency", ""),
                post=city.posts.get((told["unit"], "acting")),
                cooperating=[city.units[code] for code in told.get("cooperate", ())],
            )  # fmt: skip
            issue_task(task, actor=city.office)
            start = clock.now()
        _carry_on(city, task, rng, start, now)
    for task in give_documents(city, campaign, year, now):
        _carry_on(city, task, rng, task.issued_at or now, now)


def _carry_on(city: City, task: Task, rng: random.Random, start: datetime, now: datetime) -> None:
    """Accepted, objected to, reported and confirmed, as far as the time allows."""
    actor = city.answering_for(task.unit)
    chance = rng.random()
    answered = _working(start + timedelta(hours=rng.uniform(2, 60)))
    if answered > now or chance < 0.05:
        return
    if chance < 0.1:
        with clock.at(answered):
            object_to_task(task, reason=rng.choice(OBJECTIONS), actor=actor)
        return
    with clock.at(answered):
        accept_task(task, actor=actor)
        add_measures(task, measures=rng.choice(MEASURES), people=rng.choice(PEOPLE), actor=actor)
    reported = _working(max(task.due_at - timedelta(days=rng.uniform(-3, 6)), answered + timedelta(hours=1)))
    if chance < 0.25 or reported > now:
        return
    with clock.at(reported):
        report_task(task, note=rng.choice(REPORTS), actor=actor)
    confirmed = _working(reported + timedelta(days=rng.uniform(0.5, 3)))
    if confirmed <= now and chance > 0.3:
        with clock.at(confirmed):
            confirm_task(task, actor=city.office)


def _working(when: datetime) -> datetime:
    """`when`, or some minutes into the next working time."""
    working = default_calendar().add_workhours(when, 0)
    return working if working == when else working + timedelta(minutes=7 + when.minute)


def _workday(day: date) -> date:
    """`day`, or the working day before it."""
    calendar = default_calendar()
    return day if calendar.is_workday(day) else calendar.add_workdays(day, -1)
