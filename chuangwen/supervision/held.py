"""A supervision meeting that is entered as held (directives) holds the list of late problems made for it too.

So day and chair are entered once, and the list learns the number of the minutes when they are signed; on a list
without problems nothing happens.
"""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from chuangwen.core.access import may
from chuangwen.directives.enums import MeetingKind
from chuangwen.directives.services.meetings import held
from chuangwen.directives.services.minutes import signed
from chuangwen.supervision.enums import MeetingState
from chuangwen.supervision.queries.meetings import list_for
from chuangwen.supervision.services import Held, hold_meeting
from chuangwen.supervision.services.meetings import note_minutes
from chuangwen.supervision.workflow import EDIT


@receiver(held)
def hold_list(sender: Any, *, meeting: Any, actor: Any, **_more: Any) -> None:
    """Hold the draft of the months in which the meeting lies, if whoever enters the meeting may."""
    if meeting.kind != MeetingKind.SUPERVISION:
        return
    found = list_for(meeting.region_id, meeting.day)
    if found is None or found.state != MeetingState.DRAFT or not found.lines.exists():
        return
    if found.starts <= meeting.day and (actor is None or may(actor, EDIT, found)):
        hold_meeting(found, Held(meeting.day, meeting.chair), actor=actor)


@receiver(signed)
def note_number(sender: Any, *, meeting: Any, **_more: Any) -> None:
    """The list held on the meeting's day shows the number of its minutes."""
    if meeting.kind != MeetingKind.SUPERVISION:
        return
    found = list_for(meeting.region_id, meeting.day)
    if found is not None and found.state == MeetingState.HELD and found.held_on == meeting.day:
        note_minutes(found, meeting.number)
