"""What can be said of a clause in its place, as names: the weights are learned for these names.

Most names are signals of the rules (a party with a modal word, a firm deadline, a verb of report); the rest are word
classes, and the first and last character of a clause. No phrase of any document is a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import compress
from operator import attrgetter
from typing import Final

from chuangwen.directives.extraction.context import Placed
from chuangwen.directives.extraction.cues import ACTION, CONCRETE, NEED
from chuangwen.directives.extraction.exclusions import is_everybody
from chuangwen.directives.extraction.grouping import takes_over
from chuangwen.directives.extraction.names import is_weak
from chuangwen.directives.extraction.parties import time_first
from chuangwen.directives.extraction.signals import Clause
from chuangwen.directives.patterns import openings

_WORDS: Final = {
    "ban": r"不得|严禁|禁止|一律|绝不|坚决不|不许|不允许|不准|不要",
    "charge": r"负责(?!人|同志)",
    "by": r"^由(?!于)",
    "please": r"^请",
    "whoever": r"^(?:凡|对.{1,20}的$|谁)",
    "condition": r"(?:的|时|后|间|前|中|下|以来|起)$",
    "if": r"^(?:如果|若|一旦|只要|只有|无论|不管|尽管|虽然|由于|因为|但|而)",
    "figure": r"(?:为|达|达到|占|平均|超过?|比|提高|增长|下降|突破|完成率)[^,]{0,6}[\d.]+",
    "report": r"听取|主持|出席|列席|审议|传达了|汇报|介绍|宣布|指出|认为|强调",
    "some": r"有的|个别|有些|部分|少数|一些|不少",
    "not": r"不是|不能|不可|没有|未",
    "is": r"(?<![别其但还凡只要就])是",
    "will": r"将(?!近|来)",
    "must": r"必须|务必|务须",
    "may": r"可以?",
    "now": r"今年|去年|目前|近年|上半年|现在|如今",
    "each time": r"(?:每|一)(?:天|周|月|季|年|日|旬|次|半|期|个)",
    "ensure": r"确保|保证|力争|争取",
    "meeting": r"会议|大会",
    "this": r"他|她|它|这|那|其",
    "each": r"^各|^每个",
    "object": r"把|将|给",
    "digit": r"[0-9]",
    "we": r"我们|咱们",
    "I": r"^我(?!们)",
    "tale": (
        r"[跟对向]我(?:们)?(?:讲|说|反映)|[他她](?:们)?(?:说|讲|告诉)|我(?:说|想|看|年轻|到|去|在|了解|听)|觉得|想不通"
        r"|[有是](?:一)?[位个名](?![^,]*要)|记得|那时|当年|有一次|有一回"
    ),
    "starts with need": r"^(?:也|还|都|更|再|并|又)?(?:要|必须|务必|应)",
}
_SIGNS: Final = (("has need", "要"), ("has should", "应"), ("has list", "、"), ("has quote", "“"), ("has done", "了"))
_HEAD: Final = re.compile(r"(?:^|(?<=\|))(?:\^|\(\?<![^)]*\))")
"""What stands before the first character of a word."""


def _sought(*, plain: bool) -> tuple[tuple[str, re.Pattern[str], frozenset[str]], ...]:
    """The `plain` words or the others, each with the characters of which a clause must have one to be searched."""
    return tuple(
        (f"has {name}", re.compile(words), openings(_HEAD.sub("", words)))
        for name, words in _WORDS.items()
        if (re.fullmatch(r"[一-鿿|]+", words) is not None) == plain
    )


_CLASSES: Final = _sought(plain=False)
_PLAIN: Final = _sought(plain=True)


class _Beside(dict[str, str]):
    """What is said of a clause, as it is said of its neighbour: each name is put together once."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self._where = where

    def __missing__(self, name: str) -> str:
        said = self[name] = f"{self._where}: {name}"
        return said


