"""Documents and what they ask: candidates that a person accepts into tasks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import Attachment, ScopedRecord
from chuangwen.responsibilities.models import Task


class DocumentKind(models.TextChoices):
    SPEECH = "speech", _("Speech")
    NOTICE = "notice", _("Notice")
    MINUTES = "minutes", _("Minutes")
    LETTER = "letter", _("Letter")
    OTHER = "other", _("Other")


class Document(ScopedRecord):
    """A speech, notice or minutes that was uploaded, with its text as it stood."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="documents")
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=DocumentKind, default=DocumentKind.SPEECH)
    day = models.DateField(_("date"))  # relative deadlines are counted from it
    file = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    text = models.TextField()  # the original; offsets point into it

    view_permission = "directives.view"

    def __str__(self) -> str:
        return self.title


class CandidateState(models.TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    DROPPED = "dropped", _("Dropped")


class Candidate(ScopedRecord):
    """One directive as the engine read it or a person marked it."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="candidates")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    action = models.TextField(_("what is to be done"))
    lead = models.JSONField(default=list)  # party names as written
    cooperate = models.JSONField(default=list)
    deadline = models.CharField(_("deadline"), max_length=80, blank=True)
    due_on = models.DateField(null=True)  # the deadline resolved
    frequency = models.CharField(_("how often"), max_length=80, blank=True)
    targets = models.JSONField(default=list)
    kind = models.CharField(max_length=20, blank=True)
    by_hand = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)  # a save must name the revision it started from
    state = models.CharField(max_length=10, choices=CandidateState, default=CandidateState.OPEN)
    tasks = models.ManyToManyField(Task, related_name="candidates")

    view_permission = "directives.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["document", "start", "pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["document", "state"], name="candidate_state")]

    def __str__(self) -> str:
        return self.action[:80]
