"""Who leads a directive: possible answers, what speaks for each, and the likeliest by learned weights.

Possible are the parties that the rules bind (grouping.py), other names that stand in its clauses, the party of the
demand before it or one merely named since, of an address, of a heading, and nobody. What is said of an answer are
names that can be read ("handed: two stops", "own: by modal word"); their weights are learned from marked texts
(scripts/learn_directives.py, leading.tsv) and summed; the highest sum wins, the rules' own answer before others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import repeat
from typing import Final

from chuangwen.directives.extraction.cues import ACTION, CASE
from chuangwen.directives.extraction.grouping import CONTINUES, WHOEVER, Group, inherits
from chuangwen.directives.extraction.names import is_weak
from chuangwen.directives.extraction.signals import Clause

_FAR: Final = 3
_COUNTING: Final = frozenset("一二三四五六七八九十")
INSIDE_KINDS: Final = frozenset({"own", "subject", "helper", "opening", "all"})
"""Answers whose parties stand in the directive's own clauses."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Parties that may lead, how they come into question, and the names that speak for or against them."""

    kind: str
    lead: list[str]
    features: list[str]


Choose = Callable[[Group, Sequence[Answer]], Answer]
"""Says which of the possible answers holds for a group."""


@dataclass(slots=True)
class Told:
    """What stands before a directive in its passage: parties that were told something, named, addressed or headed.

    `handed_in` and `named_in` are the numbers of full stops before; `since` counts directives since a party stood in
    one.
    """

    handed: list[str] = field(default_factory=list)
    handed_in: int = 0
    since: int = 0
    named: list[str] = field(default_factory=list)
    named_in: int = 0
    addressed: list[str] = field(default_factory=list)
    headed: list[str] = field(default_factory=list)
    earlier: list[str] = field(default_factory=list)

    def heard(self, clause: Clause, number: int) -> None:
        """Take in the party that a clause outside any directive names."""
        names = clause.subject.lead if clause.subject else clause.opening.names if clause.opening else []
        if names and not clause.past:
            self.named, self.named_in = names, number

    def took(self, lead: Sequence[str], number: int, *, own: bool) -> None:
        """Take in the parties of a directive, its `own` or inherited ones."""
        self.since = 0 if own else self.since + 1
        if lead:
            self.handed, self.handed_in = list(lead), number

    def by_rule(self, group: Group, number: int) -> tuple[str, list[str]]:
        """What the rules alone answer."""
        if group.lead:
            return "own", group.lead
        if self.addressed:
            return "addressed", self.addressed
        if self.handed and inherits(group, number - self.handed_in):
            return "handed", self.handed
        if self.headed and inherits(group, 1):
            return "headed", self.headed
        return "nobody", []


@cache
def leading_weights() -> dict[str, float]:
    """The weights that come with the program."""
    return parse_leading((files(__package__) / "data" / "leading.tsv").read_text(encoding="utf-8"))


def parse_leading(text: str) -> dict[str, float]:
    """Weights from lines of name, tab, weight."""
    return {name: float(weight) for name, weight in (line.split("\t") for line in text.splitlines())}


def by_weights(weights: Mapping[str, float]) -> Choose:
    """Chooses the answer of the highest sum, the first of equals."""

    def choose(_: Group, possible: Sequence[Answer]) -> Answer:
        return max(possible, key=lambda answer: sum(map(weights.get, answer.features, repeat(0.0))))

    return choose


def answers(group: Group, told: Told, number: int, mark: str) -> list[Answer]:
    """Every possible answer once, the rules' own first."""
    rule, lead = told.by_rule(group, number)
    seen: list[list[str]] = []
    found = []
    context = _context(group, told, number, mark)
    for kind, names, own in _possible(group, told, number, (rule, lead)):
        if names in seen:
            continue
        seen.append(names)
        features = [kind, f"rule {rule}, {kind}", *own]
        if kind == rule:
            features += ["by rule", f"by rule {rule}"]
        features += [f"{kind}: {each}" for each in context]
        found.append(Answer(kind, names, features))
    return found


