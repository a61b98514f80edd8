"""How a duty goes on below the unit (Part), and through whose hands a task goes (ChainLink)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import ScopedRecord
from chuangwen.organizations.models import ContractedArea, Grid, Post, Unit
from chuangwen.places.models import Place
from chuangwen.responsibilities.enums import ChainLevel
from chuangwen.responsibilities.models.roads import RoadSection
from chuangwen.responsibilities.models.tasks import Task
from chuangwen.standards.models import Node


class Part(ScopedRecord):
    """What `giver` hands on of its share in a criterion: to a unit below or a post, for one thing or as a whole.

    At most one of `place`, `section`, `grid` and `area` is set; a part for several things is several rows, so that
    each can be counted and taken back by itself.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="parts")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name=_("criterion"))
    giver = models.ForeignKey(Unit, models.PROTECT, related_name="parts_given")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="parts", verbose_name=_("unit"))
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("post"))
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    section = models.ForeignKey(RoadSection, models.PROTECT, null=True, blank=True, related_name="+")
    grid = models.ForeignKey(Grid, models.CASCADE, null=True, blank=True, related_name="+")
    area = models.ForeignKey(ContractedArea, models.CASCADE, null=True, blank=True, related_name="+")
    about = models.CharField(_("which part"), max_length=160, blank=True)

    view_permission = "responsibilities.view"
    scope_units = ("unit_id", "giver_id")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["campaign", "giver", "node"], name="part_giver"),
            models.Index(fields=["campaign", "unit", "node"], name="part_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.node} {self.post or self.unit}"

    @property
    def thing(self) -> Place | RoadSection | Grid | ContractedArea | None:
        """The place, section, grid or area that it is for; None for the whole."""
        return self.place or self.section or self.grid or self.area


class ChainLink(ScopedRecord):
    """Who decides about a task, who answers for it, who does it (决策、主办、承办): one post a level."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="chain")
    level = models.CharField(max_length=10, choices=ChainLevel)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    view_permission = "responsibilities.view"
    scope_units = ("task__unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["task", "level"], name="chain_link_once"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.level}"