_BESIDE: Final = {where: _Beside(where) for where in ("before", "after", "before over", "after over")}
_BEFORE_DEED: Final = re.compile(rf"[,、]*{NEED}?")
_NEED: Final = re.compile(NEED)
_NUMBERING: Final = re.compile(r"[一二三四五六七八九十\d]+")
_SIGNALS: Final = ("need", "action", "rhetoric", "purpose", "past", "sanction", "rule", "measured", "strong")
_signals_held = attrgetter(*_SIGNALS)
_SUMS: Final = ("need", "past", "strong", "sanction")
_sums_held = attrgetter(*_SUMS)
_LENGTHS: Final = tuple(
    f"length {next((bound for bound in (4, 7, 10, 14, 20, 30) if length <= bound), 99)}" for length in range(32)
)
_PLACES: Final = ("clause 0", "clause 1", "clause 2", "clause 3")
_COUNTS: Final = tuple(f"clauses {count}" for count in range(7))
_SENTENCES: Final = ("sentence 0", "sentence 1", "sentence 2")
_DEMANDING: Final = frozenset({"need", "lead", "agent", "with", "grasp"})


def passage_features(placed: Sequence[Placed]) -> list[list[str]]:
    """For each clause of one passage, in order, the names that hold of it, of its neighbours and of its sentence.

    Linear in the number of clauses.
    """
    around = [_shared(each) for each in placed]
    sums = _passage_sums(placed)
    sentences = _sentence_sums(placed)
    found = []
    for i, each in enumerate(placed):
        names = ["any", *around[i], *_own(each), *sums, *sentences[i]]
        for j, side in ((i - 1, "before"), (i + 1, "after")):
            if 0 <= j < len(placed):
                beside = _BESIDE[side if placed[j].sentence == each.sentence else f"{side} over"]
                names += map(beside.__getitem__, around[j])
            else:
                names.append(f"{side}: edge")
        found.append(names)
    return found


def _shared(each: Placed) -> list[str]:
    """What is said of a clause to its neighbours too."""
    clause = each.clause
    text = clause.text
    signs = frozenset(text)
    names = _signals(clause)
    names += [name for name, words, firsts in _CLASSES if not firsts.isdisjoint(signs) and words.search(text)]
    names += [name for name, sign in _SIGNS if sign in signs]
    names += [name for name, words, firsts in _PLAIN if not firsts.isdisjoint(signs) and words.search(text)]
    if clause.opening is not None:
        names.append("opening")
    if each.bare:
        names.append("bare")
    if each.silent:
        names.append("silent")
    return names


def _signals(clause: Clause) -> list[str]:
    names = list(compress(_SIGNALS, _signals_held(clause)))
    subject = clause.subject.cue if clause.subject else "no"
    names.append(f"subject {subject}")
    names.append(f"deadline {clause.deadline.rank if clause.deadline else 'no'}")
    names.append(f"frequency {clause.frequency.rank if clause.frequency else 'no'}")
    if clause.targets:
        names.append("target")
    if CONCRETE.search(clause.text):
        names.append("concrete")
    return names


def _own(each: Placed) -> list[str]:
    clause = each.clause
    names = [
        _LENGTHS[min(len(clause.text), 31)],
        _PLACES[min(each.at, 3)],
        _COUNTS[min(each.of, 6)],
        _SENTENCES[min(each.sentence, 2)],
        f"close {each.close or 'line'}",
        f"part {each.around.part}",
        f"form {each.around.form}",
    ]
    if each.at == each.of - 1:
        names.append("last")
    if each.told:
        names.append("told")
    names += [name for name in ("headed", "title", "background") if getattr(each.around, name)]
    if each.mark:
        names.append(f"mark {_NUMBERING.sub('N', each.mark)} {'first' if each.at == 0 else 'later'}")
    if is_everybody(clause.text):
        names.append("everybody")
    names += _party(clause)
    names += _deed(clause)
    return names


def _party(clause: Clause) -> list[str]:
    names = []
    if clause.subject is not None:
        parties = clause.subject.lead + clause.subject.cooperate
        names += [f"parties {min(3, len(parties))}", f"party ends {parties[-1][-1:]}", f"party begins {parties[0][:1]}"]
        if all(is_weak(name) for name in parties):
            names.append("weak party")
    if clause.opening is not None:
        opened = clause.opening
        names += [f"opening ends {opened.names[-1][-1:]}", f"opening then {_rest(clause.text[opened.end :])}"]
        if opened.start > 0:
            names.append("opening later")
        if all(is_weak(name) for name in opened.names):
            names.append("weak opening")
    return names


