"""People of a region: made, corrected, unlocked, closed, given a binding code. Roles are granted elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from chuangwen.accounts.forms import EditPersonForm, NewPersonForm
from chuangwen.accounts.lists import PeopleList
from chuangwen.accounts.models import Device, User
from chuangwen.accounts.roles import ROLE_LABELS
from chuangwen.accounts.services import people as services
from chuangwen.accounts.services.devices import issue_code
from chuangwen.accounts.services.me import withdraw_device
from chuangwen.core.access import may, require, roles_held, visible_or_404
from chuangwen.core.errors import Refusal
from chuangwen.core.lists import respond
from chuangwen.core.pages import signed_in
from chuangwen.core.panels import panels

Act = Callable[..., Any]


@signed_in("accounts.manage")
def people(request: HttpRequest) -> HttpResponse:
    return respond(request, PeopleList())


@signed_in("accounts.manage")
@never_cache
def new_person(request: HttpRequest) -> HttpResponse:
    """A new account; its first password is shown on the answer and nowhere again."""
    form = NewPersonForm(request.POST if request.method == "POST" else None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = services.create_person(actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refusal as refusal:
            form.add_error("username", str(refusal))
        else:
            return _handed_over(request, user, password=password)
    context = {"page_title": _("New person"), "form": form, "breadcrumbs": _crumbs(_("New person"))}
    return render(request, "accounts/new_person.html", context, status=400 if form.is_bound else 200)


@signed_in("accounts.manage", "accounts.bind")
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: what is known of it and what can be done."""
    user = _person(request, pk)
    form = EditPersonForm(
        request.POST if request.method == "POST" else None, initial={"name": user.name, "phone": user.phone}
    )
    if request.method == "POST" and form.is_valid():
        require(request.user, "accounts.manage")
        services.edit_person(user, actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, _("Kept."))
        return redirect("accounts:person", pk)
    held = roles_held(user)
    context = {
        "page_title": user.name,
        "page_subtitle": user.username,
        "breadcrumbs": _crumbs(user.name),
        "person": user,
        "form": form,
        "roles": [label for role, label in ROLE_LABELS.items() if role in held],
        "guarded": services.guard_person(user, request.user),  # type: ignore[arg-type]
        "may_manage": may(request.user, "accounts.manage"),
        "may_bind": may(request.user, "accounts.bind"),
        "has_second_factor": is_mfa_enabled(user),
        "devices": Device.objects.filter(user=user, withdrawn_at__isnull=True).order_by("-pk"),
        "panels": panels("person", request, user),
    }
    return render(request, "accounts/person.html", context, status=400 if form.is_bound else 200)


ACTS: dict[str, tuple[Act, str]] = {
    "unlock": (services.unlock_person, gettext_noop("Unlocked.")),
    "close": (services.close_person, gettext_noop("Closed.")),
    "reopen": (services.reopen_person, gettext_noop("Open again.")),
    "second-factor": (services.remove_second_factor, gettext_noop("The second factor is off.")),
}


@signed_in("accounts.manage")
@require_POST
def act_on_person(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404
    service, done = ACTS[act]
    service(_person(request, pk), actor=request.user)
    messages.success(request, _(done))
    return redirect("accounts:person", pk)


@signed_in("accounts.manage")
@require_POST
@never_cache
def new_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new first password, shown on the answer and nowhere again."""
    user = _person(request, pk)
    return _handed_over(request, user, password=services.reset_password(user, actor=request.user))  # type: ignore[arg-type]


@signed_in("accounts.bind")
@require_POST
@never_cache
def new_code(request: HttpRequest, pk: int) -> HttpResponse:
    """A binding code, shown on the answer and nowhere again."""
    user = _person(request, pk)
    return _handed_over(request, user, code=issue_code(user, actor=request.user))  # type: ignore[arg-type]


@signed_in("accounts.bind")
@require_POST
def withdraw_persons_device(request: HttpRequest, pk: int) -> HttpResponse:
    device = visible_or_404(Device.objects.select_related("user__region"), request.user, pk=pk)
    withdraw_device(device, actor=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Nothing opens on that device any more without signing in."))
    return redirect("accounts:person", device.user_id)


def _person(request: HttpRequest, pk: int) -> User:
    permission = "accounts.manage" if may(request.user, "accounts.manage") else "accounts.bind"
    return visible_or_404(User.objects.select_related("region"), request.user, permission, pk=pk)


def _crumbs(last: str) -> list[dict[str, str]]:
    return [{"label": _("People"), "url": reverse("accounts:people")}, {"label": last, "url": ""}]


def _handed_over(request: HttpRequest, user: User, *, password: str = "", code: str = "") -> HttpResponse:
    """What is shown once: to be read out, or printed and cut off."""
    title = _("First password of %s") if password else _("Binding code for %s")
    context = {
        "page_title": title % user.name,
        "breadcrumbs": [*_crumbs("")[:1], {"label": user.name, "url": reverse("accounts:person", args=[user.pk])}],
        "person": user,
        "password": password,
        "code": f"{code[:4]} {code[4:]}" if code else "",
        "bind_url": request.build_absolute_uri(reverse("accounts:bind")),
    }
    return render(request, "accounts/handed_over.html", context)
