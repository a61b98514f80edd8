"""What of units waits for the office, for the desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.access import scope_of
from chuangwen.core.panels import DeskLine, waiting_line
from chuangwen.organizations.queries import lacking_posts, units_today


def posts_missing(request: HttpRequest) -> Iterator[DeskLine]:
    """One line where units lack a responsible person or a liaison."""
    for region in scope_of(request.user, "organizations.edit").regions:
        yield waiting_line(
            "decide", units_today(region).filter(lacking_posts()), _lacking_words,
            reverse("organizations:units") + "?tab=lacking",
            sub=_("Every unit names two responsible persons and a liaison"), icon="building-community",
            action=_("Fill"),
        )  # fmt: skip


def _lacking_words(number: int) -> str:
    return (
        ngettext(
            "%d unit lacks a responsible person or a liaison",
            "%d units lack a responsible person or a liaison",
            number,
        )
        % number
    )
