"""Files that are broken or made to do harm: one clear message, quickly, and nothing else."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from chuangwen.standards.fileformat import Fault, FaultyStandard, json_source, package, raw, read_standard, yaml_source
from chuangwen.standards.fileformat.faults import FaultList, UnreadableFileError
from tests.standards.books import NODES, book
from tests.standards.marked import HEAD, LEAF, fault_words, faults_of, found, worded


def test_unknown_format_is_refused():
    assert found("x", "standard.xls") == [("format", "file")]
    assert found("x", "standard") == [("format", "file")]


def test_path_names_its_own_format(tmp_path):
    path = tmp_path / "standard.yml"
    path.write_text(HEAD + LEAF, encoding="utf-8")
    assert read_standard(path) == read_standard(str(path)) == read_standard(path, "other.yaml")


def test_missing_path_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_standard(tmp_path / "none.yaml")


def test_ten_megabytes_are_refused_unread(tmp_path):
    path = tmp_path / "standard.yaml"
    path.write_bytes(b"a" * 10_000_000)
    with pytest.raises(FaultyStandard) as refused:
        read_standard(path)
    assert [str(fault) for fault in refused.value.faults] == [
        "file: the file is larger than 4 MB; split off what is not part of the standard"
    ]


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
@pytest.mark.parametrize("content", ["", "  \n", "\ufeff"])
def test_empty_text_is_refused(name, content):
    assert [code for code, _ in found(content, name)] == ["empty"]


@pytest.mark.parametrize("content", ["# only a remark\n", "---\n", "{}", "~"])
def test_yaml_without_content_is_refused(content):
    assert [code for code, _ in found(content)] == ["empty"]


def test_byte_order_mark_is_no_fault():
    assert read_standard(b"\xef\xbb\xbf" + (HEAD + LEAF).encode(), "a.yaml").version == "1"


def test_gbk_is_named_with_the_line():
    [fault] = faults_of((HEAD + LEAF).encode("gb18030"))
    assert fault == Fault(
        "encoding",
        "line 3",
        "the text is not UTF-8 (GBK / GB18030); save it again as UTF-8",
        "文本不是 UTF-8 编码 (GBK / GB18030)；请另存为 UTF-8",
    )


def test_utf16_and_noise_are_refused():
    assert "(UTF-16)" in faults_of((HEAD + LEAF).encode("utf-16"))[0].message
    assert "UTF-8;" in faults_of(b"a\x80\x81\xff\xff")[0].message


@pytest.mark.parametrize(("sign", "name"), [("\0", "U+0000"), ("\x1b", "U+001B"), ("\ufffe", "U+FFFE")])
def test_control_characters_are_refused_with_the_line(sign, name):
    [fault] = faults_of(HEAD + sign + LEAF)
    assert (fault.code, fault.place) == ("control-character", "line 5")
    assert name in fault.message


BROKEN_YAML = {
    "bracket": (HEAD + "nodes: [\n", "syntax", "line 6"),
    "indentation": (HEAD + "  x: 1\n", "syntax", "line 5"),
    "tab": (HEAD + "nodes:\n\t- a\n", "syntax", "line 6"),
    "list as key": (HEAD + "[a, b]: c\n", "syntax", "line 5"),
    "second document": (HEAD + LEAF + "---\na: 1\n", "several-documents", "line 7"),
    "unknown alias": (HEAD + "nodes: *x\n", "unknown-alias", "line 5"),
    "alias of itself": (HEAD + "nodes: &x [*x]\n", "unknown-alias", "line 5"),
    "python object": (HEAD + LEAF + "cap: !!python/object/apply:os.system [ls]\n", "tag", "line 7"),
    "local tag": (HEAD + LEAF + "cap: !x 3\n", "tag", "line 7"),
    "bad directive": ("%YAML 9\n---\n" + HEAD, "syntax", "line 1"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code", "place"), BROKEN_YAML.values(), ids=BROKEN_YAML.keys())
def test_broken_yaml_is_refused_with_its_line(text, code, place):
    assert (code, place) in found(text)


def test_alias_as_key_is_refused():
    assert ("key-not-text", "line 5") in found(HEAD + "cap: &x [1]\n*x : 2\n" + LEAF)


def test_aliases_are_followed():
    text = HEAD + 'nodes:\n  - {code: "1", title: a, points: 1, map: &m {kind: required, n: 2}}\n'
    text += '  - {code: "2", title: a, points: 1, map: *m}\n'
    first, second = read_standard(text.encode(), "a.yaml").nodes
    assert first.map == second.map
    assert second.map.n == 2


def test_alias_bomb_is_refused():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in range(1, 30):
        bomb += f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n"
    assert ("too-many-values", "line 10") in found(HEAD + bomb)


def test_numbers_are_yaml_1_2():
    text = HEAD + "cap: 0x10\nscale: 1e2\ngrades: {no: 0o0, A: +.5}\n" + LEAF
    standard = read_standard(text.encode(), "a.yaml")
    assert (standard.cap, standard.scale, standard.grades) == (16, 100, {"no": 0, "A": 0.5})


@pytest.mark.parametrize("spelling", [".inf", "-.inf", ".nan", "9" * 5000])
def test_numbers_that_are_none_are_refused(spelling):
    assert found(f"{HEAD}cap: {spelling}\n{LEAF}") == [("not-a-number", "line 5")]


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_deep_nesting_is_refused(name):
    assert found('{"nodes":' + "[" * 100_000, name) == [("too-deep", "line 1")]
    for opened, closed in (("[", "]"), ('{"a":', "}")):
        for depth, fault in ((99, "not-a-mapping"), (100, "too-deep")):
            assert [code for code, _line in found(f"[{opened * depth}1{closed * depth}]", name)] == [fault]


@pytest.mark.parametrize(("module", "name"), [(yaml_source, "a.yaml"), (json_source, "a.json")])
def test_too_many_values_are_refused(module, name, monkeypatch):
    monkeypatch.setattr(module, "MAX_VALUES", 5)
    assert found("[1, 2,\n3, 4, 5]", name) == [("too-many-values", "line 2")]
    assert found("[1, 2,\n3, 4]", name) == [("not-a-mapping", "line 1")]


BROKEN_JSON = {
    "cut off": ('{\n"urn": ', "line 2"),
    "trailing comma": ('{"a": 1,\n}', "line 2"),
    "no colon": ('{"a"\n1}', "line 2"),
    "no comma": ('{"a": [1\n2]}', "line 2"),
    "bare key": ("{a: 1}", "line 1"),
    "bare word": ('{"a": yes}', "line 1"),
    "leading zero": ('{"a": 01}', "line 1"),
    "not a number": ('{"a": NaN}', "line 1"),
    "number and letters": ('{"a": 1x}', "line 1"),
    "line break in text": ('{"a": "b\nc"}', "line 1"),
    "bad escape": (r'{"a": "\x"}', "line 1"),
    "something after": ("{}\n{}", "line 2"),
    "no value": ('{"a": ,}', "line 1"),
}


@pytest.mark.parametrize(("text", "place"), BROKEN_JSON.values(), ids=BROKEN_JSON.keys())
def test_broken_json_is_refused_with_its_line(text, place, request):
    faults = faults_of(text, "a.json")
    assert [(fault.code, fault.place) for fault in faults] == [("syntax", place)]
    assert worded(faults) == fault_words()[f"json-{request.node.callspec.id}"]


def test_json_takes_tabs_empty_values_and_surrogate_pairs():
    text = (
        '{"urn": "urn:a",\n\t"version": "1", "title": "\\ud83d\\ude00", "subject": "city", "cap": null, "checks": [],'
    )
    text += ' "grades": {}, "strict_points": true, "nodes": [{"code": "1", "title": "a", "points": 1.5e0}]}'
    standard = read_standard(text.encode(), "a.json")
    assert (standard.title.zh, standard.nodes[0].points, standard.cap) == ("😀", 1.5, None)


def test_lone_surrogate_is_refused():
    text = '{"urn": "urn:a", "version": "1", "title": "\\ud83d", "subject": "city",\n'
    text += '"nodes": [{"code": "1", "title": "a", "points": 1}]}'
    assert found(text, "a.json") == [("control-character", "line 1")]


def _zip(parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return content.getvalue()


def _with_part(content, part, data):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return _zip(parts | {part: data(parts.get(part, b"")) if callable(data) else data})


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a workbook", _zip({"a.txt": "a"})])
def test_what_is_no_workbook_is_refused(content):
    assert found(content, "a.xlsx") == [("workbook", "file")]


def test_zip_bomb_is_refused():
    bomb = _with_part(book(), "xl/media/zero.bin", bytes(raw.MAX_UNPACKED_BYTES + 1))
    assert len(bomb) < 200_000
    [fault] = faults_of(bomb, "a.xlsx")
    assert (fault.code, "64 MB" in fault.message) == ("too-large", True)


def test_too_many_parts_are_refused():
    parts = {f"{number}.xml": "" for number in range(raw.MAX_PARTS + 1)}
    assert found(_zip(parts), "a.xlsx") == [("too-large", "file")]


@pytest.mark.parametrize("reference", ["XFD2", "A1048576"])
def test_far_cell_is_refused_before_a_table_is_built(reference):
    content = _with_part(
        book(), "xl/worksheets/sheet2.xml", lambda xml: xml.replace(b'r="B2"', f'r="{reference}"'.encode())
    )
    [fault] = faults_of(content, "a.xlsx")
    assert (fault.code, reference in fault.message) == ("too-large", True)


def test_last_row_and_column_are_read():
    sheet = '<worksheet><row r="{}"><c r="{}"/></row></worksheet>'
    package.refuse_far_cells(sheet.format(50_000, "CV50000").encode(), FaultList())
    for row, cell in ((50_001, "A1"), (1, "CW1"), (1, "A50001")):
        faults = FaultList()
        with pytest.raises(UnreadableFileError):
            package.refuse_far_cells(sheet.format(row, cell).encode(), faults)
        [fault] = faults.in_reading_order()
        far = "A50001" if row > 1 else cell
        assert f"50000 rows, 100 columns ({far})" in fault.message


def test_far_row_is_refused():
    content = _with_part(book(), "xl/worksheets/sheet2.xml", lambda xml: xml.replace(b'<row r="2"', b'<row r="999999"'))
    assert found(content, "a.xlsx") == [("too-large", "file")]


@pytest.mark.parametrize(
    ("old", "new"), [(b'r="B2"', b'r="2B"'), (b"</worksheet>", b"</work>"), (b"<sheetData>", b"<sheetData>&x;")]
)
def test_broken_sheet_is_refused(old, new):
    content = _with_part(book(), "xl/worksheets/sheet2.xml", lambda xml: xml.replace(old, new))
    assert found(content, "a.xlsx") == [("workbook", "file")]


def test_too_many_cells_are_refused(monkeypatch):
    monkeypatch.setattr(package, "MAX_VALUES", 5)
    assert found(book(nodes=[*NODES, ("2", "b", 1)]), "a.xlsx") == [("too-many-values", "file")]


def test_encrypted_part_is_refused():
    content = bytearray(book())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    assert found(bytes(content), "a.xlsx") == [("workbook", "file")]


def _is_read_or_refused(content):
    """Whether reading ends in a standard or in faults; any other exception fails the test."""
    try:
        return read_standard(content, "a.xlsx").version == "1"
    except FaultyStandard as refused:
        return len(refused.faults) > 0


def test_damaged_workbooks_are_refused_or_read_but_never_crash():
    source, chance = book(), random.Random(7)  # noqa: S311 - the same damage each time
    for _ in range(150):
        content = bytearray(source)
        for _ in range(chance.randrange(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        assert _is_read_or_refused(bytes(content))


def test_damaged_parts_are_refused_or_read_but_never_crash():
    source, chance = book(), random.Random(8)  # noqa: S311 - the same damage each time
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    for _ in range(150):
        name = chance.choice(sorted(parts))
        data = bytearray(parts[name])
        start = chance.randrange(len(data))
        data[start : start + chance.randrange(1, 30)] = chance.randbytes(chance.randrange(3))
        assert _is_read_or_refused(_zip(parts | {name: bytes(data)}))