def _rest(rest: str) -> str:
    if not rest:
        return "end"
    if _NEED.match(rest):
        return "need"
    if ACTION.match(rest):
        return "deed"
    if time_first(rest):
        return "time"
    return "of" if rest[0] == "的" else "other"


def _deed(clause: Clause) -> list[str]:
    rest = clause.text[clause.subject.end :] if clause.subject else clause.text
    before = _BEFORE_DEED.match(rest)
    verb = ACTION.match(rest, before.end() if before is not None else 0)
    names = [
        f"{_sign('n', clause.need)}{clause.subject.cue if clause.subject else '-'}{_sign('p', clause.past)}",
        f"{_sign('n', clause.need)}{_sign('s', clause.subject)}{_sign('a', clause.action)}{_sign('S', clause.strong)}",
        _told(clause),
    ]
    if verb is not None:
        names.append(f"verb {verb[0][-2:]}")
    return names


def _sign(sign: str, holds: object) -> str:
    return sign if holds else "-"


def _told(clause: Clause) -> str:
    """Who is told, as far as names tell, and how: by a modal word, a deed, or not at all."""
    how = "must" if clause.need else "does" if clause.action else "is said of"
    if clause.subject is not None or clause.opening is not None:
        names = clause.subject.lead + clause.subject.cooperate if clause.subject is not None else []
        names = names or (clause.opening.names if clause.opening is not None else [])
        sure = "party" if clause.subject is not None else "name"
        return f"{how}: {'weak ' if all(is_weak(name) for name in names) else ''}{sure}"
    return f"{how}: nobody"


def _passage_sums(placed: Sequence[Placed]) -> list[str]:
    names = [f"sentences {min(placed[-1].sentence + 1, 4)}"] if placed else []
    if any(each.clause.past for each in placed):
        names.append("passage: past")
    if any(each.clause.need for each in placed):
        names.append("passage: need")
    return names


def _sentence_sums(placed: Sequence[Placed]) -> list[list[str]]:
    """For each clause what stands in its sentence, before and after it, and whether a party is already told to act."""
    found: list[list[str]] = []
    told: int | None = None
    at = 0
    while at < len(placed):
        same = placed[at : at + placed[at].of]
        common = ["sentence: silent"] if all(each.silent for each in same) else []
        if not any(each.clause.need or each.clause.subject or each.clause.opening for each in same):
            common.append("sentence: nobody told")
        held = zip(*(_sums_held(each.clause) for each in same), strict=True)
        common += [f"sentence: {name}" for name in compress(_SUMS, map(any, held))]
        if told is not None:
            far = "just" if same[0].sentence - told <= 1 else "long"
            common += ["told to do before", f"told {far} before"]
            common.append(f"told {far} before, {_told(same[0].clause)}")
        found += [common + own for own in _one_sentence(same)]
        if any(each.clause.subject and each.clause.subject.cue in _DEMANDING for each in same):
            told = same[0].sentence
        at += len(same)
    return found


def _one_sentence(same: Sequence[Placed]) -> list[list[str]]:
    last = max((i for i, each in enumerate(same) if each.clause.subject), default=-1)
    subject = opening = taken = False
    found = []
    for i, each in enumerate(same):
        names = [name for name, holds in (("subject before", subject), ("opening before", opening)) if holds]
        if i < last:
            names.append("subject after")
        over = each.clause.subject is not None and takes_over(
            each.clause, same[i - 1].clause if i else None, [after.clause for after in same[i + 1 : i + 2]]
        )
        if over:
            names.append("takes over" if taken else "takes up")
        elif taken:
            names.append("taken up before")
        subject = subject or each.clause.subject is not None
        opening = opening or each.clause.opening is not None
        taken = taken or over
        found.append(names)
    return found
