"""From the clauses of a sentence to groups: one group for each party that takes over, one for each time that opens."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from chuangwen.directives.extraction.cues import RESULT
from chuangwen.directives.extraction.exclusions import is_everybody
from chuangwen.directives.extraction.signals import Clause

_WEAK: Final = re.compile(r"全体|广大|每")
_CIRCUMSTANCE_LENGTH: Final = 18
_CONNECTIVE: Final = re.compile(
    r"^(?:同时|另外|此外|其中|如|比如|例如|特别是|尤其是|首先|其次|最后|一方面|另一方面|下一步|接下来|会议要求|会议强调|会议明确|会议决定|总之|因此|为此|与此同时)$"
)


@dataclass(slots=True)
class Group:
    """Clauses that make one demand. A `brief` one opened in mid-sentence and ends with its deed."""

    clauses: list[Clause] = field(default_factory=list)
    lead: list[str] = field(default_factory=list)
    cooperate: list[str] = field(default_factory=list)
    brief: bool = False

    @property
    def own(self) -> bool:
        """Whether a party stands in these clauses."""
        return bool(self.lead or self.cooperate)

    @property
    def strong(self) -> bool:
        """Whether any clause demands something even without a party."""
        return any(clause.strong for clause in self.clauses)


def group_clauses(clauses: list[Clause]) -> list[Group]:
    """The groups of one sentence, in order; connectives that stand alone belong to none."""
    groups: list[Group] = []
    for at, clause in enumerate(clauses):
        if _CONNECTIVE.match(clause.text):
            continue
        current = groups[-1] if groups else None
        if clause.subject is not None and _binds(clause, clauses[at + 1 : at + 2]):
            if (
                current is not None
                and current.own
                and clause.subject.cue in {"predicate", "alone"}
                and _is_weak(clause)
            ):
                current.clauses.append(clause)
            elif current is not None and current.lead and (not clause.subject.lead or _assists(current, clause)):
                current.cooperate += clause.subject.lead + clause.subject.cooperate
                current.clauses.append(clause)
            elif current is not None and (_takes_over(current) or _goes_on(current, clause)):
                current.lead += clause.subject.lead
                current.cooperate += clause.subject.cooperate
                current.clauses.append(clause)
            else:
                condition = _taken_condition(current)
                groups.append(Group([*condition, clause], list(clause.subject.lead), list(clause.subject.cooperate)))
        elif current is None or _opens(clause, clauses[at + 1 : at + 2], current):
            groups.append(Group([clause], brief=current is not None))
        elif current.brief and not clause.strong and current.clauses[-1].action:
            groups.append(Group([clause]))
        else:
            current.clauses.append(clause)
    return groups


def _is_weak(clause: Clause) -> bool:
    return clause.subject is not None and all(_WEAK.match(name) for name in clause.subject.lead)


def _taken_condition(current: Group | None) -> list[Clause]:
    """Takes the condition (逾期未报的, 对整改不力的) that closes `current` for the party that acts on it."""
    if current is not None and len(current.clauses) > 1 and current.clauses[-1].text.endswith(("的", "后", "时")):
        return [current.clauses.pop()]
    return []


def _assists(current: Group, clause: Clause) -> bool:
    """甲牵头,乙、丙等统筹规划: who merely acts after a lead party was named helps it."""
    last = current.clauses[-1]
    return last.text.endswith("牵头") and clause.subject is not None and clause.subject.cue == "predicate"


def _binds(clause: Clause, following: list[Clause]) -> bool:
    subject = clause.subject
    if subject is None or any(is_everybody(name) for name in subject.lead):
        return False
    if subject.cue == "be":
        # 创建办是指挥部,要切实担负起……: the description only introduces the party of the demand.
        return bool(following) and following[0].subject is None and (following[0].need or following[0].action)
    return not clause.past or subject.cue == "grasp"


def _takes_over(current: Group) -> bool:
    """Whether what came so far only says when or where, so that the party after it owns it."""
    return not current.own and all(
        not clause.action and not clause.need and len(clause.text) <= _CIRCUMSTANCE_LENGTH and not clause.past
        for clause in current.clauses
    )


def _goes_on(current: Group, clause: Clause) -> bool:
    """Whether the party only joins the one before it: a bare list, or 主要领导亲自抓,分管领导具体抓."""
    last = current.clauses[-1].subject
    if clause.subject is None:
        return False
    if last is None:
        return clause.subject.cue == "grasp" and not current.own
    return last.cue == "alone" or (last.cue == "grasp" and clause.subject.cue == "grasp")


def _opens(clause: Clause, following: list[Clause], current: Group) -> bool:
    """Whether a clause without a party begins a demand of its own: it starts with a time and names a deed."""
    if clause.past or RESULT.search(clause.text):
        return False
    punished = clause.sanction or (bool(following) and following[0].sanction)
    if punished and clause.text.startswith(("对", "凡")):
        return any(each.action or each.need for each in current.clauses)
    if current.own:
        deeds = sum(each.action and not each.rhetoric for each in current.clauses)
        return clause.frequency is not None and clause.frequency.start == 0 and deeds > 1
    phrase = clause.deadline if clause.deadline and clause.deadline.firm else clause.frequency
    return phrase is not None and phrase.start <= 1
