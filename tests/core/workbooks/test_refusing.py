"""Wrong, empty, huge and hostile files are refused with a word about what to do, and harm nothing."""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.core.workbooks import biff, delimited, limits, opendocument, parsing, reading, sandbox
from chuangwen.core.workbooks.cells import CellError
from chuangwen.core.workbooks.limits import Refused
from chuangwen.core.workbooks.reading import REASONS, UnreadableWorkbook, read_workbook

FILES = Path(__file__).parent / "files"
XLS = (FILES / "register.xls").read_bytes()
ODS = (FILES / "register.ods").read_bytes()


def xlsx(rows=(("编号",),)):
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for row, values in enumerate(rows):
            sheet.write_row(row, 0, values)
    return target.getvalue()


def zipped(parts, compression=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_parts(data, **changes):
    """The packed workbook with parts replaced by functions of their text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for end, change in changes.items():
        (name,) = [name for name in parts if name.endswith(f"{end}.xml") and "rels" not in name]
        parts[name] = change(parts[name].decode()).encode()
    return zipped(parts)


def refusal(data, name="点位.xlsx"):
    with pytest.raises(UnreadableWorkbook) as caught:
        read_workbook(name, data)
    return caught.value


def compound_named(name):
    """The old workbook with its stream under another name."""
    place = XLS.index("Workbook".encode("utf-16-le"))
    entry = name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2)
    return XLS[:place] + entry + XLS[place + len(entry) :]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t\0", "empty"),
        (b"\xef\xbb\xbf,,\n,,\n", "empty"),
        (xlsx([[]]), "empty"),
        ((FILES / "locked.xlsx").read_bytes(), "encrypted"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "html"),
        ("\ufeff<!DOCTYPE html>\n<p>".encode(), "html"),
        (b"\xff\xfe" + "<table border=1>".encode("utf-16-le"), "html"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "html"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "xml2003"),
        (b"<svg/>", "not_a_workbook"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"Rar!\x1a\x07", "archive"),
        (zipped({"点位.xlsx": b"x"}), "archive"),
        (zipped({"word/document.xml": b"<x/>"}), "word"),
        (zipped({"ppt/presentation.xml": b"<x/>"}), "word"),
        (zipped({"xl/workbook.bin": b"x"}), "xlsb"),
        (zipped({"xl/workbook.xml": b"<x/>"}), "damaged"),
        (zipped({"content.xml": b"<x>"}), "damaged"),
        (b"PK\x03\x04 and no more", "damaged"),
        (xlsx()[:-200], "damaged"),
        (XLS[:600], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "damaged"),
        (compound_named("Other"), "not_a_workbook"),
        (compound_named("WordDocument"), "word"),
        (compound_named("EncryptedPackage"), "encrypted"),
        (b"\x01\x02\x03\x04 binary", "not_a_workbook"),
        (b"\0\0\0\1\0\0\0\2", "not_a_workbook"),
        (b"\xff\xff\xff\xff\xff", "unknown_encoding"),
        (b"\xff\xfea", "unknown_encoding"),
    ],
)
def test_a_file_is_refused_for(data, code):
    fault = refusal(data)
    assert fault.code == code
    (said, said_zh), (way, way_zh) = REASONS[code]
    assert fault.message.startswith(f"点位.xlsx: {said}")
    assert fault.message.endswith(way)
    assert fault.message_zh.startswith(f"“点位.xlsx”：{said_zh[:-1]}")
    assert fault.message_zh.endswith(way_zh)


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("xlsx", b"PK", "damaged"),
        ("xlsx", zipped({"xl/workbook.xml": b"<x/>"}), "damaged"),
        ("xls", compound_named("WordDocument"), "word"),
        ("xls", compound_named("EncryptedPackage"), "encrypted"),
        ("ods", zipped({"content.xml": b"<x>"}), "damaged"),
        ("ods", zipped({"META-INF/manifest.xml": b"<manifest:encryption-data/>"}), "encrypted"),
        ("ods", zipped({"content.xml": b'<!DOCTYPE x [<!ENTITY a "ha">]><x/>'}), "damaged"),
    ],
)
def test_the_parser_refuses_by_itself(kind, data, code):
    with pytest.raises(Refused) as caught:
        parsing.parse(kind, data)
    assert caught.value.code == code


def test_the_stream_of_an_older_workbook_is_found():
    assert biff.workbook_stream(compound_named("Book")) == biff.workbook_stream(XLS)


def test_a_csv_cell_without_end_is_refused():
    assert refusal(b'a,"' + b"x" * 1_000_001).code == "damaged"


def test_a_large_file_is_refused_unread(monkeypatch):
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 10)
    assert refusal(b"a" * 11).code == "too_big"


def test_a_locked_zip_and_a_locked_ods_are_called_locked():
    data = bytearray(xlsx())
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(mark) + place] |= 1
    assert refusal(bytes(data)).code == "encrypted"
    with zipfile.ZipFile(io.BytesIO(ODS)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["META-INF/manifest.xml"] = b"<manifest:encryption-data/>"
    assert refusal(zipped(parts)).code == "encrypted"


def test_a_locked_xls_is_called_locked():
    stream = biff.workbook_stream(XLS)
    bof = 4 + struct.unpack_from("<H", stream, 2)[0]
    with pytest.raises(Refused) as caught:
        biff.error_cells(stream[:bof] + struct.pack("<HHHH", 0x2F, 4, 1, 1) + stream[bof:])
    assert caught.value.code == "encrypted"


def test_records_that_end_too_soon_are_damaged():
    stream = struct.pack("<HHHHHH", 0x809, 0, 0x85, 4, 0, 0)[:10]
    with pytest.raises(Refused) as caught:
        biff.error_cells(stream)
    assert caught.value.code == "damaged"


def test_a_formula_that_failed_in_an_old_workbook_is_an_error():
    head, last = struct.pack("<HH", 0x809, 0), struct.pack("<HH", 0x0A, 0)
    nested = head + struct.pack("<HHHHHBB", 0x205, 8, 5, 5, 0, 0x17, 1) + last  # a chart in the sheet
    broken = struct.pack("<HHHHHBBB3sH", 0x06, 14, 2, 3, 0, 2, 0, 0x1D, b"", 0xFFFF)
    sound = struct.pack("<HHHHHd", 0x06, 14, 2, 4, 0, 1.5)
    truth = struct.pack("<HHHHHBB", 0x205, 8, 6, 0, 0, 1, 0)
    odd = struct.pack("<HHHHHBB", 0x205, 8, 7, 0, 0, 0x99, 1)
    sheet = head + nested + broken + sound + truth + odd + last
    start = 2 * 4 + 8
    book = head + struct.pack("<HHI", 0x85, 4, start) + last
    assert len(book) == start
    assert biff.error_cells(book + sheet) == [{(2, 3): "#NAME?", (7, 0): "#VALUE!"}]


def test_a_chain_of_sectors_that_bites_its_tail_is_refused():
    data = bytearray(XLS)
    table = (struct.unpack_from("<I", data, 76)[0] + 1) * 512
    data[table : table + 8] = struct.pack("<II", 1, 0)
    with pytest.raises(Refused) as caught:
        biff.workbook_stream(bytes(data))
    assert caught.value.code == "damaged"


def test_an_endless_list_of_tables_ends():
    data = bytearray(XLS)
    data[68:72] = struct.pack("<I", 0)  # the list goes on in sector 0 …
    data[512 + 508 : 512 + 512] = struct.pack("<I", 0)  # … which names itself as the next
    with pytest.raises(Refused):
        biff.workbook_stream(bytes(data))
    assert refusal(bytes(data)).code in {"damaged", "parser_stopped"}


def test_a_stream_of_few_bytes_is_found_among_the_small_ones():
    book = biff._Compound(XLS)
    (start, _) = book.streams()["Workbook"]
    book.directory = book.directory[:116] + struct.pack("<I", start) + book.directory[120:]
    book.mini_table = [2, 0xFFFFFFFE, 1]  # slices 0, 2, 1
    records = biff.workbook_stream(XLS)
    assert book.read(0, 180) == (records[:64] + records[128:192] + records[64:128])[:180]


def test_a_zip_bomb_is_refused_by_what_it_declares(monkeypatch):
    assert refusal(zipped({"xl/workbook.xml": b" " * 2_000_000})).code == "bomb"
    monkeypatch.setattr(reading, "MAX_EXPANDED_BYTES", 100)
    assert refusal(xlsx()).code == "bomb"
    monkeypatch.setattr(reading, "MAX_PARTS", 2)
    assert refusal(xlsx()).code == "bomb"


def test_photos_in_the_cells_are_no_bomb(monkeypatch):
    monkeypatch.setattr(reading, "MAX_EXPANDED_BYTES", 100_000)
    with zipfile.ZipFile(io.BytesIO(xlsx())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/media/image1.bmp"] = b"\0" * 5_000_000
    assert read_workbook("a.xlsx", zipped(parts)).sheets[0].rows == (("编号",),)


def test_a_zip_that_lies_about_its_size_is_refused_by_the_sandbox():
    data = bytearray(
        with_parts(xlsx(), sheet1=lambda text: text.replace("</worksheet>", " " * 20_000_000 + "</worksheet>"))
    )
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        honest = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    data = bytes(data).replace(struct.pack("<I", honest), struct.pack("<I", 1000))
    assert refusal(data).code in {"damaged", "parser_stopped"}


def test_one_cell_in_the_last_corner_takes_no_memory():
    def far(text):
        return text.replace('r="A1"', 'r="XFD1048576"', 1)

    assert refusal(with_parts(xlsx(), sheet1=far)).code in {"too_many_rows", "too_many_columns", "parser_stopped"}
    two = with_parts(xlsx([["a"], ["b"]]), sheet1=lambda text: text.replace('r="A2"', 'r="XFD1048576"'))
    assert refusal(two).code == "parser_stopped"


def test_one_long_text_very_often_takes_no_memory(monkeypatch):
    monkeypatch.setattr(sandbox, "MEMORY_BYTES", 200_000_000)
    cell = '<c r="{}" t="s"><v>0</v></c>'
    rows = (
        f'<row r="{n}">' + "".join(cell.format(f"{c}{n}") for c in "ABCDEFGHIJ") + "</row>" for n in range(1, 2_000)
    )
    many = "".join(rows)
    data = with_parts(
        xlsx([["长" * 30_000]]),
        sheet1=lambda text: text.partition("<sheetData>")[0] + f"<sheetData>{many}</sheetData></worksheet>",
    )
    assert refusal(data).code == "parser_stopped"


@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [("MAX_ROWS", 1, "too_many_rows"), ("MAX_COLUMNS", 1, "too_many_columns")],
)
def test_a_sheet_beyond_a_limit_is_refused(monkeypatch, limit, value, code):
    monkeypatch.setattr(limits, limit, value)
    for kind, data in (("xlsx", xlsx([[1, 2], [3, 4]])), ("xls", XLS), ("ods", ODS)):
        with pytest.raises(Refused) as caught:
            parsing.parse(kind, data)
        assert caught.value.code == code
    assert refusal(b"1,2\n3,4\n").code == code


def test_too_many_cells_or_sheets_are_refused(monkeypatch):
    for module in (parsing, opendocument):
        monkeypatch.setattr(module, "MAX_SHEETS", 1)
    for kind, data in (("xls", XLS), ("ods", ODS)):
        with pytest.raises(Refused, match="too_many_sheets"):
            parsing.parse(kind, data)
    for module in (parsing, opendocument, delimited):
        monkeypatch.setattr(module, "MAX_SHEETS", 9, raising=False)
        monkeypatch.setattr(module, "MAX_CELLS", 3)
    for kind, data in (("xls", XLS), ("ods", ODS), ("xlsx", xlsx([[1, 2], [3, 4]]))):
        with pytest.raises(Refused, match="too_many_cells"):
            parsing.parse(kind, data)
    assert refusal(b"1,2\n3,4\n").code == "too_many_cells"


def ods(body, head=""):
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'{head}<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0"><table:table table:name="t">{body}</table:table></office:document-content>'
    )
    return zipped({"content.xml": content.encode(), "META-INF/manifest.xml": b"<m/>"})


def repeated(rows, columns):
    cell = f'<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="{columns}"/>'
    return f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'


def typed(kind, value):
    attribute = "value" if kind == "float" else f"{kind}-value"
    cell = f'<table:table-cell office:value-type="{kind}" office:{attribute}="{value}"/>'
    return f"<table:table-row>{cell}</table:table-row>"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (repeated(1, 999_999_999), "too_many_columns"),
        (repeated(999_999_999, 1), "too_many_rows"),
        (repeated(2_000, 2_000), "too_many_cells"),
        (repeated("many", 1), "damaged"),
        (typed("float", "x"), "damaged"),
        (typed("date", "x"), "damaged"),
        (typed("time", "x"), "damaged"),
    ],
)
def test_an_ods_with_false_counts_or_values_is_refused(body, code):
    with pytest.raises(Refused) as caught:
        parsing.parse("ods", ods(body))
    assert caught.value.code == code


def test_an_ods_that_declares_entities_is_refused():
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert refusal(ods("<table:table-row/>", laughs)).code == "damaged"


def test_an_ods_cell_may_hold_a_table_and_spaces_without_end():
    inner = "<table:table-row><table:table-cell><text:p>内</text:p></table:table-cell></table:table-row>"
    said = '<text:p>外<text:s text:c="999999999"/>边</text:p>'
    cell = f'<table:table-cell office:value-type="string">{said}<table:table>{inner}</table:table></table:table-cell>'
    (sheet,) = parsing.parse("ods", ods(f"<table:table-row>{cell}</table:table-row>"))
    assert sheet.rows == (("外" + " " * 1000 + "边",),)


def test_an_ods_error_is_known_by_its_type_and_a_drawing_is_no_text():
    space = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    drawing = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    body = (
        f'<table:table-row {space} {drawing}><table:table-cell office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>Err:502</text:p></table:table-cell><table:table-cell '
        'office:value-type="string"><draw:frame><text:p>图</text:p></draw:frame><text:p>文<text:span>字</text:span>'
        "</text:p></table:table-cell></table:table-row>"
    )
    (sheet,) = parsing.parse("ods", ods(body))
    assert sheet.rows == ((CellError("Err:502"), "文字"),)


def test_an_ods_without_content_is_damaged():
    with pytest.raises(Refused, match="damaged"):
        opendocument.parse(zipped({"mimetype": b"x"}))


def test_a_panic_of_the_parser_is_a_damaged_file_and_other_faults_are_not_hidden(monkeypatch):
    panic = type("PanicException", (BaseException,), {})
    for raised, expected in ((panic, Refused), (KeyboardInterrupt, KeyboardInterrupt)):

        def fail(_, raised=raised):
            raise raised

        monkeypatch.setattr(parsing.calamine, "load_workbook", fail)
        with pytest.raises(expected):
            parsing.parse("xls", XLS)


def test_the_password_that_calamine_finds_is_told(monkeypatch):
    def fail(_):
        raise parsing.calamine.PasswordError

    monkeypatch.setattr(parsing.calamine, "load_workbook", fail)
    with pytest.raises(Refused, match="encrypted"):
        parsing.parse("xlsx", xlsx())


def test_the_child_answers_in_json_and_limits_itself(monkeypatch):
    limited = []
    monkeypatch.setattr(parsing, "limit_process", lambda memory, seconds: limited.append((memory, seconds)))
    for data in (XLS, b"no workbook"):
        out = io.BytesIO()
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
        monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
        parsing.main(["xls", "1000", "7"])
        assert out.getvalue().decode() == parsing.answer("xls", data)
    assert limited == [(1000, 7), (1000, 7)]
    assert parsing.from_json(parsing.answer("xls", XLS)) == parsing.parse("xls", XLS)
    with pytest.raises(Refused, match="damaged"):
        parsing.from_json(parsing.answer("xls", b"no workbook"))


def test_limits_are_set_where_the_system_has_them(monkeypatch):
    resource = pytest.importorskip("resource")
    called = []
    monkeypatch.setattr(resource, "setrlimit", lambda what, pair: called.append((what, pair)))
    parsing.limit_process(1000, 7)
    assert called == [(resource.RLIMIT_AS, (1000, 1000)), (resource.RLIMIT_CPU, (7, 7)), (resource.RLIMIT_CORE, (0, 0))]
    monkeypatch.setitem(sys.modules, "resource", None)
    parsing.limit_process(1000, 7)
    assert len(called) == 3


def test_a_child_without_memory_or_time_is_stopped(monkeypatch):
    monkeypatch.setattr(sandbox, "MEMORY_BYTES", 30_000_000)
    with pytest.raises(sandbox.ParserStopped, match="exit status"):
        sandbox.parse_apart("xlsx", xlsx([[n] * 20 for n in range(5_000)]))
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 0.001)
    with pytest.raises(sandbox.ParserStopped, match="time"):
        sandbox.parse_apart("xls", XLS)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([XLS, ODS, xlsx([["编号", 1], ["#REF!", 2.5]])]),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8),
    st.integers(0, 10**6),
)
def test_a_file_with_broken_bytes_is_read_or_refused(data, changes, cut):
    broken = bytearray(data[: cut % len(data) if cut % 3 == 0 else len(data)])
    for place, byte in changes:
        if broken:
            broken[place % len(broken)] = byte
    try:
        outcome = "read" if read_workbook("a.xls", bytes(broken)).sheets else "nothing"
    except UnreadableWorkbook as fault:
        outcome = "refused" if fault.code in REASONS else fault.code
    assert outcome in {"read", "refused"}
