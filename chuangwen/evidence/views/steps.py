"""The steps of a dossier that have a page of their own: handing in, taking back, opening again, another day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.core.forms import HouseForm
from chuangwen.core.pages import signed_in
from chuangwen.evidence.enums import WITH_THE_UNIT
from chuangwen.evidence.forms import DueForm, ReasonForm, SubmitForm
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.services import move_due, reopen_dossier, submit_dossier, take_back_dossier
from chuangwen.evidence.views.dossiers import crumbs, the_dossier
from chuangwen.evidence.workflow import DOSSIER_WORKFLOW, EDIT, GIVE, REVIEW, speaks_for
from chuangwen.workflow.services import available

Words = str | Promise


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step: its title, the word on its button, its form, and how the cleaned form becomes a call."""

    title: Words
    act: Words
    form: Callable[..., Any]
    run: Callable[..., None]
    done: Words


def _submit_form(*args: Any, dossier: Dossier, actor: Any) -> SubmitForm:
    return SubmitForm(*args, dossier=dossier, on_paper=not speaks_for(actor, dossier))


def _plain_form(*args: Any, dossier: Dossier, actor: Any) -> HouseForm:
    return HouseForm(*args)


def _reason_form(*args: Any, dossier: Dossier, actor: Any) -> ReasonForm:
    return ReasonForm(*args)


def _due_form(*args: Any, dossier: Dossier, actor: Any) -> DueForm:
    return DueForm(*args, actor=actor)


def _submit(dossier: Dossier, form: Any, actor: Any) -> None:
    data = form.cleaned_data
    submit_dossier(dossier, conclusion=data["conclusion"], note=data.get("note", ""), actor=actor, **form.paper())


STEPS: dict[str, StepPage] = {
    "submit": StepPage(
        _("Hand in the dossier"), _("Hand it in"), _submit_form, _submit, _("Handed in; the office grades it.")
    ),
    "take-back": StepPage(
        _("Take the dossier back"), _("Take it back"), _plain_form,
        lambda dossier, _form, actor: take_back_dossier(dossier, actor=actor), _("Taken back; it can be changed."),
    ),
    "reopen": StepPage(
        _("Open the dossier again"), _("Open it again"), _reason_form,
        lambda dossier, form, actor: reopen_dossier(dossier, actor=actor, **form.cleaned_data),
        _("Open again; the unit is told."),
    ),
    "postpone": StepPage(
        _("Move the day"), _("Move the day"), _due_form,
        lambda dossier, form, actor: move_due(dossier, actor=actor, **form.cleaned_data),
        _("Moved; the unit is told."),
    ),
}  # fmt: skip


@signed_in(GIVE, EDIT, REVIEW)
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Ask for what a step needs, and take it."""
    page = STEPS.get(action)
    if page is None:
        raise Http404
    found = the_dossier(request, pk)
    if request.method == "GET" and not _is_open(action, found, request.user):
        messages.info(request, gettext("This step is not open to you now; the page shows what is."))
        return redirect("evidence:dossier", pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = page.form(*sent, dossier=found, actor=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            page.run(found, form, request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(page.done))
            return redirect("evidence:dossier", pk)
    context = {
        "page_title": page.title,
        "page_subtitle": str(found),
        "breadcrumbs": crumbs(found, str(page.title)),
        "form": form,
        "submit": page.act,
        "cancel_url": reverse("evidence:dossier", args=[pk]),
        "dossier": found,
        "on_paper": action == "submit" and not speaks_for(request.user, found),
    }
    return render(request, "evidence/form.html", context, status=422 if form.errors else 200)


def _is_open(action: str, found: Dossier, user: Any) -> bool:
    if action == "postpone":
        return found.state in WITH_THE_UNIT and may(user, EDIT, found)
    return action in {one.action for one in available(found, DOSSIER_WORKFLOW, user)}
