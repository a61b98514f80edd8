"""Lays a document and its revised version side by side, sentence by sentence, and says where each passage went.

Pure. Sentences that are alike to the letter (blanks aside) stayed, also where they were moved; between
them, what is much alike was changed, what is left was taken out or put in. Every sentence of either text
stands in exactly one pair. The key of a sentence is its words and which time they occur, so that each key
occurs once and the longest run in common is found in n log n, whatever the texts.
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from chuangwen.directives.likeness import grams

Kind = Literal["same", "changed", "gone", "new"]
ALIKE: Final = 0.4  # shared 2-grams of both (Dice) from which on a sentence counts as changed, not as another one
ALIKE_AFAR: Final = 0.6  # the same for a sentence that was moved as well
GAP_LIMIT: Final = 40_000  # pairs of sentences compared in one gap; a larger one is a rewritten text, not a revision
WORDS_LIMIT: Final = 2_000  # characters of a sentence whose changed words are worked out

_SENTENCE: Final = re.compile(r"[^。！？；;!?\r\n]*(?:[。！？；;!?]+[”’」』）)]*|(?=[\r\n])|\Z)")
_WORD: Final = re.compile(r"\d[\d.年月日%]*|[A-Za-z]+|.", re.DOTALL)  # a date or number is one word
_BLANKS: Final = re.compile(r"[\s\u3000\ufeff\u200b]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its place in its text."""

    start: int
    end: int
    words: str  # without blanks, by which it is known again


@dataclass(frozen=True, slots=True)
class Pair:
    """What became of a sentence. `moved`: it stayed or was changed, but not in its place."""

    kind: Kind
    old: Sentence | None
    new: Sentence | None
    moved: bool = False


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text in order; every character that is not blank stands in exactly one."""
    found = []
    for match in _SENTENCE.finditer(text):
        words = _BLANKS.sub("", match[0])
        if words:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            found.append(Sentence(start, start + len(match[0].strip()), words))
    return found


def align(old: str, new: str) -> list[Pair]:
    """The pairs in the order of the new text; what is gone stands where it was taken out."""
    before, after = sentences(old), sentences(new)
    place = {key: number for number, key in enumerate(_keys(after))}
    twins = {number: place[key] for number, key in enumerate(_keys(before)) if key in place}
    kept = _longest_rising(list(twins.items()))
    stayed = set(twins.values())
    left = {number for number in range(len(before)) if number not in twins}
    came = {number for number in range(len(after)) if number not in stayed}
    changed = dict(_changed(before, after, kept, left, came))
    afar = dict(_changed_afar(before, after, left - set(changed), came - set(changed.values())))
    origin = {at: number for known in (twins, changed, afar) for number, at in known.items()}
    gone = sorted(set(range(len(before))) - set(origin.values()))
    return list(_in_order(before, after, origin, {**kept, **changed}, gone))


class Passages:
    """Finds passages of the old text again in the new one."""

    def __init__(self, pairs: Sequence[Pair], text: str) -> None:
        self._text = text
        known = [(pair.old, pair) for pair in pairs if pair.old]
        known.sort(key=lambda one: one[0].start)
        self._pairs = [pair for _old, pair in known]
        self._starts = [old.start for old, _pair in known]
        self._ends = [old.end for old, _pair in known]

    def carried(self, start: int, end: int, quote: str) -> tuple[int, int] | None:
        """Where the passage stands in the new text, if all its sentences stayed, one behind the other."""
        inside = self._inside(start, end)
        places = [pair.new for pair in inside if pair.kind == "same" and pair.new]
        if not places or len(places) < len(inside):
            return None
        for one, two in itertools.pairwise(places):
            if two.start < one.end or self._text[one.end : two.start].strip():
                return None
        # Blanks may have changed: the words are looked for, not counted off.
        words = _BLANKS.sub("", quote)
        pattern = r"\s*".join(map(re.escape, words))
        first = bisect.bisect_right(self._ends, start)
        ahead = max(0, start - self._starts[first])
        found = [match.span() for match in re.finditer(pattern, self._text[places[0].start : places[-1].end])]
        if not words or not found:
            return None
        begin, stop = min(found, key=lambda span: abs(span[0] - ahead))
        return places[0].start + begin, places[0].start + stop

    def successors(self, start: int, end: int) -> list[Sentence]:
        """The new sentences that the passage's sentences became, changed or not."""
        return [pair.new for pair in self._inside(start, end) if pair.new]

    def _inside(self, start: int, end: int) -> list[Pair]:
        first = bisect.bisect_right(self._ends, start)
        return self._pairs[first : bisect.bisect_left(self._starts, end)]


