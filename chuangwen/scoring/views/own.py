"""What the person's own units lost."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.pages import signed_in
from chuangwen.scoring.models import Loss, Run
from chuangwen.scoring.views.loss_table import criteria_lost, loss_table


@signed_in("scoring.view_own", "scoring.view")
def own_losses(request: HttpRequest, pk: int) -> HttpResponse:
    """What the person's own units lost in a run, for those who do not see the whole."""
    found = Run.objects.select_related("round", "version").filter(pk=pk).first()
    losses = Loss.objects.visible_to(request.user, "scoring.view_own").filter(run=pk)
    if found is None or not losses.exists():
        raise Http404
    context = {
        "page_title": _("Our points in %s") % found.round,
        "breadcrumbs": [{"label": _("Desk"), "url": reverse("desk:desk")}, {"label": str(found.round)}],
        "run": found,
        "own": True,
        **loss_table(request, found, losses),
    }
    shown = [row.unit.pk for row in context["losses"] if row.unit]
    wanted = request.GET.get("unit", "")
    chosen = next((pk for pk in shown if str(pk) == wanted or len(shown) == 1), None)
    if chosen:
        context |= {"unit_pk": chosen, "unit_losses": criteria_lost(found, chosen)}
    return render(request, "scoring/own.html", context)
