"""Whom a reminder goes to, step by step."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """The steps of reminding, in order: days before the deadline for the first, days late for the others."""

    AHEAD = "ahead", _("Before it is due")
    LATE = "late", _("Late: the acting responsible too")
    FIRST = "first", _("Later: the first responsible")
    ABOVE = "above", _("Still later: up the line")
