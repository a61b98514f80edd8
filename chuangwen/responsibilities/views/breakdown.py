"""The matrix criterion x unit: seen, filled cell by cell, filled by the standard's hints."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import may, require, scope_of
from chuangwen.core.addresses import asked_key
from chuangwen.core.errors import Refusal
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import clocktime
from chuangwen.core.workbook_templates.queries import form_actions
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.forms import CellForm, CollectiveForm, RuleForm, SplitForm
from chuangwen.responsibilities.grid import CellWriter, cell_html
from chuangwen.responsibilities.models import Share
from chuangwen.responsibilities.own_workbooks import MATRIX
from chuangwen.responsibilities.queries import counts_of, overload_rule, ready_pairs
from chuangwen.responsibilities.queries.matrix import (
    PAGE_UNITS,
    SHOWN,
    Matrix,
    View,
    hinted_gaps,
    loads_by_unit,
    matrix_of,
    own_loads,
    row_of,
)
from chuangwen.responsibilities.queries.parties import unknown_names
from chuangwen.responsibilities.queries.renewals import renewal_of
from chuangwen.responsibilities.services import (
    apply_hints,
    mark_split,
    name_collective,
    renew_breakdown,
    set_overload_rule,
    set_share,
)
from chuangwen.responsibilities.views import choices
from chuangwen.standards.models import Node


@signed_in("responsibilities.view")
@require_GET
def breakdown(request: HttpRequest) -> HttpResponse:
    """Who leads and who cooperates, criterion by criterion. Who sees single units gets their sheets."""
    campaign = campaign_or_404(request)
    scope = scope_of(request.user, "responsibilities.view")
    if campaign.region_id not in scope.regions:
        return _own_sheets(request, campaign)
    view = view_of(request.GET)
    matrix = matrix_of(campaign, view)
    edits = may(request.user, "responsibilities.edit", campaign)
    writer = CellWriter()
    units = [(column.unit.pk, column.cut) for column in matrix.columns]
    context = {
        "page_title": _("Breakdown of duties"),
        "page_subtitle": _subtitle(campaign, matrix),
        "page_actions": _actions(request, campaign) if edits else _readers_actions(request),
        "matrix": matrix,
        "view": view,
        "edits": edits,
        "lines": [(s, [(row, writer.row(units, row.shares)) for row in s.rows]) for s in matrix.sections],
        "chips": choices.chips(request.GET, matrix.counts),
        "filters": choices.filters(request.GET, campaign, matrix, view),
        "pages": choices.pages(request.GET, matrix),
        "hinted": hinted_gaps(campaign) if edits else 0,
        "renewal": renewal_of(campaign) if edits else None,
        "rule": overload_rule(campaign.region),
        "loads": loads_by_unit(campaign, matrix.counts),
        "all_columns": PAGE_UNITS,
    }
    return render(request, "responsibilities/breakdown.html", context)


def view_of(params: QueryDict) -> View:
    """What the address asks for; anything it cannot mean is left out."""
    show = params.get("show", "all")
    number = params.get("page", "1")
    version = params.get("standard", "")
    return View(
        show=show if show in SHOWN else "all",
        sections=frozenset(key for one in params.getlist("section") if (key := asked_key(one)) is not None),
        method=params.get("method", "")[:12],
        version=asked_key(version) or 0,
        units=params.get("units", "duty")[:18],
        page=1 if (page := asked_key(number)) is None else page,
    )


@signed_in("responsibilities.edit")
@require_POST
def cell(request: HttpRequest) -> HttpResponse:
    """Save one cell: answers with the cell and with the counters that it changed."""
    campaign = _editable(request)
    form = CellForm(request.POST)
    if not form.is_valid():
        raise Http404
    node, unit = _node(campaign, form.cleaned_data["node"]), _unit(campaign, form.cleaned_data["unit"])
    share = form.cleaned_data["share"]
    before = set_share(campaign, node, unit, share, actor=request.user)
    counts = counts_of(campaign)
    context = {
        "cell": cell_html(share, cut=form.cleaned_data["cut"], before=before),
        "unit": unit,
        "load": counts.loads.get(unit.pk, 0),
        "heavy": unit.pk in counts.heavy,
        **_changed(request, campaign, node, counts),
    }
    response = render(request, "responsibilities/parts/cell_saved.html", context)
    if before != form.cleaned_data["was"]:
        response["HX-Trigger"] = _meanwhile(unit, before, share)
    return response


@signed_in("responsibilities.edit")
@require_POST
def split(request: HttpRequest) -> HttpResponse:
    """Say that territories lead a criterion side by side, or that they do not."""
    campaign = _editable(request)
    form = SplitForm(request.POST)
    if not form.is_valid():
        raise Http404
    node = _node(campaign, form.cleaned_data["node"])
    mark_split(campaign, node, split=form.cleaned_data["split"], actor=request.user)
    context = _changed(request, campaign, node, counts_of(campaign))
    return render(request, "responsibilities/parts/cell_saved.html", context)


@signed_in("responsibilities.edit")
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Take over the duties of the version that was replaced."""
    campaign = _editable(request)
    try:
        cells = renew_breakdown(campaign, actor=request.user)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("responsibilities:breakdown")
    messages.info(request, ngettext("%d duty taken over.", "%d duties taken over.", cells) % cells)
    return redirect(reverse("responsibilities:breakdown") + "?show=gap")


