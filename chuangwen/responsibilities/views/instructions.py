"""Instructions of leaders (批示): the list, one of them, writing one down, handing it on, its handling sheet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core import clock
from chuangwen.core.access import may, visible_or_404
from chuangwen.core.addresses import asked_key
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.pages import signed_in
from chuangwen.organizations.timeline import timeline
from chuangwen.responsibilities import standing
from chuangwen.responsibilities.forms import ErrandForm, OwnInstructionForm, PaperInstructionForm, ReasonForm
from chuangwen.responsibilities.models import Instruction, SiteVisit, Task, TaskState
from chuangwen.responsibilities.queries.instructions import live_tasks, may_handle, posts_held, standing_of, with_tasks
from chuangwen.responsibilities.queries.tasks import papers_of
from chuangwen.responsibilities.services.instructions import (
    pass_on_instruction,
    remind_of_instruction,
    withdraw_instruction,
    write_instruction,
)
from chuangwen.responsibilities.views.instruction_list import INSTRUCTIONS
from chuangwen.responsibilities.views.task_list import task_shape
from chuangwen.responsibilities.words import due_of, replies_words, result_of, standing_tag, units_of, urgency_tag
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of

NAMED = 3  # units in the title of a card; more are counted


@signed_in("responsibilities.view")
def instructions(request: HttpRequest) -> HttpResponse:
    """The list: for a leader the own ones first, for the office what is open, for a unit what it was given."""
    return respond(request, INSTRUCTIONS)


@signed_in("responsibilities.view")
@require_GET
def instruction(request: HttpRequest, pk: int) -> HttpResponse:
    """One instruction: its words and sheet, what the units reply, what comes next, its history."""
    found = the_instruction(request, pk)
    handles, papers = may_handle(request.user, found), papers_of(found.tasks.all())
    context = {
        **_head(found),
        "tasks": [(task, task_shape(task), papers.get(task.pk, [])) for task in found.tasks.all()],
        "scans": _scans(found),
        "next": _next(found, handles=handles),
        "actions": _actions(found, request.user, handles=handles),
        "entries": _entries(list(history_of(found))),
    }
    return render(request, "responsibilities/instruction.html", context)


@signed_in("responsibilities.view")
@require_GET
def instruction_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The handling sheet (批示件办理单) to be printed, signed and filed."""
    found = the_instruction(request, pk)
    prefetch_related_objects(live_tasks(found), "cooperating")
    context = {
        **_head(found),
        "page_title": _("Handling sheet of an instruction"),
        "tasks": live_tasks(found),
        "now": clock.now(),
    }
    return render(request, "responsibilities/instruction_paper.html", context)


@signed_in("responsibilities.instruct")
@require_http_methods(["GET", "POST"])
def new_instruction(request: HttpRequest) -> HttpResponse:
    """One act: the instruction and its tasks. A leader writes as the own post, the office for any leader."""
    campaign = campaign_or_404(request)
    own = posts_held(request.user) if not may(request.user, "responsibilities.edit") else None
    if own is not None and not own.exists():
        raise Refusal(
            _("It is not known yet which post you hold."), _("The campaign office names it on the page of your unit.")
        )
    sent: dict[str, Any] = {"region": campaign.region, "data": request.POST or None, "files": request.FILES or None}
    sent["initial"] = _of_visit(request)
    form = PaperInstructionForm(**sent) if own is None else OwnInstructionForm(posts=own, **sent)
    if request.method == "POST" and form.is_valid():
        words = form.words()
        try:
            made = write_instruction(campaign, words.pop("post"), actor=request.user, errand=form.errand(), **words)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _written(made))
            return redirect("responsibilities:instruction", made.pk)
    context = {
        "page_title": _("Take down an instruction") if own is None else _("Write an instruction"),
        "breadcrumbs": [_crumb(), {"label": _("New instruction")}],
        "form": form,
        "paper": own is None,
        "submit": _("Take it down and send the tasks") if own is None else _("Send the instruction"),
        "cancel_url": reverse("responsibilities:instructions"),
    }
    return render(request, "responsibilities/instruction_form.html", context, status=422 if form.errors else 200)


@signed_in("responsibilities.instruct")
@require_http_methods(["GET", "POST"])
def pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the instruction to units, the first or further ones."""
    found = the_instruction(request, pk)
    if request.method == "GET" and not may_handle(request.user, found):
        messages.info(request, _("The campaign office, or who gave the instruction, hands it on."))
        return redirect("responsibilities:instruction", found.pk)
    form = ErrandForm(request.POST or None, region=found.region)
    if request.method == "POST" and form.is_valid():
        errand = form.errand()
        try:
            made = pass_on_instruction(found, errand, actor=request.user) if errand else []
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _sent(len(made)))
            return redirect("responsibilities:instruction", found.pk)
    return _ask(request, found, form, _("Hand it to units"), _("Send the tasks"))


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """What was entered by mistake, or holds no more."""
    found = the_instruction(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_instruction(found, reason=form.cleaned_data["reason"], actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Withdrawn; the units are told."))
            return redirect("responsibilities:instruction", found.pk)
    return _ask(request, found, form, _("Withdraw the instruction"), _("Withdraw the instruction"))


@signed_in("responsibilities.instruct")
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Once more into the inbox of the units that have not replied."""
    found = the_instruction(request, pk)
    try:
        told = remind_of_instruction(found, actor=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, ngettext("%d unit reminded.", "%d units reminded.", told) % told)
    return redirect("responsibilities:instruction", found.pk)


