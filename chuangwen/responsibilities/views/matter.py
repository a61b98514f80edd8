"""One task behind a link that needs no password: a unit's people answer it on the own phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.accounts.matters import Matter
from chuangwen.accounts.services.links import link_for
from chuangwen.core.access import require, visible_or_404
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import moment
from chuangwen.organizations.queries import people_to_tell
from chuangwen.responsibilities.models import OPEN_TASK_STATES, Task
from chuangwen.responsibilities.queries.tasks import fixings, possible_steps
from chuangwen.responsibilities.views.steps import STEPS, is_of_slip, step_form, take_step
from chuangwen.responsibilities.views.task_list import task_shape
from chuangwen.responsibilities.views.tasks import history_entries
from chuangwen.workflow.queries import history_of

KIND = "responsibilities.task"


def show(request: HttpRequest, matter: Matter, refused: tuple[str, Any] | None = None) -> HttpResponse:
    """The task with the forms of what its unit may do now; `refused` is the one that came back."""
    task = _task(request, matter.object_id)
    possible = [one.action for one in possible_steps(task, request.user) if not one.on_behalf]
    context = {
        "page_title": task.title,
        "page_subtitle": task.number,
        "task": task,
        "addressee": matter.link.post or str(matter.user),
        "shape": task_shape(task),
        "running": task.state in OPEN_TASK_STATES,
        "fixings": fixings(task),
        "forms": [
            _shown(action, task, request, matter, refused)
            for action in possible
            if action in ACTIONS and not is_of_slip(task, action)
        ],
        "entries": history_entries(list(history_of(task))),
    }
    return render(request, "responsibilities/matter.html", context, status=422 if refused else 200)


def _shown(
    action: str, task: Task, request: HttpRequest, matter: Matter, refused: tuple[str, Any] | None
) -> dict[str, Any]:
    page = STEPS[action]
    back = refused is not None and refused[0] == action
    return {
        "title": page.title,
        "act": page.act,
        "url": matter.action_url(action),
        "form": refused[1] if back and refused else step_form(page, task, request, blank=True, prefix=action),
    }


def _taker(action: str) -> Callable[[HttpRequest, Matter], HttpResponse]:
    def take(request: HttpRequest, matter: Matter) -> HttpResponse:
        task = _task(request, matter.object_id)
        if is_of_slip(task, action):
            return redirect(matter.url)
        form = step_form(STEPS[action], task, request, prefix=action)
        if take_step(STEPS[action], task, form, request):
            return show(request, matter, (action, form))
        return redirect(matter.url)

    return take


ACTIONS = {action: _taker(action) for action, page in STEPS.items() if page.by_unit}


def page_url(object_id: int) -> str:
    """The ordinary page, for who is signed in."""
    return reverse("responsibilities:task", args=[object_id])


@signed_in("responsibilities.edit")
@require_POST
def hand_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Links to this task for its unit's people, as text for a chat. Each is shown this once."""
    task = _task(request, pk)
    require(request.user, "responsibilities.edit", task)
    people = people_to_tell(task.unit, "responsibilities.answer")
    lines = [
        _("%(who)s: %(title)s, due %(due)s %(url)s")
        % {"who": person, "title": task.title, "due": moment(task.due_at), "url": _link(person, task, request)}
        for person in people
    ]
    page = page_url(pk)
    context = {
        "page_title": _("Links without password"),
        "page_subtitle": task.title,
        "breadcrumbs": [{"label": task.title, "url": page}, {"label": _("Links without password"), "url": ""}],
        "text": "\n".join(lines) or _("The unit has no liaison with an account yet."),
        "target": page,
        "back_label": _("Back to the task"),
    }
    return render(request, "core/message.html", context)


def _link(person: Any, task: Task, request: HttpRequest) -> str:
    return link_for(person, task, made_by=request.user)  # type: ignore[arg-type]


def _task(request: HttpRequest, pk: int) -> Task:
    rows = Task.objects.select_related("unit", "post", "node", "campaign", "region", "instruction").prefetch_related(
        "cooperating"
    )
    found: Task = visible_or_404(rows, request.user, pk=pk)
    return found
