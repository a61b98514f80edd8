"""Faults of a standard file: what is wrong, where, and the way out.

A file is refused with the list of all its faults (spec: the standard file, last rules), so reading
never stops at the first. The words live in `messages.py`, in English and Chinese, under a stable
code that programs and tests rely on.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from chuangwen.standards.fileformat.messages import MESSAGES, SUGGESTION
from chuangwen.standards.fileformat.problems import SAID, chinese_words

_PLACE = re.compile(r"(?:line (?P<line>\d+))|(?:(?P<sheet>[^!]+)!(?P<column>[A-Z]+)(?P<row>\d+))")
_SHEET_ORDER = ("about", "nodes", "evidence", "checks", "problem_types", "place_types")
# Looking for the nearest word is slow; a hostile file must not make it slow thousands of times.
_MOST_KNOWN = 2_000
_MOST_SUGGESTIONS = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right; `place` is "line 12", "nodes!C7", a sheet's name or "file"."""

    code: str
    place: str
    message: str
    message_zh: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class FaultyStandard(ValueError):  # noqa: N818 - the domain says what it is: a faulty standard
    """The file is refused; `faults` holds all its faults in reading order, at least one."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnreadableFileError(Exception):
    """Reading cannot go on (the fault is noted already); internal to this package."""


class FaultList:
    """Collects faults while a file is read."""

    def __init__(self) -> None:
        self._faults: dict[Fault, None] = {}
        self._suggestions = 0

    def __bool__(self) -> bool:
        return bool(self._faults)

    def add(self, code: str, place: str, **words: object) -> None:
        """Note a fault; `words` fill the message of `code`. The same fault is noted once."""
        english, chinese = MESSAGES[code]
        in_chinese = {name: chinese_words(value) for name, value in words.items() if name in SAID} if words else {}
        fault = Fault(code, place, english.format(**words), chinese.format(**(words | in_chinese)))
        self._faults[fault] = None

    def add_unknown(self, code: str, place: str, value: str, known: Iterable[str], **words: object) -> None:
        """Note a word that is not in `known`, with the nearest known one as a suggestion."""
        known = list(known)
        near = []
        if len(known) <= _MOST_KNOWN and self._suggestions < _MOST_SUGGESTIONS:
            self._suggestions += 1
            near = difflib.get_close_matches(shorten(value), known, n=1, cutoff=0.6)
        hint, hint_zh = (part.format(near[0]) for part in SUGGESTION) if near else ("", "")
        english, chinese = MESSAGES[code]
        words |= {"value": shorten(value), "known": ", ".join(known) or "-"}
        fault = Fault(code, place, english.format(**words) + hint, chinese.format(**words) + hint_zh)
        self._faults[fault] = None

    def stop(self, code: str, place: str, **words: object) -> UnreadableFileError:
        """Note a fault after which nothing more can be read; the caller raises the result."""
        self.add(code, place, **words)
        return UnreadableFileError(code)

    def in_reading_order(self) -> list[Fault]:
        """All faults: by line, or by sheet, row and column."""
        return sorted(self._faults, key=lambda fault: _reading_order(fault.place))


def shorten(value: str, limit: int = 60) -> str:
    """`value` on one line and short enough for a message."""
    line = " ".join(value.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _reading_order(place: str) -> tuple[int, str, int, int, str]:
    match = _PLACE.fullmatch(place)
    if match is None:
        return (0, "", 0, 0, "")
    if match["line"]:
        return (1, "", int(match["line"]), 0, "")
    sheet = match["sheet"]
    rank = _SHEET_ORDER.index(sheet) if sheet in _SHEET_ORDER else len(_SHEET_ORDER)
    return (2 + rank, sheet, int(match["row"]), len(match["column"]), match["column"])
