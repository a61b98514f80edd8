"""Says in words how a node gets its points, in Chinese and in English.

Pure. The two languages differ in order and not only in words, so each has its own form here
instead of a translation (as core/wording.py does). Source of the rules: the standard file, table of maps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chuangwen.standards.tree import Band, EvidenceSlot, Node, TableRow

_MEASURES: Final = {
    "rate": ("达标率", "the rate met"),
    "mean": ("平均值", "the mean"),
    "sum": ("合计", "the sum"),
    "count": ("次数", "the count"),
}
_AGGREGATES: Final = {
    "sum": ("下级得分相加", "the sum of its parts"),
    "mean": ("取下级得分率的平均", "the mean share of its parts"),
    "min": ("取下级得分率的最低", "the lowest share of its parts"),
}
_UNITS: Final = {
    "h": ("个工作小时", "working hour"),
    "d": ("个工作日", "working day"),
    "H": ("小时", "hour by the clock"),
}
_KINDS: Final = {
    "document": ("文件", "document"),
    "photo": ("照片", "photo"),
    "statement": ("说明", "statement"),
    "record": ("记录", "record"),
    "video": ("视频", "video"),
    "table": ("表格", "table"),
}
_CLASSIFIERS: Final = {"document": "份", "photo": "张", "statement": "篇", "record": "份", "video": "段", "table": "张"}


def number_words(value: float) -> str:
    """4, 0.5, 12.25: as short as it can be said."""
    return f"{value:.10g}"


def share_words(share: float, grade: str = "") -> str:
    """A grade's letter where the file used one, else the share in per cent."""
    return grade or f"{share * 100:.10g}%"


def rule_words(node: Node, *, chinese: bool) -> str:
    """How the node's measure or its children become its share of the points, in one sentence without a full stop."""
    if not node.is_leaf:
        return (
            _table(node.table, chinese=chinese) if node.aggregate == "met" else _AGGREGATES[node.aggregate][not chinese]
        )
    measure = _MEASURES[node.measure][not chinese]
    rule = node.map
    if rule.kind == "bands":
        return _bands(node, rule.bands, measure, chinese=chinese)
    start, stop = _amount(node, rule.start), _amount(node, rule.stop)
    n, each = number_words(rule.n), number_words(rule.each)
    zh, en = {
        "linear": (
            f"{measure}{start}得0分，{stop}得满分，中间按比例",
            f"no points at {start} of {measure}, full points at {stop}, in proportion between",
        ),
        "required": (f"{measure}达到{n}得满分，不足按比例", f"full points for {n}, in proportion below"),
        "deduct": (f"每1次扣{each}分，扣完为止", f"each one costs {each}, down to no points"),
        "proportional": (f"按{measure}得分", f"in proportion to {measure}"),
    }[rule.kind]
    return zh if chinese else en


def _amount(node: Node, value: float) -> str:
    """A rate in per cent, any other measure as its number."""
    return f"{value * 100:.10g}%" if node.measure == "rate" else number_words(value)


def _bands(node: Node, bands: Sequence[Band], measure: str, *, chinese: bool) -> str:
    parts = []
    for band in bands:
        share = share_words(band.share, band.grade)
        if band.min is None:
            parts.append(f"其余得{share}" if chinese else f"else {share}")
        else:
            parts.append(
                f"{_amount(node, band.min)}以上得{share}" if chinese else f"{share} from {_amount(node, band.min)}"
            )
    return measure + "，".join(parts) if chinese else f"{measure}: {', '.join(parts)}"


def _table(rows: Sequence[TableRow], *, chinese: bool) -> str:
    if chinese:
        return (
            "下级"
            + "，".join(f"达标{row.count}条以上得{share_words(row.share, row.grade)}" for row in rows)
            + "，再少不得分"
        )
    return (
        ", ".join(f"{share_words(row.share, row.grade)} for {row.count} parts met" for row in rows) + ", else nothing"
    )


def within_words(within: str, *, chinese: bool) -> str:
    """2个工作小时 or 2 working hours for "2h", "3d", "24H"."""
    amount, unit = within[:-1], within[-1:]
    if unit not in _UNITS:
        return within
    if chinese:
        return amount + _UNITS[unit][0]
    word = _UNITS[unit][1]
    return f"{amount} {word}" if amount == "1" else f"{amount} {word.replace('hour', 'hours').replace('day', 'days')}"


def slot_words(slot: EvidenceSlot, *, chinese: bool) -> str:
    """文：文件至少2份，近24个月 for an evidence slot."""
    if chinese:
        parts = [f"{_KINDS[slot.kind][0]}至少{slot.min}{_CLASSIFIERS[slot.kind]}"]
        parts += [f"近{slot.window_months}个月"] if slot.window_months else []
        parts += [f"{slot.max_chars}字以内"] if slot.max_chars else []
        return f"{slot.slot}：{'，'.join(parts)}"
    parts = [f"{_KINDS[slot.kind][1]}, at least {slot.min}"]
    parts += [f"of the last {slot.window_months} months"] if slot.window_months else []
    parts += [f"up to {slot.max_chars} characters"] if slot.max_chars else []
    return f"{slot.slot}: {', '.join(parts)}"
