"""What a file's name and kind say of a piece, and how papers number what they list. Pure.

Source: practice.md, 测评材料提交表: 标准号 (Ⅱ-1-1)-①.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from chuangwen.core.files.sniffing import XLSX

LONGEST_TITLE: Final = 200
FIRST_YEAR: Final = 1990
_DAYS = (
    re.compile(r"(?<!\d)(\d{4})年(\d{1,2})月(\d{1,2})日"),
    re.compile(r"(?<!\d)(\d{4})[-._/](\d{1,2})[-._/](\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})_\d{6}(?!\d)"),
)
_DAY_IN_FRONT = re.compile(r"^\s*(?:\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-._]\d{1,2}[-._]\d{1,2}|\d{8})(?!\d)[\s_-]*(?=\D)")
_NUMBER = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,12}[〔\[［(（]\d{4}[〕\]］)）]\s?(?:第)?\d{1,5}号")
_KINDS: Final = {
    "image/": "photo",
    "video/": "video",
    XLSX: "table",
}
# Names that cameras and chat programs give: they say nothing to people.
_MACHINE = re.compile(
    r"(?:IMG|DSC|DSCN|DSCF|PXL|VID|MVIMG|SCAN|mmexport|wx_camera|微信图片|QQ图片|image)?[\s_\-\d()（）]*", re.IGNORECASE
)
_PAPERS: Final = frozenset({"document", "table", "record"})
_ROMAN: Final = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def title_of(name: str) -> str:
    """A piece's first title: its file's name without ending, day and numbering in front, lines between words.

    "" for a name that a machine gave.
    """
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name.strip())
    if _MACHINE.fullmatch(stem):
        return ""
    stem = _DAY_IN_FRONT.sub("", stem)
    stem = re.sub(r"^\s*(?:附件)?\d{1,3}\s*[.、．:：_-]\s*(?=\D)", "", stem)
    stem = re.sub(r"[_\s]+", " ", stem).strip(" -_.、")
    return stem[:LONGEST_TITLE]


def day_in(name: str, today: date) -> date | None:
    """The day that a file's name tells (2026-05-12, 20260512, 2026年5月12日); None for none, or one ahead."""
    for pattern in _DAYS:
        for found in pattern.finditer(name):
            try:
                day = date(*map(int, found.groups()))
            except ValueError:
                continue
            if day.year >= FIRST_YEAR and day <= today:
                return day
    return None


def number_in(name: str) -> str:
    """The document number that a file's name tells, such as 云文明办〔2026〕3号."""
    found = _NUMBER.search(name)
    return found[0] if found else ""


def kind_of(media_type: str, asked: str = "") -> str:
    """The kind of piece that a file is by its content; a paper or table is what the slot asks for.

    A photo is a photo and a video a video wherever they are given first, so that they fit elsewhere too.
    """
    kind = next((kind for start, kind in _KINDS.items() if media_type.startswith(start)), "document")
    return asked if kind in _PAPERS and asked in _PAPERS else kind


def standard_number(code: str, position: int = 0) -> str:
    """A criterion's number as the paper writes it, with the place of its piece: (Ⅱ-1-1)-①.

    The first part becomes a Roman figure where it is a number up to twelve; other codes stand as they are.
    """
    first, *rest = code.split(".")
    if first.isdecimal() and 1 <= int(first) <= len(_ROMAN):
        first = _ROMAN[int(first) - 1]
    number = f"({'-'.join([first, *rest])})"
    if not position:
        return number
    return f"{number}-{_CIRCLED[position - 1]}" if position <= len(_CIRCLED) else f"{number}-({position})"
