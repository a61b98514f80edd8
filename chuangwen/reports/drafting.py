"""The words with which a draft begins: title and text from frozen figures, for an office to go on with.

A paper is a Chinese official paper whatever language the drafter's screen speaks, so its sentences stand here in
Chinese. What no figure knows is marked to be filled in, and nothing is handed on while a mark is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from chuangwen.core import clock, wording
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.figures import best, worst
from chuangwen.reports.paper import TABLE_MARK, TO_FILL
from chuangwen.reports.periods import Period
from chuangwen.reports.rounds import downward, upward
from chuangwen.reports.sheet import Row, Sheet, Value
from chuangwen.reports.words import RECTIFYING, change_words

CHECKS = ("检查", "测评", "督查", "评估", "考评")  # a round's name that ends so says what it was
NAMED = 3  # units named as best and worst
TABLE_TITLES = {
    PaperKind.BULLETIN: "各单位问题整改情况表",
    PaperKind.RECTIFICATION: "各单位问题整改情况表",
    PaperKind.WORK: "各单位工作情况表",
    PaperKind.SUPERIOR: "上级反馈问题整改台账",
    PaperKind.HARD: "难点问题清单",
    PaperKind.INSTRUCTIONS: "批示件办理单",
    PaperKind.TASKS: "任务分解及工作推进表",
    PaperKind.YEAR: "各单位年度情况表",
    PaperKind.ROUND: "各单位问题及失分情况表",
    PaperKind.UPWARD: "各单位问题及失分情况表",
}


def day_words(day: date) -> str:
    """2026年11月22日."""
    return f"{day.year}年{day.month}月{day.day}日"


def period_words(period: Period) -> str:
    """2026年11月, 2026年11月16日至22日: as short as it stays clear."""
    first, last = period.first, period.last
    if period.is_year:
        return f"{first.year}年度"
    if period.is_month:
        return f"{first.year}年{first.month}月"
    if first == last:
        return day_words(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{day_words(first)}至{last.day}日"
    if first.year == last.year:
        return f"{day_words(first)}至{last.month}月{last.day}日"
    return f"{day_words(first)}至{day_words(last)}"


def moment_words(moment: datetime) -> str:
    """2026年11月22日20:00 on the site's clock."""
    local = clock.local(moment)
    return f"{day_words(local.date())}{local:%H:%M}"


def title_of(kind: str, period: Period) -> str:
    """The title that a paper of this kind has by custom."""
    words = period_words(period)
    return {
        PaperKind.BULLETIN: f"关于{words}问题整改情况的通报",
        PaperKind.RECTIFICATION: f"问题整改周报（{words}）",
        PaperKind.WORK: f"创建工作周报（{words}）",
        PaperKind.SUPERIOR: f"上级反馈问题整改台账（{words}）",
        PaperKind.HARD: f"难点问题清单（截至{day_words(period.last)}）",
        PaperKind.INSTRUCTIONS: f"批示件办理单（{words}）",
        PaperKind.TASKS: f"任务分解及工作推进表（截至{day_words(period.last)}）",
        PaperKind.YEAR: f"年终考评情况表（{words}）",
    }[PaperKind(kind)]


def round_title(kind: str, sheet: Sheet) -> str:
    """The title of a round's paper, down or up."""
    name = sheet.facts["name"]
    what = "情况" if name.endswith(CHECKS) else "检查情况"
    return f"关于{name}{what}的{'通报' if kind == PaperKind.ROUND else '汇报'}"


def round_body(kind: str, sheet: Sheet, period: Period, as_of: datetime) -> str:
    """The text of a round's paper, down or up."""
    if kind == PaperKind.ROUND:
        return downward(sheet, period_words(period))
    due = sheet.facts["last_due"]
    last = day_words(clock.local(datetime.fromisoformat(due)).date()) if due else ""
    return upward(sheet, period_words(period), moment_words(as_of), last)


