"""What is due when a week, a month, a quarter or the time between two meetings is over. The program makes drafts.

Nothing leaves the house here: a flag is given, a list released and a meeting held by a person.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.core.workdays import ONE_DAY, default_calendar
from chuangwen.supervision.enums import FlagColour, NumberKey
from chuangwen.supervision.models import FeedbackMeeting, FlagLook, WeekList
from chuangwen.supervision.queries.meetings import late_problems, period_of
from chuangwen.supervision.queries.standings import last_quarter, month_of, numbers_of, rates, week_of
from chuangwen.supervision.services.linking import propose_consequences
from chuangwen.supervision.services.look_backs import look_back_on_last_quarter
from chuangwen.supervision.services.meetings import make_meeting
from chuangwen.supervision.services.peers import BRANCHES, make_list, propose_flags
from chuangwen.supervision.services.telling import tell_region


def look_at_periods(region: Region) -> None:
    """Propose what the periods that are over ask for, each once. Nothing on a day off."""
    if not default_calendar().is_workday(clock.today()):
        return
    propose_consequences(region)
    look_back_on_last_quarter(region)
    if set(NumberKey.values) - set(numbers_of(region)):
        return
    with transaction.atomic():
        _flags(region, FlagColour.BLACK, month_of(month_of(clock.today())[0] - ONE_DAY)[0])
        _flags(region, FlagColour.RED, last_quarter(clock.today())[0])
        _week(region)
        _meeting(region)


def _flags(region: Region, colour: FlagColour, first: date) -> None:
    if FlagLook.objects.filter(region=region, colour=colour, starts=first).exists():
        return
    made = propose_flags(region, colour, first, actor=None)
    if made:
        words = {
            FlagColour.BLACK: ngettext("%d black flag is proposed", "%d black flags are proposed", len(made)),
            FlagColour.RED: ngettext("%d red flag is proposed", "%d red flags are proposed", len(made)),
        }[colour]
        url = f"{reverse('supervision:flags')}?tab=proposed"
        tell_region(region, words % len(made), url, f"flags-{colour}-{first}")


def _week(region: Region) -> None:
    """The draft of last week's list, where anything was due in it."""
    first, last = week_of(clock.today() - timedelta(days=7))
    known = WeekList.objects.filter(region=region, starts=first).exists()
    if known or not any(rates(region, first, last, branch) for branch, _top, _bottom in BRANCHES):
        return
    week = make_list(region, first, actor=None)
    url = reverse("supervision:week", args=[week.pk])
    tell_region(region, _("The red and black list of last week is drafted"), url, f"week-{first}")


def _meeting(region: Region) -> None:
    """The list of the meeting on open problems, where anything is late."""
    months = numbers_of(region)[NumberKey.MEETING_MONTHS]
    this = period_of(clock.today(), months)
    first, _last = period_of(this[0] - ONE_DAY, months)
    known = FeedbackMeeting.objects.filter(region=region, starts=first).exists()
    if known or not late_problems(region).exists():
        return
    made = make_meeting(region, first, actor=None)
    url = reverse("supervision:meeting", args=[made.pk])
    tell_region(region, _("The list for the meeting on open problems is made"), url, f"meeting-{first}")
