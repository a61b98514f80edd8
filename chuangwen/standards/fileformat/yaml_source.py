"""Reads YAML 1.2 into places and values, safely.

Works on the parser's events, not on its objects: no tag can build anything, every value keeps its
line, duplicate keys are seen, and references (aliases) are counted as often as they are used, so
that a small file cannot unfold into a huge one. Words are resolved by the YAML 1.2 core schema.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from chuangwen.standards.fileformat.faults import FaultList, shorten
from chuangwen.standards.fileformat.raw import (
    MAX_NESTING,
    MAX_VALUES,
    NUMBER,
    Raw,
    RawList,
    RawMap,
    RawScalar,
    spelled,
)

_NULL: Final = {"", "~", "null", "Null", "NULL"}
_TRUE: Final = {"true", "True", "TRUE"}
_FALSE: Final = {"false", "False", "FALSE"}
_BASED: Final = re.compile(r"0(?:o[0-7]{1,20}|x[0-9a-fA-F]{1,16})")
_SPECIAL: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    raw: RawList | RawMap
    anchor: str | None
    size: int = 1
    key: RawScalar | None = None


class _Unfolding:
    """Turns events into raw values; `root` is set once the document is complete."""

    def __init__(self, faults: FaultList) -> None:
        self.faults = faults
        self.root: Raw | None = None
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Raw, int]] = {}
        self._documents = 0

    def take(self, event: Any) -> None:
        kind = type(event).__name__
        place = f"line {event.start_mark.line + 1}"
        if kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                raise self.faults.stop("several-documents", place)
        elif kind == "ScalarEvent":
            self._note_tag(event, place)
            scalar = RawScalar(event.value, place) if event.style else resolve(event.value, place)
            self._place(scalar, 1, event.anchor, place)
        elif kind in {"SequenceStartEvent", "MappingStartEvent"}:
            self._note_tag(event, place)
            self._open(RawList([], place) if kind.startswith("Seq") else RawMap(place), event.anchor)
        elif kind in {"SequenceEndEvent", "MappingEndEvent"}:
            done = self._stack.pop()
            self._place(done.raw, done.size, done.anchor, place)
        elif kind == "AliasEvent":
            if event.anchor not in self._anchors:
                raise self.faults.stop("unknown-alias", place, value=event.anchor)
            raw, size = self._anchors[event.anchor]
            self._place(raw, size, None, place)

    def _note_tag(self, event: Any, place: str) -> None:
        if event.tag is not None:
            self.faults.add("tag", place, value=shorten(str(event.tag)))

    def _open(self, raw: RawList | RawMap, anchor: str | None) -> None:
        if len(self._stack) >= MAX_NESTING:
            raise self.faults.stop("too-deep", raw.place, limit=MAX_NESTING)
        if self._stack and isinstance(self._stack[-1].raw, RawMap) and self._stack[-1].key is None:
            self.faults.add("key-not-text", raw.place, value=spelled(raw))
            raise self.faults.stop("syntax", raw.place, problem="a key must be a single word")
        self._stack.append(_Open(raw, anchor))

    def _place(self, raw: Raw, size: int, anchor: str | None, place: str) -> None:
        if anchor is not None:
            self._anchors[anchor] = (raw, size)
        if not self._stack:
            self.root = raw
            return
        top = self._stack[-1]
        top.size += size
        if top.size > MAX_VALUES:
            raise self.faults.stop("too-many-values", place, limit=MAX_VALUES)
        if isinstance(top.raw, RawList):
            top.raw.items.append(raw)
        elif top.key is None:
            # An alias may put a list or mapping where a key belongs.
            top.key = raw if isinstance(raw, RawScalar) else RawScalar(None, raw.place, spelled(raw))
        else:
            self._enter(top.raw, top.key, raw)
            top.key = None

    def _enter(self, target: RawMap, key: RawScalar, raw: Raw) -> None:
        if not isinstance(key.value, str):
            self.faults.add("key-not-text", key.place, value=spelled(key))
            return
        if key.value in target.key_places:
            first = target.key_places[key.value]
            self.faults.add("duplicate-key", key.place, value=shorten(key.value), first=first)
            return
        target.key_places[key.value] = key.place
        target.entries[key.value] = raw


def read_yaml(text: str, faults: FaultList) -> Raw | None:
    """The one document of `text`, or None where there is none.

    Raises UnreadableFileError, its fault noted, on broken syntax, a second document, an unknown alias, or
    more nesting or values than the limits allow.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415 (when needed: no start of the program should wait for it)
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415

    unfolding = _Unfolding(faults)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            unfolding.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise faults.stop("syntax", f"line {line}", problem=shorten(error.problem or "broken")) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise faults.stop("syntax", "line 1", problem=shorten(str(error))) from error
    return unfolding.root


def resolve(word: str, place: str) -> RawScalar:
    """A plain (unquoted) word by the YAML 1.2 core schema: null, bool, number or text."""
    if word in _NULL:
        return RawScalar(None, place)
    if word in _TRUE or word in _FALSE:
        return RawScalar(word in _TRUE, place)
    if NUMBER.fullmatch(word):
        return RawScalar(float(word), place, shorten(word))
    if _BASED.fullmatch(word):
        return RawScalar(float(int(word, 0)), place, word)
    if _SPECIAL.fullmatch(word):
        return RawScalar(float(word.replace(".", "")), place, word)
    return RawScalar(word, place)
