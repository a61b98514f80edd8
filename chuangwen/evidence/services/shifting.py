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
from chuangwen.workflow.services import note_many

CHUNK = 500


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
    """Move them; the history of each keeps both days, the audit which day went where."""
    today, moves = clock.today(), dict[str, str]()
    with transaction.atomic():
        days = [day for day, _number in _days(campaign, WITH_THE_UNIT) if day >= today]
        rows = {day: list(_rows(campaign).filter(due_on=day).values_list("pk", flat=True)) for day in days}
        for day, keys in rows.items():
            moved = moved_along(day, old, new, default_calendar())
            if moved != day:
                for start in range(0, len(keys), CHUNK):
                    _move(keys[start : start + CHUNK], day, moved, actor)
                moves[day.isoformat()] = moved.isoformat()
        if moves:
            record("evidence.dossier.shift", campaign, actor=actor, data={"days": moves})


def _move(keys: list[int], day: date, moved: date, actor: Any) -> None:
    """Move some, and keep in the history of each where it came from: what was late on a past day is told by it."""
    rows = Dossier.objects.filter(pk__in=keys)
    rows.update(due_on=moved, updated_at=clock.now())
    told = {"from": day.isoformat(), "to": moved.isoformat()}
    words = _("The assessment date has moved.")
    note_many(
        list(rows.only("region", "state")), "postpone", actor=actor, data=dict.fromkeys(keys, told), note=words,
        audited=False,
    )  # fmt: skip


def _rows(campaign: Campaign) -> Any:
    return Dossier.objects.filter(campaign=campaign, state__in=WITH_THE_UNIT)


def _days(campaign: Campaign, states: Any) -> list[tuple[date, int]]:
    rows = Dossier.objects.filter(campaign=campaign, state__in=states).order_by("due_on")
    return list(rows.values("due_on").annotate(n=Count("pk")).values_list("due_on", "n"))
