"""The engine: passages to sentences, sentences to clauses, clauses to directives.

Rules say what each clause holds (signals.py) and where it stands (context.py); learned weights say which clauses make
a directive (labelling.py); rules again say who is meant (grouping.py) and what is reported (assembly.py). A directive
without a party of its own takes the parties of the demand before it in the same paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final

from chuangwen.directives.cleaning import Cleaned, clean_text
from chuangwen.directives.extraction.assembly import Assembler, Found
from chuangwen.directives.extraction.context import ADDRESSED, Placed, Sentence, read_passage
from chuangwen.directives.extraction.cues import ACCORDING, CASE, HOPE, NEED
from chuangwen.directives.extraction.directive import Directive
from chuangwen.directives.extraction.features import passage_features
from chuangwen.directives.extraction.grouping import Group, group_of, is_concerned, takes_over
from chuangwen.directives.extraction.labelling import BEGIN, INSIDE, OUTSIDE, Labelled, Weights, label_passage, weights
from chuangwen.directives.extraction.labels import Labels
from chuangwen.directives.extraction.leading import INSIDE_KINDS, Choose, Told, answers, by_weights, leading_weights
from chuangwen.directives.extraction.parties import Parties
from chuangwen.directives.extraction.segmentation import Span
from chuangwen.directives.extraction.tables import with_tables
from chuangwen.directives.folding import fold
from chuangwen.directives.outline import Passage, outline_of_cleaned
from chuangwen.directives.reading import Document
from chuangwen.directives.resolution import IsWorkday, is_weekday, resolve_deadline

_ACCORDING: Final = re.compile(rf"(?:{NEED})?(?:严格|认真)?{ACCORDING}")
_PLAIN: Final = frozenset({"need", "lead", "agent", "with"})


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
    names = lexicon or frozenset()
    directives = with_tables(
        document, extract_with(document, weights(), by_weights(leading_weights()), Parties(names)), names
    )
    return directives if meeting_date is None else _dated(directives, meeting_date, is_workday)


def read_whole(
    document: Document,
    *,
    lexicon: AbstractSet[str] | None = None,
    meeting_date: date | None = None,
    is_workday: IsWorkday = is_weekday,
) -> Directive | None:
    """The whole of a short text read as one directive, as a person marked it; None where no word stands in it."""
    cleaned = clean_text(document.text)
    read = list(read_passages(cleaned, Parties(lexicon or frozenset())))
    clauses = [each.clause for _, sentences in read for sentence in sentences for each in sentence.placed]
    if not clauses:
        return None
    assembler = Assembler(fold(cleaned.text))
    found = assembler.assemble(group_of(clauses, 1.0), read[0][0], []).directive(document, cleaned)
    return found if meeting_date is None else _dated([found], meeting_date, is_workday)[0]


def extract_with(document: Document, model: Weights, choose: Choose, parties: Parties) -> list[Directive]:
    """The directives by the weights of `model` and the leaders that `choose` chooses, undated: for learning."""
    cleaned = clean_text(document.text)
    found = list(_Engine(cleaned, parties, model, choose).run(document.styled))
    return [item.directive(document, cleaned) for item in found]


def read_passages(
    cleaned: Cleaned, parties: Parties, styled: Iterable[tuple[int, int]] = ()
) -> Iterator[tuple[Passage, list[Sentence]]]:
    """Every passage of a clean text with its sentences read: what the weights are learned on and used for.

    `styled` are the heading styles of the file (Document.styled).
    """
    text = fold(cleaned.text)
    for passage in outline_of_cleaned(cleaned, styled).passages:
        yield passage, read_passage(text, passage, parties)


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
    """One pass over one document; holds what the directive before handed down."""

    def __init__(self, cleaned: Cleaned, parties: Parties, model: Weights, choose: Choose) -> None:
        self._model = model
        self._cleaned = cleaned
        self._text = fold(cleaned.text)
        self._parties = parties
        self._choose = choose
        self._told = Told()
        self._assembler = Assembler(self._text)

    def run(self, styled: Iterable[tuple[int, int]]) -> Iterator[Found]:
        held: Found | None = None
        for passage, read in read_passages(self._cleaned, self._parties, styled):
            for item in self._passage(passage, read, held):
                if held is not None and item is not held:
                    yield from held.once()
                held = item
        if held is not None:
            yield from held.once()

    def _passage(self, passage: Passage, read: list[Sentence], held: Found | None) -> Iterator[Found]:
        self._told = self._before(passage)
        placed = [each for sentence in read for each in sentence.placed]
        labels = iter(label_passage(passage_features(placed), [each.at == 0 for each in placed], self._model))
        before: Span | None = None
        for sentence in read:
            if sentence.labels is not None:
                found = self._labelled(sentence.labels, sentence.span, passage, held, before)
                if found is not None:
                    held = found
                    yield held
                    before = Span(held.span.start, sentence.span.end)
                continue
            before = sentence.span
            for group in _groups(sentence.placed, labels):
                if _asks(group):
                    held = self._found(group, sentence, passage)
                    yield held
            for each in sentence.placed:
                self._told.heard(each.clause, each.stop)

    def _labelled(
        self, labels: Labels, span: Span, passage: Passage, held: Found | None, before: Span | None
    ) -> Found | None:
        """The find that the labels of the sentence `span` make or complete; None where nothing stands before them."""
        if labels.start > 2:
            return self._assembler.labelled(span, passage, labels, span)
        if held is not None and (before is None or held.span.end >= before.start):
            held.take_labels(labels, span)
            return held
        if before is None:
            return None
        return self._assembler.labelled(Span(before.start, span.end), passage, labels, span)

    def _before(self, passage: Passage) -> Told:
        """What a passage begins with: nobody told yet, but perhaps a heading or an address that names parties."""
        addressed = ADDRESSED.search(self._text, passage.start, passage.end)
        return Told(
            addressed=self._parties.split(addressed[1]) if addressed is not None else [],
            headed=self._parties.split(fold(passage.lead)) if passage.lead else [],
            earlier=self._told.handed or self._told.earlier,
        )

    def _found(self, group: Group, sentence: Sentence, passage: Passage) -> Found:
        number = sentence.placed[0].stop
        mark = sentence.placed[0].mark if group.clauses[0] is sentence.placed[0].clause else ""
        answer = self._choose(group, answers(group, self._told, number, mark))
        inside = answer.kind in INSIDE_KINDS
        self._told.took(answer.lead, number, own=inside)
        group.lead = answer.lead if inside else []
        return self._assembler.assemble(group, passage, [] if inside else answer.lead)


def _asks(group: Group) -> bool:
    """Whether anything in it is still to be done, and sounds like a demand at all."""
    live = [clause for clause in group.clauses if not clause.past and _ACCORDING.match(clause.text) is None]
    return any(
        clause.need or clause.action or clause.strong or clause.sanction or clause.subject or clause.opening
        for clause in live
        if not clause.rhetoric or clause.strong or HOPE.match(clause.text) is None
    )


def _opens_only(each: Placed) -> bool:
    """Whether it only says who leads or helps (甲牵头,乙、丙配合) or in what case: what is told stands behind it."""
    clause, subject = each.clause, each.clause.subject
    if clause.text.endswith("的") and not clause.need and not clause.action:
        return True
    whole = subject is not None and subject.end == len(clause.text) and not clause.text.endswith("责")
    return whole and subject is not None and (subject.cue in {"lead", "help"} or is_concerned(subject))


def _parts(taken: list[Placed], each: Placed) -> bool:
    """Whether a case, or a party that is plainly told something, opens a demand of its own after another."""
    if CASE.search(each.clause.text) and any(before.clause.action or before.clause.need for before in taken):
        return True  # 对整改不力的,予以通报: what follows is of its own
    subject = each.clause.subject
    if subject is None or subject.cue not in _PLAIN or not takes_over(each.clause, taken[-1].clause, []):
        return False
    return any(before.clause.subject and before.clause.subject.cue in _PLAIN | {"predicate"} for before in taken)


def _groups(placed: list[Placed], labels: Iterator[Labelled]) -> Iterator[Group]:
    """The directives of one sentence: a beginning and the clauses that go on with it.

    A beginning that only says when or of what belongs to the beginning right after it, and so does the case
    (凡…的, 对…的) right before a beginning.
    """
    taken: list[Placed] = []
    case: list[Placed] = []
    certainty = 1.0
    for each in placed:
        label, sure = next(labels)
        if label == BEGIN and taken and all(before.bare or _opens_only(before) for before in taken):
            certainty = max(certainty, sure)
        elif taken and (label != INSIDE or _parts(taken, each)):
            label = BEGIN if label == INSIDE else label
            yield group_of([before.clause for before in taken], certainty)
            taken = []
        if label == BEGIN and not taken:
            certainty, taken = sure, case
        if label in (BEGIN, INSIDE):
            taken.append(each)
        case = [each] if label == OUTSIDE and CASE.search(each.clause.text) and not each.clause.past else []
    if taken:
        yield group_of([before.clause for before in taken], certainty)
