"""The list of documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.context import current_campaign
from chuangwen.core.access import may
from chuangwen.core.lists import Column, Filter, ListPage, Tab
from chuangwen.core.lists.columns import two_lines
from chuangwen.core.lists.page import Listing
from chuangwen.core.templatetags.chuangwen import bar, state
from chuangwen.core.templatetags.wording import day
from chuangwen.directives.models import Document, DocumentKind
from chuangwen.directives.queries.documents import documents_with_counts


def _title(row: Document) -> SafeString:
    return two_lines(row.title, row.get_kind_display(), reverse("directives:review", args=[row.pk]))


def _waiting(row: Any) -> str | SafeString:
    if not row.open_count:
        return state("met", gettext("All decided")) if row.accepted_count or row.dropped_count else ""
    words = gettext("%d open") % row.open_count
    return state("found", words)


def _decided(row: Any) -> SafeString:
    total = row.open_count + row.accepted_count + row.dropped_count
    words = f"{row.accepted_count + row.dropped_count} / {total}"
    return two_lines(words, bar(row.accepted_count + row.dropped_count, total, css="cw-bar--cell"))


def _unclear(row: Any) -> int | str:
    return row.unclear_count or ""


def _kinds(_request: HttpRequest) -> Iterable[tuple[str, Any]]:
    return DocumentKind.choices


class DocumentList(ListPage):
    """Speeches, notices, minutes and letters, and how far each has been reviewed."""

    name = "documents"
    title = _("Documents and directives")
    noun = _("documents")
    permission = "directives.view"
    sort = "-day"
    search = ("title__icontains", "text__icontains")
    search_words = _("Title or words of the text")
    columns = (
        Column(
            "title",
            pgettext_lazy("directive", "Document"),
            lambda row: row.title,
            _title,
            css="cw-table__title",
            width=40,
        ),
        Column("kind", pgettext_lazy("directive", "Kind"), lambda row: row.get_kind_display(), screen=False),
        Column("day", _("Date"), lambda row: row.day, lambda row: day(row.day), sort="day", kind="date"),
        Column(
            "decided",
            pgettext_lazy("directive", "Reviewed"),
            lambda row: row.accepted_count + row.dropped_count,
            _decided,
            css="cw-wide",
        ),
        Column(
            "open", pgettext_lazy("directive", "Waiting"), lambda row: row.open_count, _waiting, css="cw-table__state"
        ),
        Column("unclear", _("Unit to be named"), _unclear, kind="number", css="cw-wide"),
        Column(
            "accepted",
            pgettext_lazy("directive", "Accepted"),
            lambda row: row.accepted_count,
            kind="number",
            css="cw-wide",
        ),
        Column(
            "dropped",
            pgettext_lazy("directive", "Dropped"),
            lambda row: row.dropped_count,
            kind="number",
            css="cw-wide",
        ),
        Column("tasks", _("Tasks issued"), lambda row: row.task_count, kind="number"),
    )
    filters = (Filter("kind", pgettext_lazy("directive", "Kind"), _kinds, lambda rows, value: rows.filter(kind=value)),)
    tabs = (
        Tab("all", _("All"), Q()),
        Tab("open", _("With open directives"), Q(open_count__gt=0)),
    )
    empty = _("No document has been uploaded yet")
    empty_url = "directives:new"
    empty_permission = "directives.edit"
    empty_action = _("Upload a document")
    definition = _("Directives merged into another are not counted; tasks issued count each unit.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        rows = Document.objects.visible_to(request.user).filter(campaign=current_campaign(request))
        return documents_with_counts(rows).defer("text", "headings")

    def row_url(self, row: Any) -> str:
        return reverse("directives:review", args=[row.pk])

    def message_line(self, row: Any) -> tuple[str, str]:
        words = gettext("“%(title)s”: %(open)d directives to be decided, %(accepted)d accepted")
        return "", words % {"title": row.title, "open": row.open_count, "accepted": row.accepted_count}

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        if not may(request.user, "directives.edit"):
            return {}
        action = {"label": _("Upload a document"), "url": reverse("directives:new"), "icon": "upload", "primary": True}
        return {"page_actions": [action]}


DOCUMENTS = DocumentList()
