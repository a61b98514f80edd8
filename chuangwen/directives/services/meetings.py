"""One meeting on its way: written down, called, moved, cancelled, held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import SCANS, Upload, attach
from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.templatetags.wording import day as day_words
from chuangwen.directives.enums import AHEAD, MeetingKind, MeetingStage
from chuangwen.directives.meeting_rules import FIRST_YEAR, LAST_YEAR
from chuangwen.directives.meeting_words import when
from chuangwen.directives.models import Meeting, Seat
from chuangwen.directives.queries.meetings import Chair, participants, participants_of
from chuangwen.directives.services.agenda import assemble_agenda
from chuangwen.directives.services.series import Asked
from chuangwen.directives.workflow import ANSWER, EDIT, MEETING_WORKFLOW
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import people_to_tell_of
from chuangwen.workflow.services import StaleState, advance, note_step

PAPERS = SCANS | {DOCX, "application/msword"}
# A meeting was entered as held. A higher area that keeps a list of its own for it (supervision) holds that list too.
# Sent inside the transaction with `meeting` and `actor`.
held = Signal()
# A meeting was called; what goes with it (written reports) is asked for in the same transaction.
called = Signal()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is written down of a meeting outside of any series."""

    kind: str
    name: str
    day: date
    at: time
    place: str = ""
    chair: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """How a meeting went, as it is entered afterwards."""

    day: date
    chair: str
    place: str = ""
    recorder: str = ""


def add_meeting(campaign: Campaign, wanted: Wanted, asked: Asked, *, actor: Any) -> Meeting:
    """Write down a single meeting with those who are to come. Nobody is told before it is called."""
    require_actor(actor, EDIT, campaign)
    if wanted.kind not in MeetingKind.values:
        raise Refusal(_("There is no such kind of meeting."), _("Choose one from the list."))
    _refuse_year(wanted.day)
    chairs = participants_of(
        campaign.region, everybody=asked.everybody, units=asked.units, groups=asked.groups, posts=asked.posts
    )
    if not chairs:
        raise Refusal(_("Nobody takes part in this meeting."), _("Choose units, a group or posts."))
    with transaction.atomic():
        meeting = Meeting.objects.create(
            region=campaign.region, campaign=campaign, kind=wanted.kind, name=wanted.name.strip(), day=wanted.day,
            planned_day=wanted.day, at=wanted.at, place=wanted.place.strip(), chair=wanted.chair.strip(),
            made_by=actor,
        )  # fmt: skip
        note_step(meeting, "plan", actor=actor)
        seat_chairs(meeting, chairs)
    return meeting


