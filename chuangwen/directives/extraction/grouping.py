"""From the clauses of a directive to its parties: who leads, who helps."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from chuangwen.directives.extraction.cues import ACTION, NEED
from chuangwen.directives.extraction.exclusions import is_everybody
from chuangwen.directives.extraction.names import is_weak
from chuangwen.directives.extraction.parties import Subject
from chuangwen.directives.extraction.signals import Clause

CONTINUES: Final = re.compile(
    rf"(?:同时|另外|此外|并|还|特别是|尤其是|在此基础上|也|,)*(?:要|也要|还要|并要|{NEED}|继续|确保|每(?=[天日周月季年两半学])|定期)"
)
WHOEVER: Final = re.compile(r"^(?:凡|谁|若|如|遇)")
_OF_SOMEBODY: Final = re.compile(r"^(?:对(?!照|标|接|应)|凡|因|谁|若|如|遇)|的$")


@dataclass(slots=True)
class Group:
    """Clauses that make one demand, with the parties that stand in them and how sure the reader is of them, 0 to 1."""

    clauses: list[Clause] = field(default_factory=list)
    lead: list[str] = field(default_factory=list)
    cooperate: list[str] = field(default_factory=list)
    confidence: float = 1.0

    @property
    def own(self) -> bool:
        """Whether a party stands in these clauses."""
        return bool(self.lead or self.cooperate)


def inherits(group: Group, sentences: int) -> bool:
    """Whether a group without a party is still told to the party named `sentences` full stops before it.

    Within the sentence it is, and in the next while it goes on with 要 or a deed. Who threatens is not who was told
    something before, and what concerns a case (对…的, 凡…的) is said of everybody.
    """
    first = group.clauses[0]
    if sentences == 0:
        return not WHOEVER.search(first.text)
    if _OF_SOMEBODY.search(first.text):
        return False
    if any(clause.sanction or clause.rule for clause in group.clauses) or first.opening is not None:
        return False
    if CONTINUES.match(",".join(clause.text for clause in group.clauses[:2])):
        return sentences <= 2
    dated = first.deadline is not None and first.deadline.start <= 1
    return sentences == 1 and (dated or first.timed or ACTION.match(first.predicate) is not None)


def group_of(clauses: list[Clause], confidence: float) -> Group:
    """The group of `clauses`, which make one directive."""
    group = Group(clauses, confidence=confidence)
    for at, clause in enumerate(clauses):
        if clause.subject is not None and _binds(clause, clauses[at + 1 : at + 2]):
            _join(group, clause, clauses[at - 1] if at else None)
    if not group.own:
        group.lead = _opened(clauses)
    return group


def _opened(clauses: list[Clause]) -> list[str]:
    """The names that the first clause opens with, where no party is sure: the first after a mere topic or case
    (市场外围的摊点,城管局早晚清理), or another one that says 由 or 请."""
    topic = True
    for clause in clauses:
        opening = clause.opening
        of_case = clause.text.endswith("的")
        if opening is not None and not of_case and (topic or clause.text.startswith(("由", "请"))):
            return [name for name in opening.names if not is_everybody(name)]
        topic = topic and not clause.action and not clause.need
    return []


def _join(group: Group, clause: Clause, before: Clause | None) -> None:
    """Take the parties of `clause` into `group`, which `before` closes so far."""
    subject = clause.subject
    if subject is None:
        return
    if subject.cue == "serve":
        if group.lead:
            group.cooperate, group.lead = group.lead + group.cooperate, subject.lead
    elif not group.own or (not group.lead and subject.lead):
        group.lead += subject.lead
        group.cooperate += subject.cooperate
    elif not subject.lead or _assists(before, clause):
        group.cooperate += subject.lead + subject.cooperate
    elif _goes_on(before, clause):
        if before is not None and before.subject is not None and is_concerned(before.subject):
            group.lead = []
        group.lead += subject.lead
        group.cooperate += subject.cooperate


def is_concerned(subject: Subject) -> bool:
    """Whether parties stand alone and by what is the matter with them (排名最后的村,书记要作检讨): who is named right
    behind them is told, not they."""
    return subject.cue == "alone" and all("的" in name for name in subject.lead)


def takes_over(clause: Clause, before: Clause | None, following: list[Clause]) -> bool:
    """Whether `clause` names a party of its own that does not merely join or help the one named before it."""
    subject = clause.subject
    if subject is None or not _binds(clause, following) or not subject.lead or subject.cue == "serve":
        return False
    return not (_assists(before, clause) or _goes_on(before, clause) or all(is_weak(name) for name in subject.lead))


def _assists(before: Clause | None, clause: Clause) -> bool:
    """甲牵头,乙、丙等统筹规划: who merely acts after a lead party was named helps it."""
    return (
        before is not None
        and before.text.endswith("牵头")
        and clause.subject is not None
        and clause.subject.cue == "predicate"
    )


def _binds(clause: Clause, following: list[Clause]) -> bool:
    subject = clause.subject
    if subject is None or any(is_everybody(name) for name in subject.lead):
        return False
    if clause.text.endswith("的") and subject.cue in {"predicate", "alone"}:
        return False  # 单位连续两次排名末位的: a case, not somebody who is told
    if subject.cue == "be":
        # 创建办是指挥部,要切实担负起……: the description only introduces the party of the demand.
        return bool(following) and following[0].subject is None and (following[0].need or following[0].action)
    return True


def _goes_on(before: Clause | None, clause: Clause) -> bool:
    """Whether the party only joins the one before it: a bare list, or 主要领导亲自抓,分管领导具体抓."""
    last = before.subject if before is not None else None
    if clause.subject is None or last is None:
        return False
    return last.cue == "alone" or (last.cue == "grasp" and clause.subject.cue == "grasp")
