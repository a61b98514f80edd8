"""Problems from discovery to closed (挂账销号), and the rules that route them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Campaign, Round
from chuangwen.core.models import Attachment, RegionRecord, ScopedRecord
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place
from chuangwen.rectification.enums import PhotoRole, ProblemState, Source
from chuangwen.standards.models import PlaceType, ProblemType


class RoutingRule(RegionRecord):
    """Problem type x place type x territory -> lead (问题归口表). Empty parts match all; the most exact rule wins."""

    problem_type = models.ForeignKey(ProblemType, models.CASCADE, related_name="+", verbose_name=_("problem type"))
    place_type = models.ForeignKey(
        PlaceType, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("place type")
    )
    territory = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("territory")
    )
    lead = models.ForeignKey(Unit, models.PROTECT, related_name="routing_rules", verbose_name=_("lead"))
    origin = models.CharField(_("from"), max_length=10, default="hand")  # hand | workbook | ruling

    view_permission = "rectification.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "region",
                "problem_type",
                Coalesce("place_type", 0),
                Coalesce("territory", 0),
                name="routing_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.problem_type} → {self.lead}"


class Problem(ScopedRecord):
    """One problem in the close-out ledger."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, blank=True, related_name="problems")
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="problems")
    number = models.CharField(_("number"), max_length=24)  # 2026-1187
    title = models.CharField(_("problem"), max_length=200)
    detail = models.TextField(_("detail"), blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="problems")
    spot = models.CharField(_("where exactly"), max_length=160, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    problem_type = models.ForeignKey(ProblemType, models.PROTECT, related_name="problems")
    problem_class = models.CharField(_("class"), max_length=10)
    check_code = models.CharField(max_length=60, blank=True)
    node_codes = models.JSONField(default=list)  # criteria that the check counts in, "urn#code"
    source = models.CharField(_("source"), max_length=12, choices=Source, default=Source.INSPECTION)
    source_number = models.CharField(_("source's number"), max_length=60, blank=True)
    lead = models.ForeignKey(Unit, models.PROTECT, related_name="problems_led", verbose_name=_("lead"))
    territory = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="problems_in", verbose_name=_("territory")
    )
    routed_by = models.CharField(_("routed by"), max_length=120, blank=True)  # the rule, in words
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField(_("found"))
    assigned_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(_("deadline"))
    fixed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_in_time = models.BooleanField(null=True)
    returned_times = models.PositiveSmallIntegerField(default=0)
    interim_measure = models.TextField(_("interim measure"), blank=True)
    measure_taken = models.TextField(_("what was done"), blank=True)
    recurrence_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="recurrences")
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="merged")
    state = models.CharField(_("state"), max_length=10, choices=ProblemState, default=ProblemState.FOUND)

    view_permission = "rectification.view"
    scope_units = ("lead_id", "territory_id")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "number"], name="problem_number"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "state", "due_at"], name="problem_region_state"),
            models.Index(fields=["lead", "state", "due_at"], name="problem_lead_state"),
            models.Index(fields=["territory", "state", "due_at"], name="problem_territory_state"),
            models.Index(fields=["place", "problem_type", "state"], name="problem_place_type"),
            models.Index(fields=["region", "found_at"], name="problem_found"),
        ]

    def __str__(self) -> str:
        return self.title


class ProblemPhoto(ScopedRecord):
    """A photo of a problem, before or after, with where and when it was taken."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="photos")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=PhotoRole)
    taken_at = models.DateTimeField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)

    view_permission = "rectification.view"
    scope_units = ("problem__lead_id", "problem__territory_id")

    def __str__(self) -> str:
        return f"{self.problem} {self.role}"


class Dispute(ScopedRecord):
    """A unit's objection to being the lead: raised within 1 day, ruled within 2 (practice.md)."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="disputes")
    by_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    proposed_lead = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    raised_at = models.DateTimeField()
    rule_by = models.DateTimeField()
    ruled_at = models.DateTimeField(null=True)
    ruling = models.TextField(_("ruling"), blank=True)
    lead = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")

    view_permission = "rectification.view"
    scope_units = ("problem__lead_id", "problem__territory_id", "by_unit_id")

    def __str__(self) -> str:
        return self.reason[:40]


class ProblemMilestone(ScopedRecord):
    """A step of a long-term problem: at least one each month (practice.md)."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="milestones")
    name = models.CharField(_("step"), max_length=120)
    due_on = models.DateField(_("due"))
    done_on = models.DateField(_("done"), null=True, blank=True)

    view_permission = "rectification.view"
    scope_units = ("problem__lead_id", "problem__territory_id")

    class Meta:
        ordering: ClassVar[list[str]] = ["due_on"]

    def __str__(self) -> str:
        return self.name
