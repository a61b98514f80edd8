"""The states of what scoring keeps."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class OutsideState(models.TextChoices):
    """A score from outside stands until it is withdrawn; a correction leaves it standing."""

    STANDING = "standing", pgettext_lazy("outside score", "Standing")
    WITHDRAWN = "withdrawn", pgettext_lazy("outside score", "Withdrawn")
