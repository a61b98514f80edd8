"""The lists of the rows behind a figure of a paper, as they stand today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.access import visible_or_404
from chuangwen.core.lists import Column, ListPage, two_lines
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.honors.models import Award
from chuangwen.rectification.models import Problem
from chuangwen.reports.lists import BulletinList, page_of
from chuangwen.reports.models import Bulletin
from chuangwen.reports.queries import INSTRUCTION, PROBLEM, TASK
from chuangwen.reports.words import label_of_column
from chuangwen.reports.year_end import AWARD, CONSEQUENCE, FLAG, NOTICE, STORY, VETO
from chuangwen.responsibilities.models import Instruction, Task
from chuangwen.responsibilities.queries.instructions import standing_of, with_tasks
from chuangwen.responsibilities.words import WORDS
from chuangwen.supervision.models import Consequence, Flag, Story, SupervisionNotice, VetoEvent

MOST_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure of a paper: its column, its row's name, the model behind it and the keys that were counted."""

    paper: Bulletin
    key: str
    name: str
    refers: str
    refs: tuple[int, ...]


def asked_cell(request: HttpRequest) -> Asked:
    """The figure that an address names; 404 for none. Asked for once a request, since a list asks for it many times."""
    kept: Asked | None = getattr(request, "papers_cell", None)
    if kept is None:
        kept = request.papers_cell = _asked(request)  # type: ignore[attr-defined]
    return kept


def _asked(request: HttpRequest) -> Asked:
    """Read out of the kept sheet by the database: a sheet has a row for each of a thousand units."""
    match = request.resolver_match
    given = match.kwargs if match else {}
    number, key = given.get("row", 0), given.get("key", "")
    if number > MOST_ROWS:
        raise Http404
    sheet = "snapshot__sheet"
    line = KeyTransform("total", sheet) if number == 0 else KeyTransform(number - 1, KeyTransform("rows", sheet))
    papers = Bulletin.objects.select_related("snapshot").defer(sheet).annotate(
        kept_refs=KeyTransform(key, KeyTransform("refs", line)), kept_name=KeyTransform("name", line),
        kept_columns=KeyTransform("columns", sheet),
    )  # fmt: skip
    found: Any = visible_or_404(papers, request.user, pk=given.get("pk"))
    if found.kept_refs is None:
        raise Http404
    refers = next((one.get("refers", "") for one in found.kept_columns if one["key"] == key), "")
    name = str(found.kept_name) if number else ""  # the sum goes by its column alone
    return Asked(found, key, name, refers or found.snapshot.refers, tuple(found.kept_refs))


class CellList(ListPage):
    """The matters that were counted in one figure, as they stand today."""

    permission = "reports.view"
    sort = "due_at"
    definition = _(
        "These are the rows that were counted when the figures were frozen; their states are those of today. Rows that "
        "you may not see are left out."
    )

    def more(self, request: HttpRequest, listing: Any) -> dict[str, Any]:
        asked = asked_cell(request)
        found, refs = asked.paper, asked.refs
        label = "" if asked.key == "name" else label_of_column(asked.key)
        head = " ".join(part for part in (asked.name, label) if part) or found.title
        return {
            "page_title": head,
            "page_subtitle": gettext("%(shown)d of %(counted)d rows, frozen %(when)s")
            % {"shown": listing.total, "counted": len(refs), "when": moment(found.snapshot.as_of)},
            "breadcrumbs": [
                {"label": str(BulletinList.title), "url": reverse("reports:list")},
                {"label": found.title, "url": page_of(found)}, {"label": head, "url": ""},
            ],
        }  # fmt: skip


class ProblemCell(CellList):
    """Problems behind a figure."""

    name = "bulletin_problems"
    title = _("Rows behind the figure")
    noun = _("problems")
    search = ("title__icontains", "number__istartswith")
    search_words = _("Problem or number")
    columns = (
        Column("title", pgettext_lazy("paper", "Problem"), lambda one: one.title,
               lambda one: two_lines(one.title, " · ".join(filter(None, (str(one.place or one.spot), one.number))),
                                     reverse("rectification:problem", args=[one.number])),
               css="cw-table__title", width=30),
        Column("number", pgettext_lazy("paper", "Number"), lambda one: one.number, screen=False),
        Column("lead", pgettext_lazy("paper", "Lead"), lambda one: str(one.lead)),
        Column("due", pgettext_lazy("paper", "Deadline"), lambda one: one.due_at, lambda one: moment(one.due_at),
               sort="due_at", kind="datetime"),
        Column("fixed", _("Reported fixed"), lambda one: one.fixed_at,
               lambda one: moment(one.fixed_at) if one.fixed_at else "", kind="datetime"),
        Column("state", pgettext_lazy("paper", "State"), lambda one: str(one.get_state_display()),
               lambda one: state(str(one.state), one.get_state_display()) if one.state not in {"merged", "gone"}
               else state("not-applicable", one.get_state_display()), css="cw-table__state"),
    )  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        refs = asked_cell(request).refs
        rows = Problem.objects.visible_to(request.user).filter(pk__in=refs)
        return rows.select_related("place", "lead")

    def row_url(self, row: Any) -> str:
        return reverse("rectification:problem", args=[row.number])


