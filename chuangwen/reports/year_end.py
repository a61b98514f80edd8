"""The year-end sheet (年终考评): what the ledger knows of each unit, for whoever assesses units to take over. Pure.

Units alone, never persons (design.md, Rules that protect people, 1; mechanisms 99, 113, 116, 119, 120). What weight
a figure has in an assessment is that body's to say: the sheet adds nothing up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chuangwen.reports.sheet import Column, Row, Sheet, Value

NOTICE, FLAG, STORY = "supervision.supervisionnotice", "supervision.flag", "supervision.story"
VETO, AWARD, CONSEQUENCE = "supervision.vetoevent", "honors.award", "supervision.consequence"
# Columns that count rows, each with the model whose keys stand behind it
COUNTED = {
    "white": NOTICE, "yellow": NOTICE, "red": NOTICE, "red_flag": FLAG, "black_flag": FLAG, "praise": STORY,
    "exposure": STORY, "reward": CONSEQUENCE, "consequence": CONSEQUENCE, "veto": VETO,
}  # fmt: skip
YEAR = (
    Column("peer_group", "text", 5), Column("score", "points", 5), Column("rank", "count", 3),
    Column("rate", "share", 6), Column("tasks_rate", "share", 6),
    *(Column(key, "count", 3, refers) for key, refers in COUNTED.items()),
    Column("titles", "text", 9, AWARD),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitYear:
    """One unit's year. `score` is 0 to 100, rates 0 to 1, None where there was nothing to measure; `counted`: column ->
    keys of the rows; `titles`: key of an award -> title."""

    pk: int
    name: str
    peer_group: str = ""
    score: float | None = None
    rate: float | None = None
    tasks_rate: float | None = None
    counted: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    titles: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it."""
        measured = (self.score, self.rate, self.tasks_rate)
        return any(one is not None for one in measured) or any(self.counted.values()) or bool(self.titles)


def year_sheet(units: Iterable[UnitYear]) -> Sheet:
    """A row for each unit of which anything is known, by peer group in the order given, the best score first."""
    known = [one for one in units if one.is_known]
    groups = {name: number for number, name in enumerate(dict.fromkeys(one.peer_group for one in known))}
    rank = ranks(known)
    known.sort(key=lambda one: (not one.peer_group, groups[one.peer_group], rank.get(one.pk, len(known) + 1)))
    return Sheet(YEAR, tuple(_row(one, rank.get(one.pk)) for one in known))


def ranks(units: Iterable[UnitYear]) -> dict[int, int]:
    """The place of each unit with a score in its peer group: one more than how many scored higher; ties share it."""
    scores: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
    for one in units:
        if one.score is not None and one.peer_group:
            scores[one.peer_group].append((one.score, one.pk))
    found: dict[int, int] = {}
    for group in scores.values():
        before: tuple[float, int] | None = None
        for number, (value, pk) in enumerate(sorted(group, reverse=True), start=1):
            place = before[1] if before is not None and before[0] == value else number
            found[pk], before = place, (value, place)
    return found


def _row(one: UnitYear, rank: int | None) -> Row:
    values: dict[str, Value] = {
        "peer_group": one.peer_group, "score": one.score, "rank": rank, "rate": one.rate, "tasks_rate": one.tasks_rate,
        "titles": "、".join(one.titles.values()),
    }  # fmt: skip
    values |= {key: len(one.counted.get(key, ())) for key in COUNTED}
    refs = {key: tuple(one.counted.get(key, ())) for key in COUNTED} | {"titles": tuple(one.titles)}
    return Row(one.name, values, refs, one.pk)
