"""States, sources and classes of problems."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProblemState(models.TextChoices):
    FOUND = "found", _("To be assigned")
    ASSIGNED = "assigned", _("Being put right")
    DISPUTED = "disputed", _("Disputed")
    FIXED = "fixed", _("To be verified")
    RETURNED = "returned", _("Returned")
    LONG_TERM = "long-term", _("Long-term")
    CLOSED = "closed", pgettext_lazy("problem", "Closed")
    MERGED = "merged", pgettext_lazy("problem", "Merged")
    GONE = "gone", _("Object gone")


OPEN_STATES = (
    ProblemState.FOUND,
    ProblemState.ASSIGNED,
    ProblemState.DISPUTED,
    ProblemState.FIXED,
    ProblemState.RETURNED,
    ProblemState.LONG_TERM,
)


class Source(models.TextChoices):
    INSPECTION = "inspection", _("Inspection")
    SUPERIOR = "superior", _("Superior's feedback")
    HOTLINE = "hotline", _("12345 hotline")
    CITIZEN = "citizen", _("Citizen")
    MEDIA = "media", _("Media")
    SELF = "self", _("Unit itself")


class PhotoRole(models.TextChoices):
    BEFORE = "before", _("Before")
    AFTER = "after", _("After")
    PROOF = "proof", _("Proof")


class ProblemClass(models.TextChoices):
    """立行立改, 限期整改, 长期整改 (practice.md, Default deadlines)."""

    IMMEDIATE = "immediate", _("To be put right at once")
    LIMITED = "limited", _("To be put right by a deadline")
    LONG_TERM = "long-term", _("Long-term")


class Routed(models.TextChoices):
    """By what a problem came to its lead."""

    RULE = "rule", _("Routing rule")
    KEEPER = "keeper", _("The place's keeper")
    TERRITORY = "territory", _("The territory")
    OFFICE = "office", _("To be decided by the office")
    HAND = "hand", _("By hand")
    RULING = "ruling", _("Ruling on an objection")


class RuleOrigin(models.TextChoices):
    HAND = "hand", _("By hand")
    WORKBOOK = "workbook", _("Workbook")
    RULING = "ruling", _("Ruling on an objection")
    HINT = "hint", _("The standard's hint")
