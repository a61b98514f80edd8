"""What a unit says of itself once a year, because no ledger of the program knows it."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.core.models import ScopedRecord
from chuangwen.honors.enums import FiguresState
from chuangwen.honors.models.programmes import PERSON
from chuangwen.organizations.models import Unit


class YearlyFigures(ScopedRecord):
    """A unit's figures of one year: staff, registered volunteers, hours, and the paper that they are from.

    Entered by the unit, confirmed by the office. Every entry is a row of its own and stays: what was said before
    is the history. Numbers alone, no names.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="yearly_figures", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    staff = models.PositiveIntegerField(_("staff"))
    volunteers = models.PositiveIntegerField(_("registered volunteers"))
    hours = models.DecimalField(_("volunteer hours"), max_digits=10, decimal_places=1, default=Decimal(0))
    households = models.PositiveIntegerField(_("households"), null=True, blank=True)  # of a village or community
    source = models.CharField(_("which papers"), max_length=200)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(PERSON, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=FiguresState, default=FiguresState.GIVEN)

    view_permission = "honors.view"
    scope_units = ("unit_id",)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "year", "state"], name="yearly_state"),
            models.Index(fields=["region", "-created_at"], name="yearly_entered"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "year"], name="yearly_given_once", condition=models.Q(state=FiguresState.GIVEN)
            ),
            models.UniqueConstraint(
                fields=["unit", "year"], name="yearly_confirmed_once", condition=models.Q(state=FiguresState.CONFIRMED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"
