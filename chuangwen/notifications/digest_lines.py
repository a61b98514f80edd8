"""The lines of a digest: what is late, what is soon due, what is new. Pure: no Django.

Three matters of a kind are named, more are counted, so that the whole is read on one screen of a phone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

NAMED: Final = 3
LATE, SOON, NEWS = "late", "soon", "news"
SECTIONS: Final = (LATE, SOON, NEWS)


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `due` in ISO form, "" for none; `unit` is named where it is not the reader's own."""

    section: str
    title: str
    url: str
    due: str = ""
    unit: str = ""
    urgent: bool = False
    count: int = 1

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Told:
    """A matter that one person is to hear of at one stage."""

    kind: str
    section: str
    key: str
    title: str
    url: str
    due: date
    unit: str = ""


def due_lines(matters: Iterable[Told], counted: Callable[[str, int], tuple[str, str]]) -> list[Line]:
    """Lines of deadlines, the earliest first. `counted(kind, n)` gives (words, address) for n matters of a kind."""
    groups: defaultdict[tuple[str, str, str], list[Told]] = defaultdict(list)
    for one in matters:
        groups[one.section, one.kind, one.unit].append(one)
    lines = []
    for (section, kind, unit), several in groups.items():
        several.sort(key=lambda one: (_order(one.due), one.key))
        if len(several) <= NAMED:
            lines += [Line(section, one.title, one.url, one.due.isoformat(), unit) for one in several]
        else:
            words, url = counted(kind, len(several))
            lines.append(Line(section, words, url, several[0].due.isoformat(), unit, count=len(several)))
    return sorted(lines, key=lambda line: (SECTIONS.index(line.section), line.due[:10], line.due, line.title))


def due_of(line: dict[str, Any]) -> date | None:
    """The deadline of a kept line."""
    text = line.get("due", "")
    if not text:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _order(due: date) -> str:
    """Days and moments in one order: a day without a time comes after the moments in it."""
    return due.isoformat() if isinstance(due, datetime) else f"{due.isoformat()}T99"
