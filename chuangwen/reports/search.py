"""Papers found by title or number from anywhere."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.search import Group, Hit, matching
from chuangwen.reports.lists import page_of
from chuangwen.reports.models import Bulletin


def search_bulletins(request: HttpRequest, words: str) -> Group:
    """By title or number, the latest first."""
    rows = Bulletin.objects.visible_to(request.user).order_by("-pk")
    found = matching(rows, words, holds=("title", "number"))
    hits = [Hit(one.title, page_of(one), f"{one.number} {one.get_state_display()}".strip()) for one in found]
    return Group(_("Bulletins and reports"), "speakerphone", hits, f"{reverse('reports:list')}?q={quote(words)}")
