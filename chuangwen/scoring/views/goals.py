"""Goals by group of criteria: where each stands, what may be lost, who leads; and setting them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.context import campaign_or_404
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import may, roles_held, visible_or_404
from chuangwen.core.errors import Missing, Refusal
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.panels import Panel
from chuangwen.scoring.forms.goals import GoalForm
from chuangwen.scoring.goal_sheet import goals_workbook
from chuangwen.scoring.models import GoalGroup
from chuangwen.scoring.queries.goals import Goals, goals_of, main_version
from chuangwen.scoring.services.goals import SET, remove_goal, save_goal, write_goals
from chuangwen.scoring.views.crumbs import crumbs


@signed_in("scoring.view")
@require_http_methods(["GET", "POST"])
def goals(request: HttpRequest) -> HttpResponse:
    """Every group with its goal, its figures and its gap; POST writes the groups that the field names."""
    campaign = campaign_or_404(request)
    here = reverse("scoring:goals")
    if request.method == "POST":
        return attempt(request, lambda: write_goals(campaign, actor=request.user), done=here, said=_("Groups written"))
    found, sets = goals_of(campaign), may(request.user, SET, campaign)
    if found and request.GET.get("format") == "xlsx":
        title = _("Goals by group")
        return file_response(goals_workbook(found), f"{campaign}-{title}.xlsx")
    new = {"label": pgettext("goal", "New group"), "icon": "plus", "url": reverse("scoring:goal_new")}
    export = {"label": _("Export"), "icon": "download", "url": "?format=xlsx"}
    paper = {"label": _("Print"), "icon": "printer", "print": True}
    context = {
        "page_title": _("Goals by group"), "breadcrumbs": crumbs(), "goals": found, "sets": sets,
        "page_actions": [paper, export, *([new] if sets else [])] if found else [],
        **({"chart": _chart(found), "widest": _widest(found)} if found else {}),
    }  # fmt: skip
    return render(request, "scoring/goals.html", context)


@signed_in(SET)
@require_http_methods(["GET", "POST"])
def edit_goal(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """A new group, or another goal, lead or choice of criteria for one; `remove` takes it away."""
    campaign, here = campaign_or_404(request), reverse("scoring:goals")
    group = visible_or_404(GoalGroup.objects.filter(campaign=campaign), request.user, SET, pk=pk) if pk else None
    version = main_version(campaign)
    if version is None:
        raise Missing(_("The campaign has no main standard."), _("Choose one on the campaign's page."))
    if group and "remove" in request.POST:
        return attempt(request, lambda: remove_goal(group, actor=request.user), done=here, said=_("Group removed"))
    form = GoalForm(request.POST if request.method == "POST" else None, version=version, group=group)
    if request.method == "POST" and form.is_valid():
        try:
            save_goal(campaign, form.aim(), actor=request.user, group=group)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept"))
            return redirect(here)
    above = {"label": _("Goals by group"), "url": here}
    context = {
        "page_title": group.name if group else pgettext("goal", "New group"),
        "breadcrumbs": [*crumbs(), above], "form": form, "group": group,
    }  # fmt: skip
    return render(request, "scoring/goal.html", context, status=422 if form.is_bound else 200)


def goals_panel(request: HttpRequest, campaign: Campaign | None) -> Panel | None:
    """The groups that do not reach their goal, for who sees scores; nothing where none are set."""
    if campaign is None or not may(request.user, "scoring.view") or not campaign.goal_groups.exists():
        return None
    found = goals_of(campaign)
    if found is None or found.run is None:
        return None
    return Panel("scoring/parts/goals_panel.html", {"goals": found, "widest": _widest(found)}, order=42)


def desk_goals(request: HttpRequest, campaign: Campaign | None) -> Panel | None:
    """On a leader's desk: what each group got of its points and how far it is from its goal, the widest gap first."""
    leads = campaign is not None and Role.LEADER in roles_held(request.user)
    if campaign is None or not leads or not may(request.user, "scoring.view", campaign):
        return None
    found = goals_of(campaign, forecast=False)
    if found is None or found.run is None:
        return None
    lines = sorted((line for line in found.lines if line.points > 0), key=lambda line: (-line.gap, line.group.pk))
    context = {"lines": lines, "run": found.run}
    return Panel("scoring/parts/goals_desk.html", context, order=45) if lines else None


def _widest(found: Goals) -> float:
    return max((line.points for line in found.lines), default=1.0) or 1.0


def _chart(found: Goals) -> dict[str, Any]:
    """Of each group's points so many in a hundred: got, can be won back, hardly; in points small groups were unseen."""
    lines = [line for line in found.lines if line.points > 0]

    def series(name: str, values: list[float], tone: str) -> dict[str, Any]:
        shares = [round(100 * value / line.points, 1) or None for value, line in zip(values, lines, strict=True)]
        return {"name": name, "values": shares, "tone": tone}

    return {
        "kind": "rows", "labels": [line.group.name for line in lines], "unit": "%", "stacked": True, "digits": 1,
        "series": [
            series(pgettext("goal", "Got"), [line.got for line in lines], "got"),
            series(_("Can be won back"), [line.back for line in lines], "lost"),
            series(_("Hardly in this campaign"), [line.gone for line in lines], "line"),
        ],
    }  # fmt: skip
