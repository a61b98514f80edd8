"""Problems found by number or words from anywhere."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.search import Group, Hit, matching
from chuangwen.rectification.models import Problem


def search_problems(request: HttpRequest, words: str) -> Group:
    """By number or title, the latest first."""
    rows = Problem.objects.visible_to(request.user).select_related("lead").order_by("-pk")
    # Figures mean a number: 200,000 titles need not be read for them.
    found = matching(rows, words, begins=("number",), holds=("title",), reads=not words[0].isdigit())
    hits = [
        Hit(
            problem.title,
            reverse("rectification:problem", args=[problem.number]),
            f"{problem.number} {problem.get_state_display()} {problem.lead}",
        )
        for problem in found
    ]
    return Group(_("Problems"), "flag", hits, f"{reverse('rectification:ledger')}?q={quote(words)}")
