"""Documents and what they ask: candidates that a person accepts into tasks."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import Attachment, Record, ScopedRecord
from chuangwen.responsibilities.models import Duty, StandingRule, Task


class DocumentKind(models.TextChoices):
    SPEECH = "speech", pgettext_lazy("directive", "Speech")
    NOTICE = "notice", pgettext_lazy("directive", "Notice")
    MINUTES = "minutes", pgettext_lazy("directive", "Minutes")
    LETTER = "letter", pgettext_lazy("directive", "Letter")
    OTHER = "other", pgettext_lazy("directive", "Other")


class DaySource(models.TextChoices):
    """Where the meeting's date comes from; said beside it, since every relative deadline hangs on it."""

    TEXT = "text", _("read in the text")
    GIVEN = "given", _("given by a person")
    UPLOAD = "upload", _("the day of upload, for want of a date in the text")


class Document(ScopedRecord):
    """A speech, notice or minutes that was uploaded, with its text as it stood.

    `replaces` is the earlier version that this one revises: an earlier version is read, no longer worked on.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="documents")
    title = models.CharField(pgettext_lazy("directive", "title"), max_length=200)
    kind = models.CharField(
        pgettext_lazy("directive", "kind"), max_length=10, choices=DocumentKind, default=DocumentKind.SPEECH
    )
    day = models.DateField(_("date"))  # relative deadlines are counted from it
    day_source = models.CharField(max_length=8, choices=DaySource, default=DaySource.GIVEN)
    file = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")  # none for pasted text
    digest = models.CharField(max_length=64)  # SHA-256 of what was given: the same paper is known again
    text = models.TextField()  # the original; offsets point into it
    headings = models.JSONField(default=list)  # [start of the line, level]
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    replaces = models.OneToOneField("self", models.SET_NULL, null=True, related_name="revised")
    resembles = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")  # asked about, not decided

    view_permission = "directives.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "digest"], name="document_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["campaign", "day"], name="document_day")]

    def __str__(self) -> str:
        return self.title


class CandidateState(models.TextChoices):
    OPEN = "open", pgettext_lazy("directive", "Open")
    ACCEPTED = "accepted", pgettext_lazy("directive", "Accepted")
    DROPPED = "dropped", pgettext_lazy("directive", "Dropped")
    MERGED = "merged", _("Merged into another")


class Outcome(models.TextChoices):
    """What an accepted directive becomes: done once by a day, done again and again, or kept to at all times."""

    TASK = "task", pgettext_lazy("directive", "Task")
    DUTY = "duty", _("Recurring duty")
    RULE = "rule", _("Standing rule")


class Candidate(ScopedRecord):
    """One directive as the engine read it or a person marked it.

    `lead` and `cooperate` are parties: [{"name": as written or chosen, "units": [ids]}]. A party
    without units names nobody in the region's tree; a person must say who is meant. `confidence` is how sure the
    engine is, from 0 to 1; `inherited` names the fields that it took from an earlier sentence.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="candidates")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    action = models.TextField(_("what is to be done"))
    lead = models.JSONField(default=list)
    cooperate = models.JSONField(default=list)
    deadline = models.CharField(_("deadline"), max_length=80, blank=True)  # the phrase of the document
    due_on = models.DateField(null=True)  # the deadline resolved, on a working day
    frequency = models.CharField(_("how often"), max_length=80, blank=True)
    targets = models.JSONField(default=list)
    measure = models.CharField(_("measure of success"), max_length=300, blank=True)
    headings = models.JSONField(default=list)  # the titles above it, outermost first
    words = models.JSONField(default=list)  # parties and times as they stand in the quote
    kind = models.CharField(max_length=20, blank=True)
    becomes = models.CharField(max_length=4, choices=Outcome, default=Outcome.TASK)
    confidence = models.FloatField(default=1.0)
    inherited = models.JSONField(default=list)
    by_hand = models.BooleanField(default=False)
    proposed_by = models.CharField(max_length=100, blank=True)  # the second reader whose proposal a person took
    needs_unit = models.BooleanField(default=False)  # nobody leads, or a leading party is no known unit
    revision = models.PositiveIntegerField(default=1)  # a save must name the revision it started from
    state = models.CharField(max_length=10, choices=CandidateState, default=CandidateState.OPEN)
    tasks = models.ManyToManyField(Task, related_name="candidates")
    duties = models.ManyToManyField(Duty, related_name="candidates")
    rules = models.ManyToManyField(StandingRule, related_name="candidates")

    view_permission = "directives.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["document", "start", "pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["document", "state"], name="candidate_state")]

    def __str__(self) -> str:
        return self.action[:80]


class Presence(Record):
    """Who is looking at a document's review, and where: so that two people do not do the same work."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    candidate = models.ForeignKey(Candidate, models.SET_NULL, null=True, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["document", "user"], name="presence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.document}"
