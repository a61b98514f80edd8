"""Word 97-2003 .doc and WPS .wps (the same binary format, MS-DOC): the text through the piece table.

The `undoc` library recognises these files only to refuse them (UNSUPPORTED_FORMAT, 0.27), so the few
structures that lead to the text are read here: FIB (2.5), Clx (2.9.38), PlcPcd (2.8.35), FcCompressed (2.9.73).
Automatic numbers are not part of the text of this format and are not restored.
"""

from __future__ import annotations

import re
import struct

from chuangwen.directives.reading.compound import CompoundFile
from chuangwen.directives.reading.document import MAX_CHARACTERS, UnreadableDocument

_MAGIC = 0xA5EC
_ENCRYPTED = 0x0100
_SECOND_TABLE = 0x0200
_CLX_AT = 0x01A2
_MAIN_LENGTH_AT = 0x4C
_FIELD = re.compile("\x13[^\x13\x14\x15]*(?:\x14|(?=\x15))")
_SHOWN = str.maketrans(
    {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x07": "\t", "\x1e": "-", "\xa0": " "}
    | dict.fromkeys("\x00\x01\x02\x03\x04\x05\x08\x13\x14\x15\x1f")
)
_ROW_END = re.compile("\t\t(?=\n|[^\t\n]|$)")


def read_old_word(name: str, data: bytes) -> str:
    """The main text of a .doc or .wps; table cells parted by tabs. Footnotes and headers are left out."""
    container = CompoundFile(name, data)
    main = container.stream("WordDocument")
    if main is None:
        raise _other(name, container)
    try:
        magic, flags = struct.unpack_from("<H8xH", main, 0)
        if magic != _MAGIC:
            raise _too_old(name)
        if flags & _ENCRYPTED:
            raise UnreadableDocument(name, "有打开密码", "请在 Word 或 WPS 中取消密码后再上传")
        table = container.stream("1Table" if flags & _SECOND_TABLE else "0Table")
        if table is None:
            raise _too_old(name)
        start, length = struct.unpack_from("<II", main, _CLX_AT)
        (characters,) = struct.unpack_from("<I", main, _MAIN_LENGTH_AT)
        text = _pieces(main, table[start : start + length], min(characters, MAX_CHARACTERS + 1))
    except (struct.error, IndexError):
        raise UnreadableDocument(name, "已损坏，无法读取", "请用 Word 或 WPS 另存为 docx 再上传") from None
    text = _FIELD.sub("", _FIELD.sub("", text))
    return _ROW_END.sub("\n", text.translate(_SHOWN))


def _pieces(main: bytes, clx: bytes, characters: int) -> str:
    at = 0
    while clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    (size,) = struct.unpack_from("<I", clx, at + 1)
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    bounds = struct.unpack_from(f"<{count + 1}I", plc, 0)
    text: list[str] = []
    for i in range(count):
        length = min(bounds[i + 1], characters) - bounds[i]
        if length <= 0:
            continue
        (position,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * i + 2)
        if position & 0x40000000:
            first = (position & 0x3FFFFFFF) // 2
            text.append(main[first : first + length].decode("cp1252", "replace"))
        else:
            text.append(main[position : position + 2 * length].decode("utf-16-le", "replace"))
    return "".join(text)


def _other(name: str, container: CompoundFile) -> UnreadableDocument:
    if container.stream("EncryptedPackage") is not None:
        return UnreadableDocument(name, "有打开密码", "请在 Word 中取消密码后再上传")
    if container.stream("Workbook") is not None or container.stream("Book") is not None:
        return UnreadableDocument(name, "是 Excel 表格，不是文稿", "请从导入页面上传，或把正文粘贴进来")
    return _too_old(name)


def _too_old(name: str) -> UnreadableDocument:
    return UnreadableDocument(name, "的格式过旧或不是文稿", "请用 Word 或 WPS 打开后另存为 docx 再上传")
