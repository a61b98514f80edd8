"""Who has passed a meeting on (会后立即部署): units are asked, record their own meeting, are reminded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import may, require_actor, scope_of
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.templatetags.wording import day as day_words
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.enums import MeetingStage, PassForm, PassStage
from chuangwen.directives.meeting_rules import PASSING
from chuangwen.directives.models import Meeting, PassingOn
from chuangwen.directives.services.meetings import held, keep_papers, units_of
from chuangwen.directives.workflow import ANSWER, EDIT, PASSING_WORKFLOW
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import people_to_tell
from chuangwen.workflow.services import advance, note_step


@dataclass(frozen=True, slots=True)
class OwnMeeting:
    """A unit's own meeting: when, in which form, a few words, its paper."""

    held_on: date
    form: str
    note: str = ""
    scans: Iterable[Upload] = field(default=())


def ask_to_pass_on(
    meeting: Meeting, *, due_on: date, source: str, actor: Any, units: Iterable[Unit] | None = None
) -> int:
    """Ask units (by default those called) to pass the meeting on by a day; returns how many are asked anew.

    The day holds for all that have not passed it on yet. `source` says who set it.
    """
    require_actor(actor, EDIT, meeting)
    if meeting.state != MeetingStage.HELD:
        raise Refusal(_("The meeting was not held yet."), _("Enter it first."))
    if due_on < meeting.day:
        raise Refusal(_("The day lies before the meeting."), _("Choose a later one."))
    asked = list(units) if units is not None else units_of(meeting)
    if not asked:
        raise Refusal(_("Nobody took part in this meeting."), _("Choose the units that are to pass it on."))
    with transaction.atomic():
        Meeting.objects.select_for_update().get(pk=meeting.pk)
        known = set(meeting.passings.values_list("unit", flat=True))
        new = [unit for unit in asked if unit.pk not in known]
        rows = [PassingOn(region=meeting.region, meeting=meeting, unit=unit, due_on=due_on) for unit in new]
        made = PassingOn.objects.bulk_create(rows)
        meeting.passings.filter(state=PassStage.OPEN).update(due_on=due_on, updated_at=clock.now())
        Meeting.objects.filter(pk=meeting.pk).update(pass_by=due_on, pass_source=source[:160], updated_at=clock.now())
        meeting.pass_by, meeting.pass_source = due_on, source[:160]
        note_step(meeting, "ask-pass", actor=actor, data={"units": len(new), "due": due_on, "source": source})
        words = _("Pass “%(name)s” on to your people by %(day)s and record your meeting")
        for passing in made:
            _tell(passing, words % {"name": meeting.name, "day": day_words(due_on)})
    return len(new)


@receiver(held)
def ask_by_series(sender: Any, *, meeting: Meeting, actor: Any, **_more: Any) -> None:
    """A series that says so asks its units as soon as a meeting is entered as held."""
    series = meeting.series
    if series is not None and series.pass_within:
        due = default_calendar().add_workdays(meeting.day, series.pass_within)
        ask_to_pass_on(meeting, due_on=due, source=series.source or PASSING, actor=actor)


def record_passing(passing: PassingOn, own: OwnMeeting, *, actor: Any) -> None:
    """The unit held its own meeting; the office may enter it from paper or by phone, and its name is kept."""
    if own.form not in PassForm.values:
        raise Refusal(_("It does not say in which form."), _("Choose one of them."))
    if own.held_on > clock.today():
        raise Refusal(_("The day lies in the future."), _("Enter the meeting once it was held."))
    if own.held_on < passing.meeting.day:
        raise Refusal(_("The day lies before the meeting itself."), _("Enter the day on which it was passed on."))
    note = own.note.strip()[:200]
    by_unit = actor is None or passing.unit_id in scope_of(actor, ANSWER).unit_ids
    with transaction.atomic():
        data = {"form": own.form, "held_on": own.held_on, "scans": keep_papers(passing, own.scans, actor=actor)}
        advance(
            passing, PASSING_WORKFLOW, "pass", actor=actor, data=data, held_on=own.held_on, form=own.form,
            on_behalf="" if by_unit else str(passing.unit), note=note, recorded_at=clock.now(),
        )  # fmt: skip
        PassingOn.objects.filter(pk=passing.pk).update(note=note)
        passing.note = note


def waive_passing(passing: PassingOn, *, reason: str, actor: Any) -> None:
    """The unit need not pass it on."""
    advance(passing, PASSING_WORKFLOW, "waive", actor=actor, note=reason)


def return_passing(passing: PassingOn, *, reason: str, actor: Any) -> None:
    """What was recorded does not hold; the unit is told why."""
    with transaction.atomic():
        advance(passing, PASSING_WORKFLOW, "reopen", actor=actor, note=reason, held_on=None, form="")
        _tell(passing, _("“%(name)s”: please record again how you passed it on") % {"name": passing.meeting.name})


def remind_passing(passing: PassingOn, *, actor: Any) -> None:
    """Remind a unit that has not recorded its meeting, at most once a day."""
    require_actor(actor, EDIT, passing)
    if passing.state != PassStage.OPEN:
        raise Refusal(_("%s has passed it on or need not.") % passing.unit, _("Nothing is to be done."))
    if passing.reminded_at is not None and clock.local(passing.reminded_at).date() == clock.today():
        raise Refusal(_("%s was reminded today.") % passing.unit, _("Once a day is enough."))
    with transaction.atomic():
        PassingOn.objects.filter(pk=passing.pk).update(reminded_at=clock.now(), updated_at=clock.now())
        note_step(passing, "remind", actor=actor)
        words = _("Not yet recorded: how you passed “%(name)s” on (by %(day)s)")
        _tell(passing, words % {"name": passing.meeting.name, "day": day_words(passing.due_on)})


def may_enter(actor: Any, passing: PassingOn) -> bool:
    """Whether the person may record it, for the own unit or from paper."""
    return may(actor, ANSWER, passing)


def _tell(passing: PassingOn, words: str) -> None:
    url = reverse("directives:passing", args=[passing.pk])
    notify(people_to_tell(passing.unit, ANSWER), "directives", words, region=passing.region, url=url, matter=True)
