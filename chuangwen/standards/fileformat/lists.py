"""Reads the lists around the tree: place types, problem types, checks, vetoes, adjustments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, get_args

from chuangwen.standards.fileformat.faults import shorten
from chuangwen.standards.fileformat.fields import Fields
from chuangwen.standards.fileformat.raw import RawMap
from chuangwen.standards.tree import (
    Adjustment,
    Check,
    Photo,
    PlaceType,
    ProblemClass,
    ProblemType,
    Quantity,
    Veto,
    VetoEffect,
)

PHOTOS: Final[tuple[Photo, ...]] = get_args(Photo)
CLASSES: Final[tuple[ProblemClass, ...]] = get_args(ProblemClass)
EFFECTS: Final[tuple[VetoEffect, ...]] = get_args(VetoEffect)
PLACE_TYPE_KEYS: Final = ("code", "name", "ad_hoc", "quota")
PROBLEM_TYPE_KEYS: Final = ("code", "name", "class", "within", "lead", "source")
CHECK_KEYS: Final = (
    "code",
    "place_types",
    "text",
    "criteria",
    "also",
    "quantity",
    "problem_type",
    "photo",
    "group",
)
VETO_KEYS: Final = ("code", "title", "effect", "cap")
ADJUSTMENT_KEYS: Final = ("code", "title", "cap")
_WITHIN: Final = re.compile(r"[1-9][0-9]{0,4}[hd]")
_ALSO: Final = re.compile(r"urn:[^\s#]+#\S.*")


@dataclass(slots=True)
class CheckEntry:
    """A check, and where it names others (code to place)."""

    check: Check
    fields: Fields
    place_types: dict[str, str]
    criteria: dict[str, str]


def read_place_type(fields: Fields) -> PlaceType:
    fields.refuse_unknown(PLACE_TYPE_KEYS)
    return PlaceType(
        code=fields.code("code", required=True),
        name=fields.title("name"),
        ad_hoc=fields.flag("ad_hoc"),
        quota=fields.whole("quota"),
    )


def read_problem_type(fields: Fields) -> ProblemType:
    fields.refuse_unknown(PROBLEM_TYPE_KEYS)
    within = fields.text("within")
    if within and not _WITHIN.fullmatch(within):
        fields.faults.add("within-form", fields.raw.entries["within"].place, value=shorten(within))
    return ProblemType(
        code=fields.code("code", required=True),
        name=fields.title("name"),
        problem_class=fields.choice("class", CLASSES, fault="unknown-class") or "limited",
        within=within or "1d",
        lead=fields.texts("lead"),
        source=fields.text("source"),
    )


def read_check(fields: Fields) -> CheckEntry:
    fields.refuse_unknown(CHECK_KEYS)
    place_types = fields.codes("place_types", required=True)
    criteria, also = fields.codes("criteria"), fields.codes("also")
    if not fields.has("criteria") and not fields.has("also"):
        fields.faults.add("no-criteria", fields.raw.place_of("criteria"))
    for other, place in also.items():
        if not _ALSO.fullmatch(other):
            fields.faults.add("also-form", place, value=shorten(other))
    check = Check(
        code=fields.code("code", required=True),
        place_types=tuple(place_types),
        text=fields.title("text"),
        criteria=tuple(criteria),
        also=tuple(also),
        quantity=_read_quantity(fields),
        problem_type=fields.code("problem_type"),
        photo=fields.choice("photo", PHOTOS, fault="unknown-photo") or "if-not-met",
        group=fields.text("group"),
    )
    return CheckEntry(check, fields, place_types, criteria)


def _read_quantity(fields: Fields) -> Quantity | None:
    raw = fields.get("quantity")
    if raw is None:
        return None
    if not isinstance(raw, RawMap):
        fields.faults.add("not-a-mapping", raw.place, value="quantity")
        return None
    inner = Fields(raw, fields.reading)
    inner.refuse_unknown(("label", "at_least"))
    label, at_least = inner.text("label"), inner.number("at_least", above=0)
    if not inner.has("label") or not inner.has("at_least"):
        missing = "at_least" if inner.has("label") else "label"
        fields.faults.add("quantity-form", raw.place_of(missing))
    return Quantity(label, at_least or 1.0)


def read_veto(fields: Fields) -> Veto:
    fields.refuse_unknown(VETO_KEYS)
    effect = fields.choice("effect", EFFECTS, fault="unknown-effect") or "veto"
    if effect != "veto" and not fields.has("cap"):
        fields.faults.add("veto-without-cap", fields.raw.place_of("cap"), value=effect)
    return Veto(
        code=fields.code("code", required=True),
        title=fields.title("title"),
        effect=effect,
        cap=fields.number("cap", least=0),
    )


def read_adjustment(fields: Fields) -> Adjustment:
    fields.refuse_unknown(ADJUSTMENT_KEYS)
    return Adjustment(
        code=fields.code("code", required=True),
        title=fields.title("title"),
        cap=fields.number("cap", required=True, least=0) or 0.0,
    )