def the_instruction(request: HttpRequest, pk: int) -> Instruction:
    """The instruction with the tasks that the person sees, or 404."""
    rows = Instruction.objects.select_related("post__unit", "region", "campaign")
    found: Instruction = visible_or_404(with_tasks(rows, request.user), request.user, pk=pk)
    return found


def _head(found: Instruction) -> dict[str, Any]:
    """What every page about one instruction shows."""
    return {
        "page_title": found.about,
        "breadcrumbs": [_crumb(), {"label": found.number}],
        "instruction": found,
        "state": standing_tag(found),
        "urgency": urgency_tag(found),
        "due": due_of(found),
        "replies": replies_words(found),
        "units": units_of(found),
        "result": result_of(found),
    }


def _crumb() -> dict[str, str]:
    return {"label": _("Instructions"), "url": reverse("responsibilities:instructions")}


def _ask(request: HttpRequest, found: Instruction, form: Any, title: str, submit: str) -> HttpResponse:
    page = reverse("responsibilities:instruction", args=[found.pk])
    context = {
        "page_title": title,
        "page_subtitle": found.about,
        "breadcrumbs": [_crumb(), {"label": found.number, "url": page}, {"label": title}],
        "form": form,
        "submit": submit,
        "cancel_url": page,
        "instruction": found,
        "units": units_of(found),
    }
    return render(request, "responsibilities/instruction_form.html", context, status=422 if form.errors else 200)


def _scans(found: Instruction) -> list[Attachment]:
    rows = Attachment.objects.filter(owner_type=label_of(found), owner_id=found.pk)
    return list(rows.select_related("file").order_by("pk"))


def _next(found: Instruction, *, handles: bool) -> dict[str, str]:
    """Whose move it is, and what happens if nothing is done."""
    now = standing_of(found)
    if now.key == standing.UNASSIGNED:
        title = _("Next: hand it to units") if handles else _("Waiting for the office to hand it on")
        return {"title": title, "after": _("No unit knows of it yet.")}
    if now.key == standing.RUNNING:
        waiting = [str(task.unit) for task in live_tasks(found) if task.state in standing.WAITING_STATES]
        named = _("Waiting for %s to reply") % "、".join(waiting)
        number = ngettext("Waiting for %d unit to reply", "Waiting for %d units to reply", len(waiting)) % len(waiting)
        return {
            "title": named if len(waiting) <= NAMED else number,
            "after": _("The unit replies by reporting its task as done; the leader is told at once."),
        }
    titles = {
        standing.ANSWERED: _("All have replied; the office confirms"),
        standing.DONE: pgettext("instruction", "Settled"),
        standing.WITHDRAWN: _("Withdrawn"),
    }
    return {"title": titles[now.key], "after": ""}


def _actions(found: Instruction, user: Any, *, handles: bool) -> list[dict[str, Any]]:
    """What the person may do with it now, the likeliest first."""
    now = standing_of(found)
    if not handles or now.key == standing.WITHDRAWN:
        return []
    actions = []
    if now.key == standing.ANSWERED and may(user, "responsibilities.edit", found):
        reported = next(task for task in found.tasks.all() if task.state == TaskState.REPORTED)
        url = reverse("responsibilities:task", args=[reported.pk])
        actions.append({"label": _("Read and confirm the reply"), "icon": "check", "url": url, "primary": True})
    if any(task.state in standing.CLOCK_STATES for task in found.tasks.all()):
        url = reverse("responsibilities:remind_instruction", args=[found.pk])
        actions.append({"label": _("Remind"), "icon": "bell", "url": url, "post": True, "primary": now.is_late})
    fresh = now.key == standing.UNASSIGNED
    label = _("Hand it to units") if fresh else _("Hand it to a further unit")
    url = reverse("responsibilities:pass_on", args=[found.pk])
    actions.append({"label": label, "icon": "send", "url": url, "primary": fresh})
    if now.replied == 0 and may(user, "responsibilities.edit", found):
        url = reverse("responsibilities:withdraw_instruction", args=[found.pk])
        actions.append({"label": _("Withdraw the instruction"), "icon": "trash", "url": url})
    return actions


def _entries(steps: list[Step]) -> list[dict[str, Any]]:
    """The history of an instruction for the timeline."""
    told = {
        "write": (_("Instruction given"), "signature"),
        "pass_on": (_("Handed to further units"), "send"),
        "remind": (_("Reminded"), "bell"),
        "withdraw": (_("Withdrawn"), "trash"),
    }

    def said(step: Step) -> dict[str, Any]:
        what, icon = told[step.action]
        return {"what": what, "icon": icon, "text": "、".join(step.data.get("units", ()))}

    return timeline(steps, said)


def _written(made: Instruction) -> str:
    number = Task.objects.filter(instruction=made).count()
    return _sent(number) if number else _("The campaign office has it and finds who does it.")


def _sent(number: int) -> str:
    return ngettext("%d task sent.", "%d tasks sent.", number) % number


def _of_visit(request: HttpRequest) -> dict[str, Any]:
    """What a visit on the spot says already, where one led here: its number stays in the words and leads back."""
    rows = SiteVisit.objects.visible_to(request.user).select_related("post__unit")
    visit = rows.filter(pk=asked_key(request.GET.get("visit", ""))).first()
    if visit is None:
        return {}
    content = _("Found on the spot (%(number)s): %(found)s") % {"number": visit.number, "found": visit.found}
    return {"content": content, "about": visit.found.splitlines()[0][:100], "post": visit.post_id}