@signed_in("responsibilities.edit")
@require_POST
def hints(request: HttpRequest) -> HttpResponse:
    """Fill what is empty by the parties that the standard names."""
    campaign = _editable(request)
    outcome = apply_hints(campaign, actor=request.user)
    told = ngettext(
        "%d cell filled by the standard's hints.", "%d cells filled by the standard's hints.", outcome.cells
    )
    messages.info(request, told % outcome.cells)
    if outcome.unknown:
        names = "、".join(outcome.unknown)
        messages.warning(request, _("These names fit no unit: %s. Say below whom they mean.") % names)
        return redirect("responsibilities:names")
    return redirect("responsibilities:breakdown")


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def names(request: HttpRequest) -> HttpResponse:
    """The names in the standards that fit no unit, and whom they mean here."""
    campaign = _editable(request)
    posted = CollectiveForm(request.POST, region=campaign.region) if request.method == "POST" else None
    if posted is not None and posted.is_valid():
        data = posted.cleaned_data
        name_collective(campaign.region, data["name"], list(data["units"]), actor=request.user)
        messages.success(request, _("From now on “%s” is understood.") % data["name"])
        return redirect("responsibilities:names")
    unknown: list[Any] = []
    for name, n in unknown_names(campaign):
        tried = posted if posted is not None and posted.data.get("name") == name else None
        form = tried or CollectiveForm(region=campaign.region, initial={"name": name}, auto_id=f"id_{len(unknown)}_%s")
        unknown.append({"name": name, "n": n, "form": form})
    context = {
        "page_title": _("Names that fit no unit"),
        "breadcrumbs": crumbs(_("Names that fit no unit")),
        "unknown": unknown,
        "hinted": hinted_gaps(campaign),
    }
    return render(request, "responsibilities/names.html", context, status=422 if posted is not None else 200)


