"""All pieces that were ever given, to be found again instead of given twice."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from chuangwen.core.lists import Column, Filter, Listing, ListPage, Tab, pick_filter, two_lines
from chuangwen.core.templatetags.wording import day
from chuangwen.evidence.models import Piece
from chuangwen.standards.enums import EvidenceKind


def _second(piece: Any) -> str:
    return " · ".join(filter(None, (piece.document_number, piece.issuing_body)))


class PieceList(ListPage):
    name = "pieces"
    title = gettext_lazy("All pieces")
    noun = gettext_lazy("pieces")
    permission = "evidence.view"
    sort = "-created_at"
    columns: ClassVar = (
        Column("title", pgettext_lazy("evidence", "Title"), lambda p: p.title,
               lambda p: two_lines(p.title, _second(p), reverse("evidence:piece", args=[p.pk])),
               css="cw-table__title"),
        Column("kind", pgettext_lazy("evidence", "Kind"), lambda p: str(p.get_kind_display())),
        Column("unit", gettext_lazy("Unit"), lambda p: str(p.unit)),
        Column("number", gettext_lazy("Document number"), lambda p: p.document_number, screen=False),
        Column("body", gettext_lazy("Issuing body"), lambda p: p.issuing_body, screen=False),
        Column("on", gettext_lazy("Day of the matter"), lambda p: p.on, lambda p: day(p.on) if p.on else "",
               kind="date"),
        Column("used", gettext_lazy("In dossiers"), lambda p: p.used, kind="number"),
        Column("given", gettext_lazy("Given on"), lambda p: p.created_at, lambda p: day(p.created_at),
               sort="created_at", kind="datetime"),
    )  # fmt: skip
    filters: ClassVar = (
        pick_filter("unit", gettext_lazy("Unit"), "units", lambda rows, value: rows.filter(unit=int(value))),
        Filter("kind", pgettext_lazy("evidence", "Kind"), lambda _request: EvidenceKind.choices,
               lambda rows, value: rows.filter(kind=value)),
    )  # fmt: skip
    tabs: ClassVar = (
        Tab("all", gettext_lazy("All"), Q()),
        Tab("once", gettext_lazy("Used once"), Q(used=1)),
        Tab("several", gettext_lazy("Used several times"), Q(used__gt=1)),
        Tab("none", gettext_lazy("Not used"), Q(used=0)),
    )
    search: ClassVar = ("title__icontains", "document_number__icontains", "issuing_body__icontains")
    search_words = gettext_lazy("Title, document number or issuing body")
    empty = gettext_lazy("Nothing has been given yet. Pieces are given in a dossier.")
    empty_url = "evidence:dossiers"
    empty_action = gettext_lazy("To the ledger")
    definition = gettext_lazy("A piece is given once by its unit and counts in every dossier that uses it.")

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        used = Count("links__dossier", distinct=True)
        return Piece.objects.visible_to(request.user).select_related("unit").annotate(used=used)

    def lean(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.defer("text", "person", "deed", "spirit")

    def row_url(self, row: Any) -> str:
        return reverse("evidence:piece", args=[row.pk])

    def message_line(self, row: Any) -> tuple[str, str]:
        used = ngettext("in %d dossier", "in %d dossiers", row.used) % row.used
        return str(row.unit), f"{row.title} {used}"

    def more(self, request: HttpRequest, listing: Listing) -> dict[str, Any]:
        crumbs = [{"label": _("Ledger"), "url": reverse("evidence:dossiers")}, {"label": _("All pieces")}]
        return {"breadcrumbs": crumbs}


PIECES = PieceList()
