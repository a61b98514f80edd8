"""The breakdown as tasks: chosen, dated, measured, sent."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import require
from chuangwen.core.errors import Refusal
from chuangwen.core.jobs import start_job
from chuangwen.core.pages import signed_in
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.forms import AgainForm, IssueForm, end_of, usual_due
from chuangwen.responsibilities.queries import Ready, counts_of, ready_to_issue, repeats_of
from chuangwen.responsibilities.queries.burden import asked_lately
from chuangwen.responsibilities.queries.matrix import section_titles, title_of
from chuangwen.responsibilities.queries.tasks import without_roles
from chuangwen.responsibilities.services import issue_breakdown
from chuangwen.responsibilities.services.repeating import Again
from chuangwen.responsibilities.views.breakdown import crumbs

AT_ONCE = 40  # tasks; more are issued by the worker


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    """What would be issued to whom, what is not ready and why; then the deadline and the measure."""
    campaign = campaign_or_404(request)
    require(request.user, "responsibilities.edit", campaign)
    ready = ready_to_issue(campaign)
    by_node: dict[int, list[str]] = {}
    for one in ready:
        by_node.setdefault(one.node.pk, []).append(str(one.unit))
    options = list({one.node.pk: f"{one.node.code} {title_of(one.node)}" for one in ready}.items())
    initial = {"due": usual_due(), "nodes": list(by_node), "measure": _("Meets the standard; no points lost")}
    form = IssueForm(request.POST or None, choices=options, initial=initial)
    repeats = repeats_of(campaign, ready)
    again = AgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and again.is_valid():
        said, chosen = again.said(), form.cleaned_data["nodes"]
        try:
            said.left_out({pair: one for pair, one in repeats.items() if pair[0] in chosen})
            return _send(request, campaign, form, said, sum(len(by_node[pk]) for pk in chosen))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {
        "page_title": _("Issue the breakdown as tasks"),
        "breadcrumbs": crumbs(_("Issue tasks")),
        "form": form,
        "sections": _by_section(form, section_titles(campaign), by_node),
        "ready": ready,
        "again": again,
        "repeats": [(unit, title, repeats[key]) for key, unit, title in _keyed(ready) if key in repeats],
        "units": len({one.unit.pk for one in ready}),
        "asked": asked_lately(Unit.objects.filter(pk__in={one.unit.pk for one in ready}), request.user),
        "without_roles": without_roles({one.unit for one in ready}),
        "counts": counts_of(campaign),
    }
    return render(request, "responsibilities/issue.html", context, status=422 if form.errors else 200)


def _send(request: HttpRequest, campaign: Campaign, form: IssueForm, said: Again, number: int) -> HttpResponse:
    """Issue what was chosen, many of them as a job."""
    fields = {"measure": form.cleaned_data["measure"], "nodes": form.cleaned_data["nodes"]}
    due_at = end_of(form.cleaned_data["due"])
    if number > AT_ONCE:
        params = {"campaign": campaign.pk, "due_at": due_at.isoformat(), **fields, **asdict(said)}
        job = start_job("issue_breakdown", owner=request.user, title=_("Issue tasks"), params=params, back=request.path)
        return redirect("core:job", job.uid)
    made = issue_breakdown(campaign, due_at=due_at, actor=request.user, again=said, **fields)
    messages.success(request, ngettext("%d task issued.", "%d tasks issued.", made) % made)
    return redirect("responsibilities:tasks")


def _keyed(ready: list[Ready]) -> list[tuple[tuple[int, int], Unit, str]]:
    return [((one.node.pk, one.unit.pk), one.unit, title_of(one.node)) for one in ready]


def _by_section(form: IssueForm, titles: dict[int, str], by_node: dict[int, list[str]]) -> list[tuple[str, list[Any]]]:
    """The boxes with their units, under the title of their section."""
    sections: dict[str, list[Any]] = {}
    for box, (pk, units) in zip(form["nodes"], by_node.items(), strict=True):
        sections.setdefault(titles[pk], []).append((box, "、".join(units)))
    return list(sections.items())
