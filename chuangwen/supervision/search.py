"""Notices by number, unit or what stands on them, exposures and consequences by their words, from anywhere."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.search import MOST, Group, Hit, matching
from chuangwen.core.templatetags.wording import day
from chuangwen.supervision.models import Consequence, Story, SupervisionNotice
from chuangwen.supervision.words import sheet_number, state_of


def search_notices(request: HttpRequest, words: str) -> Group:
    """By the register's number, the unit, then by what was asked and answered, the latest first."""
    rows = SupervisionNotice.objects.visible_to(request.user).select_related("unit").order_by("-day", "-pk")
    holds = () if words[0].isdigit() else ("unit__name", "unit__short_name")
    found = matching(rows, words, begins=("number",), holds=holds)
    if len(found) < MOST:
        rest = rows.exclude(pk__in=[one.pk for one in found])
        found += matching(rest, words, holds=("reason", "answer"))[: MOST - len(found)]
    hits = [
        Hit(
            _("%(colour)s for %(unit)s") % {"colour": notice.get_colour_display(), "unit": notice.unit},
            reverse("supervision:notice", args=[notice.number]),
            f"{sheet_number(notice)} {day(notice.day)} {state_of(notice)[1]}",
        )
        for notice in found
    ]
    return Group(_("Notices"), "alert-triangle", hits, f"{reverse('supervision:register')}?tab=all&q={quote(words)}")


def search_stories(request: HttpRequest, words: str) -> Group:
    """Exposure and praise by title, the latest first."""
    rows = Story.objects.visible_to(request.user).select_related("unit").order_by("-proposed_on", "-pk")
    hits = [
        Hit(one.title, reverse("supervision:story", args=[one.pk]), f"{one.unit} {one.get_state_display()}")
        for one in matching(rows, words, holds=("title",))
    ]
    more = f"{reverse('supervision:stories')}?tab=all&q={quote(words)}"
    return Group(_("Exposure and praise"), "speakerphone", hits, more)


def search_consequences(request: HttpRequest, words: str) -> Group:
    """Consequences and rewards by what they are for, document number or unit, the latest first."""
    rows = Consequence.objects.visible_to(request.user).select_related("unit", "kind").order_by("-day", "-pk")
    hits = [
        Hit(one.title, reverse("supervision:consequence", args=[one.pk]), f"{one.unit} {one.kind} {day(one.day)}")
        for one in matching(rows, words, holds=("title", "paper", "unit__name", "unit__short_name"))
    ]
    more = f"{reverse('supervision:consequences')}?tab=all&q={quote(words)}"
    return Group(_("Consequences and rewards"), "gavel", hits, more)
