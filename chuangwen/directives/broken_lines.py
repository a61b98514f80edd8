"""Broken lines: sentences that a page, a mail program or a scanner cut in two are joined again.

Pure. Two signs decide: what a line cannot end or begin with, and the width at which a text was broken throughout.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from chuangwen.directives.ordinals import ordinal_at
from chuangwen.directives.party_lines import labels_in

_CANNOT_BEGIN: Final = re.compile(r"[,。、;:!?)\u201d\u2019》」』%]|的(?!确)|了(?!解)")
_CANNOT_END: Final = re.compile(
    r"(?:[,、(《\u201c\u2018「『]|[^目标]的|和|与|及|以及|[^针相面应]对|[^大]把|将|由|为|[^还]是|在|并|不断|进一步|切实|认真|着力|全面)$"
)
_END: Final = re.compile(r"[。!?;:…)\u201d》】]$")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_TITLE_END: Final = re.compile(
    r"(?:通知|讲话|方案|函|纪要|意见|办法|报告|计划|总结|要点|决定|通报|发言|致辞|表|稿|全文|规定|细则|规范)(?:\([^()]{1,20}\))?$"
)
_OPENS: Final = re.compile(
    r"同志们|各位|今年|今天|当前|目前|近年来|近期|同时|此外|另外|下面|下一步|为(?:了|深入|进一步|切实|全面|做好|贯彻)|根据|按照"
    r"|会议(?:指出|强调|要求|认为|决定|听取)|首先|其次|最后|附件|联系人|特此|此致|以上|总之|因此|但是|当然|一方面|主持|出席|时间|地点|\d{4}年|[二三四五六七八九]、"
)
_HEADING: Final = 45
_MIN_LINE: Final = 25
_FEW: Final = 6
_MIN_PROSE: Final = 12
_PROSE_END: Final = re.compile(r"[\u3400-\u9fff\d%]$")
_MIN_LISTED: Final = 8
_TITLE_LINES: Final = 3
_MEASURES: Final = "年月日个%名条处项万千百元米人次户"
_PROSE: Final = re.compile(r"[\u3400-\u9fff\u201c《]")


def join_spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans of line ends, with blank lines between, of folded `text` that stand inside a sentence."""
    lines = _lines(text)
    width = _width(text, lines)
    for number, ((start, end), (after, stop)) in enumerate(pairwise(lines)):
        gap = text.count("\n", end, after)
        line, following = text[start:end], text[after:stop]
        if gap <= 3 and _joins(line, following, gap, width, number):
            yield end, after


def unstopped(text: str) -> Iterator[int]:
    """Ends of the lines of folded `text` that are prose without its full stop; titles and headings are none."""
    for number, (start, end) in enumerate(_lines(text)):
        line = text[start:end]
        if len(line) < _MIN_PROSE or not _PROSE_END.search(line) or "\t" in line or "," not in line:
            continue
        mark = ordinal_at(line)
        heading = len(line) - (mark.length if mark else 0) <= _HEADING and (mark is not None or number < _TITLE_LINES)
        if not heading and not any(label.opens_line for label in labels_in(line[:80])):
            yield end


def _lines(text: str) -> list[tuple[int, int]]:
    """Lines with text, without the white space around them."""
    found = []
    at = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            start = at + line.index(bare[0])
            found.append((start, start + len(bare)))
        at += len(line) + 1
    return found


def _width(text: str, lines: list[tuple[int, int]]) -> int:
    """The width at which the text was broken throughout, 0 where it was not: many lines just as long as the longest."""
    if len(lines) < _FEW:
        return 0
    lengths = Counter(end - start for start, end in lines)
    widest = max((length for length, count in lengths.items() if count > 1), default=0)
    full = sum(count for length, count in lengths.items() if widest - 3 <= length <= widest + 1)
    longer = sum(count for length, count in lengths.items() if length > widest + 1)
    return widest if 12 <= widest <= 120 and full * 3 >= len(lines) and longer * 10 <= len(lines) else 0


def _joins(line: str, following: str, gap: int, width: int, number: int) -> bool:
    if "\t" in line or "\t" in following:
        return False
    if following[0] in ",。、;":
        return True
    if _END.search(line):
        return False
    if _CANNOT_BEGIN.match(following) or (line[-1].isdecimal() and following[0] in _MEASURES):
        return True
    return not _is_heading(line) and not _starts_anew(following) and _reads_on(line, following, gap, width, number)


def _is_heading(line: str) -> bool:
    mark = ordinal_at(line)
    return mark is not None and len(line) - mark.length <= _HEADING and not re.search("[。!?;]", line)


def _starts_anew(line: str) -> bool:
    return ordinal_at(line) is not None or any(label.opens_line for label in labels_in(line[:80]))


def _reads_on(line: str, following: str, gap: int, width: int, number: int) -> bool:
    """Whether `following` goes on with the unfinished `line`; the first lines are title and salutation."""
    if line[-1] in ",、":
        return len(line) >= _MIN_LISTED and (line[-1] == "、" or number >= _TITLE_LINES or len(line) > _HEADING)
    if gap > 1 or (number < _TITLE_LINES and _TITLE_END.search(line)) or not _HAN.match(line[-1]):
        return False
    if width:
        return len(line) >= width - 3
    if len(line) < _MIN_LINE or _OPENS.match(following):
        return False
    return _CANNOT_END.search(line) is not None or _PROSE.match(following) is not None
