"""Who lost what, by unit, criterion, place type or district: lines that add up to the loss, and what is in a line.

Source: scoring specification, Who lost what. A fixed number of queries whatever the rows: sums by the database, names
for the lines, and the parts that cannot be won back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.organizations.models import Unit
from chuangwen.rectification.enums import ProblemState
from chuangwen.scoring.models import Loss, LossCell, LossProblem, Run, Standing
from chuangwen.scoring.queries.winning import Hopeless, beyond, horizon_of
from chuangwen.scoring.rounding import shown_parts
from chuangwen.standards.models import Node, PlaceType

CAUSES = 2  # named beside a line
TOLD = 2  # problems named beside a bar; a line leads to the others
NOBODY = "nobody"
LONGEST_KEY = 18  # digits of a key


class By(StrEnum):
    """The ways of adding a loss up."""

    UNIT = "unit"
    CRITERION = "criterion"
    TYPE = "type"
    DISTRICT = "district"


FIELDS = {By.UNIT: "unit_id", By.CRITERION: "code", By.TYPE: "place_type_id", By.DISTRICT: "district_id"}
ON_GROUND = (By.TYPE, By.DISTRICT)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """One line of one way: `key` as it stands in an address."""

    by: By
    key: str

    @classmethod
    def asked(cls, by: str, key: str) -> Self | None:
        """What an address names; None where it names no line that could be."""
        if by not in set(By) or not key or len(key) > 100:
            return None
        way = By(by)
        words = {By.UNIT: {NOBODY}, By.CRITERION: {key}}.get(way, {Standing.AD_HOC, Standing.NOWHERE})
        number = key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY
        return cls(way, key) if key in words or number else None

    def conditions(self, path: str = "") -> dict[str, Any]:
        """The line's cells as lookups, from `path` on."""
        if self.by is By.CRITERION:
            return {f"{path}code": self.key}
        if self.by is By.UNIT:
            return {f"{path}unit__isnull": True} if self.key == NOBODY else {f"{path}unit": int(self.key)}
        if self.key in {Standing.AD_HOC, Standing.NOWHERE}:
            return {f"{path}standing": self.key}
        return {f"{path}standing": Standing.DRAWN, f"{path}{FIELDS[self.by]}": int(self.key)}


@dataclass(frozen=True, slots=True)
class LossBook:
    """The cells that a page adds up, with what hangs on problems; `placed` says whether places are known.

    A run made before cells were kept has only what each unit lost at each criterion.
    """

    run: Run
    cells: QuerySet[Any]
    hanging: QuerySet[Any]
    placed: bool = True

    @classmethod
    def whole(cls, run: Run) -> Self:
        """All that a run lost: one query."""
        return cls._of(run, LossCell.objects.filter(run=run), LossProblem.objects.filter(run=run), Loss.objects.all())

    @classmethod
    def own(cls, run: Run, user: Any) -> Self:
        """What the person's own units lost: one query."""
        seen = "scoring.view_own"
        hanging = LossProblem.objects.visible_to(user, seen).filter(run=run)
        losses = Loss.objects.visible_to(user, seen)
        return cls._of(run, LossCell.objects.visible_to(user, seen).filter(run=run), hanging, losses)

    @classmethod
    def _of(cls, run: Run, cells: QuerySet[Any], hanging: QuerySet[Any], losses: QuerySet[Any]) -> Self:
        if LossCell.objects.filter(run=run).exists():
            return cls(run, cells, hanging)
        return cls(run, losses.filter(run=run), LossProblem.objects.none(), placed=False)

    @property
    def ways(self) -> list[By]:
        return list(By) if self.placed else [By.UNIT, By.CRITERION]

    def within(self, *lines: Narrowed) -> LossBook:
        """Only what lies in these lines."""
        cells, hanging = self.cells, self.hanging
        for line in lines:
            cells, hanging = cells.filter(**line.conditions()), hanging.filter(**line.conditions("cell__"))
        return replace(self, cells=cells, hanging=hanging)


