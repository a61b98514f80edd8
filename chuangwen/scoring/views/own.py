"""What the person's own units lost."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.lists.export import file_response
from chuangwen.core.pages import signed_in
from chuangwen.scoring.loss_sheets import own_loss_workbook
from chuangwen.scoring.models import Loss, Run
from chuangwen.scoring.queries.loss_lines import By, LossBook, Narrowed, places_in
from chuangwen.scoring.queries.why import sentences
from chuangwen.scoring.views.loss_table import loss_table
from chuangwen.scoring.views.next_up import own_next


@signed_in("scoring.view_own", "scoring.view")
def own_losses(request: HttpRequest, pk: int) -> HttpResponse:
    """What the person's own units lost in a run, for those who do not see the whole: their figures and no others."""
    found = Run.objects.select_related("round__campaign", "version").filter(pk=pk).first()
    losses = Loss.objects.visible_to(request.user, "scoring.view_own").filter(run=pk)
    if found is None or not losses.exists():
        raise Http404
    book = LossBook.own(found, request.user)
    units = sorted({str(loss.unit) for loss in losses.select_related("unit") if loss.unit})
    if request.GET.get("format") == "xlsx":
        ways = [way for way in book.ways if way is not By.UNIT]
        title = _("Our points in %s") % found.round
        return file_response(own_loss_workbook(book, units, ways), f"{title}.xlsx")
    context = {
        "page_title": _("Our points in %s") % found.round,
        "page_subtitle": _(", ").join(units[:3]),
        "breadcrumbs": [{"label": _("Desk"), "url": reverse("desk:desk")}, {"label": str(found.round)}],
        "page_actions": [
            {"label": _("Print"), "icon": "printer", "print": True},
            {"label": _("Export Excel"), "icon": "download", "url": "?format=xlsx"},
        ],
        "run": found,
        "own": True,
        **loss_table(request, book, own=True),
        **own_next(request, found),
    }
    line = context["line"]
    if line and book.placed:
        context["line_places"] = places_in(book.within(Narrowed(By(context["loss_by"]), line.key)))
    if line and line.code:
        context["why"] = sentences(found, [line.code]).get(line.code, "")
    return render(request, "scoring/own.html", context)
