"""The steps of a task as pages: each asks for what its service needs, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from chuangwen.core.access import visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists.columns import Words
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import moment
from chuangwen.responsibilities import forms, services
from chuangwen.responsibilities.models import Origin, Task
from chuangwen.responsibilities.queries.tasks import possible_steps
from chuangwen.responsibilities.services.repeating import Again
from chuangwen.responsibilities.services.telling import address
from chuangwen.responsibilities.workflow import speaks_for


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step: its title, the word on its button, its form, and how the cleaned form becomes a call."""

    title: Words
    act: Words
    form: type[django_forms.Form]
    run: Callable[..., None]
    done: Words
    by_unit: bool = False  # asks on whose behalf, where the person is not of the unit


def _issue(task: Task, *, actor: Any, again: str = "") -> None:
    services.send_task(task, actor=actor, again=again)


def _assign(task: Task, *, actor: Any, again: str = "", **fields: Any) -> None:
    services.assign_task(task, actor=actor, again=Again(again), **fields)


def _postpone(task: Task, *, actor: Any, due: Any, reason: str) -> None:
    services.postpone_task(task, due_at=forms.end_of(due), reason=reason, actor=actor)


def _ask(task: Task, *, actor: Any, due: Any, reason: str, **voice: Any) -> None:
    services.ask_postponement(task, due_at=forms.end_of(due), reason=reason, actor=actor, **voice)


def _grant(task: Task, *, actor: Any, due: Any, reason: str) -> None:
    services.grant_postponement(task, due_at=forms.end_of(due), reason=reason, actor=actor)


def _remind(task: Task, *, actor: Any) -> None:
    services.remind_of_task(task, actor=actor)


STEPS: dict[str, StepPage] = {
    "issue": StepPage(_("Issue the task"), _("Issue"), forms.AgainForm, _issue, _("Issued.")),
    "accept": StepPage(
        _("Accept the task"), _("Accept"), forms.AcceptForm, services.accept_task, _("Accepted."), by_unit=True
    ),
    "object": StepPage(
        _("Object to the task"), _("Send the objection"), forms.ObjectForm, services.object_to_task,
        _("The objection is with the office."), by_unit=True,
    ),
    "measures": StepPage(
        _("Measures and people"), _("Save measures and people"), forms.MeasuresForm, services.add_measures,
        _("Saved."), by_unit=True,
    ),
    "progress": StepPage(
        _("Progress"), _("Save progress"), forms.ProgressForm, services.note_progress, _("Saved."), by_unit=True
    ),
    "ask": StepPage(
        _("Ask for a later deadline"), _("Send the request"), forms.AskForm, _ask,
        _("The office decides it."), by_unit=True,
    ),
    "grant": StepPage(
        _("Grant the request"), _("Grant"), forms.GrantForm, _grant, _("Granted; the unit is told.")
    ),
    "deny": StepPage(
        _("Refuse the request"), _("Refuse"), forms.DenyForm, services.refuse_postponement,
        _("The deadline stays; the unit is told."),
    ),
    "roles": StepPage(_("The three roles"), _("Save"), forms.RolesForm, services.set_roles, _("Saved.")),
    "waits": StepPage(_("Waits for"), _("Save"), forms.WaitsForm, services.set_waits, _("Saved.")),
    "report": StepPage(
        _("Report as done"), _("Report as done"), forms.ReportForm, services.report_task,
        _("Reported; the office confirms it."), by_unit=True,
    ),
    "confirm": StepPage(_("Confirm"), _("Confirm"), forms.ConfirmForm, services.confirm_task, _("Confirmed.")),
    "reopen": StepPage(
        _("Send back"), _("Send back"), forms.ReasonForm, services.reopen_task, _("Sent back to the unit.")
    ),
    "uphold": StepPage(
        _("Decide the objection"), _("Decide"), forms.DecideForm, services.uphold_task,
        _("Decided; the unit is told."),
    ),
    "cancel": StepPage(
        _("Cancel the task"), _("Cancel the task"), forms.ReasonForm, services.cancel_task, _("Cancelled.")
    ),
    "assign": StepPage(
        _("Give the task to another unit or post"), _("Give to another"), forms.AssignForm, _assign,
        _("Given on; both units are told."),
    ),
    "address": StepPage(
        _("Give the task to another unit or post"), _("Give to another"), forms.AssignForm, _assign,
        _("Kept."),
    ),
    "remind": StepPage(
        _("Remind"), _("Remind"), django_forms.Form, _remind, _("The unit is reminded."),
    ),
    "postpone": StepPage(
        _("Move the deadline"), _("Move the deadline"), forms.PostponeForm, _postpone,
        _("The deadline is moved; the unit is told."),
    ),
}  # fmt: skip
NEEDS_TASK = (
    forms.VoiceForm,
    forms.DecideForm,
    forms.GrantForm,
    forms.RolesForm,
    forms.WaitsForm,
    forms.AssignForm,
    forms.AgainForm,
)


