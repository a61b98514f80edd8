"""What to do next: the ranked problems with the curve of the expected total; a unit's own list."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from chuangwen.core.lists import Listing, respond
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import KeyFigure
from chuangwen.core.wording import figure_words
from chuangwen.scoring.engine import show
from chuangwen.scoring.finding import OWN, find_run, run_of
from chuangwen.scoring.models import ProblemGain, Run
from chuangwen.scoring.next_up_list import NextUpList, OwnNextUpList, horizon
from chuangwen.scoring.next_up_sheets import outlook_workbook
from chuangwen.scoring.problem_words import won
from chuangwen.scoring.queries.next_up import free_condition, open_condition
from chuangwen.scoring.queries.outlook import Outlook, outlook_of
from chuangwen.scoring.queries.winning import horizon_of
from chuangwen.scoring.services.gains import check_gains
from chuangwen.scoring.views.crumbs import crumbs

DEAREST = 5  # shown on a unit's own page; the list holds all


class _Screen(NextUpList):
    """The list on its page, with what it adds up to above it."""

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        run, until = run_of(request), horizon(request)
        found = outlook_of(run, until)
        action = {"label": _("Make a plan"), "icon": "list-check", "url": reverse("scoring:plan", args=[run.pk]),
                  "primary": True}  # fmt: skip
        of_run = {"label": _("Score of %s") % run.round, "url": reverse("scoring:run", args=[run.pk])}
        efforts = {"label": _("Effort by type"), "icon": "clock", "url": reverse("scoring:efforts")}
        return {
            "page_subtitle": _("%(round)s, until %(until)s") % {"round": run.round, "until": until.words},
            "breadcrumbs": [*crumbs(), of_run, {"label": self.title, "url": ""}],
            "page_actions": [efforts, action],
            "run": run,
            "outlook": found,
            "figures": figures(found),
            "chart": chart(found, run.round.campaign.target),
            "goal": run.round.campaign.target,
        }  # fmt: skip


class _OwnScreen(OwnNextUpList):
    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        run = run_of(request, self.held_by)
        back = {"label": _("Our points in %s") % run.round, "url": reverse("scoring:own", args=[run.pk])}
        return {"page_subtitle": str(run.round), "breadcrumbs": [back, {"label": self.title, "url": ""}]}


@signed_in("scoring.view")
@require_GET
def next_up(request: HttpRequest, pk: int) -> HttpResponse:
    """All that can be won back, the dearest for its effort first; `?format=` as on a list, `totals` for the curve."""
    run = find_run(request, pk)
    check_gains(run)
    if request.GET.get("format") == "totals":
        title = _("Expected total by problems closed")
        return file_response(outlook_workbook(run, outlook_of(run, horizon_of(run))), f"{run.round}{title}.xlsx")
    return respond(request, _Screen())


@signed_in("scoring.view_own", "scoring.view")
@require_GET
def own_next_up(request: HttpRequest, pk: int) -> HttpResponse:
    """What the person's own units can win back, for those who do not see the whole."""
    check_gains(find_run(request, pk, OWN))
    if not ProblemGain.objects.visible_to(request.user, "scoring.view_own").filter(run=pk).exists():
        raise Http404
    return respond(request, _OwnScreen())


def own_next(request: HttpRequest, run: Run) -> dict[str, Any]:
    """For a unit's own page: how many of its problems hold points back and are still open, and the dearest of them."""
    check_gains(run)
    rows = ProblemGain.objects.visible_to(request.user, "scoring.view_own").filter(run=run)
    rows = rows.filter(free_condition("problem__") | open_condition(horizon_of(run), "problem__"))
    dearest = rows.select_related("problem").order_by("-points", "pk")[:DEAREST]
    return {"own_next": [(row.problem, won(row.points)) for row in dearest]}


def figures(found: Outlook) -> list[KeyFigure]:
    """The total, and what it becomes: with what was closed since, what waits to be verified, all that is open."""
    closed = ngettext("%d problem closed since", "%d problems closed since", found.closed_number) % found.closed_number
    free, every = len(found.free), len(found.candidates)
    days = figure_words(found.points[-1].person_days)
    return [
        KeyFigure(_("Total of the run"), show(found.total), "", sub=_("as it was computed")),
        KeyFigure(closed, show(found.with_closed), "", sub=won(found.with_closed - found.total), tone="good"),
        KeyFigure(
            ngettext("%d only to be verified", "%d only to be verified", free) % free, show(found.with_free),
            "?tab=verify", sub=_("%s for no work") % won(found.with_free - found.with_closed), tone="good",
        ),
        KeyFigure(
            ngettext("All %d closed", "All %d closed", every) % every, show(found.with_all), "",
            sub=_("%(won)s for %(days)s person-days") % {"won": won(found.with_all - found.with_free), "days": days},
        ),
    ]  # fmt: skip


def chart(found: Outlook, goal: float | None) -> dict[str, Any]:
    """The expected total by number closed, with the goal as a line of its own."""
    totals = [float(show(point.total)) for point in found.points]
    series: list[dict[str, Any]] = [{"name": _("Expected total"), "values": totals, "tone": "got"}]
    lowest = min(totals)
    if goal is not None:
        series.append({"name": _("Goal"), "values": [goal] * len(totals), "tone": "bad", "quiet": True})
        lowest = min(lowest, goal)
    labels = [str(point.number) for point in found.points]
    return {"kind": "line", "labels": labels, "series": series, "from": max(0, int(lowest) - 1), "digits": 2}
