"""Ordinal marks: the signs that number a heading or point in Chinese papers, from 第一部分 down to 一是 and ①.

Pure. Only recognises a mark and its number, in folded text (folding.py), and writes the number of one; which level a
style has is learned in each document (outline.py).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_CN: Final = "[一二三四五六七八九十]{1,3}"
_UNITS = (
    "年月日个名人次条项家处所户天周小时分公米元万亿千百余多类种位号楼栋级岁届座场批支台辆件份期张度点后前内以至到倍成%"
)
_HAN = r"\u3400-\u9fff"
_ROMAN: Final = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5, "Ⅵ": 6, "Ⅶ": 7, "Ⅷ": 8, "Ⅸ": 9, "Ⅹ": 10, "Ⅺ": 11, "Ⅻ": 12}
_LATIN: Final = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_DIGITS_CN: Final = "零一二三四五六七八九"
_WORDS: Final = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": 0, "一方面": 1, "另一方面": 2}
_RINGS: Final = ((0x2460, 20), (0x2474, 20), (0x2488, 20), (0x3220, 10), (0x2776, 10))
"""①, ⑴, ⒈, ㈠, ❶: first code point and how many there are."""

_STYLES: Final = (
    ("part", rf"第(?:{_CN}|\d{{1,2}})(?:部分|板块|编|篇)[、,:]?"),
    ("chapter", rf"第(?:{_CN}|\d{{1,2}})章"),
    ("section", rf"第(?:{_CN}|\d{{1,2}})节"),
    ("article", rf"第(?:{_CN}|\d{{1,2}})条(?![街路线河道船例])"),
    ("task", rf"(?:任务|专题|议题|事项|专项)(?:{_CN}|\d{{1,2}})[、:.]"),
    ("annex", r"附件(?:\d{1,2}|[一二三四五六七八九十])?[:]?(?=\s*$)"),
    ("一、", rf"{_CN}(?:[、.]|[,](?=[{_HAN}“《]))"),
    ("第一", rf"第{_CN}(?:[,、:]|是|要|个(?:方面|问题)?[,:]?|件(?:事[,:]?)?|步[,:]?|方面[,:]?)"),
    ("首先", r"(?:首先|其次|再次|再者|最后)[,、:是要]|(?:另一|一)方面[,、]"),
    ("其一", rf"其{_CN}[,、:]"),
    ("(一)", rf"[(〔【]{_CN}[)〕】][、.]?"),
    ("(1)", r"[(]\d{1,2}[)][、.]?"),
    ("1.1", rf"\d{{1,2}}(?:[.]\d{{1,2}}){{1,3}}(?=[、.\s]{{0,2}}[{_HAN}“《])(?![、.\s]{{0,2}}[{_UNITS}])"),
    ("1、", r"\d{1,2}、"),
    ("1.", r"\d{1,2}[.](?!\d)"),
    ("1)", r"\d{1,2}[)]"),
    ("1", rf"\d{{1,2}}(?=\s?(?![{_UNITS}])[{_HAN}]{{2,20}}(?:[。:]|$))"),
    ("(I)", r"[(](?:[Ⅰ-Ⅻ]|[IVX]{1,4})[)]"),
    ("I.", r"(?:[Ⅰ-Ⅻ]|[IVX]{1,4})[、.]"),
    ("A.", r"[A-Za-z][、.)](?![A-Za-z.])"),
    ("一是", rf"{_CN}是"),
    ("一要", rf"{_CN}要(?![求素点件])"),
    ("①", "[①-⑳❶-❿]"),
    ("⑴", "[⑴-⒇]"),
    ("⒈", "[⒈-⒛]"),
    ("㈠", "[㈠-㈩]"),
)
_FIRST: Final = r"(?=[\d一二三四五六七八九十第任专议事附首其再最另(〔【A-ZⅠ-Ⅻa-z①-⒛❶-❿㈠-㈩])"
"""What a mark begins with: no other character is compared with the styles."""
_ANY: Final = re.compile(_FIRST + "(?:" + "|".join(f"(?P<s{i}>{words})" for i, (_, words) in enumerate(_STYLES)) + ")")
_CN_NUMBER: Final = re.compile(_CN)
_DIGITS: Final = re.compile(r"\d{1,2}(?!.*\d)")
_LETTERS: Final = re.compile("[IVX]+|[Ⅰ-Ⅻ]")

FAMILY: Final = {
    "1.": "arabic", "1、": "arabic", "1": "arabic", "1)": "arabic", "⒈": "arabic", "(1)": "(arabic)", "⑴": "(arabic)",
    "(一)": "(chinese)", "㈠": "(chinese)", "一是": "told", "一要": "told", "第一": "told first", "首先": "told first",
    "其一": "told first",
}  # fmt: skip
"""Styles that one list may mix (首先, 第二, 最后; 1. 2、): a number that follows on belongs to the list."""

LADDER: Final = {name: i for i, (name, _) in enumerate(_STYLES)} | {
    "(一)": 9,
    "1、": 11,
    "1.": 11,
    "一是": 30,
    "一要": 30,
}
"""How high a style usually stands (GB/T 9704-2012, 7.3.3: 一、 (一) 1. (1)); asked where the document is silent."""

TOLD: Final = frozenset({"第一", "首先", "其一", "一是", "一要", "①", "(1)", "⑴"})
"""Styles that also number points in the middle of a paragraph."""


class Ordinal(NamedTuple):
    """A mark: its style, its number (0 where it only says "last") and how many characters it has."""

    style: str
    value: int
    length: int


def ordinal_at(text: str, at: int = 0) -> Ordinal | None:
    """The mark that opens `text` at offset `at`, or None."""
    match = _ANY.match(text, at)
    if match is None:
        return None
    style = _STYLES[int(str(match.lastgroup)[1:])][0]
    return Ordinal(style, _value(style, match[0]), match.end() - at)


def chinese_value(number: str) -> int:
    """一 to 九十九; 0 for what is no such number."""
    tens, sign, ones = number.partition("十")
    if len(tens) > 1 or len(ones) > 1 or (not sign and len(number) != 1) or not set(tens + ones) <= set(_DIGITS_CN):
        return 0
    if not sign:
        return _DIGITS_CN.index(tens)
    return (_DIGITS_CN.index(tens) if tens else 1) * 10 + (_DIGITS_CN.index(ones) if ones else 0)


def chinese_number(value: int) -> str:
    """1 to 99 as 一 to 九十九, as headings count; other numbers in digits."""
    if not 1 <= value <= 99:
        return str(value)
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS_CN[tens] + "十")
    return head + (_DIGITS_CN[ones] if ones else "")


def _value(style: str, mark: str) -> int:
    if style == "首先":
        return next(value for word, value in _WORDS.items() if mark.startswith(word))
    if style in {"I.", "(I)"}:
        found = _LETTERS.search(mark)
        letters = found[0] if found else ""
        return _ROMAN.get(letters) or (_LATIN.index(letters) if letters in _LATIN else 0)
    if style == "A.":
        return ord(mark[0].lower()) - ord("a") + 1
    for first, count in _RINGS:
        if first <= ord(mark[0]) < first + count:
            return ord(mark[0]) - first + 1
    number = _DIGITS.search(mark)
    if number is not None:
        return int(number[0])
    chinese = _CN_NUMBER.search(mark)
    return chinese_value(chinese[0]) if chinese else 0