def _refuse_year(day: date) -> None:
    """Raises Refusal for a day that no meeting of a campaign can have: a slip of the pen."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refusal(
            _("A meeting in the year %d cannot be right.") % day.year,
            _("Choose a day between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR},
        )


def _refuse_nowhere(room: str) -> None:
    """Raises Refusal where no room is told to those who are called."""
    if not room:
        raise Refusal(_("It does not say where the meeting is."), _("Name the room, the link or the telephone line."))


def call_meeting(meeting: Meeting, *, actor: Any, place: str = "", chair: str = "") -> int:
    """Tell those who take part, with day, place and agenda as it stands; returns how many units are called.

    `place` and `chair` stand in where the meeting has none. Refused without them: who is called must know where to go,
    or by which link or telephone to join.
    """
    where, who = (place or meeting.place).strip(), (chair or meeting.chair).strip()
    _refuse_nowhere(where)
    if not who:
        raise Refusal(_("It does not say who is in the chair."), _("Give the post."))
    with transaction.atomic():
        seat_series(meeting)
        seats = list(meeting.seats.select_related("unit"))
        if not seats:
            raise Refusal(_("Nobody takes part in this meeting."), _("Name units, a group or posts first."))
        assemble_agenda(meeting, actor=actor)
        units = {seat.unit for seat in seats}
        data = {"units": len(units)}
        advance(meeting, MEETING_WORKFLOW, "call", actor=actor, data=data, place=where, chair=who)
        words = _("You are called to “%(name)s”: %(when)s %(place)s")
        tell_units(meeting, units, words % {"name": meeting.name, "when": when(meeting), "place": meeting.place})
        called.send(Meeting, meeting=meeting, actor=actor)
    return len(units)


def move_meeting(meeting: Meeting, *, day: date, at: time, reason: str, actor: Any, place: str | None = None) -> None:
    """Another day or hour for a meeting that is ahead, with the reason kept; who was called is told."""
    require_actor(actor, EDIT, meeting)
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It is shown to the other side."))
    if day < clock.today():
        raise Refusal(_("That day is over."), _("Choose today or a later day."))
    _refuse_year(day)
    room = meeting.place if place is None else place.strip()
    if meeting.state == MeetingStage.CALLED:
        _refuse_nowhere(room)
    if (day, at, room) == (meeting.day, meeting.at, meeting.place):
        raise Refusal(_("That is where it stands already."), _("Choose another day, hour or room."))
    with transaction.atomic():
        before = {"day": meeting.day, "at": meeting.at}
        rows = Meeting.objects.filter(pk=meeting.pk, state__in=AHEAD)
        fields = {"day": day, "at": at, "place": room, "reason": reason.strip()[:200], "updated_at": clock.now()}
        if rows.update(**fields) != 1:
            raise StaleState(meeting)
        meeting.day, meeting.at, meeting.place, meeting.reason = day, at, room, reason.strip()[:200]
        note_step(meeting, "move", actor=actor, note=reason, data={"from": before, "to": {"day": day, "at": at}})
        words = _("“%(name)s” is moved to %(when)s %(place)s")
        _tell_called(meeting, words % {"name": meeting.name, "when": when(meeting), "place": meeting.place})


def cancel_meeting(meeting: Meeting, *, reason: str, actor: Any) -> None:
    """The meeting does not take place; who was called is told why."""
    with transaction.atomic():
        before = meeting.state
        advance(meeting, MEETING_WORKFLOW, "cancel", actor=actor, note=reason, reason=reason.strip()[:200])
        if before == MeetingStage.CALLED:
            words = _("“%(name)s” on %(day)s does not take place: %(why)s")
            values = {"name": meeting.name, "day": day_words(meeting.day), "why": meeting.reason}
            tell_units(meeting, units_of(meeting), words % values)


def hold_meeting(meeting: Meeting, course: Course, *, actor: Any, scans: Iterable[Upload] = ()) -> None:
    """Enter the meeting as held: its agenda is frozen as it stands, seats not yet noted stay to be noted."""
    if course.day > clock.today():
        raise Refusal(_("The day lies in the future."), _("Enter the meeting once it was held."))
    _refuse_year(course.day)
    if not course.chair.strip():
        raise Refusal(_("It does not say who was in the chair."), _("Give the post."))
    with transaction.atomic():
        seat_series(meeting)
        if meeting.agenda_at is None:
            assemble_agenda(meeting, actor=actor)
        meeting.day = course.day
        kept = {"scans": keep_papers(meeting, scans, actor=actor), "chair": course.chair.strip()}
        advance(
            meeting, MEETING_WORKFLOW, "hold", actor=actor, data=kept, day=course.day, chair=course.chair.strip(),
            place=course.place.strip() or meeting.place, recorder=course.recorder.strip(),
        )  # fmt: skip
        held.send(Meeting, meeting=meeting, actor=actor)


def seat_series(meeting: Meeting) -> None:
    """Seats for those whom the series calls, where the meeting has none yet."""
    if meeting.series is not None and not meeting.seats.exists():
        seat_chairs(meeting, participants(meeting.series))


def seat_chairs(meeting: Meeting, chairs: Iterable[Chair]) -> int:
    """Seats for these, each once; returns how many are new."""
    known = set(meeting.seats.values_list("unit", "post"))
    new = [
        Seat(region_id=meeting.region_id, meeting=meeting, unit=unit, post=post)
        for unit, post in chairs
        if (unit.pk, post.pk if post else None) not in known
    ]
    return len(Seat.objects.bulk_create(new))


def units_of(meeting: Meeting) -> list[Unit]:
    """The units that are called, each once, in the order of the tree."""
    return list(Unit.objects.filter(pk__in=meeting.seats.values("unit")))


def keep_papers(owner: Any, papers: Iterable[Upload], *, actor: Any) -> list[str]:
    """Hang scans on a meeting, or on what belongs to it; returns their hashes for the history."""
    kept = [
        attach(paper.data, paper.name, owner=owner, region=owner.region, actor=actor, accept=PAPERS) for paper in papers
    ]
    return [one.file.sha256 for one in kept]


def _tell_called(meeting: Meeting, words: str) -> None:
    if meeting.state == MeetingStage.CALLED:
        tell_units(meeting, units_of(meeting), words)


def tell_units(meeting: Meeting, units: Iterable[Unit], words: str) -> None:
    """Into the inbox of who answers for these units; it opens the meeting."""
    url = reverse("directives:meeting", args=[meeting.pk])
    people = people_to_tell_of(list(units), ANSWER)
    notify(people, "directives", words.strip(), region=meeting.region, url=url)
