"""Problems from discovery to closed (挂账销号), and the rules that route them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Campaign, Round
from chuangwen.core.models import Attachment, RegionRecord, ScopedRecord
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place
from chuangwen.rectification.enums import OPEN_STATES, PhotoRole, ProblemState, Routed, RuleOrigin, Source
from chuangwen.rectification.photo_checks import bands_of
from chuangwen.standards.models import PlaceType, ProblemType


class RoutingRule(RegionRecord):
    """Problem type x place type x territory -> lead (问题归口表). Empty parts match all; the most exact rule wins.

    A rule is dated and never changed: a new decision ends the old rule and begins another, so
    that every problem can be walked back to the rule by which it was routed.
    """

    problem_type = models.ForeignKey(ProblemType, models.CASCADE, related_name="+", verbose_name=_("problem type"))
    place_type = models.ForeignKey(
        PlaceType, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("place type")
    )
    territory = models.ForeignKey(
        Unit, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("territory")
    )
    lead = models.ForeignKey(Unit, models.PROTECT, related_name="routing_rules", verbose_name=_("lead"))
    origin = models.CharField(_("origin"), max_length=10, choices=RuleOrigin, default=RuleOrigin.HAND)
    starts = models.DateField(_("holds from"))
    ends = models.DateField(_("holds until"), null=True, blank=True)  # the first day on which it no longer holds

    view_permission = "rectification.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "region",
                "problem_type",
                Coalesce("place_type", 0),
                Coalesce("territory", 0),
                condition=models.Q(ends__isnull=True),
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
    check_code = models.CharField(max_length=100, blank=True)
    node_codes = models.JSONField(default=list)  # criteria that the check counts in, "urn#code"
    source = models.CharField(_("source"), max_length=12, choices=Source, default=Source.INSPECTION)
    source_number = models.CharField(_("source's number"), max_length=60, blank=True)
    answer_number = models.CharField(_("number of the answer"), max_length=100, blank=True)  # 回复文号, to a superior
    lead = models.ForeignKey(Unit, models.PROTECT, related_name="problems_led", verbose_name=_("lead"))
    territory = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="problems_in", verbose_name=_("territory")
    )
    routed_by = models.CharField(_("routed by"), max_length=10, choices=Routed, default=Routed.OFFICE)
    routing_rule = models.ForeignKey(RoutingRule, models.PROTECT, null=True, blank=True, related_name="problems")
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField(_("found"))
    assigned_at = models.DateTimeField(_("assigned"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    due_at = models.DateTimeField(_("deadline"))
    fixed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_in_time = models.BooleanField(null=True)
    returned_times = models.PositiveSmallIntegerField(default=0)
    interim_measure = models.TextField(_("interim measure"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    funding = models.CharField(_("money and its source"), max_length=120, blank=True)
    coordinator = models.CharField(_("coordinating leader"), max_length=60, blank=True)
    measure_taken = models.TextField(_("what was done"), blank=True)
    # Nearly all rows have neither: the indexes below hold only the others, and planners trust them.
    recurrence_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="recurrences", db_index=False
    )
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged", db_index=False
    )
    state = models.CharField(_("state"), max_length=10, choices=ProblemState, default=ProblemState.FOUND)
    verified_on_site = models.BooleanField(_("verified on the spot"), null=True)
    # So that the open ledger is read in the order of its deadlines without walking over all that is closed.
    is_open = models.GeneratedField(
        expression=models.Q(state__in=[str(state) for state in OPEN_STATES]),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

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
            models.Index(
                fields=["region", "due_at", "state", "source", "recurrence_of", "lead", "territory"],
                name="problem_open",
                condition=models.Q(is_open=True),
            ),
            # All that a search looks at, so that it reads no rows but those it finds.
            models.Index(fields=["region", "title", "number", "place", "source_number"], name="problem_words"),
            models.Index(fields=["region", "due_at"], name="problem_region_due"),
            models.Index(fields=["region", "source", "state", "is_open", "due_at"], name="problem_source"),
            models.Index(
                fields=["recurrence_of"], name="problem_recurrence", condition=models.Q(recurrence_of__isnull=False)
            ),
            models.Index(fields=["merged_into"], name="problem_merged", condition=models.Q(merged_into__isnull=False)),
            models.Index(fields=["region", "found_at"], name="problem_found"),
            models.Index(fields=["region", "closed_at"], name="problem_closed", condition=models.Q(state="closed")),
            models.Index(fields=["problem_type", "lead", "found_at"], name="problem_alike"),
        ]

    def __str__(self) -> str:
        return self.title


class ProblemPhoto(ScopedRecord):
    """A photo of a problem, before or after, with where and when it was taken.

    `attempt` counts the returns before it: a fix is shown by photos of its own attempt. The bands
    are quarters of the picture's perceptual hash, by which look-alikes are found through an index.
    """

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="photos")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=PhotoRole)
    taken_at = models.DateTimeField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    band_0 = models.PositiveIntegerField(null=True, editable=False)
    band_1 = models.PositiveIntegerField(null=True, editable=False)
    band_2 = models.PositiveIntegerField(null=True, editable=False)
    band_3 = models.PositiveIntegerField(null=True, editable=False)

    view_permission = "rectification.view"
    scope_units = ("problem__lead_id", "problem__territory_id")

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", f"band_{number}"], name=f"photo_band_{number}") for number in range(4)
        ]

    def __str__(self) -> str:
        return f"{self.problem} {self.role}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.band_0, self.band_1, self.band_2, self.band_3 = bands_of(self.attachment.file.likeness)
        super().save(*args, **kwargs)


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


class Extension(ScopedRecord):
    """A lead's request for more time (延期). Decided is granted with a day or refused with an answer."""

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="extensions")
    by_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"))
    until = models.DateField(_("asked for until"))
    asked_at = models.DateTimeField()
    decide_by = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    granted_until = models.DateTimeField(null=True)
    answer = models.TextField(_("answer"), blank=True)

    view_permission = "rectification.view"
    scope_units = ("problem__lead_id", "problem__territory_id", "by_unit_id")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["problem"], name="extension_open", condition=models.Q(decided_at__isnull=True)),
        ]

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
