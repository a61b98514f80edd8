"""The file before it is understood: values with their places, whatever format they came from.

YAML, JSON and Excel readers all produce these, so that each rule of the standard file is written
once and every fault can name its line or cell. Limits here keep hostile files from taking the
machine down; they lie far above any real standard (a national one has some 200 leaves).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

MAX_FILE_BYTES: Final = 4 * 1024 * 1024
MAX_VALUES: Final = 300_000  # after references are followed
MAX_NESTING: Final = 100
MAX_LEVELS: Final = 20  # levels of the tree
MAX_TEXT_CHARS: Final = 16_000  # one Excel cell holds 32,767 UTF-16 units
MAX_CODE_CHARS: Final = 100
MAX_UNPACKED_BYTES: Final = 64 * 1024 * 1024  # workbook: all parts together
MAX_PARTS: Final = 200  # workbook: files inside the package
MAX_ROWS: Final = 50_000  # workbook: last row in use of a sheet
MAX_COLUMNS: Final = 100

# What neither XML (Excel) nor YAML can carry; tab and line feed are fine, carriage return becomes one.
FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
NUMBER: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


@dataclass(slots=True)
class RawScalar:
    """A single value; a number keeps its `spelling`, since 1.10 and 1.1 are two codes."""

    value: str | float | bool | None
    place: str
    spelling: str = ""


@dataclass(slots=True)
class RawList:
    items: list[Raw]
    place: str


@dataclass(slots=True)
class RawMap:
    """`key_places` may hold keys without an entry: where an absent value would stand."""

    place: str
    entries: dict[str, Raw] = field(default_factory=dict)
    key_places: dict[str, str] = field(default_factory=dict)

    def place_of(self, key: str) -> str:
        return self.key_places.get(key, self.place)


@dataclass(slots=True)
class RawBroken:
    """A value whose fault is noted already; nobody needs to complain again."""

    place: str


Raw = RawScalar | RawList | RawMap | RawBroken


def is_empty(raw: Raw | None) -> bool:
    """Whether nothing is said: no value, null, an empty text, list or mapping."""
    if isinstance(raw, RawScalar):
        return raw.value is None or (isinstance(raw.value, str) and not raw.value.strip())
    if isinstance(raw, RawList):
        return not raw.items
    return raw is None or (isinstance(raw, RawMap) and not raw.entries)


def spelled(raw: Raw) -> str:
    """The value in a word or two, for messages."""
    if isinstance(raw, RawScalar):
        if raw.spelling:
            return raw.spelling
        if raw.value is None:
            return "null"
        return str(raw.value).lower() if isinstance(raw.value, bool) else f'"{raw.value}"'
    return "[ … ]" if isinstance(raw, RawList) else "{ … }"
