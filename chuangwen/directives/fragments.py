"""Fragments: what copying and wrong decoding leave between the characters of a text.

HTML entities and tags, marks of Markdown and of word processors, UTF-8 read as Western letters, GBK read from the
wrong byte. Pure; each function yields edits (start, end, new text) in ascending order, disjoint. Masked names
(某某, x, ×, *, □□) are kept; other signs for a mask become ×.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

Edit = tuple[int, int, str]

_HAN = r"\u3400-\u9fff"
_ENTITY: Final = re.compile(r"&(?:amp;){0,3}(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d{0,2});|&nbsp;?")
_BLOCK = "p|div|br|li|ul|ol|tr|table|tbody|h[1-6]|section|article|blockquote|center|hr"
_INLINE = "span|font|strong|b|em|i|u|a|td|th|img|o:p|sup|sub|label|input|iframe|script|style|meta|link"
_TAG: Final = re.compile(rf"<(/?)({_BLOCK}|{_INLINE})(?:\s[^<>\n]{{0,400}})?/?>", re.IGNORECASE)
_COMMENT: Final = re.compile(r"<!--[^<>]{0,400}-->")
_IS_BLOCK: Final = re.compile(rf"(?:{_BLOCK})$", re.IGNORECASE)

_WESTERN: Final = (
    "\u00a0-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030"
    "\u2039\u203a\u20ac\u2122\u0080-\u009f"
)
_MISREAD: Final = re.compile(rf"[\u00c2-\u00f4][{_WESTERN}]{{1,400}}")
_LOST: Final = ("锟斤拷", "烫烫烫", "屯屯屯", "\ufffd")
_BROKEN: Final = re.compile(rf"(?:{'|'.join(_LOST)})+(?:[锟斤拷烫屯]|\ufffd)*")
_SHIFTED: Final = re.compile(r"[@\[\\\]^_`{|}~](?<=[\u4e00-\u9fff].)")
"""A sign behind a character: the sign is what is sought, since it is rare."""
_RARE_FROM: Final = 0xD8
"""GB 2312 holds its everyday characters in rows 16 to 55 (lead bytes B0 to D7), rarer ones from D8 on."""

_PRIVATE: Final = re.compile("[\ue000-\uf8ff]+")
_BULLET: Final = re.compile(
    r"(?m)^[ \t\u3000]*(?:[•●■◆★▲►➢➤✓✔◇◎※☆▪▫♦\uf06c\uf0d8\uf0b7\uf075][ \t\u3000]*|[□○](?![□○])|[-–*+][ \t]+(?=\S))"
)
_MARKDOWN: Final = re.compile(
    r"(?m)^[ \t]*(#{1,6}[ \t]+|>[ \t]+)|^[ \t]*(\*\*|__)(?=[^*_\n]{2,60}(?:\*\*|__)[ \t]*$)|(?<=\S)(\*\*|__)(?=[ \t]*$)"
)
_SPACED_MASK: Final = re.compile(rf"(?<=[xX×*＊])[ \t]+(?=[xX×*＊{_HAN}])")
_CROSS = "[╳✕✖✗❌]"
_RING = "[□○●〇]"
_MASK: Final = re.compile(
    rf"[╳✕✖✗❌□○●〇](?:(?<={_CROSS}){_CROSS}*"
    rf"|(?<={_RING})(?<!{_RING}{_RING}){_RING}{{1,7}}(?=[省市县区旗州镇乡街村局委办校院厂长书]))"
)


def entity_edits(text: str) -> Iterator[Edit]:
    """Entities that stand as text (&nbsp; &#8220; &amp;ldquo;) become their characters; unknown ones stay."""
    if "&" not in text:
        return
    for match in _ENTITY.finditer(text):
        new = match[0] if match[0].endswith(";") else match[0] + ";"
        for _ in range(4):
            new = html.unescape(new)
        if new == "&" or (new != match[0] and len(new) <= 2 and not new.startswith("&")):
            yield match.start(), match.end(), " " if new == "\u00a0" else new if new >= " " else ""


def tag_edits(text: str) -> Iterator[Edit]:
    """Tags of HTML that stand as text: blocks become line ends, others vanish."""
    if "<" not in text:
        return
    found = [(m.start(), m.end(), "\n" if _IS_BLOCK.match(m[2]) else "") for m in _TAG.finditer(text)]
    found += [(m.start(), m.end(), "") for m in _COMMENT.finditer(text)]
    yield from sorted(found)


def misread_edits(text: str) -> Iterator[Edit]:
    """Pieces decoded wrongly: UTF-8 read as Western letters is read again, what is lost becomes one ×."""
    found: list[Edit] = []
    for match in _MISREAD.finditer(text):
        new = _as_utf8(match[0])
        if new:
            found.append((match.start(), match.end(), new))
    if any(lost in text for lost in _LOST):
        found += [(m.start(), m.end(), "×") for m in _BROKEN.finditer(text)]
    for match in _SHIFTED.finditer(text):
        start, end = match.start() - 1, match.end()
        new = _shifted(text[start:end])
        if new:
            found.append((start, end, new))
    yield from sorted(found)


def _as_utf8(piece: str) -> str:
    """`piece` with its bytes read as UTF-8; empty where that gives no Chinese."""
    packed = b"".join(_western_byte(char) for char in piece)
    new = packed.decode("utf-8", "ignore")
    sound = sum(len(char.encode()) for char in new)
    chinese = sum(1 for char in new if "\u2010" <= char <= "\u9fff" or "\uff01" <= char <= "\uff5e" or char == "\u00b7")
    return new if chinese and chinese == len(new.strip()) and sound * 10 >= len(packed) * 8 else ""


def _western_byte(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return bytes([ord(char)]) if ord(char) < 256 else b"?"


def _shifted(pair: str) -> str:
    """The traditional character whose second byte was read as a sign (谶@ for 這), or nothing."""
    try:
        lead, trail = pair[0].encode("gbk")
        new = bytes([trail, ord(pair[1])]).decode("gbk")
    except (UnicodeError, ValueError):
        return ""
    return new if lead >= _RARE_FROM and "\u4e00" <= new <= "\u9fff" else ""


def sign_edits(text: str) -> Iterator[Edit]:
    """Bullets, marks of Markdown, private characters and gaps in masks vanish; signs for a mask become ×."""
    found = [(m.start(), m.end(), "") for m in _PRIVATE.finditer(text)]
    found += [(m.start(), m.end(), "") for m in _BULLET.finditer(text)]
    if "**" in text or "__" in text or "#" in text or ">" in text:
        for match in _MARKDOWN.finditer(text):
            at = 1 if match[1] else 2 if match[2] else 3
            found.append((match.start(at), match.end(at), ""))
    found += [(m.start(), m.end(), "") for m in _SPACED_MASK.finditer(text)]
    found += [(m.start(), m.end(), "×" * len(m[0])) for m in _MASK.finditer(text)]
    at = 0
    for start, end, new in sorted(found):
        if start >= at and end > start:
            yield start, end, new
            at = end
