"""Titles, applications and programmes found by unit, number or name from anywhere."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.access import may
from chuangwen.core.search import Group, Hit, matching
from chuangwen.honors.enums import ProgrammeState
from chuangwen.honors.models import Application, Award, Programme
from chuangwen.honors.workflow import EDIT


def search_titles(request: HttpRequest, words: str) -> Group:
    """Titles by plaque number or unit, the latest first."""
    rows = Award.objects.visible_to(request.user).select_related("unit", "family", "title").order_by("-granted_on")
    found = matching(
        rows, words, begins=("plaque",), holds=("unit__name", "unit__short_name", "title__name", "family__name")
    )
    hits = [
        Hit(
            f"{one.holder} {one.title}", reverse("honors:award", args=[one.pk]),
            f"{one.plaque} {one.get_state_display()}",
        )
        for one in found
    ]  # fmt: skip
    return Group(_("Titles"), "award", hits, f"{reverse('honors:titles')}?q={quote(words)}")


def search_applications(request: HttpRequest, words: str) -> Group:
    """Applications by number or unit, the latest first."""
    rows = Application.objects.visible_to(request.user).select_related("unit", "family", "programme").order_by("-pk")
    found = matching(rows, words, begins=("number",), holds=("unit__name", "unit__short_name", "family__name"))
    hits = [
        Hit(
            f"{one.holder} {one.number}",
            reverse("honors:application", args=[one.pk]),
            f"{one.programme} {one.get_state_display()}",
        )
        for one in found
    ]
    return Group(_("Applications"), "file-text", hits, f"{reverse('honors:applications')}?q={quote(words)}")


def search_programmes(request: HttpRequest, words: str) -> Group:
    """Programmes by name or authority, the latest deadline first; those in preparation for the office alone."""
    rows = Programme.objects.visible_to(request.user).order_by("-apply_until")
    if not may(request.user, EDIT):
        rows = rows.exclude(state=ProgrammeState.PREPARING)
    found = matching(rows, words, begins=(), holds=("name", "authority"))
    hits = [Hit(str(one), reverse("honors:programme", args=[one.pk]), one.get_state_display()) for one in found]
    return Group(_("Programmes"), "award", hits, f"{reverse('honors:programmes')}?tab=all&q={quote(words)}")
