"""Scores that others gave: a province's result sheet, or one total that a person enters by hand."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Campaign, RoundKind
from chuangwen.core.models import ScopedRecord
from chuangwen.scoring.enums import OutsideState
from chuangwen.standards.models import StandardVersion


class OutsideResult(ScopedRecord):
    """One result sheet of somebody else's assessment; its rows are the regions that it names.

    `weights` are those of the parts (printed.PARTS) in the total, where they are known. The paper hangs on it as an
    attachment.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, blank=True, related_name="outside_results")
    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(
        pgettext_lazy("campaign", "kind"), max_length=16, choices=RoundKind, default=RoundKind.OFFICIAL
    )
    name = models.CharField(_("name"), max_length=80)
    issued_by = models.CharField(_("issued by"), max_length=80)
    issued_on = models.DateField(_("issued on"))
    standard = models.CharField(_("standard"), max_length=120, blank=True)  # as the sheet calls it
    version = models.ForeignKey(StandardVersion, models.PROTECT, null=True, blank=True, related_name="+")
    weights = models.JSONField(_("weights"), default=dict, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=OutsideState, default=OutsideState.STANDING)

    view_permission = "scoring.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["-year", "-issued_on", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["region", "year", "kind", "name"], name="outside_once", condition=~models.Q(state="withdrawn")
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["campaign", "state"], name="outside_campaign"),
        ]

    def __str__(self) -> str:
        return self.name


class OutsideRow(ScopedRecord):
    """What the sheet says of one region; `own` is ours."""

    result = models.ForeignKey(OutsideResult, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(default=0)  # in the order of the sheet
    subject = models.CharField(_("region"), max_length=80)
    total = models.FloatField(_("total"))
    parts = models.JSONField(default=dict, blank=True)  # printed.PARTS -> points
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)  # as printed
    group = models.CharField(_("group"), max_length=60, blank=True)
    own = models.BooleanField(default=False)

    view_permission = "scoring.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["result", "position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["result", "subject", "group"], name="outside_subject_once"),
            models.UniqueConstraint(fields=["result"], name="outside_one_own", condition=models.Q(own=True)),
        ]

    def __str__(self) -> str:
        return self.subject


OUTSIDE_OWNER = "scoring.outsideresult"  # under which the papers of outside scores hang
