"""Veto events (一票否决, 负面清单) and their kinds."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.core.access import Scope
from chuangwen.core.models import RegionRecord, ScopedRecord
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem
from chuangwen.supervision.enums import VetoState


class VetoKind(RegionRecord):
    """A kind of veto event (一票否决, 负面清单): for how many months it bars an application."""

    name = models.CharField(_("kind"), max_length=80)
    months = models.PositiveSmallIntegerField(_("bars for months"), default=12)
    falsification = models.BooleanField(_("is a falsification, which the ladder answers with red"), default=False)
    source = models.CharField(_("source"), max_length=160)
    is_on = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    view_permission = "supervision.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "name"], name="veto_kind_once"),
        ]

    def __str__(self) -> str:
        return self.name


class VetoEvent(ScopedRecord):
    """Something that bars a unit from titles, entered by one person and confirmed by another."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="veto_events", verbose_name=_("unit"))
    kind = models.ForeignKey(VetoKind, models.PROTECT, related_name="events", verbose_name=_("kind"))
    day = models.DateField(_("day of the event"))
    bars_until = models.DateField(_("bars until"))
    title = models.CharField(_("what happened"), max_length=200)
    source = models.CharField(_("source"), max_length=120)
    problem = models.ForeignKey(Problem, models.PROTECT, null=True, blank=True, related_name="veto_events")
    state = models.CharField(_("state"), max_length=10, choices=VetoState, default=VetoState.REPORTED)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    view_permission = "supervision.view"
    scope_units = ("unit_id",)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "state", "day"], name="veto_unit"),
            models.Index(fields=["region", "day"], name="veto_day"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """A unit sees what was confirmed; what is only reported is the office's."""
        inside = models.Q(region_id__in=scope.regions)
        if scope.unit_ids:
            inside |= models.Q(unit_id__in=scope.unit_ids, state__in=[VetoState.CONFIRMED, VetoState.LIFTED])
        return inside
