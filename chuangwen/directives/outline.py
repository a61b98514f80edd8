"""Outline: the headings of a document as a tree, its passages, and whom headings and labels name.

Official papers number by a ladder (GB/T 9704-2012, 7.3.3: 一、 (一) 1. (1)), but speeches mix in 第一, 首先, 一是 and
一要 and plans begin with 1. or ①. So the order in which styles appear in a document decides which stands above which;
heading styles of the file (docx, html) are believed where they exist. Minutes and plans name parties above the deeds:
a heading carries them as data, so that what stands below can inherit them.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from chuangwen.directives.cleaning import Cleaned
from chuangwen.directives.folding import fold
from chuangwen.directives.ordinals import FAMILY, LADDER, TOLD, Ordinal, ordinal_at
from chuangwen.directives.party_lines import Label, is_label_line, labels_in, party_span

Form = Literal["heading", "labels", "row", "text"]

_TITLE_END: Final = re.compile(r"[。:!?;]|[(\u3010](?=[^()\u3010]{0,60}(?::|\u3011|牵头|负责|主办|承办))")
_MAX_TITLE: Final = 45
_MAX_STYLED: Final = 80
_MAX_ITEM_TITLE: Final = 20
MAX_MARK: Final = 60
"""So much of a line is looked at to tell the mark that opens it."""
_SENTENCE_END: Final = re.compile(r"(?<=[。;!?:,”])(?=[一二三四五六七八九十第其首再最另(①-⑳⑴-⒇])")
_BLANK_END: Final = " \t。:;,、.)】"
_DATE_LINE: Final = re.compile(r"^[\d二〇零○一三四五六七八九十]{2,4}年|^\d{1,2}月\d{1,2}日")
_PARTY_STYLE: Final = "parties"


@dataclass(slots=True)
class Heading:
    """A node: `start` and `end` bound mark and title in the clean text, `stop` is where its section ends.

    `level` counts from 1 at the outermost. `whole_line`: nothing but labels stands behind the title; `is_item`: the
    title is a whole sentence, so nothing's heading. `lead`, `cooperate` and `deadline` are what title and labels say,
    as written and empty where they say nothing; `lead` lists names (市城管局、市公安局), not yet looked up anywhere.
    """

    level: int
    mark: str
    title: str
    start: int
    end: int
    style: str = ""
    value: int = 0
    styled: int = 0
    whole_line: bool = False
    is_item: bool = False
    lead: str = ""
    cooperate: str = ""
    deadline: str = ""
    stop: int = 0
    children: list[Heading] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the clean text, headings of its own included, with the titles that stand above it.

    `above` are the headings themselves, outermost first; `points` the numbered points inside the paragraph
    (一是…;二是…), each with its `stop`; `labels` what it says in labels; `form` what kind of line it is.
    """

    start: int
    end: int
    headings: tuple[str, ...]
    above: tuple[Heading, ...] = ()
    labels: tuple[Label, ...] = ()
    form: Form = "text"
    points: tuple[Heading, ...] = ()

    @property
    def lead(self) -> str:
        """The parties that the nearest heading names, as written; empty where none does."""
        return next((each.lead for each in reversed(self.above) if each.lead), "")

    @property
    def cooperate(self) -> str:
        """Those who cooperate according to the heading that names the lead."""
        return next((each.cooperate for each in reversed(self.above) if each.lead), "")

    @property
    def deadline(self) -> str:
        """The deadline that the nearest heading sets, as written."""
        return next((each.deadline for each in reversed(self.above) if each.deadline), "")


@dataclass(frozen=True, slots=True)
class Outline:
    """`roots` is the forest of headings; `passages` are all lines with text, in order.

    `addressed` names the addressees of a notice as the line under its title does (各乡镇,县直各单位:).
    """

    roots: tuple[Heading, ...]
    passages: tuple[Passage, ...]
    addressed: str = ""

    def passage_at(self, offset: int) -> Passage | None:
        """The passage that holds `offset` of the clean text."""
        at = bisect.bisect_right(self.passages, offset, key=lambda passage: passage.start) - 1
        return self.passages[at] if at >= 0 and offset < self.passages[at].end else None

    def above(self, offset: int) -> tuple[Heading, ...]:
        """The headings above `offset`, outermost first, points inside its paragraph included."""
        passage = self.passage_at(offset)
        if passage is None:
            return ()
        inside = tuple(each for each in passage.points if each.start <= offset < each.stop)
        return passage.above + inside


def outline_of(text: str, styled: Iterable[tuple[int, int]] = ()) -> Outline:
    """The outline of clean `text`; `styled` are (start of line, level from 1) of the file's own heading styles.

    Linear; never fails, a text without headings has passages only.
    """
    return _Builder(text, dict(styled)).build()


def outline_of_cleaned(cleaned: Cleaned, styled: Iterable[tuple[int, int]] = ()) -> Outline:
    """The outline of a cleaned document, with the heading styles of its file (Document.styled, original offsets)."""
    return outline_of(cleaned.text, [(cleaned.position(start), level) for start, level in styled])


