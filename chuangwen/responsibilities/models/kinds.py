"""Duties by kind of organization (党、行政、群团分工): what each kind does again and again, and who checks it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.core.access import Scope
from chuangwen.core.models import ScopedRecord
from chuangwen.organizations.enums import OrgKind
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.schedule import Schedule


class DutyTemplate(ScopedRecord):
    """What organizations of one kind do again and again: laid out on units, it becomes a recurring duty of each.

    Those of the root are the office's and serve every unit; others serve their unit and what is below it. `key` is of
    the program's own set (duty_templates.py), `source` says where it is from (core/sources.py), `schedule` is a
    Schedule as data.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="duty_templates", verbose_name=_("unit"))
    org_kind = models.CharField(_("kind of organization"), max_length=14, choices=OrgKind)
    title = models.CharField(_("recurring duty"), max_length=200)
    measure = models.CharField(_("measure of success"), max_length=300)
    schedule = models.JSONField(_("how often"))
    source = models.CharField(max_length=160, blank=True)
    key = models.CharField(max_length=40, blank=True)
    ended_on = models.DateField(_("held until"), null=True, blank=True)

    view_permission = "responsibilities.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "org_kind", "title"], condition=models.Q(ended_on=None), name="duty_template_once"
            ),
            models.UniqueConstraint(fields=["unit", "key"], condition=~models.Q(key=""), name="duty_template_key"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """The office's templates are no secret inside the region."""
        return super().scope_filter(scope) | models.Q(region_id__in=scope.home_regions, unit__depth=1)

    @property
    def plan(self) -> Schedule:
        """The schedule as an object."""
        return Schedule.from_data(self.schedule)


class KindLead(ScopedRecord):
    """Which organization checks those of one kind within a unit (各自督查): it and the unit see how they do."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="kind_leads", verbose_name=_("unit"))
    org_kind = models.CharField(_("kind of organization"), max_length=14, choices=OrgKind)
    lead = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit that checks"))

    view_permission = "responsibilities.view"
    scope_units = ("unit_id", "lead_id")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["unit", "org_kind"], name="kind_lead_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_org_kind_display()}"
