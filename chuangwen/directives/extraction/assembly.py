"""From a kept group to what is reported: its extent, its deed, its times and measures, its kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from chuangwen.directives.cleaning import Cleaned
from chuangwen.directives.extraction.cues import ACCORDING, ACTION, CASE, LEAD_IN, NEED
from chuangwen.directives.extraction.deadlines import TimePhrase, find_deadline
from chuangwen.directives.extraction.directive import Directive, Kind
from chuangwen.directives.extraction.grouping import Group
from chuangwen.directives.extraction.labels import Labels
from chuangwen.directives.extraction.segmentation import Span
from chuangwen.directives.extraction.signals import Clause
from chuangwen.directives.folding import fold
from chuangwen.directives.outline import Passage, mark_length
from chuangwen.directives.reading import Document

_NEED_FIRST: Final = re.compile(rf"^(?:(?:一定|务必|也|都|还|均|特别是|同时|,)*(?!需)(?:{NEED}))")
_CIRCUMSTANCE: Final = re.compile(
    rf"^(?:{ACCORDING}|为了|以[^,]{{2,12}}为|在[^,]{{2,20}}(?:中|下|上|时|期间)$|切实|高度重视)"
)
_LEADING: Final = re.compile(r"^(?:特别是|尤其是|同时|另外|此外|其中|如|希望|并且|并|会议要求|届时)(?=[^,]{4,}),?")
_LABELS_OR_LINE: Final = re.compile(r"[(\n]")
_TOPIC: Final = re.compile(r"([^,]*?)[由请归]")
"""What stands before the party that is told by 由 or 请."""
_BAN: Final = re.compile(r"(?:一律|坚决|均|都)?(?:不得|不准|不许|严禁|不要|不能)$")
_HELPS: Final = re.compile(r"[、,和][^,]{2,50}?(?:配合|协助|协同|参与)")
_AS_CAN: Final = re.compile(r"[^,能]{0,4}能[^,]{1,8}的")
_MAX_DEED_CLAUSES: Final = 3
_SHORT_DEED: Final = 40  # characters: a deed shorter than that takes in a further clause
_MAX_DEED: Final = 200  # characters
_NEAR: Final = 300  # characters in which a name stands as it was written


@dataclass(slots=True)
class Found:
    """A directive in terms of the clean text; labels that follow may still complete it."""

    span: Span
    action: str
    lead: list[str]
    cooperate: list[str]
    deadline: Span | None
    frequency: Span | None
    targets: list[str]
    kind: Kind
    inherited: bool
    headings: tuple[str, ...]
    confidence: float = 1.0
    _given: bool = field(default=False, repr=False)

    def once(self) -> list[Found]:
        """Itself the first time, nothing afterwards: labels may make the same find come by twice."""
        given, self._given = self._given, True
        return [] if given else [self]

    def take_labels(self, labels: Labels, sentence: Span) -> None:
        """Complete the find from labels that stand in a `sentence` after it."""
        self.span = Span(self.span.start, sentence.end)
        self.lead = labels.lead or self.lead
        self.cooperate = self.cooperate + labels.cooperate
        self.deadline = _labelled_deadline(labels, sentence) or self.deadline

    def directive(self, document: Document, cleaned: Cleaned) -> Directive:
        """The same with offsets into the document's own text."""
        start, end = cleaned.original_span(*self.span)
        near = cleaned.text[max(0, self.span.start - _NEAR) : self.span.end + _NEAR]
        lead, cooperate = _as_written(self.lead, near), _as_written(self.cooperate, near)
        return Directive(
            doc=document.name,
            start=start,
            end=end,
            quote=document.text[start:end],
            clean=cleaned.text[self.span.start : self.span.end],
            action=self.action,
            lead=tuple(dict.fromkeys(lead)),
            cooperate=tuple(name for name in dict.fromkeys(cooperate) if name not in lead),
            deadline=cleaned.text[slice(*self.deadline)] if self.deadline else None,
            frequency=cleaned.text[slice(*self.frequency)] if self.frequency else None,
            targets=tuple(dict.fromkeys(self.targets)),
            kind=self.kind,
            inherited=self.inherited,
            headings=self.headings,
            confidence=self.confidence,
            deadline_at=cleaned.original_span(*self.deadline) if self.deadline else None,
            frequency_at=cleaned.original_span(*self.frequency) if self.frequency else None,
        )


