"""Pages of duties: the matrix and the tasks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core.access import visible_or_404
from chuangwen.core.pages import signed_in
from chuangwen.responsibilities.models import Assignment, Task


@signed_in("responsibilities.view")
def breakdown(request: HttpRequest) -> HttpResponse:
    """Who leads and who helps, criterion by criterion."""
    campaign = campaign_or_404(request)
    rows = Assignment.objects.visible_to(request.user).filter(campaign=campaign).select_related("node", "unit")
    return render(
        request,
        "responsibilities/breakdown.html",
        {"page_title": _("Breakdown of duties"), "rows": rows.order_by("node__position", "share")[:500]},
    )


@signed_in("responsibilities.view")
def tasks(request: HttpRequest) -> HttpResponse:
    """The tasks that one may see."""
    rows = Task.objects.visible_to(request.user).select_related("unit").order_by("due_at")[:200]
    return render(request, "responsibilities/tasks.html", {"page_title": _("Tasks"), "rows": rows})


@signed_in("responsibilities.view")
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task."""
    found = visible_or_404(Task.objects.select_related("unit", "node"), request.user, pk=pk)
    return render(request, "responsibilities/task.html", {"page_title": found.title, "task": found})
