"""What the pages of supervision share: whose region, the way back to the list, forms, histories."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.errors import Missing
from chuangwen.core.models import Region
from chuangwen.core.panels import Words
from chuangwen.core.templatetags.wording import span
from chuangwen.core.workdays import ONE_DAY
from chuangwen.organizations.timeline import timeline
from chuangwen.supervision.queries.standings import numbers_of
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of

PERIODS = 4  # which one chooses from
Place = tuple[Words, str]  # a list under the register: its label, the name of its address


def the_region(request: HttpRequest) -> Region:
    """The person's region. Raises Missing where there is none."""
    region: Region | None = request.user.region  # type: ignore[union-attr]
    if region is None:
        raise Missing(_("Your account belongs to no region."), _("The administrator can change that."))
    return region


def region_with_numbers(request: HttpRequest) -> Region:
    """The person's region. Raises Missing where its numbers of flags and lists were not written yet."""
    region = the_region(request)
    if not numbers_of(region):
        step = (_("To the numbers and weights"), reverse("supervision:numbers"))
        raise Missing(_("The numbers of flags and lists are not written yet."), _("Write them first."), step)
    return region


def way_to(place: Place | None, title: Words = "") -> list[dict[str, Any]]:
    """Breadcrumbs from the register of notices over the list `place` to the page `title`; without one, to the list."""
    crumbs: list[tuple[Words, str]] = [(_("Notices"), reverse("supervision:register"))]
    if place:
        crumbs.append((place[0], reverse(place[1]) if title else ""))
    if title:
        crumbs.append((title, ""))
    return [{"label": label, "url": url} for label, url in crumbs]


def periods_back(period_of: Callable[[date], tuple[date, date]]) -> list[tuple[str, str]]:
    """Choices of a period: the one in which today lies and those before, the latest first."""
    found, on = [], clock.today()
    for _number in range(PERIODS):
        first, last = period_of(on)
        found.append((first.isoformat(), str(span(first, last))))
        on = first - ONE_DAY
    return found


def form_page(
    request: HttpRequest, form: Any, title: Words, place: Place | None, back: str, *, submit: Words = "",
    note: Words = "", subtitle: Words = "", ends: bool = False, breadcrumbs: list[dict[str, Any]] | None = None,
) -> HttpResponse:  # fmt: skip
    """A form under its title; the button says the same unless `submit` does, and leaving it leads to `back`.

    `subtitle`: the matter it is about. `breadcrumbs`: where they are more than those over `place`. `ends`: the step
    ends or takes back something, and its button looks so; such a step is one that needs a reason.
    """
    context = {
        "page_title": title, "form": form, "submit": submit or title, "cancel_url": back, "note": note,
        "page_subtitle": subtitle, "ends": ends, "breadcrumbs": breadcrumbs or way_to(place, title),
    }  # fmt: skip
    return render(request, "supervision/form.html", context, status=422 if form.is_bound else 200)


def press_first(buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first button is the one to press, unless it ends something (`ends`): that is never suggested."""
    if buttons and not buttons[0].get("ends"):
        buttons[0]["primary"] = True
    return buttons


def steps_told(matter: Any, words: Mapping[str, Any], quoted: Callable[[str], bool]) -> list[dict[str, Any]]:
    """The history of `matter`, the oldest first: each action in `words`, its note where it is `quoted`."""

    def said(step: Step) -> dict[str, Any]:
        note = step.note if quoted(step.action) else ""
        return {"icon": "notes", "what": words.get(step.action, step.action), "quote": note}

    return timeline(list(history_of(matter)), said)[::-1]
