"""The meeting on open problems (每两月问题反馈督办会): its list, what it decided, and the notices that follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require_actor, require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.models import Region
from chuangwen.core.templatetags.wording import day as day_words
from chuangwen.core.workdays import default_calendar
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import people_to_tell_of
from chuangwen.supervision.enums import MeetingState, NumberKey
from chuangwen.supervision.models import FeedbackMeeting, MeetingLine, SupervisionNotice
from chuangwen.supervision.queries.meetings import MOST_LINES, late_problems, period_of
from chuangwen.supervision.queries.standings import numbers_of
from chuangwen.supervision.services.papers import keep_papers
from chuangwen.supervision.services.proposing import put_on_notice
from chuangwen.supervision.workflow import EDIT, MEETING_WORKFLOW
from chuangwen.workflow.services import advance, note_step


@dataclass(frozen=True, slots=True)
class Held:
    """When the meeting was held, who was in the chair, under which number its minutes are kept."""

    held_on: date
    chair: str
    minutes: str = ""


def make_meeting(region: Region, day: date, *, actor: Any) -> FeedbackMeeting:
    """Make the list of the meeting of the months in which `day` lies, or make it anew before it is held.

    On it stands what is late now, the longest first, at most MOST_LINES. What was written beside a problem stays.
    """
    require_region(actor, EDIT, region.pk)
    months = numbers_of(region).get(NumberKey.MEETING_MONTHS)
    if months is None:
        raise Refusal(_("The numbers of flags and lists are not written yet."), _("Open their page and write them."))
    first, last = period_of(day, months)
    if first > clock.today():
        raise Refusal(_("The period has not begun yet."), _("Choose this one or an earlier one."))
    now, calendar = clock.now(), default_calendar()
    with transaction.atomic():
        meeting, _new = FeedbackMeeting.objects.select_for_update().get_or_create(
            region=region, starts=first, defaults={"ends": last, "made_at": now}
        )
        if meeting.state != MeetingState.DRAFT:
            raise Refusal(_("This meeting was held."), _("Its list does not change any more."))
        FeedbackMeeting.objects.filter(pk=meeting.pk).update(made_at=now, updated_at=now)
        written = dict(meeting.lines.exclude(decision="").values_list("problem", "decision"))
        meeting.lines.all().delete()
        found = list(late_problems(region).values_list("pk", "lead", "due_at")[:MOST_LINES])
        today = clock.today()
        MeetingLine.objects.bulk_create(
            MeetingLine(
                region=region, meeting=meeting, problem_id=pk, unit_id=lead, due_at=due,
                days_late=calendar.workdays_between(clock.local(due).date(), today), decision=written.get(pk, ""),
            )
            for pk, lead, due in found
        )  # fmt: skip
        note_step(meeting, "make", actor=actor, data={"lines": len(found)})
    meeting.made_at = now
    return meeting


def decide_line(line: MeetingLine, *, decision: str, actor: Any) -> None:
    """Write down what the meeting decided about a problem."""
    require_actor(actor, EDIT, line)
    if not decision.strip():
        raise Refusal(_("There is no text."), _("Say who does what, and by when."))
    with transaction.atomic():
        MeetingLine.objects.filter(pk=line.pk).update(decision=decision.strip()[:300], updated_at=clock.now())
        record("supervision.meeting.decide", line, actor=actor, data={"decision": decision.strip()})
    line.decision = decision.strip()[:300]


def hold_meeting(meeting: FeedbackMeeting, held: Held, *, actor: Any, scans: Iterable[Upload] = ()) -> None:
    """The meeting was held: its list stands, and the units on it are told where to read what was decided."""
    require_actor(actor, EDIT, meeting)
    if held.held_on > clock.today():
        raise Refusal(_("The day lies in the future."), _("Enter the meeting once it was held."))
    if held.held_on < meeting.starts:
        raise Refusal(_("The day lies before the period."), _("Enter the day on which it was held."))
    if not held.chair.strip():
        raise Refusal(_("It does not say who was in the chair."), _("Give the post."))
    if not meeting.lines.exists():
        raise Refusal(_("Nothing stands on the list."), _("Without open problems no meeting is held."))
    with transaction.atomic():
        kept = {"scans": keep_papers(meeting, scans, actor=actor), "chair": held.chair}
        advance(
            meeting, MEETING_WORKFLOW, "hold", actor=actor, data=kept, held_on=held.held_on, chair=held.chair.strip(),
            minutes=held.minutes.strip(), entered_by=actor,
        )  # fmt: skip
        units = list(Unit.objects.filter(pk__in=meeting.lines.values("unit")))
        title = _("The meeting on open problems of %s: your problems") % day_words(held.held_on)
        url = reverse("supervision:meeting", args=[meeting.pk])
        notify(people_to_tell_of(units, "supervision.answer"), "supervision", title, region=meeting.region, url=url)


def note_minutes(meeting: FeedbackMeeting, number: str) -> None:
    """The minutes of the meeting were signed under `number`; a number that somebody entered by hand stays."""
    with transaction.atomic():
        if FeedbackMeeting.objects.filter(pk=meeting.pk, minutes="").update(minutes=number, updated_at=clock.now()):
            meeting.minutes = number
            record("supervision.meeting.minutes", meeting, actor=None, data={"minutes": number})


def press_line(line: MeetingLine, *, colour: str, actor: Any) -> SupervisionNotice:
    """After the meeting: the problem goes on a notice to its unit, which is signed like any other (会后督办单)."""
    require_actor(actor, EDIT, line)
    meeting = line.meeting
    if meeting.state != MeetingState.HELD:
        raise Refusal(_("The meeting was not held yet."), _("Enter it first; notices follow."))
    words = {"day": day_words(meeting.held_on), "minutes": meeting.minutes or _("no number")}
    reason = _("Decided by the meeting on open problems of %(day)s (minutes: %(minutes)s).") % words
    return put_on_notice(line, line.problem.lead, colour=colour, problems=[line.problem], reason=reason, actor=actor)
