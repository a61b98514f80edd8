"""A friendly line before a matter is due. Problems and tasks singly; the dossiers of a day in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.evidence.models import Dossier
from chuangwen.notifications.enums import Stage
from chuangwen.notifications.services import notify
from chuangwen.notifications.services.reminding import reminder_key, told_to_somebody
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import people_to_tell
from chuangwen.supervision.ladder import Finding
from chuangwen.supervision.queries.matters import Facts
from chuangwen.supervision.queries.rows import Row, due_of, page_of_row, unit_of


def remind(region: Region, found: Iterable[Finding], rows: Mapping[str, Facts]) -> None:
    """To the liaisons, once for each deadline. A hundred dossiers that are due on one day are one line.

    What the digest has told ahead of time (notifications) is known, and not told again.
    """
    found = list(found)
    keys = {one.key: reminder_key(one.key, Stage.AHEAD, _due(rows[one.key].row)) for one in found}
    told = told_to_somebody(set(keys.values()))
    found = [one for one in found if keys[one.key] not in told]
    people: dict[int, list[Any]] = {}
    together: dict[tuple[Unit, date], list[Dossier]] = {}
    for one in found:
        row = rows[one.key].row
        unit = unit_of(row)
        if isinstance(row, Dossier):
            together.setdefault((unit, row.due_on), []).append(row)
            continue
        on = clock.local(row.due_at).date()
        notify(
            _people(unit, people), "supervision", _("Due soon: %s") % row, region=region, url=page_of_row(row),
            body=_("Due %s") % moment(due_of(row)), key=f"due-{one.key}-{on}",
        )  # fmt: skip
    for (unit, on), dossiers in together.items():
        words = ngettext("Due soon: %d dossier", "Due soon: %d dossiers", len(dossiers)) % len(dossiers)
        url = page_of_row(dossiers[0]) if len(dossiers) == 1 else reverse("evidence:dossiers")
        notify(
            _people(unit, people), "supervision", words, region=region, url=url, body=_("Due %s") % day(on),
            key=f"due-dossiers-{unit.pk}-{on}",
        )  # fmt: skip


def _due(row: Row) -> date:
    """The deadline as the digest has it: dossiers are due by a day."""
    return row.due_on if isinstance(row, Dossier) else due_of(row)


def _people(unit: Unit, known: dict[int, list[Any]]) -> list[Any]:
    if unit.pk not in known:
        known[unit.pk] = list(people_to_tell(unit, "supervision.answer"))
    return known[unit.pk]
