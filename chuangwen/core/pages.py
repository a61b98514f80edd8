"""What every page does the same way: who may open it, which template parts it fills."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from chuangwen.core.access import may
from chuangwen.core.errors import Refusal

Result = TypeVar("Result")
View = Callable[..., HttpResponseBase]


def signed_in(*permissions: str) -> Callable[[View], View]:
    """Let in who is signed in and holds one of `permissions` somewhere (any role, if none is named).

    A stranger is led to the sign-in page and back; somebody without the permission gets 403. A part of a page is not
    led anywhere: its page tells the person to sign in beside it (session.ts).
    The view itself still reaches rows only through `visible_to`. The names are kept on the
    view (`required_permissions`) for the test that walks every address with every role.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                if getattr(request, "htmx", False):
                    return HttpResponse(status=401)  # the page stays with what was typed, and says how to go on
                return redirect_to_login(_way_back(request))
            if permissions and not any(may(request.user, permission) for permission in permissions):
                raise PermissionDenied(permissions[0])
            return view(request, *args, **kwargs)

        guarded.required_permissions = permissions  # type: ignore[attr-defined]
        return guarded

    return decorate


def _way_back(request: HttpRequest) -> str:
    """Where to go on after signing in. What was pressed is not done: its page is opened, and a note says so."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    if "text/html" in request.headers.get("accept", ""):
        messages.warning(request, _("You were signed out meanwhile, so this was not done. Sign in and do it again."))
    came = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(came)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def attempt(
    request: HttpRequest, act: Callable[[], Result], *, done: str, said: str | Callable[[Result], str] = ""
) -> HttpResponse:
    """A button without a form: act, say what was done or why not, and go to the address `done` either way."""
    try:
        result = act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if words := said if isinstance(said, str) else said(result):
            messages.success(request, words)
    return redirect(done)


def kept(form: Any, act: Callable[[], object]) -> bool:
    """Whether what was typed is sound and `act` took it; why it was refused stands on the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True


def open_page(view: View) -> View:
    """Mark a view as open to everybody, so that the access test knows it is meant."""
    view.required_permissions = None  # type: ignore[attr-defined]
    return view
