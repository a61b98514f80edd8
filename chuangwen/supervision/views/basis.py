"""What a consequence comes from, as a page shows it: led to only where the person may see it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem
from chuangwen.supervision.models import Consequence, Story, SupervisionNotice, VetoEvent
from chuangwen.supervision.queries.rows import page_of_row, title_of_row
from chuangwen.supervision.words import sheet_number


def basis_fact(row: Consequence, user: Any) -> list[dict[str, Any]]:
    """The line “comes from”, empty where there is none."""
    name, basis = row.basis
    if basis is None:
        return []
    labels = {
        "notice": _("Notice"), "task": _("Task"), "problem": _("Problem"), "dossier": _("Dossier"),
        "story": _("Exposure or praise"), "award": _("Title"), "event": _("Veto event"),
    }  # fmt: skip
    sees = hasattr(type(basis).objects, "visible_to") and (
        type(basis).objects.visible_to(user).filter(pk=basis.pk).exists()
    )
    url = _page(basis) if sees else ""
    return [{"label": labels[name], "value": _words(basis), "url": url}]


def unit_of_basis(basis: Any) -> Unit | None:
    """Whose it is."""
    found: Unit | None = basis.lead if isinstance(basis, Problem) else getattr(basis, "unit", None)
    return found


def _page(basis: Any) -> str:
    if isinstance(basis, SupervisionNotice):
        return reverse("supervision:notice", args=[basis.number])
    if isinstance(basis, Story):
        return reverse("supervision:story", args=[basis.pk])
    if isinstance(basis, VetoEvent):
        return reverse("supervision:event", args=[basis.pk])
    return "" if type(basis).__name__ == "Title" else page_of_row(basis)


def _words(basis: Any) -> str:
    if isinstance(basis, SupervisionNotice):
        return f"{basis.get_colour_display()} {sheet_number(basis)}"
    if isinstance(basis, Story | VetoEvent) or type(basis).__name__ == "Title":
        return str(basis)
    return title_of_row(basis)
