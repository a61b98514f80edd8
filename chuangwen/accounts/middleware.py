"""What is checked at every request of somebody signed in: the session's age, the password, the second factor."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.accounts.preferences import remember_settings
from chuangwen.accounts.services.sessions import end_oldest_sessions
from chuangwen.core import clock
from chuangwen.core.access import roles_held

BEGAN, SEEN, SECOND_FACTOR = "began", "last_seen", "second_factor"
SAVE_EVERY = 60  # seconds: a session row is not written at every click

Handler = Callable[[HttpRequest], HttpResponse]


class SessionLimitMiddleware:
    """Signs out SESSION_IDLE_SECONDS after the last request and SESSION_COOKIE_AGE after the first."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._check(request)
        return self.get_response(request)

    def _check(self, request: HttpRequest) -> None:
        now = int(time.time())
        seen, began = request.session.get(SEEN, now), request.session.get(BEGAN, now)
        if now - seen > settings.SESSION_IDLE_SECONDS:
            self._end(request, _("You were away for a while, so the session ended. Sign in again."))
        elif now - began > settings.SESSION_COOKIE_AGE:
            self._end(request, _("A session ends after a working day. Sign in again."))
        elif SEEN not in request.session or now - seen > SAVE_EVERY:
            request.session[SEEN] = now
            request.session[BEGAN] = began
            UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=clock.now())

    def _end(self, request: HttpRequest, why: str) -> None:
        logout(request)
        messages.info(request, why)


class SafeAccountMiddleware:
    """Leads to a new password or to the second factor before anything else opens."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not _is_open(request.path):
            target = self._first(request)
            if target:
                return self._lead(request, target)
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        if getattr(request, "has_signed_out", False):
            response.headers["Clear-Site-Data"] = '"cache"'  # what was seen; answers not yet sent stay in the store
        arrived = getattr(request, "has_signed_in", None)
        if not arrived:
            return response
        # now that its own row is there: of two that arrive at the same moment the later one sees both
        end_oldest_sessions(request, arrived)
        return remember_settings(response, arrived)

    def _first(self, request: HttpRequest) -> str:
        """The name of the page that comes first, or ""."""
        if must_change_password(request):
            return "account_change_password"
        if second_factor_is_missing(request):
            return "mfa_activate_totp"
        return ""

    def _lead(self, request: HttpRequest, target: str) -> HttpResponse:
        allowed = reverse(target)
        if request.path == allowed or (
            target == "mfa_activate_totp" and request.path == reverse("account_reauthenticate")
        ):
            return self.get_response(request)
        if getattr(request, "htmx", False):
            response = HttpResponse(status=204)
            response["HX-Redirect"] = allowed
            return response
        return redirect(target)


def must_change_password(request: HttpRequest) -> bool:
    """Whether the password was given by the office, or is older than the site allows."""
    user = request.user
    changed = user.password_changed_at  # type: ignore[union-attr]
    old = bool(
        settings.PASSWORD_MAX_DAYS and changed and clock.now() - changed > timedelta(days=settings.PASSWORD_MAX_DAYS)
    )
    request.password_is_old = old  # type: ignore[attr-defined]
    return old or user.must_change_password  # type: ignore[union-attr]


def second_factor_is_missing(request: HttpRequest) -> bool:
    """Whether a role of the person asks for a second factor that is not set up. Asked once a session where it is."""
    asking = set(settings.REQUIRE_MFA_ROLES)
    if not asking or request.session.get(SECOND_FACTOR) or not asking & roles_held(request.user):
        return False
    if is_mfa_enabled(request.user):
        request.session[SECOND_FACTOR] = True
        return False
    request.mfa_is_asked = True  # type: ignore[attr-defined]
    return True


def _is_open(path: str) -> bool:
    """What stays open meanwhile: the way out, the language, health."""
    return path in {reverse("account_logout"), reverse("core:language"), reverse("core:health")}
