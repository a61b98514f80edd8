"""Instructions of the demo's leaders: on paper with a scan, by word of mouth and on screen, at every stage."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from PIL import Image, ImageDraw

from chuangwen.campaigns.models import Campaign
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.responsibilities.models import Medium, Task, Urgency
from chuangwen.responsibilities.services import (
    Errand,
    Scan,
    accept_task,
    add_measures,
    confirm_task,
    report_task,
    write_instruction,
)
from chuangwen.responsibilities.services.repeating import Again

MAYOR, VICE = ("city", "first"), ("city", "charge")
MEASURES = "主要负责人牵头，当天到现场，两天内拿出清单并逐项落实"
PEOPLE = "分管副职、业务科室负责人各一名"


@dataclass(frozen=True, slots=True)
class Told:
    """One instruction: given so many working days ago, answered by these units so many working days later."""

    ago: int
    post: tuple[str, str]
    about: str
    content: str
    leads: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    within: int = 3
    medium: str = Medium.PAPER
    urgency: str = Urgency.URGENT
    replies: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    confirmed: bool = False


TOLD = (
    Told(
        24, MAYOR, "城区公厕开放时间和保洁", "请城管局牵头，一周内把城区公厕开放时间、保洁标准统一上墙，夜间不得锁门。",
        ("urban-management",), ("housing",), within=5, confirmed=True,
        replies={"urban-management": (4, "46座公厕开放时间已统一公示，夜间留守人员排到了班次，抽查12座全部开放。")},
    ),
    Told(
        17, VICE, "农贸市场周边乱停车", "市场早市时段交通混乱，群众意见大。请交警大队、市场监管局研究，限期见效。",
        ("traffic-police", "market-regulation"), ("urban-management",), within=4, medium=Medium.SPOKEN, confirmed=True,
        replies={
            "traffic-police": (3, "早市时段增派警力两组，新划临时车位86个，高峰拥堵明显缓解。"),
            "market-regulation": (4, "6个市场设了装卸专区，经营户承诺书已签214份。"),
        },
    ),
    Told(
        8, MAYOR, "背街小巷路灯不亮", "群众反映三条小巷夜里漆黑。请住建局会同供电公司三天内修复，并举一反三。",
        ("housing",), ("power",), urgency=Urgency.MOST,
        replies={"housing": (3, "三条小巷37盏路灯全部修复；同类排查发现不亮的21盏，已修20盏，余1盏待换杆。")},
    ),
    Told(
        6, VICE, "文明旅游宣传进景区", "旺季将到，景区入口、游客中心要有文明旅游提示。请文旅局落实。",
        ("culture-tourism",),
        urgency=Urgency.ORDINARY,
    ),
    Told(
        2, MAYOR, "建筑工地围挡破损", "城东几处工地围挡破损，影响市容。请住建局、城投公司整修，照片报来。",
        ("housing", "city-investment"), ("urban-management",), within=3,
        replies={"city-investment": (1, "自有工地围挡破损4处，已更换，照片附后。")},
    ),
)  # fmt: skip
UNGIVEN = Told(
    1, VICE, "迎检期间窗口服务", "群众办事大厅的服务规范再检查一遍，请创建办提出承办单位意见。", medium=Medium.SCREEN,
)  # fmt: skip


def give_instructions(city: City, campaign: Campaign, year: Year, now: datetime) -> None:
    """Six instructions of the last five weeks; nothing happens after `now`."""
    days = default_calendar()
    for number, told in enumerate(TOLD):
        given = days.add_workdays(year.today, -told.ago)
        with clock.at(moment(given, 15.2)):
            due = days.end_of_day(days.add_workdays(given, told.within))
            scan = Scan(f"批示件{number + 1}.png", sheet(number)) if told.medium == Medium.PAPER else None
            made = write_instruction(
                campaign, city.posts[told.post], about=told.about, content=told.content, urgency=told.urgency,
                medium=told.medium, scan=scan, actor=city.office, errand=_errand(city, told, due),
            )  # fmt: skip
        for task in Task.objects.filter(instruction=made).select_related("unit", "region", "campaign").order_by("pk"):
            _carry_on(city, told, task, now)
    with clock.at(moment(days.add_workdays(year.today, -UNGIVEN.ago), 16.4)):
        write_instruction(
            campaign,
            city.posts[UNGIVEN.post],
            about=UNGIVEN.about,
            content=UNGIVEN.content,
            actor=city.people["leader"],
        )


def sheet(number: int) -> bytes:
    """A scanned sheet: lines of print and a hand's strokes in the margin, of nobody."""
    rng = random.Random(f"sheet-{number}")  # noqa: S311 (a drawing, not a secret)
    picture = Image.new("L", (420, 594), 248)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((150, 60, 270, 74), fill=60)
    for line in range(18):
        draw.line((60, 120 + 20 * line, rng.randint(250, 360), 120 + 20 * line), fill=150, width=4)
    for stroke in range(9):
        x, y = 240 + 16 * stroke, 500 + rng.randint(-8, 8)
        draw.line((x, y, x + rng.randint(4, 14), y + rng.randint(10, 26)), fill=30, width=3)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def _errand(city: City, told: Told, due: datetime) -> Errand:
    leads, helps = ([city.units[code] for code in codes] for codes in (told.leads, told.helps))
    return Errand(leads, due, "办了什么、结果怎样，附照片", helps, again=Again("领导另有批示"))


def _carry_on(city: City, told: Told, task: Task, now: datetime) -> None:
    """Accepted the next morning; replied to and confirmed where the story says so."""
    days, actor = default_calendar(), city.answering_for(task.unit)
    given = clock.local(task.issued_at or now).date()
    accepted = moment(days.add_workdays(given, 1), 9.1)
    if accepted > now:
        return
    with clock.at(accepted):
        accept_task(task, actor=actor)
        add_measures(task, measures=MEASURES, people=PEOPLE, actor=actor)
    code = next(code for code in told.leads if city.units[code].pk == task.unit_id)
    if code not in told.replies:
        return
    after, words = told.replies[code]
    reported = moment(days.add_workdays(given, after), 16.1)
    if reported > now:
        return
    with clock.at(reported):
        report_task(task, note=words, actor=actor)
    confirmed = moment(days.add_workdays(given, after + 1), 10.2)
    if told.confirmed and confirmed <= now:
        with clock.at(confirmed):
            confirm_task(task, actor=city.office)
