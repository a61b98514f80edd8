"""Goals by group of criteria (分项目标): what a group should reach, and which unit leads it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import ScopedRecord
from chuangwen.organizations.models import Unit


class GoalGroup(ScopedRecord):
    """Criteria of the campaign's main standard that one unit leads to a goal.

    A criterion belongs to the first group, by position, whose sections, methods or place types it has. `goal` None: no
    point is to be lost (不失分).
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="goal_groups")
    name = models.CharField(pgettext_lazy("goal", "group"), max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("leads it"))
    goal = models.FloatField(pgettext_lazy("goal", "goal"), null=True, blank=True)  # points
    sections = models.JSONField(default=list)  # codes of top nodes
    methods = models.JSONField(default=list)
    place_types = models.JSONField(default=list)  # codes

    view_permission = "scoring.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "name"], name="goal_group_once"),
        ]

    def __str__(self) -> str:
        return self.name
