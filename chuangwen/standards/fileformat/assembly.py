"""Makes a Standard of the raw file, applying every rule of the standard file.

Rules that look at one value live with that value; here are those that look across the file: codes
that are taken, names that are not declared, points that do not add up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, get_args

from chuangwen.standards.fileformat.faults import FaultList, shorten
from chuangwen.standards.fileformat.fields import Fields, Reading
from chuangwen.standards.fileformat.lists import (
    CheckEntry,
    read_adjustment,
    read_check,
    read_place_type,
    read_problem_type,
    read_veto,
)
from chuangwen.standards.fileformat.maps import read_grades
from chuangwen.standards.fileformat.nodes import Branch, check_points, read_aggregate, read_nodes
from chuangwen.standards.fileformat.raw import Raw, RawBroken, RawMap, is_empty
from chuangwen.standards.tree import (
    Adjustment,
    Node,
    PlaceType,
    ProblemType,
    Standard,
    Subject,
    Text,
    Veto,
    points_of,
)

SUBJECTS: Final[tuple[Subject, ...]] = get_args(Subject)
STANDARD_KEYS: Final = (
    "urn",
    "version",
    "title",
    "subject",
    "scale",
    "aggregate",
    "threshold",
    "table",
    "cap",
    "strict_points",
    "grades",
    "place_types",
    "nodes",
    "problem_types",
    "checks",
    "vetoes",
    "bonuses",
    "penalties",
)
_URN: Final = re.compile(r"urn:[^\s#;；\\]+")


@dataclass(frozen=True, slots=True)
class _Around:
    """The lists around the tree, each entry with where it was said."""

    place_types: list[tuple[Fields, PlaceType]]
    problem_types: list[tuple[Fields, ProblemType]]
    checks: list[CheckEntry]
    vetoes: list[tuple[Fields, Veto]]
    bonuses: list[tuple[Fields, Adjustment]]
    penalties: list[tuple[Fields, Adjustment]]


def assemble(raw: Raw | None, faults: FaultList, *, workbook: bool) -> Standard:
    """The standard that `raw` describes; complete only if `faults` is still empty afterwards.

    Raises UnreadableFileError, its fault noted, where `raw` is no mapping at all.
    """
    if raw is None or is_empty(raw):
        raise faults.stop("empty", "file" if raw is None else raw.place)
    if not isinstance(raw, RawMap):
        raise faults.stop("not-a-mapping", raw.place, value="standard")
    reading = Reading(faults, workbook=workbook)
    fields = Fields(raw, reading)
    fields.refuse_unknown(STANDARD_KEYS)
    reading.grades = read_grades(fields)
    root = _read_root(fields)
    around = _Around(
        place_types=[(row, read_place_type(row)) for row in fields.rows("place_types")],
        problem_types=[(row, read_problem_type(row)) for row in fields.rows("problem_types")],
        checks=[read_check(row) for row in fields.rows("checks")],
        vetoes=[(row, read_veto(row)) for row in fields.rows("vetoes")],
        bonuses=[(row, read_adjustment(row)) for row in fields.rows("bonuses")],
        penalties=[(row, read_adjustment(row)) for row in fields.rows("penalties")],
    )
    _check_across(fields, root, around)
    return Standard(
        urn=_read_urn(fields),
        version=fields.code("version", required=True),
        title=fields.title("title"),
        subject=fields.choice("subject", SUBJECTS, fault="unknown-subject", required=True) or "city",
        scale=_read_scale(fields, root),
        nodes=root.node.children,
        aggregate=root.node.aggregate,
        threshold=root.node.threshold,
        table=root.node.table,
        cap=fields.number("cap", least=0),
        strict_points=fields.flag("strict_points"),
        grades=reading.grades,
        place_types=tuple(item for _, item in around.place_types),
        checks=tuple(entry.check for entry in around.checks),
        problem_types=tuple(item for _, item in around.problem_types),
        vetoes=tuple(item for _, item in around.vetoes),
        bonuses=tuple(item for _, item in around.bonuses),
        penalties=tuple(item for _, item in around.penalties),
        threshold_grade=root.node.threshold_grade,
    )


def _check_across(fields: Fields, root: Branch, around: _Around) -> None:
    """The rules that look across the file; what is broken already is not held against others."""
    faults, branches, checks = fields.faults, list(root.walk()), around.checks
    # Observations name leaves, vetoes, bonuses and penalties by code alone: one space of codes.
    scored = [(branch.fields, branch.node.code) for branch in branches]
    scored += [(row, item.code) for row, item in around.vetoes]
    scored += [(row, item.code) for row, item in [*around.bonuses, *around.penalties]]
    _refuse_taken(scored)
    known_places = _refuse_taken((row, item.code) for row, item in around.place_types)
    known_problems = _refuse_taken((row, item.code) for row, item in around.problem_types)
    _refuse_taken((entry.fields, entry.check.code) for entry in checks)
    if not _is_broken(fields, "place_types"):
        for used in [branch.place_types for branch in branches] + [entry.place_types for entry in checks]:
            _refuse_undeclared(used, known_places, faults, "undeclared-place-type")
    if not _is_broken(fields, "problem_types"):
        for entry in checks:
            _refuse_undeclared(_problem_type(entry), known_problems, faults, "undeclared-problem-type")
    if not _is_broken(fields, "nodes"):
        _check_criteria(checks, branches, faults)
        check_points(root, strict=fields.flag("strict_points"))


def _read_root(fields: Fields) -> Branch:
    """The implied node over the top nodes; its points are the declared scale."""
    if not fields.has("nodes") and not _is_broken(fields, "nodes"):
        fields.faults.add("no-nodes", fields.raw.place_of("nodes"))
    children = read_nodes(fields)
    scale = fields.number("scale", above=0)
    aggregate, (threshold, letter), table = read_aggregate(fields)
    node = Node(
        code="",
        title=Text(""),
        points=scale,
        aggregate=aggregate,
        threshold=threshold,
        table=table,
        children=tuple(child.node for child in children),
        threshold_grade=letter,
    )
    return Branch(node, fields, children, points_are_known=scale is not None or not fields.has("scale"))


def _read_scale(fields: Fields, root: Branch) -> float:
    scale = points_of(root.node)
    # Under sum, top nodes without points are a fault already.
    if not scale and root.children and root.points_are_known and root.node.aggregate != "sum":
        fields.faults.add("no-scale", fields.raw.place_of("scale"))
    return scale


def _read_urn(fields: Fields) -> str:
    urn = fields.text("urn", required=True)
    if urn and not _URN.fullmatch(urn):
        fields.faults.add("urn-form", fields.raw.entries["urn"].place, value=shorten(urn))
    return urn


def _is_broken(fields: Fields, key: str) -> bool:
    return isinstance(fields.raw.entries.get(key), RawBroken)


def _refuse_taken(coded: Iterable[tuple[Fields, str]]) -> dict[str, str]:
    """Fault for each code that an earlier one has; returns all codes with their places."""
    first: dict[str, str] = {}
    for fields, code in coded:
        if not code:
            continue
        place = fields.raw.entries["code"].place
        if code in first:
            fields.faults.add("duplicate-code", place, value=code, first=first[code])
        else:
            first[code] = place
    return first


def _refuse_undeclared(used: Mapping[str, str], known: Mapping[str, str], faults: FaultList, fault: str) -> None:
    for code, place in used.items():
        if code not in known:
            faults.add_unknown(fault, place, code, known)


def _problem_type(entry: CheckEntry) -> dict[str, str]:
    code = entry.check.problem_type
    return {code: entry.fields.raw.entries["problem_type"].place} if code else {}


def _check_criteria(checks: Iterable[CheckEntry], branches: Iterable[Branch], faults: FaultList) -> None:
    is_leaf = {branch.node.code: branch.is_leaf for branch in branches}
    for entry in checks:
        for code, place in entry.criteria.items():
            if code not in is_leaf:
                faults.add_unknown("undeclared-criterion", place, code, is_leaf)
            elif not is_leaf[code]:
                faults.add("criterion-not-leaf", place, value=code)
