"""Titles and applications found by unit or number from anywhere."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.search import Group, Hit, matching
from chuangwen.honors.models import Application, Award


def search_titles(request: HttpRequest, words: str) -> Group:
    """Titles by plaque number or unit, the latest first."""
    rows = Award.objects.visible_to(request.user).select_related("unit", "title").order_by("-granted_on")
    found = matching(rows, words, begins=("plaque",), holds=("unit__name", "unit__short_name", "title__name"))
    hits = [
        Hit(str(one), reverse("honors:award", args=[one.pk]), f"{one.plaque} {one.get_state_display()}")
        for one in found
    ]  # fmt: skip
    return Group(_("Titles"), "award", hits, f"{reverse('honors:titles')}?q={quote(words)}")


def search_applications(request: HttpRequest, words: str) -> Group:
    """Applications by number or unit, the latest first."""
    rows = Application.objects.visible_to(request.user).select_related("unit", "programme").order_by("-pk")
    found = matching(rows, words, begins=("number",), holds=("unit__name", "unit__short_name"))
    hits = [
        Hit(str(one), reverse("honors:application", args=[one.pk]), f"{one.programme} {one.get_state_display()}")
        for one in found
    ]
    return Group(_("Applications"), "file-text", hits, f"{reverse('honors:applications')}?q={quote(words)}")
