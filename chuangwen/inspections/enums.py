"""States and kinds in fieldwork."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DrawState(models.TextChoices):
    FROZEN = "frozen", _("Frozen")
    COMMITTED = "committed", _("Committed")
    DRAWN = "drawn", _("Drawn")
    CLOSED = "closed", _("Secret published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_DRAW_STATES = (DrawState.FROZEN, DrawState.COMMITTED)  # nothing drawn yet
DRAWN_STATES = (DrawState.DRAWN, DrawState.CLOSED)


class VisitKind(models.TextChoices):
    DRAWN = "drawn", _("Drawn")
    AD_HOC = "ad-hoc", _("Ad hoc")
    SUBSTITUTE = "substitute", _("Substitute")


class VisitState(models.TextChoices):
    PLANNED = "planned", _("Not begun")
    STARTED = "started", pgettext_lazy("visit", "Under way")
    FINISHED = "finished", _("Finished")
    SKIPPED = "skipped", _("Skipped")


WAITING_STATES = (VisitState.PLANNED, VisitState.STARTED)  # still to be done


class ResultKind(models.TextChoices):
    """What an entered result is about (spec/scoring.md: code of a leaf, veto, bonus or penalty)."""

    LEAF = "leaf", _("Criterion")
    VETO = "veto", _("Veto")
    BONUS = "bonus", pgettext_lazy("score", "Bonus")
    PENALTY = "penalty", pgettext_lazy("score", "Penalty")


class ResultState(models.TextChoices):
    ENTERED = "entered", _("Waiting for the second person")
    CONFIRMED = "confirmed", _("Counts")
    RETURNED = "returned", pgettext_lazy("result", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("result", "Withdrawn")


OPEN_RESULT_STATES = (ResultState.ENTERED, ResultState.RETURNED)  # not decided yet
STANDING_RESULT_STATES = (*OPEN_RESULT_STATES, ResultState.CONFIRMED)


class AnswerValue(models.TextChoices):
    MET = "met", _("Met")
    NOT_MET = "not-met", _("Not met")
    NOT_APPLICABLE = "not-applicable", _("Not applicable")
    NOT_OBSERVABLE = "not-observable", _("Not observable")
