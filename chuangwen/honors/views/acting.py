"""One step of one matter as a page: its small form, what happens next, and the service behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from chuangwen.core.errors import Refusal
from chuangwen.honors.forms import ActForm, PlainForm
from chuangwen.workflow.services import available
from chuangwen.workflow.transitions import Workflow

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Act:
    """A step as a page: title (mostly its button's word too), what runs, what is told afterwards, what it means."""

    title: Words
    run: Callable[..., Any]
    done: Words
    form: type[ActForm] = PlainForm
    icon: str = "check"
    note: Words = ""
    permission: str = ""
    ends: bool = False  # it ends or takes away something: its button is not the filled one
    submit: Words = ""  # the word on the button, where it is not the title


def act_of(acts: Mapping[str, Act], action: str) -> Act:
    """The step of that name; 404 for another word."""
    found = acts.get(action)
    if found is None:
        raise Http404
    return found


def perform(
    request: HttpRequest, obj: Any, one: Act, *, back: str, crumbs: Sequence[dict[str, Any]], subtitle: str,
    form: ActForm | None = None, then: Callable[[Any], str] | None = None, **context: Any,
) -> HttpResponse:  # fmt: skip
    """The step's form, and its taking. Services decide who may; what was typed stays on a refusal.

    `then`: the address to go to afterwards, of what the service made; without it `back`, where "Cancel" leads too.
    """
    sent = request.method == "POST"
    data = (request.POST, request.FILES) if sent else (None, None)
    form = form or one.form(*data, obj=obj, actor=request.user, initial=context.pop("initial", None))
    if sent and form.is_valid():
        try:
            made = one.run(obj, actor=request.user, **form.answers())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(one.done))
            return redirect(then(made) if then else back)
    context |= {
        "act": one, "form": form, "back": back, "page_title": one.title, "page_subtitle": subtitle,
        "breadcrumbs": [*crumbs, {"label": one.title}],
    }  # fmt: skip
    template = context.pop("template", "honors/act.html")
    return render(request, template, context, status=422 if form.is_bound else 200)


def buttons(
    obj: Any, workflow: Workflow, actor: Any, acts: Mapping[str, Act], address: Callable[[str], str],
    primary: Sequence[str] = (),
) -> list[dict[str, Any]]:  # fmt: skip
    """The steps that this person can take now, as the next-step card shows them; the first of `primary` is filled."""
    found = [one.action for one in available(obj, workflow, actor) if one.action in acts]
    first = next((action for action in primary if action in found), "")
    told = [
        {
            "label": acts[action].title, "icon": acts[action].icon, "url": address(action), "primary": action == first,
            "action": action,
        }
        for action in found
    ]  # fmt: skip
    return in_order(told, acts)


def in_order(told: list[dict[str, Any]], acts: Mapping[str, Act]) -> list[dict[str, Any]]:
    """Buttons with the filled one first and those that end something last."""
    return sorted(told, key=lambda one: (not one["primary"], acts[one["action"]].ends))