class Assembler:
    """Builds finds over one folded clean text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def assemble(self, group: Group, passage: Passage, inherited: list[str]) -> Found:
        """The find of a kept group; `inherited` parties are used when it has none of its own."""
        kept = group.clauses
        start = kept[0].span.start
        lead_in = _LEADING.match(kept[0].text)
        if lead_in is not None:
            start += lead_in.end()
            start += self._text.startswith(",", start)
        live = [clause for clause in kept if not clause.past]
        deadline = _first([_Time(each.deadline, each) for each in live if each.deadline is not None])
        frequency = _first([_Time(each.frequency, each) for each in live if each.frequency is not None])
        if deadline is not None and frequency is not None and deadline.phrase.text in frequency.phrase.text:
            deadline = None
        targets = [target for each in live for target in each.targets]
        return Found(
            span=Span(start, kept[-1].span.end),
            action=_deed(kept, {*group.lead, *group.cooperate, *inherited}),
            lead=list(group.lead or inherited),
            cooperate=list(group.cooperate),
            deadline=deadline.clause.place(deadline.phrase) if deadline else None,
            frequency=frequency.clause.place(frequency.phrase) if frequency else None,
            targets=targets,
            kind=_kind(kept, group, deadline and deadline.phrase, frequency and frequency.phrase),
            inherited=not group.lead and bool(inherited),
            headings=passage.headings,
            confidence=group.confidence,
        )

    def labelled(self, span: Span, passage: Passage, labels: Labels, sentence: Span) -> Found:
        """The find of a passage whose parties stand in labels of `sentence`, its last one."""
        words = self._text[span.start : min(span.end, span.start + _MAX_DEED)]
        mark = mark_length(words)
        told = _LABELS_OR_LINE.split(words[mark:], maxsplit=1)[0]
        deed = told.strip(" \t。")
        stated = find_deadline(deed)
        deadline = _labelled_deadline(labels, sentence)
        if deadline is None and stated is not None and stated.firm:
            at = span.start + mark + told.index(deed)
            deadline = Span(at + stated.start, at + stated.end)
        return Found(
            span=span,
            action=deed,
            lead=labels.lead,
            cooperate=labels.cooperate,
            deadline=deadline,
            frequency=None,
            targets=[],
            kind="deadline" if deadline else "duty",
            inherited=False,
            headings=passage.headings,
        )


def _as_written(names: list[str], text: str) -> list[str]:
    """Names with the brackets of the document (各县（区）), which were read in their ASCII form."""
    if not any("(" in name for name in names):
        return names
    folded = fold(text)
    found = [(name, folded.find(name)) for name in names]
    return [text[at : at + len(name)] if at >= 0 else name for name, at in found]


class _Time(NamedTuple):
    """A phrase and the clause in which it stands."""

    phrase: TimePhrase
    clause: Clause


def _first(times: list[_Time]) -> _Time | None:
    """The first of the surest phrases; an event that is over (活动结束后), a beginning (8月1日起) and a time for what
    can be done (能当天改的当天改) give way to a time that is set."""
    return min(
        times,
        key=lambda each: (
            each.phrase.rank,
            each.phrase.firm and each.phrase.text.endswith(("后", "起", "开始")),
            _AS_CAN.match(each.clause.text) is not None,
        ),
        default=None,
    )


def _labelled_deadline(labels: Labels, sentence: Span) -> Span | None:
    at = sentence.start + labels.deadline_at
    return Span(at, at + len(labels.deadline)) if labels.deadline is not None else None


def _deed(clauses: list[Clause], parties: set[str]) -> str:
    """What is to be done, with what and on what condition, without `parties`: who does it and who helps."""
    pieces: list[str] = []
    deeds = length = 0
    for clause in clauses:
        words = _NEED_FIRST.sub("", _without_party(clause, parties).lstrip(",、"))
        told = clause.action or clause.need or CASE.search(clause.text) is not None
        aside = _CIRCUMSTANCE.match(words) and not clause.need
        if not words or aside or clause.done or (clause.past and not told):
            continue
        if deeds >= _MAX_DEED_CLAUSES and length >= _SHORT_DEED and not pieces[-1].endswith("的"):
            break
        pieces.append(words if pieces else _LEADING.sub("", words))
        deeds += clause.action or clause.need
        length += len(words)
    return ",".join(pieces) or clauses[-1].text


def _without_party(clause: Clause, parties: set[str]) -> str:
    """The words of `clause` without those of `parties` that it opens with."""
    subject, opening = clause.subject, clause.opening
    if subject is None:
        named = opening is not None and opening.start == 0 and clause.text[opening.end : opening.end + 1] in {",", ":"}
        return _from(clause, opening.end + 1 if opening is not None and named else 0)
    told, rest = clause.text[: subject.end], _from(clause, subject.end)
    if subject.cue == "be" or (subject.cooperate and _HELPS.fullmatch(rest)):
        return ""
    if told.endswith(tuple(f"归{name}" for name in subject.lead)) or parties.isdisjoint(
        subject.lead + subject.cooperate
    ):
        return clause.text
    return _before_deed(clause, told, rest) + rest


def _from(clause: Clause, start: int) -> str:
    """The words of `clause` from `start` on, with the comma that stood there."""
    text, comma = clause.text, clause.comma
    return f"{text[start:comma]},{text[comma:]}" if comma > start else text[start:]


def _before_deed(clause: Clause, told: str, rest: str) -> str:
    """What of `told`, the party with its cue, belongs to the deed: a ban, 负责 where it alone says what is done
    (负责门前的保洁), how many times, and what stands before 由 (轮班办法由门诊部报…)."""
    subject, often = clause.subject, clause.frequency
    if subject is None:
        return ""
    ban = _BAN.search(told)
    charge = "负责" if told.endswith("负责") and rest and ACTION.match(rest) is None else ""
    before = _TOPIC.match(told) if subject.lead and rest else None
    topic = ""
    if before is not None and told.startswith(subject.lead[0], before.end()):
        lead_in = LEAD_IN.match(before[1])
        topic = before[1][lead_in.end() if lead_in is not None else 0 :]
    times = ""
    if often is not None and often.end <= subject.end and clause.counted:
        said = clause.text[often.start :] if subject.cue == "alone" else often.text
        times = f"{said}{',' if ban else ''}"
    return topic + times + (ban[0] if ban is not None else charge)


def _kind(clauses: list[Clause], group: Group, deadline: TimePhrase | None, frequency: TimePhrase | None) -> Kind:
    counted = not group.own and any(clause.targets for clause in clauses)
    ranked: tuple[tuple[bool, Kind], ...] = (
        (any(clause.sanction for clause in clauses), "sanction"),
        (deadline is not None and deadline.firm, "deadline"),
        (frequency is not None and frequency.firm, "frequency"),
        (any(clause.measured for clause in clauses), "target"),
        (any(clause.rule for clause in clauses), "rule"),
        (counted, "target"),
    )
    return next((kind for holds, kind in ranked if holds), "duty")
