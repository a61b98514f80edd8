"""A long table in volumes: every row once, in order, each volume within its bound, nothing else left behind."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import load_workbook
from PIL import Image

from chuangwen.core.workbooks import volumes
from chuangwen.core.workbooks.pictures import PICTURE_HEIGHT, Picture, fitted
from chuangwen.core.workbooks.volumes import write_volumes
from chuangwen.core.workbooks.writing import Column

COLUMNS = [Column("a", "编号"), Column("b", "照片", "picture")]


def small(width=320, height=240):
    target = io.BytesIO()
    Image.new("RGB", (width, height), "#224466").save(target, "JPEG", dpi=(72, 72))
    return Picture(target.getvalue(), "照片", is_small=True)


@pytest.fixture(autouse=True)
def bounds(monkeypatch):
    monkeypatch.setattr(volumes, "PICTURES_IN_VOLUME", 4)
    monkeypatch.setattr(volumes, "ROWS_IN_VOLUME", 5)


def table(data):
    sheet = load_workbook(io.BytesIO(data)).active
    return [sheet.cell(row, 1).value for row in range(3, sheet.max_row)], len(sheet._images)


def write(folder, rows):
    return write_volumes(COLUMNS, iter(rows), folder, stem="台账", title="台账", notes=["口径"])


@pytest.mark.parametrize("number", [0, 1, 5])
def test_short_table_is_one_workbook(tmp_path, number):
    path = write(tmp_path, [[f"A{n}", None] for n in range(number)])
    assert path == tmp_path / "台账.xlsx"
    assert table(path.read_bytes()) == ([f"A{n}" for n in range(number)], 0)
    assert list(tmp_path.iterdir()) == [path]


def test_long_table_is_cut_into_volumes_by_rows_and_by_pictures(tmp_path):
    rows = [[f"A{n}", None] for n in range(6)] + [[f"B{n}", [small(), small()]] for n in range(5)]
    path = write(tmp_path, rows)
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        parts = [table(package.read(name)) for name in names]
    assert path == tmp_path / "台账.zip"
    assert names == ["台账_000001-000005.xlsx", "台账_000006-000008.xlsx", "台账_000009-000010.xlsx",
                     "台账_000011-000011.xlsx"]  # fmt: skip
    assert [row for part, _pictures in parts for row in part] == [row[0] for row in rows]
    assert [pictures for _rows, pictures in parts] == [0, 4, 4, 2]
    assert list(tmp_path.iterdir()) == [path]


def test_no_more_rows_are_asked_for_than_a_volume_holds(tmp_path, monkeypatch):
    """What bounds the memory: when a volume is closed, only the row that begins the next has been made."""
    made, seen = [], []
    monkeypatch.setattr(volumes, "_write", lambda path, columns, rows, *rest: (
        list(rows), seen.append(len(made)), path.touch()))  # fmt: skip
    write(tmp_path, (made.append(n) or [f"A{n}", None] for n in range(12)))
    assert seen == [5, 10, 12]


def test_small_copy_goes_in_unchanged_and_is_shown_as_high_as_others():
    picture = small(240, 320)
    shown = fitted(picture)
    assert shown.data == picture.data
    assert (shown.width, shown.height) == (90, PICTURE_HEIGHT)
    assert round(shown.scale, 4) == round(PICTURE_HEIGHT / 320 * 72 / 96, 4)
    assert fitted(small(60, 40)).height == 40


def test_small_copy_that_cannot_be_read_is_told():
    assert fitted(Picture(b"", "照片", is_small=True)) is None
