"""Written reports asked for by a day (限时书面报送): the call, and what each unit handed in."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import Scope
from chuangwen.core.models import Attachment, ScopedRecord
from chuangwen.directives.enums import CallStage, WrittenForm, WrittenStage
from chuangwen.directives.models.meetings import Meeting
from chuangwen.organizations.models import Unit


class WrittenCall(ScopedRecord):
    """A call for written reports: what, from whom, in which form, by when."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="written_calls")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, blank=True, related_name="written_calls")
    title = models.CharField(pgettext_lazy("written report", "what is to be reported"), max_length=120)
    detail = models.TextField(pgettext_lazy("written report", "what should stand in it"), blank=True)
    form = models.CharField(
        pgettext_lazy("written report", "form"), max_length=6, choices=WrittenForm, default=WrittenForm.FILE
    )
    due_at = models.DateTimeField(_("deadline"))
    template = models.ForeignKey(Attachment, models.SET_NULL, null=True, blank=True, related_name="+")
    source = models.CharField(_("source"), max_length=160, blank=True)
    overlap_reason = models.CharField(max_length=300, blank=True)  # why it is asked although a like one is open
    state = models.CharField(_("state"), max_length=10, choices=CallStage, default=CallStage.OPEN)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "directives.attend"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["meeting"], condition=models.Q(meeting__isnull=False), name="written_call_of_meeting"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["campaign", "state", "due_at"], name="written_call_due"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """A unit sees the calls that it is to answer."""
        inside = super().scope_filter(scope)
        if scope.unit_ids:
            reports = WrittenReport.objects.filter(unit__in=scope.unit_ids).order_by()
            inside |= models.Q(pk__in=reports.values("call"))
        return inside


class WrittenReport(ScopedRecord):
    """One unit's report to a call; its files hang on it."""

    call = models.ForeignKey(WrittenCall, models.CASCADE, related_name="reports")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)  # the first time; a return keeps it
    note = models.CharField(max_length=300, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=WrittenStage, default=WrittenStage.DUE)

    view_permission = "directives.attend"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["call", "unit"], name="written_report_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["unit", "state"], name="written_report_unit")]

    def __str__(self) -> str:
        return str(self.unit)
