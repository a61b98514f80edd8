"""Notices found by number or unit from anywhere."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.search import Group, Hit, matching
from chuangwen.core.templatetags.wording import day
from chuangwen.supervision.models import SupervisionNotice
from chuangwen.supervision.words import sheet_number, state_of


def search_notices(request: HttpRequest, words: str) -> Group:
    """By the register's number or the unit, the latest first."""
    rows = SupervisionNotice.objects.visible_to(request.user).select_related("unit").order_by("-day", "-pk")
    holds = () if words[0].isdigit() else ("unit__name", "unit__short_name")
    found = matching(rows, words, begins=("number",), holds=holds)
    hits = [
        Hit(
            _("%(colour)s for %(unit)s") % {"colour": notice.get_colour_display(), "unit": notice.unit},
            reverse("supervision:notice", args=[notice.number]),
            f"{sheet_number(notice)} {day(notice.day)} {state_of(notice)[1]}",
        )
        for notice in found
    ]
    return Group(_("Notices"), "alert-triangle", hits, f"{reverse('supervision:register')}?tab=all&q={quote(words)}")
