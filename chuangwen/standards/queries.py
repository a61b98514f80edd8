"""Reads published standards."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from chuangwen.core.models import Region
from chuangwen.standards import tree
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Check, Node, PlaceType, StandardDocument, StandardVersion
from chuangwen.standards.tree import Standard, points_of


def tree_of(version: StandardVersion) -> Standard:
    """The version as plain data. Read once a process for each content, since it never changes."""
    return _tree(version.pk, version.digest)


@lru_cache(maxsize=16)
def _tree(pk: int, digest: str) -> Standard:
    """`digest` is part of the key, so that another database's version never answers for this one."""
    document = StandardDocument.objects.get(version_id=pk, version__digest=digest)
    return read_standard(json.dumps(document.content, ensure_ascii=False).encode(), "standard.json")


def is_whole(version: StandardVersion) -> bool:
    """Whether the document still is the one that was published: its digest is the version's."""
    content = StandardDocument.objects.values_list("content", flat=True).get(version=version)
    return digest_of(content) == version.digest


def digest_of(document: Any) -> str:
    """SHA-256 of a standard's canonical JSON."""
    return hashlib.sha256(json.dumps(document, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def criteria(version: StandardVersion) -> QuerySet[Node]:
    """The leaves of a version in the order of the file."""
    return Node.objects.filter(version=version, is_leaf=True).order_by("position")


def checks_for(version: StandardVersion, place_type: PlaceType) -> QuerySet[Check]:
    """What an inspector answers at a place of this type, in the order of the file."""
    return (
        Check.objects.filter(version=version, place_types=place_type)
        .select_related("problem_type")
        .order_by("position")
    )


def versions_of(version: StandardVersion) -> QuerySet[StandardVersion]:
    """All versions of the same standard in the region, the newest first."""
    found = StandardVersion.objects.filter(region_id=version.region_id, urn=version.urn)
    return found.order_by("-published_at", "-pk")


def newest_version(region: Region, urn: str) -> StandardVersion | None:
    """The version of a standard that was published last."""
    found = StandardVersion.objects.filter(region=region, urn=urn)
    return found.order_by("-published_at", "-pk").first()


def standard_problem_type(region: Region, code: str) -> tree.ProblemType | None:
    """What the newest published standard that names `code` says about it."""
    for version in StandardVersion.objects.filter(region=region).order_by("-published_at", "-pk"):
        for one in tree_of(version).problem_types:
            if one.code == code:
                return one
    return None


@dataclass(frozen=True, slots=True)
class Section:
    """A top node with what it holds: its criteria by method, and its items (the nodes below it)."""

    node: tree.Node
    criteria: int
    methods: dict[str, int]
    items: tuple[tuple[tree.Node, int], ...]  # with the number of criteria of each

    @property
    def points(self) -> float:
        return points_of(self.node)


@dataclass(frozen=True, slots=True)
class Entry:
    """One node of a section's page: an inner node is a heading, a leaf comes with its checks."""

    node: tree.Node
    depth: int
    checks: tuple[tree.Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A criterion that fits a search, with the headings above it."""

    node: tree.Node
    section: tree.Node
    item: tree.Node | None


def sections(standard: Standard) -> list[Section]:
    """The top nodes in the order of the file."""
    return [_section(node) for node in standard.nodes]


def _section(node: tree.Node) -> Section:
    leaves = [leaf for leaf in node.walk() if leaf.is_leaf]
    methods: defaultdict[str, int] = defaultdict(int)
    for leaf in leaves:
        methods[leaf.method or ""] += 1
    items = tuple((child, sum(1 for n in child.walk() if n.is_leaf)) for child in node.children)
    return Section(node, len(leaves), dict(methods), items)


def entries(standard: Standard, tops: Iterable[tree.Node]) -> list[Entry]:
    """The nodes under `tops`, each before its children, leaves with the checks that feed them."""
    fed: defaultdict[str, list[tree.Check]] = defaultdict(list)
    for check in standard.checks:
        for code in check.criteria:
            fed[code].append(check)
    found: list[Entry] = []

    def visit(node: tree.Node, depth: int) -> None:
        found.append(Entry(node, depth, tuple(fed[node.code]) if node.is_leaf else ()))
        for child in node.children:
            visit(child, depth + 1)

    for top in tops:
        visit(top, 1)
    return found


def search(standard: Standard, *, words: str = "", method: str = "", place_type: str = "") -> list[Found]:
    """The criteria whose code, titles, manual or checks hold all `words`, of this method and place type."""
    wanted = words.casefold().split()
    checks: defaultdict[str, list[str]] = defaultdict(list)
    types: defaultdict[str, set[str]] = defaultdict(set)
    for check in standard.checks:
        for code in check.criteria:
            checks[code] += [check.text.zh, check.text.en]
            types[code].update(check.place_types)
    found = []
    for section in standard.nodes:
        for item, leaf in _leaves(section):
            if method and leaf.method != method:
                continue
            if place_type and place_type not in types[leaf.code] and place_type not in leaf.place_types:
                continue
            held = [leaf.code, leaf.title.zh, leaf.title.en, leaf.manual, *checks[leaf.code]]
            held += [text for node in (section, item) if node for text in (node.title.zh, node.title.en)]
            text = "\n".join(held).casefold()
            if all(word in text for word in wanted):
                found.append(Found(leaf, section, item))
    return found


def _leaves(section: tree.Node) -> Iterable[tuple[tree.Node | None, tree.Node]]:
    """(the node right below the section, leaf) for each leaf."""
    if section.is_leaf:
        yield None, section
    for child in section.children:
        for node in child.walk():
            if node.is_leaf:
                yield (child if node is not child else None), node


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """A heading of a checklist with its checks."""

    name: str
    checks: tuple[tree.Check, ...]
    before: int  # checks in the groups before it, so that numbers run on


def checklist(standard: Standard, place_type: str) -> list[CheckGroup]:
    """What is looked at in a place of this type, by group, groups in the order in which they first appear."""
    groups: dict[str, list[tree.Check]] = {}
    for check in standard.checks:
        if place_type in check.place_types:
            groups.setdefault(check.group, []).append(check)
    found: list[CheckGroup] = []
    for name, checks in groups.items():
        found.append(CheckGroup(name, tuple(checks), sum(len(group.checks) for group in found)))
    return found


def checks_by_place_type(standard: Standard) -> list[tuple[tree.PlaceType, int]]:
    """The place types of a standard with the number of checks of each."""
    count: defaultdict[str, int] = defaultdict(int)
    for check in standard.checks:
        for code in check.place_types:
            count[code] += 1
    return [(one, count[one.code]) for one in standard.place_types]


def method_counts(standard: Standard) -> list[tuple[str, int, float]]:
    """(method, criteria, points) for each method in use, the most points first."""
    counts: defaultdict[str, int] = defaultdict(int)
    points: defaultdict[str, float] = defaultdict(float)
    for leaf in standard.leaves():
        counts[leaf.method or ""] += 1
        points[leaf.method or ""] += points_of(leaf)
    return sorted(((key, counts[key], points[key]) for key in counts), key=lambda row: (-row[2], row[0]))


def facts_of(standard: Standard) -> dict[str, Any]:
    """What a preview tells of a file."""
    return {
        "criteria": sum(1 for _leaf in standard.leaves()),
        "checks": len(standard.checks),
        "place_types": len(standard.place_types),
        "problem_types": len(standard.problem_types),
        "vetoes": len(standard.vetoes),
        "bonuses": len(standard.bonuses) + len(standard.penalties),
    }
