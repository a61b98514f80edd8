"""What a second reader was asked about a document and what it proposed; a person takes it or leaves it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.models import ScopedRecord
from chuangwen.directives.models.documents import Candidate, Document


class SecondReading(ScopedRecord):
    """One round: which model read the document, and how much of it was answered."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="second_readings")
    host = models.CharField(max_length=255)
    model = models.CharField(max_length=100)
    pieces = models.PositiveIntegerField()
    failed = models.PositiveIntegerField(default=0)  # pieces without a usable answer
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    view_permission = "directives.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["document", "-pk"]

    def __str__(self) -> str:
        return f"{self.model} {self.document}"


class ProposalAct(models.TextChoices):
    ADD = "add", pgettext_lazy("proposal", "Add")
    CORRECT = "correct", pgettext_lazy("proposal", "Correct")
    REMOVE = "remove", pgettext_lazy("proposal", "Remove")


class Verdict(models.TextChoices):
    TAKEN = "taken", pgettext_lazy("proposal", "Taken")
    LEFT = "left", pgettext_lazy("proposal", "Left")


class Proposal(ScopedRecord):
    """One addition, correction or removal. `fields` holds words of the document: lead, cooperate, deadline, frequency,
    targets, action. `revision` is the candidate's when it was read: a later change outdates the proposal."""

    reading = models.ForeignKey(SecondReading, models.CASCADE, related_name="proposals")
    candidate = models.ForeignKey(Candidate, models.CASCADE, null=True, related_name="proposals")
    act = models.CharField(max_length=7, choices=ProposalAct)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    fields = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=5, choices=Verdict, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)

    view_permission = "directives.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["reading", "start", "pk"]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.quote[:60]}"
