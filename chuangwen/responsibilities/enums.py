"""Who leads and who helps, where a duty comes from, the states of a task, how an instruction was given."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Share(models.TextChoices):
    LEAD = "lead", _("Lead")
    COOPERATE = "cooperate", _("Cooperate")


class Origin(models.TextChoices):
    """How a cell of the matrix or a task came to be."""

    HAND = "hand", _("Written by hand")
    CLAIM = "claim", pgettext_lazy("origin", "Claimed by the unit")
    HINT = "hint", _("By the standard's hint")
    WORKBOOK = "workbook", _("From a workbook")
    BREAKDOWN = "breakdown", _("From the breakdown")
    DIRECTIVE = "directive", _("From a document")
    INSTRUCTION = "instruct", _("By a leader's instruction")
    LETTER = "letter", _("From a letter from above")
    DUTY = "duty", _("From a recurring duty")
    OWN = "own", _("From the unit's own list")
    KIND = "kind", _("By its kind of organization")


TASK_ORIGINS = (
    Origin.BREAKDOWN,
    Origin.DIRECTIVE,
    Origin.INSTRUCTION,
    Origin.LETTER,
    Origin.DUTY,
    Origin.OWN,
    Origin.WORKBOOK,
    Origin.HAND,
)


class TaskState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Waiting to be accepted")
    ACCEPTED = "accepted", _("Under way")
    OBJECTED = "objected", _("Objected to")
    REPORTED = "reported", _("Waiting to be confirmed")
    CONFIRMED = "confirmed", _("Closed as done")
    CANCELLED = "cancelled", _("Task cancelled")


# Still running against the unit's clock.
OPEN_TASK_STATES = (TaskState.ISSUED, TaskState.ACCEPTED, TaskState.OBJECTED)
# Done by the unit's own word at least
FINISHED_TASK_STATES = (TaskState.REPORTED, TaskState.CONFIRMED)


class DutyState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("duty", "Running")
    PAUSED = "paused", pgettext_lazy("duty", "Paused")
    ENDED = "ended", pgettext_lazy("duty", "Ended")


class Book(models.TextChoices):
    """In which of the two ledgers of one post a task stands (一岗双责): the campaign's, or the office's own work."""

    CAMPAIGN = "campaign", pgettext_lazy("ledger", "Campaign")
    BUSINESS = "business", pgettext_lazy("ledger", "Own work")


class Request(models.TextChoices):
    """What became of a unit's request for a later deadline."""

    ASKED = "asked", pgettext_lazy("request", "Waiting for a decision")
    GRANTED = "granted", pgettext_lazy("request", "Granted")
    REFUSED = "refused", pgettext_lazy("request", "Refused")


class WeekState(models.TextChoices):
    OPEN = "open", pgettext_lazy("weekly", "Not confirmed yet")
    CONFIRMED = "confirmed", pgettext_lazy("weekly", "Confirmed")
    WAIVED = "waived", pgettext_lazy("weekly", "Let off")


class Urgency(models.TextChoices):
    """How soon a leader wants an instruction done, as papers are marked: 平件, 加急, 特急."""

    ORDINARY = "ordinary", pgettext_lazy("instruction", "Ordinary")
    URGENT = "urgent", pgettext_lazy("instruction", "Urgent")
    MOST = "most", pgettext_lazy("instruction", "Most urgent")


class Medium(models.TextChoices):
    """How an instruction was given."""

    PAPER = "paper", pgettext_lazy("instruction", "On paper")
    SPOKEN = "spoken", pgettext_lazy("instruction", "By word of mouth")
    SCREEN = "screen", pgettext_lazy("instruction", "On screen")


class RoadSide(models.TextChoices):
    """A side of a road, seen from its beginning."""

    BOTH = "both", pgettext_lazy("road", "Both sides")
    LEFT = "left", pgettext_lazy("road", "Left side")
    RIGHT = "right", pgettext_lazy("road", "Right side")


class ChainLevel(models.TextChoices):
    """Through whose hands a task goes inside a unit: 决策、主办、承办."""

    DECIDE = "decide", pgettext_lazy("chain", "Decides")
    ANSWER = "answer", pgettext_lazy("chain", "Answers for it")
    DO = "do", pgettext_lazy("chain", "Does it")


class ClaimState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("claim", "Waiting")
    GIVEN = "given", pgettext_lazy("claim", "Leads now")
    DOWN = "down", pgettext_lazy("claim", "Turned down")
    WITHDRAWN = "withdrawn", pgettext_lazy("claim", "Withdrawn")


class ObjectionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("objection", "Waiting for the ruling")
    STAYS = "stays", pgettext_lazy("objection", "It stays with the unit")
    MOVED = "moved", pgettext_lazy("objection", "Taken off the unit")


class RepeatGround(models.TextChoices):
    """Why a request looks like one that is open already."""

    WORDS = "words", _("Like words")
    CRITERION = "criterion", _("The same criterion")
    DOSSIER = "dossier", _("Its dossier is open")


class Verdict(models.TextChoices):
    """What the unit above says of a period in a word (proposed)."""

    GOOD = "good", pgettext_lazy("verdict", "Good")
    FAIR = "fair", pgettext_lazy("verdict", "Fairly good")
    MIDDLING = "middling", pgettext_lazy("verdict", "Middling")
    POOR = "poor", pgettext_lazy("verdict", "Poor")


class LevelState(models.TextChoices):
    OPEN = "open", pgettext_lazy("level", "Not judged yet")
    JUDGED = "judged", pgettext_lazy("level", "Waits for the unit")
    AGREED = "agreed", pgettext_lazy("level", "Confirmed by the unit")
    OBJECTED = "objected", pgettext_lazy("level", "Objected to")
    STAYS = "stays", pgettext_lazy("level", "Objection answered: it stays")


class HeadWork(models.TextChoices):
    """What the first responsible does in person (亲自部署、亲自指挥、亲自检查)."""

    DEPLOY = "deploy", pgettext_lazy("in person", "Deployed")
    COMMAND = "command", pgettext_lazy("in person", "Commanded")
    INSPECT = "inspect", pgettext_lazy("in person", "Inspected")


class HouseRuleState(models.TextChoices):
    """A rule that a unit made for itself holds until it ends or another takes its place."""

    HOLDS = "holds", pgettext_lazy("house rule", "In force")
    REPLACED = "replaced", pgettext_lazy("house rule", "Replaced")
    ENDED = "ended", pgettext_lazy("house rule", "Ended")


class Keeping(models.TextChoices):
    """What a check of a house rule found (proposed)."""

    KEPT = "kept", pgettext_lazy("house rule", "Kept")
    PARTLY = "partly", pgettext_lazy("house rule", "Partly kept")
    NOT = "not", pgettext_lazy("house rule", "Not kept")


class DutyKeeping(models.TextChoices):
    """How a recurring duty is kept, as who checks its kind of organization sees it."""

    KEPT = "kept", pgettext_lazy("duty", "Kept")
    LATE = "late", pgettext_lazy("duty", "Late")
    NEVER = "never", pgettext_lazy("duty", "Never shown")
    AHEAD = "ahead", pgettext_lazy("duty", "Not due yet")
