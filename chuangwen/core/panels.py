"""Panels: how a higher area shows its facts on a lower area's page.

The ladder forbids a lower area to import a higher one. Where a page of a lower area has room for facts from above (a
problem's notices, what a task's place has lost), it names a slot; higher areas register a panel for that slot when the
program starts. The desk's items and the counts beside the navigation arrive the same way. This is the only inversion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from chuangwen.core import clock
from chuangwen.core.counting import counts

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Panel:
    """A rendered part: its template and the context for it."""

    template: str
    context: dict[str, Any]
    order: int = 50


@dataclass(frozen=True, slots=True)
class PanelLine:
    """One line of a plain panel: what, a quieter second line, and a figure or state at the end."""

    text: Words
    url: str = ""
    sub: Words = ""
    end: Words = ""
    tone: str = ""  # "", bad, good


def lines_panel(
    name: str, title: Words, lines: Iterable[PanelLine], *, url: str = "", note: Words = "", order: int = 50
) -> Panel | None:
    """A panel of lines under a title that leads to all of them (`url`); None where there is no line.

    `name` is the panel's key on the page.
    """
    shown = list(lines)
    if not shown:
        return None
    context = {"name": name, "title": title, "lines": shown, "url": url, "note": note}
    return Panel("core/parts/lines_panel.html", context, order)


@dataclass(frozen=True, slots=True)
class DeskItem:
    """One line of a start page: what waits, until when, and the button that opens it.

    `group` is one of decide (waiting for my decision), mine, week (due this week), late.
    """

    group: str
    title: Words
    url: str
    sub: Words = ""
    icon: str = "checkbox"
    due: datetime | None = None
    action: Words = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure of the campaign at a glance; it opens the rows behind it."""

    label: Words
    value: str
    url: str
    unit: Words = ""
    sub: Words = ""
    tone: str = ""  # "", bad, warn, good
    order: int = 50


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Counted(Generic[T]):
    """Lines or figures that say how many rows there are.

    `made` gets the number of rows of each queryset, in their order. All that a page has of these is counted at once:
    an area that counts its own rows costs every start page a query more.
    """

    rows: tuple[QuerySet[Any], ...]
    made: Callable[..., Iterable[T]]


def waiting_line(
    group: str, rows: QuerySet[Any], words: Callable[[int], Words], url: str, *, sub: Words = "",
    icon: str = "checkbox", action: Words = "",
) -> Counted[DeskItem]:  # fmt: skip
    """A line of a start page that stands there while there are `rows`; `words` says their number."""

    def made(number: int) -> list[DeskItem]:
        if not number:
            return []
        return [DeskItem(group, words(number), url, sub, icon=icon, action=action, count=number)]

    return Counted((rows,), made)


def single_lines(
    rows: QuerySet[Any], made: Callable[[QuerySet[Any]], Iterable[DeskItem]], most: int
) -> Counted[DeskItem]:
    """Lines of single rows of a start page, at most `most`; they are read only where the count of all finds any.

    For what is rare: to ask for whole rows that are not there costs more than to count them with all others.
    """
    return Counted((rows,), lambda number: made(rows[:most]) if number else ())


def counted(found: Iterable[T | Counted[T]]) -> list[T]:
    """`found` with what depends on numbers made of them, each at its place: one query for all numbers."""
    several = list(found)
    numbers = iter(counts([rows for one in several if isinstance(one, Counted) for rows in one.rows]))
    whole: list[T] = []
    for one in several:
        if isinstance(one, Counted):
            whole += one.made(*(next(numbers) for _rows in one.rows))
        else:
            whole.append(one)
    return whole


