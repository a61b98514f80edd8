"""Units found by name from anywhere."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.search import Group, Hit, matching
from chuangwen.organizations.models import Unit


def search_units(request: HttpRequest, words: str) -> Group:
    """By name, short name or alias."""
    rows = Unit.objects.visible_to(request.user)
    found = matching(rows, words, holds=("name", "short_name", "aliases__name"))
    hits = [
        Hit(str(unit), reverse("organizations:unit", args=[unit.pk]), unit.name if unit.short_name else "")
        for unit in dict.fromkeys(found)
    ]
    return Group(_("Units"), "building-community", hits)