def word_changes(old: str, new: str) -> list[tuple[Literal["same", "gone", "new"], str]]:
    """What was taken out of a sentence and what was put in, in reading order."""
    if len(old) > WORDS_LIMIT or len(new) > WORDS_LIMIT:
        return [("gone", old), ("new", new)]
    parts: list[tuple[Literal["same", "gone", "new"], str]] = []
    one, two = _WORD.findall(old), _WORD.findall(new)
    for tag, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(("same", "".join(one[a:b])))
            continue
        if a < b:
            parts.append(("gone", "".join(one[a:b])))
        if c < d:
            parts.append(("new", "".join(two[c:d])))
    return parts


def likeness_of_texts(old: str, new: str) -> float:
    """The share of characters of both texts that stand in sentences found in both."""
    return likeness_of_counted(counted(old), counted(new))


def counted(text: str) -> Counter[str]:
    """How often each sentence stands in a text: made once for a text that is held against many."""
    return Counter(one.words for one in sentences(text))


def likeness_of_counted(old: Counter[str], new: Counter[str]) -> float:
    """`likeness_of_texts` for texts whose sentences are counted already."""
    total = _characters(old) + _characters(new)
    return 2 * _characters(old & new) / total if total else 0.0


def _characters(several: Counter[str]) -> int:
    return sum(len(words) * number for words, number in several.items())


def _keys(found: Sequence[Sentence]) -> Iterator[tuple[str, int]]:
    seen: Counter[str] = Counter()
    for one in found:
        yield one.words, seen[one.words]
        seen[one.words] += 1


def _longest_rising(pairs: list[tuple[int, int]]) -> dict[int, int]:
    """The longest run of (old, new) in which both rise: old numbers come rising already."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_old, new) in enumerate(pairs):
        at = bisect.bisect_left(tails, new)
        before.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(new)
            ends.append(number)
        else:
            tails[at], ends[at] = new, number
    chain = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return dict(reversed(chain))


def _changed(
    before: Sequence[Sentence], after: Sequence[Sentence], kept: dict[int, int], left: set[int], came: set[int]
) -> Iterator[tuple[int, int]]:
    """Pairs of sentences much alike in the gaps between those that stayed, rising in both."""
    edges = [*sorted(kept.items()), (len(before), len(after))]
    first, second = 0, 0
    for old, new in edges:
        mine = [number for number in range(first, old) if number in left]
        theirs = [number for number in range(second, new) if number in came]
        if mine and theirs and len(mine) * len(theirs) <= GAP_LIMIT:
            yield from _most_alike(mine, theirs, before, after)
        first, second = old + 1, new + 1


def _most_alike(
    mine: list[int], theirs: list[int], before: Sequence[Sentence], after: Sequence[Sentence]
) -> Iterator[tuple[int, int]]:
    """The rising pairs with the greatest sum of likeness, each at least ALIKE."""
    one, two = [grams(before[n].words) for n in mine], [grams(after[n].words) for n in theirs]
    best = [[0.0] * (len(theirs) + 1) for _ in range(len(mine) + 1)]
    score = [[_dice(a, b) for b in two] for a in one]
    for i in range(len(mine) - 1, -1, -1):
        for j in range(len(theirs) - 1, -1, -1):
            paired = score[i][j] + best[i + 1][j + 1] if score[i][j] >= ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(mine) and j < len(theirs):
        if score[i][j] >= ALIKE and best[i][j] == score[i][j] + best[i + 1][j + 1]:
            yield mine[i], theirs[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def _changed_afar(
    before: Sequence[Sentence], after: Sequence[Sentence], left: set[int], came: set[int]
) -> Iterator[tuple[int, int]]:
    """Pairs among what is left that are so much alike that the sentence was changed and moved, the likest first."""
    if len(left) * len(came) > GAP_LIMIT:
        return
    one, two = {n: grams(before[n].words) for n in left}, {n: grams(after[n].words) for n in came}
    scored = sorted((-_dice(a, b), old, new) for old, a in one.items() for new, b in two.items())
    used_old: set[int] = set()
    used_new: set[int] = set()
    for score, old, new in scored:
        if -score < ALIKE_AFAR:
            break
        if old not in used_old and new not in used_new:
            used_old.add(old)
            used_new.add(new)
            yield old, new


def _dice(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _in_order(
    before: Sequence[Sentence],
    after: Sequence[Sentence],
    origin: dict[int, int],
    placed: dict[int, int],
    gone: list[int],
) -> Iterator[Pair]:
    """All pairs by the new text; what is gone stands before the next sentence that kept its place."""
    at = 0
    for number, sentence in enumerate(after):
        old = origin.get(number)
        if old is None:
            yield Pair("new", None, sentence)
            continue
        stands = placed.get(old) == number
        while stands and at < len(gone) and gone[at] < old:
            yield Pair("gone", before[gone[at]], None)
            at += 1
        kind: Kind = "same" if before[old].words == sentence.words else "changed"
        yield Pair(kind, before[old], sentence, moved=not stands)
    for number in gone[at:]:
        yield Pair("gone", before[number], None)
