"""Cleaning: a document's text made readable while every character remembers where it stood.

Speeches reach offices by way of web pages and scanners: pinyin after each traditional character, notices of the
site, entities and tags, doubled punctuation, spaces inside words, lines broken in mid-sentence. Each step is an edit
on text and positions together, so that any span of the clean text can be shown in the original. Masked names and
numbers (x, ×, *) are kept.
"""

from __future__ import annotations

import bisect
import operator
import re
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

import opencc

from chuangwen.directives.broken_lines import join_spans, unstopped
from chuangwen.directives.folding import fold
from chuangwen.directives.fragments import Edit, entity_edits, misread_edits, sign_edits, tag_edits
from chuangwen.directives.site_noise import counter_spans, noise_spans

_HAN = r"\u3400-\u9fff"
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿêɡü"
_SYLLABLE = (
    "(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:iang|iong|uang|ueng|ang|eng|ing|ong|ian|iao|uai|uan|an|en|in|un|ai|ei|ao|ou"
    "|ia|ie|iu|ua|ue|ui|uo|er|a|o|e|i|u|v)r?"
)
_BRACKETED = rf"(?<=[{_HAN}])[(\uff08] ?{{}} ?[)\uff09]"
_PINYIN: Final = re.compile(_BRACKETED.format(rf"[a-z]{{0,5}}[{_TONED}][a-z{_TONED}]{{0,4}}"), re.IGNORECASE)
_NUMBERED_PINYIN: Final = re.compile(_BRACKETED.format(rf"{_SYLLABLE}[1-5]"))
_PLAIN_PINYIN: Final = re.compile(_BRACKETED.format(_SYLLABLE))
_ZHUYIN: Final = re.compile(_BRACKETED.format(r"[\u3105-\u312f\u02c7\u02ca\u02cb\u02d9]{1,5}"))
_MANY_PLAIN: Final = 5
_LINE_END: Final = re.compile(r"\r\n?|[\u2028\u2029\x85\x0c\x0b]")
_INVISIBLE: Final = re.compile(r"[\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2064\u00ad\x00-\x08\x0e-\x1f\x7f]+")
_SIGNS = r",;:!?()\uff0c\uff1b\uff1a\uff01\uff1f\uff08\uff09"
_WIDE = rf"[{_SIGNS}\u0080-\U0010ffff]"
_BLANK = r"[ \u3000\xa0]"
_FIRST = rf"(?<!{_BLANK}{_BLANK})"
_SPACE: Final = re.compile(
    rf"(?m){_BLANK}(?:(?<=^.){_BLANK}*|{_FIRST}(?:(?<={_WIDE}.){_BLANK}*(?={_WIDE})"
    rf"|(?<=[{_HAN}].){_BLANK}*(?=\d)|(?<=[\d%].){_BLANK}*(?=[{_HAN}])|{_BLANK}*$))"
)
"""Blanks first, then what stands before them: other characters are passed over at once. So with signs below."""
_PAUSE = r"[,\uff0c;\uff1b:\uff1a、]"
_STOP = r"[。!\uff01?\uff1f]"
_DOUBLED: Final = re.compile(
    rf"[{_PAUSE[1:-1]}{_STOP[1:-1]}.\u2026](?:(?<={_PAUSE})(?:{_PAUSE}+|(?={_STOP}))"
    rf"|(?<={_STOP})(?:[。,\uff0c;\uff1b、]|\.(?!\.))+|(?<=[{_HAN}]\.)\.(?!\.)"
    r"|(?<=\u2026)\u2026{2,}|(?<=\.)(?<!\.\.)\.{3,})"
)
_DOT: Final = re.compile(rf"(?m)(?<=[{_HAN}]{{2}})[.\uff0e](?=\s*$|[{_HAN}])")
_TRADITIONAL_SHARE: Final = 0.02
_TRADITIONAL_LINE: Final = 0.06


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


