"""What of units waits for the office, for the desk."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core.access import scope_of
from chuangwen.core.models import Region
from chuangwen.core.panels import DeskItem
from chuangwen.organizations.queries import lacking_posts, units_today


def posts_missing(request: HttpRequest) -> Iterator[DeskItem]:
    """One line where units lack a responsible person or a liaison."""
    for region in Region.objects.filter(pk__in=scope_of(request.user, "organizations.edit").regions):
        count = units_today(region).filter(lacking_posts()).count()
        if count:
            title = ngettext(
                "%d unit lacks a responsible person or a liaison",
                "%d units lack a responsible person or a liaison",
                count,
            )
            yield DeskItem(
                "decide",
                title % count,
                reverse("organizations:units") + "?tab=lacking",
                _("Every unit names two responsible persons and a liaison"),
                icon="building-community",
                action=_("Fill"),
                count=count,
            )
