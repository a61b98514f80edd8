"""The demo's documents: a speech half reviewed, a notice and minutes reviewed and issued.

Their words lie in content/. The dates in them were written for a round that begins on
16 November 2026; they are moved along with the demo's own round, working day by working day, so
that a demo filled at any time tells the same story.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chuangwen.campaigns.models import Campaign
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City
from chuangwen.config.demo.content import document as document_bytes
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.addressees import Party, unit_ids
from chuangwen.directives.guessing import guess_day
from chuangwen.directives.models import Candidate, Document
from chuangwen.directives.services import (
    Wanted,
    accept_candidate,
    add_document,
    drop_candidate,
    edit_candidate,
    issue_accepted,
    turn_candidate,
)
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.services.repeating import Again

WRITTEN_FOR = date(2026, 11, 16)  # the first day of the running round in the texts
EVERYBODY = 20  # leading units from which on a directive is meant for all
AGAIN = Again("会议再次强调，按新时限办")
MEASURE = "按原文要求完成，书面报市创建办"
_DATES = re.compile(
    r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月"
    r"(?:(?P<day>\d{1,2})日(?:至(?P<until>\d{1,2})日)?|(?P<part>底|中旬|上旬|下旬|份))"
)
_NUMBER_YEAR = re.compile(r"〔\d{4}〕")
_PARTS = {
    "底": 18,
    "中旬": 15,
    "上旬": 8,
    "下旬": 18,
    "份": 15,
}  # a day well inside, so that a small shift keeps the month


@dataclass(frozen=True, slots=True)
class Told:
    """One document: its file, how long after its date it is uploaded, which share is decided, whether it is issued."""

    name: str
    file: str
    reviewed: float
    issued: bool


PAPERS = (
    Told("speech-1", "在全市文明城市创建工作推进会上的讲话.txt", 0.55, issued=False),
    Told("minutes-3", "领导小组第五次例会纪要.txt", 1.0, issued=True),
    Told("notice-2", "关于开展第二轮模拟测评和迎检前集中整治的通知.txt", 1.0, issued=True),
)
STREETS = ("wenchang", "linjiang", "beiqiao", "dongta")
# What the office names where the text leaves it open; the key stands in the quote.
NAMED = (
    ("重点部位卫生死角", STREETS, "完成重点部位卫生死角清理"),
    ("楼道清理和车棚改造", ("fangzhi", "chuanchang"), "完成楼道清理和车棚改造，向全市开放观摩"),
    ("全市病媒生物消杀", ("health",), "组织一次全市病媒生物消杀"),
    ("样本不少于1200份", ("civility",), "委托第三方开展问卷调查，样本不少于1200份"),
    ("打包托管招标", STREETS, "完成纺织一村等12个小区打包托管招标"),
    ("提出制度性措施", ("campaign-office",), "逐件分析39件反弹问题的原因，提出制度性措施，报领导小组"),
    ("每天洒水不少于4次", ("urban-management",), "主次干道机械化清扫，每天洒水不少于4次"),
    (
        "垃圾收运每天不少于两次",
        STREETS,
        "背街小巷和老旧小区垃圾收运每天不少于两次",
    ),
    ("早晚高峰必须在岗", ("traffic-police",), "主要路口早晚高峰在岗管控"),
    ("给出处理意见", ("ecology", "market-regulation"), "对沿江夜市噪声、油烟问题提出处理意见"),
    ("每晚十点前收摊清场", ("linjiang",), "管理沿江大道夜市疏导点，每晚十点前收摊清场，垃圾随清随走"),
    ("巡查员培训", ("publicity",), "组织巡查员培训，内容包括标准解读、拍照要求和回避规定"),
    ("完成施工图", ("housing",), "指导钟楼菜市场改造设计，按期完成施工图并进场施工"),
    ("安排120万元", ("finance",), "从年度市政维修资金中安排钟楼菜市场改造资金120万元"),
    ("第一批500个端口", ("city-investment",), "分两批建成电动自行车充电端口1200个，第一批500个按期投用"),
    ("每周五下午发布", ("supervision",), "整改周报改为每周五下午发布，抄送各单位主要负责人"),
)
_BACKGROUND = re.compile(
    r"定于|通报10月份|全月共交办|还有一个数字|联系人|列席|参加：|成绩要肯定|名单报市创建办|见暖"
    r"|工作日内裁定|巡查员不评本单位|对39件反弹问题逐件|第二批700个|由市督查室负责"
)


def give_documents(city: City, campaign: Campaign, year: Year, now: datetime) -> list[Task]:
    """Upload, review and issue the three papers; returns the tasks that came of them, in order."""
    rng = random.Random("documents")  # noqa: S311
    tasks: list[Task] = []
    for told in PAPERS:
        text = moved(document_bytes(told.name).decode(), year)
        read = default_calendar().add_workdays(_day_of(text), 1)
        with clock.at(min(moment(read, 8.8), now - timedelta(hours=3))):
            document = add_document(campaign, text.encode(), name=told.file, actor=city.office)
        with clock.at(min(moment(read, 9.6), now - timedelta(hours=2))):
            _review(city, document, told.reviewed, rng)
            if told.issued:
                _all_as_tasks(city, document)
                issue_accepted(document, actor=city.office, due_on=year.assessment, measure=MEASURE, again=AGAIN)
                made = Task.objects.filter(candidates__document=document).select_related("unit")
                tasks += list(made.order_by("pk"))
    return tasks


def moved(text: str, year: Year) -> str:
    """`text` with its dates as far from the demo's running round as they were from the round it was written for."""
    calendar = default_calendar()

    def there(day: date) -> date:
        worked = day
        while not calendar.is_workday(worked):
            worked -= timedelta(days=1)
        away = calendar.workdays_between(WRITTEN_FOR, worked)
        return calendar.add_workdays(year.running_from, away) + (day - worked)

    def replaced(match: re.Match[str]) -> str:
        month = int(match["month"])
        written = int(match["year"] or WRITTEN_FOR.year)
        if match["part"]:
            return f"{there(date(written, month, _PARTS[match['part']])).month}月{match['part']}"
        day = there(date(written, month, int(match["day"])))
        words = f"{day.month}月{day.day}日"
        if match["until"]:
            last = there(date(written, month, int(match["until"])))
            words += f"至{last.day}日" if last.month == day.month else f"至{last.month}月{last.day}日"
        return f"{day.year}年{words}" if match["year"] else words

    return _NUMBER_YEAR.sub(f"〔{there(WRITTEN_FOR).year}〕", _DATES.sub(replaced, text))