@signed_in("responsibilities.edit")
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest) -> HttpResponse:
    """When a unit counts as overloaded."""
    campaign = _editable(request)
    kept = overload_rule(campaign.region)
    form = RuleForm(request.POST or None, initial={"deviations": kept.deviations, "most": kept.most})
    if request.method == "POST" and form.is_valid():
        set_overload_rule(campaign.region, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("responsibilities:breakdown")
    title = _("When a unit is overloaded")
    context = {"page_title": title, "breadcrumbs": crumbs(title), "form": form, "submit": _("Save the rule")}
    status = 422 if request.method == "POST" else 200
    return render(request, "responsibilities/form.html", context, status=status)


def crumbs(title: str) -> list[dict[str, str]]:
    """The way back to the matrix."""
    return [{"label": _("Breakdown of duties"), "url": reverse("responsibilities:breakdown")}, {"label": title}]


def _own_sheets(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    counts = counts_of(campaign)
    mine = scope_of(request.user, "responsibilities.view").unit_ids
    loads = own_loads(campaign, counts, mine)
    if len(loads) == 1:
        return redirect("responsibilities:sheet", loads[0].unit.pk)
    context = {"page_title": _("Breakdown of duties"), "loads": loads}
    return render(request, "responsibilities/own_sheets.html", context)


def _editable(request: HttpRequest) -> Campaign:
    campaign = campaign_or_404(request)
    require(request.user, "responsibilities.edit", campaign)
    return campaign


def _node(campaign: Campaign, pk: int) -> Node:
    found = Node.objects.filter(pk=pk, version__in=campaign.standards.values("version"), is_leaf=True).first()
    if found is None:
        raise Http404
    return found


def _unit(campaign: Campaign, pk: int) -> Unit:
    found: Unit | None = Unit.objects.filter(pk=pk, region=campaign.region_id).first()
    if found is None:
        raise Http404
    return found


def _changed(request: HttpRequest, campaign: Campaign, node: Node, counts: Any) -> dict[str, Any]:
    """The parts of the page that a saved cell changes: row head, chips, when it was saved."""
    return {
        "row": row_of(campaign, node, counts),
        "edits": True,
        "chips": choices.chips(_page_params(request), counts),
        "saved": _("Saved by itself, %s") % clocktime(clock.now()),
    }


def _page_params(request: HttpRequest) -> QueryDict:
    """The parameters of the page that sent a cell, so that the chips keep its filters."""
    return QueryDict(request.headers.get("HX-Current-URL", "").partition("?")[2])


def _meanwhile(unit: Unit, before: str, share: str) -> str:
    """Tells that somebody else changed the cell since the person saw it: both versions."""
    words = {"": _("empty"), **{str(one): str(one.label) for one in Share}}
    text = _("Somebody else had just set %(unit)s to “%(before)s”; now it is “%(now)s”. Z takes yours back.")
    said = text % {"unit": unit, "before": words[before], "now": words[share]}
    return json.dumps({"cw:toast": {"text": said}})


def _subtitle(campaign: Campaign, matrix: Matrix) -> str:
    standard = next((str(s.version) for s in campaign.standards.all() if s.is_main), "")
    words = _("“%(standard)s”: %(criteria)d criteria × %(units)d units")
    units = len(matrix.counts.loads) or matrix.total_units
    return words % {"standard": standard, "criteria": matrix.counts.criteria, "units": units}


def _readers_actions(request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"label": _("Whole table"), "icon": "file-spreadsheet", "url": reverse("responsibilities:matrix_workbook")},
        {"label": _("Units' sheets"), "icon": "download", "url": reverse("responsibilities:sheets_workbook")},
        *form_actions(request, MATRIX, lambda key: f"{reverse('responsibilities:matrix_workbook')}?form={key}"),
    ]


def _actions(request: HttpRequest, campaign: Campaign) -> list[dict[str, Any]]:
    n = len(ready_pairs(campaign))
    label = ngettext("Issue %d task", "Issue %d tasks", n) % n if n else _("Issue tasks")
    issue = {"label": label, "icon": "send", "url": reverse("responsibilities:issue"), "primary": True}
    take_in = {
        "label": _("Import a workbook"),
        "icon": "table-import",
        "url": reverse("core:import", args=["breakdown"]),
    }
    claims = {"label": _("Claims"), "icon": "hand-stop", "url": reverse("responsibilities:claims")}
    dossiers = {"label": _("Open dossiers"), "icon": "folder", "url": reverse("responsibilities:dossiers")}
    return [take_in, *_readers_actions(request), dossiers, claims, issue]