def clean_text(original: str) -> Cleaned:
    """`original` cleaned by every step in order. Pure and deterministic; linear in the length."""
    cleaned = Cleaned(original, array("l", range(len(original))), array("l", range(1, len(original) + 1)))
    cleaned = _replace(cleaned, _LINE_END, "\n")
    cleaned = _apply(cleaned, entity_edits(cleaned.text))
    cleaned = _apply(cleaned, tag_edits(cleaned.text))
    cleaned = _apply(cleaned, misread_edits(cleaned.text))
    cleaned = _replace(cleaned, _INVISIBLE, "")
    cleaned = _without_pinyin(cleaned)
    cleaned = _take_out(cleaned, counter_spans(fold(cleaned.text)))
    cleaned = _take_out(cleaned, noise_spans(fold(cleaned.text)))
    cleaned = _simplify(cleaned)
    cleaned = _apply(cleaned, sign_edits(cleaned.text))
    cleaned = _replace(cleaned, _DOUBLED, _one_sign)
    cleaned = _stops(cleaned)
    cleaned = _replace(cleaned, _SPACE, "")
    cleaned = _take_out(cleaned, join_spans(fold(cleaned.text)))
    # A missing full stop stands where the last character does: every character has a place in the original.
    ends = unstopped(fold(cleaned.text))
    return _apply(cleaned, [(end - 1, end, cleaned.text[end - 1] + "。") for end in ends])


def _one_sign(match: re.Match[str]) -> str:
    if match[0][0] in "\u2026.":
        return "\u2026\u2026" if len(match[0]) > 2 else "。"
    return match[0][0] if len(match[0]) > 1 else ""  # a pause before a stop goes


def _without_pinyin(cleaned: Cleaned) -> Cleaned:
    """Pinyin and zhuyin in brackets behind their character; without tones only where a text is full of it."""
    if "(" not in cleaned.text and "\uff08" not in cleaned.text:
        return cleaned
    before = len(cleaned.text)
    for pattern in (_PINYIN, _ZHUYIN, _NUMBERED_PINYIN):
        cleaned = _replace(cleaned, pattern, "")
    plain = [match.span() for match in _PLAIN_PINYIN.finditer(cleaned.text)]
    if len(plain) >= _MANY_PLAIN or (plain and len(cleaned.text) < before):
        return _take_out(cleaned, plain)
    return cleaned


def _stops(cleaned: Cleaned) -> Cleaned:
    """A dot for a full stop: at the end of a line, and within one where the text knows hardly any other."""
    found = list(_DOT.finditer(cleaned.text)) if "." in cleaned.text or "\uff0e" in cleaned.text else []
    usual = cleaned.text.count("。") < len(found)
    ends = (match for match in found if usual or cleaned.text[match.end() : match.end() + 1] in {"", "\n"})
    return _apply(cleaned, [(match.start(), match.end(), "。") for match in ends])


def _take_out(cleaned: Cleaned, spans: Iterable[tuple[int, int]]) -> Cleaned:
    return _apply(cleaned, ((start, end, "") for start, end in spans))


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


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _simplify(cleaned: Cleaned) -> Cleaned:
    """Traditional script to simplified where the text is in it; simplified text is left alone.

    OpenCC would touch a few simplified words too (乾, 著), so a threshold on changed characters decides, for the text
    and for single lines of a mixed one.
    Lines that change in length (none of the usual dictionaries does that) keep their script.
    """
    lines = cleaned.text.split("\n")
    converted = _converter().convert(cleaned.text).split("\n")
    if len(converted) != len(lines):
        return cleaned
    new = [after if len(after) == len(before) else before for before, after in zip(lines, converted, strict=True)]
    changed = [
        sum(map(operator.ne, before, after)) if before != after else 0 for before, after in zip(lines, new, strict=True)
    ]
    if sum(changed) >= _TRADITIONAL_SHARE * max(1, len(cleaned.text)):
        return Cleaned("\n".join(new), cleaned.starts, cleaned.ends)
    some = [
        after if count >= 3 and count >= _TRADITIONAL_LINE * len(before) else before
        for before, after, count in zip(lines, new, changed, strict=True)
    ]
    return Cleaned("\n".join(some), cleaned.starts, cleaned.ends)
