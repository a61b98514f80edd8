"""What a kind of table knows: its columns, and single words such as the title or the unit that fills in the form.

The names are Chinese, as the forms are, whatever language the screen speaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from chuangwen.core.workbooks.mapping import Field

Value = str | int | float | Decimal | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Word:
    """A column or a single word: its name, what it means, and other words by which forms call it.

    The meaning may be a lazy text: it is shown in the reader's language.
    """

    name: str
    meaning: Any = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The columns of the table and the words that stand alone; no name is in both."""

    columns: tuple[Word, ...]
    single: tuple[Word, ...] = ()

    @property
    def column_names(self) -> frozenset[str]:
        return frozenset(one.name for one in self.columns)

    @property
    def single_names(self) -> frozenset[str]:
        return frozenset(one.name for one in self.single)

    def fields(self) -> list[Field]:
        """The columns as the mapping of workbooks asks for them."""
        return [Field(one.name, one.name, one.aliases) for one in self.columns]


@dataclass(frozen=True, slots=True)
class Content:
    """What a form is filled with: a value for each single word, and rows with a value for each column in order.

    `rows` is walked once for each sheet that repeats a row.
    """

    rows: Sequence[Sequence[Value]]
    single: Mapping[str, Value] = field(default_factory=dict)


def sample_of(vocabulary: Vocabulary, rows: int = 2) -> Content:
    """Content that shows where each word goes: the name of the word with a number."""
    lines: Iterable[tuple[Value, ...]] = (
        tuple(f"{one.name}{number}" for one in vocabulary.columns) for number in range(1, rows + 1)
    )
    return Content(tuple(lines), {one.name: one.name for one in vocabulary.single})
