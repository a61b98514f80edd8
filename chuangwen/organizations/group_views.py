"""Pages of groups, grids and contracted areas."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.core.access import may, require, visible_or_404
from chuangwen.core.lists import respond
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import panels
from chuangwen.organizations import forms, services
from chuangwen.organizations.lists import AreaList, GridList, GroupList
from chuangwen.organizations.models import ContractedArea, Grid, Group, Holding, Membership
from chuangwen.organizations.queries import lasting
from chuangwen.organizations.views import note_faults, region_of


@signed_in("organizations.view")
def group_list(request: HttpRequest) -> HttpResponse:
    """The leading group and the working groups."""
    return respond(request, GroupList())


@signed_in("organizations.view")
def grid_list(request: HttpRequest) -> HttpResponse:
    """All grids."""
    return respond(request, GridList())


@signed_in("organizations.view")
def area_list(request: HttpRequest) -> HttpResponse:
    """Which leader contracted which area."""
    return respond(request, AreaList())


@signed_in("organizations.view")
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """One group with its seats; who sits there follows from who holds the post."""
    found = visible_or_404(Group.objects.select_related("region", "office"), request.user, pk=pk)
    editing = may(request.user, "organizations.edit", found)
    holding = Prefetch(
        "post__holdings", Holding.objects.filter(lasting()).select_related("user").order_by("slot"), to_attr="now"
    )
    members = found.memberships.select_related("post__unit").prefetch_related(holding)
    members = members.order_by("rank", "post__unit__path")
    context = {
        "page_title": found.name,
        "page_subtitle": found.get_kind_display(),
        "breadcrumbs": [
            {"label": _("Units and posts"), "url": reverse("organizations:units")},
            {"label": _("Groups"), "url": reverse("organizations:groups")},
            {"label": found.name},
        ],
        "group": found,
        "members": members,
        "panels": panels("group", request, found),
        "editing": editing,
        "seat_form": forms.MembershipForm(region=found.region) if editing else None,
    }
    return render(request, "organizations/group.html", context)


@signed_in("organizations.edit")
def new_group(request: HttpRequest) -> HttpResponse:
    return _edit(request, forms.GroupForm, Group(), _("New group"), "organizations:groups")


@signed_in("organizations.edit")
def edit_group(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_or_404(Group.objects, request.user, "organizations.edit", pk=pk)
    return _edit(request, forms.GroupForm, found, found.name, "organizations:groups")


@signed_in("organizations.edit")
@require_POST
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a post a seat in the group."""
    found = visible_or_404(Group.objects.select_related("region"), request.user, "organizations.edit", pk=pk)
    form = forms.MembershipForm(request.POST, instance=Membership(group=found), region=found.region)
    if form.is_valid():
        services.keep_row(form.instance, actor=request.user)
    else:
        note_faults(request, form)
    return redirect("organizations:group", pk)


@signed_in("organizations.edit")
@require_POST
def unseat(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    """Take a post's seat away."""
    row = visible_or_404(Membership.objects, request.user, "organizations.edit", pk=membership, group=pk)
    services.drop_row(row, actor=request.user)
    return redirect("organizations:group", pk)


@signed_in("organizations.edit")
def new_grid(request: HttpRequest) -> HttpResponse:
    return _edit(request, forms.GridForm, Grid(), _("New grid"), "organizations:grids")


@signed_in("organizations.edit")
def grid(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_or_404(Grid.objects, request.user, "organizations.edit", pk=pk)
    return _edit(request, forms.GridForm, found, found.name, "organizations:grids")


@signed_in("organizations.edit")
def new_area(request: HttpRequest) -> HttpResponse:
    return _edit(request, forms.ContractForm, ContractedArea(), _("New contracted area"), "organizations:areas")


@signed_in("organizations.edit")
def area(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_or_404(ContractedArea.objects, request.user, "organizations.edit", pk=pk)
    return _edit(request, forms.ContractForm, found, found.name, "organizations:areas")


def _edit(request: HttpRequest, form_class: Any, row: Any, title: str, back: str) -> HttpResponse:
    """A page with one form over one row; who may only read sees it without the button."""
    editing = may(request.user, "organizations.edit", row if row.pk else None)
    form = form_class(request.POST or None, instance=row, region=row.region if row.pk else region_of(request))
    if not editing:
        for field in form.fields.values():
            field.disabled = True
    elif request.method == "POST" and form.is_valid():
        require(request.user, "organizations.edit", form.instance)
        services.keep_row(form.instance, actor=request.user)
        return redirect(back)
    lists = {
        "organizations:groups": _("Groups"),
        "organizations:grids": _("Grids"),
        "organizations:areas": _("Contracted areas"),
    }
    crumbs = [
        {"label": _("Units and posts"), "url": reverse("organizations:units")},
        {"label": lists[back], "url": reverse(back)},
        {"label": title},
    ]
    context = {
        "form": form, "page_title": title, "breadcrumbs": crumbs, "read_only": not editing, "back_url": reverse(back),
    }  # fmt: skip
    return render(request, "organizations/form.html", context, status=422 if form.errors else 200)
