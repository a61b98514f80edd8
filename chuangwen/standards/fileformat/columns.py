"""The Excel form: its sheets and columns, shared by the one that reads and the one that writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["code", "text", "number", "list", "flag", "map", "table", "grades"]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind = "text"
    width: int = 14
    required: bool = False


_CODE: Final = Column("code", "code", 14, required=True)
_TITLE: Final = (Column("title", width=40, required=True), Column("title_en", width=30))
_NAME: Final = (Column("name", width=24, required=True), Column("name_en", width=24))

# In the order in which a person reads them.
SHEETS: Final[dict[str, tuple[Column, ...]]] = {
    "about": (Column("key", width=16, required=True), Column("value", "text", 60, required=True)),
    "nodes": (
        _CODE,
        Column("parent", "code", 14),
        *_TITLE,
        Column("points", "number", 8),
        Column("aggregate", width=11),
        Column("threshold", "number", 10),
        Column("table", "table", 18),
        Column("method", width=12),
        Column("measure", width=10),
        Column("map", "map", 34),
        Column("place_types", "list", 26),
        Column("lead", "list", 24),
        Column("manual", width=60),
        Column("replaces", "list", 14),
    ),
    "evidence": (
        _CODE,
        Column("slot", width=16, required=True),
        Column("kind", width=12, required=True),
        Column("min", "number", 8),
        Column("window_months", "number", 15),
        Column("max_chars", "number", 11),
    ),
    "checks": (
        _CODE,
        Column("place_types", "list", 26, required=True),
        Column("text", width=44, required=True),
        Column("text_en", width=30),
        Column("criteria", "list", 18),
        Column("also", "list", 30),
        Column("quantity_label", width=16),
        Column("quantity_at_least", "number", 17),
        Column("problem_type", "code", 18),
        Column("photo", width=12),
        Column("group", width=16),
    ),
    "problem_types": (
        _CODE,
        *_NAME,
        Column("class", width=12),
        Column("within", width=8),
        Column("lead", "list", 24),
        Column("source", width=30),
    ),
    "place_types": (_CODE, *_NAME, Column("ad_hoc", "flag", 8), Column("quota", "number", 8)),
    "vetoes": (_CODE, *_TITLE, Column("effect", width=10), Column("cap", "number", 8)),
    "bonuses": (_CODE, *_TITLE, Column("cap", "number", 8, required=True)),
    "penalties": (_CODE, *_TITLE, Column("cap", "number", 8, required=True)),
}

# The rows of `about`, by key; other keys are refused by the rules of the file.
ABOUT: Final[dict[str, Kind]] = {
    "urn": "text",
    "version": "code",
    "title": "text",
    "title_en": "text",
    "subject": "text",
    "scale": "number",
    "aggregate": "text",
    "threshold": "number",
    "table": "table",
    "cap": "number",
    "strict_points": "flag",
    "grades": "grades",
}
