"""Takes single values out of a raw mapping, noting a fault where one is not what it should be.

Every method returns something usable even after a fault (a default, None, an empty tuple), so that
reading goes on and all faults are found in one go. Texts lose surrounding white space and have
plain line feeds: that is what all formats can carry.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TypeVar

from chuangwen.standards.fileformat.faults import FaultList, shorten
from chuangwen.standards.fileformat.raw import (
    FORBIDDEN,
    MAX_CODE_CHARS,
    MAX_TEXT_CHARS,
    Raw,
    RawBroken,
    RawList,
    RawMap,
    RawScalar,
    is_empty,
    spelled,
)
from chuangwen.standards.tree import Text

Word = TypeVar("Word", bound=str)


class Reading:
    """What one reading of a file shares: its faults, and whether places are cells."""

    def __init__(self, faults: FaultList, *, workbook: bool) -> None:
        self.faults = faults
        self.workbook = workbook
        self.grades: Mapping[str, float] = {}


class Fields:
    """The values of one mapping, by key."""

    def __init__(self, raw: RawMap, reading: Reading) -> None:
        self.raw = raw
        self.reading = reading
        self.faults = reading.faults

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Fault for each key outside `known`, so that no typing error is lost in silence."""
        known = list(known)
        for key in self.raw.entries:
            if key not in known:
                self.faults.add_unknown("unknown-key", self.raw.place_of(key), key, known)

    def has(self, key: str) -> bool:
        """Whether the file says anything under `key`."""
        return not is_empty(self.raw.entries.get(key))

    def get(self, key: str, *, required: bool = False) -> Raw | None:
        """The value, or None where it is absent, empty or faulty already."""
        raw = self.raw.entries.get(key)
        if is_empty(raw):
            if required:
                self.faults.add("missing", self.raw.place_of(key), value=key)
            return None
        return None if isinstance(raw, RawBroken) else raw

    def text(self, key: str, *, required: bool = False) -> str:
        raw = self.get(key, required=required)
        return "" if raw is None else self.text_of(raw, key)

    def text_of(self, raw: Raw, key: str) -> str:
        """`raw` as text, "" after a fault."""
        if not isinstance(raw, RawScalar) or not isinstance(raw.value, str):
            self.faults.add("not-text", raw.place, value=key, found=spelled(raw))
            return ""
        forbidden = FORBIDDEN.search(raw.value)
        if forbidden:
            name = f"U+{ord(forbidden.group()):04X}"
            self.faults.add("control-character", raw.place, value=name)
        value = raw.value.replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(value) > MAX_TEXT_CHARS:
            self.faults.add("too-long", raw.place, value=key, limit=MAX_TEXT_CHARS)
        return value

    def title(self, key: str) -> Text:
        """A text, or a mapping {zh, en} of which zh must be there."""
        raw = self.get(key, required=True)
        if not isinstance(raw, RawMap):
            return Text("" if raw is None else self.text_of(raw, key))
        parts = Fields(raw, self.reading)
        parts.refuse_unknown(("zh", "en"))
        return Text(parts.text("zh", required=True), parts.text("en"))

    def code(self, key: str, *, required: bool = False) -> str:
        raw = self.get(key, required=required)
        return "" if raw is None else self.code_of(raw, key)

    def code_of(self, raw: Raw, key: str) -> str:
        """`raw` as a code; a number is a fault of its own, since 1.10 would become 1.1."""
        if isinstance(raw, RawScalar) and isinstance(raw.value, float):
            code = "number-in-code-cell" if self.reading.workbook else "unquoted-code"
            self.faults.add(code, raw.place, value=raw.spelling)
            return ""
        value = " ".join(self.text_of(raw, key).split())
        if len(value) > MAX_CODE_CHARS:
            self.faults.add("too-long", raw.place, value=key, limit=MAX_CODE_CHARS)
        return value

    def items(self, key: str, *, required: bool = False) -> list[Raw]:
        """The items of a list, without those whose fault is noted already."""
        raw = self.get(key, required=required)
        if raw is None:
            return []
        if not isinstance(raw, RawList):
            self.faults.add("not-a-list", raw.place, value=key)
            return []
        return [item for item in raw.items if not isinstance(item, RawBroken)]

    def rows(self, key: str) -> list[Fields]:
        """The items of a list of mappings."""
        rows = []
        for item in self.items(key):
            if isinstance(item, RawMap):
                rows.append(Fields(item, self.reading))
            else:
                self.faults.add("not-a-mapping", item.place, value=key)
        return rows

    def codes(self, key: str, *, required: bool = False) -> dict[str, str]:
        """The codes of a list, each with its place."""
        return self._words(key, {}, required=required, as_code=True)

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(self._words(key, {}, required=False, as_code=False))

    def _words(self, key: str, seen: dict[str, str], *, required: bool, as_code: bool) -> dict[str, str]:
        length = 0
        for item in self.items(key, required=required):
            if is_empty(item):
                self.faults.add("missing", item.place, value=key)
                continue
            word = self.code_of(item, key) if as_code else self.text_of(item, key)
            length += 2 * len(word) + 2
            if word in seen:
                self.faults.add("repeated-item", item.place, value=key, found=shorten(word))
            elif word:
                seen[word] = item.place
        if length > MAX_TEXT_CHARS:
            self.faults.add("too-long", self.raw.place_of(key), value=key, limit=MAX_TEXT_CHARS)
        return seen

    def number(
        self,
        key: str,
        *,
        required: bool = False,
        least: float | None = None,
        above: float | None = None,
    ) -> float | None:
        """A finite number, None where absent or faulty; `least` is allowed, `above` is not."""
        raw = self.get(key, required=required)
        return None if raw is None else self.number_of(raw, key, least=least, above=above)

    def number_of(self, raw: Raw, key: str, *, least: float | None = None, above: float | None = None) -> float | None:
        value = raw.value if isinstance(raw, RawScalar) else None
        if not isinstance(value, float) or not math.isfinite(value):
            self.faults.add("not-a-number", raw.place, value=key, found=spelled(raw))
            return None
        bound = None
        if least is not None and value < least:
            bound = f"≥ {least:g}"
        elif above is not None and value <= above:
            bound = f"> {above:g}"
        if bound is not None:
            self.faults.add("too-small", raw.place, value=key, bound=bound, found=spelled(raw))
            return None
        return value

    def whole(self, key: str, *, required: bool = False, least: int = 0) -> int | None:
        raw = self.get(key, required=required)
        return None if raw is None else self.whole_of(raw, key, least=least)

    def whole_of(self, raw: Raw, key: str, *, least: int = 0) -> int | None:
        value = self.number_of(raw, key, least=least)
        if value is not None and (not value.is_integer() or value > 1e15):
            self.faults.add("not-whole", raw.place, value=key, found=spelled(raw))
            return None
        return None if value is None else int(value)

    def flag(self, key: str) -> bool:
        raw = self.get(key)
        if raw is None:
            return False
        if not isinstance(raw, RawScalar) or not isinstance(raw.value, bool):
            self.faults.add("not-a-flag", raw.place, value=key, found=spelled(raw))
            return False
        return raw.value

    def choice(self, key: str, known: tuple[Word, ...], *, fault: str, required: bool = False) -> Word | None:
        """One of `known`, None where absent; anything else is the fault `fault`, and None."""
        raw = self.get(key, required=required)
        if raw is None:
            return None
        value = self.text_of(raw, key)
        for word in known:
            if word == value:
                return word
        if value:
            self.faults.add_unknown(fault, raw.place, value, known)
        return None

    def share_of(self, raw: Raw, key: str) -> tuple[float, str] | None:
        """A share as (number, "") or (number, grade letter), None after a fault."""
        if isinstance(raw, RawScalar) and isinstance(raw.value, str):
            grade = raw.value.strip()
            if grade in self.reading.grades:
                return self.reading.grades[grade], grade
            self.faults.add_unknown("unknown-grade", raw.place, grade, self.reading.grades)
            return None
        value = self.number_of(raw, key)
        if value is None:
            return None
        if not 0 <= value <= 1:
            self.faults.add("share-range", raw.place, value=key, found=spelled(raw))
            return None
        return value, ""
