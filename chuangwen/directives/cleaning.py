"""Cleaning: a document's text made readable while every character remembers where it stood.

Speeches reach offices by way of web pages and scanners: pinyin after each traditional character, notices of
the site, doubled punctuation, spaces inside words. Each step is an edit on text and positions together, so
that any span of the clean text can be shown in the original. Masked names and numbers (x, ×, *) are kept.
"""

from __future__ import annotations

import bisect
import re
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

import opencc

_HAN = r"\u3400-\u9fff"
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_NEUTRAL = "de|le|zhe|men|zi|ge|ma|ba|ne|me|la|ya|tou|shang|li|bian|guo|di|de|lai|qu|xia"
_PINYIN: Final = re.compile(
    rf"(?<=[{_HAN}])[((](?:[a-zɡü]{{0,5}}[{_TONED}][a-zɡ]{{0,4}}|{_NEUTRAL})[))]", re.IGNORECASE
)
_LINE_END: Final = re.compile(r"\r\n?|\u2028|\u2029|\x0c|\x0b")
_INVISIBLE: Final = re.compile(r"[\ufeff\u200b-\u200f\u2060\u00ad\x00-\x08\x0e-\x1f\x7f]+")
_WIDE = r"[,;:!?()\u0080-\U0010ffff]"
_SPACE: Final = re.compile(rf"(?m)^[ \u3000\xa0]+|(?<={_WIDE})[ \u3000\xa0]+(?={_WIDE})|[ \u3000\xa0]+$")
_DOUBLED: Final = re.compile(r"([,,;;::、])[,,;;::、]+|([。!?!?])[。,,;;]+|[,,;;、]+(?=[。!?!?])")
_SITE: Final = re.compile(
    r"免责声明|版权(?:归|所有|问题)|转载请注明|仅供(?:参考|学习)|网络整理|正式会员|会员可|注册会员|(?:上|下)一篇"
    r"|相关(?:阅读|文章|推荐)|猜你喜欢|返回(?:顶部|首页|目录)|点击(?:下载|查看|阅读)|全文共\d|当前仅显示|省略\d+字"
    r"|content_\d|未经授权|扫一扫|关注(?:我们的)?(?:微信)?公众号|打印本页|关闭窗口|责任编辑[::]|浏览次数|阅读次数"
    r"|https?://|www\.|^收藏《"
)
_SITE_LINE: Final = 160
_ELLIPSIS_NOTE: Final = re.compile(
    r"(?:…|\.{3,}){1,4}[((][^()()\n]{0,80}(?:会员|全文共|省略)[^()()\n]{0,80}[))]?(?:…)*"
)
_HEADING_START = (
    r"[一二三四五六七八九十]{1,3}(?:[、.,,]|是|要)|[((][一二三四五六七八九十\d]{1,3}[))]|第[一二三四五六七八九十]{1,3}"
    r"|\d{1,2}[、..)]|[①-⑳]|首先|其次"
)
_WRAPPED: Final = re.compile(rf"(?<=[{_HAN},,、])\n(?!{_HEADING_START})(?=[{_HAN}“《])")
_HEADING_LINE: Final = re.compile(rf"(?:{_HEADING_START})[^。!?;!?;]{{1,45}}$")
_MIN_WRAPPED_LINE: Final = 25
_TRADITIONAL_SHARE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Clean text with, for each of its characters, where it begins and ends in the original."""

    text: str
    starts: array[int]
    ends: array[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original behind `text[start:end]`; an empty span for an empty one."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return at, at
        return self.starts[start], self.ends[end - 1]

    def position(self, original: int) -> int:
        """Where the character of the original at `original`, or the first kept one after it, stands in `text`."""
        return bisect.bisect_left(self.ends, original + 1)


Edit = tuple[int, int, str]


def clean_text(original: str) -> Cleaned:
    """`original` cleaned by every step in order. Pure and deterministic; linear in the length."""
    cleaned = Cleaned(original, array("l", range(len(original))), array("l", range(1, len(original) + 1)))
    cleaned = _replace(cleaned, _LINE_END, "\n")
    cleaned = _replace(cleaned, _INVISIBLE, "")
    cleaned = _replace(cleaned, _PINYIN, "")
    cleaned = _replace(cleaned, _ELLIPSIS_NOTE, "")
    cleaned = _apply(cleaned, _site_lines(cleaned.text))
    cleaned = _simplify(cleaned)
    cleaned = _apply(cleaned, _wrapped_ends(cleaned.text))
    cleaned = _replace(cleaned, _DOUBLED, lambda match: match[1] or match[2] or "")
    return _replace(cleaned, _SPACE, "")


def _replace(cleaned: Cleaned, pattern: re.Pattern[str], new: str | Callable[[re.Match[str]], str]) -> Cleaned:
    edits = (
        (match.start(), match.end(), new if isinstance(new, str) else new(match))
        for match in pattern.finditer(cleaned.text)
    )
    return _apply(cleaned, edits)


def _apply(cleaned: Cleaned, edits: Iterable[Edit]) -> Cleaned:
    """`cleaned` after disjoint edits in ascending order; a new character stands for the whole replaced span."""
    pieces: list[str] = []
    starts, ends = array("l"), array("l")
    at = 0
    for start, end, new in edits:
        pieces += (cleaned.text[at:start], new)
        starts += cleaned.starts[at:start]
        ends += cleaned.ends[at:start]
        starts.extend([cleaned.starts[start]] * len(new))
        ends.extend([cleaned.ends[end - 1]] * len(new))
        at = end
    if at == 0:
        return cleaned
    pieces.append(cleaned.text[at:])
    starts += cleaned.starts[at:]
    ends += cleaned.ends[at:]
    return Cleaned("".join(pieces), starts, ends)


def _site_lines(text: str) -> Iterable[Edit]:
    at = 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\n")
        if body and len(body) <= _SITE_LINE and _SITE.search(body):
            yield at, at + len(body), ""
        at += len(line)


def _wrapped_ends(text: str) -> Iterable[Edit]:
    for match in _WRAPPED.finditer(text):
        line_start = text.rfind("\n", 0, match.start()) + 1
        if match.start() - line_start >= _MIN_WRAPPED_LINE and not _HEADING_LINE.match(text, line_start, match.start()):
            yield match.start(), match.end(), ""


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _simplify(cleaned: Cleaned) -> Cleaned:
    """Traditional script to simplified where the text is in it; simplified text is left alone.

    OpenCC would touch a few simplified words too (乾, 著), so a threshold on changed characters decides.
    Lines that change in length (none of the usual dictionaries does that) keep their script.
    """
    lines = cleaned.text.split("\n")
    converted = _converter().convert(cleaned.text).split("\n")
    if len(converted) != len(lines):
        return cleaned
    new = [after if len(after) == len(before) else before for before, after in zip(lines, converted, strict=True)]
    changed = sum(a != b for before, after in zip(lines, new, strict=True) for a, b in zip(before, after, strict=True))
    if changed < _TRADITIONAL_SHARE * max(1, len(cleaned.text)):
        return cleaned
    return Cleaned("\n".join(new), cleaned.starts, cleaned.ends)
