"""The day by which dossiers are due moves with the assessment date: as many working days from it as before.

What stays: a dossier that is handed in, and one that is late already. Source: practice.md, What the data must
survive (the assessment date moves: material windows shift together after a preview).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.audit.services import record
from chuangwen.campaigns.backplan import moved_along
from chuangwen.campaigns.models import Campaign
from chuangwen.campaigns.shifting import Move, Stay
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.evidence.enums import WITH_THE_UNIT
from chuangwen.evidence.models import Dossier


def dossier_moves(campaign: Campaign, old: date, new: date) -> Iterator[Move | Stay]:
    """What happens to the dossiers, those of one day together: two queries."""
    kind, today = _("Dossiers"), clock.today()
    for day, number in _days(campaign, WITH_THE_UNIT):
        name = ngettext("%d dossier due", "%d dossiers due", number) % number
        if day < today:
            yield Stay(kind, name, day, _("late already"))
        elif (moved := moved_along(day, old, new, default_calendar())) != day:
            yield Move(kind, name, day, moved)


def move_dossiers(campaign: Campaign, old: date, new: date, *, actor: Any) -> None:
    """Move them; the audit keeps which day went where."""
    today, moves = clock.today(), dict[str, str]()
    with transaction.atomic():
        days = [day for day, _number in _days(campaign, WITH_THE_UNIT) if day >= today]
        rows = {day: list(_rows(campaign).filter(due_on=day).values_list("pk", flat=True)) for day in days}
        for day, keys in rows.items():
            moved = moved_along(day, old, new, default_calendar())
            if moved != day:
                for start in range(0, len(keys), 500):
                    chunk = Dossier.objects.filter(pk__in=keys[start : start + 500])
                    chunk.update(due_on=moved, updated_at=clock.now())
                moves[day.isoformat()] = moved.isoformat()
        if moves:
            record("evidence.dossier.shift", campaign, actor=actor, data={"days": moves})


def _rows(campaign: Campaign) -> Any:
    return Dossier.objects.filter(campaign=campaign, state__in=WITH_THE_UNIT)


def _days(campaign: Campaign, states: Any) -> list[tuple[date, int]]:
    rows = Dossier.objects.filter(campaign=campaign, state__in=states).order_by("due_on")
    return list(rows.values("due_on").annotate(n=Count("pk")).values_list("due_on", "n"))
