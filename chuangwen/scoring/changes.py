"""Why two totals differ: what the data changed and what the standard changed. Pure.

Two runs a and b, maybe under two versions of one standard. The rows of a, judged under the standard (and the policy
for missing criteria) of b, stand between them:

    total b - total a = (a's rows under b's standard - total a) + (total b - a's rows under b's standard)
                         what the standard changed                 what the data changed

The same holds for each section and each criterion, so that the rows of every table add up to the last line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING, Literal

from chuangwen.scoring.engine.figures import SURE
from chuangwen.standards.comparison import compare

if TYPE_CHECKING:
    import polars as pl

    from chuangwen.standards.tree import Node, Standard

Reason = Literal["gone", "group", "measure"]
SEEN_APART = 0.005  # points: less does not show in two decimals


@dataclass(frozen=True, slots=True)
class Lost:
    """A criterion whose rows the later standard cannot judge, and why: gone, now a group, measured otherwise."""

    code: str
    title: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Carrying:
    """Where the rows of each old code go; a code may go to several, several may go to one."""

    codes: Mapping[str, tuple[str, ...]]
    lost: tuple[Lost, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One criterion, section or sum: points before, as they would be under the later standard, and after."""

    code: str
    title: str
    section: str
    before: float
    between: float
    after: float
    earlier: bool = True  # the earlier standard has it
    later: bool = True  # the later standard has it

    @property
    def standard(self) -> float:
        return self.between - self.before

    @property
    def data(self) -> float:
        return self.after - self.between

    @property
    def whole(self) -> float:
        return self.after - self.before

    @property
    def shows(self) -> bool:
        return max(abs(self.standard), abs(self.data)) >= SEEN_APART


def carrying(old: Standard, new: Standard) -> Carrying:
    """Which codes of the new standard judge the rows of each old one. Raises DifferentStandardsError."""
    pairs = compare(old, new).pairs
    codes: defaultdict[str, list[str]] = defaultdict(list)
    unfit: dict[str, Reason] = {}
    for pair in pairs:
        if not pair.old.is_leaf:
            continue
        if not pair.new.is_leaf:
            unfit.setdefault(pair.old.code, "group")
        elif pair.old.measure != pair.new.measure:
            unfit.setdefault(pair.old.code, "measure")
        else:
            codes[pair.old.code].append(pair.new.code)
    events = _events(old) & _events(new)
    lost = tuple(
        Lost(leaf.code, leaf.title.zh, unfit.get(leaf.code, "gone")) for leaf in old.leaves() if leaf.code not in codes
    )
    kept = {code: tuple(found) for code, found in codes.items()} | {code: (code,) for _kind, code in events}
    return Carrying(kept, lost)


def _events(standard: Standard) -> set[tuple[str, str]]:
    return {
        *(("veto", one.code) for one in standard.vetoes), *(("bonus", one.code) for one in standard.bonuses),
        *(("penalty", one.code) for one in standard.penalties),
    }  # fmt: skip


def carried(observations: pl.DataFrame, codes: Mapping[str, tuple[str, ...]]) -> pl.DataFrame:
    """The rows under their new codes; rows whose code goes nowhere are left out."""
    import polars as pl  # noqa: PLC0415 (loaded when a comparison is made)

    pairs = [(old, new) for old, found in codes.items() for new in found]
    names = pl.DataFrame(pairs, schema={"code": pl.String, "new": pl.String}, orient="row")
    moved = observations.join(names, on="code", how="inner", maintain_order="left")
    return moved.with_columns(code=pl.col("new")).select(observations.columns)


def counted(standard: Standard) -> dict[str, tuple[Node, str]]:
    """The nodes at which points are told, with the code of their section: leaves, and whole groups under min or met.

    Below min and met a single criterion has no points of its own (scoring specification, Up the tree).
    """
    found: dict[str, tuple[Node, str]] = {}

    def walk(node: Node, section: str) -> None:
        if node.is_leaf or node.aggregate in {"min", "met"}:
            found[node.code] = (node, section)
            return
        for child in node.children:
            walk(child, section)

    for top in standard.nodes:
        walk(top, top.code)
    return found


def homes(old: Standard, new: Standard) -> dict[str, str]:
    """Each counted node of the old standard -> the counted node of the new one that goes on with it; if any does."""
    above: dict[str, str] = {}
    for code, (node, _section) in counted(new).items():
        above.update({one.code: code for one in node.walk()})
    inside = {one.code: code for code, (node, _section) in counted(old).items() for one in node.walk()}
    found: dict[str, str] = {}
    pairs = compare(old, new).pairs
    for pair in sorted(pairs, key=lambda one: inside.get(one.old.code) != one.old.code):  # a group by itself first
        home, origin = above.get(pair.new.code), inside.get(pair.old.code)
        if home is not None and origin is not None:
            found.setdefault(origin, home)
    return found


def changes(
    old: Standard, new: Standard, before: Mapping[str, float], between: Mapping[str, float], after: Mapping[str, float]
) -> list[Change]:
    """A row for each counted node of the new standard, in its order, then those that the new one has no more.

    The maps give points attained by code: `before` under the old standard, the others under the new one.
    """
    home = homes(old, new) if old is not new else {code: code for code in counted(old)}
    earlier: defaultdict[str, float] = defaultdict(float)
    for code, target in home.items():
        earlier[target] += before.get(code, 0.0)
    known = set(home.values())
    rows = [
        Change(
            code, node.title.zh, section, earlier[code], between.get(code, 0.0), after.get(code, 0.0),
            earlier=code in known,
        )
        for code, (node, section) in counted(new).items()
    ]  # fmt: skip
    gone = [
        Change(code, node.title.zh, "", before.get(code, 0.0), 0.0, 0.0, later=False)
        for code, (node, _section) in counted(old).items()
        if code not in home
    ]
    return rows + gone


def by_section(standard: Standard, rows: Iterable[Change]) -> list[Change]:
    """The rows summed by section in the standard's order; what the standard has no more comes last, under code ""."""
    titles = {node.code: node.title.zh for node in standard.nodes}
    held: defaultdict[str, list[Change]] = defaultdict(list)
    for row in rows:
        held[row.section].append(row)
    return [summed(code, titles.get(code, ""), held[code]) for code in [*titles, ""] if held[code]]


def summed(code: str, title: str, rows: Iterable[Change]) -> Change:
    """Rows as one."""
    listed = list(rows)
    sums = [sum(getattr(row, name) for row in listed) for name in ("before", "between", "after")]
    return Change(code, title, code, *sums)


def beyond_luck(difference: float, first: float | None, second: float | None) -> tuple[bool, float] | None:
    """Whether two independent estimates lie further apart than the draw explains, and how far it reaches.

    `first` and `second` are their standard errors; None where one is unknown. The margin is 1.96 times the root of
    the sum of their squares. Where the two draws share places the true margin is rather smaller.
    """
    if first is None or second is None:
        return None
    margin = SURE * hypot(first, second)
    return abs(difference) > margin, margin
