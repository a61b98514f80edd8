"""The finest parts of a run's losses, kept with it: where each fell, and which problem stands behind."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.core.models import ScopedRecord
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place
from chuangwen.rectification.models import Problem
from chuangwen.scoring import cells
from chuangwen.scoring.models.runs import Run
from chuangwen.standards.models import PlaceType


class Standing(models.TextChoices):
    """How the row that lost the points was seen."""

    DRAWN = cells.DRAWN, _("at a place of the draw")
    AD_HOC = cells.AD_HOC, _("at a place chosen on the spot")
    NOWHERE = cells.NOWHERE, _("at no place")


class LossCell(ScopedRecord):
    """Points lost by a unit at a criterion at one place; type and district are those of the day of the run.

    The cells of a unit and criterion add up to its Loss, all cells to the points that the run lost.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="cells")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # null: nobody
    code = models.CharField(max_length=100)
    section = models.CharField(max_length=100)  # the top node above the criterion
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    place_type = models.ForeignKey(PlaceType, models.PROTECT, null=True, related_name="+")
    district = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    standing = models.CharField(max_length=6, choices=Standing)
    points = models.FloatField()

    view_permission = "scoring.view"
    scope_units = ("unit_id",)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["run", "unit", "code"], name="loss_cell_unit"),
            models.Index(fields=["run", "points"], name="loss_cell_points"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.points}"


class LossProblem(ScopedRecord):
    """The part of a cell that hangs on one problem: what closing it would win back."""

    cell = models.ForeignKey(LossCell, models.CASCADE, related_name="hangs_on")
    run = models.ForeignKey(Run, models.CASCADE, related_name="+")
    problem = models.ForeignKey(Problem, models.PROTECT, related_name="losses")
    points = models.FloatField()

    view_permission = "scoring.view"
    scope_units = ("cell__unit_id",)

    def __str__(self) -> str:
        return f"{self.problem_id} {self.points}"


class LeafSum(ScopedRecord):
    """What a criterion's rows held when the run was made: the numbers of the sentence that explains its points."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="sums")
    code = models.CharField(max_length=100)
    rows = models.PositiveIntegerField()
    n = models.PositiveIntegerField()  # rows with a value
    met = models.PositiveIntegerField()
    unmet = models.PositiveIntegerField()
    positive = models.PositiveIntegerField()
    weight = models.FloatField()
    total = models.FloatField()  # sum of weight times value

    view_permission = "scoring.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "code"], name="leaf_sum_once"),
        ]

    def __str__(self) -> str:
        return self.code
