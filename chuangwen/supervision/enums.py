"""Colours, states and whom a notice goes to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Colour(models.TextChoices):
    WHITE = "white", _("White notice")
    YELLOW = "yellow", _("Yellow notice")
    RED = "red", _("Red notice")


class LadderStep(models.TextChoices):
    """The rungs; the values are those of ladder.Step."""

    REMINDER = "reminder", _("Reminder")
    WHITE = "white", _("White notice")
    YELLOW = "yellow", _("Yellow notice")
    RED = "red", _("Red notice")


class RuleCondition(models.TextChoices):
    """The values are those of ladder.Condition."""

    DUE_SOON = "due-soon", _("Working days before the deadline")
    LATE = "late", _("Working days late")
    AFTER = "after", _("Working days after the colour below, still late")
    RETURNED = "returned", _("Times returned")
    RECURRENCE = "recurrence", _("Back within so many days")
    FALSIFIED = "falsified", _("Confirmed falsification")


class NoticeState(models.TextChoices):
    PROPOSED = "proposed", _("To be signed")
    SENT = "sent", _("Sent")
    ACKNOWLEDGED = "acknowledged", pgettext_lazy("notice", "Received")
    ANSWERED = "answered", _("Answered")
    SETTLED = "settled", pgettext_lazy("notice", "Settled")
    ESCALATED = "escalated", pgettext_lazy("notice", "Escalated")
    WITHDRAWN = "withdrawn", pgettext_lazy("notice", "Withdrawn")
    DROPPED = "dropped", pgettext_lazy("notice", "Not sent")


RUNNING_STATES = (NoticeState.SENT, NoticeState.ACKNOWLEDGED, NoticeState.ANSWERED)
UNSENT_STATES = (NoticeState.PROPOSED, NoticeState.DROPPED)


class Addressee(models.TextChoices):
    """To whom a step goes (practice.md, Default ladder)."""

    LIAISON = "liaison", _("Liaison")
    ACTING = "acting", _("Liaison and acting responsible")
    FIRST = "first", _("First responsible")
    HEAD = "head", _("Head of the unit")


class CopyTo(models.TextChoices):
    NOBODY = "", pgettext_lazy("notice", "Nobody")
    CHARGE = "charge", _("Leader in charge")
    SUPERVISION = "supervision", _("Supervision office")


class Signer(models.TextChoices):
    """Who signs a colour; by it the permission is found (workflow.SIGNING)."""

    NOBODY = "", pgettext_lazy("notice", "Nobody")
    CLERK = "clerk", _("Clerk of the campaign office")
    DIRECTOR = "director", _("Director of the campaign office")
    DEPUTY = "deputy", _("Deputy head of the leading group")


class VetoState(models.TextChoices):
    REPORTED = "reported", _("To be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("veto", "Confirmed")
    REJECTED = "rejected", pgettext_lazy("veto", "Not confirmed")
    LIFTED = "lifted", pgettext_lazy("veto", "Lifted")


class FlagColour(models.TextChoices):
    BLACK = "black", _("Black flag")
    RED = "red", _("Red flag")


class FlagState(models.TextChoices):
    PROPOSED = "proposed", _("To be given")
    GIVEN = "given", pgettext_lazy("flag", "Held")
    BACK = "back", pgettext_lazy("flag", "Handed back")
    DROPPED = "dropped", pgettext_lazy("flag", "Not given")


class ListState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("list", "Draft")
    RELEASED = "released", pgettext_lazy("list", "Released")


class MeetingState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("meeting", "To be held")
    HELD = "held", pgettext_lazy("meeting", "Held")


class Side(models.TextChoices):
    NONE = "", "—"
    RED = "red", _("Red list")
    BLACK = "black", _("Black list")


class ScorePart(models.TextChoices):
    """The parts of a unit's monthly score; the values are those of peers.Part."""

    FIELD = "field", pgettext_lazy("score", "Field")
    RECTIFICATION = "rectification", pgettext_lazy("score", "Rectification")
    TASKS = "tasks", pgettext_lazy("score", "Tasks")
    MATERIAL = "material", pgettext_lazy("score", "Material")
    REPORTING = "reporting", pgettext_lazy("score", "Reporting")