def _possible(
    group: Group, told: Told, number: int, by_rule: tuple[str, list[str]]
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Kind, parties, and what is said of these parties alone."""
    rule, lead = by_rule
    others = list(_named_inside(group))
    yield (
        rule,
        lead,
        ([f"{rule}: {each}" for each in _shape(lead)] if lead else []) + (_bound(group, lead) if rule == "own" else []),
    )
    if told.handed:
        yield "handed", told.handed, [f"handed: {each}" for each in _shape(told.handed)]
    for kind, names in (("addressed", told.addressed), ("headed", told.headed)):
        if names:
            yield kind, names, []
    yield "nobody", [], []
    for at, kind, names in others:
        yield kind, names, [f"{kind}: {each}" for each in _shape(names)] + [f"{kind}: clause {min(at, 2)}"]
    every = list(dict.fromkeys(name for _, kind, names in others if kind == "subject" for name in names))
    if every:
        yield "all", every, [f"all: {each}" for each in _shape(every)]
    if told.named:
        far = min(number - told.named_in, _FAR)
        yield "named", told.named, [f"named: {each}" for each in _shape(told.named)] + [f"named: {far} stops"]
    if told.earlier:
        yield "earlier", told.earlier, []


def _named_inside(group: Group) -> Iterator[tuple[int, str, list[str]]]:
    for at, clause in enumerate(group.clauses):
        if clause.subject is not None and clause.subject.lead:
            yield at, "subject", clause.subject.lead
        if clause.subject is not None and clause.subject.cooperate:
            yield at, "helper", clause.subject.cooperate
        if clause.opening is not None:
            yield at, "opening", clause.opening.names


def _shape(names: Sequence[str]) -> list[str]:
    shape = [f"names {min(len(names), _FAR)}", f"ends {names[-1][-1:]}", f"length {min(len(names[0]), 10) // 2}"]
    if names[0].startswith(("各", "每")):
        shape.append("each")
    if "的" in names[0]:
        shape.append("of")
    if all(is_weak(name) for name in names):
        shape.append("weak")
    return shape


def _bound(group: Group, lead: Sequence[str]) -> list[str]:
    """How the rules bound `lead` to the group."""
    for at, clause in enumerate(group.clauses):
        subject = clause.subject
        if subject is not None and lead[0] in subject.lead + subject.cooperate:
            case = "case" if clause.text.endswith("的") else "no case"
            return [
                f"own: by {subject.cue}",
                f"own: in clause {min(at, 2)}",
                f"own: {case}",
                f"own: by {subject.cue} {case}",
            ]
    return ["own: opened"]


def _context(group: Group, told: Told, number: int, mark: str) -> list[str]:
    first = group.clauses[0]
    told_far = str(min(number - told.handed_in, _FAR)) if told.handed else "none"
    context = [
        f"handed {told_far}",
        f"handed {told_far}, {_beginning(first)}",
        f"since {min(told.since, _FAR)}",
        _beginning(first),
        f"mark {mark[:1] if mark[:1] in _COUNTING else 'other'}" if mark else "no mark",
        f"subject {first.subject.cue if first.subject else 'no'}",
        f"clauses {min(len(group.clauses), _FAR)}",
    ]
    context += [
        name
        for name in ("sanction", "rule", "measured", "past", "rhetoric")
        if any(getattr(clause, name) for clause in group.clauses)
    ]
    context += [f"timed {name}" for name, phrase in (("by", first.deadline), ("every", first.frequency)) if phrase]
    if told.headed:
        context.append("is headed")
    if told.named and told.named_in >= told.handed_in:
        context.append(f"named since {min(number - told.named_in, _FAR)}")
    return context


def _beginning(clause: Clause) -> str:
    """How the first clause begins, as far as it tells whether the party before is still meant."""
    text = clause.text
    if CASE.search(text) or WHOEVER.search(text):
        return "opens with a case"
    if clause.subject is not None or clause.opening is not None:
        return "opens with a party" if clause.subject is not None else "opens with a name"
    if CONTINUES.match(text):
        return "opens with a modal word"
    if ACTION.match(clause.predicate):
        return "opens with a deed"
    if clause.need:
        return "modal word later"
    return "opens with something else"
