"""A plan under a limit of people and days: computed at once, exported, issued as tasks, and looked at again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_POST

from chuangwen.core.access import may, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.files.sniffing import DOCX, XLSX
from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.responsibilities.forms import AgainForm
from chuangwen.responsibilities.services.repeating import Again, Repeated
from chuangwen.scoring.finding import find_run
from chuangwen.scoring.forms.plans import PlanForm
from chuangwen.scoring.models import ActionPlan, Run
from chuangwen.scoring.plan_sheet import PlanSheet, note, sheet_of_issued, sheet_of_plan, word, workbook
from chuangwen.scoring.queries.outlook import Outlook, outlook_of
from chuangwen.scoring.queries.plans import Plan, plan_of, problems_of, usual_ask
from chuangwen.scoring.queries.winning import Horizon, horizon_of
from chuangwen.scoring.services.gains import check_gains
from chuangwen.scoring.services.plans import issue_plan, repeats_of, task_title
from chuangwen.scoring.views.crumbs import crumbs

LINES_SHOWN = 100  # of a long plan; the files hold them all
FILES = {"xlsx": (workbook, XLSX), "docx": (word, DOCX)}
LEFT_SHOWN = 5  # of those that are left out, by name


@signed_in("scoring.view")
@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan under the limits of the address, the usual ones where it says none; `?format=xlsx` or `docx`."""
    found = find_run(request, pk)
    check_gains(found)
    asked = _Asked(found, request.GET)
    whole = request.GET.get("format") in FILES
    sheet = sheet_of_plan(found, asked.plan, None if whole else LINES_SHOWN)
    if answer := _file(request, sheet):
        return answer
    return render(request, "scoring/plan.html", _context(request, asked, sheet), status=200 if asked.sound else 422)


@signed_in("scoring.run")
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the plan of these limits as tasks. What is open at its unit already asks for a reason first."""
    found = find_run(request, pk)
    check_gains(found)
    asked = _Asked(found, request.POST)
    again = AgainForm(request.POST)
    said = again.said() if again.is_valid() else Again()
    try:
        made = issue_plan(found, asked.plan, actor=request.user, again=said)
    except Repeated as refusal:
        like = repeats_of(found, asked.plan)
        rows = [(part.unit, task_title(part), like[part.unit.pk]) for part in asked.plan.units if part.unit.pk in like]
        sheet = sheet_of_plan(found, asked.plan, LINES_SHOWN)
        context = _context(request, asked, sheet) | {"repeats": rows, "again": again, "refusal": str(refusal)}
        return render(request, "scoring/plan.html", context, status=409)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('scoring:plan', args=[pk])}?{asked.query}")
    tasks = made.items.exclude(task=None).values("task").distinct().count()
    messages.success(request, ngettext("%d task sent.", "%d tasks sent.", tasks) % tasks)
    return redirect("scoring:issued", made.pk)


@signed_in("scoring.view")
@require_GET
def issued(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan that was issued, as it stood, with the tasks that came of it."""
    rows = ActionPlan.objects.select_related("run__round__campaign", "run__version", "made_by")
    made = visible_or_404(rows, request.user, pk=pk)
    sheet = sheet_of_issued(made)
    if answer := _file(request, sheet):
        return answer
    context = {
        "page_title": sheet.title,
        "page_subtitle": " ".join(sheet.facts[:1]),
        "breadcrumbs": [*_crumbs(made.run), {"label": _("Issued plan"), "url": ""}],
        "page_actions": _exports(""),
        "made": made,
        "sees_problems": may(request.user, "rectification.view"),
        "sees_tasks": may(request.user, "responsibilities.view"),
        "sheet": sheet,
        "note": note(),
        "lines": sheet.lines,
        "tasks": made.run.round.campaign.tasks.filter(
            pk__in=made.items.exclude(task=None).values("task")
        ).select_related("unit").order_by("unit__path", "pk"),
    }  # fmt: skip
    return render(request, "scoring/issued.html", context)


class _Asked:
    """The plan that an address or a form asks for; under the usual limits where what it says is unsound."""

    def __init__(self, run: Run, data: QueryDict) -> None:
        self.run = run
        self.horizon: Horizon = horizon_of(run)
        self.outlook: Outlook = outlook_of(run, self.horizon)
        self.usual = usual_ask(self.outlook, self.horizon)
        leads = sorted({one.lead_id for one in self.outlook.candidates})
        self.form = PlanForm(data, usual=self.usual, units=leads)
        self.sound = self.form.is_valid()
        self.plan: Plan = plan_of(run, self.outlook, self.form.ask if self.sound else self.usual)

    @property
    def limits(self) -> dict[str, Any]:
        return self.form.query if self.sound else {}

    @property
    def query(self) -> str:
        return urlencode(self.limits)


def _context(request: HttpRequest, asked: _Asked, sheet: PlanSheet) -> dict[str, Any]:
    run, made = asked.run, asked.plan
    whole = made.ask.people * made.ask.days
    return {
        "page_title": _("Plan to win points back"),
        "page_subtitle": _("%(round)s, until %(until)s") % {"round": run.round, "until": asked.horizon.words},
        "breadcrumbs": [*_crumbs(run), {"label": pgettext("scoring", "Plan"), "url": ""}],
        "page_actions": _exports(asked.query),
        "run": run,
        "form": asked.form,
        "limits": asked.limits,
        "plan": made,
        "sees_problems": may(request.user, "rectification.view"),
        "whole": whole,
        "sheet": sheet,
        "lines": sheet.lines,
        "more_lines": sheet.number - len(sheet.lines),
        "no_room": problems_of(made.no_room[:LEFT_SHOWN]),
        "too_long": problems_of(made.too_long[:LEFT_SHOWN]),
        "no_points": problems_of(made.no_points[:LEFT_SHOWN]),
        "note": note(),
        "usual": asked.usual,
        "goal": run.round.campaign.target,
        "may_issue": may(request.user, "scoring.run", run) and may(request.user, "responsibilities.edit", run),
        "earlier": ActionPlan.objects.visible_to(request.user).filter(run=run).select_related("made_by")[:5],
    }


def _crumbs(run: Run) -> list[dict[str, str]]:
    return [
        *crumbs(),
        {"label": _("Score of %s") % run.round, "url": reverse("scoring:run", args=[run.pk])},
        {"label": _("What to do next"), "url": reverse("scoring:next", args=[run.pk])},
    ]


def _exports(query: str) -> list[dict[str, Any]]:
    more = f"&{query}" if query else ""
    return [
        {"label": _("Print"), "icon": "printer", "print": True},
        {"label": _("Word"), "icon": "file-text", "url": f"?format=docx{more}"},
        {"label": _("Export Excel"), "icon": "download", "url": f"?format=xlsx{more}"},
    ]


def _file(request: HttpRequest, sheet: PlanSheet) -> HttpResponse | None:
    """The plan as a file, where one is asked for."""
    kind = request.GET.get("format", "")
    if kind not in FILES:
        return None
    make, media_type = FILES[kind]
    return file_response(make(sheet), f"{sheet.title}.{kind}", media_type)
