"""The findings of a finished round (检查情况): one table and the same figures for the paper to units (通报) and the one
to superiors (汇报), each with its own words. Pure.

Mechanisms 73: 检查结果通报干部、汇报上级. The sentences are Chinese, as in drafting.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chuangwen.core import wording
from chuangwen.reports.paper import TABLE_MARK, TO_FILL
from chuangwen.reports.sheet import Column, Row, Sheet

ROUND = (Column("found", "count", 6), Column("open"), Column("late_open", "count", 5), Column("lost", "points", 5))
NOBODY = "无责任单位"
CRITERIA = 5  # named as those that cost most
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of the round."""

    pk: int
    unit: int | None
    is_open: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What a round found. `lost`: unit (None: nobody) -> points; the score's figures are missing where none was
    computed. `sections`: (name, attained, effective); `criteria`: (name, points lost), the dearest first."""

    name: str
    standard: str
    places: int
    problems: tuple[Finding, ...]
    lost: dict[int | None, float] = field(default_factory=dict)
    score: float | None = None
    low: float | None = None
    high: float | None = None
    scale: float = 100
    sections: tuple[tuple[str, float, float], ...] = ()
    criteria: tuple[tuple[str, float], ...] = ()
    last_due: datetime | None = None  # of the open ones


def round_sheet(found: Findings, names: dict[int, str]) -> Sheet:
    """A row for each unit with a problem or a loss, in the order of `names`, nobody last; and the sum."""
    known = {one.unit for one in found.problems} | {unit for unit, points in found.lost.items() if points > 0}
    rows = [_row(found, [unit], name, unit) for unit, name in names.items() if unit in known]
    if None in known:
        rows.append(_row(found, [None], NOBODY, None))
    total = _row(found, [*known], "", None) if rows else None
    return Sheet(ROUND, tuple(rows), total, _facts(found, len(rows)))


def _row(found: Findings, units: Sequence[int | None], name: str, unit: int | None) -> Row:
    mine = [one for one in found.problems if one.unit in units]
    refs = {
        "found": tuple(one.pk for one in mine), "open": tuple(one.pk for one in mine if one.is_open),
        "late_open": tuple(one.pk for one in mine if one.is_late),
    }  # fmt: skip
    lost = sum(found.lost.get(one, 0.0) for one in units) if found.score is not None else None
    return Row(name, {**{key: len(keys) for key, keys in refs.items()}, "lost": lost}, refs, unit)


def _facts(found: Findings, units: int) -> dict[str, Any]:
    return {
        "name": found.name, "standard": found.standard, "places": found.places, "units": units, "score": found.score,
        "low": found.low, "high": found.high, "scale": found.scale, "sections": [list(one) for one in found.sections],
        "criteria": [list(one) for one in found.criteria[:CRITERIA]],
        "last_due": found.last_due.isoformat() if found.last_due else "",
    }  # fmt: skip


def downward(sheet: Sheet, period: str) -> str:
    """The text of the paper to units: what was found, by section and by unit, and what is asked of them."""
    parts: list[tuple[str, list[str]]] = [("检查概况", [f"{period}，{_overview(sheet)}"])]
    if sections := list(_sections(sheet)):
        parts.append(("各部分得分", sections))
    if criteria := _criteria(sheet):
        parts.append(("失分较多的指标", [criteria]))
    parts += [(_by_unit(sheet), [TABLE_MARK]), ("工作要求", [TO_FILL])]
    return _text(parts)


def upward(sheet: Sheet, period: str, as_of: str, last_due: str) -> str:
    """The text of the paper to superiors: how it was done, the result, the problems, how far, what comes next."""
    facts, total = sheet.facts, _total(sheet)
    standard = f"依据{facts['standard']}，" if facts["standard"] else ""
    parts: list[tuple[str, list[str]]] = [("检查组织情况", [f"{period}，{standard}{_overview(sheet)}"])]
    if sections := list(_sections(sheet)):
        parts.append(("各部分得分", sections))
    problems = [f"发现问题{total['found']}件，涉及{facts['units']}个单位（见附表）。"]
    parts.append(("主要问题", [*problems, *filter(None, [_criteria(sheet)])]))
    closed = total["found"] - total["open"]
    late = f"，其中逾期未结{total['late_open']}件" if total["late_open"] else ""
    parts.append(("整改进展", [f"截至{as_of}，已销号{closed}件，未销号{total['open']}件{late}。"]))
    parts.append(("下一步安排", [_next(total["open"], last_due)]))
    return _text(parts) + f"\n{TABLE_MARK}"


def _by_unit(sheet: Sheet) -> str:
    return "各单位问题情况" if sheet.facts["score"] is None else "各单位问题及失分情况"


def _next(number: int, last_due: str) -> str:
    if not number:
        return "本轮检查发现的问题已全部销号。"
    until = f"（最迟{last_due}）" if last_due else ""
    return f"未销号的{number}件问题按交办时限{until}督促整改，逾期未结的按督办规则处理，整改结果另行报告。"


def _overview(sheet: Sheet) -> str:
    facts, total = sheet.facts, _total(sheet)
    seen = f"实地检查点位{facts['places']}处，" if facts["places"] else ""  # a unit's own round visits nothing
    said = f"{facts['name']}{seen}发现问题{total['found']}件。"
    if facts["score"] is None:
        return said
    points = f"总得分{wording.points_words(facts['score'])}分（满分{wording.figure_words(facts['scale'])}分）"
    if facts["low"] is None or facts["high"] is None:
        return f"{said}{points}。"
    span = f"{wording.points_words(facts['low'])}至{wording.points_words(facts['high'])}分"
    return f"{said}{points}；点位抽取有误差，95%置信区间为{span}。"


def _sections(sheet: Sheet) -> Iterator[str]:
    for name, attained, effective in sheet.facts["sections"]:
        lost = wording.points_words(max(0.0, effective - attained))
        yield (f"{name}：应得{wording.points_words(effective)}分，实得{wording.points_words(attained)}分，失{lost}分。")


def _criteria(sheet: Sheet) -> str:
    named = "、".join(f"{name}（失{wording.points_words(lost)}分）" for name, lost in sheet.facts["criteria"])
    return f"失分较多的指标：{named}。" if named else ""


def _total(sheet: Sheet) -> dict[str, int]:
    values = sheet.total.values if sheet.total else {}
    return {key: int(values.get(key) or 0) for key in ("found", "open", "late_open")}


def _text(parts: Iterable[tuple[str, list[str]]]) -> str:
    lines = []
    for numeral, (head, texts) in zip(NUMERALS, parts, strict=False):
        lines += [f"{numeral}、{head}", *texts]
    return "\n".join(lines)
