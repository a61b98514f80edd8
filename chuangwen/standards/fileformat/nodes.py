"""Reads the tree of nodes, and the rules about a single node and about points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, get_args

from chuangwen.standards.fileformat.cells import number_text
from chuangwen.standards.fileformat.fields import Fields
from chuangwen.standards.fileformat.maps import read_map, read_table, read_threshold
from chuangwen.standards.fileformat.raw import MAX_LEVELS
from chuangwen.standards.tree import (
    Aggregate,
    EvidenceSlot,
    Measure,
    Method,
    Node,
    TableRow,
    points_of,
)

AGGREGATES: Final[tuple[Aggregate, ...]] = get_args(Aggregate)
METHODS: Final[tuple[Method, ...]] = get_args(Method)
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
EVIDENCE_KINDS: Final = ("document", "photo", "statement", "record", "video", "table")
EVIDENCE_KEYS: Final = ("slot", "kind", "min", "window_months", "max_chars")
LEAF_KEYS: Final = ("method", "measure", "map", "place_types", "evidence")
INNER_KEYS: Final = ("children", "aggregate", "threshold", "table")
NODE_KEYS: Final = ("code", "title", "points", *INNER_KEYS, *LEAF_KEYS, "lead", "manual", "replaces")
TOLERANCE: Final = 1e-9


@dataclass(slots=True)
class Branch:
    """A node with where it was said; the root stands for the file itself, with code ""."""

    node: Node
    fields: Fields
    children: list[Branch]
    points_are_known: bool = True  # False where points are given but faulty
    place_types: dict[str, str] = field(default_factory=dict)  # code to place

    @property
    def is_leaf(self) -> bool:
        """Whether the file means a leaf (children that are faulty still make an inner node)."""
        return not self.fields.has("children") and not self.fields.has("nodes")

    def walk(self) -> Iterator[Branch]:
        """All branches below this one, in the order of the file."""
        for child in self.children:
            yield child
            yield from child.walk()


def read_nodes(fields: Fields, key: str = "nodes", level: int = 1) -> list[Branch]:
    """The nodes under `key` with all below them."""
    rows = fields.rows(key)
    if rows and level > MAX_LEVELS:
        fields.faults.add("levels", fields.raw.place_of(key), limit=MAX_LEVELS)
        return []
    return [_read_node(row, level) for row in rows]


def _read_node(fields: Fields, level: int) -> Branch:
    fields.refuse_unknown(NODE_KEYS)
    children = read_nodes(fields, "children", level + 1)
    code, title = fields.code("code", required=True), fields.title("title")
    points = fields.number("points", least=0)
    aggregate, threshold, table = read_aggregate(fields)
    if fields.has("children"):
        _refuse_leaf_keys(fields)
    else:
        _refuse_inner_keys(fields, aggregate)
    place_types = fields.codes("place_types")
    node = Node(
        code=code,
        title=title,
        points=points,
        aggregate=aggregate,
        threshold=threshold[0],
        table=table,
        children=tuple(child.node for child in children),
        method=fields.choice("method", METHODS, fault="unknown-method"),
        measure=fields.choice("measure", MEASURES, fault="unknown-measure") or "rate",
        map=read_map(fields),
        place_types=tuple(place_types),
        lead=fields.texts("lead"),
        evidence=tuple(_read_slot(row) for row in fields.rows("evidence")),
        manual=fields.text("manual"),
        replaces=tuple(fields.codes("replaces")),
        threshold_grade=threshold[1],
    )
    points_are_known = points is not None or not fields.has("points")
    return Branch(node, fields, children, points_are_known, place_types)


def read_aggregate(fields: Fields) -> tuple[Aggregate, tuple[float, str], tuple[TableRow, ...]]:
    """How children make the node: the aggregate, the threshold with its letter, the table."""
    said = fields.choice("aggregate", AGGREGATES, fault="unknown-aggregate")
    aggregate: Aggregate = said or "sum"
    threshold, table = read_threshold(fields), read_table(fields)
    if aggregate == "met":
        if not fields.has("table"):
            key = "table" if "table" in fields.raw.key_places else "aggregate"
            fields.faults.add("met-without-table", fields.raw.place_of(key))
    elif said is not None or not fields.has("aggregate"):
        if threshold != (1.0, ""):
            fields.faults.add("only-with-met", fields.raw.place_of("threshold"), value="threshold")
        if table:
            fields.faults.add("only-with-met", fields.raw.place_of("table"), value="table")
    return aggregate, threshold, table


def _refuse_leaf_keys(fields: Fields) -> None:
    for key in LEAF_KEYS:
        if fields.has(key):
            fields.faults.add("leaf-key-on-inner", fields.raw.place_of(key), value=key)


def _refuse_inner_keys(fields: Fields, aggregate: Aggregate) -> None:
    if aggregate != "sum":  # the default, spelled out, does no harm
        fields.faults.add("inner-key-on-leaf", fields.raw.place_of("aggregate"), value="aggregate")


def _read_slot(fields: Fields) -> EvidenceSlot:
    fields.refuse_unknown(EVIDENCE_KEYS)
    least = fields.whole("min", least=0)
    return EvidenceSlot(
        slot=fields.text("slot", required=True),
        kind=fields.choice("kind", EVIDENCE_KINDS, fault="unknown-evidence", required=True) or "",
        min=1 if least is None else least,
        window_months=fields.whole("window_months", least=1),
        max_chars=fields.whole("max_chars", least=1),
    )


def check_points(root: Branch, *, strict: bool) -> None:
    """The rules about points, for every node that adds its children up and every deducting leaf."""
    pending = [root]
    while pending:
        branch = pending.pop()
        pending.extend(branch.children)
        if branch.node.aggregate == "sum":
            _check_sum(branch, strict=strict)
        for child in branch.children:
            _check_deduction(child, under=branch.node.aggregate)


def _check_deduction(leaf: Branch, *, under: Aggregate) -> None:
    points = leaf.node.points
    if leaf.node.map.kind != "deduct" or not leaf.is_leaf or not leaf.points_are_known:
        return
    if points == 0 or (points is None and under != "sum"):  # under sum it is a fault of its own
        place = leaf.fields.raw.place_of("points")
        leaf.fields.faults.add("deduct-without-points", place, value=leaf.node.code)


def _check_sum(branch: Branch, *, strict: bool) -> None:
    faults, node = branch.fields.faults, branch.node
    bare = [child for child in branch.children if child.is_leaf and child.node.points is None]
    for child in bare:
        if child.points_are_known:
            faults.add("leaf-without-points", child.fields.raw.place_of("points"), value=child.node.code)
    if bare or not branch.children or not all(child.points_are_known for child in branch.children):
        return
    is_root = branch.fields.has("nodes")
    found = sum(points_of(child.node) for child in branch.children)
    if not found:
        faults.add("sum-without-points", branch.fields.raw.place_of("nodes" if is_root else "children"))
    elif strict and node.points is not None and abs(found - node.points) > TOLERANCE * max(1.0, found):
        words = {"found": f"{found:.12g}", "declared": number_text(node.points)}
        place = branch.fields.raw.place_of("scale" if is_root else "points")
        faults.add("points-differ", place, value="scale" if is_root else node.code, **words)