@signed_in("responsibilities.answer", "responsibilities.edit", "responsibilities.confirm")
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Ask for what a step needs, and take it."""
    page = STEPS.get(action)
    if page is None:
        raise Http404
    task = visible_or_404(Task.objects.select_related("unit", "post", "campaign", "region"), request.user, pk=pk)
    if is_of_slip(task, action):
        return redirect(address(task))  # the slip asks for what the letter wants to know
    if request.method == "GET" and action not in {one.action for one in possible_steps(task, request.user)}:
        messages.info(request, gettext("This step is not open to you now; the page shows what is."))
        return redirect("responsibilities:task", task.pk)
    form = step_form(page, task, request)
    status = 200
    if request.method == "POST":
        status = take_step(page, task, form, request)
        if not status:
            messages.success(request, str(page.done))
            return redirect("responsibilities:task", task.pk)
    return render(request, "responsibilities/step.html", _context(page, task, form), status=status)


def is_of_slip(task: Task, action: str) -> bool:
    """Whether a letter's slip takes this step, since it asks for what the letter wants to know."""
    return task.origin == Origin.LETTER and action in {"report", "measures"}


def step_form(
    page: StepPage, task: Task, request: HttpRequest, *, blank: bool = False, prefix: str | None = None
) -> django_forms.Form:
    """The form of a step, filled with what was sent unless `blank`; `prefix` where several stand on one page."""
    fields: dict[str, Any] = {"task": task} if issubclass(page.form, NEEDS_TASK) else {}
    if page.by_unit:
        fields["speaks"] = speaks_for(request.user, task)
    sent = (request.POST, request.FILES) if request.method == "POST" and not blank else (None, None)
    return page.form(data=sent[0], files=sent[1], prefix=prefix, **fields)


def take_step(page: StepPage, task: Task, form: django_forms.Form, request: HttpRequest) -> int:
    """Take the step; the status of the page that shows the form again, or 0 once taken."""
    if not form.is_valid():
        return 422
    try:
        _run(page, task, request.user, dict(form.cleaned_data))
    except Refusal as refusal:
        if isinstance(form, forms.AsksAgain):
            form.refuse(refusal)
        else:
            form.add_error(None, str(refusal))
        return 422 if refusal.status == 400 else refusal.status
    return 0


def _run(page: StepPage, task: Task, actor: Any, data: dict[str, Any]) -> None:
    """The step, and the paper that came with it: both or neither."""
    paper = data.pop("paper", None)
    with transaction.atomic():
        page.run(task, actor=actor, **data)
        if paper:
            services.keep_paper(task, paper, actor=actor)


def _context(page: StepPage, task: Task, form: django_forms.Form) -> dict[str, Any]:
    address = reverse("responsibilities:task", args=[task.pk])
    return {
        "page_title": page.title,
        "page_subtitle": task.title,
        "breadcrumbs": [
            {"label": gettext("Tasks"), "url": reverse("responsibilities:tasks")},
            {"label": task.title, "url": address},
            {"label": page.title, "url": ""},
        ],
        "task": task,
        "form": form,
        "submit": page.act,
        "cancel_url": address,
        "facts": _facts(task),
    }


def _facts(task: Task) -> list[dict[str, Any]]:
    """What a step on a task is decided by."""
    rows = [
        (gettext("Task"), task.title, task.number), (gettext("Unit"), str(task.unit), str(task.post or "")),
        (gettext("Measure of success"), task.measure, ""), (gettext("Deadline"), moment(task.due_at), task.frequency),
        (gettext("Measures"), task.measures, ""), (gettext("People on it"), task.people, ""),
    ]  # fmt: skip
    return [{"label": label, "value": value, "second": second} for label, value, second in rows if value]
