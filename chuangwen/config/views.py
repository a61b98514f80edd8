"""Answers that need to know every area: who may open what is closed to this person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chuangwen.accounts.roles import ROLE_LABELS, roles_with


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 with the roles that may open the page, so that the person knows what to ask for."""
    roles = [str(ROLE_LABELS[role]) for role in ROLE_LABELS if role in roles_with(str(exception))]
    return render(request, "403.html", {"roles": "、".join(roles)}, status=403)
