"""Draws, visits, answers and the observations that scoring reads."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.core.access import Scope, ScopedQuerySet, scope_of
from chuangwen.core.models import Attachment, ScopedRecord
from chuangwen.inspections.enums import (
    DRAWN_STATES,
    AnswerValue,
    DrawState,
    ResultKind,
    ResultState,
    VisitKind,
    VisitState,
)
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place
from chuangwen.rectification.models import Problem
from chuangwen.standards.models import Check, StandardVersion


class Draw(ScopedRecord):
    """One draw of a round's places. Before the release time no order exists anywhere (spec/draw.md).

    A round may have a later second draw; one that was frozen by mistake stays, withdrawn with its reason.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="draws")
    strict = models.BooleanField(_("strict form"), default=False)
    method = models.CharField(max_length=8, default="vrs")
    pool = models.JSONField(default=dict)  # stratum -> codes, frozen
    pool_sha256 = models.CharField(max_length=64)
    quotas = models.JSONField(default=dict)
    source = models.CharField(_("source of randomness"), max_length=200, blank=True)
    commitment = models.CharField(max_length=64, blank=True)
    times = models.PositiveSmallIntegerField(default=0)
    release_at = models.DateTimeField(_("release"), null=True)
    record = models.JSONField(default=dict)  # the chuangwen-draw/1 record, once drawn
    frozen_at = models.DateTimeField(null=True)
    committed_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    secret = models.TextField(blank=True)  # published after the round (Close); empty before
    state = models.CharField(max_length=10, choices=DrawState, default=DrawState.FROZEN)

    view_permission = "inspections.view"

    def __str__(self) -> str:
        return f"{self.round} {self.pool_sha256[:8]}"

    @property
    def is_released(self) -> bool:
        """Whether the release time has come; nobody draws or sees an order before."""
        return self.release_at is None or clock.now() >= self.release_at

    @property
    def is_public(self) -> bool:
        """Whether there is a record that people of the region may see."""
        return self.state in DRAWN_STATES and self.is_released


class VisitQuerySet(ScopedQuerySet):
    """Visits, also by the one who makes them."""

    def of_inspector(self, user: Any) -> Self:
        """The visits that were given to `user`, while the role of inspector is held in their region."""
        return self.filter(inspector=user, region_id__in=scope_of(user, "inspections.inspect").home_regions)


class VisitManager(models.Manager.from_queryset(VisitQuerySet)):  # type: ignore[misc]
    """The default manager of visits."""


def _seen_by(scope: Scope, visit: str = "") -> models.Q:
    """Rows of whole regions, and those of finished visits at places of single units: a visit is unannounced."""
    inside = models.Q(region_id__in=scope.regions)
    if scope.unit_ids:
        own = models.Q(**{f"{visit}place__territory_id__in": scope.unit_ids})
        own |= models.Q(**{f"{visit}place__keeper_id__in": scope.unit_ids})
        inside |= own & models.Q(**{f"{visit}state": VisitState.FINISHED})
    return inside


class Visit(ScopedRecord):
    """A place to be seen in a round, by somebody, on a day."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="visits")
    place = models.ForeignKey(Place, models.PROTECT, related_name="visits")
    kind = models.CharField(max_length=10, choices=VisitKind, default=VisitKind.DRAWN)
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, related_name="visits")  # null: chosen on the spot
    substitute_for = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="visits")
    team = models.CharField(_("team"), max_length=40, blank=True)
    planned_on = models.DateField(_("planned"))
    order = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    answered = models.PositiveSmallIntegerField(default=0)
    not_met = models.PositiveSmallIntegerField(default=0)
    on_paper = models.BooleanField(_("entered from paper"), default=False)  # 代录: the sheet hangs on the visit
    skip_reason = models.CharField(_("reason"), max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=VisitState, default=VisitState.PLANNED)

    objects = VisitManager()  # type: ignore[misc]
    view_permission = "inspections.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "place"], name="visit_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["inspector", "planned_on", "state"], name="visit_inspector"),
            models.Index(fields=["round", "state"], name="visit_round_state"),
            models.Index(fields=["round", "order"], name="visit_round_order"),
            models.Index(fields=["round", "planned_on"], name="visit_round_day"),
        ]

    def __str__(self) -> str:
        return str(self.place)

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """Who is to come is seen region-wide only, what was seen by the units of the place too."""
        return _seen_by(scope)


class Answer(ScopedRecord):
    """An inspector's answer to one check at one visit. `uid` is made by the client: sending twice is harmless."""

    uid = models.UUIDField(unique=True)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="answers")
    checked = models.ForeignKey(Check, models.PROTECT, related_name="+")
    value = models.CharField(max_length=16, choices=AnswerValue)
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    count = models.FloatField(null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    device_at = models.DateTimeField(null=True)  # the phone's clock, beside ours
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    problem = models.ForeignKey(Problem, models.SET_NULL, null=True, related_name="answers")

    view_permission = "inspections.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["visit", "checked"], name="answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.checked} {self.value}"

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        return _seen_by(scope, "visit__")


