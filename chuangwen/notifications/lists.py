"""The inbox as a list: what is unread first."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core.lists import BulkAction, Column, Filter, Listing, ListPage, Tab, two_lines
from chuangwen.core.templatetags.wording import moment
from chuangwen.notifications.models import Notice
from chuangwen.notifications.services.inbox import read_notice


def _shown(notice: Notice) -> SafeString:
    words = format_html("<b>{}</b>", notice.title) if notice.read_at is None else notice.title
    body = notice.body.splitlines()[0][:80] if notice.body else ""
    cell = two_lines(words, body, reverse("notifications:notice", args=[notice.pk]))
    tag = format_html('<span class="cw-tag cw-tag--bad">{}</span> ', gettext("urgent"))
    return format_html("{}{}", tag, cell) if notice.urgent else cell


class Inbox(ListPage):
    """A person's own lines; nobody else's are ever in it."""

    name = "inbox"
    title = pgettext_lazy("inbox", "Messages")
    noun = _("messages")
    permission = ""
    template = "notifications/inbox.html"
    search = ("title__icontains",)
    search_words = _("Words of a message")
    sort = "-created_at"
    tabs = (
        Tab("unread", _("Unread"), Q(read_at__isnull=True)),
        Tab("all", pgettext_lazy("inbox", "All"), Q()),
    )
    filters = (
        Filter("urgent", _("Urgency"), lambda _request: [("1", _("Urgent only"))],
               lambda rows, value: rows.filter(urgent=True) if value == "1" else rows),
    )  # fmt: skip
    columns = (
        Column("title", _("Message"), lambda notice: notice.title, show=_shown, css="cw-table__title"),
        Column("when", _("When"), lambda notice: notice.created_at, kind="datetime", sort="created_at",
               show=lambda notice: moment(notice.created_at)),
        Column("read", _("Read at"), lambda notice: notice.read_at, kind="datetime", css="cw-wide",
               show=lambda notice: moment(notice.read_at)),
    )  # fmt: skip
    bulk = (BulkAction("read", _("Mark as read"), read_notice, icon="check"),)
    empty = _("Nothing is unread.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        return Notice.objects.filter(user_id=request.user.pk or 0)

    def row_url(self, row: Notice) -> str:
        return reverse("notifications:notice", args=[row.pk])

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        digest = {"label": _("Today's digest"), "url": reverse("notifications:digest"), "icon": "list-check"}
        mine = {"label": _("My reminders"), "url": reverse("notifications:channels"), "icon": "settings"}
        unread = self.rows(request).filter(read_at__isnull=True).exists()
        older = {"label": _("See those that were read"), "url": "?tab=all"}
        return {
            "page_actions": [digest, mine],
            "unread_here": unread,
            "first_step": None if unread or not self.rows(request).exists() else older,
        }
