"""Opening a zip container safely: bounded in parts, size and compression ratio; XML without entities."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from chuangwen.directives.reading.document import UnreadableDocument

MAX_PARTS = 5_000
MAX_PART_BYTES = 64 * 1024 * 1024
MAX_RATIO = 200
_RATIO_FLOOR = 1024 * 1024
"""Small parts of much white space compress well and harm nobody."""


class Archive:
    """A zip file in memory of which only named, checked parts are unpacked."""

    def __init__(self, name: str, data: bytes) -> None:
        self._name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError):
            raise self._broken() from None
        if len(self._zip.infolist()) > MAX_PARTS:
            raise UnreadableDocument(name, "压缩包内文件过多", "请在 Word 中另存为新的 docx 再上传")

    def __contains__(self, part: str) -> bool:
        return part in self._zip.NameToInfo

    def read(self, part: str) -> bytes:
        """The bytes of `part`; refuses a part that unpacks to too much, whatever its header claims."""
        info = self._zip.NameToInfo[part]
        limit = min(MAX_PART_BYTES, max(_RATIO_FLOOR, info.compress_size * MAX_RATIO))
        try:
            with self._zip.open(info) as stream:
                content = stream.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
            raise self._broken() from None
        if len(content) > limit:
            raise UnreadableDocument(
                self._name, "解压后异常庞大，疑似压缩炸弹，已拒绝", "请在 Word 中打开后另存为新的 docx 再上传"
            )
        return content

    def xml(self, part: str) -> etree._Element:
        """The root element of `part`; refuses document type declarations, the carrier of entity bombs."""
        content = self.read(part)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError:
            raise self._broken() from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise UnreadableDocument(
                self._name, "内含不允许的实体定义，已拒绝", "请在 Word 中打开后另存为新的 docx 再上传"
            )
        return root

    def _broken(self) -> UnreadableDocument:
        return UnreadableDocument(self._name, "已损坏，无法打开", "请在 Word 中打开修复并另存后再上传")
