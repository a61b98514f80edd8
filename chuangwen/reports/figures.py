"""The figures of rectification: what stands in the weekly report (整改周报) and in the bulletin (通报).

Source of the columns and of the rate: practice.md, Papers and their columns; Default ladder of supervision.
Closed in time = closed by the deadline / due in the period. Long-term and disputed problems are left out, a
recurrence within 30 days counts as late, and what a unit found itself stands apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chuangwen.reports.sheet import Column, Row, Sheet, Value

# 新交办, 应办结, 按期, 逾期办结, 逾期未结, 未销号, 长期, 退回, 回潮, 按期率, 环比; 自查自纠 apart
COUNTS = ("new", "due", "in_time", "late_closed", "late_open", "open", "long_term", "returned", "recurrence")
COLUMNS = (
    *(Column(key) for key in COUNTS), Column("rate", "share", 5), Column("change", "change", 5), Column("self_found"),
)  # fmt: skip
OPEN = frozenset({"found", "assigned", "disputed", "fixed", "returned", "long-term"})
RUNNING = frozenset({"assigned", "returned"})
REPORTED = frozenset({"fixed", "closed"})


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, not with, `end`; `as_of` is the moment at which states were read."""

    start: datetime
    end: datetime
    as_of: datetime

    def holds(self, moment: datetime | None) -> bool:
        """Whether `moment` lies inside."""
        return moment is not None and self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Matter:
    """A problem as far as figures need it. States and classes are rectification.enums'."""

    pk: int
    unit: int
    state: str
    due: datetime
    found: datetime
    assigned: datetime | None = None
    fixed: datetime | None = None
    in_time: bool | None = None
    long_term: bool = False
    own: bool = False  # the unit found it itself
    recurrence: bool = False
    returns: tuple[datetime, ...] = ()


def is_due(one: Matter, span: Span) -> bool:
    """Whether it stands in the denominator (rectification.queries.counted says the same to the database)."""
    if not span.holds(one.due) or one.long_term:
        return False
    if one.state in RUNNING:
        return one.due < span.as_of
    if one.state == "fixed" and one.fixed is not None and one.fixed <= one.due:
        return False  # reported in time, the office has still to look
    return one.state in REPORTED


def places_of(one: Matter, span: Span) -> Iterable[str]:
    """The columns in which a problem is counted."""
    if one.own:
        if is_due(one, span):
            yield "self_found"
        return
    if span.holds(one.assigned):
        yield "new"
    if is_due(one, span):
        yield "due"
        yield "in_time" if one.in_time else "late_closed" if one.state == "closed" else "late_open"
    if one.state in OPEN:
        yield "open"
    if one.state == "long-term":
        yield "long_term"
    if any(span.holds(moment) for moment in one.returns):
        yield "returned"
    if one.recurrence and span.holds(one.found):
        yield "recurrence"


def rate_of(refs: Mapping[str, Sequence[int]]) -> float | None:
    """The share closed in time; None where nothing was due."""
    due = len(refs.get("due", ()))
    return len(refs.get("in_time", ())) / due if due else None


def rectification_sheet(matters: Iterable[Matter], units: Mapping[int, str], span: Span, before: Span) -> Sheet:
    """One row for each unit that has any figure, the best rate first, and the sum of all.

    `units`: key -> name, in the order in which units of the same rate stand. `before` is the period to compare with.
    """
    now: defaultdict[int, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    then: defaultdict[int, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for one in matters:
        for key in places_of(one, span):
            now[one.unit][key].append(one.pk)
        for key in places_of(one, before):
            then[one.unit][key].append(one.pk)
    rows = [_row(name, now[pk], then.get(pk, {}), unit=pk) for pk, name in units.items() if pk in now]
    rows.sort(key=_rank)
    total = _row("", _summed(now.values()), _summed(then.values()))
    return Sheet(COLUMNS, tuple(rows), total)


def best(sheet: Sheet, most: int) -> list[Row]:
    """The rows with the highest rates; ties at the end of the list are included (practice.md, red and black lists)."""
    return _with_ties([row for row in sheet.rows if row.values["rate"] is not None], most)


def worst(sheet: Sheet, most: int) -> list[Row]:
    """The rows with the lowest rates below 100 %, the lowest first; ties are included."""
    rated = [row for row in reversed(sheet.rows) if row.values["rate"] is not None and row.values["rate"] != 1]
    return _with_ties(rated, most)


def _with_ties(rows: list[Row], most: int) -> list[Row]:
    if len(rows) <= most:
        return rows
    last = rows[most - 1].values["rate"]
    return [row for number, row in enumerate(rows) if number < most or row.values["rate"] == last]


def _row(name: str, refs: Mapping[str, list[int]], before: Mapping[str, list[int]], unit: int | None = None) -> Row:
    rate, old = rate_of(refs), rate_of(before)
    values: dict[str, Value] = {key: len(refs.get(key, ())) for key in (*COUNTS, "self_found")}
    values |= {"rate": rate, "change": None if rate is None or old is None else rate - old}
    kept = {key: tuple(sorted(ids)) for key, ids in refs.items()}
    kept["rate"] = kept.get("due", ())
    return Row(name, values, kept, unit)


def _rank(row: Row) -> tuple[float, int]:
    """The best rate first, of equal rates who had more due; units with nothing due last."""
    rate, due = row.values["rate"], row.values["due"]
    return (-rate if isinstance(rate, float) else 1, -due if isinstance(due, int) else 0)


def _summed(many: Iterable[Mapping[str, list[int]]]) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for refs in many:
        for key, ids in refs.items():
            found[key] += ids
    return found
