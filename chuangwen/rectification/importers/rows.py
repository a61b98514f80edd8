"""A ledger's rows against what is known: what each would become, in a few queries whatever the rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.imports.importer import Context
from chuangwen.core.models import Region
from chuangwen.core.workbooks.likeness import plain
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.core.workdays import ZONE, default_calendar
from chuangwen.organizations.enums import Branch
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place
from chuangwen.rectification.enums import Source
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import OPEN
from chuangwen.rectification.services import Finding
from chuangwen.rectification.written_deadlines import UnreadableDeadline, read_deadline
from chuangwen.standards.models import ProblemType

LONGEST_TITLE = 200
LOOKED_UP = 5000  # values in one query
SHORT_NUMBER = 5  # digits; a longer number (12345 tells work orders apart) needs no batch


class UnreadableRow(Exception):  # noqa: N818  (becomes a fault of a cell)
    """A row that cannot be taken in: the field at fault and the words for people."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class Planned:
    """What a row becomes. `mark` is what no two rows share; `twin` the number of what is open there already."""

    row: int
    finding: Finding
    lead: Unit | None
    mark: Hashable
    known: bool
    twin: str = ""


class Reading:
    """The rows of one import, with everything they name."""

    def __init__(self, rows: Sequence[ImportRow], region: Region, context: Context) -> None:
        self.region, self.context = region, context
        self.now = clock.now()
        self.calendar = default_calendar()
        self.types = {one.pk: one for one in ProblemType.objects.filter(region=region).select_related("region")}
        self.units = {one.pk: one for one in Unit.objects.filter(region=region)}
        self.campaign = Campaign.objects.filter(region=region, pk=context.get("campaign")).first()
        pks = {row.values["place"] for row in rows if isinstance(row.values["place"], int)}
        found = Place.objects.filter(region=region).select_related("territory")
        self.places = {one.pk: one for part in _parts(pks) for one in found.filter(pk__in=part)}
        self.twins: dict[tuple[int, int], str] = {}
        for part in _parts(pks):
            open_there = Problem.objects.filter(OPEN, region=region, place__in=part).order_by("-pk")
            self.twins |= {(p, t): n for p, t, n in open_there.values_list("place_id", "problem_type_id", "number")}
        self._know(rows)

    def _know(self, rows: Sequence[ImportRow]) -> None:
        """What of the rows is in the ledger: by source and number, else by source and words."""
        numbers = [(self._source(row), self._joined_number(row)) for row in rows]
        self.times = Counter(numbers)
        self.numbered: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        ledger = Problem.objects.filter(region=self.region)
        for part in _parts({number for _source, number in numbers if number}):
            for source, number, title in ledger.filter(source_number__in=part).values_list(
                "source", "source_number", "title"
            ):
                self.numbered[source, number].add(plain(title))
        titles = {_title(row) for row, (_source, number) in zip(rows, numbers, strict=True) if not number}
        self.said: set[Hashable] = set()
        for part in _parts(titles):
            same = ledger.filter(title__in=part, source_number="")
            self.said |= {
                (source, plain(title), place, spot)
                for source, title, place, spot in same.values_list("source", "title", "place_id", "spot")
            }

    def plan(self, row: ImportRow) -> Planned:
        """What the row becomes. Raises UnreadableRow."""
        finding, lead = self._finding(row)
        place = finding.place
        source, number = str(finding.source), finding.source_number
        mark: tuple[Hashable, ...]
        if number:
            mark = (source, number, plain(finding.title))
            present = self.numbered.get((source, number), set())
            # A number that stands once is the row, however it is worded now; one that stands often needs the words.
            known = bool(present) if self.times[source, number] == 1 else plain(finding.title) in present
        else:
            mark = (source, plain(finding.title), place.pk if place else None, finding.spot)
            known = mark in self.said
        twin = self.twins.get((place.pk, finding.problem_type.pk), "") if place and not known else ""
        return Planned(row.number, finding, lead, mark, known, twin)

    def _finding(self, row: ImportRow) -> tuple[Finding, Unit | None]:
        values: dict[str, Any] = row.values
        kind = self.types.get(values["problem_type"] or self.context.get("type"))
        if kind is None:
            words = _("The row has no problem type. Fill it in, or begin again and choose the type for such rows.")
            raise UnreadableRow("problem_type", words)
        place = values["place"]
        spot = " ".join(part for part in (place if isinstance(place, str) else "", values["spot"] or "") if part)
        lead, others, territory = self._units(row)
        at = self._found(values["found"])
        finding = Finding(
            region=self.region, problem_type=kind, title=_title(row), spot=spot[:160],
            place=self.places.get(place) if isinstance(place, int) else None, territory=territory,
            detail="\n".join(_remarks(row, others, self._source(row))), source=self._source(row),
            source_number=self._number(row), answer_number=values["reply"] or "", campaign=self.campaign, at=at,
            due_at=self._due(values["due"], at or self.now),
        )  # fmt: skip
        return finding, lead

    def _units(self, row: ImportRow) -> tuple[Unit | None, list[Unit], Unit | None]:
        """Lead, cooperating units, territory: the first of several leads, the one street among them is the area."""
        units = [self.units[pk] for pk in cast("tuple[int, ...]", row.values["lead"] or ())]
        territory = self.units.get(cast("int", row.values["territory"]))
        if not units:
            return None, [], territory
        lead, others = units[0], units[1:]
        if lead.branch == Branch.TERRITORY and others:
            words = _("Several units are named and a territory comes first. Name the lead first, or give each its row.")
            raise UnreadableRow("lead", words)
        areas = [unit for unit in others if unit.branch == Branch.TERRITORY]
        if territory is None and len(areas) == 1:
            territory = areas[0]
        return lead, [unit for unit in others if unit != territory], territory

    def _found(self, day: date | None) -> datetime | None:
        """The morning of the day; None for today, as it is now."""
        if day is None or day == clock.today():
            return None
        if day > clock.today():
            raise UnreadableRow("found", _("The day lies in the future. Enter when it was found."))
        return datetime.combine(day, self.calendar.hours[0][0], ZONE)

    def _due(self, text: str | None, found: datetime) -> datetime | None:
        if not text:
            return None
        try:
            due = read_deadline(text, found=found, calendar=self.calendar)
        except UnreadableDeadline:
            words = _("“%s” is no deadline. Write 2026-11-30 or a number of working days, or leave it empty.") % text
            raise UnreadableRow("due", words) from None
        if due is not None and due < found:
            words = _("The deadline lies before the day it was found. Correct it, or fill in when it was found.")
            raise UnreadableRow("due", words)
        return due

    def _source(self, row: ImportRow) -> str:
        return str(row.values["source"] or self.context.get("source") or "inspection")

    def _number(self, row: ImportRow) -> str:
        number = str(row.values["number"] or "")
        batched = row.values["batch"] or self.context.get("batch")
        if number.isdecimal() and len(number) <= SHORT_NUMBER and not batched:
            words = _("A number alone stands in every ledger. Fill in the batch, or begin again and name it there.")
            raise UnreadableRow("number", words)
        return self._joined_number(row)

    def _joined_number(self, row: ImportRow) -> str:
        number = str(row.values["number"] or "")
        batch = str(row.values["batch"] or self.context.get("batch") or "")
        return "-".join(part for part in (batch, number) if part) if number else ""


def _title(row: ImportRow) -> str:
    """The problem in one line; a longer text is cut, and stands whole in the detail."""
    line = " ".join(str(row.values["text"]).split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def _remarks(row: ImportRow, others: Sequence[Unit], source: str) -> Iterator[str]:
    """What the ledger says beyond the problem's own fields; a superior's answer has one."""
    values: dict[str, Any] = row.values
    if len(" ".join(values["text"].split())) > LONGEST_TITLE:
        yield values["text"]
    if others:
        yield _("Cooperating: %s") % "、".join(str(unit) for unit in others)
    if values["due"]:
        yield _("Deadline in the ledger: %s") % values["due"]
    if values["result"]:
        yield _("Result in the ledger, not verified: %s") % values["result"]
    if values["reply"] and source != Source.SUPERIOR:
        yield _("Number of the reply: %s") % values["reply"]


def _parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The values in parts that fit one query."""
    whole = sorted(values)
    for start in range(0, len(whole), LOOKED_UP):
        yield whole[start : start + LOOKED_UP]
