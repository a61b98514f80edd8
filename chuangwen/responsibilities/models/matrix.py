"""The breakdown (责任分解): criterion x unit, and whom collective names mean."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import RegionRecord, ScopedRecord
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.enums import Origin, Share
from chuangwen.standards.models import Node


class Assignment(ScopedRecord):
    """One cell of the matrix criterion x unit."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="assignments")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments")
    share = models.CharField(max_length=10, choices=Share)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.HAND)

    view_permission = "responsibilities.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "node", "unit"], name="assignment_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["campaign", "unit"], name="assignment_unit")]

    def __str__(self) -> str:
        return f"{self.node} {self.share} {self.unit}"


class Collective(RegionRecord):
    """Whom a collective name of papers means here: 窗口单位, 通信企业, 各行业主管部门.

    Names for all units of a kind (各街道) need no row: organizations.naming knows them.
    """

    name = models.CharField(_("name"), max_length=80)
    units = models.ManyToManyField(Unit, related_name="+")

    view_permission = "responsibilities.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "name"], name="collective_once"),
        ]

    def __str__(self) -> str:
        return self.name


class SplitCriterion(RegionRecord):
    """A criterion that several territories lead side by side (分片牵头): not an overlap."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="split_criteria")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+")

    view_permission = "responsibilities.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "node"], name="split_once"),
        ]

    def __str__(self) -> str:
        return str(self.node)
