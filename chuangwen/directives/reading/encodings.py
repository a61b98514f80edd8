"""Decoding Chinese text of unknown encoding, deterministically.

Byte order marks and strict UTF-8 decide most files. Between GB18030 and Big5, which both accept nearly any
bytes, the share of everyday characters decides: a wrong reading yields rare ones.
"""

from __future__ import annotations

import re
from typing import Final

from chuangwen.directives.reading.document import UnreadableDocument

# The commonest characters that simplified and traditional script write alike, then pairs that differ.
_EVERYDAY: Final = frozenset(
    "的一是在不了有和人中大上我以要他用生到作地出就分成可主年同工也能下子而方多定行法所民得十三之等部度家力里如"
    "水化高自二理起小物加量都制使本去把性好合因由其些然前外天政四日那社事平形相全重新内反你明看原又利比或但第向道"
    "命此只解意建月公立代想已通提直程展五果料象位入常文次品式活管特件求老基流路少山期根指几九放西被干做必先回取"
    "各市局委区街道村乡年月日讲话会议安排位位文明城市工作通知关于及切落任单位各位志"
    "这为个国来时们对会发动过说产种面后经进着电现实两体当点从业应开还样与关线数质气变条没结问无军"
    "這為個國來時們對會發動過說產種後經進著電現實兩體當點從業應開還樣與關線數質氣變條沒結問無軍單創講議區鄉責導"
)
_PUNCTUATION: Final = frozenset(",。、;:!?“”()《》·…—\u3000")

_HZ: Final = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e]){1,400}~\}")
_LIKELY: Final = 0.25
_GAPS: Final = 200  # characters for each one that may be lost


def decode_text(name: str, data: bytes) -> tuple[str, str]:
    """`data` as (text, encoding); nothing but a UTF-16 byte order mark is dropped or changed.

    Raises UnreadableDocument when no Chinese encoding fits or the bytes are not text.
    """
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return _strict(name, data, "utf-32")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(name, data, "utf-16")
    if not data.startswith(b"\xef\xbb\xbf") and b"\x00" in data[:4096]:
        return _strict(name, data, _utf16_order(data[:4096]))
    if _HZ.search(data) and data.isascii():
        return _strict(name, data, "hz")
    try:
        return _refuse_binary(name, data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        pass
    candidates = _decoded(data, "strict", ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be"))
    if max((share for share, *_ in candidates), default=0.0) < _LIKELY:
        # A file that was cut off, or lost a byte on its way, is read around the gap.
        candidates += _decoded(data, "replace", ("utf-8", "gb18030", "big5hkscs"))
    if not candidates:
        raise UnreadableDocument(name, "的文字编码无法识别", "请用记事本打开后另存为 UTF-8 再上传")
    share, _, text, encoding = max(candidates)
    if share < 0.1:
        raise UnreadableDocument(name, "不是文字文件，或编码无法识别", "请上传 txt、docx、doc、rtf、pdf 或网页文件")
    return _refuse_binary(name, text), encoding


def _decoded(data: bytes, errors: str, encodings: tuple[str, ...]) -> list[tuple[float, bool, str, str]]:
    """(share of everyday characters, is the commonest encoding, text, encoding) of each that fits."""
    found: list[tuple[float, bool, str, str]] = []
    for encoding in encodings:
        try:
            text = data.decode(encoding, errors)
        except UnicodeDecodeError:
            continue
        if text.count("\ufffd") <= max(3, len(text) // _GAPS):
            found.append((_everyday_share(text), encoding in {"utf-8", "gb18030"}, text, encoding))
    return found


def _utf16_order(head: bytes) -> str:
    return "utf-16-le" if head[1::2].count(0) >= head[0::2].count(0) else "utf-16-be"


def _strict(name: str, data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return _refuse_binary(name, data.decode(encoding)), encoding
    except UnicodeDecodeError:
        raise UnreadableDocument(name, "不是文字文件，或已损坏", "请重新导出后再上传") from None


def _refuse_binary(name: str, text: str) -> str:
    sample = text[:20_000]
    controls = sum(1 for c in sample if c < " " and c not in "\r\n\t\f\v\x1a")
    if controls > max(2, len(sample) // 200):
        raise UnreadableDocument(name, "不是文字文件", "请上传 txt、docx、doc、rtf、pdf 或网页文件")
    return text


def _everyday_share(text: str) -> float:
    sample = [c for c in text[:20_000] if ord(c) > 0x7F]
    if not sample:
        return 0.0
    known = sum(1 for c in sample if c in _EVERYDAY or c in _PUNCTUATION)
    return known / len(sample)
