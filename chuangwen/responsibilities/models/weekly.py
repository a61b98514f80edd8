"""The weekly work report of a unit (工作周报): assembled by the program, confirmed by the unit, frozen from then on.

A unit that the office let off (免报) may still confirm.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import ScopedRecord
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.enums import WeekState


class WeekReport(ScopedRecord):
    """One unit's report for the week that begins on `monday`. Its columns are empty until it is confirmed.

    Columns: practice.md, Papers and their columns (本周重点, 完成, 困难, 需协调事项, 下周安排, 审核人).
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="week_reports")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="week_reports", verbose_name=_("unit"))
    monday = models.DateField(_("week"))
    due_at = models.DateTimeField(_("deadline"))  # week_days.due_of_week, when it was opened
    focus = models.TextField(_("focus of the week"), blank=True)
    done = models.TextField(_("done this week"), blank=True)
    difficulty = models.TextField(_("difficulties"), blank=True)
    coordinate = models.TextField(_("to be coordinated"), blank=True)
    following = models.TextField(_("next week"), blank=True)
    checked_by = models.CharField(_("checked by"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=WeekState, default=WeekState.OPEN)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reminded_at = models.DateTimeField(null=True, blank=True)

    view_permission = "responsibilities.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "unit", "monday"], name="week_report_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["campaign", "-monday", "state"], name="week_report_state"),
            models.Index(fields=["region", "state", "due_at"], name="week_report_due"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.monday:%Y-%m-%d}"
