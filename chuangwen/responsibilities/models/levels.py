"""What one level says of the next (逐级考核): the counts of a month or quarter, and the judgement of the unit above."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import Scope
from chuangwen.core.models import ScopedRecord
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.enums import LevelState, Verdict


class LevelMark(ScopedRecord):
    """A unit's period as it stood when that was over (`facts`, with all below it), and what the unit above says of it.

    `judge` was the unit above then. Read by those two units alone; further up only sums are seen.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="level_marks")
    judge = models.ForeignKey(Unit, models.PROTECT, related_name="marks_given", verbose_name=_("unit above"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="level_marks", verbose_name=_("unit"))
    first = models.DateField(_("period"))
    months = models.PositiveSmallIntegerField()  # 1 or 3
    facts = models.JSONField()  # key of levels.Fact -> how many
    closes_on = models.DateField(_("until"))
    verdict = models.CharField(_("judgement"), max_length=10, choices=Verdict, blank=True)
    points = models.PositiveSmallIntegerField(_("points"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=LevelState, default=LevelState.OPEN)
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "responsibilities.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "unit", "first", "months"], name="level_mark_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["campaign", "first", "judge"], name="level_mark_judge"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.first:%Y-%m}"

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """The two units of a mark: the scope's own unit, not those far below it; a region's scope is its root's."""
        inside = models.Q(region_id__in=scope.regions, judge__depth=1)
        if scope.unit_ids:
            top = Unit.objects.filter(pk__in=scope.unit_ids).order_by("depth").values("depth")[:1]
            inside |= models.Q(judge_id__in=scope.unit_ids, judge__depth=models.Subquery(top))
            inside |= models.Q(unit_id__in=scope.unit_ids, unit__depth=models.Subquery(top))
        return inside