def _day_of(text: str) -> date:
    found = guess_day(text, clock.today())
    if found is None:
        raise ValueError("a demo document without a date")
    return found


def _review(city: City, document: Document, share: float, rng: random.Random) -> None:
    """Decide on the first part of the candidates as the office would."""
    rows = list(document.candidates.select_related("document", "region").order_by("start", "pk"))
    for row in rows[: round(len(rows) * share)]:
        named = next((one for one in NAMED if one[0] in row.quote), None)
        if named:
            _name(city, row, named[1], named[2])
        elif _BACKGROUND.search(row.quote) or row.needs_unit:
            drop_candidate(row, revision=row.revision, actor=city.office)
        elif len(unit_ids(row.lead)) > EVERYBODY:
            drop_candidate(row, revision=row.revision, actor=city.office)  # asked of all: by group message
        elif share < 1 and rng.random() < 0.06:
            continue  # left for later: somebody must be asked first
        else:
            accept_candidate(row, revision=row.revision, actor=city.office)


def _all_as_tasks(city: City, document: Document) -> None:
    """The demo's year tells of these papers as tasks; its recurring duties are opened by themselves."""
    rows = document.candidates.select_related("document", "region").filter(state="accepted").exclude(becomes="task")
    for row in rows:
        turn_candidate(row, "task", revision=row.revision, actor=city.office)


def _name(city: City, row: Candidate, codes: tuple[str, ...], action: str) -> None:
    units = [city.units[code] for code in codes]
    wanted = Wanted(
        action=action,
        lead=[Party(unit.name, (unit.pk,)) for unit in units],
        cooperate=[Party(one["name"], tuple(one["units"])) for one in row.cooperate],
        due_on=row.due_on,
        frequency=row.frequency,
        measure=row.measure,
    )
    edit_candidate(row, wanted, revision=row.revision, actor=city.office, accept=True)
