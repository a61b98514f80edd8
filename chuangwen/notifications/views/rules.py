"""When a region's people are reminded and left in peace, and a person's own quiet hours."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.core.errors import Missing, Refusal
from chuangwen.core.models import Region
from chuangwen.core.pages import signed_in
from chuangwen.notifications.forms import QuietForm, RegionQuietForm, ReminderStepForm
from chuangwen.notifications.models import ReminderStep
from chuangwen.notifications.queries import quiet_of, region_quiet, steps_of
from chuangwen.notifications.services.rules import choose_quiet, forget_quiet, save_reminder_step, set_region_quiet
from chuangwen.notifications.views.inbox import crumbs


@signed_in("notifications.edit")
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The steps of reminding, and the region's quiet hours with their form."""
    region = _region(request)
    form = RegionQuietForm(request.POST if request.method == "POST" else None, rule=region_quiet(region))
    if request.method == "POST" and form.is_valid():
        set_region_quiet(region, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("notifications:rules")
    context = {
        "page_title": _("Rules of reminding"),
        "page_subtitle": _("One digest a day: first to the unit's liaison, A before B, then up the line."),
        "breadcrumbs": crumbs(_("Rules of reminding")),
        "steps": steps_of(region),
        "form": form,
    }
    return render(request, "notifications/rules.html", context, status=422 if form.is_bound else 200)


@signed_in("notifications.edit")
@require_http_methods(["GET", "POST"])
def edit_step(request: HttpRequest, step: str) -> HttpResponse:
    """After how many days a step begins, whether it is used, where that comes from."""
    row = _step(_region(request), step)
    form = ReminderStepForm(request.POST if request.method == "POST" else None, step=row)
    if request.method == "POST" and form.is_valid():
        try:
            save_reminder_step(row.region, step, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("days", str(refusal))
        else:
            messages.success(request, _("Kept; it holds from the next digest on"))
            return redirect("notifications:rules")
    back = reverse("notifications:rules")
    context = {
        "page_title": str(row), "form": form, "cancel_url": back,
        "breadcrumbs": [*crumbs(_("Rules of reminding"))[:1], {"label": _("Rules of reminding"), "url": back},
                        {"label": str(row), "url": ""}],
    }  # fmt: skip
    return render(request, "notifications/form.html", context, status=422 if form.is_bound else 200)


@signed_in()
@require_http_methods(["GET", "POST"])
def quiet(request: HttpRequest) -> HttpResponse:
    """The person's own quiet hours."""
    form = QuietForm(request.POST if request.method == "POST" else None, quiet=quiet_of(request.user))
    if request.method == "POST" and form.is_valid():
        choose_quiet(request.user, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return redirect("notifications:channels")
    title, back = _("My quiet hours"), reverse("notifications:channels")
    context: dict[str, Any] = {
        "page_title": title, "form": form, "cancel_url": back,
        "note": _(
            "No message goes out then; the inbox keeps everything. The same time twice: no quiet hours at night."
        ),
        "breadcrumbs": [*crumbs(title)[:1], {"label": _("My reminders"), "url": back}, {"label": title, "url": ""}],
    }  # fmt: skip
    return render(request, "notifications/form.html", context, status=422 if form.is_bound else 200)


@signed_in()
@require_POST
def usual_quiet(request: HttpRequest) -> HttpResponse:
    """Back to the region's hours."""
    forget_quiet(request.user)
    messages.success(request, _("The usual quiet hours hold again."))
    return redirect("notifications:channels")


def _region(request: HttpRequest) -> Region:
    region: Region | None = request.user.region  # type: ignore[union-attr]
    if region is None:
        raise Missing(_("Your account belongs to no region."), _("The administrator can change that."))
    return region


def _step(region: Region, step: str) -> ReminderStep:
    found = next((row for row in steps_of(region) if row.step == step), None)
    if found is None:
        raise Http404
    return found
