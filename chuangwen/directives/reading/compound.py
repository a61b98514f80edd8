"""OLE compound files (MS-CFB), the container of Word 97-2003 and WPS documents: named streams, bounded."""

from __future__ import annotations

import struct

from chuangwen.directives.reading.document import UnreadableDocument

_FREE = 0xFFFFFFFA
"""Sector numbers from here on are marks (end of chain, free), not sectors: MS-CFB 2.1."""


class CompoundFile:
    """Streams of a compound file held in memory. Broken chains raise UnreadableDocument, never loop."""

    def __init__(self, name: str, data: bytes) -> None:
        self._name = name
        self._data = data
        try:
            self._open()
        except (struct.error, IndexError):
            raise self._broken() from None

    def holds(self, wanted: str) -> bool:
        """Whether there is a stream called `wanted`."""
        return wanted in self._entries

    def stream(self, wanted: str) -> bytes | None:
        """The stream called `wanted`, or None when the file has none."""
        entry = self._entries.get(wanted)
        if entry is None:
            return None
        start, size = entry
        try:
            if size < self._cutoff:
                return self._chain(start, self._mini_table, self._mini, 0, self._mini_size)[:size]
            return self._chain(start, self._table, self._data, 1, self._size)[:size]
        except (struct.error, IndexError):
            raise self._broken() from None

    def _open(self) -> None:
        head = self._data
        shift, mini_shift = struct.unpack_from("<HH", head, 30)
        if shift not in {9, 12} or mini_shift != 6:
            raise self._broken()
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        directory, _, self._cutoff, mini_start, _, chain_start, _ = struct.unpack_from("<7I", head, 48)
        sectors = [each for each in struct.unpack_from("<109I", head, 76) if each < _FREE]
        seen: set[int] = set()
        while chain_start < _FREE and chain_start not in seen:
            seen.add(chain_start)
            block = struct.unpack_from(f"<{self._size // 4}I", head, (chain_start + 1) * self._size)
            sectors += [each for each in block[:-1] if each < _FREE]
            chain_start = block[-1]
        self._table = self._numbers(b"".join(self._sector(each) for each in sectors))
        listing = self._chain(directory, self._table, self._data, 1, self._size)
        self._entries: dict[str, tuple[int, int]] = {}
        root = (0, 0)
        for at in range(0, len(listing) - 127, 128):
            length, kind = struct.unpack_from("<HB", listing, at + 64)
            start, size = struct.unpack_from("<II", listing, at + 116)
            if kind == 5:
                root = (start, size)
            elif kind == 2:
                label = listing[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                self._entries.setdefault(label, (start, size))
        self._mini = self._chain(root[0], self._table, self._data, 1, self._size) if root[1] else b""
        mini = self._chain(mini_start, self._table, self._data, 1, self._size) if mini_start < _FREE else b""
        self._mini_table = self._numbers(mini)

    def _sector(self, number: int) -> bytes:
        return self._data[(number + 1) * self._size : (number + 2) * self._size]

    @staticmethod
    def _numbers(block: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4])

    def _chain(self, start: int, table: tuple[int, ...], space: bytes, skip: int, size: int) -> bytes:
        pieces: list[bytes] = []
        while start < _FREE:
            if len(pieces) > len(table):
                raise self._broken()
            pieces.append(space[(start + skip) * size : (start + skip + 1) * size])
            start = table[start]
        return b"".join(pieces)

    def _broken(self) -> UnreadableDocument:
        return UnreadableDocument(self._name, "已损坏，无法打开", "请用 Word 或 WPS 打开后另存为 docx 再上传")
