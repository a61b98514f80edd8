"""What this area shows elsewhere: its entry in the side bar and its lines on the desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext, pgettext

from chuangwen.campaigns.context import current_campaign
from chuangwen.core.panels import DeskItem, NavItem
from chuangwen.directives.queries import open_candidates

DESK_DOCUMENTS = 5


def waiting(request: HttpRequest) -> QuerySet[Any]:
    """Directives that wait for a decision."""
    return open_candidates(request.user, current_campaign(request))


NAVIGATION = NavItem(
    section="standards",
    order=23,
    label=gettext_lazy("Documents and directives"),
    icon="file-text",
    url_name="directives:list",
    permissions=("directives.view",),
    waiting=waiting,
)
MEETINGS = NavItem(
    section="standards",
    order=22,
    label=gettext_lazy("Meetings"),
    icon="users-group",
    url_name="directives:meetings",
    permissions=("directives.attend",),
)


def desk(request: HttpRequest) -> Iterator[DeskItem]:
    """Documents with directives to be decided, the latest first: one query."""
    rows = open_candidates(request.user, current_campaign(request))
    documents = rows.order_by().values("document", "document__title", "document__day").annotate(number=Count("pk"))
    for row in documents.order_by("-document__day")[:DESK_DOCUMENTS]:
        number = row["number"]
        words = ngettext(
            "“%(title)s” has %(number)d directive to be decided",
            "“%(title)s” has %(number)d directives to be decided",
            number,
        )
        yield DeskItem(
            group="decide",
            title=words % {"title": row["document__title"], "number": number},
            url=reverse("directives:review", args=[row["document"]]) + "?show=open",
            icon="file-text",
            action=pgettext("directive", "Review"),
            count=number,
        )
