"""The step of setting up that brings fonts for PDF."""

import struct
import sys
import tarfile
import zlib
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))
import fonts

TABLES = {b"cmap": b"characters " * 9, b"glyf": b"ab", b"head": b"x" * 54}


def woff(tables=TABLES):
    """A WOFF file of these tables; what does not shrink stays as it is, as the format says."""
    head, body = b"", b""
    start = fonts.HEAD.size + fonts.ENTRY.size * len(tables)
    for tag, data in sorted(tables.items()):
        packed = min(zlib.compress(data), data, key=len)
        head += fonts.ENTRY.pack(tag, start + len(body), len(packed), len(data), 7)
        body += packed + b"\0" * (-len(packed) % 4)
    first = fonts.HEAD.pack(b"wOFF", 0x00010000, 0, len(tables), 0, 0, 0, 0, 0, 0, 0, 0, 0)
    return first + head + body


def test_font_is_unpacked_table_by_table():
    made = fonts.plain_font(woff())
    flavor, count, width, power, rest = struct.unpack_from(">IHHHH", made)
    assert (flavor, count, width, power, rest) == (0x00010000, 3, 32, 1, 16)
    found = {}
    for number in range(count):
        tag, checksum, offset, length = struct.unpack_from(">4sIII", made, 12 + 16 * number)
        assert (checksum, offset % 4) == (7, 0)
        found[tag] = made[offset : offset + length]
    assert found == TABLES


def test_what_is_no_font_or_not_whole_is_refused():
    with pytest.raises(ValueError, match="no WOFF"):
        fonts.plain_font(b"OTTO" + woff()[4:])
    with pytest.raises(ValueError, match="not whole"):
        fonts.plain_font(woff({b"glyf": b"abcd"})[:-2])


def test_package_with_other_files_than_the_known_ones_is_refused(tmp_path):
    (tmp_path / "LICENSE").write_text("other")
    archive = tmp_path / "a.tgz"
    with tarfile.open(archive, "w:gz") as held:
        held.add(tmp_path / "LICENSE", "package/LICENSE")
    with pytest.raises(SystemExit, match="holds other files"):
        fonts.taken(fonts.PACKAGES[0], archive)


def test_set_up_goes_on_without_a_network(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(fonts, "FONTS", tmp_path / "fonts")
    monkeypatch.setattr(fonts, "find_node", lambda: None)
    monkeypatch.setattr(fonts, "fetch", lambda node, folder: None)
    fonts.main()
    assert "make setup tries again" in capsys.readouterr().out
    assert not (tmp_path / "fonts").exists()


def test_fonts_that_are_there_are_not_fetched_again(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "FONTS", tmp_path)
    monkeypatch.setattr(fonts, "fetch", None)
    (tmp_path / ".made").write_text(fonts.key())
    fonts.main()