class NumberKey(models.TextChoices):
    """The numbers by which flags and lists go."""

    BLACK_BELOW = "black-below", _("Black flag: the score lies below")
    BLACK_DUE = "black-due", _("Black flag: at least so many problems due")
    BLACK_BACK = "black-back", _("Black flag: handed back at a score of")
    PEERS = "peers", _("Flags: at least so many units of the group with a score")
    RED_FROM = "red-from", _("Red flag: the score is at least")
    RED_DUE = "red-due", _("Red flag: at least so many problems due")
    TOP_LINES = "top-lines", _("Red list: so many departments")
    BOTTOM_LINES = "bottom-lines", _("Black list: so many departments")
    TOP_TERRITORIES = "top-territories", _("Red list: so many towns and streets")
    BOTTOM_TERRITORIES = "bottom-territories", _("Black list: so many towns and streets")
    LIST_DUE = "list-due", _("Lists: at least so many problems due in the week")
    FLAG_TALK = "flag-talk", _("Black flag so many times running: talk")
    FLAG_REFER = "flag-refer", _("Black flag so many times in 12 months: referral")
    LIST_ORGANISATION = "list-organisation", _("Black list so many times running: the organisation department talks")
    LIST_ACCOUNT = "list-account", _("Black list so many times running: accountability")
    MEETING_MONTHS = "meeting-months", _("Meeting on open problems: every so many months")
    REPLY_DAYS = "reply-days", _("Exposure: working days in which the unit can reply before")


class Brings(models.TextChoices):
    """What a black flag or list brings."""

    NONE = "", "—"
    TALK = "talk", _("Talk")
    REFERRAL = "referral", _("Referral")
    CHARGE = "charge", _("The leader in charge talks")
    ORGANISATION = "organisation", _("The organisation department talks")
    ACCOUNT = "account", _("Accountability")


class StoryKind(models.TextChoices):
    EXPOSURE = "exposure", _("Exposure")
    PRAISE = "praise", _("Praise")


class StoryState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("story", "Proposed")
    TOLD = "told", pgettext_lazy("story", "Unit told")
    RELEASED = "released", pgettext_lazy("story", "Released")
    DROPPED = "dropped", pgettext_lazy("story", "Not released")
    TAKEN_DOWN = "taken-down", pgettext_lazy("story", "Taken down")


class ConsequenceState(models.TextChoices):
    """Proposed by a linking rule, or entered by a person; it holds once a second person has confirmed it."""

    PROPOSED = "proposed", pgettext_lazy("consequence", "Proposed by a rule")
    REPORTED = "reported", _("To be confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("consequence", "Confirmed")
    REJECTED = "rejected", pgettext_lazy("consequence", "Not decided on")
    LIFTED = "lifted", pgettext_lazy("consequence", "Lifted")


class LinkFigure(models.TextChoices):
    """From which figure of a unit a linking rule (挂钩规则) goes out; the values are those of linking.Figure."""

    RED_YEAR = "red-year", _("Red notices in a year")
    YELLOW_YEAR = "yellow-year", _("Yellow notices in a year")
    EXPOSED_YEAR = "exposed-year", _("Exposures in a year")
    BLACK_RUNNING = "black-running", _("Black flag so many times running")
    LIST_RUNNING = "list-running", _("Black list so many times running")
    RED_FLAGS_YEAR = "red-flags-year", _("Red flags in a year")
    LAGGED_YEAR = "lagged-year", _("Matters still lagging after look-backs in a year")
    CLEAN_YEAR = "clean-year", _("A whole year without anything late and without a notice, of so many matters due")


class LagKind(models.TextChoices):
    """Why a matter stands on the quarterly look-back (每季度“回头望”)."""

    DECISION = "decision", pgettext_lazy("look-back", "Decision of a meeting not done")
    TASK = "task", pgettext_lazy("look-back", "Task late")
    MOVED = "moved", pgettext_lazy("look-back", "Task postponed again and again")
    NOTICE = "notice", pgettext_lazy("look-back", "Notice without an answer")
    REPORT = "report", pgettext_lazy("look-back", "Written report missing")
    BACK = "back", pgettext_lazy("look-back", "Closed problem is back")
    SAMPLE = "sample", pgettext_lazy("look-back", "Closed problem, drawn to be looked at again")
    CRITERION = "criterion", pgettext_lazy("look-back", "Criterion with a falling result")


class LookBackState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("look-back", "Being trimmed")
    GIVEN = "given", pgettext_lazy("look-back", "With units")
    CLOSED = "closed", pgettext_lazy("look-back", "Closed")


class LagState(models.TextChoices):
    """Where one line of a look-back stands."""

    LISTED = "listed", pgettext_lazy("look-back", "Not answered yet")
    DROPPED = "dropped", pgettext_lazy("look-back", "Left out")
    ANSWERED = "answered", pgettext_lazy("look-back", "Answered, to be judged")
    DONE = "done", pgettext_lazy("look-back", "Done now")
    STILL = "still", pgettext_lazy("look-back", "Still not done")
    GONE = "gone", pgettext_lazy("look-back", "Object gone")


JUDGED = (LagState.DONE, LagState.STILL, LagState.GONE)


class CountedFrom(models.TextChoices):
    """From when on an event counts in a round (both ends in it; the round's last day is the end)."""

    YEAR = "year", pgettext_lazy("counts", "In the whole year of the round")
    ROUND = "round", pgettext_lazy("counts", "Since the end of the round before")
