"""A person's language, density and keys go along to every browser."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse

from chuangwen.accounts.models import User

YEAR = 365 * 86400


def remember_settings(response: HttpResponse, user: User) -> HttpResponse:
    """Put language, density and keys into the cookies by which pages are drawn, also before signing in."""
    if user.language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, max_age=YEAR, samesite="Lax", httponly=True)
    response.set_cookie("cw_density", "roomy" if user.roomy else "compact", max_age=YEAR, samesite="Lax")
    response.set_cookie("cw_keys", "off" if user.keys_off else "on", max_age=YEAR, samesite="Lax")
    return response
