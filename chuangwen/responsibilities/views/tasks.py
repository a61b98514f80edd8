"""Tasks: the list, one task, a new one, its paper (任务书)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core import clock
from chuangwen.core.access import may, require, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import panels
from chuangwen.core.templatetags.wording import moment
from chuangwen.organizations.timeline import timeline
from chuangwen.responsibilities.forms import AgainForm, TaskForm, end_of, usual_due
from chuangwen.responsibilities.models import OPEN_TASK_STATES, Origin, Request, Task, TaskState
from chuangwen.responsibilities.queries.breakdown import criteria_rows
from chuangwen.responsibilities.queries.tasks import (
    Possible,
    fixings,
    lacks_measures,
    measures_due,
    papers_of,
    possible_steps,
)
from chuangwen.responsibilities.services import draft_task, send_task
from chuangwen.responsibilities.services.repeating import Repeated
from chuangwen.responsibilities.views.plans import plan_chart, step_state
from chuangwen.responsibilities.views.steps import STEPS, step_form
from chuangwen.responsibilities.views.task_list import TASKS, task_shape
from chuangwen.responsibilities.words import urgency_tag
from chuangwen.responsibilities.workflow import TASK_WORKFLOW, speaks_for
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of

JOINED = ("unit", "post", "node", "campaign", "instruction", "implementer", "supervisor__unit")
ANSWERS = ("accept", "report")  # what a unit's own page asks in place
CLOSED = (TaskState.REPORTED, TaskState.CONFIRMED, TaskState.CANCELLED)


@signed_in("responsibilities.view")
def tasks(request: HttpRequest) -> HttpResponse:
    """What waits for me, then everything else."""
    return respond(request, TASKS)


@signed_in("responsibilities.view")
@require_GET
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: the five fixings, where it came from, what comes next, its history."""
    found = visible_or_404(
        Task.objects.select_related(*JOINED).prefetch_related("cooperating"),
        request.user,
        pk=pk,
    )
    steps = list(history_of(found))
    possible = possible_steps(found, request.user)
    own = [one for one in possible if not one.on_behalf]
    answer = _answer(found, own, request)
    context = {
        "page_title": found.title,
        "breadcrumbs": [{"label": _("Tasks"), "url": reverse("responsibilities:tasks")}, {"label": found.title}],
        "task": found,
        "shape": task_shape(found),
        "running": found.state in OPEN_TASK_STATES,
        "fixings": fixings(found),
        "next": next_step(found, request.user, possible, steps),
        "own": [one for one in own if one.action not in answer.get("covers", ())],
        "answer": answer,
        "on_behalf": [one for one in possible if one.on_behalf],
        "entries": history_entries(steps),
        "papers": papers_of([found]).get(found.pk, []),
        "panels": panels("task", request, found),
        "urgency": urgency_tag(found.instruction) if found.instruction else "",
        **_course(found, request.user),
        "may_hand_out": found.state in OPEN_TASK_STATES
        and found.origin != Origin.LETTER
        and may(request.user, "responsibilities.edit", found),
    }
    return render(request, "responsibilities/task.html", context)


def _answer(task: Task, own: list[Possible], request: HttpRequest) -> dict[str, Any]:
    """The unit's own next step with its form on the page: opened and pressed, nothing between; {} if there is none."""
    first = next((one for one in own if one.action in ANSWERS), None)
    if first is None or task.origin == Origin.LETTER:  # a letter is answered on its slip
        return {}
    saves = lacks_measures(task)  # measures can be saved alone too, while the task is not done
    return {
        "step": first,
        "form": step_form(STEPS[first.action], task, request, blank=True),
        "saves": STEPS["measures"].act if saves else "",
        "covers": {first.action, "measures"} if saves else {first.action},
    }


def _course(task: Task, user: Any) -> dict[str, Any]:
    """The task's plan, whom it waits for, and what its unit asked for."""
    steps = list(task.milestones.order_by("due_on", "pk"))
    answers = task.state == TaskState.ACCEPTED and may(user, "responsibilities.answer", task)
    waits = list(task.waits_for.select_related("unit").order_by("due_at", "pk"))
    return {
        "milestones": [
            (one, step_state(one), reverse("responsibilities:step_done", args=[one.pk]) if answers else "")
            for one in steps
        ],
        "chart": plan_chart(task, steps),
        "plan_url": reverse("responsibilities:plan", args=[task.pk]) if answers else "",
        "waits": [(one, task_shape(one), one.state in OPEN_TASK_STATES) for one in waits],
        "unready": sum(one.state not in CLOSED for one in waits) if task.state in OPEN_TASK_STATES else 0,
        "asked": task.postponements.filter(state=Request.ASKED).first(),
    }


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def new_task(request: HttpRequest) -> HttpResponse:
    """A task by hand: written and, on the same page, issued."""
    campaign = campaign_or_404(request)
    require(request.user, "responsibilities.edit", campaign)
    nodes = criteria_rows(campaign).order_by("version", "position")
    initial = {"due": usual_due(), **{key: request.GET[key] for key in ("unit", "node") if key in request.GET}}
    form = TaskForm(request.POST or None, region=campaign.region, nodes=nodes, initial=initial)
    again = None
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            with transaction.atomic():
                made = draft_task(
                    campaign, data.pop("unit"), due_at=end_of(data.pop("due")), actor=request.user, **data
                )
                if "draft" not in request.POST:
                    send_task(made, actor=request.user, again=request.POST.get("again", ""))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            again = AgainForm(request.POST) if isinstance(refusal, Repeated) else None
        else:
            messages.success(request, _("Written down.") if made.state == TaskState.DRAFT else _("Issued."))
            return redirect("responsibilities:task", made.pk)
    context = {
        "page_title": _("New task"),
        "breadcrumbs": [{"label": _("Tasks"), "url": reverse("responsibilities:tasks")}, {"label": _("New task")}],
        "form": form,
        "again": again,
    }
    return render(request, "responsibilities/new_task.html", context, status=422 if form.errors else 200)


