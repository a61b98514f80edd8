"""Answers of the whole site: what is closed to this person, what could not be read."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chuangwen.accounts.roles import ROLE_LABELS, roles_with
from chuangwen.core.errors import TooLarge


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the roles that may open the page, so that the person knows what to ask for."""
    roles = [str(ROLE_LABELS[role]) for role in ROLE_LABELS if role in roles_with(str(exception))]
    return render(request, "403.html", {"roles": "、".join(roles)}, status=403)


def damaged(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for what could not be read; 413 with the way out for a form that holds more than is read at once."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        refusal = TooLarge(_("One form holds too much."), _("Go back and send it in parts."))
        context = {"refusal": refusal, "page_title": _("Not done")}
        return render(request, "core/refusal.html", context, status=refusal.status)
    return render(request, "400.html", status=400)
