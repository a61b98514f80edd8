"""测评材料提交表: the paper on which a unit hands its material in, on screen, as Excel and as Word.

Source: practice.md, Papers and their columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.papers import word_table
from chuangwen.core.templatetags.wording import moment
from chuangwen.core.workbooks.writing import Column, write_table
from chuangwen.evidence.models import Dossier, Link
from chuangwen.evidence.naming import standard_number
from chuangwen.evidence.queries.dossiers import slots_for
from chuangwen.organizations.models import Unit

WIDTHS_MM = (24, 62, 54, 32, 22, 45, 15, 15)  # 269 together: A4 across


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of a dossier; the first of a dossier carries its conclusion, one without pieces stands alone."""

    number: str
    conclusion: str
    title: str
    document_number: str
    on: str
    passage: str
    filled_by: str
    checked_by: str

    def cells(self) -> tuple[str, ...]:
        return (
            self.number, self.conclusion, self.title, self.document_number, self.on, self.passage, self.filled_by,
            self.checked_by,
        )  # fmt: skip


def headers() -> tuple[str, ...]:
    """The heads of the columns, as the paper has them; the stamp has its place below the table."""
    return (
        _("Standard no."), _("Conclusion"), _("Material given"), _("Document number"), _("Date"), _("Passage"),
        _("Filled in by"), _("Checked by"),
    )  # fmt: skip


def dossiers_of_unit(campaign: Campaign, unit: Unit, year: int, user: Any) -> list[Dossier]:
    """The dossiers of a unit and those below it that the person sees, in the order of the standards."""
    rows = Dossier.objects.visible_to(user).filter(campaign=campaign, year=year, unit__path__startswith=unit.path)
    return list(
        rows.select_related("node__version", "unit", "accepted_by").order_by(
            "unit__path", "node__version", "node__position"
        )
    )


def links_by_dossier(dossiers: Iterable[Dossier]) -> dict[int, list[Link]]:
    """The pieces of each dossier in the order of its slots: one query. One that fills two slots comes once.

    So they are numbered: in the table and in the package alike.
    """
    chosen = list(dossiers)
    found: defaultdict[int, list[Link]] = defaultdict(list)
    for link in Link.objects.filter(dossier__in=chosen).select_related("piece__file", "piece__unit").order_by("pk"):
        found[link.dossier_id].append(link)
    for dossier in chosen:
        order = {slot.key: place for place, slot in enumerate(slots_for(dossier.node))}
        once: dict[int, Link] = {}
        for link in sorted(found[dossier.pk], key=lambda link: (order.get(link.slot, len(order)), link.pk)):
            once.setdefault(link.piece_id, link)
        found[dossier.pk] = list(once.values())
    return found


def lines_of(dossiers: Sequence[Dossier], links: Mapping[int, list[Link]] | None = None) -> list[Line]:
    """The table's rows; `links`: what `links_by_dossier` says of them, where the caller has it already."""
    found = links_by_dossier(dossiers) if links is None else links
    return [line for dossier in dossiers for line in _lines(dossier, found[dossier.pk])]


def _lines(dossier: Dossier, links: list[Link]) -> list[Line]:
    checked = str(dossier.accepted_by or "")
    if not links:
        number = standard_number(dossier.node.code)
        return [Line(number, dossier.conclusion, _("(nothing given)"), "", "", "", dossier.submitted_by, checked)]
    return [
        Line(
            standard_number(dossier.node.code, place),
            dossier.conclusion if place == 1 else "",
            link.piece.title,
            link.piece.document_number,
            _iso(link.piece.on),
            link.passage,
            dossier.submitted_by if place == 1 else "",
            checked if place == 1 else "",
        )
        for place, link in enumerate(links, 1)
    ]


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""


def title_of(unit: Unit, year: int) -> str:
    return _("Submission table of assessment material (%(year)d)") % {"year": year}


def above(campaign: Campaign, unit: Unit) -> list[str]:
    """What stands between title and table."""
    return [_("Unit (stamp): %(unit)s        Campaign: %(campaign)s") % {"unit": unit.name, "campaign": campaign.name}]


def notes() -> list[str]:
    return [_("Data as of %s") % moment(clock.now())]


def excel(campaign: Campaign, unit: Unit, year: int, lines: Sequence[Line]) -> bytes:
    """The table as an Excel file."""
    columns = [
        Column(str(number), head, width=mm / 2)
        for number, (head, mm) in enumerate(zip(headers(), WIDTHS_MM, strict=True))
    ]
    told = [*above(campaign, unit), *notes(), signature()]
    return write_table(columns, [line.cells() for line in lines], title=title_of(unit, year), notes=told)


def word(campaign: Campaign, unit: Unit, year: int, lines: Sequence[Line]) -> bytes:
    """The table as a Word file."""
    return word_table(
        title_of(unit, year), headers(), WIDTHS_MM, (line.cells() for line in lines),
        above=above(campaign, unit), notes=notes(), signature=signature(),
    )  # fmt: skip


def signature() -> str:
    return _("Filled in by:                Checked by:                Stamp:                Date:")
