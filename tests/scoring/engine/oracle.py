"""A second, deliberately plain scoring, written from the specification sentence by sentence.

It exists to disagree with the engine: plain Python, no dataframes, one function for each paragraph of
docs/scoring.md, no thought given to speed. It imports nothing of the engine. Validation is left
out: it is given good tables only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from chuangwen.standards.tree import Node, Standard, Text, points_of

Row = dict[str, Any]
NEAR = 1e-9


@dataclass
class Tables:
    """The four tables, as lists of rows."""

    observations: list[Row]
    places: list[Row] = field(default_factory=list)
    frames: list[Row] = field(default_factory=list)
    leads: list[Row] = field(default_factory=list)


@dataclass
class Plain:
    """The three tables out, as lists of rows."""

    subjects: list[Row] = field(default_factory=list)
    nodes: list[Row] = field(default_factory=list)
    losses: list[Row] = field(default_factory=list)


def _held(x: float, low: float = 0.0, high: float = 1.0) -> float:
    return max(low, min(high, x))


def _weight(row: Row) -> float:
    return 1.0 if row.get("weight") is None else float(row["weight"])


def _share_of_measure(leaf: Node, x: float) -> float:
    m = leaf.map
    if m.kind == "proportional":
        return _held(x)
    if m.kind == "linear":
        return _held((x - m.start) / (m.stop - m.start))
    if m.kind == "required":
        return _held(x / m.n)
    if m.kind == "deduct":
        return _held(1 - m.each * x / points_of(leaf))
    for band in m.bands:
        if band.min is None or x >= band.min - NEAR:
            return band.share
    raise AssertionError("the last band has no min")


def _measure(leaf: Node, seen: list[Row]) -> float | None:
    if leaf.measure == "count":
        return float(sum(1 for row in seen if row["value"] > 0))
    total = math.fsum(_weight(row) * row["value"] for row in seen)
    if leaf.measure == "sum":
        return total
    weight = math.fsum(_weight(row) for row in seen)
    return None if weight == 0 else total / weight


def _falls(leaf: Node) -> bool:
    m = leaf.map
    if m.kind == "linear":
        return m.start > m.stop
    if m.kind == "bands":
        return any(m.bands[i].share < m.bands[i + 1].share for i in range(len(m.bands) - 1))
    return m.kind == "deduct"


class _Subject:
    """All that the specification says about one subject."""

    def __init__(self, standard: Standard, tables: Tables, name: str, missing: str) -> None:
        self.standard, self.tables, self.name, self.missing = standard, tables, name, missing
        self.root = Node(
            code="",
            title=Text("root"),
            points=standard.scale,
            aggregate=standard.aggregate,
            threshold=standard.threshold,
            table=standard.table,
            children=standard.nodes,
        )
        self.rows = [row for row in tables.observations if row["subject"] == name]
        self.unit_of = {p["place"]: p.get("unit") for p in tables.places if p["subject"] == name}
        self.stratum_of = {p["place"]: p.get("stratum") or "" for p in tables.places if p["subject"] == name}
        self.size_of = {f["stratum"] or "": f["size"] for f in tables.frames if f["subject"] == name}
        self.share: dict[str, float | None] = {}
        self.effective: dict[str, float | None] = {}
        self.lost: dict[str, float | None] = {}
        self.unit_losses: dict[tuple[str, str], float] = {}

    def seen(self, code: str) -> list[Row]:
        return [row for row in self.rows if row["code"] == code and row["value"] is not None]

    def leads_of(self, code: str) -> list[str]:
        mine = {r["unit"] for r in self.tables.leads if r["subject"] == self.name and r["code"] == code}
        return sorted(mine) or [""]

    # Share of a leaf, and up the tree

    def climb(self, node: Node) -> float | None:
        share = self._leaf_share(node) if node.is_leaf else self._inner_share(node)
        self.share[node.code] = share
        return share

    def _leaf_share(self, leaf: Node) -> float | None:
        if not any(row["code"] == leaf.code for row in self.rows):
            return 0.0 if self.missing == "zero" else None
        seen = self.seen(leaf.code)
        measure = _measure(leaf, seen) if seen else None
        return None if measure is None else _share_of_measure(leaf, measure)

    def _inner_share(self, node: Node) -> float | None:
        shares = [(child, self.climb(child)) for child in node.children]
        assessed = [(points_of(child), share) for child, share in shares if share is not None]
        if not assessed:
            return None
        if node.aggregate == "sum":
            points = math.fsum(p for p, _ in assessed)
            return None if points == 0 else math.fsum(p * s for p, s in assessed) / points
        if node.aggregate == "mean":
            return math.fsum(s for _, s in assessed) / len(assessed)
        if node.aggregate == "min":
            return min(s for _, s in assessed)
        reached = sum(1 for _, share in shares if share is None or share >= node.threshold - NEAR)
        return next((row.share for row in node.table if reached >= row.count), 0.0)

    # Effective points and losses go down

    def descend(self, node: Node, effective: float | None, lost: float | None) -> None:
        self.effective[node.code], self.lost[node.code] = effective, lost
        assessed = [c for c in node.children if lost is not None and self.share[c.code] is not None]
        parts = self._parts(node, assessed)
        for child in node.children:
            if child not in assessed or lost is None:
                self.descend(child, None, None)
                continue
            below = None
            if effective is not None and node.aggregate == "sum":
                below = effective * points_of(child) / math.fsum(points_of(c) for c in assessed)
            elif effective is not None and node.aggregate == "mean":
                below = effective / len(assessed)
            self.descend(child, below, lost * parts[child.code])
        if node.is_leaf and lost is not None:
            self._share_out(node, lost)

    def _parts(self, node: Node, assessed: list[Node]) -> dict[str, float]:
        gap = {c.code: 1.0 - (self.share[c.code] or 0.0) for c in assessed}
        if node.aggregate == "sum":
            gap = {c.code: points_of(c) * gap[c.code] for c in assessed}
        whole = math.fsum(gap.values())
        return {code: part / whole if whole > 1e-12 else 1 / len(gap) for code, part in gap.items()}

    def _share_out(self, leaf: Node, lost: float) -> None:
        rows = self.seen(leaf.code) if leaf.measure == "rate" else []
        by_rows = leaf.map.kind in ("proportional", "bands", "linear") and not _falls(leaf)
        failing = [(row, _weight(row) * (1 - row["value"])) for row in rows] if by_rows else []
        whole = math.fsum(part for _, part in failing)
        if whole == 0:
            self._charge(self.leads_of(leaf.code), leaf.code, lost)
            return
        for row, part in failing:
            unit = row.get("unit") or self.unit_of.get(row.get("place"))
            units = [unit] if unit else self.leads_of(leaf.code)
            self._charge(units, leaf.code, lost * part / whole)

    def _charge(self, units: list[str], code: str, points: float) -> None:
        for unit in units:
            key = (code, unit)
            self.unit_losses[key] = self.unit_losses.get(key, 0.0) + points / len(units)

    # How sure

    def interval_leaves(self, node: Node, open_above: bool = True) -> list[Node]:
        if node.is_leaf:
            counts = open_above and node.measure == "rate" and node.map.kind == "proportional"
            placed = any(row.get("place") is not None for row in self.seen(node.code))
            return [node] if counts and placed and self.effective[node.code] is not None else []
        below = open_above and node.aggregate in ("sum", "mean")
        return [leaf for child in node.children for leaf in self.interval_leaves(child, below)]

    def deviation(self) -> tuple[float | None, bool]:
        leaves = self.interval_leaves(self.root)
        if not leaves:
            return None, False
        z: dict[str, list[float]] = {}
        for leaf in leaves:
            rows = self.seen(leaf.code)
            weight = math.fsum(_weight(row) for row in rows)
            for row in rows:
                if row.get("place") is not None:
                    share, effective = self.share[leaf.code], self.effective[leaf.code]
                    assert share is not None
                    assert effective is not None
                    term = effective * _weight(row) * (row["value"] - share) / weight
                    z.setdefault(row["place"], []).append(term)
        strata: dict[str, list[float]] = {}
        for place, terms in z.items():
            strata.setdefault(self.stratum_of.get(place, ""), []).append(math.fsum(terms))
        return self._variance(strata)

    def _variance(self, strata: dict[str, list[float]]) -> tuple[float, bool]:
        variance, partial = 0.0, False
        for stratum, values in strata.items():
            n, size = len(values), self.size_of.get(stratum)
            if n == 1:
                partial = partial or size != 1
                continue
            correction = 1.0 if size is None else 1 - n / size
            mean = math.fsum(values) / n
            variance += correction * n / (n - 1) * math.fsum((v - mean) ** 2 for v in values)
        return math.sqrt(variance), partial

    # The total

    def _points(self, code: str, cap: float) -> float:
        return min(cap, math.fsum(_weight(row) * row["value"] for row in self.seen(code)))

    def _occurred(self, code: str) -> bool:
        return any(row["value"] > 0 for row in self.seen(code))

    def result(self) -> Row:
        s = self.standard
        share = self.climb(self.root)
        self.descend(self.root, None if share is None else s.scale, None if share is None else s.scale * (1 - share))
        bonus = math.fsum(self._points(b.code, b.cap) for b in s.bonuses)
        deducting = [(v.code, v.cap or 0.0) for v in s.vetoes if v.effect == "deduct"]
        penalty = math.fsum(
            self._points(code, cap) for code, cap in [*deducting, *((p.code, p.cap) for p in s.penalties)]
        )
        caps = [v.cap or 0.0 for v in s.vetoes if v.effect == "cap" and self._occurred(v.code)]
        total = None
        if share is not None:
            total = min([max(0.0, s.scale * share + bonus - penalty), *caps, *([] if s.cap is None else [s.cap])])
        se, partial = self.deviation()
        low = high = None
        if se is not None and total is not None:
            most = max(s.scale, total)
            low, high = _held(total - 1.96 * se, 0, most), _held(total + 1.96 * se, 0, most)
        vetoed = any(v.effect == "veto" and self._occurred(v.code) for v in s.vetoes)
        return {
            "subject": self.name,
            "total": total,
            "se": se,
            "low": low,
            "high": high,
            "se_partial": partial,
            "bonus": bonus,
            "penalty": penalty,
            "vetoed": vetoed,
            "rank": None,
        }

    def node_rows(self) -> list[Row]:
        return [self._node_row(node) for node in self.root.walk()]

    def _node_row(self, node: Node) -> Row:
        share, effective = self.share[node.code], self.effective[node.code]
        return {
            "subject": self.name,
            "code": node.code,
            "points": points_of(node),
            "effective": effective,
            "share": share,
            "attained": None if share is None or effective is None else effective * share,
            "lost": self.lost[node.code],
            "n": sum(len(self.seen(leaf.code)) for leaf in node.walk() if leaf.is_leaf),
            "assessed": share is not None,
        }

    def loss_rows(self) -> list[Row]:
        order = {node.code: i for i, node in enumerate(self.standard.walk())}
        keys = sorted(self.unit_losses, key=lambda key: (order[key[0]], key[1]))
        rows = [(code, unit, self.unit_losses[code, unit]) for code, unit in keys]
        return [{"subject": self.name, "unit": u, "code": c, "points": p} for c, u, p in rows if p > 1e-12]


def shown(total: float) -> Decimal:
    """A number as it is shown: nine decimals, then half up to two."""
    nine = Decimal(total).quantize(Decimal("1e-9"), ROUND_HALF_UP)
    return nine.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _rank(subjects: list[Row], observations: list[Row]) -> None:
    group = {row["subject"]: row["group"] for row in observations if row.get("group") is not None}
    for one in subjects:
        if one["total"] is None or one["vetoed"]:
            continue
        peers = [
            other
            for other in subjects
            if other["total"] is not None
            and not other["vetoed"]
            and group.get(other["subject"]) == group.get(one["subject"])
        ]
        one["rank"] = 1 + sum(1 for other in peers if shown(other["total"]) > shown(one["total"]))


def plain_score(standard: Standard, tables: Tables, missing: str = "exclude") -> Plain:
    """The three tables out, as lists of rows in the order of the specification."""
    plain = Plain()
    for name in sorted({row["subject"] for row in tables.observations}):
        subject = _Subject(standard, tables, name, missing)
        plain.subjects.append(subject.result())
        plain.nodes.extend(subject.node_rows())
        plain.losses.extend(subject.loss_rows())
    _rank(plain.subjects, tables.observations)
    return plain
