"""The engine: passages to sentences, sentences to groups of clauses, groups to directives.

A sentence is cut where a new party takes over. A group of clauses is a directive when a party is told to do
something checkable, or when a deadline, frequency, measure, sanction or rule is set. A sentence that goes on
with 要 after such a one inherits its parties until the paragraph ends or a new topic opens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from typing import Final

from chuangwen.directives.cleaning import Cleaned, clean_text
from chuangwen.directives.extraction.assembly import Assembler, Found
from chuangwen.directives.extraction.cues import CONCRETE, FOLD, NEED
from chuangwen.directives.extraction.directive import Directive
from chuangwen.directives.extraction.exclusions import is_background, is_everybody, is_past
from chuangwen.directives.extraction.grouping import Group, group_clauses
from chuangwen.directives.extraction.labels import read_labels
from chuangwen.directives.extraction.parties import Parties
from chuangwen.directives.extraction.segmentation import Span, clauses, sentences
from chuangwen.directives.extraction.signals import Clause, read_clause
from chuangwen.directives.extraction.tables import with_tables
from chuangwen.directives.outline import Passage, mark_length, outline_of
from chuangwen.directives.reading import Document
from chuangwen.directives.resolution import IsWorkday, is_weekday, resolve_deadline

_CONTINUES: Final = re.compile(
    r"(?:同时|另外|此外|并|还|特别是|尤其是|在此基础上|也)?,?(?:要|也要|还要|并要|特别是要|继续|确保|必须|务必|应|每(?=[天日周月季年两半学])|定期)(?![求素])"
)
_WEAK_PARTY: Final = re.compile(
    r"^(?:全[县市区镇乡院校局公司]{1,2}各|各级|全体|广大|每[一]?[个名位])|(?:党员|职工|干部|员工|学生|群众)$"
)
_TOPIC_LENGTH: Final = 16
_SECOND_PARTY: Final = re.compile(rf"、(?=[^、,。;]{{2,14}}(?:{NEED}|负责))")
_DEMAND: Final = re.compile(rf"{NEED}|负责|由")
_SHORT_TOPIC: Final = 10
_ADDRESSED: Final = re.compile(r"[对向]([^,。]{2,20})提出?[^,。]{0,6}(?:要求|意见)")
_TITLE_LENGTH: Final = 45


def extract(
    document: Document,
    *,
    lexicon: AbstractSet[str] | None = None,
    meeting_date: date | None = None,
    is_workday: IsWorkday = is_weekday,
) -> list[Directive]:
    """The directives of `document` in order of appearance.

    `lexicon` holds the site's unit names, aliases and posts. With `meeting_date` each directive's deadline is
    also dated (Directive.due), counting working days by `is_workday`. Pure, deterministic, linear in the text.
    """
    cleaned = clean_text(document.text)
    found = list(_Engine(cleaned, Parties(lexicon or frozenset())).run())
    directives = with_tables(document, [item.directive(document, cleaned) for item in found], lexicon or frozenset())
    return directives if meeting_date is None else _dated(directives, meeting_date, is_workday)


def _dated(directives: list[Directive], meeting_date: date, is_workday: IsWorkday) -> list[Directive]:
    dated: list[Directive] = []
    previous: date | None = None
    for directive in directives:
        due = None
        if directive.deadline is not None:
            due = resolve_deadline(directive.deadline, meeting_date, is_workday, previous=previous)
            previous = due or previous
        dated.append(directive.with_due(due))
    return dated


class _Engine:
    """One pass over one document; holds what the previous sentence handed down."""

    def __init__(self, cleaned: Cleaned, parties: Parties) -> None:
        self._outline = outline_of(cleaned.text)
        self._text = cleaned.text.translate(FOLD)
        self._parties = parties
        self._inheritable: list[str] = []
        self._addressed: list[str] = []
        self._assembler = Assembler(self._text)

    def run(self) -> Iterator[Found]:
        held: Found | None = None
        for passage in self._outline.passages:
            for item in self._passage(passage, held):
                if held is not None and item is not held:
                    yield from held.once()
                held = item
        if held is not None:
            yield from held.once()

    def _passage(self, passage: Passage, held: Found | None) -> Iterator[Found]:
        self._inheritable = []
        self._addressed = []
        background = is_background(passage.headings)
        title = _is_title(self._text[passage.start : passage.end])
        spans = list(sentences(self._text, passage.start, passage.end))
        read = [self._clauses(span) for span in spans]
        before: Span | None = None
        for i, span in enumerate(spans):
            labels = read_labels(self._text[span.start : span.end], self._parties)
            if labels is not None:
                if labels.start > 2:
                    held = self._assembler.labelled(span, passage, labels)
                elif held is not None and (before is None or held.span.end >= before.start):
                    held.take_labels(labels, span.end)
                elif before is not None:
                    held = self._assembler.labelled(Span(before.start, span.end), passage, labels)
                else:
                    continue
                yield held
                before = Span(held.span.start, span.end)
                continue
            before = span
            followed = i + 1 < len(read) and any(c.subject is not None for c in read[i + 1])
            if title and not any(c.subject is not None and c.subject.cue != "predicate" for c in read[i]):
                continue
            for item in self._sentence(read[i], passage, background, followed=followed):
                held = item
                yield item

    def _clauses(self, span: Span) -> list[Clause]:
        mark = mark_length(self._text[span.start : span.end])
        read: list[Clause] = []
        told = False
        for each in clauses(self._text, Span(span.start + mark, span.end)):
            for part in _split_parties(self._text, each):
                clause = read_clause(self._text, part, self._parties)
                told = not clause.need and (told or is_past(clause.text))
                read.append(replace(clause, past=True) if told and clause.subject is None else clause)
        return read

    def _sentence(self, read: list[Clause], passage: Passage, background: bool, *, followed: bool) -> Iterator[Found]:
        if not read:
            return
        if (
            followed
            and len(read) == 1
            and len(read[0].text) <= _TOPIC_LENGTH
            and read[0].subject is None
            and not read[0].strong
        ):
            self._inheritable = []
            return
        addressed = _ADDRESSED.search(read[0].text)
        if addressed is not None:
            self._addressed = self._parties.split(addressed[1])
        if not self._addressed and _is_short_topic(read):
            return
        groups = group_clauses(read)
        continues = _CONTINUES.match(self._text, read[0].span.start) is not None
        handed: list[str] = []
        for i, group in enumerate(groups):
            inherited = self._addressed or (self._inheritable if continues and i == 0 else handed)
            if group.own:
                inherited = []
            if not self._kept(group, background, inherited=bool(inherited)):
                handed = handed or inherited
                continue
            if group.own:
                handed = group.lead
            elif inherited:
                handed = inherited
            yield self._assembler.assemble(group, passage, inherited)
        self._inheritable = handed

    def _kept(self, group: Group, background: bool, *, inherited: bool) -> bool:
        live = [clause for clause in group.clauses if not clause.past]
        deeds = [
            clause for clause in live if (clause.action or clause.need) and not (clause.rhetoric or clause.purpose)
        ]
        if background and not any(clause.need and clause.strong for clause in live):
            return False
        if group.own:
            weak = all(_WEAK_PARTY.search(name) for name in group.lead + group.cooperate)
            if weak:
                return group.strong or any(CONCRETE.search(clause.text) for clause in deeds)
            return group.strong or bool(deeds)
        if group.strong:
            return any((clause.action or clause.need or clause.sanction) for clause in live) and not is_everybody(
                group.clauses[0].text
            )
        return inherited and any(CONCRETE.search(clause.text) for clause in deeds)


def _is_title(line: str) -> bool:
    """Whether `line` is a title or heading by itself: short, no end mark, no table row."""
    return len(line) <= _TITLE_LENGTH and "\t" not in line and line.rstrip()[-1:] not in "。;!:,、?"


def _split_parties(text: str, span: Span) -> Iterator[Span]:
    """A clause cut where 、 joins two demands (甲要抓好…、乙要抓好…), each with a modal word of its own."""
    start = span.start
    for match in _SECOND_PARTY.finditer(text, span.start, span.end):
        if _DEMAND.search(text, start, match.start()):
            yield Span(start, match.start())
            start = match.start() + 1
    yield Span(start, span.end)


def _is_short_topic(read: list[Clause]) -> bool:
    """Whether a sentence is a mere title (要抓好问题整改) that names nobody and nothing to check."""
    first = read[0]
    return len(read) == 1 and len(first.text) <= _SHORT_TOPIC and first.subject is None and not first.checkable
