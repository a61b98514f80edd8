"""Pages of units, their posts and holders."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chuangwen.accounts.roles import ROLE_LABELS, Role
from chuangwen.core import clock
from chuangwen.core.access import may, require, require_region, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.models import Region
from chuangwen.core.pages import attempt, signed_in
from chuangwen.core.panels import panels
from chuangwen.organizations import forms, services
from chuangwen.organizations.enums import OrgKind, PostKind, Slot, SuccessionKind
from chuangwen.organizations.lists import UnitList
from chuangwen.organizations.models import Holding, RoleGrant, Unit
from chuangwen.organizations.queries import escalation_target, lasting, office_ids, roles_to_give


def region_of(request: HttpRequest) -> Region:
    """The region the person belongs to; 404 for somebody without one."""
    return get_object_or_404(Region, pk=getattr(request.user, "region_id", None))


@signed_in("organizations.view")
def unit_list(request: HttpRequest) -> HttpResponse:
    """All units one may see, as a tree."""
    return respond(request, UnitList())


@signed_in("organizations.view")
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: posts with their holders, roles, other names, what came before and after."""
    found = visible_or_404(Unit.objects.select_related("region", "line_authority"), request.user, pk=pk)
    editing = may(request.user, "organizations.edit", found)
    context = {
        "page_title": str(found),
        "page_subtitle": found.name if found.short_name else "",
        "breadcrumbs": [{"label": _("Units and posts"), "url": reverse("organizations:units")}],
        "unit": found,
        "parent": Unit.objects.get_parent(found),
        "holdings": _holdings(found),
        "grants": found.role_grants.filter(lasting()).select_related("user").order_by("role", "user__name"),
        "to_end": _to_end(request, found) if editing else frozenset(),
        "role_labels": {role.value: label for role, label in ROLE_LABELS.items()},
        "aliases": found.aliases.order_by("name"),
        "before": found.predecessions.select_related("old").order_by("day"),
        "after": found.successions.select_related("new").order_by("day"),
        "children": Unit.objects.get_children(found),
        "escalates_to": escalation_target(found),
        "kind_words": OrgKind(kind).label if (kind := found.kind_of_organization) else "",
        "may_classify": may(request.user, services.CLASSIFY, found),
        "editing": editing,
        "panels": panels("unit", request, found),
        **(_unit_forms(request, found) if editing else {}),
    }
    return render(request, "organizations/unit.html", context)


def _holdings(found: Unit) -> Any:
    """Present holders first, former ones after."""
    rows = Holding.objects.filter(post__unit=found).select_related("post", "user")
    order = {kind: number for number, kind in enumerate(PostKind.values)}
    return sorted(
        rows,
        key=lambda h: (
            h.ends is not None and h.ends < clock.today(),
            order.get(h.post.kind, len(order)),
            h.slot,
            -h.pk,
        ),
    )


def _to_end(request: HttpRequest, found: Unit) -> frozenset[int]:
    """The grants at this unit that the person may take away."""
    roles = roles_to_give(request.user, found)
    grants = found.role_grants.filter(lasting(), role__in=[str(role) for role in roles]).exclude(user=request.user.pk)
    if Role.OFFICE not in roles:
        grants = grants.exclude(user__in=office_ids(found.region))
    return frozenset(grants.values_list("pk", flat=True))


def _unit_forms(request: HttpRequest, found: Unit) -> dict[str, Any]:
    roles = roles_to_give(request.user, found)
    return {
        "alias_form": forms.AliasForm(),
        "post_form": forms.PostForm(region=found.region),
        "role_form": forms.RoleForm(region=found.region, roles=roles) if roles else None,
    }


@signed_in("organizations.edit")
@require_http_methods(["GET", "POST"])
def office_word(request: HttpRequest) -> HttpResponse:
    """What the offices inside units are called on the pages of this region."""
    region = region_of(request)
    require_region(request.user, "organizations.edit", region.pk)
    form = forms.OfficeWordForm(request.POST or None, initial={"word": region.office_word})
    if request.method == "POST" and form.is_valid():
        services.set_office_word(region, form.cleaned_data["word"], actor=request.user)
        messages.success(request, _("Saved."))
        return redirect("organizations:units")
    title = _("Word for offices")
    crumbs = [{"label": _("Units and posts"), "url": reverse("organizations:units")}, {"label": title}]
    context = {"page_title": title, "breadcrumbs": crumbs, "form": form}
    return render(request, "organizations/form.html", context, status=422 if form.errors else 200)


@signed_in("organizations.edit")
def new_unit(request: HttpRequest) -> HttpResponse:
    """Add a unit to the tree."""
    region = region_of(request)
    form = forms.UnitForm(request.POST or None, region=region)

    def save() -> Unit:
        facts = {name: form.cleaned_data[name] for name in forms.UNIT_FIELDS}
        parent = form.cleaned_data["parent"]
        require(request.user, "organizations.edit", parent)
        return services.create_unit(parent, actor=request.user, **facts)

    return _form_page(request, form, _("New unit"), save, lambda made: reverse("organizations:unit", args=[made.pk]))


