"""Reads two versions of a document: which earlier one a new paper revises, what changed, what a person must settle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.functional import cached_property

from chuangwen.campaigns.models import Campaign
from chuangwen.directives.models import Candidate, CandidateState, Carried, Change, Document
from chuangwen.directives.revisions import Pair, align, counted, likeness_of_counted, word_changes
from chuangwen.responsibilities.models import Duty, DutyState, StandingRule, Task, TaskState

LOOKED_AT = 30  # the latest documents of a campaign among which an earlier version is looked for
REVISED_FROM = 0.3  # share of both texts in common from which on a paper may be a revision: then a person is asked
CONTEXT = 1  # sentences shown around a change


def likely_earlier(campaign: Campaign, text: str) -> Document | None:
    """The document of which `text` may be a revised version: the most alike one that nothing has replaced yet."""
    rows = Document.objects.filter(campaign=campaign, revised=None).order_by("-pk")
    new = counted(text)
    latest = rows.only("text", "title")[:LOOKED_AT]
    scored = [(likeness_of_counted(counted(row.text), new), row.pk, row) for row in latest]
    best = max(scored, default=(0.0, 0, None), key=lambda one: one[:2])
    return best[2] if best[0] >= REVISED_FROM else None


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An issued directive whose sentence changed or went: what was issued, and what the new text says."""

    carried: Carried
    tasks: tuple[Task, ...]
    duties: tuple[Duty, ...] = ()
    rules: tuple[StandingRule, ...] = ()

    @property
    def words(self) -> list[tuple[str, str]]:
        """How the sentence changed."""
        new = self.carried.new
        return list(word_changes(self.carried.old.quote, new.quote)) if new else []

    @property
    def may_postpone(self) -> bool:
        """Whether the revised version names another day for tasks that still run."""
        new = self.carried.new
        return bool(self.tasks and new and new.due_on and new.due_on != self.carried.old.due_on)

    @property
    def number(self) -> int:
        return len(self.tasks) + len(self.duties) + len(self.rules)


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of the difference: its pair, and for a changed one its words; `skipped`: equal ones left out."""

    pair: Pair | None
    old: str = ""
    new: str = ""
    skipped: int = 0

    @property
    def words(self) -> list[tuple[str, str]]:
        return list(word_changes(self.old, self.new))


@dataclass
class Difference:
    """A revised document against the version that it replaces."""

    document: Document
    earlier: Document
    carried: list[Carried] = field(default_factory=list)
    new: list[Candidate] = field(default_factory=list)

    def of(self, change: str) -> list[Carried]:
        return [one for one in self.carried if one.change == change]

    @property
    def same(self) -> list[Carried]:
        return self.of(Change.SAME)

    @property
    def changed(self) -> list[Carried]:
        return self.of(Change.CHANGED)

    @property
    def gone(self) -> list[Carried]:
        return self.of(Change.GONE)

    @cached_property
    def unsettled(self) -> list[Unsettled]:
        """What waits for a person's word."""
        found = []
        for one in self.carried:
            out = running(one.old)
            if one.change != Change.SAME and not one.settlement and any(out):
                found.append(Unsettled(one, *out))
        return found

    @property
    def settled(self) -> list[Carried]:
        return [one for one in self.carried if one.settlement]

    def pieces(self) -> list[Piece]:
        """The text's changes in reading order, with a sentence around them; the rest is counted."""
        pairs = align(self.earlier.text, self.document.text)
        return list(_pieces(pairs, self.earlier.text, self.document.text))


def difference_of(document: Document) -> Difference | None:
    """The revision of which `document` is the new version; none where it replaces nothing. Seven queries."""
    if document.replaces is None:
        return None
    rows = document.carried.select_related("old", "new", "settled_by")
    rows = rows.prefetch_related("old__tasks__unit", "old__duties__unit", "old__rules")
    carried = sorted(rows, key=lambda one: (one.new.start if one.new else one.old.start, one.pk))
    new = document.candidates.filter(carried_from=None).exclude(state=CandidateState.MERGED).order_by("start", "pk")
    return Difference(document, document.replaces, carried, list(new))


def unsettled_number(document: Document) -> int:
    """How many issued directives of the earlier version wait for a word: one query."""
    waiting = document.carried.exclude(change=Change.SAME).filter(settlement="")
    runs = (
        Q(old__in=Candidate.objects.filter(tasks__in=Task.objects.exclude(state=TaskState.CANCELLED)))
        | Q(old__in=Candidate.objects.filter(duties__in=Duty.objects.exclude(state=DutyState.ENDED)))
        | Q(old__in=Candidate.objects.filter(rules__in=StandingRule.objects.filter(ended_on=None)))
    )
    return waiting.filter(runs).count()


def running(candidate: Candidate) -> tuple[tuple[Task, ...], tuple[Duty, ...], tuple[StandingRule, ...]]:
    """What was issued from a directive and still holds: tasks, recurring duties, standing rules."""
    return (
        tuple(task for task in candidate.tasks.all() if task.state != TaskState.CANCELLED),
        tuple(duty for duty in candidate.duties.all() if duty.state != DutyState.ENDED),
        tuple(rule for rule in candidate.rules.all() if rule.ended_on is None),
    )


def _pieces(pairs: Sequence[Pair], old: str, new: str) -> Iterator[Piece]:
    touched = [number for number, pair in enumerate(pairs) if pair.kind != "same"]
    near = {number + step for number in touched for step in range(-CONTEXT, CONTEXT + 1)}
    skipped = 0
    for number, pair in enumerate(pairs):
        if number not in near:
            skipped += 1
            continue
        if skipped:
            yield Piece(None, skipped=skipped)
            skipped = 0
        yield Piece(
            pair,
            old[pair.old.start : pair.old.end] if pair.old else "",
            new[pair.new.start : pair.new.end] if pair.new else "",
        )
    if skipped:
        yield Piece(None, skipped=skipped)
