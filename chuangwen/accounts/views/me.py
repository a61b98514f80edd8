"""Pages of one's own account."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangwen.accounts.agents import device_words
from chuangwen.accounts.forms import SettingsForm
from chuangwen.accounts.models import Device, User
from chuangwen.accounts.preferences import remember_settings
from chuangwen.accounts.roles import ROLE_LABELS
from chuangwen.accounts.services.me import choose_settings, withdraw_device
from chuangwen.accounts.services.sessions import end_other_sessions, end_session, open_sessions
from chuangwen.core.access import roles_held
from chuangwen.core.pages import signed_in


@signed_in()
def me(request: HttpRequest) -> HttpResponse:
    """The person's own page: settings, safety, sessions, devices."""
    user: User = request.user  # type: ignore[assignment]
    form = SettingsForm(request.POST if request.method == "POST" else None, instance=user)
    if request.method == "POST" and form.is_valid():
        choose_settings(user, **form.cleaned_data)
        messages.success(request, _("Kept."))
        return remember_settings(redirect("accounts:me"), user)
    held = roles_held(user)
    context = {
        "page_title": _("My account"),
        "form": form,
        "roles": [label for role, label in ROLE_LABELS.items() if role in held],
        "has_second_factor": is_mfa_enabled(user),
        "sessions": _sessions(request, user),
        "devices": Device.objects.filter(user=user, withdrawn_at__isnull=True).order_by("-last_seen_at"),
    }
    return render(request, "accounts/me.html", context, status=400 if form.is_bound else 200)


def _sessions(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    present = request.session.session_key
    return [
        {"row": one, "words": device_words(one.user_agent), "present": one.session_key == present}
        for one in open_sessions(user)
    ]


@signed_in()
@require_POST
def end_one_session(request: HttpRequest, pk: int) -> HttpResponse:
    end_session(request.user, pk, present_key=request.session.session_key or "")  # type: ignore[arg-type]
    messages.success(request, _("The session has ended."))
    return redirect("accounts:me")


@signed_in()
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    end_other_sessions(request.user, present_key=request.session.session_key or "")  # type: ignore[arg-type]
    messages.success(request, _("All other sessions have ended."))
    return redirect("accounts:me")


@signed_in()
@require_POST
def withdraw_my_device(request: HttpRequest, pk: int) -> HttpResponse:
    device = get_object_or_404(Device.objects.select_related("user__region"), pk=pk, user=request.user)
    withdraw_device(device, actor=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Nothing opens on that device any more without signing in."))
    return redirect("accounts:me")
