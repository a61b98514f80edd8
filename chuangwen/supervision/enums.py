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
