"""The digest on one screen: what is late, what is soon due, what is new."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import day
from chuangwen.notifications.digest_lines import LATE, NEWS, SOON, due_of
from chuangwen.notifications.models import Digest
from chuangwen.notifications.views.inbox import crumbs

SHOWN = 4  # lines of a section that stand there at once
EARLIER = 5


@signed_in()
@require_GET
def digest(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """The last digest, or one of an earlier day; nobody else's."""
    mine = Digest.objects.filter(user_id=request.user.pk or 0)
    found = get_object_or_404(mine, pk=pk) if pk else mine.order_by("-day").first()
    context = {
        "page_title": _("Digest of %s") % day(found.day) if found else _("Daily digest"),
        "breadcrumbs": crumbs(_("Daily digest")),
        "page_actions": [{"label": _("My reminders"), "url": reverse("notifications:channels"), "icon": "settings"}],
        "digest": found,
        "sections": _sections(found) if found else [],
        "earlier": mine.exclude(pk=found.pk).order_by("-day")[:EARLIER] if found else [],
    }
    return render(request, "notifications/digest.html", context)


def _sections(found: Digest) -> list[dict[str, Any]]:
    titles = {LATE: _("Late"), SOON: _("Due soon"), NEWS: pgettext("digest", "New")}
    sections = []
    for key, title in titles.items():
        lines = [line | {"due": due_of(line)} for line in found.lines if line["section"] == key]
        if lines:
            sections.append({
                "key": key, "title": title, "lines": lines[:SHOWN], "rest": lines[SHOWN:],
                "count": sum(line["count"] for line in lines),
            })  # fmt: skip
    return sections
