"""What of supervision counts in a score (计分规则): which kind of event, consequence, reward is which code."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.core.models import RegionRecord
from chuangwen.standards.models import StandardVersion
from chuangwen.supervision.enums import CountedFrom
from chuangwen.supervision.models.consequences import ConsequenceKind
from chuangwen.supervision.models.veto import VetoKind


class CountingRule(RegionRecord):
    """Under one standard: what one kind counts as. Set by a person; `code` empty is decided too: it does not count.

    Neither kind is an exposure whose problem is not put right.
    """

    version = models.ForeignKey(StandardVersion, models.CASCADE, related_name="+")
    veto_kind = models.ForeignKey(VetoKind, models.PROTECT, null=True, related_name="+")
    consequence_kind = models.ForeignKey(ConsequenceKind, models.PROTECT, null=True, related_name="+")
    code = models.CharField(_("code"), max_length=100, blank=True)
    points = models.FloatField(_("points"), null=True)  # null for a veto
    since = models.CharField(_("counts"), max_length=8, choices=CountedFrom, default=CountedFrom.YEAR)

    view_permission = "supervision.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "veto_kind"], name="counting_veto_once"),
            models.UniqueConstraint(fields=["version", "consequence_kind"], name="counting_consequence_once"),
            models.UniqueConstraint(
                fields=["version"], name="counting_exposure_once",
                condition=models.Q(veto_kind__isnull=True, consequence_kind__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code
