"""A unit breaks its own duties down further; the office sees how deep each one goes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Case, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.campaigns.context import campaign_or_404, current_campaign
from chuangwen.core.access import visible_or_404
from chuangwen.core.addresses import asked_key
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import Column, ListPage, Tab, pick_filter, respond, two_lines
from chuangwen.core.lists.page import Listing
from chuangwen.core.pages import signed_in
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.forms.parts import GROUND, ChainForm, HandOnForm
from chuangwen.responsibilities.models import Assignment, Part, Task
from chuangwen.responsibilities.queries.coverage import has_ground
from chuangwen.responsibilities.queries.matrix import title_of
from chuangwen.responsibilities.queries.parts import depths, handed_on_at_all, own_criteria, reach, roots_of
from chuangwen.responsibilities.services.parts import hand_on, set_chain, take_back
from chuangwen.responsibilities.views.breakdown import crumbs
from chuangwen.responsibilities.views.road_lists import coverage_crumbs

ANSWER = "responsibilities.answer"


@signed_in("responsibilities.answer")
@require_http_methods(["GET", "POST"])
def hand_on_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand some of the unit's criteria to an office, a unit below or a post."""
    campaign = campaign_or_404(request)
    rows = Unit.objects.filter(region=campaign.region_id).select_related("region")
    giver = visible_or_404(rows, request.user, ANSWER, pk=pk)
    given = {"nodes": [one for one in request.GET.getlist("node") if asked_key(one) is not None]}
    chosen = Case(When(pk__in=given["nodes"], then=0), default=1)
    nodes = own_criteria(campaign, giver).order_by(chosen, "version", "position")  # the one she comes from stands first
    roots = roots_of(campaign, giver)
    form = HandOnForm(
        request.POST or None, giver=giver, nodes=nodes, roots=roots, ground=has_ground(campaign), initial=given
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = hand_on(campaign, list(form.cleaned_data["nodes"]), giver, form.hand, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, ngettext("%d part handed on.", "%d parts handed on.", made) % made)
            return redirect("responsibilities:sheet", giver.pk)
    sheet = reverse("responsibilities:sheet", args=[giver.pk])
    title = _("Hand on")
    trail = [*crumbs(str(giver))[:1], {"label": str(giver), "url": sheet}, {"label": title, "url": ""}]
    context = {
        "page_title": title, "page_subtitle": str(giver), "breadcrumbs": trail, "form": form, "submit": _("Hand on"),
        "cancel_url": sheet,
    }  # fmt: skip
    return render(request, "responsibilities/hand_on.html", context, status=422 if form.errors else 200)


@signed_in("responsibilities.answer")
@require_POST
def take_back_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one part back."""
    rows = Part.objects.select_related("giver", "unit", "node", "campaign", "region")
    part = visible_or_404(rows, request.user, ANSWER, pk=pk)
    giver = part.giver_id
    number = take_back(part, actor=request.user)
    messages.success(request, ngettext("%d part taken back.", "%d parts taken back.", number) % number)
    return redirect("responsibilities:sheet", giver)


@signed_in("responsibilities.answer")
@require_http_methods(["GET", "POST"])
def chain_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Through whose hands a task goes."""
    task = visible_or_404(Task.objects.select_related("unit", "post", "region"), request.user, ANSWER, pk=pk)
    form = ChainForm(request.POST or None, task=task)
    if request.method == "POST" and form.is_valid():
        try:
            set_chain(task, form.chain, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("responsibilities:task", task.pk)
    url = reverse("responsibilities:task", args=[task.pk])
    title = _("Who decides, answers and does")
    trail = [{"label": _("Tasks"), "url": reverse("responsibilities:tasks")}, {"label": task.title, "url": url},
             {"label": title, "url": ""}]  # fmt: skip
    context = {
        "page_title": title, "breadcrumbs": trail, "form": form, "submit": _("Keep the chain"), "cancel_url": url,
    }  # fmt: skip
    return render(request, "responsibilities/form.html", context, status=422 if form.errors else 200)


@signed_in("responsibilities.view")
def depth(request: HttpRequest) -> HttpResponse:
    """How far each lead was handed on."""
    return respond(request, DEPTH if has_ground(campaign_or_404(request)) else OWN_DEPTH)


def _sheet(row: Any) -> str:
    return reverse("responsibilities:sheet", args=[row.unit_id])


def _in_area(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    unit = Unit.objects.filter(pk=int(value)).first()
    return rows.filter(unit__path__startswith=unit.path) if unit else rows.none()


class DepthList(ListPage):
    """Every lead with the offices, posts and things that it was handed on to."""

    name = "depth"
    title = gettext_lazy("How deep duties go")
    noun = gettext_lazy("leads")
    permission = "responsibilities.view"
    sort = "unit__path"
    columns: ClassVar = [
        Column(
            "title", gettext_lazy("Criterion"), lambda a: title_of(a.node),
            lambda a: two_lines(title_of(a.node), a.node.code, _sheet(a)), css="cw-table__title", width=40,
        ),
        Column("code", gettext_lazy("Code"), lambda a: a.node.code, sort="node__code", screen=False),
        Column("unit", gettext_lazy("Lead"), lambda a: str(a.unit), sort="unit__path"),
        Column("units", gettext_lazy("Units below"), lambda a: reach(a, "unit") or None, kind="number"),
        Column("posts", gettext_lazy("Posts"), lambda a: reach(a, "post") or None, kind="number"),
        Column("places", pgettext_lazy("coverage", "Places"), lambda a: reach(a, "place") or None, kind="number"),
        Column("sections", gettext_lazy("Road sections"), lambda a: reach(a, "section") or None, kind="number"),
        Column("grids", gettext_lazy("Grids"), lambda a: reach(a, "grid") or None, kind="number"),
        Column(
            "areas", gettext_lazy("Contracted areas"), lambda a: reach(a, "area") or None, kind="number", css="cw-wide",
        ),
    ]  # fmt: skip
    tabs: ClassVar = [
        Tab("stops", gettext_lazy("Stops at the unit"), lambda _request: ~handed_on_at_all()),
        Tab("goes", gettext_lazy("Handed on"), lambda _request: handed_on_at_all()),
        Tab("all", gettext_lazy("All"), Q()),
    ]
    filters: ClassVar = [pick_filter("unit", gettext_lazy("Unit"), "units", _in_area)]
    search: ClassVar = ["node__title_zh__icontains", "node__code__icontains", "unit__name__icontains"]
    search_words = gettext_lazy("Criterion, code or unit")
    empty = gettext_lazy("No lead here")
    definition = gettext_lazy(
        "Counted over everything that the unit and those below it handed on; a thing that several have counts once."
    )

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        campaign = current_campaign(request)
        if campaign is None:
            return Assignment.objects.none()
        mine = Assignment.objects.visible_to(request.user).values("pk")
        return depths(campaign).filter(pk__in=mine).select_related("node", "unit")

    def row_url(self, row: Any) -> str:
        return _sheet(row)

    def message_line(self, row: Any) -> tuple[str, str]:
        return str(row.unit), f"{row.node.code} {title_of(row.node)}"

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        return {"breadcrumbs": coverage_crumbs(self.title)}


class OwnDepthList(DepthList):
    """The same in a unit's own campaign, which has no places, roads and grids."""

    name = "own-depth"
    columns: ClassVar = [column for column in DepthList.columns if column.key not in GROUND]


DEPTH, OWN_DEPTH = DepthList(), OwnDepthList()