@signed_in("responsibilities.view")
@require_GET
def task_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The task as a sheet (任务书) to be printed, signed and entered on behalf."""
    found = visible_or_404(
        Task.objects.select_related(*JOINED, "region").prefetch_related("cooperating"),
        request.user,
        pk=pk,
    )
    context = {"page_title": _("Task sheet"), "task": found, "fixings": fixings(found), "now": clock.now()}
    context["chart"] = plan_chart(found, found.milestones.order_by("due_on", "pk"))
    return render(request, "responsibilities/task_paper.html", context)


def next_step(task: Task, user: Any, possible: list[Possible], steps: list[Step]) -> dict[str, str]:
    """The card beside the task: whose move it is, and what happens if nothing is done."""
    mine = speaks_for(user, task)
    office = may(user, "responsibilities.edit", task)
    unit = str(task.unit)
    waits = {
        TaskState.DRAFT: _("Next: issue it") if office else _("Not issued yet"),
        TaskState.ISSUED: _("Next: you accept or object") if mine else _("Waiting for %s to accept") % unit,
        TaskState.ACCEPTED: _next_for_unit(task) if mine else _("%s is at it") % unit,
        TaskState.OBJECTED: _("Next: you decide the objection") if office else _("Waiting for the office to decide"),
        TaskState.REPORTED: _("Next: you confirm") if office else _("Waiting for the office to confirm"),
        TaskState.CONFIRMED: _("Closed as done"),
        TaskState.CANCELLED: _("Fallen away"),
    }
    objection = next((step.note for step in reversed(steps) if step.action == "object"), "")
    report = next((step.note for step in reversed(steps) if step.action == "report"), "")
    quote = {TaskState.OBJECTED: objection, TaskState.REPORTED: report}.get(TaskState(task.state), "")
    return {"title": str(waits[TaskState(task.state)]), "quote": quote, "after": _after(task, steps)}


def _next_for_unit(task: Task) -> str:
    return _("Next: add measures and people") if lacks_measures(task) else _("Next: report as done")


def _after(task: Task, steps: list[Step]) -> str:
    """What the rules say about waiting (practice.md)."""
    if task.state == TaskState.ISSUED:
        return _("Within three working days of accepting, the unit adds measures and people.")
    if due := measures_due(task, steps):
        return _("Measures and people are due by %s.") % moment(due)
    if task.state == TaskState.OBJECTED:
        return _("The task rests with its unit until the objection is decided.")
    if task.state == TaskState.ACCEPTED:
        return _("A day after the deadline the office may send a white notice.")
    return ""


def history_entries(steps: list[Step]) -> list[dict[str, Any]]:
    """The history of a task for the timeline."""
    return timeline(steps, _said)


def _said(step: Step) -> dict[str, Any]:
    known = TASK_WORKFLOW.get(step.action)
    own = {
        "draft": _("Written down"),
        "measures": _("Measures and people added"),
        "progress": _("On the progress"),
        "plan": _("Plan written"),
        "milestone": _("Step done and proved"),
        "ask": _("Asked for a later deadline"),
        "deny": _("The deadline stays"),
        "roles": _("Roles named"),
        "waits": _("Waits for other tasks"),
        "postpone": _("Deadline moved"),
        "remind": _("Reminded"),
        "post": _("Given to another post"),
        "follow": _("Taken over by the unit that follows"),
        "help_on": _("The unit that follows helps on"),
        "paper": _("Paper added"),
    }
    return {
        "what": known.done if known else own.get(step.action, step.action),
        "icon": known.icon if known else "pencil",
        "text": _moved(step),
    }


LISTED = {"plan": "steps", "waits": "tasks"}


def _moved(step: Step) -> str:
    if step.action == "measures" and step.data.get("proposed"):
        return _("As the program proposed them")
    if step.action == "paper":
        return str(step.data["name"])
    if step.action == "milestone":
        return _("%(name)s, %(percent)d%% of the task proved") % step.data
    for key, before in (("unit", "before"), ("post", "post_before"), ("helper", "helper_before")):
        if key in step.data:
            return _("From %(before)s to %(after)s") % {"before": step.data[before] or "—", "after": step.data[key]}
    if step.action in {"postpone", "ask"}:
        days = [datetime.fromisoformat(step.data[key]) for key in ("from", "to")]
        return _("From %(before)s to %(after)s") % {"before": moment(days[0]), "after": moment(days[1])}
    return "、".join(step.data.get(LISTED.get(step.action, ""), ()))
