"""What is empty, damaged, protected or made to harm is refused with fault and way out; nothing else escapes."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.directives.reading import Document, UnreadableDocument, document, read_document

DOC = (Path(__file__).parent / "files" / "notice.doc").read_bytes()
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read_document("甲", data)
    return caught.value.fault


def read_or_refuse(data: bytes) -> Document | UnreadableDocument:
    try:
        return read_document("甲", data)
    except UnreadableDocument as refused:
        return refused


def package(**parts: str | bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


def test_empty_file():
    assert refusal(b"") == "是空文件"


def test_blank_text():
    assert refusal("\n \u3000\n".encode()) == "里没有文字"


def test_too_large_file(monkeypatch):
    monkeypatch.setattr("chuangwen.directives.reading.dispatch.MAX_FILE_BYTES", 1024 * 1024)
    assert refusal(b"a" * (1024 * 1024 + 1)) == "超过1MB"


def test_too_long_text(monkeypatch):
    monkeypatch.setattr(document, "MAX_CHARACTERS", 10)
    assert refusal("创建文明城市".encode() * 2) == "正文超过10字"


@pytest.mark.parametrize("head", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a"])
def test_picture(head):
    assert refusal(head + b"\x00" * 100) == "是图片，没有可选取的文字"


def test_binary_rubbish():
    assert refusal(bytes(range(1, 32)) * 50) == "不是文字文件"


def test_zip_bomb():
    body = f'<w:document xmlns:w="{W}"><w:body><w:p/>' + " " * 80_000_000
    assert refusal(package(word__document_xml=body)) == "解压后异常庞大，疑似压缩炸弹，已拒绝"


def test_entity_bomb():
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    body = f'{bomb}<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>'
    assert refusal(package(word__document_xml=body)) == "内含不允许的实体定义，已拒绝"


def test_external_entity_is_not_fetched(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("密码")
    body = (
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}">]><w:document xmlns:w="{W}"><w:body><w:p><w:r>'
        "<w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
    )
    assert refusal(package(word__document_xml=body)) == "内含不允许的实体定义，已拒绝"


def test_archive_that_is_no_word_document():
    assert refusal(package(readme="你好")) == "不是 Word 文档"


def test_truncated_docx():
    assert refusal(package(word__document_xml="<a/>")[:-30]) == "已损坏，无法打开"


def test_broken_xml():
    assert refusal(package(word__document_xml="<w:document")) == "已损坏，无法打开"


def test_protected_pdf():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    assert refusal(stream.getvalue()) == "有打开密码"


def test_pdf_with_too_many_pages(monkeypatch):
    monkeypatch.setattr("chuangwen.directives.reading.pdf.MAX_PAGES", 2)
    writer = pypdf.PdfWriter()
    for _ in range(3):
        writer.add_blank_page(100, 100)
    stream = io.BytesIO()
    writer.write(stream)
    assert refusal(stream.getvalue()) == "有3页，超过2页"


def test_damaged_pdf():
    assert refusal(b"%PDF-1.7\nrubbish") == "已损坏，无法读取"


def test_protected_old_word():
    at = DOC.index(struct.pack("<H", 0xA5EC))
    flags = struct.unpack_from("<H", DOC, at + 10)[0] | 0x0100
    data = bytearray(DOC)
    struct.pack_into("<H", data, at + 10, flags)
    assert refusal(bytes(data)) == "有打开密码"


def renamed(old: str, new: str) -> bytes:
    """The old Word file with one of its streams called otherwise."""
    at = DOC.index(old.encode("utf-16-le") + b"\x00\x00")
    data = bytearray(DOC)
    data[at : at + 64] = new.encode("utf-16-le").ljust(64, b"\x00")
    struct.pack_into("<H", data, at + 64, 2 * len(new) + 2)
    return bytes(data)


@pytest.mark.parametrize(
    ("stream", "fault"),
    [
        ("Workbook", "无法读取：文件已损坏或不完整（Cannot detect file format）"),
        ("EncryptedPackage", "有打开密码"),
        ("Other", "的格式过旧或不是文稿"),
    ],
)
def test_compound_file_that_is_no_old_word(stream, fault):
    assert refusal(renamed("WordDocument", stream)) == fault


def test_old_word_without_its_table():
    assert refusal(renamed("1Table", "Lost")) == "的格式过旧或不是文稿"


def test_old_word_of_another_age():
    data = bytearray(DOC)
    struct.pack_into("<H", data, DOC.index(struct.pack("<H", 0xA5EC)), 0xA5DC)
    assert refusal(bytes(data)) == "的格式过旧或不是文稿"


def test_old_word_with_a_looping_chain():
    data = bytearray(DOC)
    table = (struct.unpack_from("<I", DOC, 76)[0] + 1) * 512
    directory = struct.unpack_from("<I", DOC, 48)[0]
    struct.pack_into("<I", data, table + 4 * directory, directory)
    assert refusal(bytes(data)) == "已损坏，无法打开"


def test_rtf_nested_without_end():
    assert refusal(b"{\\rtf1" + b"{" * 100_000) == "嵌套过深，已拒绝"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4\n", b"{\\rtf1", b"<html>", DOC[:512]]))
def test_any_bytes_are_read_or_refused(data, head):
    outcome = read_or_refuse(head + data)
    assert isinstance(outcome, Document) or str(outcome).startswith("《甲》")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(DOC) - 1), st.binary(min_size=1, max_size=64))
def test_damaged_old_word_is_read_or_refused(at, noise):
    data = DOC[:at] + noise + DOC[at + len(noise) :]
    outcome = read_or_refuse(data)
    assert isinstance(outcome, Document) or outcome.way_out
