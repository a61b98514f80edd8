"""The states of a dossier."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DossierState(models.TextChoices):
    OPEN = "open", _("Being filled")
    RETURNED = "returned", pgettext_lazy("dossier", "Returned")
    SUBMITTED = "submitted", _("Waiting for the first review")
    ACCEPTED = "accepted", _("Waiting for the second review")
    APPROVED = "approved", pgettext_lazy("dossier", "Approved")


WITH_THE_UNIT = (DossierState.OPEN, DossierState.RETURNED)  # pieces may come and go
REVIEWED = (DossierState.ACCEPTED, DossierState.APPROVED)  # has a grade
