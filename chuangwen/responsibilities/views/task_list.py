"""The list of tasks: mine first, then by where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import BooleanField, Case, Q, QuerySet, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.context import current_campaign
from chuangwen.core import clock
from chuangwen.core.access import may, scope_of
from chuangwen.core.lists import BulkAction, Column, Filter, ListPage, Tab, pick_filter, two_lines
from chuangwen.core.lists.columns import Effect
from chuangwen.core.lists.page import Listing
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, deadline, moment
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.forms import AssignForm, ManyAgainForm, ReasonForm, ShiftForm
from chuangwen.responsibilities.models import OPEN_TASK_STATES, TASK_ORIGINS, Book, Task, TaskState
from chuangwen.responsibilities.queries.matrix import title_of
from chuangwen.responsibilities.queries.milestones import unplanned, warn_rule
from chuangwen.responsibilities.queries.repeats import Ask, OpenRequest, open_alike, open_at
from chuangwen.responsibilities.queries.tasks import (
    OPEN,
    POSTPONABLE,
    TO_ACCEPT,
    asks_for_time,
    due_this_week,
    due_today,
    helping,
    lacks_fixings_late,
    lacks_roles,
    late,
    ownerless,
    possible_steps,
    tasks_of,
    waiting_for,
)
from chuangwen.responsibilities.services import (
    assign_task,
    cancel_task,
    confirm_task,
    remind_of_task,
    send_draft,
    shift_task,
)
from chuangwen.responsibilities.services.assigning import shifted
from chuangwen.responsibilities.services.news import tell_of_deadline, tell_of_end, tell_of_issue
from chuangwen.standards.models import Node

FOREMOST = frozenset({"accept", "object", "measures", "report", "progress"})  # the buttons of a phone's first card
SHAPES = {
    TaskState.DRAFT: "found",
    TaskState.ISSUED: "open",
    TaskState.ACCEPTED: "assigned",
    TaskState.OBJECTED: "disputed",
    TaskState.REPORTED: "fixed",
    TaskState.CONFIRMED: "closed",
    TaskState.CANCELLED: "not-applicable",
}


def task_shape(task: Task) -> str:
    """The shape that stands beside a task's state everywhere."""
    return SHAPES[TaskState(task.state)]


def _state(task: Task) -> SafeString:
    return state(task_shape(task), str(task.get_state_display()))


def _part(task: Task) -> str:
    """Whether the reader's units lead it or cooperate; "" for who reads for a whole region."""
    others = getattr(task, "others", None)
    return "" if others is None else gettext("Cooperate") if others else gettext("Lead")


def _due(task: Task) -> str | SafeString:
    """The deadline while it runs; afterwards the day, which nobody is late for any more."""
    return deadline(task.due_at) if task.state in OPEN_TASK_STATES else day(task.due_at)


def sections(request: HttpRequest) -> Iterable[tuple[str, str]]:
    """The tops of the campaign's standards, for a filter."""
    campaign = current_campaign(request)
    if campaign is None:
        return []
    tops = Node.objects.filter(version__in=campaign.standards.values("version"), depth=1).order_by(
        "version", "position"
    )
    return [(str(node.pk), f"{node.code} {title_of(node)}") for node in tops]


def in_section(rows: QuerySet[Any], value: str, node: str = "node") -> QuerySet[Any]:
    """Rows whose `node` lies under one top node; a standard is at most four levels deep below it."""
    wanted = Q()
    for up in range(5):
        wanted |= Q(**{node + "__parent" * up: int(value)})
    return rows.filter(wanted)


def _unplanned(request: HttpRequest) -> Q:
    campaign = current_campaign(request)
    return unplanned(warn_rule(campaign.region)) if campaign else Q(pk__in=[])


def _confirm(task: Task, *, actor: Any, data: dict[str, Any]) -> None:
    confirm_task(task, actor=actor)


def _cancel(task: Task, *, actor: Any, data: dict[str, Any]) -> None:
    cancel_task(task, reason=data["reason"], actor=actor, tell=False)


def _assign(task: Task, *, actor: Any, data: dict[str, Any]) -> None:
    assign_task(task, actor=actor, **data)


def _issue(task: Task, *, actor: Any, data: dict[str, Any]) -> None:
    send_draft(task, actor=actor, tell=False, **data)


def _open_already(rows: QuerySet[Any], form: ManyAgainForm) -> list[tuple[str, Effect]]:
    """The chosen drafts that are open at their units in like words, which need one reason or stay."""
    drafts = [one for one in rows if one.state == TaskState.DRAFT]
    together = form.cleaned_data["together"] = frozenset(one.pk for one in drafts)
    asks = {one.pk: Ask(one.unit_id, one.title, one.node_id) for one in drafts}
    found = open_alike(drafts[0].region, asks, but=together) if drafts else {}
    form.answer(found)
    return _faults(drafts, found)


