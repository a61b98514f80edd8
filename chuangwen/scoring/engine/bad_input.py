"""The errors of the engine: a table that cannot be scored, and where; a cluster that cannot be asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

TableName = Literal["observations", "places", "frames", "leads"]
Kind = Literal["", "empty", "unknown", "weight", "value", "rate", "group", "size", "crowded", "twice"]


class NoSpark(RuntimeError):  # noqa: N818  what is missing, not what went wrong
    """The Spark cluster that was named cannot be asked; the message says what to do."""


class BadInput(ValueError):  # noqa: N818  the specification's readers know it by this name
    """A row (or column) that breaks a rule of the tables; nothing was scored.

    `row` counts data rows from 1 (the header of a CSV file is not a row); it is None where a whole
    column or file is at fault. `value` is what stood there, as text, None for an empty cell. `kind` names the
    rule that is broken, for a caller who says it in other words; "" is a table that cannot be read at all.
    `told` are figures of the fault.
    Source: scoring specification, Tables in.
    """

    def __init__(
        self,
        table: TableName,
        fault: str,
        *,
        row: int | None = None,
        column: str = "",
        value: object = None,
        kind: Kind = "",
        told: Mapping[str, object] | None = None,
    ) -> None:
        self.kind = kind
        self.told = dict(told or {})
        self.table = table
        self.row = row
        self.column = column
        self.value = None if value is None else str(value)
        self.fault = fault
        super().__init__(f"{self._place()}: {fault}")

    def _place(self) -> str:
        place = self.table if self.row is None else f"{self.table}, row {self.row}"
        if not self.column:
            return place
        if self.row is None:
            return f"{place}, column {self.column}"
        return f"{place}, {self.column} {'(empty)' if self.value is None else repr(self.value)}"
