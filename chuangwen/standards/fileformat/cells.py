"""The small languages of Excel cells: lists, maps, tables, grades, each both ways.

Lists are separated by `;`. A `;` (or its full-width twin, or a backslash) inside a value is
written with a backslash before it. Full-width punctuation from a Chinese keyboard is understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from chuangwen.standards.fileformat.raw import NUMBER, Raw, RawList, RawMap, RawScalar
from chuangwen.standards.tree import Map, TableRow

_HALF_WIDTH: Final = str.maketrans("（），：；", "(),:;")
_NOT_IN_GRADES: Final = re.compile(r"[\s,;:()（），：；\\]")
_CALL: Final = re.compile(r"([\w-]+)\s*(?:\((.*)\))?", re.DOTALL)
_ESCAPED: Final = re.compile(r"[;；\\]")
_LONGEST_GRADE: Final = 20


class CellSyntaxError(ValueError):
    """The cell's text is not of the language it should be."""


def can_name_grade(name: str) -> bool:
    """Whether a grade may bear this name: it must not be mistaken for a number or for punctuation."""
    return 0 < len(name) <= _LONGEST_GRADE and not _NOT_IN_GRADES.search(name) and not NUMBER.fullmatch(name)


def number_text(value: float) -> str:
    """The shortest text that reads back as exactly this number."""
    number = float(value)  # a standard made in Python may hold an int
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)


def split_list(cell: str) -> list[str]:
    """The values of a list cell, without surrounding white space; empty ones are left out."""
    parts, part, index = [], "", 0
    while index < len(cell):
        sign = cell[index]
        if sign == "\\" and _ESCAPED.match(cell, index + 1):
            index += 1
            part += cell[index]
        elif sign in ";；":
            parts.append(part)
            part = ""
        else:
            part += sign
        index += 1
    return [word for word in (part.strip() for part in [*parts, part]) if word]


def join_list(values: Iterable[str]) -> str:
    """The cell that `split_list` takes apart again."""
    return "; ".join(_ESCAPED.sub(lambda sign: "\\" + sign.group(), value) for value in values)


def parse_map(cell: str, place: str) -> RawMap:
    """A cell such as `bands(0.85:A, 0.80:B, C)` as the mapping that YAML would hold.

    An unknown kind is passed on for the rules to refuse; anything else raises CellSyntaxError.
    """
    match = _CALL.fullmatch(cell.translate(_HALF_WIDTH).strip())
    if match is None:
        raise CellSyntaxError(cell)
    kind, inside = match[1], (match[2] or "").strip()
    words = [word.strip() for word in inside.split(",")] if inside else []
    values: dict[str, Raw] = {"kind": RawScalar(kind, place)}
    if kind == "bands":
        values["bands"] = RawList([_band(word, place) for word in words], place)
    elif kind in _ARGUMENTS:
        names = _ARGUMENTS[kind]
        if len(words) != len(names):
            raise CellSyntaxError(cell)
        values |= {name: _scalar(word, place) for name, word in zip(names, words, strict=True)}
    return _mapping(values, place)


_ARGUMENTS: Final = {"proportional": (), "linear": ("from", "to"), "required": ("n",), "deduct": ("each",)}


def format_map(value: Map) -> str:
    """The cell that `parse_map` reads as this map."""
    if value.kind == "linear":
        return f"linear({number_text(value.start)}, {number_text(value.stop)})"
    if value.kind == "bands":
        parts = (
            ("" if band.min is None else f"{number_text(band.min)}:") + (band.grade or number_text(band.share))
            for band in value.bands
        )
        return f"bands({', '.join(parts)})"
    if value.kind == "required":
        return f"required({number_text(value.n)})"
    return f"deduct({number_text(value.each)})" if value.kind == "deduct" else "proportional"


def parse_table(cell: str, place: str) -> RawList:
    """A cell such as `4:A; 3:B; 2:C` as the list of [count, share] that YAML would hold."""
    rows: list[Raw] = [RawList([_scalar(count, place), _scalar(share, place)], place) for count, share in _pairs(cell)]
    return RawList(rows, place)


def format_table(rows: Iterable[TableRow]) -> str:
    return "; ".join(f"{row.count}:{row.grade or number_text(row.share)}" for row in rows)


def parse_grades(cell: str, place: str) -> RawMap:
    """A cell such as `A:1; B:0.66`; a name given twice raises CellSyntaxError."""
    pairs = _pairs(cell)
    if len({name for name, _ in pairs}) < len(pairs):
        raise CellSyntaxError(cell)
    return _mapping({name: _scalar(share, place) for name, share in pairs}, place)


def format_grades(grades: Mapping[str, float]) -> str:
    return "; ".join(f"{name}:{number_text(share)}" for name, share in grades.items())


def _pairs(cell: str) -> list[tuple[str, str]]:
    pairs = []
    for part in cell.translate(_HALF_WIDTH).split(";"):
        if not part.strip():
            continue
        name, colon, value = (word.strip() for word in part.partition(":"))
        if not (name and colon and value):
            raise CellSyntaxError(cell)
        pairs.append((name, value))
    return pairs


def _band(word: str, place: str) -> RawMap:
    low, colon, share = (part.strip() for part in word.rpartition(":"))
    if not share or (colon and not low):
        raise CellSyntaxError(word)
    values = {"share": _scalar(share, place)}
    return _mapping({"min": _scalar(low, place), **values} if colon else values, place)


def _scalar(word: str, place: str) -> RawScalar:
    if NUMBER.fullmatch(word):
        return RawScalar(float(word), place, word)
    return RawScalar(word, place)


def _mapping(values: Mapping[str, Raw], place: str) -> RawMap:
    return RawMap(place, dict(values), dict.fromkeys(values, place))
