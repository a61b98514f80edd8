"""What became of each directive of an earlier version when a document was uploaded again, revised."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.models import ScopedRecord
from chuangwen.directives.models.documents import Candidate, Document


class Change(models.TextChoices):
    """How a directive of the earlier version stands in the revised one."""

    SAME = "same", pgettext_lazy("revision", "Unchanged")
    CHANGED = "changed", pgettext_lazy("revision", "Changed")
    GONE = "gone", pgettext_lazy("revision", "Gone")


class Settlement(models.TextChoices):
    """What a person decided about tasks that were out already when their sentence changed or went."""

    KEEP = "keep", _("Keep as it was issued")
    POSTPONE = "postpone", _("Keep, with the new deadline")
    CANCEL = "cancel", pgettext_lazy("revision", "Cancel")


class Carried(ScopedRecord):
    """One directive of the earlier version in the revised `document`: carried over, changed, or gone.

    Where something was issued from it and its sentence changed or went, `settlement` stays empty until a person
    has said what is to become of it: nothing that was issued is changed by an upload.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="carried")
    old = models.OneToOneField(Candidate, models.CASCADE, related_name="carried_to")
    new = models.OneToOneField(Candidate, models.CASCADE, null=True, related_name="carried_from")
    change = models.CharField(max_length=8, choices=Change)
    settlement = models.CharField(max_length=8, choices=Settlement, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    view_permission = "directives.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["document", "pk"]

    def __str__(self) -> str:
        return f"{self.old} {self.change}"
