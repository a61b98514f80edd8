"""A task's plan: its steps, one of them done, which steps are proposed; and a unit's own list and two ledgers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.campaigns.chart import Chart, Item, chart_of
from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core import clock
from chuangwen.core.access import require, scope_of, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import day
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.queries import lasting
from chuangwen.responsibilities import services
from chuangwen.responsibilities.forms import OwnTaskForm, PlanForm, PlanRuleForm, StepDoneForm, end_of
from chuangwen.responsibilities.milestones import SOURCE, USUAL, Planned, counted_back
from chuangwen.responsibilities.models import OPEN_TASK_STATES, Book, Task, TaskMilestone, TaskState
from chuangwen.responsibilities.queries.milestones import day_state, starts_on
from chuangwen.responsibilities.views.task_list import task_shape
from chuangwen.responsibilities.workflow import speaks_for

SHOWN_TASKS = 100


@signed_in("responsibilities.answer")
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps of a task, proposed by counting back from its deadline; done ones stay."""
    task = _task(request, pk)
    done = [one for one in task.milestones.order_by("due_on", "pk") if one.done_at]
    if request.method == "GET" and task.state != TaskState.ACCEPTED:
        messages.info(request, _("The plan is written once the task is accepted."))
        return redirect("responsibilities:task", task.pk)
    form = PlanForm(
        request.POST or None, request.FILES or None, task=task, proposed=_proposed(task),
        speaks=speaks_for(request.user, task),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        words = form.call()
        paper = words.pop("paper", None)
        try:
            with transaction.atomic():
                services.write_plan(task, actor=request.user, **words)
                if paper:
                    services.keep_paper(task, paper, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The plan stands."))
            return redirect("responsibilities:task", task.pk)
    context = {
        **_head(task, _("Plan")),
        "form": form,
        "done": done,
        "rule_source": SOURCE if services.plan_rule(task.region) is None else "",
        "may_set_rule": task.region_id in scope_of(request.user, "responsibilities.edit").regions,
    }
    return render(request, "responsibilities/plan.html", context, status=422 if form.errors else 200)


@signed_in("responsibilities.answer")
@require_http_methods(["GET", "POST"])
def step_done(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of a plan is done, with its proof."""
    rows = TaskMilestone.objects.select_related("task__unit", "task__region", "task__campaign", "region")
    found = visible_or_404(rows, request.user, "responsibilities.answer", pk=pk)
    task = found.task
    form = StepDoneForm(
        request.POST or None, request.FILES or None, task=task, speaks=speaks_for(request.user, task),
        ledger=services.ledger_holds(task),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.finish_milestone(found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Done and proved."))
            return redirect("responsibilities:task", task.pk)
    facts = [
        {"label": _("Task"), "value": task.title, "second": task.number},
        {"label": pgettext("task", "Step"), "value": found.name, "second": _("%d%% of the task") % found.share},
        {"label": _("Day"), "value": day(found.due_on), "second": ""},
    ]
    context = {**_head(task, found.name), "form": form, "submit": _("Done and proved"), "task": task, "facts": facts}
    context["cancel_url"] = reverse("responsibilities:task", args=[task.pk])
    return render(request, "responsibilities/step.html", context, status=422 if form.errors else 200)


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest) -> HttpResponse:
    """Which steps are proposed for a task's plan."""
    campaign = campaign_or_404(request)
    require(request.user, "responsibilities.edit", campaign)
    known = services.plan_rule(campaign.region)
    lines = "\n".join(f"{name} {share}" for name, share in known or USUAL)
    form = PlanRuleForm(request.POST or None, initial={"steps": lines})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_plan_rule(campaign.region, steps=form.cleaned_data["steps"], actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Plans are proposed with these steps from now on."))
            return redirect("responsibilities:tasks")
    context = {
        "page_title": _("Steps of a plan"),
        "breadcrumbs": [_crumb(), {"label": _("Steps of a plan")}],
        "form": form,
        "submit": _("Save"),
        "cancel_url": reverse("responsibilities:tasks"),
        "rule_source": "" if known else SOURCE,
    }
    return render(request, "responsibilities/form.html", context, status=422 if form.errors else 200)


@signed_in("responsibilities.answer")
@require_http_methods(["GET", "POST"])
def own_task(request: HttpRequest) -> HttpResponse:
    """A unit puts a task on its own list."""
    campaign = campaign_or_404(request)
    own = Unit.objects.filter(
        region=campaign.region_id, pk__in=scope_of(request.user, "responsibilities.answer").unit_ids
    )
    unit = own.order_by("depth", "path").first()
    if unit is None:
        raise Refusal(_("Only a unit keeps a list of its own."), _("Give a task to a unit instead."))
    form = OwnTaskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            made = services.add_own_task(campaign, unit, due_at=end_of(data.pop("due")), actor=request.user, **data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It stands on your list."))
            return redirect("responsibilities:task", made.pk)
    context = {
        "page_title": _("Onto the own list"),
        "page_subtitle": str(unit),
        "breadcrumbs": [_crumb(), {"label": _("Onto the own list")}],
        "form": form,
        "submit": _("Put it on the list"),
        "cancel_url": reverse("responsibilities:tasks"),
    }
    return render(request, "responsibilities/form.html", context, status=422 if form.errors else 200)


@signed_in("responsibilities.view")
@require_GET
def books(request: HttpRequest) -> HttpResponse:
    """The two ledgers of one post side by side (一岗双责): the campaign's tasks and the own work."""
    campaign = campaign_or_404(request)
    visible = Task.objects.visible_to(request.user).filter(campaign=campaign)
    posts = list(Post.objects.filter(pk__in=visible.values("post")).select_related("unit").order_by("unit__path", "pk"))
    post = _chosen(request, posts)
    ledgers = []
    for book in Book:
        rows = visible.filter(post=post, book=book).exclude(state=TaskState.CANCELLED).order_by("due_at", "pk")
        tasks = [(task, task_shape(task), task.state in OPEN_TASK_STATES) for task in rows[:SHOWN_TASKS]]
        late = sum(is_open and task.due_at < clock.now() for task, _shape, is_open in tasks)
        ledgers.append({"label": book.label, "tasks": tasks, "late": late})
    context = {
        "page_title": _("Two ledgers of one post"),
        "page_subtitle": str(post) if post else "",
        "breadcrumbs": [_crumb(), {"label": _("Two ledgers of one post")}],
        "posts": posts,
        "post": post,
        "ledgers": ledgers,
    }
    return render(request, "responsibilities/books.html", context)


def plan_chart(task: Task, steps: Iterable[TaskMilestone]) -> Chart | None:
    """The plan as a drawing; None without steps."""
    rows = list(steps)
    if not rows:
        return None
    today, due = clock.today(), clock.local(task.due_at).date()
    starts = starts_on(task)
    items = [Item(_("Task"), starts, max(due, starts), "running", day(due), is_round=True)]
    items += [Item(one.name, one.due_on, one.due_on, step_state(one), day(one.due_on)) for one in rows]
    return chart_of(items, today=today, assessment=due)


def step_state(step: TaskMilestone) -> str:
    """done, late, now (within a week) or ahead, as the drawing knows them."""
    return "done" if step.done_at else day_state(step.due_on)


def _proposed(task: Task) -> list[Planned]:
    """What is planned and not done; where nothing is planned, the steps counted back from the deadline."""
    known = list(task.milestones.order_by("due_on", "pk"))
    if known:
        return [Planned(one.name, one.share, one.due_on) for one in known if one.done_at is None]
    start = max(clock.today(), clock.local(task.accepted_at or clock.now()).date())
    return counted_back(
        start, clock.local(task.due_at).date(), default_calendar(), services.plan_rule(task.region) or USUAL
    )


def _chosen(request: HttpRequest, posts: list[Post]) -> Post | None:
    """The post that the address names, else one that the person holds, else the first."""
    wanted = request.GET.get("post", "")
    held = set(request.user.holdings.filter(lasting()).values_list("post_id", flat=True))  # type: ignore[union-attr]
    own = scope_of(request.user, "responsibilities.answer").unit_ids
    by_key = {str(one.pk): one for one in posts}
    if wanted in by_key:
        return by_key[wanted]
    mine = [one for one in posts if one.pk in held] or [one for one in posts if one.unit_id in own] or posts
    return mine[0] if mine else None


def _task(request: HttpRequest, pk: int) -> Task:
    rows = Task.objects.select_related("unit", "campaign", "region", "post")
    found: Task = visible_or_404(rows, request.user, "responsibilities.answer", pk=pk)
    return found


def _crumb() -> dict[str, str]:
    return {"label": _("Tasks"), "url": reverse("responsibilities:tasks")}


def _head(task: Task, title: str) -> dict[str, Any]:
    page = reverse("responsibilities:task", args=[task.pk])
    return {
        "page_title": title,
        "page_subtitle": task.title,
        "breadcrumbs": [_crumb(), {"label": task.title, "url": page}, {"label": title}],
        "task": task,
        "back": page,
    }