class AnswerReceipt(ScopedRecord):
    """A message with an answer that arrived, by the `uid` that the phone gave it.

    An answer that was changed or undone is overwritten or gone, so it alone cannot tell that a
    message sent again is an old one; this does.
    """

    uid = models.UUIDField(unique=True)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="receipts")

    view_permission = "inspections.plan"

    def __str__(self) -> str:
        return str(self.uid)


class AnswerPhoto(ScopedRecord):
    """A photo taken where a check was not met (or the standard wants one always)."""

    uid = models.UUIDField(unique=True)
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="photos")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    original_waits = models.BooleanField(default=False)  # a small copy came first; the original is on the phone

    view_permission = "inspections.view"

    def __str__(self) -> str:
        return str(self.uid)

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        return _seen_by(scope, "answer__visit__")


class EnteredResult(ScopedRecord):
    """A result of a round that no visit gives: a graded material, a survey's rate, a figure, a veto, a bonus.

    An assessor enters it with its source and the paper as proof; it counts once a second person has
    confirmed it, and then stands as observations that scoring reads. A reviewed dossier feeds the same
    table instead of a person's hand (services.taking): the way from a score back to its source stays this
    one. `value` is the measure that the leaf's rule asks for (a rate 0..1, a number, a count),
    points for a bonus or penalty, 1 for a veto that occurred, null where the leaf is not applicable.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="results")
    version = models.ForeignKey(StandardVersion, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=ResultKind, default=ResultKind.LEAF)
    code = models.CharField(_("code"), max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    grade = models.CharField(_("grade"), max_length=8, blank=True)
    value = models.FloatField(_("value"), null=True)
    weight = models.FloatField(_("answers"), default=1)
    source = models.CharField(_("source"), max_length=300)
    judged_by = models.CharField(_("judged by"), max_length=60)
    judged_on = models.DateField(_("judged on"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    dossier = models.ForeignKey("evidence.Dossier", models.PROTECT, null=True, blank=True, related_name="results")
    origin = models.CharField(max_length=60, blank=True)  # the row of a registered source: name/key
    revision = models.PositiveIntegerField(default=1)  # what a second person confirms is what that person saw
    state = models.CharField(max_length=10, choices=ResultState, default=ResultState.ENTERED)

    view_permission = "inspections.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["round", "version", "code", "unit"], name="result_once",
                condition=models.Q(kind="leaf") & ~models.Q(state="withdrawn"),
            ),
            models.UniqueConstraint(
                fields=["round", "version", "code"], name="result_once_whole",
                condition=models.Q(kind="leaf", unit__isnull=True) & ~models.Q(state="withdrawn"),
            ),
            models.UniqueConstraint(
                fields=["round", "version", "origin"], name="result_once_origin",
                condition=~models.Q(origin="") & ~models.Q(state="withdrawn"),
            ),
        ]  # fmt: skip
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["round", "state"], name="result_round_state"),
            models.Index(fields=["round", "version", "code"], name="result_leaf"),
            models.Index(fields=["origin"], name="result_origin", condition=~models.Q(origin="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.source}"


RESULT_OWNER = "inspections.enteredresult"  # under which the papers of results hang


class ObservationQuerySet(ScopedQuerySet):
    """Observations as they stand, or stood."""

    def standing(self) -> Self:
        """Those that have not been taken back."""
        return self.filter(withdrawn_at=None)

    def as_of(self, moment: datetime) -> Self:
        """Those that stood at `moment`, by the database's own clock (created_at)."""
        standing = models.Q(withdrawn_at=None) | models.Q(withdrawn_at__gt=moment)
        return self.filter(standing, created_at__lte=moment)


class ObservationManager(models.Manager.from_queryset(ObservationQuerySet)):  # type: ignore[misc]
    """The default manager of observations."""


class Observation(ScopedRecord):
    """One thing seen, for one leaf of one standard: what scoring reads (spec/scoring.md, Tables in).

    It comes from an answer at a place or from an entered result. What is corrected is taken back and
    stays, so that a result computed before can still be walked down.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="observations")
    version = models.ForeignKey(StandardVersion, models.PROTECT, related_name="+")
    code = models.CharField(max_length=100)  # of the leaf, veto, bonus or penalty
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="observations")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    value = models.FloatField(null=True)
    weight = models.FloatField(default=1)
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, related_name="observations")
    result = models.ForeignKey(EnteredResult, models.CASCADE, null=True, related_name="observations")
    withdrawn_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    objects = ObservationManager()  # type: ignore[misc]

    view_permission = "inspections.view"
    scope_units = ("unit_id",)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["round", "version", "code", "place"], name="observation_leaf"),
            models.Index(fields=["unit", "round"], name="observation_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.value}"


class Recusal(ScopedRecord):
    """An inspector steps back from a place. No reason is asked for, and none is kept."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="recusals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    view_permission = "inspections.plan"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["visit", "user"], name="recusal_once"),
        ]

    def __str__(self) -> str:
        return str(self.visit)
