"""What one clause holds that makes it a demand: parties, times, measures, sanctions, rules, or nothing."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from chuangwen.directives.extraction.cues import (
    ACTION,
    AS_FITS,
    LEAD_IN,
    NEED,
    PURPOSE,
    RHETORIC,
    RULE,
    SANCTION,
    SOFT_RULE,
    VAGUE_OPENING,
    N,
)
from chuangwen.directives.extraction.deadlines import BARE, TimePhrase, find_deadline
from chuangwen.directives.extraction.exclusions import is_description, is_past
from chuangwen.directives.extraction.frequencies import find_frequency
from chuangwen.directives.extraction.parties import Opening, Parties, Subject
from chuangwen.directives.extraction.segmentation import Span
from chuangwen.directives.extraction.targets import find_targets, has_measure

_NEED: Final = re.compile(NEED)
COUNTED: Final = re.compile(
    rf"{N}(?:[次场期遍趟回轮堂节]|课时|学时)$|[日天周月季年时]一[巡查扫拖冲清报评结析测考讲调换]{{1,2}}$"
)
"""A frequency that says what is done so often (每月通报一次), not merely when."""
_COMMA: Final = re.compile(r"^([^(“《]*),")
"""Where a clause has a comma it parts what introduces it (同时,…): without it the clause reads as one."""


class Clause(NamedTuple):
    """A clause and its signals; spans of phrases are relative to its text, which is that of `span` without the comma
    that stood at `comma` (-1 where none did).

    `done`: it reports what was done, in words (已经, 了); `past`: that, or it describes what is; neither is a demand.
    `set_out`: a time, a measure, a rule or a sanction in it makes a demand by itself, unless it is of the past.
    """

    span: Span
    text: str
    subject: Subject | None
    opening: Opening | None
    predicate: str
    deadline: TimePhrase | None
    frequency: TimePhrase | None
    targets: list[str]
    measured: bool
    sanction: bool
    rule: bool
    need: bool
    action: bool
    rhetoric: bool
    purpose: bool
    set_out: bool
    done: bool
    past: bool
    comma: int = -1

    def place(self, phrase: TimePhrase) -> Span:
        """Where a phrase of the clause stands in the document's clean text."""
        start = phrase.start + (phrase.start >= self.comma >= 0)
        end = phrase.end + (phrase.end > self.comma >= 0)
        return Span(self.span.start + start, self.span.start + end)

    @property
    def counted(self) -> bool:
        """Whether it says how many times something is done, not merely when."""
        return self.frequency is not None and COUNTED.search(self.frequency.text) is not None

    @property
    def introduction(self) -> bool:
        """Whether it is a time or a connective and nothing else."""
        times = (self.deadline, None if self.counted else self.frequency)
        return LEAD_IN.fullmatch(self.text) is not None or any(
            phrase is not None and phrase.end - phrase.start >= len(self.text) - 1 for phrase in times
        )

    @property
    def timed(self) -> bool:
        """Whether a time in it makes a demand by itself."""
        return _timed(self.deadline, self.frequency)

    @property
    def strong(self) -> bool:
        """Whether it is a demand even without a party."""
        return self.set_out and not self.past

    def of_the_past(self) -> Clause:
        """The same, where what follows tells that it reports."""
        return self._replace(past=True)


def read_clause(text: str, span: Span, parties: Parties) -> Clause:
    """The signals of `text[span]`; `text` is clean and folded."""
    words = text[span.start : span.end]
    comma = _COMMA.match(words) if "," in words else None
    if comma is not None:
        words = comma[1] + words[comma.end() :]
    opening = parties.opening(words)
    subject = _longer(parties.subject(words), opening)
    deadline, frequency = find_deadline(words), find_frequency(words)
    need = _NEED.search(words) is not None
    predicate = _predicate(words, subject, deadline, frequency)
    targets, measured = find_targets(predicate), has_measure(words)
    sanction = SANCTION.search(words) is not None
    rule = RULE.search(words) is not None or (need and SOFT_RULE.search(words) is not None)
    dated_quantity = deadline is not None and deadline.rank == BARE and bool(targets)
    done = not need and is_past(words)
    of_case = sanction and words.startswith(("对", "凡", "因"))
    return Clause(
        span=span,
        text=words,
        subject=subject,
        opening=opening,
        predicate=predicate,
        deadline=deadline,
        frequency=frequency,
        targets=targets,
        measured=measured,
        sanction=sanction,
        rule=rule,
        need=need,
        action=ACTION.match(predicate) is not None or ("的" in words and AS_FITS.match(words) is not None),
        rhetoric=RHETORIC.search(words) is not None or VAGUE_OPENING.match(words) is not None,
        purpose=PURPOSE.match(predicate) is not None,
        set_out=_timed(deadline, frequency) or sanction or measured or rule or dated_quantity,
        done=done,
        past=not need and not of_case and (done or is_description(words)),
        comma=comma.end(1) if comma is not None else -1,
    )


def _timed(deadline: TimePhrase | None, frequency: TimePhrase | None) -> bool:
    return (deadline is not None and deadline.firm) or (frequency is not None and frequency.firm)


def _longer(subject: Subject | None, opening: Opening | None) -> Subject | None:
    """`subject`, with the names of `opening` where a verb inside a name (县委|宣传部) cut it short."""
    if subject is None or opening is None or subject.cue != "predicate" or not subject.lead or subject.cooperate:
        return subject
    if opening.end > subject.end and opening.names[0].startswith(subject.lead[0]):
        return Subject(opening.names, [], opening.end, subject.cue)
    return subject


def _predicate(words: str, subject: Subject | None, deadline: TimePhrase | None, frequency: TimePhrase | None) -> str:
    """`words` from the deed on: without its subject and the times that stand before the deed."""
    at = subject.end if subject else 0
    for _ in range(2):
        for phrase in (deadline, frequency):
            if phrase is not None and at <= phrase.start <= at + 1:
                at = phrase.end
    return words[at:].lstrip(",、")
