"""Kinds and rhythms of meetings, who came, how a unit passed a meeting on, in which form it reports."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MeetingKind(models.TextChoices):
    """What a meeting is for; its agenda is assembled accordingly. A lower area knows these words (core.panels)."""

    REGULAR = "regular", _("Regular meeting")
    BULLETIN = "bulletin", _("Bulletin meeting")
    SUPERVISION = "supervision", _("Supervision meeting")
    DEPLOYMENT = "deployment", _("Deployment meeting")
    STANDUP = "standup", _("Stand-up before an assessment")
    STUDY = "study", _("Study by the leading group")
    OTHER = "other", _("Other meeting")


class Rhythm(models.TextChoices):
    """How often a series meets. Without one the paper says 定期 and names no period, so it has to be asked for."""

    WEEK = "week", _("every week")
    MONTH = "1", _("every month")
    TWO_MONTHS = "2", _("every two months")
    QUARTER = "3", _("every quarter")
    HALF_YEAR = "6", _("every half year")


class DayRule(models.TextChoices):
    """Which day of the month a series meets on; a day off always gives way to a working day."""

    WORKDAY = "workday", pgettext_lazy("meeting", "working day of the month")
    LAST = "last", pgettext_lazy("meeting", "working day from the month's end")
    DATE = "date", pgettext_lazy("meeting", "day of the month")


class Weekday(models.IntegerChoices):
    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")


class MeetingStage(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    CALLED = "called", pgettext_lazy("meeting", "Called")
    HELD = "held", pgettext_lazy("meeting", "Held")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")


AHEAD = (MeetingStage.PLANNED, MeetingStage.CALLED)


class Attendance(models.TextChoices):
    """Who of those asked came. A unit sits at the table, never a person by name."""

    EXPECTED = "expected", pgettext_lazy("meeting", "Not yet noted")
    PRESENT = "present", pgettext_lazy("meeting", "Present")
    REPRESENTED = "represented", pgettext_lazy("meeting", "Represented")
    EXCUSED = "excused", pgettext_lazy("meeting", "Excused")
    ABSENT = "absent", pgettext_lazy("meeting", "Absent")


class PassForm(models.TextChoices):
    """In which form a unit passed a meeting on (会后立即动员部署)."""

    MOBILISATION = "mobilisation", _("Mobilisation meeting")
    LAUNCH = "launch", _("Launch meeting")
    SYSTEM = "system", _("Meeting of the whole line")
    SPECIAL = "special", _("Special meeting")


class PassStage(models.TextChoices):
    OPEN = "open", pgettext_lazy("passing on", "Not yet passed on")
    DONE = "done", pgettext_lazy("passing on", "Passed on")
    WAIVED = "waived", pgettext_lazy("passing on", "Let off")


class WrittenForm(models.TextChoices):
    """How a written report comes in (书面报送)."""

    PAPER = "paper", pgettext_lazy("written report", "On paper, sealed")
    FILE = "file", pgettext_lazy("written report", "As a file")
    BOTH = "both", pgettext_lazy("written report", "On paper and as a file")


class CallStage(models.TextChoices):
    OPEN = "open", pgettext_lazy("written report", "Running")
    CLOSED = "closed", pgettext_lazy("written report", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("written report", "Withdrawn")


class WrittenStage(models.TextChoices):
    DUE = "due", pgettext_lazy("written report", "Not yet in")
    RETURNED = "returned", pgettext_lazy("written report", "Returned")
    HANDED_IN = "handed-in", pgettext_lazy("written report", "Handed in")
    WAIVED = "waived", pgettext_lazy("written report", "Let off")


class TopicStage(models.TextChoices):
    OPEN = "open", pgettext_lazy("topic", "To be studied")
    STUDIED = "studied", pgettext_lazy("topic", "Studied")
    DROPPED = "dropped", pgettext_lazy("topic", "Dropped")


class LetterStage(models.TextChoices):
    """Where a letter from above (上级来文) is: 拟办、批示、分办、办理、回复."""

    REGISTERED = "registered", pgettext_lazy("letter", "Waiting for a proposal")
    LEADER = "leader", pgettext_lazy("letter", "With a leader")
    PASSING = "passing", pgettext_lazy("letter", "To be passed on")
    HANDLED = "handled", pgettext_lazy("letter", "Being handled")
    SIGNED = "signed", pgettext_lazy("letter", "Signed, to be sent")
    ANSWERED = "answered", pgettext_lazy("letter", "Answered")
    NOTICE = "notice", pgettext_lazy("letter", "Only for notice")
    WITHDRAWN = "withdrawn", pgettext_lazy("letter", "Registered in error")


BEFORE_UNITS = (LetterStage.REGISTERED, LetterStage.LEADER, LetterStage.PASSING)
OPEN_LETTERS = (*BEFORE_UNITS, LetterStage.HANDLED, LetterStage.SIGNED)


class SlipKind(models.TextChoices):
    """Kinds of a reply slip's fields (slips.py)."""

    TEXT = "text", pgettext_lazy("slip", "Text")
    NUMBER = "number", pgettext_lazy("slip", "Number")
    CHOICE = "choice", pgettext_lazy("slip", "Choice")
    DAY = "date", pgettext_lazy("slip", "Day")
