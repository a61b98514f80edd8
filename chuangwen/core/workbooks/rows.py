"""Every cell of a table checked against the fields of an import: good rows, and faults by cell.

Nothing is imported here. A row is good if none of its cells has a fault; the faults name the cell, what
is wrong and the way out, in Chinese and English. Names that no resolver knows are also listed once
each, so that a person can explain a word once and not in every row.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass

from chuangwen.core.workbooks.cells import CellError, Value, address, show
from chuangwen.core.workbooks.kinds import READERS
from chuangwen.core.workbooks.layout import Table
from chuangwen.core.workbooks.mapping import Field, Mapping, header_signature
from chuangwen.core.workbooks.misfits import Misfit, clean
from chuangwen.core.workbooks.names import Candidate, Resolver
from chuangwen.core.workbooks.splitting import split_names

SHOWN_CHARACTERS = 30
SHOWN_CANDIDATES = 3
# What offices write into a cell that has nothing to say.
_NOTHING = frozenset({"", "/", "\\", "-", "--", "—", "——", "–", "\uff0f"})
_NONE = frozenset({"无", "暂无", "没有", "n/a", "none"})
_MAY_SAY_NONE = frozenset({"text", "choice", "yes_no"})


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row without faults: its number in the sheet (the first row is 1) and a value for each field.

    A field without a value has None, or () where the field is `many`.
    """

    number: int
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with one cell. A whole column that is missing has row 0 and no address."""

    code: str
    field: str
    row: int
    address: str
    text: str
    message: str
    message_zh: str


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name that means nothing yet (or too much): where it stands and what it may mean."""

    field: str
    text: str
    addresses: tuple[str, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The dry run of an import: good rows, faults in the order of the sheet, unknown names, rows in all."""

    rows: tuple[ImportRow, ...]
    faults: tuple[CellFault, ...]
    unresolved: tuple[UnknownName, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Unknown:
    """A part of a cell that its resolver does not know."""

    text: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """What a cell holds: its value, and what does not fit, each with the text it is about."""

    value: object
    misfits: tuple[tuple[str, Misfit], ...] = ()
    unknown: tuple[_Unknown, ...] = ()


class _Column:
    """One field over all rows. Cells repeat a great deal, so what a cell means is kept."""

    def __init__(self, field: Field, column: int | None, header: str, resolver: Resolver | None) -> None:
        self.field = field
        self.column = column
        self.header = header or field.label
        self.resolver = resolver
        self.known: dict[tuple[type, Value], _Found] = {}

    def read(self, values: Sequence[Value]) -> _Found:
        value = values[self.column] if self.column is not None else None
        key = (type(value), value)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._read(value)
        return found

    def _read(self, value: Value) -> _Found:
        nothing: object = () if self.field.many else None
        if isinstance(value, CellError):
            return _Found(nothing, ((value.code, _FORMULA_ERROR),))
        if self._is_blank(value):
            missing = (("", _MISSING),) if self.field.required and self.column is not None else ()
            return _Found(nothing, missing)
        parts = self._parts(value)
        values: list[object] = []
        misfits: list[tuple[str, Misfit]] = []
        unknown: list[_Unknown] = []
        for part in parts:
            try:
                self._take(READERS[self.field.kind](part, self.field), values, unknown)
            except Misfit as misfit:
                misfits.append((clean(show(part)), misfit))
        if self.field.many:
            return _Found(tuple(dict.fromkeys(values)), tuple(misfits), tuple(unknown))
        return _Found(values[0] if values else None, tuple(misfits), tuple(unknown))

    def _take(self, said: object, values: list[object], unknown: list[_Unknown]) -> None:
        if self.resolver is None:
            values.append(said)
            return
        resolution = self.resolver(str(said))
        if resolution.value is not None:
            values.append(resolution.value)
        elif resolution.values and self.field.many:
            values.extend(resolution.values)
        elif resolution.values:
            raise _collective(self.field)
        else:
            unknown.append(_Unknown(str(said), resolution.candidates))

    def _is_blank(self, value: Value) -> bool:
        if value is None:
            return True
        text = clean(value) if isinstance(value, str) else show(value)
        return text in _NOTHING or (text.lower() in _NONE and self.field.kind not in _MAY_SAY_NONE)

    def _parts(self, value: Value) -> Sequence[Value]:
        if not self.field.many or not isinstance(value, str):
            return (value,)
        return split_names(clean(value), self._is_known)

    def _is_known(self, text: str) -> bool:
        return self.resolver is not None and self.resolver(text).certain


def check_rows(
    table: Table,
    mapping: Mapping,
    fields: Sequence[Field],
    resolvers: Dictionary[str, Resolver] | None = None,
    *,
    together: Iterable[tuple[str, ...]] = (),
) -> Outcome:
    """Check all rows of a table; see the module.

    `resolvers` has one for the key of each field of kind `name`. `together` lists keys of fields whose
    values no two rows may share as a whole, besides the fields that are `unique` by themselves. Raises
    ValueError for a mapping made for other headers and for a name field without a resolver.
    """
    if header_signature(header.text for header in table.headers) != mapping.signature:
        raise ValueError("the mapping was made for other headers")
    columns = [_column(field, table, mapping, resolvers or {}) for field in fields]
    faults = [_no_column(column) for column in columns if column.field.required and column.column is None]
    unknown: dict[tuple[str, str], tuple[list[str], tuple[Candidate, ...]]] = {}
    good: list[ImportRow] = []
    everything: list[ImportRow] = []
    for data in table.rows:
        before = len(faults)
        read = ImportRow(data.row + 1, {})
        for column in columns:
            found = column.read(data.values)
            read.values[column.field.key] = found.value
            if found.misfits or found.unknown:
                _report(column, data.row, found, faults, unknown)
        everything.append(read)
        if len(faults) == before:
            good.append(read)
    keys = [(field.key,) for field in fields if field.unique] + [tuple(group) for group in together]
    doubled: set[int] = set()
    for group in keys:
        doubled |= _find_doubles([column for column in columns if column.field.key in group], everything, faults)
    columns_of = {column.field.key: column.column or 0 for column in columns}
    faults.sort(key=lambda fault: (fault.row, columns_of[fault.field]))
    missing = any(fault.row == 0 for fault in faults)
    return Outcome(
        () if missing else tuple(row for row in good if row.number not in doubled),
        tuple(faults),
        tuple(UnknownName(*key, tuple(where), maybe) for key, (where, maybe) in unknown.items()),
        len(table.rows),
    )


def _column(field: Field, table: Table, mapping: Mapping, resolvers: Dictionary[str, Resolver]) -> _Column:
    if field.kind == "name" and field.key not in resolvers:
        raise ValueError(f"no resolver for {field.key!r}")
    place = mapping.column_of(field.key)
    header = table.headers[place] if place is not None else None
    resolver = resolvers.get(field.key) if field.kind == "name" else None
    return _Column(field, header.column if header else None, header.text if header else "", resolver)


def _report(
    column: _Column,
    row: int,
    found: _Found,
    faults: list[CellFault],
    unknown: dict[tuple[str, str], tuple[list[str], tuple[Candidate, ...]]],
) -> None:
    faults += [_fault(column, row, text, misfit) for text, misfit in found.misfits]
    for one in found.unknown:
        faults.append(_fault(column, row, one.text, _unresolved(column.field, one.candidates)))
        where, _ = unknown.setdefault((column.field.key, one.text), ([], one.candidates))
        where.append(address(row, column.column or 0))


def _fault(column: _Column, row: int, text: str, misfit: Misfit) -> CellFault:
    shown = text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
    said = f"“{shown}” " if shown else ""
    said_zh = f"里的“{shown}”" if shown else ""
    return CellFault(
        misfit.code,
        column.field.key,
        row + 1,
        address(row, column.column or 0),
        text,
        f"Row {row + 1}, “{column.header}”: {said}{misfit.message}",
        f"第{row + 1}行“{column.header}”{said_zh}{misfit.message_zh}",
    )


_FORMULA_ERROR = Misfit(
    "formula_error",
    "is the error of a formula. Correct the formula or replace it by its value, then upload again.",
    "是公式出错的结果。请改正公式或直接填入数值后重新上传。",
)
_MISSING = Misfit("missing", "is empty but required. Fill it in or delete the row.", "没有填写。请补填，或删去这一行。")


def _unresolved(field: Field, candidates: Sequence[Candidate]) -> Misfit:
    labels = [candidate.label for candidate in candidates[:SHOWN_CANDIDATES]]
    several = len(candidates) > 1 and candidates[1].likeness == 1.0
    noun, noun_zh = field.noun_en, field.noun
    near = f" Nearest: {', '.join(labels)}." if labels else ""
    near_zh = f"最接近的是{'、'.join(f'“{label}”' for label in labels)}。" if labels else ""
    if several:
        fault, fault_zh = f"means more than one {noun}.", f"对应不止一个{noun_zh}。"
    else:
        fault, fault_zh = f"matches no {noun}.", f"对不上{noun_zh}。"
    return Misfit(
        "ambiguous_name" if several else "unknown_name",
        f"{fault}{near} Write the {noun}'s full name, or choose on the import page which one it means (once for all).",
        f"{fault_zh}{near_zh}请改成{noun_zh}的全称，或在导入页指定它是哪一个（以后会记住）。",
    )


def _collective(field: Field) -> Misfit:
    return Misfit(
        "collective_name",
        f"means several at once, but one {field.noun_en} is asked for. Name one.",
        f"指的不止一个，而这里只能填一个{field.noun}。请写明是哪一个。",
    )


def _no_column(column: _Column) -> CellFault:
    label, label_en = column.field.label, column.field.label_en or column.field.label
    return CellFault(
        "column_missing",
        column.field.key,
        0,
        "",
        "",
        f"No column holds the required “{label_en}”. Choose its column, or check the sheet and header row.",
        f"没有哪一列是必填的“{label}”。请指定对应的列，或检查工作表和表头行是否选对。",
    )


def _find_doubles(columns: Sequence[_Column], rows: Iterable[ImportRow], faults: list[CellFault]) -> set[int]:
    """Report each row that repeats the key of an earlier one; the numbers of all rows that share a key."""
    first: dict[Hashable, int] = {}
    doubled: set[int] = set()
    for row in rows:
        key = tuple(row.values[column.field.key] for column in columns)
        if any(part is None or part == () for part in key):
            continue
        earlier = first.setdefault(key, row.number)
        if earlier != row.number:
            doubled |= {earlier, row.number}
            faults.append(_double(columns, row, earlier))
    return doubled


def _double(columns: Sequence[_Column], row: ImportRow, earlier: int) -> CellFault:
    last = columns[-1]
    headers = "”+“".join(column.header for column in columns)
    return CellFault(
        "duplicate",
        last.field.key,
        row.number,
        address(row.number - 1, last.column or 0),
        "",
        f"Rows {earlier} and {row.number} have the same “{headers}”. Keep one of them, or correct one.",
        f"第{row.number}行与第{earlier}行的“{headers}”相同。请只留一行，或改正其中一行。",
    )
