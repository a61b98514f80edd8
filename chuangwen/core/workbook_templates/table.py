"""Where the table of a form stands that has no placeholders for it, as a person confirmed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Table:
    """Rows are counted from 1, as a person reads them. `columns`: the letters of a column -> the word that goes in."""

    sheet: str
    header: tuple[int, ...]
    first: int
    last: int
    columns: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Plain lists, texts and numbers."""
        return {
            "sheet": self.sheet, "header": list(self.header), "first": self.first, "last": self.last,
            "columns": dict(self.columns),
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Table | None:
        """The inverse of `to_json`; None for {}: the form has placeholders in the row that is repeated."""
        if not kept:
            return None
        return cls(kept["sheet"], tuple(kept["header"]), kept["first"], kept["last"], dict(kept["columns"]))
