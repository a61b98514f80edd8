"""What everybody would read of a paper: its words and its table, without who signed it. Pure.

It is frozen as JSON when the release is proposed, so that what the second person looked at is what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chuangwen.reports.paper import Heading, Pairs, Paper, Table, Text
from chuangwen.reports.sheet import Sheet

PERSON_COLUMNS = ("people", "coordinator", "checked_by")  # of practice.md's papers, those that hold persons


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the text: a heading (level 1–4), a paragraph (level 0) or a table."""

    level: int
    text: str = ""
    caption: str = ""
    heads: tuple[str, ...] = ()
    numeric: tuple[bool, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def cells(self) -> list[list[tuple[str, str, bool]]]:
        """The rows as (head, value, is a figure)."""
        return [list(zip(self.heads, row, self.numeric, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Edition:
    """A whole paper as everybody may read it."""

    issuer: str
    number: str
    title: str
    addressee: str
    dated: str
    copy_to: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...]

    def texts(self) -> Iterator[str]:
        """Every word in it."""
        yield from (self.issuer, self.number, self.title, self.addressee, self.copy_to, *self.notes)
        for part in self.parts:
            yield from (part.text, part.caption, *part.heads)
            for row in part.rows:
                yield from row


def edition_of(paper: Paper) -> Edition:
    """The paper without its signatory and its photos."""
    return Edition(
        paper.issuer, paper.number, paper.title, paper.addressee, paper.dated, paper.copy_to,
        tuple(_part(block) for block in paper.blocks if not isinstance(block, Pairs)), tuple(paper.notes),
    )  # fmt: skip


def from_json(data: Mapping[str, Any]) -> Edition:
    """The edition whose fields `dataclasses.asdict` gave."""
    parts = tuple(
        Part(
            one["level"], one["text"], one["caption"], tuple(one["heads"]), tuple(one["numeric"]),
            tuple(tuple(row) for row in one["rows"]),
        )
        for one in data["parts"]
    )  # fmt: skip
    return Edition(**{**data, "parts": parts, "notes": tuple(data["notes"])})


def person_columns(sheet: Sheet) -> list[str]:
    """The columns of the sheet in which persons stand."""
    return [
        one.key for one in sheet.columns
        if one.key in PERSON_COLUMNS and any(row.values.get(one.key) for row in sheet.rows)
    ]  # fmt: skip


def _part(block: Heading | Text | Table) -> Part:
    if isinstance(block, Heading):
        return Part(block.level, block.text)
    if isinstance(block, Text):
        return Part(0, block.text)
    rows = tuple(tuple(row) for row in block.rows)
    return Part(0, "", block.caption, tuple(block.heads), tuple(block.numeric), rows)
