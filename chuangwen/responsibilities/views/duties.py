"""Recurring duties and standing rules: the lists, one of them, new ones, pausing and ending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core.access import may, require, visible_or_404
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.lists import respond
from chuangwen.core.pages import signed_in
from chuangwen.organizations.timeline import timeline
from chuangwen.responsibilities import services
from chuangwen.responsibilities.forms import DutyForm, ReasonForm, RuleTextForm, duty_changes, duty_initial
from chuangwen.responsibilities.models import Duty, DutyState, StandingRule
from chuangwen.responsibilities.queries.breakdown import criteria_rows
from chuangwen.responsibilities.queries.recurring import coming, with_reach
from chuangwen.responsibilities.views.duty_list import DUTIES, RULES, duty_shape, rule_units
from chuangwen.responsibilities.views.task_list import task_shape
from chuangwen.responsibilities.words import schedule_words
from chuangwen.responsibilities.workflow import duty_flow
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import available

NEXT_DATES = 6
PAST_TASKS = 24
# A step on a duty: its title, the word once done, and how it is taken.
STEPS: dict[str, tuple[Any, Any, Callable[..., None]]] = {
    "pause": (pgettext_lazy("duty", "Pause"), gettext_lazy("Paused; the unit is told."), services.pause_duty),
    "end": (pgettext_lazy("duty", "End it"), gettext_lazy("Ended; the unit is told."), services.end_duty),
}


@signed_in("responsibilities.view")
def duties(request: HttpRequest) -> HttpResponse:
    """What comes again, by its next date."""
    return respond(request, DUTIES)


@signed_in("responsibilities.view")
def rules(request: HttpRequest) -> HttpResponse:
    """What always holds."""
    return respond(request, RULES)


@signed_in("responsibilities.view")
@require_GET
def duty(request: HttpRequest, pk: int) -> HttpResponse:
    """One recurring duty: its next dates, the tasks that came of it, its history."""
    related = ("unit", "post", "node", "campaign", "region", "kind_lead__unit", "kind_lead__lead")
    rows = Duty.objects.select_related(*related).prefetch_related("cooperating")
    found = visible_or_404(rows, request.user, pk=pk)
    tasks = found.tasks.visible_to(request.user).order_by("-due_at")[:PAST_TASKS]
    context = {
        "page_title": found.title,
        "breadcrumbs": [_crumb(), {"label": found.number}],
        "duty": found,
        "shape": duty_shape(found),
        "often": schedule_words(found.plan),
        "coming": coming(found, NEXT_DATES),
        "tasks": [(task, task_shape(task)) for task in tasks],
        "steps": available(found, duty_flow(found, request.user), request.user),
        "may_change": found.state != DutyState.ENDED and may(request.user, "responsibilities.edit", found),
        "checks": found.kind_lead
        if found.kind_lead and may(request.user, "responsibilities.view", found.kind_lead)
        else None,
        "entries": _entries(found),
    }
    return render(request, "responsibilities/duty.html", context)


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def new_duty(request: HttpRequest) -> HttpResponse:
    """Open a recurring duty."""
    campaign = campaign_or_404(request)
    require(request.user, "responsibilities.edit", campaign)
    initial = {key: request.GET[key] for key in ("unit", "node", "title", "schedule") if key in request.GET}
    form = DutyForm(request.POST or None, region=campaign.region, nodes=_nodes(campaign), initial=initial)
    if request.method == "POST" and form.is_valid():
        reason, data = form.said().reason, dict(form.cleaned_data)
        try:
            made = services.send_duty(campaign, data.pop("unit"), actor=request.user, again=reason, **data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Opened; its dates become tasks by themselves."))
            return redirect("responsibilities:duty", made.pk)
    return _ask(request, form, _("New recurring duty"), _("Open the duty"), reverse("responsibilities:duties"))


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def change_duty(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is to come of a duty."""
    found = visible_or_404(
        Duty.objects.select_related("campaign", "region"), request.user, "responsibilities.edit", pk=pk
    )
    form = DutyForm(
        request.POST or None, region=found.region, nodes=_nodes(found.campaign), duty=found, initial=duty_initial(found)
    )
    page = reverse("responsibilities:duty", args=[found.pk])
    if request.method == "POST" and form.is_valid():
        try:
            services.change_duty(found, actor=request.user, **duty_changes(found, form.cleaned_data))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(page)
    return _ask(request, form, _("Change the duty"), _("Save"), page, {"label": found.number, "url": page})


