"""The quarterly look-back (每季度“回头望”): what lags as one frozen list, answered by units and judged."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import Scope
from chuangwen.core.models import RegionRecord, ScopedRecord
from chuangwen.directives.models import WrittenReport
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task
from chuangwen.supervision.enums import LagKind, LagState, LookBackState
from chuangwen.supervision.models.notices import SupervisionNotice


class LookBack(RegionRecord):
    """One quarter's look-back. `moved` and `sample` are the office's numbers by which it was made (LagAsk)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="look_backs")
    starts = models.DateField(_("period from"))
    ends = models.DateField(_("period to"))
    made_at = models.DateTimeField(_("status date"))
    moved = models.PositiveSmallIntegerField(pgettext_lazy("look-back", "postponed so many times"))
    sample = models.PositiveSmallIntegerField(pgettext_lazy("look-back", "share of closed problems, per cent"))
    due_on = models.DateField(pgettext_lazy("look-back", "to be answered by"), null=True, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=LookBackState, default=LookBackState.DRAFT)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "supervision.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "starts"], name="look_back_once"),
            models.CheckConstraint(
                condition=models.Q(state=LookBackState.DRAFT) | models.Q(due_on__isnull=False), name="look_back_due"
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(year)dQ%(n)d") % {"year": self.starts.year, "n": (self.starts.month + 2) // 3}

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """A draft is the office's and of those who see the region."""
        inside = models.Q(region_id__in=scope.regions)
        return inside | models.Q(region_id__in=scope.home_regions) & ~models.Q(state=LookBackState.DRAFT)


class LagLine(ScopedRecord):
    """A matter on a look-back as it stood when the list was made, what its unit answered, and how it was judged.

    `key` names the matter over all areas; `again`: it stood on the look-back before, too, and was not done.
    """

    look_back = models.ForeignKey(LookBack, models.CASCADE, related_name="lines")
    kind = models.CharField(pgettext_lazy("look-back", "why listed"), max_length=10, choices=LagKind)
    key = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    title = models.CharField(_("matter"), max_length=200)
    fact = models.CharField(pgettext_lazy("look-back", "what lags"), max_length=200)
    url = models.CharField(max_length=200, blank=True)
    since = models.DateField(pgettext_lazy("look-back", "lags since"))
    again = models.BooleanField(default=False)
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="+")
    problem = models.ForeignKey(Problem, models.PROTECT, null=True, blank=True, related_name="+")
    report = models.ForeignKey(WrittenReport, models.PROTECT, null=True, blank=True, related_name="+")
    about = models.ForeignKey(SupervisionNotice, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(pgettext_lazy("look-back", "answer"), max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    judgement = models.CharField(pgettext_lazy("look-back", "on what was seen"), max_length=300, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    notice = models.ForeignKey(SupervisionNotice, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=LagState, default=LagState.LISTED)

    view_permission = "supervision.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["look_back", "key"], name="lag_line_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["look_back", "since"], name="lag_line_since"),
            models.Index(fields=["unit", "state"], name="lag_line_unit"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """A unit sees its own lines once the list was given out."""
        inside = models.Q(region_id__in=scope.regions)
        if scope.unit_ids:
            given = ~models.Q(look_back__state=LookBackState.DRAFT) & ~models.Q(state=LagState.DROPPED)
            inside |= models.Q(unit_id__in=scope.unit_ids) & given
        return inside
