"""Registering a problem in one short form, with the suggested lead shown while it is filled in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from chuangwen.campaigns.context import current_campaign
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import signed_in
from chuangwen.core.workdays import default_calendar
from chuangwen.places.models import Place
from chuangwen.rectification.enums import Source
from chuangwen.rectification.forms import RegisterForm
from chuangwen.rectification.services import Finding, report_problem, suggest_route
from chuangwen.rectification.words import routed_words, within_words

PLACES_SHOWN = 8
FROM_ADDRESS = ("place", "title", "spot", "source_number")  # what the page that leads here knows already


@signed_in("rectification.report")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The form; a finding that joins an open problem leads there and says so."""
    posted = request.method == "POST"
    form = _form(request, request.POST if posted else None, request.FILES if posted else None)
    if posted and form.is_valid():
        data = form.cleaned_data
        try:
            problem, new = report_problem(
                _finding(request, form), actor=request.user, lead=data.get("lead"), photos=data["photos"]
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell(request, problem, new=new)
            if not may(request.user, "rectification.view", problem):
                return redirect("core:home")  # who only reports, such as an inspector, goes back to the own work
            return redirect("rectification:problem", problem.number)
    place = _place(request, form)
    context = {
        "page_title": _("Register a problem"),
        "page_subtitle": _("What a unit finds itself is shown apart and never counts against it.") if form.own else "",
        "breadcrumbs": [{"label": _("Problems"), "url": reverse("rectification:ledger")}, {"label": _("Register")}],
        "form": form,
        "place": place,
        "suggestion": _suggested(request, form),
    }
    return render(request, "rectification/register.html", context, status=422 if form.is_bound else 200)


@signed_in("rectification.report")
@require_GET
def suggestion(request: HttpRequest) -> HttpResponse:
    """To whom the problem would go, and why, as the form stands now."""
    form = _form(request, request.GET, None)
    form.is_valid()
    context = {"suggestion": _suggested(request, form), "place": _place(request, form), "form": form}
    return render(request, "rectification/parts/suggestion.html", context)


def _form(request: HttpRequest, data: Any, files: Any) -> RegisterForm:
    region = request.user.region  # type: ignore[union-attr]
    initial = {name: request.GET.get(name, "") for name in FROM_ADDRESS}
    campaign = current_campaign(request)
    places = campaign is None or campaign.shape != "unit" or bool(initial["place"] or (data and data.get("place")))
    return RegisterForm(data, files, actor=request.user, region=region, places=places, initial=initial)


def _place(request: HttpRequest, form: RegisterForm) -> Place | None:
    """The chosen place, also where another field of the form is wrong."""
    if not form.places:
        return None
    if form.is_bound:
        return getattr(form, "cleaned_data", {}).get("place")
    code = str(form.initial.get("place") or "").replace("\x00", "")
    found = form.fields["place"].queryset  # type: ignore[attr-defined]
    return found.filter(code=code).first() if code else None


def _finding(request: HttpRequest, form: RegisterForm) -> Finding:
    data = form.cleaned_data
    return Finding(
        region=request.user.region,  # type: ignore[union-attr,arg-type]
        problem_type=data["problem_type"],
        title=data.get("title") or "",
        place=data.get("place"),
        territory=data.get("territory"),
        spot=data.get("spot") or "",
        source=data.get("source") or (Source.SELF if form.own else Source.INSPECTION),
        source_number=data.get("source_number") or "",
        campaign=current_campaign(request),
        at=data.get("found_at"),
    )


def _suggested(request: HttpRequest, form: RegisterForm) -> dict[str, Any] | None:
    """Lead, reason and deadline for what is chosen so far; None before a type is chosen."""
    data = getattr(form, "cleaned_data", {}) if form.is_bound else {}
    if not data.get("problem_type"):
        return None
    way = suggest_route(_finding(request, form))
    problem_type = data["problem_type"]
    lead = data.get("lead") or way.lead
    return {
        "lead": lead,
        "why": _("Chosen by hand.") if data.get("lead") else routed_words(way.by, way.rule),
        "within": within_words(problem_type.within),
        "due": default_calendar().deadline(clock.now(), problem_type.within),
    }


def _tell(request: HttpRequest, problem: Any, *, new: bool) -> None:
    if new:
        messages.success(request, _("Registered as %s") % problem.number)
    else:
        words = _("The same was open already as %s; what you found was added there.")
        messages.info(request, words % problem.number)
