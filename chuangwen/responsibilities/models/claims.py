"""Claims (认领) on what nobody leads, while a pool is open or by the first who comes, and objections to a share."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import RegionRecord, ScopedRecord
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.enums import ClaimState, ObjectionState, Share
from chuangwen.standards.models import Node


class ClaimPool(RegionRecord):
    """Until `closes_on` units say which of the criteria without a lead are theirs; then sole claims are given."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="claim_pools")
    closes_on = models.DateField(_("until"))
    settled_at = models.DateTimeField(null=True, blank=True)

    view_permission = "responsibilities.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign"], condition=models.Q(settled_at__isnull=True), name="pool_once"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.closes_on}"


class Claim(ScopedRecord):
    """One unit says in a pool that a criterion is its own."""

    pool = models.ForeignKey(ClaimPool, models.CASCADE, related_name="claims")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="claims")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name=_("criterion"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="claims", verbose_name=_("unit"))
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ClaimState, default=ClaimState.WAITING)
    made_at = models.DateTimeField(_("claimed at"))

    view_permission = "responsibilities.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["pool", "node", "unit"], name="claim_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["campaign", "state", "made_at"], name="claim_state"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.node}"


class Objection(ScopedRecord):
    """A unit says, within the days that the rule gives, that its share in a criterion is not its own."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="objections")
    node = models.ForeignKey(Node, models.PROTECT, related_name="+", verbose_name=_("criterion"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="objections", verbose_name=_("unit"))
    share = models.CharField(max_length=10, choices=Share)
    reason = models.TextField(_("reason"))
    proposed = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("whose it is instead")
    )
    state = models.CharField(_("state"), max_length=10, choices=ObjectionState, default=ObjectionState.OPEN)
    made_at = models.DateTimeField(_("objected at"))
    due_at = models.DateTimeField(_("ruling until"))

    view_permission = "responsibilities.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["campaign", "node", "unit"], condition=models.Q(state="open"), name="objection_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["campaign", "state", "due_at"], name="objection_state"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.node}"