def _faults(tasks: list[Task], found: Mapping[int, OpenRequest], unit: Unit | None = None) -> list[tuple[str, Effect]]:
    """Of these tasks those that are open already at their units, or at `unit`, and what it is."""
    words = gettext("Open at %(unit)s: %(title)s")
    return [
        (one.title, Effect(str(one.unit), fault=words % {"unit": unit or one.unit, "title": found[one.pk].title}))
        for one in tasks
        if one.pk in found
    ]


def _open_there(rows: QuerySet[Any], form: AssignForm) -> list[tuple[str, Effect]]:
    """The chosen tasks that the new unit has open already in like words, which need one reason or stay."""
    unit, several = form.cleaned_data["unit"], list(rows)
    found = open_at(unit, several) if unit else {}
    form.answer(found)
    form.cleaned_data["together"] = frozenset(one.pk for one in several)
    return _faults(several, found, unit)


def _shift(task: Task, *, actor: Any, data: dict[str, Any]) -> None:
    shift_task(task, days=data["days"], reason=data["reason"], actor=actor, tell=False)


def _tell_of_deadline(tasks: Sequence[Task]) -> None:
    tell_of_deadline([one for one in tasks if one.state != TaskState.DRAFT])


def _tell_of_end(tasks: Sequence[Task]) -> None:
    """Nobody knew of a draft."""
    tell_of_end([one for one in tasks if one.issued_at or one.accepted_at])


def _shifted(task: Task, data: dict[str, Any]) -> Effect:
    """The deadline now and then, or why it stays."""
    due = shifted(task.due_at, data["days"])
    if task.state not in POSTPONABLE:
        return Effect(moment(task.due_at), fault=gettext("Stays: %s") % task.get_state_display())
    if due <= clock.now():
        return Effect(moment(task.due_at), fault=gettext("Stays: the new deadline is over already."))
    return Effect(moment(task.due_at), moment(due))


def _remind(task: Task, *, actor: Any, data: dict[str, Any]) -> None:
    remind_of_task(task, actor=actor)


class ReasonForAll(ReasonForm):
    """The same reason for every chosen task."""

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor


