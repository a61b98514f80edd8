"""A standard as the plain document that YAML and JSON hold, in the names of the standard file.

What equals its default is left out, so that a small standard stays a small file.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chuangwen.standards.tree import (
    Adjustment,
    Check,
    EvidenceSlot,
    Map,
    Node,
    PlaceType,
    ProblemType,
    Standard,
    TableRow,
    Text,
    Veto,
)

Document = dict[str, Any]


def document_of(standard: Standard) -> Document:
    """The document, its keys in the order in which a person reads them."""
    return {
        "urn": standard.urn,
        "version": standard.version,
        "title": title_of(standard.title),
        "subject": standard.subject,
        "scale": plain(standard.scale),
        **_aggregate(standard),
        **_said(
            cap=plain(standard.cap),
            strict_points=standard.strict_points or None,
            grades={name: plain(share) for name, share in standard.grades.items()},
            place_types=[_place_type(item) for item in standard.place_types],
        ),
        "nodes": [_node(node) for node in standard.nodes],
        **_said(
            problem_types=[_problem_type(item) for item in standard.problem_types],
            checks=[_check(item) for item in standard.checks],
            vetoes=[_veto(item) for item in standard.vetoes],
            bonuses=[_adjustment(item) for item in standard.bonuses],
            penalties=[_adjustment(item) for item in standard.penalties],
        ),
    }


def title_of(title: Text) -> str | Document:
    return {"zh": title.zh, "en": title.en} if title.en else title.zh


def plain(value: float | None) -> float | int | None:
    """Whole numbers without a fraction: 4 rather than 4.0."""
    if value is not None and float(value).is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _said(**values: Any) -> Document:
    """What is worth saying: everything but None, "", and empty lists and mappings."""
    return {key: value for key, value in values.items() if value is not None and value not in ("", [], {})}


def _share(share: float, grade: str) -> Any:
    return grade or plain(share)


def _table(rows: Iterable[TableRow]) -> list[list[Any]]:
    return [[row.count, _share(row.share, row.grade)] for row in rows]


def _aggregate(of: Standard | Node) -> Document:
    is_default = of.threshold == 1 and not of.threshold_grade
    return _said(
        aggregate=None if of.aggregate == "sum" else of.aggregate,
        threshold=None if is_default else _share(of.threshold, of.threshold_grade),
        table=_table(of.table),
    )


def _node(node: Node) -> Document:
    return {
        "code": node.code,
        "title": title_of(node.title),
        **_said(points=plain(node.points)),
        **_aggregate(node),
        **_said(
            method=node.method,
            measure=None if node.measure == "rate" else node.measure,
            map=None if node.map.kind == "proportional" else _map(node.map),
            place_types=list(node.place_types),
            lead=list(node.lead),
            evidence=[_slot(slot) for slot in node.evidence],
            manual=node.manual,
            replaces=list(node.replaces),
            children=[_node(child) for child in node.children],
        ),
    }


def _map(value: Map) -> Document:
    """The map of a leaf; proportional, the default, is never written."""
    if value.kind == "linear":
        return {"kind": "linear", "from": plain(value.start), "to": plain(value.stop)}
    if value.kind == "bands":
        bands = [_said(min=plain(band.min)) | {"share": _share(band.share, band.grade)} for band in value.bands]
        return {"kind": "bands", "bands": bands}
    if value.kind == "required":
        return {"kind": "required", "n": plain(value.n)}
    return {"kind": "deduct", "each": plain(value.each)}


def _slot(slot: EvidenceSlot) -> Document:
    return {"slot": slot.slot, "kind": slot.kind, "min": slot.min} | _said(
        window_months=slot.window_months, max_chars=slot.max_chars
    )


def _place_type(item: PlaceType) -> Document:
    return {"code": item.code, "name": title_of(item.name)} | _said(ad_hoc=item.ad_hoc or None, quota=item.quota)


def _problem_type(item: ProblemType) -> Document:
    return {
        "code": item.code,
        "name": title_of(item.name),
        "class": item.problem_class,
        "within": item.within,
        **_said(lead=list(item.lead), source=item.source),
    }


def _check(item: Check) -> Document:
    quantity = item.quantity
    return {
        "code": item.code,
        "place_types": list(item.place_types),
        "text": title_of(item.text),
        **_said(
            criteria=list(item.criteria),
            also=list(item.also),
            quantity=quantity and {"label": quantity.label, "at_least": plain(quantity.at_least)},
            problem_type=item.problem_type,
            photo=None if item.photo == "if-not-met" else item.photo,
            group=item.group,
        ),
    }


def _veto(item: Veto) -> Document:
    return {"code": item.code, "title": title_of(item.title), "effect": item.effect} | _said(cap=plain(item.cap))


def _adjustment(item: Adjustment) -> Document:
    return {"code": item.code, "title": title_of(item.title), "cap": plain(item.cap)}
