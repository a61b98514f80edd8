"""Resolving the names by which papers call units: "城管局" is 市城管局, "各街道" is all streets.

Pure: works on a list of known names. The order of trust is the full name, the short name, a
remembered alias, then likeness, which is only ever proposed to a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LIKENESS_FLOOR = 0.5  # Dice coefficient of 2-grams below which a name is not even proposed
PROPOSALS = 3
_NOISE = re.compile(r"[\s“”\"'‘’《》()()·]")
_EVERYBODY = re.compile(
    r"(?:全市|全县|全区)?(?:市直|县直|区直|本级)?(?:各级)?(?:各地)?(?:各部门|各单位|各成员单位|各责任单位|各级各部门)+"
    r"|(?:全部|所有)(?:直属)?(?:单位|部门)"
)
_COLLECTIVE = {
    "各街道": ("street",),
    "各乡镇": ("town",),
    "各镇": ("town",),
    "各乡镇街道": ("street", "town"),
    "各镇街": ("street", "town"),
    "各社区": ("community",),
    "各村": ("village",),
    "各学校": ("school",),
    "各医院": ("hospital",),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as far as names are concerned."""

    pk: int
    name: str
    short_name: str = ""
    kind: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """`units`: whom the name means for certain; else `proposals`, the likeliest first."""

    units: tuple[int, ...] = ()
    proposals: tuple[int, ...] = ()


# Offered where several are chosen
TOGETHER = ("各单位", "各街道", "各镇", "各镇街", "各社区", "各村", "各学校", "各医院")


def kinds_meant(name: str) -> tuple[str, ...]:
    """The kinds of unit all of which a plain name means (各镇街); none for any other name."""
    return _COLLECTIVE.get(name, ())


def plain(name: str) -> str:
    """A name without spaces, quotes and brackets' marks, in NFKC."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name))


def means_everybody(name: str) -> bool:
    """Whether a plain name stands for every unit right under the region (各单位, 市直各部门)."""
    return bool(_EVERYBODY.fullmatch(name))


@dataclass
class NameIndex:
    """Looks names up among known units. Build once for a whole workbook or document.

    `everybody`: the units that 各单位 means (queries.own_units).
    """

    units: Iterable[Named]
    everybody: tuple[int, ...] = ()
    _exact: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set), repr=False)
    _written: list[tuple[int, int]] = field(default_factory=list, repr=False)  # (unit, 2-grams) of each name
    _having: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list), repr=False)  # by 2-gram
    _kinds: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list), repr=False)

    def __post_init__(self) -> None:
        for unit in self.units:
            names = [plain(n) for n in (unit.name, unit.short_name, *unit.aliases) if n]
            for name in names:
                self._exact[name].add(unit.pk)
                for gram in (grams := _two_grams(name)):
                    self._having[gram].append(len(self._written))
                self._written.append((unit.pk, len(grams)))
            self._kinds[unit.kind].append(unit.pk)

    def resolve(self, text: str) -> Answer:
        """Whom `text` means. "各街道" and the like mean all units of the kind, "各单位" everybody."""
        name = plain(text)
        if not name:
            return Answer()
        kinds = kinds_meant(name)
        if kinds:
            return Answer(units=tuple(pk for kind in kinds for pk in self._kinds[kind]))
        found = self._exact.get(name) or set()
        if len(found) == 1:
            return Answer(units=tuple(found))
        if found:
            return Answer(proposals=tuple(sorted(found)))
        if means_everybody(name):
            return Answer(units=self.everybody)
        return Answer(proposals=self._likely(name))

    def _likely(self, name: str) -> tuple[int, ...]:
        """The units one of whose names is most alike. Only names that share a 2-gram are looked at."""
        wanted = _two_grams(name)
        shared = Counter(number for gram in wanted for number in self._having.get(gram, ()))
        best: dict[int, float] = {}
        for number, both in shared.items():
            pk, grams = self._written[number]
            best[pk] = max(best.get(pk, 0.0), 2 * both / (len(wanted) + grams))  # Dice
        likely = sorted((-score, pk) for pk, score in best.items() if score >= LIKENESS_FLOOR)
        return tuple(pk for _score, pk in likely[:PROPOSALS])


def index_of(
    rows: Iterable[tuple[int, str, str, str]], aliases: Mapping[int, Iterable[str]], everybody: Iterable[int] = ()
) -> NameIndex:
    """An index over rows (pk, name, short name, kind) with the aliases known for each."""
    units = [Named(pk, name, short, kind, tuple(aliases.get(pk, ()))) for pk, name, short, kind in rows]
    return NameIndex(units, tuple(everybody))


def _two_grams(name: str) -> frozenset[str]:
    return frozenset(name[i : i + 2] for i in range(len(name) - 1)) or frozenset({name})
