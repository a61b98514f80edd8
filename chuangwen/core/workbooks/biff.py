"""What calamine does not tell of an old .xls: its error cells, and whether it is locked or no workbook.

An .xls is a compound file (MS-CFB: sectors in chains, a directory of streams) whose stream `Workbook`
is a row of records (MS-XLS: type, length, data). Only the few records that can carry an error are read:
BoolErr (2.4.24) and Formula (2.4.127), by the sheets that BoundSheet8 (2.4.28) lists.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from struct import unpack_from

from chuangwen.core.workbooks.limits import Refused

_FIRST_SPECIAL_SECTOR = 0xFFFFFFFA
_MINI_SECTOR = 64
_MINI_STREAM_BELOW = 4096

_FORMULA, _EOF, _FILE_PASS, _BOUND_SHEET, _BOOL_ERR, _BOF = 0x06, 0x0A, 0x2F, 0x85, 0x205, 0x809

_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


def workbook_stream(data: bytes) -> bytes:
    """The records of the workbook inside a compound file. Raises Refused: not one, locked, damaged."""
    try:
        compound = _Compound(data)
        streams = compound.streams()
        if any(name in streams for name in ("EncryptedPackage", "EncryptionInfo")):
            raise Refused("encrypted")
        for name in ("Workbook", "Book", "WORKBOOK", "BOOK"):
            if name in streams:
                return compound.read(*streams[name])
    except (struct.error, IndexError) as error:
        raise Refused("damaged", "compound file") from error
    raise Refused("word" if "WordDocument" in streams else "not_a_workbook")


def error_cells(stream: bytes) -> list[dict[tuple[int, int], str]]:
    """For each sheet in the workbook's order, its error cells: zero-based (row, column) to `#REF!`."""
    starts = []
    try:
        for kind, start, _ in _records(stream, 0):
            if kind == _FILE_PASS:
                raise Refused("encrypted")
            if kind == _BOUND_SHEET:
                starts.append(unpack_from("<I", stream, start)[0])
        return [dict(_errors_of(stream, start)) for start in starts]
    except struct.error as error:
        raise Refused("damaged", "records") from error


def _errors_of(stream: bytes, start: int) -> Iterator[tuple[tuple[int, int], str]]:
    for kind, data, _ in _records(stream, start):
        code = None
        if kind == _BOOL_ERR:
            row, column, _, value, is_error = unpack_from("<HHHBB", stream, data)
            code = value if is_error else None
        elif kind == _FORMULA:
            row, column, _, what, _, value, _, mark = unpack_from("<HHHBBB3sH", stream, data)
            code = value if mark == 0xFFFF and what == 2 else None
        if code is not None:
            yield (row, column), _ERRORS.get(code, "#VALUE!")


def _records(stream: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """(type, start of data, length) up to the end of this part; parts nested in it are left out."""
    depth = 0
    while position + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, position)
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, position + 4, length
        position += 4 + length


class _Compound:
    """A compound file (MS-CFB 2.2 to 2.6) as far as finding its streams needs."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.sector = 1 << min(unpack_from("<H", data, 30)[0], 16)
        self.table = self._table()
        (start,) = unpack_from("<I", data, 48)
        self.directory = self._chain(start)
        (mini_start,) = unpack_from("<I", data, 60)
        self.mini_table = self._numbers(self._chain(mini_start))

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self.sector
        found = self.data[start : start + self.sector]
        if not found:
            raise IndexError(sector)
        return found

    def _table(self) -> list[int]:
        """The sector allocation table; its own sectors are listed in the header and beyond (DIFAT)."""
        places = list(unpack_from("<109I", self.data, 76))
        (beyond,) = unpack_from("<I", self.data, 68)
        seen = set()
        while beyond < _FIRST_SPECIAL_SECTOR and beyond not in seen:
            seen.add(beyond)
            more = self._numbers(self._at(beyond))
            places += more[:-1]
            beyond = more[-1]
        table: list[int] = []
        for place in dict.fromkeys(places):
            if place < _FIRST_SPECIAL_SECTOR:
                table += self._numbers(self._at(place))
        return table

    def _numbers(self, sector: bytes) -> list[int]:
        return list(unpack_from(f"<{len(sector) // 4}I", sector))

    def _chain(self, start: int) -> bytes:
        return b"".join(self._at(sector) for sector in _follow(self.table, start))

    def streams(self) -> dict[str, tuple[int, int]]:
        """Each stream's name with its first sector and its length in bytes."""
        found: dict[str, tuple[int, int]] = {}
        for place in range(0, len(self.directory) - 127, 128):
            entry = self.directory[place : place + 128]
            (length,) = unpack_from("<H", entry, 64)
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            start, size = unpack_from("<II", entry, 116)
            found.setdefault(name, (start, size))
        return found

    def read(self, start: int, size: int) -> bytes:
        """The bytes of a stream; short ones live in slices of the root entry's stream."""
        if size >= _MINI_STREAM_BELOW:
            return self._chain(start)[:size]
        (root_start,) = unpack_from("<I", self.directory, 116)
        slices = self._chain(root_start)
        parts = [slices[place * _MINI_SECTOR : (place + 1) * _MINI_SECTOR] for place in _follow(self.mini_table, start)]
        return b"".join(parts)[:size]


def _follow(table: Sequence[int], start: int) -> Iterator[int]:
    """The sectors of a chain. Raises Refused for one that bites its own tail, IndexError for a broken one."""
    seen = set()
    while start < _FIRST_SPECIAL_SECTOR:
        if start in seen:
            raise Refused("damaged", "a chain of sectors without end")
        seen.add(start)
        yield start
        start = table[start]
