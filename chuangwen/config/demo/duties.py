"""Tasks and documents of the demo."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from chuangwen.campaigns.models import Campaign
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City
from chuangwen.config.demo.content import words
from chuangwen.config.demo.documents import give_documents
from chuangwen.core import clock
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


def give_duties(city: City, campaign: Campaign, year: Year, now: datetime) -> None:
    """Sixty tasks, issued some weeks before their deadline, and those of the documents, carried on until today."""
    rng = random.Random("tasks")  # noqa: S311
    nodes = {node.code: node for node in Node.objects.filter(version=city.versions["city-2026"], is_leaf=True)}
    for told in words("tasks")["tasks"]:
        due = moment(year.today + timedelta(days=told["offset_days"]), 17.5)
        issued = due - timedelta(days=rng.randint(18, 40))
        unit = city.units[told["unit"]]
        with clock.at(min(issued, now - timedelta(hours=2))):
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
    answered = start + timedelta(hours=rng.uniform(2, 60))
    if answered > now or chance < 0.05:
        return
    if chance < 0.1:
        with clock.at(answered):
            object_to_task(task, reason="该项工作的主体责任不在我单位，建议由业务主管部门牵头", actor=actor)
        return
    with clock.at(answered):
        accept_task(task, actor=actor)
        measures = "列出清单，逐项明确到科室和岗位，每周五碰头一次，问题当天交办、三天内回头看"
        add_measures(task, measures=measures, people="分管副职牵头，办公室和业务科室各一人", actor=actor)
    reported = task.due_at - timedelta(days=rng.uniform(-3, 6))
    if chance < 0.25 or reported > now:
        return
    with clock.at(max(reported, answered + timedelta(hours=1))):
        report_task(task, note="已按要求完成，清单逐项销号，佐证材料已入台账", actor=actor)
    confirmed = max(reported, answered) + timedelta(days=rng.uniform(0.5, 3))
    if confirmed <= now and chance > 0.3:
        with clock.at(confirmed):
            confirm_task(task, actor=city.office)