@signed_in("organizations.edit")
def edit_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a unit's facts or hang it elsewhere."""
    found = visible_or_404(Unit.objects.select_related("region"), request.user, "organizations.edit", pk=pk)
    form = forms.UnitForm(request.POST or None, instance=Unit.objects.get(pk=pk), region=found.region)

    def save() -> Unit:
        facts = {name: form.cleaned_data[name] for name in forms.UNIT_FIELDS}
        parent = form.cleaned_data.get("parent")
        if parent and parent.pk != Unit.objects.get_parent(found).pk:
            require(request.user, "organizations.edit", parent)
        return services.edit_unit(found, actor=request.user, parent=parent, **facts)

    return _form_page(request, form, str(found), save, lambda _made: reverse("organizations:unit", args=[pk]))


@signed_in("organizations.edit")
def succeed(request: HttpRequest) -> HttpResponse:
    """Units are renamed, merged or split on a day."""
    form = forms.SuccessionForm(request.POST or None, region=region_of(request))

    def save() -> Any:
        data = form.cleaned_data
        for one in (*data["old"], *data["new"]):
            require(request.user, "organizations.edit", one)
        kind = SuccessionKind(data["kind"])
        return services.succeed_units(
            list(data["old"]), list(data["new"]), kind=kind, day=data["day"], actor=request.user
        )

    return _form_page(request, form, _("Rename, merge or split"), save, lambda _rows: reverse("organizations:units"))


@signed_in("organizations.edit")
@require_POST
def add_alias(request: HttpRequest, pk: int) -> HttpResponse:
    """Remember another name of the unit."""
    found = visible_or_404(Unit.objects, request.user, "organizations.edit", pk=pk)
    form = forms.AliasForm(request.POST)
    return _post(request, pk, form, lambda data: services.remember_alias(found, data["name"], actor=request.user))


@signed_in("organizations.edit")
@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a post of the unit to a person."""
    found = visible_or_404(Unit.objects.select_related("region"), request.user, "organizations.edit", pk=pk)
    form = forms.PostForm(request.POST, region=found.region)

    def save(data: dict[str, Any]) -> None:
        kind, slot = PostKind(data["kind"]), Slot(data["slot"])
        services.fill_post(
            found, kind, data["title"], data["user"], slot=slot, starts=data["starts"], actor=request.user
        )

    return _post(request, pk, form, save)


@signed_in("organizations.edit")
@require_POST
def leave(request: HttpRequest, pk: int, holding: int) -> HttpResponse:
    """End a holding today."""
    row = visible_or_404(Holding.objects, request.user, "organizations.edit", pk=holding, post__unit=pk)
    return attempt(
        request,
        lambda: services.leave_post(row, ends=clock.today(), actor=request.user),
        done=reverse("organizations:unit", args=[pk]),
    )


@signed_in("organizations.edit")
@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a role at the unit and below."""
    found = visible_or_404(Unit.objects.select_related("region"), request.user, "organizations.edit", pk=pk)
    form = forms.RoleForm(request.POST, region=found.region, roles=list(Role))

    def save(data: dict[str, Any]) -> None:
        services.grant_role(data["user"], Role(data["role"]), found, actor=request.user)

    return _post(request, pk, form, save)


@signed_in("organizations.edit")
@require_POST
def end_grant(request: HttpRequest, pk: int, grant_pk: int) -> HttpResponse:
    """Take a role away."""
    row = visible_or_404(RoleGrant.objects, request.user, "organizations.edit", pk=grant_pk, unit=pk)
    return attempt(
        request, lambda: services.end_grant(row, actor=request.user), done=reverse("organizations:unit", args=[pk])
    )


def _post(request: HttpRequest, pk: int, form: Any, save: Callable[[dict[str, Any]], Any]) -> HttpResponse:
    """Run a small form of the unit's page; faults come back as notes on the page."""
    if not form.is_valid():
        note_faults(request, form)
        return redirect("organizations:unit", pk)
    back = reverse("organizations:unit", args=[pk])
    return attempt(request, lambda: save(form.cleaned_data), done=back)


def note_faults(request: HttpRequest, form: Any) -> None:
    """Say on the next page what is wrong with a form that has no page of its own."""
    for name, faults in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.error(request, f"{label}: {' '.join(faults)}" if label else " ".join(faults))


def _form_page(
    request: HttpRequest, form: Any, title: str, save: Callable[[], Any], done: Callable[[Any], str]
) -> HttpResponse:
    """A page with one form: what was typed stays when the service refuses."""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(done(save()))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    crumbs = [{"label": _("Units and posts"), "url": reverse("organizations:units")}]
    context = {"form": form, "page_title": title, "breadcrumbs": crumbs}
    return render(request, "organizations/form.html", context, status=422 if form.errors else 200)
