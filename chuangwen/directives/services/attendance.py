"""Who was called and who came: seats added and taken out, the roll on the spot or from the signed sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.directives.enums import AHEAD, Attendance, MeetingStage
from chuangwen.directives.meeting_words import when
from chuangwen.directives.models import Meeting, Seat
from chuangwen.directives.queries.meetings import participants_of
from chuangwen.directives.services.meetings import keep_papers, seat_chairs, seat_series, tell_units
from chuangwen.directives.services.series import Asked
from chuangwen.directives.workflow import EDIT
from chuangwen.workflow.services import note_step

Noted = Mapping[int, tuple[str, str]]  # key of the seat -> presence, note


def add_participants(meeting: Meeting, asked: Asked, *, actor: Any) -> int:
    """Call others in addition to those of the series; returns how many. Where the meeting was called they are told."""
    require_actor(actor, EDIT, meeting)
    if meeting.state == MeetingStage.CANCELLED:
        raise Refusal(_("This meeting was cancelled."), _("Nobody is called to it."))
    chairs = participants_of(
        meeting.region, everybody=asked.everybody, units=asked.units, groups=asked.groups, posts=asked.posts
    )
    with transaction.atomic():
        seat_series(meeting)
        before = set(meeting.seats.values_list("unit", flat=True))
        new = seat_chairs(meeting, chairs)
        if not new:
            raise Refusal(_("They take part already."), _("Choose others."))
        note_step(meeting, "seat", actor=actor, data={"seats": new})
        if meeting.state == MeetingStage.CALLED:
            words = _("You are called to “%(name)s”: %(when)s %(place)s")
            units = {unit for unit, _post in chairs if unit.pk not in before}
            tell_units(meeting, units, words % {"name": meeting.name, "when": when(meeting), "place": meeting.place})
    return new


def take_out(seat: Seat, *, actor: Any) -> None:
    """Somebody need not come, before the meeting."""
    require_actor(actor, EDIT, seat.meeting)
    if seat.meeting.state not in AHEAD:
        raise Refusal(_("The meeting was held."), _("Note the unit as excused instead."))
    with transaction.atomic():
        note_step(seat.meeting, "unseat", actor=actor, data={"title": str(seat)})
        seat.delete()


def call_roll(meeting: Meeting, noted: Noted, *, actor: Any, scans: Iterable[Upload] = ()) -> int:
    """Note who came; returns how many seats changed. `scans`: the signed sheet, where it is entered from paper.

    A unit excused or represented says by whom or why, by post. Refused before the day of the meeting.
    """
    require_actor(actor, EDIT, meeting)
    if meeting.state == MeetingStage.CANCELLED:
        raise Refusal(_("This meeting was cancelled."), _("Nobody is called to it."))
    if meeting.day > clock.today():
        raise Refusal(_("The meeting is still ahead."), _("Call the roll on its day."))
    if {presence for presence, _note in noted.values()} - set(Attendance.values):
        raise Refusal(_("There is no such entry."), _("Choose present, represented, excused or absent."))
    with transaction.atomic():
        seat_series(meeting)
        seats = list(meeting.seats.select_for_update())
        changed = []
        for seat in seats:
            presence, note = noted.get(seat.pk, (seat.presence, seat.note))
            note = note.strip()[:120]
            if (presence, note) != (seat.presence, seat.note):
                seat.presence, seat.note, seat.updated_at = presence, note, clock.now()
                changed.append(seat)
        Seat.objects.bulk_update(changed, ["presence", "note", "updated_at"])
        hashes = keep_papers(meeting, scans, actor=actor)
        if changed or hashes:
            told = {str(seat.pk): seat.presence for seat in changed}
            note_step(meeting, "attend", actor=actor, data={"seats": told, "scans": hashes})
    return len(changed)
