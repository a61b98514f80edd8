"""Breakdown tables: a row of 任务 | 牵头单位 | 配合单位 | 完成时限 is one directive, read by the table's own header.

Cells come from the file where it tells them apart (docx, html, rtf, workbooks, merged cells with them), else from
lines parted by tabs. A table without a column of tasks and one of parties or times is none of this kind.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, Literal

from chuangwen.directives.cleaning import clean_text
from chuangwen.directives.extraction.directive import Directive, Kind
from chuangwen.directives.extraction.parties import Parties
from chuangwen.directives.folding import fold
from chuangwen.directives.ordinals import ordinal_at
from chuangwen.directives.reading import Document
from chuangwen.directives.reading.document import Cell

Role = Literal[
    "number", "group", "task", "lead", "responsible", "cooperate", "deadline", "frequency", "target", "other"
]

_BODY = r"(?:单位|部门|科室|处室|股室)?"
_MORE = r"(?:[及和/].*|[(].*[)])?"
_NAMES: Final[tuple[tuple[Role, str], ...]] = (
    ("number", r"序号|编号|序|号|No\.?"),
    (
        "other",
        (
            r"备注|联系.*|电话|分值|得分|牵头.*领导|责任领导|分管.*领导|进展.*|完成情况|工作进度|落实情况|签收.*"
            r"|验收.*人|存在.*"
        ),
    ),
    ("lead", rf"(?:总?牵头|主办|承办|主责|主要责任){_BODY}{_MORE}"),
    ("cooperate", rf"(?:配合|协办|协助|参与|参加|协同|协作)(?:责任)?{_BODY}{_MORE}"),
    (
        "responsible",
        (
            r"(?:具体)?(?:责任|实施|落实|负责|承担|整改|执行|完成|申报|报送)(?:责任)?(?:单位|部门|科室|处室|股室|主体)"
            rf"{_MORE}|责任人"
        ),
    ),
    (
        "deadline",
        (
            r"(?:.{0,4}(?:完成|整改|办结|报送|落实|实施|达标|工作|任务))?(?:时限|时间|期限|日期|时间节点)(?:要求|安排|节点)?"
            r"|进度(?:安排|要求)|时间进度"
        ),
    ),
    ("frequency", r"(?:工作|检查|开展|巡查)?(?:频次|频率)(?:要求)?"),
    (
        "target",
        r"(?:工作|创建|任务|整改|完成|质量|达到|预期|具体|测评|考核|验收)?(?:目标|标准|成效|成果|效果)(?:任务|要求|及要求)?",
    ),
    (
        "group",
        (
            r"(?:任务|工作|问题|项目|指标)?(?:类别|类型|分类|板块|领域|方面)|(?:测评|创建)?(?:项目|指标)|[一二]级指标"
            r"|重点(?:项目|方面)"
        ),
    ),
    (
        "task",
        (
            r"(?:工作|主要|重点|具体|整改|创建|目标|责任|年度)?(?:主要|具体|重点)?(?:任务|内容|事项|措施|举措|要求)"
            r"(?:分解|内容|要求|及要求|名称|清单|及措施|和措施)?|工作|问题(?:描述|清单)?|测评内容"
        ),
    ),
)
_ROLES: Final = tuple((role, re.compile(pattern, re.IGNORECASE)) for role, pattern in _NAMES)
_MAX_HEADER_CELL: Final = 16
_NAME_BREAK: Final = re.compile(r"[、,;/\s]+")
_BLANK: Final = frozenset({"", "/", "-", "—", "——", "无", "\\"})
_TOGETHER: Final = re.compile(r"(?:牵头|责任|配合|主办|协办)(?:单位|部门)?:")
_NARROW_GAP: Final = re.compile(r"(?<=[\u3400-\u9fff]) (?=\d)|(?<=[\d%]) (?=[\u3400-\u9fff])")
_MAX_FIELD: Final = 80


@dataclass(slots=True)
class _Columns:
    """Which column says what; a role may have several columns."""

    by_role: dict[Role, list[int]] = field(default_factory=dict)

    def of(self, *roles: Role) -> list[int]:
        return [column for role in roles for column in self.by_role.get(role, [])]

    @property
    def usable(self) -> bool:
        return bool(self.of("task", "target", "group")) and bool(
            self.of("lead", "responsible", "cooperate") or (self.of("task") and self.of("deadline"))
        )


def table_directives(document: Document, lexicon: AbstractSet[str] = frozenset()) -> tuple[list[Directive], list[Cell]]:
    """(the directives of the breakdown tables, the spans of those tables' rows), both in order of appearance."""
    reader = _Reader(document, Parties(lexicon))
    found: list[Directive] = []
    spans: list[Cell] = []
    for rows in reader.tables():
        for directive, span in reader.read(rows):
            if directive is not None:
                found.append(directive)
            spans.append(span)
    order = sorted(range(len(found)), key=lambda i: (found[i].start, found[i].end))
    return [found[i] for i in order], sorted(spans)


def with_tables(
    document: Document, directives: Sequence[Directive], lexicon: AbstractSet[str] = frozenset()
) -> list[Directive]:
    """`directives` of the prose with those of the tables; what was found in a table's own rows gives way."""
    tabled, spans = table_directives(document, lexicon)
    if not spans:
        return list(directives)
    starts = [start for start, _ in spans]

    def in_row(one: Directive) -> bool:
        at = bisect.bisect_right(starts, one.start) - 1
        return at >= 0 and one.start < spans[at].end

    kept = [one for one in directives if not in_row(one)]
    return sorted([*kept, *tabled], key=lambda one: (one.start, one.end))


class _Reader:
    def __init__(self, document: Document, parties: Parties) -> None:
        self._document = document
        self._text = document.text
        self._parties = parties

    def tables(self) -> Iterator[Sequence[Sequence[Cell]]]:
        """Tables that the file tells, and runs of lines parted by tabs outside of them."""
        inside: list[Cell] = []
        for table in self._document.tables:
            cells = [cell for row in table.rows for cell in row]
            if cells:
                inside.append(Cell(min(cell.start for cell in cells), max(cell.end for cell in cells) + 1))
            yield table.rows
        run: list[list[Cell]] = []
        at = 0
        for line in self._text.split("\n"):
            end = at + len(line)
            if "\t" in line.strip() and not any(start <= at < stop for start, stop in inside):
                run.append(list(_tabbed(line.rstrip("\r"), at)))
            elif run:
                yield run
                run = []
            at = end + 1
        if run:
            yield run

    def read(self, rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[Directive | None, Cell]]:
        """Each row below a header that is understood: its directive, if it asks for anything, and its span."""
        columns = _Columns()
        above: list[Cell] = []
        section = ""
        fresh = False
        for row in rows:
            span = self._line(row)
            header = self._header(row)
            if header.usable or (fresh and header.by_role):
                columns = self._both(columns, header) if fresh or not columns.usable else header
                above, section, fresh = [], "", True
                yield None, span
                continue
            fresh = False
            if not columns.usable:
                columns = self._half(columns, header)
                continue
            own = {cell for cell in row if self._said(cell)}
            if len(own) == 1 and len(row) > 1 and (len(set(row)) == 1 or not self._in(row, columns.of("task"), own)):
                section = self._said(next(iter(own)))
                yield None, span
                continue
            directive = self._row(row, columns, above, section)
            if directive is not None:
                above = list(row)
            yield directive, span

    def _line(self, row: Sequence[Cell]) -> Cell:
        """The line of the text that a row makes; cells merged from above stand further up."""
        at = max((cell.start for cell in row), default=0)
        end = self._text.find("\n", at)
        return Cell(self._text.rfind("\n", 0, at) + 1, end if end >= 0 else len(self._text))

    def _header(self, row: Sequence[Cell]) -> _Columns:
        columns = _Columns()
        for number, cell in enumerate(row):
            role = _role(self._said(cell))
            if role is not None and cell not in {row[other] for other in range(number)}:
                columns.by_role.setdefault(role, []).append(number)
        return columns if sum(map(len, columns.by_role.values())) >= 2 else _Columns()

    def _half(self, columns: _Columns, header: _Columns) -> _Columns:
        """A header of two rows: what the first named counts where the second says nothing."""
        return self._both(columns, header) if header.by_role else columns if columns.by_role else header

    @staticmethod
    def _both(first: _Columns, second: _Columns) -> _Columns:
        taken = set(second.of(*second.by_role))
        merged = _Columns({role: list(numbers) for role, numbers in second.by_role.items()})
        for role, numbers in first.by_role.items():
            free = [number for number in numbers if number not in taken]
            if free:
                merged.by_role[role] = sorted([*merged.by_role.get(role, []), *free])
        return merged

    def _said(self, cell: Cell) -> str:
        words = _NARROW_GAP.sub("", " ".join(self._text[cell.start : cell.end].split()))
        return "" if words in _BLANK else words

    def _in(self, row: Sequence[Cell], numbers: Sequence[int], cells: AbstractSet[Cell]) -> bool:
        return any(number < len(row) and row[number] in cells for number in numbers)

    def _cell(self, row: Sequence[Cell], number: int) -> str:
        return self._said(row[number]) if number < len(row) else ""

    def _row(self, row: Sequence[Cell], columns: _Columns, above: Sequence[Cell], section: str) -> Directive | None:
        tasks = [number for number in columns.of("task") or columns.of("target", "group") if self._cell(row, number)]
        lead, cooperate, inherited = self._who(row, columns, above)
        deadline = self._first(row, columns.of("deadline"))
        if not tasks:
            # A row that only adds a party or a time belongs to the task above it, whose cell was not merged.
            tasks = [number for number in columns.of("task") if self._cell(above, number)]
            if not tasks or inherited or not (lead or deadline):
                return None
            task = above[tasks[-1]]
        else:
            task = row[tasks[-1]]
        if not (lead or cooperate or deadline):
            return None
        line = self._line(row)
        own = [cell for cell in row if self._said(cell) and line.start <= cell.start and cell.end <= line.end]
        begin = task.start if task in own else min((cell.start for cell in own), default=line.end)
        start, end = self._trimmed(begin, max((cell.end for cell in own), default=begin))
        if start >= end:
            return None
        used = set(columns.of("number", "lead", "responsible", "cooperate", "deadline"))
        titles = [self._cell(row, n) for n in columns.of("group", "task") if n not in used and n not in tasks[-1:]]
        targets = [words for n in columns.of("target") if n not in tasks and (words := self._cell(row, n))]
        frequency = self._first(row, columns.of("frequency"))
        return Directive(
            doc=self._document.name,
            start=start,
            end=end,
            quote=self._text[start:end],
            clean=clean_text(self._text[start:end]).text,
            action=_deed(self._said(task)),
            lead=tuple(dict.fromkeys(lead)),
            cooperate=tuple(name for name in dict.fromkeys(cooperate) if name not in lead),
            deadline=deadline[:_MAX_FIELD] or None,
            frequency=frequency[:_MAX_FIELD] or None,
            targets=tuple(targets),
            kind=_kind(deadline, frequency, targets),
            inherited=inherited,
            headings=tuple(dict.fromkeys(_deed(title) for title in [section, *titles] if title)),
            deadline_at=self._place(row, columns.of("deadline")),
            frequency_at=self._place(row, columns.of("frequency")),
        )

    def _who(self, row: Sequence[Cell], columns: _Columns, above: Sequence[Cell]) -> tuple[list[str], list[str], bool]:
        """Lead, cooperating parties, and whether the lead stands in the row above (cells merged without saying so)."""
        lead = self._names(row, columns.of("lead"))
        responsible = self._names(row, columns.of("responsible"))
        helpers = self._names(row, columns.of("cooperate"))
        if lead:
            helpers = [*responsible, *helpers]
        lead = lead or responsible
        if lead or not above or self._document.tables:
            return lead, helpers, False
        lead = self._names(above, columns.of("lead")) or self._names(above, columns.of("responsible"))
        return lead, helpers or self._names(above, columns.of("cooperate")), bool(lead)

    def _names(self, row: Sequence[Cell], numbers: Sequence[int]) -> list[str]:
        names: list[str] = []
        for number in numbers:
            words = _TOGETHER.sub("、", fold(self._cell(row, number)))
            if not words:
                continue
            listed = "、".join(part for part in _NAME_BREAK.split(words) if part)
            names += self._parties.split(listed) or [name for name in listed.split("、") if name not in _BLANK]
        return names

    def _first(self, row: Sequence[Cell], numbers: Sequence[int]) -> str:
        return next((words for number in numbers if (words := self._cell(row, number))), "")

    def _place(self, row: Sequence[Cell], numbers: Sequence[int]) -> tuple[int, int] | None:
        """Where the first of `numbers` that says anything stands in the document."""
        said = (row[number] for number in numbers if self._cell(row, number))
        return next((self._trimmed(cell.start, cell.end) for cell in said), None)

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        while start < end and self._text[start].isspace():
            start += 1
        while end > start and self._text[end - 1].isspace():
            end -= 1
        return start, end


def _tabbed(line: str, at: int) -> Iterator[Cell]:
    for part in line.split("\t"):
        yield Cell(at, at + len(part))
        at += len(part) + 1


def _role(words: str) -> Role | None:
    plain = re.sub(r"\s", "", fold(words)).strip(":")
    if not plain or len(plain) > _MAX_HEADER_CELL:
        return None
    return next((role for role, pattern in _ROLES if pattern.fullmatch(plain)), None)


def _deed(words: str) -> str:
    mark = ordinal_at(fold(words))
    return words[mark.length if mark is not None else 0 :].strip(" 。;；")


def _kind(deadline: str, frequency: str, targets: Sequence[str]) -> Kind:
    if deadline and re.search(r"\d|底|前|月|日", deadline):
        return "deadline"
    if frequency:
        return "frequency"
    return "target" if any(re.search(r"\d", target) for target in targets) else "duty"