class TaskList(ListPage):
    name = "tasks"
    title = _("Tasks")
    noun = _("tasks")
    permission = "responsibilities.view"
    template = "responsibilities/task_list.html"
    forms_kept_by = "responsibilities.edit"
    own_path = "responsibilities:tasks"
    form_words: ClassVar = {
        "title": ("工作任务", "重点任务", "任务内容", "工作内容", "主要任务"),
        "unit": ("责任单位", "牵头单位", "承办单位"),
        "due": ("完成时限", "完成时间", "时间节点", "时限要求"),
        "progress": ("完成进度", "完成比例"),
        "state": ("完成情况", "办理状态"),
        "measures": ("工作措施", "具体措施"),
        "people": ("责任人", "具体责任人"),
        "origin": ("任务来源",),
    }
    columns: ClassVar = [
        Column(
            "title", _("Task"), lambda t: t.title, lambda t: two_lines(t.title, _second(t), _address(t)),
            css="cw-table__title",
        ),
        Column("number", _("Number"), lambda t: t.number, sort="number", screen=False),
        Column("unit", _("Unit"), lambda t: str(t.unit)),
        Column("due", _("Deadline"), lambda t: t.due_at, _due, sort="due_at", kind="datetime", css="cw-table__due"),
        Column("progress", _("Progress"), lambda t: t.progress / 100, lambda t: f"{t.progress}%", kind="percent"),
        Column("state", _("State"), lambda t: str(t.get_state_display()), _state, css="cw-table__state"),
        Column("helps", _("Our part"), _part, screen=False),
        Column("measure", _("Measure of success"), lambda t: t.measure, screen=False),
        Column("book", _("Ledger"), lambda t: str(t.get_book_display()), screen=False),
        Column("measures", _("Measures"), lambda t: t.measures, screen=False, paper=False),
        Column("people", _("People on it"), lambda t: t.people, screen=False, paper=False),
        Column("origin", _("Where from"), lambda t: str(t.get_origin_display()), css="cw-wide", paper=False),
        Column("criterion", _("Criterion"), lambda t: t.node.code if t.node else "", screen=False),
    ]  # fmt: skip
    filters: ClassVar = [
        pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(unit=int(value))),
        Filter("state", _("State"), lambda _request: TaskState.choices, lambda rows, value: rows.filter(state=value)),
        Filter(
            "origin", _("Where from"), lambda _request: [(str(one), one.label) for one in TASK_ORIGINS],
            lambda rows, value: rows.filter(origin=value),
        ),
        Filter("book", _("Ledger"), lambda _request: Book.choices, lambda rows, value: rows.filter(book=value)),
        Filter("section", _("Section"), sections, in_section),
    ]  # fmt: skip
    tabs: ClassVar = [
        Tab("mine", _("Waiting for me"), lambda request: waiting_for(request.user)),
        Tab("helping", _("I cooperate"), lambda request: helping(request.user)),
        Tab("late", _("Late"), lambda _request: late()),
        Tab("today", _("Due today"), lambda _request: due_today()),
        Tab("week", _("Due this week"), lambda _request: due_this_week()),
        Tab("accept", _("To be accepted"), TO_ACCEPT),
        Tab("confirm", _("To be confirmed"), Q(state=TaskState.REPORTED)),
        Tab("objected", _("Objected"), Q(state=TaskState.OBJECTED)),
        Tab("fixings", _("Measures late"), lambda _request: lacks_fixings_late()),
        Tab("roles", _("Roles missing"), lambda _request: lacks_roles()),
        Tab("unplanned", _("Without a plan"), _unplanned),
        Tab("asked", _("Asks for time"), lambda _request: asks_for_time()),
        Tab("ownerless", _("Unit is gone"), lambda _request: ownerless()),
        Tab("running", _("Running"), OPEN),
        Tab("done", _("Closed as done"), Q(state=TaskState.CONFIRMED)),
        Tab("all", _("All"), Q()),
    ]
    bulk: ClassVar = [
        BulkAction(
            "issue", _("Issue"), _issue, icon="send", permission="responsibilities.edit", form=ManyAgainForm,
            check=_open_already, confirm=_("The units are told at once; drafts alone are issued."), tell=tell_of_issue,
        ),
        BulkAction("confirm", _("Confirm"), _confirm, icon="check", permission="responsibilities.confirm"),
        BulkAction("remind", _("Remind"), _remind, icon="bell", permission="responsibilities.edit"),
        BulkAction(
            "assign", _("Give to another"), _assign, icon="arrow-right", permission="responsibilities.edit",
            form=AssignForm, check=_open_there,
        ),
        BulkAction(
            "shift", _("Shift deadlines"), _shift, icon="calendar-time", permission="responsibilities.edit",
            form=ShiftForm, preview=_shifted, tell=_tell_of_deadline,
        ),
        BulkAction(
            "cancel", _("Cancel the task"), _cancel, icon="trash", permission="responsibilities.edit",
            form=ReasonForAll, tell=_tell_of_end,
        ),
    ]  # fmt: skip
    search: ClassVar = ["title__icontains", "number__icontains", "unit__name__icontains", "unit__short_name__icontains"]
    search_words = _("Task, number or unit")
    sort = "due_at"
    empty = _("No tasks here")
    definition = _("Late: running and past its deadline; working days are counted.")
    signature: ClassVar = [_("Filled in by"), _("Checked by")]

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = tasks_of(request).select_related("unit", "node", "post", "region", "instruction")
        own = scope_of(request.user, "responsibilities.answer").unit_ids
        if not own:
            return rows
        return rows.annotate(others=Case(When(unit__in=own, then=False), default=True, output_field=BooleanField()))

    def row_url(self, row: Any) -> str:
        return _address(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        return str(row.unit), str(_("%(title)s (due %(due)s)") % {"title": row.title, "due": day(row.due_at)})

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        """A new task for who may write one; for a unit, its most urgent matter on top of a phone's page."""
        context: dict[str, Any] = {"hero": None, "page_actions": [_milestones()]}
        if may(request.user, "responsibilities.edit"):
            new = {"label": _("New task"), "icon": "plus", "url": reverse("responsibilities:new_task"), "primary": True}
            table = {"label": _("Import a table of tasks"), "icon": "upload",
                     "url": reverse("core:import", args=["task-table"])}  # fmt: skip
            context["page_actions"] = [_milestones(), _books(), table, new]
            return context
        if scope_of(request.user, "responsibilities.answer").unit_ids:
            own = {"label": _("Onto the own list"), "icon": "plus", "url": reverse("responsibilities:own_task")}
            context["page_actions"] = [_milestones(), _books(), own]
        if listing.tab and listing.tab.key == "mine" and not listing.is_narrowed and listing.slice.rows:
            first = listing.slice.rows[0]
            context["hero"] = first
            context["hero_shape"] = task_shape(first)
            context["hero_steps"] = [
                one for one in possible_steps(first, request.user) if not one.on_behalf and one.action in FOREMOST
            ][:3]
            context["is_unit"] = bool(scope_of(request.user, "responsibilities.answer").unit_ids)
        return context


def _milestones() -> dict[str, Any]:
    return {"label": _("Milestones"), "icon": "flag", "url": reverse("responsibilities:milestones")}


def _books() -> dict[str, Any]:
    return {"label": _("Two ledgers"), "icon": "layout-columns", "url": reverse("responsibilities:books")}


def _address(task: Any) -> str:
    return reverse("responsibilities:task", args=[task.pk])


def _second(task: Any) -> str:
    by = _("instruction, %s") % task.instruction.get_urgency_display().lower() if task.instruction else ""
    own = task.get_book_display() if task.book == Book.BUSINESS else ""
    helps = _("cooperation") if getattr(task, "others", False) else ""
    return " · ".join(str(part) for part in (helps, task.number, own, task.node.code if task.node else "", by) if part)


TASKS = TaskList()