@dataclass
class LossLine:
    """One unit, criterion, place type or district with what was lost there; shown figures add up to the total."""

    key: str
    name: str
    points: float
    hopeless: list[Hopeless] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)
    code: str = ""
    apart: bool = False  # no place of the draw
    shown: float = 0.0
    shown_back: float = 0.0

    @property
    def back(self) -> float:
        """Points that can be won back."""
        return max(0.0, self.points - sum(one.points for one in self.hopeless))

    @property
    def gone(self) -> float:
        return self.points - self.back

    @property
    def first_hopeless(self) -> list[Hopeless]:
        return self.hopeless[:TOLD]

    @property
    def more_hopeless(self) -> int:
        return max(0, len(self.hopeless) - TOLD)

    @property
    def shown_gone(self) -> float:
        return round(self.shown - self.shown_back, 2)

    @property
    def is_nobody(self) -> bool:
        return self.key == NOBODY


@dataclass(frozen=True, slots=True)
class LossLines:
    """All lines of one way with their sums as shown."""

    by: By
    lines: list[LossLine]
    points: float
    shown: float
    shown_back: float


def loss_lines(
    book: LossBook, by: By, *, total: float | None = None, told: int | None = None, also: str = ""
) -> LossLines:
    """Lines of one way, with what can be won back and where most of it went: six queries.

    `total` is what they come to where a page has shown it already. Of a thousand lines a page shows few: the first
    `told` (None: all) and the one of key `also` have names and causes.
    """
    lines = _lines(book, by)
    open_lines = lines if told is None else [*lines[:told], *(one for one in lines[told:] if one.key == also)]
    _name(book.run, by, open_lines)
    hopeless = _hopeless(book, by)
    words = _cause_words(book.run, by, _causes(book, by, open_lines, every=len(open_lines) == len(lines)))
    for line in lines:
        line.hopeless, line.causes = hopeless.get(line.key, []), words.get(line.key, [])
    return _shown(by, lines, total)


def plain_lines(book: LossBook, by: By, *, total: float, told: int) -> LossLines:
    """Lines of one way with their points alone, the first `told` by name: two queries."""
    lines = _lines(book, by)
    _name(book.run, by, lines[:told])
    return _shown(by, lines, total)


def _shown(by: By, lines: list[LossLine], total: float | None) -> LossLines:
    """Gives each line its figures of two digits, so that what is read adds up."""
    points = [line.points for line in lines]
    shown, whole = shown_parts(points, total)
    caps = [round(one * 100) for one in shown]
    back, all_back = shown_parts([line.back for line in lines], most=caps)
    for line, one, other in zip(lines, shown, back, strict=True):
        line.shown, line.shown_back = one, other
    return LossLines(by, lines, sum(points), whole, all_back)


Causes = dict[str, dict[Any, float]]


def _lines(book: LossBook, by: By) -> list[LossLine]:
    """The lines as they are read: nobody first, the greatest, what is at no place of the draw last. One query."""
    sums: defaultdict[str, float] = defaultdict(float)
    for value, standing, lost in _summed(book, by):
        sums[_key(by, value, standing)] += lost
    lines = [
        LossLine(
            key, key, points, apart=by in ON_GROUND and not key.isdecimal(), code=key if by is By.CRITERION else ""
        )
        for key, points in sums.items()
    ]
    return sorted(lines, key=_place_in_order)


def _summed(book: LossBook, by: By, *more: str) -> QuerySet[Any]:
    standing = "standing" if by in ON_GROUND else "run_id"
    return book.cells.order_by().values_list(FIELDS[by], standing, *more).annotate(lost=Sum("points"))


def _causes(book: LossBook, by: By, lines: Sequence[LossLine], *, every: bool) -> Causes:
    """Points within each of these lines by unit or criterion: one query; `every`: they are all there are."""
    found: defaultdict[str, dict[Any, float]] = defaultdict(dict)
    if not lines:
        return found
    wanted = Q(*(Q(**Narrowed(by, one.key).conditions()) for one in lines), _connector=Q.OR)
    part = book if every else replace(book, cells=book.cells.filter(wanted))
    for value, standing, cause, lost in _summed(part, by, FIELDS[By.UNIT if by is By.CRITERION else By.CRITERION]):
        held = found[_key(by, value, standing)]
        held[cause] = held.get(cause, 0.0) + lost
    return found


def _key(by: By, value: Any, standing: str) -> str:
    if by in ON_GROUND and standing != Standing.DRAWN:
        return standing
    return NOBODY if value is None and by is By.UNIT else str(value or Standing.NOWHERE)


