"""The meeting on open problems held every two months (每两月问题反馈督办会), and what it decides line by line."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.access import Scope
from chuangwen.core.models import RegionRecord, ScopedRecord
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem
from chuangwen.supervision.enums import MeetingState
from chuangwen.supervision.models.notices import SupervisionNotice


class FeedbackMeeting(RegionRecord):
    """One meeting: the list of what is late is frozen for it, what was decided is written down, notices follow."""

    starts = models.DateField(_("period from"))
    ends = models.DateField(_("period to"))
    made_at = models.DateTimeField(_("status date"))
    held_on = models.DateField(_("held on"), null=True, blank=True)
    chair = models.CharField(_("in the chair"), max_length=80, blank=True)
    minutes = models.CharField(_("number of the minutes"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=MeetingState, default=MeetingState.DRAFT)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "supervision.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "starts"], name="feedback_meeting_once"),
            models.CheckConstraint(
                condition=models.Q(state=MeetingState.DRAFT) | models.Q(held_on__isnull=False),
                name="feedback_meeting_held_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts:%Y-%m}—{self.ends:%Y-%m}"

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """A draft is the office's and of those who see the region."""
        inside = models.Q(region_id__in=scope.regions)
        return inside | models.Q(region_id__in=scope.home_regions, state=MeetingState.HELD)


class MeetingLine(ScopedRecord):
    """A problem on the meeting's list, as it stood when that was made, and what the meeting decided of it."""

    meeting = models.ForeignKey(FeedbackMeeting, models.CASCADE, related_name="lines")
    problem = models.ForeignKey(Problem, models.PROTECT, related_name="+", verbose_name=_("problem"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    due_at = models.DateTimeField(_("deadline"))
    days_late = models.PositiveIntegerField(_("working days late"), default=0)
    decision = models.CharField(pgettext_lazy("meeting", "decided"), max_length=300, blank=True)
    notice = models.ForeignKey(SupervisionNotice, models.PROTECT, null=True, blank=True, related_name="+")

    view_permission = "supervision.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "problem"], name="meeting_line_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["meeting", "due_at"], name="meeting_line_due"),
        ]

    def __str__(self) -> str:
        return str(self.problem)
