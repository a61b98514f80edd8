"""A table of any length as one workbook, or as several of bounded size in one zip.

A workbook holds its pictures in memory until it is closed, and Excel and WPS open neither a million rows nor
tens of thousands of pictures in one. So a long table is cut into volumes; what is held at a time is one volume.
"""

from __future__ import annotations

import gc
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from chuangwen.core.workbooks.writing import Cell, Column, OutTable, pictures_of, write_into

PICTURES_IN_VOLUME = 2_000  # some 25 MB of small copies
ROWS_IN_VOLUME = 200_000

Row = Sequence[Cell]


def write_volumes(
    columns: Sequence[Column],
    rows: Iterable[Row],
    folder: Path,
    *,
    stem: str,
    title: str = "",
    notes: Sequence[str] = (),
) -> Path:
    """Write the table into `folder` and return the file: `<stem>.xlsx`, or `<stem>.zip` of volumes where it is long.

    `rows` is walked once. Each volume has title, header and notes of its own, and is named by the numbers of
    its rows: `<stem>_000001-001000.xlsx`. Raises what `write_tables` raises.
    """
    left = iter(rows)
    volume = _Volume(left)
    whole = folder / f"{stem}.xlsx"
    _write(whole, columns, volume, title, notes, folder)
    following = next(left, None)
    if following is None:
        return whole
    target, first = folder / f"{stem}.zip", 1
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:  # a workbook is pressed already
        while True:
            package.write(whole, f"{stem}_{first:06d}-{first + volume.count - 1:06d}.xlsx")
            whole.unlink()
            first += volume.count
            if following is None:
                return target
            volume = _Volume(chain([following], left))
            _write(whole, columns, volume, title, notes, folder)
            following = next(left, None)


class _Volume:
    """As many of the rows that are left as one workbook should hold; counts them."""

    def __init__(self, left: Iterator[Row]) -> None:
        self.left = left
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        pictures = 0
        for row in self.left:
            self.count += 1
            pictures += sum(len(pictures_of(cell)) for cell in row)
            yield row
            if pictures >= PICTURES_IN_VOLUME or self.count >= ROWS_IN_VOLUME:
                return


def _write(
    path: Path, columns: Sequence[Column], rows: Iterable[Row], title: str, notes: Sequence[str], folder: Path
) -> None:
    write_into(path, [OutTable(columns, rows, title, notes, title)], folder=folder)
    gc.collect()  # a closed workbook is a ring of objects around its pictures, which would wait for the collector