def body_of(kind: str, sheet: Sheet, period: Period) -> str:
    """The text of a fresh draft, one paragraph a line."""
    if kind in RECTIFYING:
        return "\n".join(_rectification(kind, sheet, period))
    if kind == PaperKind.WORK:
        return "\n".join(filter(None, ["一、各单位工作情况", _who_confirmed(sheet), TABLE_MARK]))
    opening = {
        PaperKind.SUPERIOR: f"{period_words(period)}上级反馈问题{len(sheet.rows)}件，整改情况如下。",
        PaperKind.HARD: f"截至统计时点，列入长期整改的难点问题{len(sheet.rows)}件。",
        PaperKind.INSTRUCTIONS: f"{period_words(period)}领导批示及此前未办结的批示{len(sheet.rows)}件，办理情况如下。",
        PaperKind.TASKS: f"已下达任务{len(sheet.rows)}项，推进情况如下。",
        PaperKind.YEAR: f"{period_words(period)}{len(sheet.rows)}个单位的创建工作情况如下，供年终考评使用。",
    }[PaperKind(kind)]
    return f"{opening}\n{TABLE_MARK}"


def _who_confirmed(sheet: Sheet) -> str:
    """Of how many units the table holds the own word; a sheet frozen before that was counted says nothing."""
    counts = sheet.facts
    if "missing" not in counts:
        return ""
    said = [f"{counts['confirmed']}个单位已确认本单位周报"] if counts["confirmed"] else []
    if counts["missing"]:
        said.append(f"{counts['missing']}个单位未确认，其内容由台账汇总")
    if counts["quiet"]:
        said.append(f"{'另有' if said else ''}{counts['quiet']}个单位没有需要列入的事项")
    return f"{'；'.join(said)}。" if said else ""


def _rectification(kind: str, sheet: Sheet, period: Period) -> list[str]:
    total = sheet.total or Row("", {})
    lines = ["一、总体情况", _whole(total, period), TABLE_MARK]
    good, bad = best(sheet, NAMED), worst(sheet, NAMED)
    if good:
        lines += ["二、按期整改率较高的单位", f"{_named(good)}。"]
    if kind == PaperKind.RECTIFICATION:
        return lines
    number = "三" if good else "二"
    if bad:
        lines += [f"{number}、存在问题", f"按期整改率较低的单位：{_named(bad)}。", *_behind(sheet)]
        number = {"二": "三", "三": "四"}[number]
    return [*lines, f"{number}、工作要求", TO_FILL]


def _whole(total: Row, period: Period) -> str:
    figures = total.values
    count = {key: _figure(figures.get(key)) for key in figures}
    rate = figures.get("rate")
    said = f"按期整改率{wording.percent_words(rate)}" if isinstance(rate, float) else "无应办结问题，不计按期整改率"
    return (
        f"{period_words(period)}，新交办问题{count['new']}件；应办结{count['due']}件，其中按期办结{count['in_time']}件，"
        f"逾期办结{count['late_closed']}件，逾期未结{count['late_open']}件，{said}{_compared(figures.get('change'))}。"
        f"截至统计时点，未销号{count['open']}件，其中长期整改{count['long_term']}件；退回{count['returned']}件，"
        f"回潮{count['recurrence']}件。单位自查问题{count['self_found']}件，不计入上述数字。"
    )


def _compared(change: Value) -> str:
    if not isinstance(change, float):
        return ""
    words = change_words(change)
    if words == "0":
        return "，与上期持平"
    return f"，较上期{'上升' if change > 0 else '下降'}{words.lstrip('+' + wording.MINUS)}个百分点"


def _named(rows: Sequence[Row]) -> str:
    return "、".join(f"{row.name}（{wording.percent_words(_share(row))}）" for row in rows)


def _behind(sheet: Sheet) -> list[str]:
    """Who still has late problems open, the most first."""
    late = [row for row in sheet.rows if _number(row.values["late_open"])]
    late.sort(key=lambda row: -_number(row.values["late_open"]))
    if not late:
        return []
    names = "、".join(f"{row.name}{row.values['late_open']}件" for row in late[:NAMED])
    return [f"逾期未结问题较多的单位：{names}。"]


def _share(row: Row) -> float:
    rate = row.values["rate"]
    return rate if isinstance(rate, float) else 0.0


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _figure(value: Value) -> str:
    return wording.figure_words(value) if isinstance(value, int | float) else ""
