"""Letters from above (上级来文) and the reply slips (回执) that units send back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import Scope
from chuangwen.core.models import ScopedRecord
from chuangwen.directives.enums import LetterStage
from chuangwen.organizations.models import Post, Unit
from chuangwen.responsibilities.models import Instruction, Task, Urgency


class Letter(ScopedRecord):
    """A letter that came from above: registered, proposed, instructed on, passed on, answered.

    `number` is ours, `paper_number` the sender's; both keys are as they are compared (slips.folded). `unit` is the
    office that answers it. Its paper hangs on it; the document that was read from it is the one with the same bytes.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="letters")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("letter", "office"))
    number = models.CharField(_("number"), max_length=24)
    sender = models.CharField(pgettext_lazy("letter", "sender"), max_length=80)
    sender_key = models.CharField(max_length=160)
    paper_number = models.CharField(pgettext_lazy("letter", "number of the paper"), max_length=60)
    paper_key = models.CharField(max_length=160)
    title = models.CharField(pgettext_lazy("letter", "title"), max_length=200)
    dated = models.DateField(pgettext_lazy("letter", "date of the paper"), null=True, blank=True)
    received_on = models.DateField(pgettext_lazy("letter", "received"))
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.ORDINARY)
    due_on = models.DateField(pgettext_lazy("letter", "answer wanted by"), null=True, blank=True)
    proposal = models.TextField(pgettext_lazy("letter", "proposed handling"), blank=True)
    leader = models.ForeignKey(
        Post, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=pgettext_lazy("letter", "leader")
    )
    instructions = models.ManyToManyField(Instruction, related_name="letters")
    slip = models.JSONField(pgettext_lazy("letter", "reply slip"), default=list)  # slips.as_data
    reply = models.CharField(pgettext_lazy("letter", "what units reply"), max_length=300, blank=True)
    answer = models.TextField(pgettext_lazy("letter", "answer"), blank=True)
    signed_as = models.CharField(max_length=80, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    answer_number = models.CharField(pgettext_lazy("letter", "number of the answer"), max_length=60, blank=True)
    answered_on = models.DateField(pgettext_lazy("letter", "answered"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=LetterStage, default=LetterStage.REGISTERED)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "directives.attend"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "number"], name="letter_number"),
            models.UniqueConstraint(
                fields=["region", "sender_key", "paper_key"],
                condition=~models.Q(state=LetterStage.WITHDRAWN),
                name="letter_of_sender_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["campaign", "state", "due_on"], name="letter_due"),
            models.Index(fields=["campaign", "received_on"], name="letter_received"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """Also the units that are asked for a reply see a letter."""
        inside = super().scope_filter(scope)
        if scope.unit_ids:
            inside |= models.Q(pk__in=LetterSlip.objects.filter(LetterSlip.scope_filter(scope)).values("letter"))
        return inside


class LetterSlip(ScopedRecord):
    """One unit's reply slip. Where it stands is told by its task; `values` are what the unit wrote into the fields."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="slips")
    task = models.OneToOneField(Task, models.CASCADE, related_name="letter_slip")
    values = models.JSONField(default=dict)
    note = models.TextField(blank=True)

    view_permission = "directives.attend"
    scope_units = ("task__unit_id",)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["letter"], name="letter_slip_of")]

    def __str__(self) -> str:
        return str(self.unit)

    @property
    def unit(self) -> Unit:
        """Who replies: the unit that has the task now."""
        found: Unit = self.task.unit
        return found
