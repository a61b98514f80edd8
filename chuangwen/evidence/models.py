"""The ledger: dossiers, the pieces given once for all of them, and which piece proves what where."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import ScopedRecord, StoredFile
from chuangwen.evidence.enums import DossierState
from chuangwen.evidence.slots import LONGEST_KEY
from chuangwen.organizations.models import Unit
from chuangwen.standards.enums import EvidenceKind
from chuangwen.standards.models import Node

PIECE_OWNER = "evidence.piece"  # under which the files of pieces hang


class Dossier(ScopedRecord):
    """One matter's evidence (一事一档): a criterion, a unit, a year.

    `slots_needed`, `slots_filled`, `months` and `missing_since` are kept by services.figures alone, so that a matrix
    of a hundred thousand dossiers is read from one table.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="dossiers")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name=_("criterion"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="dossiers", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(_("state"), max_length=10, choices=DossierState, default=DossierState.OPEN)
    due_on = models.DateField(_("due"))
    conclusion = models.TextField(_("conclusion"), blank=True)  # 结论说明 of the submission table
    slots_needed = models.PositiveSmallIntegerField(default=0)
    slots_filled = models.PositiveSmallIntegerField(default=0)
    missing_since = models.DateField(_("incomplete since"), null=True)
    months = models.CharField(max_length=12, blank=True)  # completeness.months
    grade = models.CharField(_("grade"), max_length=8, blank=True)
    value = models.FloatField(_("value"), null=True)  # where the criterion knows no grades
    revision = models.PositiveIntegerField(default=1)  # what is reviewed is what the reviewer saw
    submitted_by = models.CharField(_("filled in by"), max_length=120, blank=True)  # as the paper names it
    submitted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    view_permission = "evidence.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "year", "unit", "node"], name="dossier_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["campaign", "year", "state", "missing_since"], name="dossier_state"),
            # With the region at its end, so that what waits is counted from the index alone on every page.
            models.Index(fields=["campaign", "state", "due_on", "region"], name="dossier_waiting"),
            # The moment stands in it although the condition says all of it: SQLite reads the row for it otherwise.
            models.Index(
                fields=["campaign", "due_on", "state", "missing_since", "region"],
                condition=models.Q(missing_since__isnull=False),
                name="dossier_lacking",
            ),
            models.Index(fields=["campaign", "due_on"], name="dossier_due"),
            # So that what waits for a street's units, some thousand dossiers, is counted from the index alone.
            models.Index(fields=["unit", "campaign", "state", "due_on", "missing_since"], name="dossier_of_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.node.code} {self.node.title}"

    @property
    def is_complete(self) -> bool:
        return self.slots_filled >= self.slots_needed

    @property
    def lacking(self) -> int:
        """How many slots are not filled."""
        return max(0, self.slots_needed - self.slots_filled)


class Piece(ScopedRecord):
    """A fact, paper or photo, given once by a unit and linked wherever it proves something.

    A statement is text; an example is a statement with person, deed and spirit; everything else is a file, kept once
    by its hash. `happened_on` is when the matter was, `dated_on` the day on the paper.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pieces", verbose_name=_("unit"))
    kind = models.CharField(pgettext_lazy("evidence", "kind"), max_length=10, choices=EvidenceKind)
    title = models.CharField(pgettext_lazy("evidence", "title"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    person = models.TextField(pgettext_lazy("example", "person"), blank=True)
    deed = models.TextField(pgettext_lazy("example", "deed"), blank=True)
    spirit = models.TextField(pgettext_lazy("example", "spirit"), blank=True)
    issuing_body = models.CharField(_("issuing body"), max_length=80, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    dated_on = models.DateField(_("date on the paper"), null=True, blank=True)
    happened_on = models.DateField(_("day of the matter"), null=True, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "evidence.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "file"], condition=models.Q(file__isnull=False), name="piece_file_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "-created_at"], name="piece_unit"),
            models.Index(fields=["region", "document_number"], name="piece_number"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def on(self) -> object:
        """The day that decides in which window it counts: when it happened, else the day on the paper."""
        return self.happened_on or self.dated_on

    @property
    def is_example(self) -> bool:
        return bool(self.person or self.deed or self.spirit)


class Link(ScopedRecord):
    """A piece in a slot of a dossier, and the passage of it that proves the criterion (印证段落)."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="links")
    slot = models.CharField(_("slot"), max_length=LONGEST_KEY)
    piece = models.ForeignKey(Piece, models.PROTECT, related_name="links")
    passage = models.CharField(_("passage that proves it"), max_length=500, blank=True)

    view_permission = "evidence.view"
    scope_units = ("dossier__unit_id",)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dossier", "slot", "piece"], name="link_once"),
        ]

    def __str__(self) -> str:
        return f"{self.slot} {self.piece}"