def mark_length(line: str) -> int:
    """How many characters of `line` are a heading's mark, 0 when it opens with none."""
    mark = ordinal_at(fold(line[:MAX_MARK]))
    return mark.length if mark is not None else 0


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    indent: int
    mark: Ordinal | None
    labels: tuple[Label, ...]
    parties: tuple[int, int] | None


class _Builder:
    """One pass over the lines, with a look at the next line where a name alone on its line may be a heading."""

    def __init__(self, text: str, styled: dict[int, int]) -> None:
        self._text = text
        self._folded = fold(text)
        self._styled = styled
        self._roots: list[Heading] = []
        self._open: list[Heading] = []
        self._seen: dict[str, int] = {}
        self._fresh: list[Heading] = []
        self._lines = list(self._read_lines())
        self._address = self._salutation()

    def build(self) -> Outline:
        passages = [self._passage(i, line) for i, line in enumerate(self._lines)]
        for heading in self._open:
            heading.stop = len(self._text)
        address = self._lines[self._address] if self._address is not None else None
        named = address.parties if address is not None else None
        return Outline(tuple(self._roots), tuple(passages), self._text[named[0] : named[1]] if named else "")

    def _read_lines(self) -> Iterator[_Line]:
        at = 0
        for line in self._folded.split("\n"):
            if line.strip():
                indent = len(line) - len(line.lstrip())
                mark = ordinal_at(line, indent)
                parties = None
                if mark is None and len(line) <= _MAX_STYLED and "\t" not in line:
                    span = party_span(line)
                    parties = (at + span[0], at + span[1]) if span else None
                yield _Line(at, at + len(line), indent, mark, labels_in(line, at), parties)
            at += len(line) + 1

    def _salutation(self) -> int | None:
        """Which line addresses the readers: names with a colon under the title, before any prose or number."""
        named = [i for i, line in enumerate(self._lines) if line.parties is not None and self._ends_in_colon(line)]
        for i, line in enumerate(self._lines[:12]):
            words = self._folded[line.start : line.end].rstrip()
            if line.mark is not None or (words.endswith("。") and len(words) > 20):
                return None
            if line.parties is not None and self._ends_in_colon(line):
                several = "各" in words or "全体" in words or named == [i]
                return i if several else None
        return None

    def _ends_in_colon(self, line: _Line) -> bool:
        return self._folded[line.start : line.end].rstrip().endswith(":")

    def _passage(self, i: int, line: _Line) -> Passage:
        heading = self._heading(i, line)
        if heading is not None:
            self._place(heading)
            self._fresh = [heading] if heading.whole_line else []
        words = self._folded[line.start : line.end]
        form: Form = "heading" if heading is not None and heading.whole_line else "text"
        if heading is None:
            if "\t" in words.strip():
                form = "row"
            elif is_label_line(words, line.labels):
                form = "labels"
                for above in self._fresh:
                    _take_labels(above, line.labels)
            if form != "labels":
                self._fresh = []
        above_all = tuple(self._open)
        titles = tuple(each.title for each in above_all if each.title and not each.is_item)
        points = tuple(self._points(line, heading, len(above_all)))
        return Passage(line.start, line.end, titles, above_all, line.labels, form, points)

    def _heading(self, i: int, line: _Line) -> Heading | None:
        start = line.start + line.indent
        level = self._styled.get(start, self._styled.get(line.start, 0))
        if line.end - start > _MAX_STYLED:
            level = 0
        if line.mark is None:
            if line.parties is not None and (level or self._heads(i, line)):
                return self._named(line, start, level)
            if not level:
                return None
        length = line.mark.length if line.mark is not None else 0
        style, value = (line.mark.style, line.mark.value) if line.mark is not None else ("", 0)
        end = self._title_end(start + length, line.end)
        title = self._text[start + length : end].strip()
        heading = Heading(0, self._text[start : start + length], title, start, end, style, value, level)
        rest = self._folded[end : line.end].strip(_BLANK_END)
        labels = tuple(label for label in line.labels if label.start >= end)
        heading.whole_line = not rest or (bool(labels) and _only_labels(rest))
        heading.is_item = heading.whole_line and len(title) > _MAX_ITEM_TITLE and "。" in self._folded[end : end + 1]
        named = party_span(self._folded, start + length, end) if title else None
        if named is not None:
            heading.lead = self._text[named[0] : named[1]]
        if heading.whole_line:
            _take_labels(heading, labels)
        return heading

    def _named(self, line: _Line, start: int, level: int) -> Heading:
        assert line.parties is not None  # noqa: S101 - asked by the caller
        begin, end = line.parties
        name = self._text[begin:end]
        heading = Heading(0, "", name, start, end, _PARTY_STYLE, 0, level, whole_line=True, lead=name)
        if any(label.role == "lead" for label in line.labels):
            heading.lead = ""  # 环境整治组(牵头单位:…): the group is led by whom the label names
        _take_labels(heading, line.labels)
        return heading

    def _title_end(self, start: int, stop: int) -> int:
        finish = _TITLE_END.search(self._folded, start, min(stop, start + _MAX_TITLE + 1))
        end = finish.start() if finish else stop
        return start if end - start > _MAX_TITLE else end

    def _heads(self, i: int, line: _Line) -> bool:
        """Whether a line of names stands above something: not the salutation, the signature or a list of names."""
        if i == self._address or i + 1 >= len(self._lines):
            return False
        after = self._lines[i + 1]
        words = self._folded[after.start : after.end].strip()
        if after.parties is not None or _DATE_LINE.match(words):
            return False
        if self._ends_in_colon(line):
            return True
        return after.mark is not None or words.endswith(("。", ";")) or is_label_line(words, after.labels)

    def _place(self, new: Heading) -> None:
        """Put `new` where its style and number belong, and open its section."""
        depth = self._depth_of(new)
        while len(self._open) > depth:
            self._open.pop().stop = new.start
        parent = self._open[-1] if self._open else None
        (parent.children if parent else self._roots).append(new)
        new.level = depth + 1
        self._open.append(new)
        if new.style:
            self._seen.setdefault(new.style, len(self._seen))

    def _depth_of(self, new: Heading) -> int:
        stack = self._open
        if new.styled:
            return next((i for i, one in enumerate(stack) if one.styled >= new.styled or not one.styled), len(stack))
        if new.style == _PARTY_STYLE:
            return self._depth_of_name(new)
        if new.style == "annex":
            return 0
        family = FAMILY.get(new.style, new.style)
        for i in reversed(range(len(stack))):
            if stack[i].style == new.style and not (new.value == 1 and stack[i].styled):
                return i
        for i in reversed(range(len(stack))):
            follows = stack[i].value + 1 == new.value or new.value == 0
            if stack[i].style and follows and FAMILY.get(stack[i].style, stack[i].style) == family:
                return i
        depth = len(stack)
        while depth and not stack[depth - 1].styled and self._stands_above(new.style, stack[depth - 1].style):
            depth -= 1
        return depth

    def _stands_above(self, style: str, other: str) -> bool:
        """Whether `style`, met before in this document, stands above `other` there and by the usual ladder."""
        if style not in self._seen or not other or other == _PARTY_STYLE:
            return False
        return self._seen[style] < self._seen.get(other, -1) and LADDER[style] < LADDER[other]

    def _depth_of_name(self, new: Heading) -> int:
        """A line of names stands beside the last one, or above the list that begins anew behind it."""
        stack = self._open
        for i in reversed(range(len(stack))):
            if stack[i].style == _PARTY_STYLE and not stack[i].styled:
                return i
        at = bisect.bisect_right(self._lines, new.start, key=lambda line: line.start)
        following = self._lines[at].mark if at < len(self._lines) else None
        if following is not None and following.value == 1:
            return next((i for i, one in enumerate(stack) if one.style == following.style), len(stack))
        return len(stack)

    def _points(self, line: _Line, heading: Heading | None, depth: int) -> Iterator[Heading]:
        """Numbered points inside a paragraph: at least two of one style that count on from each other."""
        runs: dict[str, list[Heading]] = {}
        if heading is not None and heading.style in TOLD:
            runs[FAMILY.get(heading.style, heading.style)] = [heading]
        for match in _SENTENCE_END.finditer(self._folded, line.start + 1, line.end):
            mark = ordinal_at(self._folded, match.start())
            if mark is None or mark.style not in TOLD or match.start() + mark.length >= line.end:
                continue
            run = runs.setdefault(FAMILY.get(mark.style, mark.style), [])
            expected = run[-1].value + 1 if run else 1
            if mark.value not in {expected, 0}:
                continue
            start, behind = match.start(), match.start() + mark.length
            end = min(self._title_end(behind, line.end), line.end)
            title = self._text[behind:end].strip()
            run.append(Heading(depth + 1, self._text[start:behind], title, start, end, mark.style, mark.value))
        for run in runs.values():
            points = [each for each in run if each is not heading]
            if len(run) < 2:
                continue
            for point, after in zip(points, [*points[1:], None], strict=True):
                point.stop = after.start if after is not None else line.end
                named = party_span(self._folded, point.start + len(point.mark), point.end) if point.title else None
                if named is not None:
                    point.lead = self._text[named[0] : named[1]]
                yield point


def _only_labels(rest: str) -> bool:
    return rest[:1] in "(\u3010" or is_label_line(rest, labels_in(rest))


def _take_labels(heading: Heading, labels: Sequence[Label]) -> None:
    """Note on `heading` whom and what its labels name; 责任单位 leads where nobody else does."""
    by_role: dict[str, str] = {}
    for label in labels:
        by_role.setdefault(label.role, label.value)
    helpers = [heading.cooperate, by_role.get("cooperate", "")]
    responsible = by_role.get("responsible", "")
    heading.lead = by_role.get("lead", "") or heading.lead
    if responsible and heading.lead:
        helpers.append(responsible)
    heading.lead = heading.lead or responsible
    heading.cooperate = "、".join(each for each in helpers if each and each != heading.lead)
    heading.deadline = by_role.get("deadline", "") or heading.deadline