def _name(run: Run, by: By, lines: Sequence[LossLine]) -> None:
    names = _names(run, by, [one.key for one in lines])
    for line in lines:
        line.name = names.get(line.key, line.key)


def _place_in_order(line: LossLine) -> tuple[Any, ...]:
    return line.apart, line.key == Standing.NOWHERE, not line.is_nobody, -round(line.points, 9), len(line.key), line.key


def _names(run: Run, by: By, keys: Iterable[str]) -> dict[str, str]:
    """Words for the keys of a way: one query."""
    if by is By.CRITERION:
        nodes = Node.objects.filter(version=run.version_id, code__in=keys)
        return {node.code: node.title for node in nodes.only("code", "title_zh", "title_en")}
    numbers = [int(key) for key in keys if key.isdecimal()]
    known: Any = PlaceType if by is By.TYPE else Unit
    found = {str(row.pk): str(row) for row in known.objects.filter(pk__in=numbers)}
    return found | {
        NOBODY: _("No unit answers for it"),
        Standing.AD_HOC: _("Places chosen on the spot"),
        Standing.NOWHERE: _("At no place (material, surveys and the like)"),
    }


def _cause_words(run: Run, by: By, causes: Causes) -> dict[str, list[str]]:
    """Where each line lost most, in words; for a criterion which units: one query."""
    dearest = {
        key: sorted(found, key=lambda one: (-found[one], str(one)))[:CAUSES] for key, found in causes.items()
    }  # fmt: skip
    named = {one for found in dearest.values() for one in found}
    if by is By.CRITERION:
        units = Unit.objects.in_bulk([one for one in named if one])
        return {key: [str(units.get(one, _("nobody"))) for one in found] for key, found in dearest.items()}
    titles = _names(run, By.CRITERION, named)
    return {key: [f"{one} {titles.get(one, '')}".strip() for one in found] for key, found in dearest.items()}


def _hopeless(book: LossBook, by: By) -> dict[str, list[Hopeless]]:
    """What cannot be won back, by line, the dearest problem first: two queries."""
    if not book.placed:
        return {}
    names = (f"cell__{FIELDS[by]}", "cell__standing", "points", "problem__number", "problem__state", "problem__due_at",
             "problem__merged_into__number", "problem__merged_into__state", "problem__merged_into__due_at")  # fmt: skip
    rows = book.hanging.filter(beyond(horizon_of(book.run))).order_by().values_list(*names)
    found: defaultdict[str, dict[str, Hopeless]] = defaultdict(dict)
    for value, standing, points, *facts in rows:
        number, state, due = facts[3:] if facts[1] == ProblemState.MERGED else facts[:3]
        until = None if state == ProblemState.GONE else clock.local(due).date()
        line = found[_key(by, value, standing)]
        before = line[number].points if number in line else 0.0
        line[number] = Hopeless(before + points, number, until)
    return {key: sorted(line.values(), key=lambda one: (-one.points, one.number)) for key, line in found.items()}


def places_in(book: LossBook, most: int = 60) -> list[tuple[str, str, float, list[str]]]:
    """(place, code of the criterion, points, numbers of the problems) of each cell at a place, the dearest first.

    Two queries.
    """
    cells = book.cells.filter(place__isnull=False).select_related("place").order_by("-points", "code", "pk")[:most]
    numbers: defaultdict[int, list[str]] = defaultdict(list)
    rows = book.hanging.filter(cell__in=[cell.pk for cell in cells]).order_by("problem__number")
    for cell, number in rows.values_list("cell_id", "problem__number"):
        numbers[cell].append(number)
    return [(str(cell.place), cell.code, cell.points, numbers[cell.pk]) for cell in cells]


def points_at_places(book: LossBook, code: str) -> dict[int, float]:
    """Place -> what was lost there at a criterion: one query."""
    rows = book.cells.filter(code=code, place__isnull=False).order_by().values_list("place_id")
    return dict(rows.annotate(lost=Sum("points")))


def names_of(run: Run, lines: Sequence[Narrowed]) -> list[str]:
    """The names of lines that an address asks for: one query each."""
    return [_names(run, line.by, [line.key]).get(line.key, line.key) for line in lines]