@signed_in("responsibilities.edit", "responsibilities.answer")
@require_http_methods(["GET", "POST"])
def duty_step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Pause, resume or end a duty: the office, or the unit that laid it out by kind of organization."""
    rows = Duty.objects.select_related("campaign", "region", "unit", "kind_lead__unit")
    found = visible_or_404(rows, request.user, pk=pk)
    if found.kind_lead is None or not may(request.user, "responsibilities.answer", found.kind_lead.unit):
        found = visible_or_404(rows, request.user, "responsibilities.edit", pk=pk)
    page = reverse("responsibilities:duty", args=[found.pk])
    if action == "resume" and request.method == "POST":
        services.resume_duty(found, actor=request.user)
        messages.success(request, _("It goes on from today."))
        return redirect(page)
    if action not in STEPS:
        raise Http404
    title, done, run = STEPS[action]
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            run(found, reason=form.cleaned_data["reason"], actor=request.user)
        except Conflict:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, str(done))
            return redirect(page)
    return _ask(request, form, str(title), str(title), page, {"label": found.number, "url": page})


@signed_in("responsibilities.view")
@require_GET
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One standing rule: for whom, where it stands, its history."""
    rules = with_reach(StandingRule.objects.all(), request.user.region_id)  # type: ignore[union-attr,arg-type]
    found = visible_or_404(rules.select_related("node").prefetch_related("units"), request.user, pk=pk)
    context = {
        "page_title": _("Standing rule"),
        "breadcrumbs": [
            {"label": _("Standing rules"), "url": reverse("responsibilities:rules")},
            {"label": found.text},
        ],
        "rule": found,
        "units": rule_units(found),
        "may_end": found.ended_on is None and may(request.user, "responsibilities.edit", found),
        "entries": _entries(found),
    }
    return render(request, "responsibilities/rule.html", context)


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """Set down a standing rule."""
    campaign = campaign_or_404(request)
    require(request.user, "responsibilities.edit", campaign)
    form = RuleTextForm(request.POST or None, region=campaign.region, nodes=_nodes(campaign))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.set_rule(campaign, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It stands on the sheets of its units."))
            return redirect("responsibilities:standing_rule", made.pk)
    page = reverse("responsibilities:rules")
    return _ask(request, form, _("New standing rule"), _("Set it down"), page)


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def close_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """A rule that holds no more."""
    found = visible_or_404(StandingRule.objects.select_related("region"), request.user, "responsibilities.edit", pk=pk)
    page = reverse("responsibilities:standing_rule", args=[found.pk])
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_rule(found, reason=form.cleaned_data["reason"], actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Ended."))
            return redirect(page)
    title = pgettext("duty", "End it")
    return _ask(request, form, title, title, page, {"label": found.text, "url": page})


def _nodes(campaign: Any) -> Any:
    return criteria_rows(campaign).order_by("version", "position")


def _crumb() -> dict[str, str]:
    return {"label": _("Recurring duties"), "url": reverse("responsibilities:duties")}


def _ask(
    request: HttpRequest, form: Any, title: str, submit: str, back: str, crumb: dict[str, str] | None = None
) -> HttpResponse:
    context = {
        "page_title": title,
        "breadcrumbs": [*([_crumb(), crumb] if crumb else [_crumb()]), {"label": title}],
        "form": form,
        "submit": submit,
        "cancel_url": back,
    }
    return render(request, "responsibilities/form.html", context, status=422 if form.errors else 200)


def _entries(found: Duty | StandingRule) -> list[dict[str, Any]]:
    """The history of a duty or rule for the timeline."""
    told = {
        "open": (_("Opened"), "plus"), "change": (_("Changed"), "edit"), "unit": (_("Given to another unit"), "users"),
        "pause": (pgettext("duty", "Paused"), "player-pause"), "resume": (pgettext("duty", "Resumed"), "player-play"),
        "end": (pgettext("duty", "Ended"), "circle-x"), "set": (_("Set down"), "plus"),
        "units": (_("Units added"), "users"), "again": (_("Asked again although a like request ran"), "repeat"),
    }  # fmt: skip

    def said(step: Step) -> dict[str, Any]:
        what, icon = told[step.action]
        text = "、".join(step.data.get("units", ())) or step.data.get("unit", "") or step.data.get("schedule", "")
        return {"what": what, "icon": icon, "text": text}

    return timeline(list(history_of(found)), said)
