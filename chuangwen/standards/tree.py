"""The standard as plain data: the tree of nodes and the lists around it.

Everything that reads a standard (file formats, comparison, scoring, fieldwork) works on these
dataclasses and on nothing else. They hold what the file says after defaults are filled in, they
never change, and they know no database. Source: the standard file, spec/standard.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

Subject = Literal["city", "district", "county", "unit", "school", "village", "family", "office"]
Aggregate = Literal["sum", "mean", "min", "met"]
Method = Literal["material", "field", "survey", "report", "impression", "record"]
Measure = Literal["rate", "mean", "sum", "count"]
MapKind = Literal["proportional", "linear", "bands", "required", "deduct"]
Photo = Literal["never", "if-not-met", "always"]
ProblemClass = Literal["immediate", "limited", "long-term"]
VetoEffect = Literal["veto", "cap", "deduct"]


@dataclass(frozen=True, slots=True)
class Text:
    """A title in Chinese and, where the file gives one, in English ("" otherwise)."""

    zh: str
    en: str = ""

    def __str__(self) -> str:
        return self.zh or self.en


@dataclass(frozen=True, slots=True)
class Band:
    """One row of a bands map: `share` for measures not below `min` (None: the last row)."""

    min: float | None
    share: float
    grade: str = ""  # the letter the file used for the share, kept so that a copy reads alike


@dataclass(frozen=True, slots=True)
class Map:
    """How a leaf's measure becomes a share of its points, 0..1."""

    kind: MapKind = "proportional"
    start: float = 0.0  # linear: `from`
    stop: float = 1.0  # linear: `to`
    bands: tuple[Band, ...] = ()
    n: float = 0.0  # required
    each: float = 0.0  # deduct: points lost per unit of the measure

    @property
    def falls(self) -> bool:
        """Whether a higher measure may give a lower share."""
        if self.kind == "linear":
            return self.start > self.stop
        if self.kind == "bands":
            shares = [band.share for band in self.bands]
            return any(a < b for a, b in pairwise(shares))
        return self.kind == "deduct"


@dataclass(frozen=True, slots=True)
class EvidenceSlot:
    """One thing that a material review wants to see for a leaf."""

    slot: str
    kind: str  # document | photo | statement | record | video | table
    min: int = 1
    window_months: int | None = None
    max_chars: int | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a `met` table: `share` once `count` children have reached the threshold."""

    count: int
    share: float
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the tree; without children it is a leaf, and only leaves carry a measure."""

    code: str
    title: Text
    points: float | None = None  # as declared; `Standard.points_of` fills in sums
    aggregate: Aggregate = "sum"
    threshold: float = 1.0
    table: tuple[TableRow, ...] = ()
    children: tuple[Node, ...] = ()
    method: Method | None = None
    measure: Measure = "rate"
    map: Map = field(default_factory=Map)
    place_types: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    evidence: tuple[EvidenceSlot, ...] = ()
    manual: str = ""
    replaces: tuple[str, ...] = ()
    threshold_grade: str = ""  # the letter the file used for the threshold, "" for a number

    @property
    def is_leaf(self) -> bool:
        return not self.children

    @property
    def falls_on_rows(self) -> bool:
        """Whether a leaf's loss is shared among its rows (scoring specification, Who lost what)."""
        if not self.is_leaf or self.measure != "rate":
            return False
        return self.map.kind in ("proportional", "bands", "linear") and not self.map.falls

    def walk(self) -> Iterator[Node]:
        """This node, then all below it, each before its children."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class PlaceType:
    code: str
    name: Text
    ad_hoc: bool = False  # 随机查看: chosen on the spot, never drawn
    quota: int | None = None  # places a mock round draws by default


@dataclass(frozen=True, slots=True)
class Quantity:
    """The inspector counts; the check is met when `at_least` is reached."""

    label: str
    at_least: float


@dataclass(frozen=True, slots=True)
class Check:
    """What an inspector answers at a place of one of `place_types`."""

    code: str
    place_types: tuple[str, ...]
    text: Text
    criteria: tuple[str, ...]
    also: tuple[str, ...] = ()
    quantity: Quantity | None = None
    problem_type: str = ""
    photo: Photo = "if-not-met"
    group: str = ""  # heading under which the checklist shows it


@dataclass(frozen=True, slots=True)
class ProblemType:
    """`within` is written "2h" (working hours) or "3d" (working days)."""

    code: str
    name: Text
    problem_class: ProblemClass = "limited"
    within: str = "1d"
    lead: tuple[str, ...] = ()  # routing hint: the parties that usually put it right
    source: str = ""  # "customary: …" or "proposed: …", for people


@dataclass(frozen=True, slots=True)
class Veto:
    code: str
    title: Text
    effect: VetoEffect = "veto"
    cap: float | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A bonus or a penalty; at most `cap` points."""

    code: str
    title: Text
    cap: float


@dataclass(frozen=True, slots=True)
class Standard:
    """One version of a standard, complete and free of faults."""

    urn: str
    version: str
    title: Text
    subject: Subject
    scale: float
    nodes: tuple[Node, ...]
    aggregate: Aggregate = "sum"
    threshold: float = 1.0
    table: tuple[TableRow, ...] = ()
    cap: float | None = None
    strict_points: bool = False
    grades: Mapping[str, float] = field(default_factory=dict)
    place_types: tuple[PlaceType, ...] = ()
    checks: tuple[Check, ...] = ()
    problem_types: tuple[ProblemType, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    bonuses: tuple[Adjustment, ...] = ()
    penalties: tuple[Adjustment, ...] = ()
    threshold_grade: str = ""

    @property
    def root(self) -> Node:
        """The node implied over the top nodes, code "", worth the scale (scoring specification, Up the tree)."""
        return Node(
            code="", title=self.title, points=self.scale, aggregate=self.aggregate, threshold=self.threshold,
            table=self.table, children=self.nodes,
        )  # fmt: skip

    def walk(self) -> Iterator[Node]:
        """All nodes in the order of the file, each before its children."""
        for node in self.nodes:
            yield from node.walk()

    def leaves(self) -> Iterator[Node]:
        return (node for node in self.walk() if node.is_leaf)


def points_of(node: Node) -> float:
    """A node's points: as declared, else the sum of its children's (0 for a bare leaf)."""
    if node.points is not None:
        return node.points
    return sum(points_of(child) for child in node.children)
