"""What a problem, a task and a dossier are called, whose they are and when they are due: one name for each."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.urls import reverse

from chuangwen.core.workdays import ZONE
from chuangwen.evidence.models import Dossier
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task

LAST_MINUTE = time(23, 59)

Row = Problem | Task | Dossier


def unit_of(row: Row) -> Unit:
    """The unit that answers for it."""
    found: Unit = row.lead if isinstance(row, Problem) else row.unit
    return found


def due_of(row: Row) -> datetime:
    """Its deadline; a dossier is due by a day, and late on the next one as the ledger counts it."""
    if isinstance(row, Dossier):
        return day_ends(row.due_on)
    found: datetime = row.due_at
    return found


def midnight(day: date) -> datetime:
    """The beginning of a day."""
    return datetime.combine(day, time(), ZONE)


def day_ends(day: date) -> datetime:
    """The last minute of a day."""
    return datetime.combine(day, LAST_MINUTE, ZONE)


def number_of(row: Row) -> str:
    """The number by which people know it; a dossier goes by its criterion."""
    return str(row.node.code if isinstance(row, Dossier) else row.number)


def title_of_row(row: Row) -> str:
    """What it is about."""
    return str(row.node.title if isinstance(row, Dossier) else row.title)


def page_of_row(row: Row) -> str:
    """The address of its page."""
    if isinstance(row, Problem):
        return reverse("rectification:problem", args=[row.number])
    name = "evidence:dossier" if isinstance(row, Dossier) else "responsibilities:task"
    return reverse(name, args=[row.pk])


def target_of(row: Row) -> dict[str, Any]:
    """The field of a notice's line that holds it."""
    name = "problem" if isinstance(row, Problem) else "dossier" if isinstance(row, Dossier) else "task"
    return {name: row}
