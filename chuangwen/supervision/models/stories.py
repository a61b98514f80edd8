"""Exposure and praise (曝光台, 点赞台): what is shown of a unit's places and problems, and what the unit says to it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.access import Scope
from chuangwen.core.models import ScopedRecord
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem
from chuangwen.supervision.enums import StoryKind, StoryState


class Story(ScopedRecord):
    """One exposure or praise: places and problems, units and posts, never names (design.md, protections 1 and 4)."""

    kind = models.CharField(_("kind"), max_length=10, choices=StoryKind)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="stories", verbose_name=_("unit"))
    problem = models.ForeignKey(Problem, models.PROTECT, null=True, blank=True, related_name="stories")
    title = models.CharField(pgettext_lazy("story", "title"), max_length=120)
    text = models.TextField(pgettext_lazy("story", "text"))
    spot = models.CharField(_("where"), max_length=160, blank=True)
    outlet = models.CharField(_("outlet and column"), max_length=80)
    issue = models.CharField(_("issue"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=StoryState, default=StoryState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_on = models.DateField(_("proposed on"))
    reply_by = models.DateTimeField(_("reply until"), null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    outcome = models.TextField(_("what became of it"), blank=True)

    view_permission = "supervision.view"
    scope_units = ("unit_id",)

    class Meta:
        verbose_name_plural = "stories"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "state", "proposed_on"], name="story_state"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """A unit sees what it was told of; what is released is no secret inside the region."""
        inside = models.Q(region_id__in=scope.regions)
        inside |= models.Q(region_id__in=scope.home_regions, state=StoryState.RELEASED)
        if scope.unit_ids:
            inside |= models.Q(unit_id__in=scope.unit_ids, state__in=[StoryState.TOLD, StoryState.TAKEN_DOWN])
        return inside


class StoryReply(ScopedRecord):
    """What the unit says, before or after release; shown with the story."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="replies")
    text = models.TextField(_("reply"))
    at = models.DateTimeField()
    before_release = models.BooleanField()
    on_behalf = models.CharField(max_length=120, blank=True)

    view_permission = "supervision.view"
    scope_units = ("story__unit_id",)

    class Meta:
        verbose_name_plural = "story replies"
        ordering: ClassVar[list[str]] = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]
