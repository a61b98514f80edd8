"""How much is asked of units (减负): counted by unit and month, and what was asked although it was asked already."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.models import ScopedRecord
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.enums import RepeatGround
from chuangwen.responsibilities.models.tasks import Task


class UnitBurden(ScopedRecord):
    """What was asked of one unit in one month; counted anew each morning while the month lasts, and once after it."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name=_("unit"))
    month = models.DateField(_("month"))  # its first day
    asked = models.PositiveIntegerField(default=0)  # all but problems
    tasks = models.PositiveIntegerField(default=0)
    dossiers = models.PositiveIntegerField(default=0)
    reports = models.PositiveIntegerField(default=0)
    weekly = models.PositiveIntegerField(default=0)
    surveys = models.PositiveIntegerField(default=0)
    problems = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    prefilled = models.PositiveIntegerField(default=0)
    median_days = models.DecimalField(max_digits=6, decimal_places=1, null=True)  # working days, of what was answered

    view_permission = "responsibilities.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "month"], name="unit_burden_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "month", "-asked"], name="unit_burden_month"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.month:%Y-%m}"


class RepeatedRequest(ScopedRecord):
    """A request that was sent although a like one was open at the unit, and why."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")  # who was asked, whoever has it now
    title = models.CharField(_("asked for"), max_length=300)
    url = models.CharField(max_length=300)
    task = models.ForeignKey(Task, models.CASCADE, null=True, related_name="repeats")  # none of a written report
    ground = models.CharField(_("like it by"), max_length=10, choices=RepeatGround)
    earlier = models.CharField(pgettext_lazy("repeat", "asked already"), max_length=300)  # in words, as it was then
    earlier_url = models.CharField(max_length=300)
    reason = models.CharField(_("reason"), max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "responsibilities.view"
    scope_units = ("unit_id",)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["region", "-created_at"], name="repeat_latest")]

    def __str__(self) -> str:
        return self.earlier