class TaskCell(CellList):
    """Tasks behind a figure."""

    name = "bulletin_tasks"
    title = _("Rows behind the figure")
    noun = _("tasks")
    search = ("title__icontains", "number__istartswith")
    search_words = _("Task or number")
    columns = (
        Column("title", pgettext_lazy("paper", "Task"), lambda one: one.title,
               lambda one: two_lines(one.title, one.number, reverse("responsibilities:task", args=[one.pk])),
               css="cw-table__title", width=30),
        Column("number", pgettext_lazy("paper", "Number"), lambda one: one.number, screen=False),
        Column("lead", pgettext_lazy("paper", "Lead"), lambda one: str(one.unit)),
        Column("due", pgettext_lazy("paper", "Deadline"), lambda one: one.due_at, lambda one: moment(one.due_at),
               sort="due_at", kind="datetime"),
        Column("state", pgettext_lazy("paper", "State"), lambda one: str(one.get_state_display())),
    )  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        refs = asked_cell(request).refs
        return Task.objects.visible_to(request.user).filter(pk__in=refs).select_related("unit")

    def row_url(self, row: Any) -> str:
        return reverse("responsibilities:task", args=[row.pk])


def _told(one: Any) -> tuple[str, str, str]:
    """What the row is, what tells it from others, its address."""
    return _TOLD[type(one)](one)


_TOLD: dict[type, Callable[[Any], tuple[str, str, str]]] = {
    Instruction: lambda one: (one.about, one.number, reverse("responsibilities:instruction", args=[one.pk])),
    SupervisionNotice: lambda one: (
        str(one.get_colour_display()), one.number, reverse("supervision:notice", args=[one.number])
    ),
    Flag: lambda one: (str(one.get_colour_display()), one.peer_group, reverse("supervision:flag", args=[one.pk])),
    Story: lambda one: (one.title, one.outlet, reverse("supervision:story", args=[one.pk])),
    VetoEvent: lambda one: (one.title, str(one.kind), reverse("supervision:event", args=[one.pk])),
    Consequence: lambda one: (one.title, str(one.kind), reverse("supervision:consequence", args=[one.pk])),
    Award: lambda one: (str(one.title), one.plaque, reverse("honors:award", args=[one.pk])),
}  # fmt: skip


def _unit(one: Any) -> str:
    return str(one.signed_as if isinstance(one, Instruction) else one.unit)


def _day(one: Any) -> date:
    """The day by which the row was counted."""
    if isinstance(one, Instruction):
        return one.written_on
    if isinstance(one, Flag | Award):
        return one.given_on or one.starts if isinstance(one, Flag) else one.granted_on
    return clock.local(one.released_at).date() if isinstance(one, Story) and one.released_at else _own_day(one)


def _own_day(one: Any) -> date:
    return one.proposed_on if isinstance(one, Story) else one.day


def _state(one: Any) -> str:
    return str(WORDS[standing_of(one).key][1]) if isinstance(one, Instruction) else str(one.get_state_display())


class RecordCell(CellList):
    """Rows of another area behind a figure: what, of which unit, when, where it stands."""

    noun = pgettext_lazy("papers", "rows")
    title = _("Rows behind the figure")
    columns = (
        Column("title", pgettext_lazy("paper", "What"), lambda one: _told(one)[0],
               lambda one: two_lines(*_told(one)), css="cw-table__title", width=30),
        Column("unit", _("Unit"), _unit),
        Column("day", pgettext_lazy("paper", "Date"), _day, lambda one: day(_day(one)), kind="date"),
        Column("state", pgettext_lazy("paper", "State"), _state),
    )  # fmt: skip

    def __init__(self, name: str, model: Any, sort: str, *joined: str) -> None:
        self.name, self.model, self.sort, self.joined = name, model, sort, joined  # type: ignore[misc]

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        refs = asked_cell(request).refs
        return self.model.objects.visible_to(request.user).filter(pk__in=refs).select_related(*self.joined)

    def row_url(self, row: Any) -> str:
        return _told(row)[2]


class InstructionCell(RecordCell):
    """Instructions behind a handling sheet."""

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return with_tasks(super().rows(request), request.user)


def cell_list(request: HttpRequest) -> ListPage:
    """The list that shows the rows of the asked figure."""
    return CELLS[asked_cell(request).refers]


PROBLEM_CELL, TASK_CELL, INSTRUCTION_CELL = (
    ProblemCell(),
    TaskCell(),
    InstructionCell("bulletin_instructions", Instruction, "written_on", "region"),
)
CELLS: dict[str, ListPage] = {
    PROBLEM: PROBLEM_CELL,
    TASK: TASK_CELL,
    INSTRUCTION: INSTRUCTION_CELL,
    NOTICE: RecordCell("bulletin_notices", SupervisionNotice, "day", "unit"),
    FLAG: RecordCell("bulletin_flags", Flag, "starts", "unit"),
    STORY: RecordCell("bulletin_stories", Story, "proposed_on", "unit"),
    VETO: RecordCell("bulletin_vetoes", VetoEvent, "day", "unit", "kind"),
    CONSEQUENCE: RecordCell("bulletin_consequences", Consequence, "day", "unit", "kind"),
    AWARD: RecordCell("bulletin_awards", Award, "granted_on", "unit", "title"),
}
