"""Where a clause stands: its sentence, what closes it, the heading above, and what was told before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from chuangwen.directives.extraction.cues import NEED
from chuangwen.directives.extraction.exclusions import is_background
from chuangwen.directives.extraction.labels import Labels, read_labels
from chuangwen.directives.extraction.parties import Parties
from chuangwen.directives.extraction.segmentation import Span, clauses, sentences
from chuangwen.directives.extraction.signals import Clause, read_clause
from chuangwen.directives.ordinals import ordinal_at
from chuangwen.directives.outline import MAX_MARK, Passage

_SECOND_PARTY: Final = re.compile(rf"、(?=[^、,。;]{{2,14}}(?:{NEED}|负责))")
_DEMAND: Final = re.compile(rf"{NEED}|负责|由")
ADDRESSED: Final = re.compile(r"[对向]([^,。]{2,20})提出?[^,。]{0,6}(?:要求|意见)[:,。]")
_COMPARED: Final = re.compile(r"(?:较|同比|环比|比(?:上|去)|位?居|名列|排名|占)(?![^,]*要)")
"""What follows a figure that was reached, and tells that it is a report."""
_TITLE_LENGTH: Final = 45
_CIRCUMSTANCE: Final = 18
_PARTS: Final = 5
_SHORT_TEXT: Final = 500
_SHORT: Final = -1


@dataclass(frozen=True, slots=True)
class Around:
    """What is the same for all clauses of a passage: whether it is a `title` or stands under a heading that reviews
    (`background`), the fifth of the document in which it begins (`part`, from 0; -1 in a short document), what kind of
    line it is (`form`, outline.Form), and whether a heading or an address (对全体干部提出如下要求) names parties
    (`headed`)."""

    title: bool
    background: bool
    part: int
    form: str
    headed: bool


class Placed(NamedTuple):
    """A clause with its place. `sentence` and `at` count from 0 in the passage and in the sentence; `of` is the number
    of clauses in the sentence; `mark` is the numbering that opens the sentence, `close` the mark that ends it;
    `told` is true after a clause of the past in the same sentence; `stop` counts full stops before it."""

    clause: Clause
    sentence: int
    at: int
    of: int
    mark: str
    close: str
    told: bool
    stop: int
    around: Around

    @property
    def silent(self) -> bool:
        """Whether nothing in it sounds like a demand: no party, deed, modal word, time, measure, rule or sanction."""
        clause = self.clause
        said = clause.need or clause.action or clause.strong or clause.sanction or clause.rule
        return not said and clause.subject is None and clause.opening is None and clause.deadline is None

    @property
    def bare(self) -> bool:
        """Whether it only says when, where or of what: no party, no deed, no modal word."""
        clause = self.clause
        told = clause.need or clause.action or clause.sanction or clause.rule or clause.past
        return not told and clause.subject is None and clause.opening is None and len(clause.text) <= _CIRCUMSTANCE


class Sentence(NamedTuple):
    """A sentence: either with labels (牵头单位:…), or with its clauses."""

    span: Span
    labels: Labels | None
    placed: list[Placed]


def read_passage(text: str, passage: Passage, parties: Parties) -> list[Sentence]:
    """The sentences of `passage` in order; `text` is the folded clean text."""
    found = []
    stop = 0
    around = _around(text, passage)
    for number, span in enumerate(sentences(text, passage.start, passage.end)):
        labels = read_labels(text[span.start : span.end], parties)
        placed = [] if labels is not None else _placed(text, span, (number, stop), around, parties)
        found.append(Sentence(span, labels, placed))
        stop += text[span.end : span.end + 1] != ";"
    return found


def _around(text: str, passage: Passage) -> Around:
    return Around(
        title=_is_title(text[passage.start : passage.end]),
        background=is_background(passage.headings),
        part=_PARTS * passage.start // len(text) if len(text) >= _SHORT_TEXT else _SHORT,
        form=passage.form,
        headed=bool(passage.lead) or ADDRESSED.search(text, passage.start, passage.end) is not None,
    )


def _placed(text: str, span: Span, numbers: tuple[int, int], around: Around, parties: Parties) -> list[Placed]:
    number, stop = numbers
    ordinal = ordinal_at(text[span.start : min(span.end, span.start + MAX_MARK)])
    mark = ordinal.length if ordinal is not None else 0
    read = _read(text, Span(span.start + mark, span.end), parties)
    opened, close = text[span.start : span.start + mark], text[span.end : span.end + 1].strip()
    return [
        Placed(clause, number, at, len(read), opened, close, told, stop, around)
        for at, (clause, told) in enumerate(read)
    ]


def _read(text: str, span: Span, parties: Parties) -> list[tuple[Clause, bool]]:
    """The clauses of a sentence, each with whether the past was told before it."""
    read: list[tuple[Clause, bool]] = []
    told = False
    for each in clauses(text, span):
        for part in _split_parties(text, each):
            clause = read_clause(text, part, parties)
            if read and _introduces(read[-1][0], clause):
                clause = read_clause(text, Span(read.pop()[0].span.start, part.end), parties)
            told = not clause.need and (told or clause.done)
            if read and not read[-1][0].need and _COMPARED.match(clause.text):
                read[-1] = (read[-1][0].of_the_past(), True)
            read.append((clause, told))
    return read


def _introduces(before: Clause, clause: Clause) -> bool:
    """Whether `before` is but the party, the time or the connective of `clause` (各部门,要…; 今年,…; 同时,…)."""
    if len(before.text) <= _CIRCUMSTANCE and before.introduction:
        return True
    told = clause.need or clause.action
    own = clause.subject is not None or clause.opening is not None
    return told and not own and before.subject is not None and before.subject.cue == "alone" and not before.counted


def _is_title(line: str) -> bool:
    """Whether `line` is a title or heading by itself: short, no end mark, no table row."""
    return len(line) <= _TITLE_LENGTH and "\t" not in line and line.rstrip()[-1:] not in "。;!:,、?"


def _split_parties(text: str, span: Span) -> Iterator[Span]:
    """A clause cut where 、 joins two demands (甲要抓好…、乙要抓好…), each with a modal word of its own."""
    start = span.start
    if text.find("、", start, span.end) < 0:
        yield span
        return
    for match in _SECOND_PARTY.finditer(text, span.start, span.end):
        if _DEMAND.search(text, start, match.start()):
            yield Span(start, match.start())
            start = match.start() + 1
    yield Span(start, span.end)