class NavGroup(StrEnum):
    """The groups of the side bar by the work people do, in their order; their words stand in core/menu.py.

    TODAY has no heading. An entry's order counts inside its group.
    """

    TODAY = "today"
    STANDARDS = "standards"
    DUTIES = "duties"
    FIELD = "field"
    RECTIFICATION = "rectification"
    RESULTS = "results"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the side bar; absent for those who hold none of `permissions`.

    An unknown `group` stops the program when it starts (ValueError).
    """

    group: NavGroup
    order: int
    label: Words
    icon: str
    url_name: str
    permissions: tuple[str, ...]
    shapes: tuple[str, ...] = ("city", "unit")  # campaign shapes in which it has a use
    phone: tuple[str, ...] = ()  # the roles on whose phones it is one of the four tabs
    phone_order: int = 0  # there; those of one number stand as in the side bar
    waiting: Callable[[HttpRequest], QuerySet[Any]] | None = None  # the rows counted beside it
    prefixes: tuple[str, ...] = field(default_factory=tuple)  # paths under which it is current

    def __post_init__(self) -> None:
        NavGroup(self.group)


@dataclass(frozen=True, slots=True)
class DueRow:
    """A matter that waits for a unit until a moment; `due` without a time lasts until the day ends.

    `post_id` is the post it was given to, where one is named.
    """

    pk: int
    title: str
    url: str
    due: date
    unit_id: int
    post_id: int | None = None
    users: tuple[int, ...] = ()  # whom it concerns besides the unit: they hear of it ahead


@dataclass(frozen=True, slots=True)
class DueSource:
    """Matters of one kind with a deadline: what is reminded of, and what stands in a person's calendar.

    `kind` with a row's key names it over all areas: t12. Few letters, as supervision calls the same matters.
    `rows()` are those that wait for their unit now, of every region, as a scoped queryset with all that `row` reads;
    `unit` and `due` name their columns. `words` says a number of them, `url` lists them. A matter of several units may
    come as a row for each; a person hears of it once. What is `inside` is the unit's own affair: nobody above it is
    reminded.
    """

    kind: str
    rows: Callable[[], QuerySet[Any]]
    row: Callable[[Any], DueRow]
    words: Callable[[int], Words]
    url: Words
    unit: str = "unit"
    due: str = "due_at"
    inside: bool = False
    ahead_only: bool = False  # nobody is late with it: it is told before its day and goes up no line

    def between(self, rows: QuerySet[Any], first: date | None, last: date) -> QuerySet[Any]:
        """Those of `rows` that are due from the day `first` on, and on the day `last` or before."""
        start: date | None = first
        end: date = last + timedelta(days=1)
        *way, column = self.due.split("__")
        model: Any = rows.model
        for part in way:  # a deadline that stands in what the row belongs to
            model = model._meta.get_field(part).related_model
        if model._meta.get_field(column).get_internal_type() == "DateTimeField":
            start, end = first and clock.midnight(first), clock.midnight(end)
        found = rows.filter(**{f"{self.due}__lt": end})
        return found.filter(**{f"{self.due}__gte": start}) if start else found


@dataclass(frozen=True, slots=True)
class OwnDate:
    """A day that concerns one person, whatever unit the matter lies with: it stands in her calendar.

    `kind` and `key` name it for ever, as DueSource does, and of one name it stands there once.
    """

    kind: str
    key: str
    title: str
    url: str
    due: date
    changed: datetime


OwnDates = Callable[[Any, date, date], "Iterable[OwnDate]"]  # of a person, from the first day to the last


@dataclass(frozen=True, slots=True)
class AgendaAsk:
    """For which meeting an agenda is assembled: its campaign, kind and day, and when the one before it was held."""

    campaign: Any
    kind: str
    day: date
    since: date | None = None
    meeting: Any = None


@dataclass(frozen=True, slots=True)
class AgendaPoint:
    """What a source found: how many, in words, the list behind it, and the first of them by line."""

    title: Words
    count: int
    url: str
    lines: tuple[PanelLine, ...] = ()


WORKING_MEETINGS = frozenset({"regular", "bulletin", "supervision", "standup"})
AGENDA_LINES = 12  # of one point; more would be a list, which has its address


@dataclass(frozen=True, slots=True)
class AgendaSource:
    """What an area brings before a meeting: `found` says it for a meeting of one of `kinds`, or None for nothing."""

    key: str
    order: int
    found: Callable[[AgendaAsk], AgendaPoint | None]
    kinds: frozenset[str] = WORKING_MEETINGS


PanelProvider = Callable[[HttpRequest, Any], Panel | None]
DeskLine = DeskItem | Counted[DeskItem]
Figure = KeyFigure | Counted[KeyFigure]
DeskProvider = Callable[[HttpRequest], Iterable[DeskLine]]
FigureProvider = Callable[[HttpRequest], Iterable[Figure]]

_panels: defaultdict[str, list[PanelProvider]] = defaultdict(list)
_desk: list[DeskProvider] = []
_figures: list[FigureProvider] = []
_navigation: list[NavItem] = []
_due: dict[str, DueSource] = {}
_own_dates: list[OwnDates] = []
_agenda: dict[str, AgendaSource] = {}


def register_panel(slot: str, provider: PanelProvider) -> None:
    """Show what `provider(request, obj)` returns in `slot`, unless it returns None."""
    if provider not in _panels[slot]:
        _panels[slot].append(provider)


def panels(slot: str, request: HttpRequest, obj: Any) -> list[Panel]:
    """The panels of `slot` for `obj`, in their order."""
    found = [panel for provider in _panels[slot] if (panel := provider(request, obj)) is not None]
    return sorted(found, key=lambda panel: panel.order)


def register_agenda(*sources: AgendaSource) -> None:
    """Bring what `sources` find before meetings."""
    _agenda.update({one.key: one for one in sources})


def agenda_sources(kind: str) -> list[AgendaSource]:
    """What is brought before a meeting of this kind, in the order of an agenda."""
    return sorted((one for one in _agenda.values() if kind in one.kinds), key=lambda one: one.order)


def register_desk(provider: DeskProvider) -> None:
    if provider not in _desk:
        _desk.append(provider)


def desk_items(request: HttpRequest) -> list[DeskItem]:
    """All lines that the areas have for this person, the earliest deadline first."""
    lines: list[DeskLine] = [line for provider in _desk for line in provider(request)]
    return sorted(counted(lines), key=lambda item: (item.due is None, item.due, str(item.title)))


def register_figures(provider: FigureProvider) -> None:
    if provider not in _figures:
        _figures.append(provider)


def key_figures(request: HttpRequest) -> list[KeyFigure]:
    """The figures that the areas have for this person, in their order."""
    figures: list[Figure] = [figure for provider in _figures for figure in provider(request)]
    return sorted(counted(figures), key=lambda figure: figure.order)


def register_navigation(*items: NavItem) -> None:
    for item in items:
        if item not in _navigation:
            _navigation.append(item)


def navigation() -> list[NavItem]:
    """All entries by group and order."""
    groups = list(NavGroup)
    return sorted(_navigation, key=lambda item: (groups.index(item.group), item.order))


def register_due(source: DueSource) -> None:
    """Let people be reminded of these matters and find them in calendars; ValueError where its kind is taken."""
    if _due.setdefault(source.kind, source) != source:
        raise ValueError(f"another source of what is due is called {source.kind!r} already")


def due_sources() -> list[DueSource]:
    return list(_due.values())


def register_own_dates(provider: OwnDates) -> None:
    """Let `provider(user, first, last)` bring days into people's own calendars."""
    if provider not in _own_dates:
        _own_dates.append(provider)


def own_dates(user: Any, first: date, last: date) -> list[OwnDate]:
    """The days between both that concern this person herself."""
    return [one for provider in _own_dates for one in provider(user, first, last)]
