"""Kinds and states of papers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PaperKind(models.TextChoices):
    """通报, 整改周报, the ledgers of practice.md, Papers and their columns; the sheet for the year-end assessment."""

    BULLETIN = "bulletin", pgettext_lazy("paper", "Bulletin")
    RECTIFICATION = "rectification", _("Weekly report on rectification")
    WORK = "work", _("Weekly report on work")
    SUPERIOR = "superior", _("Ledger of superiors' feedback")
    HARD = "hard", _("List of hard problems")
    INSTRUCTIONS = "instructions", _("Handling sheet of instructions")
    TASKS = "tasks", _("Breakdown of tasks and their progress")
    YEAR = "year", _("Year-end sheet of units")
    ROUND = "round", _("Findings of a round, to units")
    UPWARD = "upward", _("Findings of a round, to superiors")


class BulletinState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("paper", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("paper", "For approval")
    APPROVED = "approved", pgettext_lazy("paper", "Approved")
    ISSUED = "issued", pgettext_lazy("paper", "Issued")
    WITHDRAWN = "withdrawn", pgettext_lazy("paper", "Withdrawn")


class ReleaseState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("release", "Waits for the second person")
    RELEASED = "released", pgettext_lazy("release", "Open to everybody")
    TAKEN_BACK = "taken-back", pgettext_lazy("release", "Taken back")
    DROPPED = "dropped", pgettext_lazy("release", "Not released")


STANDING_RELEASES = (ReleaseState.PROPOSED, ReleaseState.RELEASED)
STATE_SHAPES = {
    BulletinState.DRAFT: "open",
    BulletinState.SUBMITTED: "fixed",
    BulletinState.APPROVED: "assigned",
    BulletinState.ISSUED: "met",
    BulletinState.WITHDRAWN: "not-applicable",
}
