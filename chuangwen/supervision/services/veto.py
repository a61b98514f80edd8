"""Veto events (一票否决, 负面清单): entered by one person, confirmed by another."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.inspections.services.sources import lapse_origin
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import people_to_tell
from chuangwen.rectification.models import Problem
from chuangwen.supervision.models import VetoEvent, VetoKind
from chuangwen.supervision.workflow import EDIT, VETO_WORKFLOW
from chuangwen.workflow.services import advance, note_step

VETO = "supervision.veto"


@dataclass(frozen=True, slots=True)
class Event:
    """What is entered: which unit, what, when, by which paper."""

    unit: Unit
    kind: VetoKind
    day: date
    title: str
    source: str
    problem: Problem | None = None


def report_event(event: Event, *, actor: Any) -> VetoEvent:
    """Enter an event. It bars nothing before a second person has confirmed it, but applications wait for that."""
    require_region(actor, EDIT, event.unit.region_id)
    _check(event)
    with transaction.atomic():
        made: VetoEvent = VetoEvent.objects.create(
            region=event.unit.region, unit=event.unit, kind=event.kind, day=event.day, title=event.title,
            source=event.source, problem=event.problem, bars_until=months_after(event.day, event.kind.months),
            entered_by=actor,
        )  # fmt: skip
        note_step(made, "report", actor=actor, note=event.title, data={"kind": event.kind.name, "source": event.source})
    return made


def confirm_event(event: VetoEvent, *, actor: Any) -> None:
    """The event stands: it bars the unit, and where it is a falsification the ladder proposes red."""
    now = clock.now()
    with transaction.atomic():
        advance(event, VETO_WORKFLOW, "confirm", actor=actor, confirmed_by=actor, confirmed_at=now)
        notify(
            people_to_tell(event.unit, "supervision.answer"), "supervision",
            _("An event on the negative list was confirmed"), region=event.region, body=event.title, urgent=True,
        )  # fmt: skip


def reject_event(event: VetoEvent, *, reason: str, actor: Any) -> None:
    """It was not so, or not the unit's: the event never counts."""
    with transaction.atomic():
        advance(event, VETO_WORKFLOW, "reject", actor=actor, note=reason)


def lift_event(event: VetoEvent, *, reason: str, actor: Any) -> None:
    """A confirmed event no longer bars nor counts in scores computed from now on, for instance after an appeal."""
    with transaction.atomic():
        advance(event, VETO_WORKFLOW, "lift", actor=actor, note=reason)
        lapse_origin(f"veto-event/{event.pk}", reason=reason, actor=actor)


def save_kind(
    region: Region, *, name: str, months: int, source: str, actor: Any, is_on: bool = True,
    falsification: bool = False, kind: VetoKind | None = None,
) -> VetoKind:  # fmt: skip
    """Keep a kind of event. What was entered under it keeps the day until which it bars."""
    require_region(actor, EDIT, region.pk)
    if not 1 <= months <= 120:
        raise Refusal(_("The number lies outside 1 to 120."), _("Write a number of months between them."))
    same = VetoKind.objects.filter(region=region, name=name).exclude(pk=kind.pk if kind else None)
    if same.exists():
        raise Refusal(_("There is a kind of this name already."), _("Choose another name."))
    kept = kind or VetoKind(region=region, position=VetoKind.objects.filter(region=region).count())
    kept.name, kept.months, kept.source = name, months, source
    kept.is_on, kept.falsification = is_on, falsification
    with transaction.atomic():
        kept.save()
        data = {"name": name, "months": months, "is_on": is_on, "falsification": falsification}
        record("supervision.veto-kind.save", kept, actor=actor, data=data)
    return kept


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the month's last day where there is none."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _check(event: Event) -> None:
    if event.kind.region_id != event.unit.region_id or not event.kind.is_on:
        raise Refusal(_("This kind is not in use."), _("Choose another one."))
    if event.day > clock.today():
        raise Refusal(_("The day lies in the future."), _("Enter the day on which it happened."))
    if not event.title.strip() or not event.source.strip():
        raise Refusal(_("Say what happened and which paper says so."))
    if event.problem is not None and event.problem.lead_id != event.unit.pk:
        raise Refusal(_("The problem is not one of this unit."), _("Choose another problem, or none."))
    if event.kind.falsification and event.problem is None:
        raise Refusal(
            _("A falsification is tied to the problem that was reported as put right."), _("Give the problem's number.")
        )
