"""What happened to the units of a region in a year, as the linking rules count it. A fixed number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.evidence.enums import WITH_THE_UNIT
from chuangwen.evidence.models import Dossier
from chuangwen.responsibilities.models import Task, TaskState
from chuangwen.supervision.enums import (
    Colour,
    ConsequenceState,
    FlagColour,
    FlagState,
    LagState,
    ListState,
    NoticeState,
    Side,
    StoryKind,
    StoryState,
)
from chuangwen.supervision.linking import Figure, Happening, Link, Reached, reached
from chuangwen.supervision.models import Consequence, Flag, LagLine, LinkRule, ListLine, Story, SupervisionNotice
from chuangwen.supervision.queries.rows import midnight
from chuangwen.supervision.queries.standings import rectified

NOTICES = {Colour.RED: Figure.RED_YEAR, Colour.YELLOW: Figure.YELLOW_YEAR}
FLAGS = {FlagColour.BLACK: Figure.BLACK_RUNNING, FlagColour.RED: Figure.RED_FLAGS_YEAR}


@dataclass(frozen=True, slots=True)
class LinkTrial:
    """What a rule would have proposed in a year, and what of its kind the register has of that year."""

    reached: list[Reached]
    kept: list[Consequence]


def as_link(rule: LinkRule) -> Link:
    """A row as the engine reads it."""
    return Link(rule.pk, Figure(rule.figure), rule.number)


def reached_in(region: Region, rules: list[LinkRule], year: int) -> list[Reached]:
    """What the rules propose for a year, as the register stands today: ten queries."""
    links = [as_link(rule) for rule in rules]
    clean = _clean(region, year) if any(one.figure == Figure.CLEAN_YEAR for one in links) else {}
    found = list(_happenings(region, year))
    if any(one.figure == Figure.LAGGED_YEAR for one in links):
        found += _lagging(region, year)
    return reached(links, found, clean, year, clock.today())


def trial_of_link(rule: LinkRule, year: int) -> LinkTrial:
    """The rule on a past year, beside what was entered of its kind. Reads only."""
    shown = [ConsequenceState.REPORTED, ConsequenceState.CONFIRMED, ConsequenceState.LIFTED]
    rows = Consequence.objects.filter(region=rule.region, kind=rule.kind, year=year, state__in=shown)
    return LinkTrial(reached_in(rule.region, [rule], year), list(rows.select_related("unit", "kind").order_by("day")))


def _happenings(region: Region, year: int) -> Iterator[Happening]:
    """Notices that went out and were not withdrawn, flags given, black lists and exposures released: four queries."""
    notices = SupervisionNotice.objects.filter(region=region, day__year=year, signed_at__isnull=False)
    notices = notices.filter(colour__in=list(NOTICES)).exclude(state=NoticeState.WITHDRAWN)
    for unit, colour, day in notices.values_list("unit", "colour", "day"):
        yield Happening(NOTICES[Colour(colour)], unit, day)
    flags = Flag.objects.filter(region=region, given_on__year=year, state__in=[FlagState.GIVEN, FlagState.BACK])
    for unit, flag, given, times in flags.values_list("unit", "colour", "given_on", "running"):
        yield Happening(FLAGS[FlagColour(flag)], unit, given, times)
    lines = ListLine.objects.filter(region=region, side=Side.BLACK, week__state=ListState.RELEASED)
    lines = lines.filter(week__released_at__gte=_start(year), week__released_at__lt=_start(year + 1))
    for unit, at, times in lines.values_list("unit", "week__released_at", "running"):
        yield Happening(Figure.LIST_RUNNING, unit, clock.local(at).date(), times)
    stories = Story.objects.filter(region=region, kind=StoryKind.EXPOSURE, state=StoryState.RELEASED)
    stories = stories.filter(released_at__gte=_start(year), released_at__lt=_start(year + 1))
    for unit, at in stories.values_list("unit", "released_at"):
        yield Happening(Figure.EXPOSED_YEAR, unit, clock.local(at).date())


def _lagging(region: Region, year: int) -> Iterator[Happening]:
    """What look-backs of the year found still lagging: one query."""
    lags = LagLine.objects.filter(region=region, state=LagState.STILL)
    lags = lags.filter(judged_at__gte=_start(year), judged_at__lt=_start(year + 1))
    for unit, at in lags.values_list("unit", "judged_at"):
        yield Happening(Figure.LAGGED_YEAR, unit, clock.local(at).date())


def _clean(region: Region, year: int) -> dict[int, int]:
    """Unit -> problems, tasks, dossiers due in the year, where none was late and no notice went out: four queries."""
    due, late = Counter[int](), Counter[int]()
    for unit, share in rectified(region, _start(year), _start(year + 1)).items():
        due[unit] += int(share.of)
        late[unit] += int(share.of - share.got)
    tasks = Task.objects.filter(region=region, due_at__gte=_start(year), due_at__lt=_start(year + 1))
    tasks = tasks.exclude(state__in=[TaskState.DRAFT, TaskState.CANCELLED])
    open_late = Q(finished_at__isnull=True, due_at__lt=clock.now())
    _count(tasks, Q(finished_at__gt=F("due_at")) | open_late, due, late)
    dossiers = Dossier.objects.filter(region=region, due_on__year=year)
    with_unit = Q(state__in=WITH_THE_UNIT, due_on__lt=clock.today())
    _count(dossiers, with_unit | Q(submitted_at__date__gt=F("due_on")), due, late)
    notices = SupervisionNotice.objects.filter(region=region, day__year=year, signed_at__isnull=False)
    pressed = set(notices.exclude(state=NoticeState.WITHDRAWN).values_list("unit", flat=True))
    return {unit: number for unit, number in due.items() if number and not late[unit] and unit not in pressed}


def _count(rows: Any, was_late: Q, due: Counter[int], late: Counter[int]) -> None:
    told = rows.order_by().values("unit").annotate(n=Count("pk"), late=Count("pk", filter=was_late))
    for row in told:
        due[row["unit"]] += row["n"]
        late[row["unit"]] += row["late"]


def _start(year: int) -> datetime:
    return midnight(date(year, 1, 1))
