"""Runs of the scoring engine and their frozen results."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from chuangwen.campaigns.models import Round
from chuangwen.core.models import ScopedRecord, StoredFile
from chuangwen.core.wording import points_words
from chuangwen.organizations.models import Unit
from chuangwen.standards.models import StandardVersion


class Run(ScopedRecord):
    """One run over a round's observations under one standard. Its input is frozen and named by hash."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="runs")
    version = models.ForeignKey(StandardVersion, models.PROTECT, related_name="+")
    missing = models.CharField(max_length=8, default="exclude")
    observations = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    places = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    frames = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    leads = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    rows = models.PositiveIntegerField(default=0)
    total = models.FloatField(null=True)
    se = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    se_partial = models.BooleanField(default=False)
    bonus = models.FloatField(default=0)
    penalty = models.FloatField(default=0)
    vetoed = models.BooleanField(default=False)
    drawn_places = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    view_permission = "scoring.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.round} {points_words(self.total)}" if self.total is not None else str(self.round)


class NodeResult(ScopedRecord):
    """One node's figures in a run, as the engine gave them, unrounded."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="nodes")
    code = models.CharField(max_length=100, blank=True)  # "" is the root
    position = models.PositiveIntegerField()
    points = models.FloatField()
    effective = models.FloatField(null=True)
    share = models.FloatField(null=True)
    attained = models.FloatField(null=True)
    lost = models.FloatField(null=True)
    n = models.PositiveIntegerField(default=0)
    places = models.PositiveIntegerField(default=0)  # seen at a leaf; frozen with the run, as all figures here
    missed = models.FloatField(default=0)  # the weight of a leaf's rows that failed
    assessed = models.BooleanField()

    view_permission = "scoring.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["run", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "code"], name="node_result_once"),
        ]

    def __str__(self) -> str:
        return self.code


class Loss(ScopedRecord):
    """Points that a unit lost at a leaf in a run; `unit` None is nobody: a gap."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="losses")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=100)
    points = models.FloatField()

    view_permission = "scoring.view"
    scope_units = ("unit_id",)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["run", "unit", "points"], name="loss_unit")]

    def __str__(self) -> str:
        return f"{self.code} {self.points}"
