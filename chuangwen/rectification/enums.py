"""States, sources and classes of problems."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProblemState(models.TextChoices):
    FOUND = "found", _("To be assigned")
    ASSIGNED = "assigned", _("Being put right")
    DISPUTED = "disputed", _("Disputed")
    FIXED = "fixed", _("To be verified")
    RETURNED = "returned", _("Returned")
    LONG_TERM = "long-term", _("Long-term")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged")
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
    INSPECTION = "inspection", _("Own inspection")
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
    IMMEDIATE = "immediate", _("Immediate")
    LIMITED = "limited", _("Limited")
    LONG_TERM = "long-term", _("Long-term")
