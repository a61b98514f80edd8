"""Applications with what was found, scored and objected, and the deliberation about them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.models import RegionRecord, ScopedRecord
from chuangwen.honors.enums import (
    ApplicationState,
    Channel,
    Ruling,
)
from chuangwen.honors.models.families import Family
from chuangwen.honors.models.programmes import PERSON, EligibilityRule, Programme, points_field
from chuangwen.organizations.models import Unit
from chuangwen.standards.models import Node


class Application(ScopedRecord):
    """A unit's application, or a family's that the unit recommends.

    `verdicts` is what the rules said when it was submitted, kept as it was then.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="applications")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="applications", verbose_name=_("unit"))
    family = models.ForeignKey(Family, models.PROTECT, null=True, related_name="applications")  # `unit` recommends it
    number = models.CharField(_("number"), max_length=24)
    self_score = points_field(_("points of the self-assessment"), null=True, blank=True)
    self_report = models.TextField(_("what the unit has done"), blank=True)
    revision = models.PositiveIntegerField(default=0)  # of its own words (self_report)
    seen_on = models.DateField(_("text seen by the family on"), null=True, blank=True)
    responsible = models.CharField(_("signed by"), max_length=60, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    submitted_at = models.DateTimeField(null=True)
    verdicts = models.JSONField(default=list)
    score = points_field(pgettext_lazy("score", "points"), null=True)
    decided_note = models.CharField(max_length=300, blank=True)
    notice_from = models.DateField(_("public notice from"), null=True)  # its own: who moves up has a later one
    notice_until = models.DateField(_("public notice until"), null=True)
    state = models.CharField(max_length=12, choices=ApplicationState, default=ApplicationState.DRAFT)

    view_permission = "honors.view"
    scope_units = ("unit_id",)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "programme", "state"], name="application_state"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "number"], name="application_number"),
            models.UniqueConstraint(
                fields=["programme", "unit"], name="application_once",
                condition=models.Q(family__isnull=True) & ~models.Q(state=ApplicationState.WITHDRAWN),
            ),
            models.UniqueConstraint(
                fields=["programme", "family"], name="application_family_once",
                condition=models.Q(family__isnull=False) & ~models.Q(state=ApplicationState.WITHDRAWN),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.unit} {self.number}"  # never a family's name: this is written for good

    @property
    def holder(self) -> str:
        """Who would hold the title, as pages and papers show it."""
        return self.family.shown if self.family else str(self.unit)


class SelfLine(ScopedRecord):
    """A line of the self-assessment (自评): what the unit claims for a criterion, a bonus or a penalty, and why.

    `node` is the criterion; a bonus or penalty of the standard has only its code. `taken` and `taken_basis` are what
    the ledger showed when the line was written first or taken over anew. `revision` is the one that a writer names,
    so that two people do not overwrite each other unseen.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="lines")
    node = models.ForeignKey(Node, models.PROTECT, null=True, related_name="+")
    code = models.CharField(_("code"), max_length=100)
    points = points_field(_("points claimed"), null=True)
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    taken = points_field(_("points of the ledger"), null=True)
    taken_basis = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    view_permission = "honors.view"
    scope_units = ("application__unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["application", "code"], name="self_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.code}"


class RuleFinding(ScopedRecord):
    """What a person found from papers about a condition that the program cannot know (also 征求意见)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="findings")
    rule = models.ForeignKey(EligibilityRule, models.CASCADE, related_name="+")
    met = models.BooleanField(_("met"))
    source = models.CharField(_("which papers"), max_length=200)
    found_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField()

    view_permission = "honors.view"
    scope_units = ("application__unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["application", "rule"], name="rule_finding_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.rule}"


class ReviewSheet(ScopedRecord):
    """One reviewer's score of one application; entered by that person, or by another from paper."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="sheets")
    reviewer = models.CharField(_("reviewer"), max_length=60)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    points = points_field(pgettext_lazy("score", "points"))
    remarks = models.CharField(_("remarks"), max_length=500, blank=True)
    reviewed_on = models.DateField(_("reviewed on"))

    view_permission = "honors.review"
    scope_units = ("application__unit_id",)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["application", "reviewer"], name="review_once"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.reviewer}"


class Deliberation(RegionRecord):
    """The meeting of the guiding group (指导小组审议) that decided about a programme's applications."""

    programme = models.OneToOneField(Programme, models.PROTECT, related_name="deliberation")
    held_on = models.DateField(_("held on"))
    chair = models.CharField(_("in the chair"), max_length=60)
    minutes = models.CharField(_("number of the minutes"), max_length=80, blank=True)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    view_permission = "honors.view"

    def __str__(self) -> str:
        return f"{self.programme} {self.held_on}"


class Objection(RegionRecord):
    """Somebody objects during the public notice. Who it is stays with the office."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="objections")
    number = models.CharField(_("number"), max_length=24)
    channel = models.CharField(_("how it came"), max_length=5, choices=Channel, default=Channel.PAPER)
    text = models.TextField(pgettext_lazy("notice", "objection"))
    sender = models.CharField(_("from whom"), max_length=80, blank=True)
    contact = models.CharField(_("where to answer"), max_length=120, blank=True)
    received_on = models.DateField(_("received on"))
    answer_by = models.DateField(_("answered until"))
    ruling = models.CharField(_("ruling"), max_length=10, choices=Ruling, blank=True)
    reply = models.TextField(_("reply"), blank=True)
    ruled_on = models.DateField(null=True)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    ruled_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")

    view_permission = "honors.award"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "number"], name="objection_number"),
        ]

    def __str__(self) -> str:
        return self.number
