"""The milestones of all tasks as a list (台账节点), and when a plan gives cause to warn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from chuangwen.campaigns.context import campaign_or_404, current_campaign
from chuangwen.core.access import may, require, scope_of
from chuangwen.core.counting import counts
from chuangwen.core.lists import BulkAction, Column, Filter, Listing, ListPage, Tab, pick_filter, respond, two_lines
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, deadline
from chuangwen.responsibilities.forms import WarnRuleForm
from chuangwen.responsibilities.models import TaskMilestone, TaskState
from chuangwen.responsibilities.queries.breakdown import criteria_rows
from chuangwen.responsibilities.queries.matrix import title_of
from chuangwen.responsibilities.queries.milestones import (
    OPEN_STEP,
    close_tasks,
    done_this_week,
    late_steps,
    soon_steps,
    step_state,
    step_words,
    steps_of,
    unplanned,
    warn_rule,
    warning_of,
    with_next,
)
from chuangwen.responsibilities.queries.tasks import tasks_of
from chuangwen.responsibilities.services import remind_of_task, set_warn_rule
from chuangwen.responsibilities.views.task_list import in_section, sections

EDIT = "responsibilities.edit"
SHAPES = {"done": "closed", "over": "fixed", "late": "not-met", "now": "assigned", "ahead": "open"}


def _state(step: TaskMilestone) -> SafeString:
    key = step_state(step)
    return state(SHAPES[key], step_words(key))


def _due(step: TaskMilestone) -> str | SafeString:
    return deadline(step.due_on) if step_state(step) in {"late", "now", "ahead"} else day(step.due_on)


def _warning(step: TaskMilestone) -> str:
    return warning_of(step, warn_rule(step.region))


def _second(step: TaskMilestone) -> str:
    code = step.task.node.code if step.task.node else ""
    return " · ".join(part for part in (step.task.title, step.task.number, code) if part)


def _address(step: TaskMilestone) -> str:
    return reverse("responsibilities:task", args=[step.task_id])


def _criteria(request: HttpRequest) -> Iterable[tuple[str, str]]:
    campaign = current_campaign(request)
    if campaign is None:
        return []
    rows = criteria_rows(campaign).order_by("version", "position")
    return [(str(node.pk), f"{node.code} {title_of(node)}") for node in rows]


def _is_unit(request: HttpRequest) -> bool:
    """Whether the person answers for units and does not steer the whole."""
    return not may(request.user, EDIT) and bool(scope_of(request.user, "responsibilities.answer").unit_ids)


def _own_late(request: HttpRequest) -> Q:
    return late_steps() & Q(task__unit__in=scope_of(request.user, "responsibilities.answer").unit_ids)


def _close(request: HttpRequest) -> Q:
    """Steps that remain of plans whose steps lie too close together; looked for once a request."""
    campaign = current_campaign(request)
    if campaign is None:
        return Q(pk__in=[])
    found: list[int] | None = getattr(request, "close_plans", None)
    if found is None:
        found = close_tasks(steps_of(request), warn_rule(campaign.region))
        request.close_plans = found  # type: ignore[attr-defined]
    return OPEN_STEP & Q(task__in=found)


def _remind(step: TaskMilestone, *, actor: Any, data: dict[str, Any]) -> None:
    remind_of_task(step.task, actor=actor)


STATES = (("open", _("Not done")), ("done", _("Done")), ("over", _("Task handed in")))


def _in_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    over = Q(done_at=None) & ~Q(task__state=TaskState.ACCEPTED)
    return rows.filter({"open": OPEN_STEP, "done": Q(done_at__isnull=False), "over": over}.get(value, Q(pk__in=[])))


class MilestoneList(ListPage):
    name = "milestones"
    title = _("Milestones")
    noun = _("milestones")
    permission = "responsibilities.view"
    template = "responsibilities/milestones.html"
    columns: ClassVar = [
        Column(
            "name", _("Milestone"), lambda one: one.name, lambda one: two_lines(one.name, _second(one), _address(one)),
            css="cw-table__title",
        ),
        Column("task", _("Task"), lambda one: one.task.title, screen=False),
        Column("number", _("Number"), lambda one: one.task.number, screen=False, paper=False),
        Column("criterion", _("Criterion"), lambda one: one.task.node.code if one.task.node else "", screen=False),
        Column("unit", _("Unit"), lambda one: str(one.task.unit), sort="task__unit__path"),
        Column("due", _("Day"), lambda one: one.due_on, _due, sort="due_on", kind="date", css="cw-table__due"),
        Column(
            "share", _("Share in per cent"), lambda one: one.share / 100, lambda one: f"{one.share}%", sort="share",
            kind="percent",
        ),
        Column(
            "state", _("State"), lambda one: str(step_words(step_state(one))), _state, css="cw-table__state"
        ),
        Column("warning", _("Warning"), _warning),
        Column("deadline", _("Deadline of the task"), lambda one: one.task.due_at, kind="datetime", screen=False,
               sort="task__due_at"),
        Column("done", _("Done on"), lambda one: one.done_at, kind="datetime", screen=False),
        Column("proof", _("Proof"), lambda one: one.proof, screen=False, paper=False),
    ]  # fmt: skip
    filters: ClassVar = [
        pick_filter("unit", _("Unit"), "units", lambda rows, value: rows.filter(task__unit=int(value))),
        Filter("section", _("Section"), sections, lambda rows, value: in_section(rows, value, "task__node")),
        Filter("criterion", _("Criterion"), _criteria, lambda rows, value: rows.filter(task__node=int(value))),
        Filter("state", _("State"), lambda _request: STATES, _in_state),
        Filter("from", _("From"), lambda _request: (), lambda rows, value: rows.filter(due_on__gte=value), kind="date"),
        Filter(
            "until", _("Until"), lambda _request: (), lambda rows, value: rows.filter(due_on__lte=value), kind="date"
        ),
    ]  # fmt: skip
    tabs: ClassVar = [
        Tab("own", _("Late at our unit"), _own_late),
        Tab("late", _("Late"), lambda _request: late_steps()),
        Tab("soon", _("Next 7 working days"), lambda _request: soon_steps()),
        Tab("week", _("Done this week"), lambda _request: done_this_week()),
        Tab("close", _("Too close together"), _close),
        Tab("all", _("All"), Q()),
    ]
    bulk: ClassVar = [BulkAction("remind", _("Remind"), _remind, icon="bell", permission=EDIT)]
    search: ClassVar = ["name__icontains", "task__title__icontains", "task__number__icontains"]
    search_words = _("Milestone, task or number")
    sort = "due_on"
    empty = _("No milestones here")
    definition = _("Late: not done and its day is over. Tasks that are handed in or closed are late no more.")
    signature: ClassVar = [_("Filled in by"), _("Checked by")]

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        joined = ("region", "task__unit", "task__node", "task__region", "task__campaign")
        return with_next(steps_of(request)).select_related(*joined)

    def shown_tabs(self, request: HttpRequest) -> list[Tab]:
        return [tab for tab in self.tabs if tab.key != "own" or _is_unit(request)]

    def row_url(self, row: Any) -> str:
        return _address(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        words = {"task": row.task.title, "step": row.name, "due": day(row.due_on)}
        return str(row.task.unit), gettext("%(task)s: %(step)s (due %(due)s)") % words

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        """The chart of the same tasks, and how many tasks want a plan and have none."""
        campaign = current_campaign(request)
        acts = [{"label": gettext("Plans on one chart"), "icon": "chart-bar",
                 "url": reverse("responsibilities:plan_chart")}]  # fmt: skip
        if may(request.user, EDIT):
            url = reverse("responsibilities:warn_rule")
            acts.append({"label": gettext("When to warn"), "icon": "settings", "url": url})
        rule = warn_rule(campaign.region) if campaign else None
        missing = counts([tasks_of(request).filter(unplanned(rule))])[0] if rule else 0
        words = ngettext(
            "%(n)d task has no plan although its deadline is more than %(days)d working days away.",
            "%(n)d tasks have no plan although their deadlines are more than %(days)d working days away.",
            missing,
        )
        return {
            "page_actions": acts,
            "breadcrumbs": [{"label": gettext("Tasks"), "url": reverse("responsibilities:tasks")},
                            {"label": gettext("Milestones"), "url": ""}],
            "unplanned": words % {"n": missing, "days": rule.plan_after} if rule and missing else "",
            "unplanned_url": reverse("responsibilities:tasks") + "?tab=unplanned",
        }  # fmt: skip


MILESTONES = MilestoneList()


@signed_in("responsibilities.view")
def milestones(request: HttpRequest) -> HttpResponse:
    """The steps of all tasks that the person sees."""
    return respond(request, MILESTONES)


@signed_in(EDIT)
@require_http_methods(["GET", "POST"])
def warn_rule_page(request: HttpRequest) -> HttpResponse:
    """When a plan gives cause to warn."""
    campaign = campaign_or_404(request)
    require(request.user, EDIT, campaign)
    rule = warn_rule(campaign.region)
    initial = {"plan_after": rule.plan_after, "least_gap": rule.least_gap, "source": rule.source}
    form = WarnRuleForm(request.POST or None, initial=initial)
    back = reverse("responsibilities:milestones")
    if request.method == "POST" and form.is_valid():
        set_warn_rule(campaign.region, form.rule, actor=request.user)
        messages.success(request, gettext("Saved."))
        return redirect(back)
    context = {
        "page_title": gettext("When to warn"), "form": form, "submit": gettext("Save the rule"), "cancel_url": back,
        "breadcrumbs": [{"label": gettext("Milestones"), "url": back}, {"label": gettext("When to warn"), "url": ""}],
    }  # fmt: skip
    return render(request, "responsibilities/form.html", context, status=422 if form.errors else 200)
