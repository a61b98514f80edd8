"""Consequences and rewards of units (奖惩, 结果运用), their kinds, the rules that propose them, what the unit says.

Of units alone: what concerns persons is handed over, and only that it was (design.md, protection 1; mechanisms 113,
116, 121).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Title
from chuangwen.core.access import Scope
from chuangwen.core.models import RegionRecord, ScopedRecord
from chuangwen.evidence.models import Dossier
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task
from chuangwen.supervision.enums import ConsequenceState, LinkFigure
from chuangwen.supervision.models.notices import SupervisionNotice
from chuangwen.supervision.models.stories import Story
from chuangwen.supervision.models.veto import VetoEvent

BASES = ("notice", "task", "problem", "dossier", "story", "award", "event")  # from what a consequence can come


class ConsequenceKind(RegionRecord):
    """A kind of consequence or reward: for how many months it holds, and whether it bars applications for titles."""

    name = models.CharField(_("kind"), max_length=80)
    is_reward = models.BooleanField(_("is a reward"), default=False)
    months = models.PositiveSmallIntegerField(_("holds for months"), default=0)  # 0: said once, holds no longer
    of_year = models.BooleanField(_("holds for one year's assessment"), default=False)
    bars = models.BooleanField(_("bars applications for titles while it holds"), default=False)
    source = models.CharField(_("source"), max_length=160)
    is_on = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    view_permission = "supervision.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "name"], name="consequence_kind_once"),
        ]

    def __str__(self) -> str:
        return self.name


class LinkRule(RegionRecord):
    """A linking rule (挂钩规则): from which figure on which kind is proposed. It only proposes; a person decides."""

    figure = models.CharField(_("figure"), max_length=16, choices=LinkFigure)
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    kind = models.ForeignKey(ConsequenceKind, models.PROTECT, related_name="rules", verbose_name=_("what it proposes"))
    source = models.CharField(_("source"), max_length=160)
    is_on = models.BooleanField(_("in force"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    view_permission = "supervision.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.get_figure_display()} {self.number} → {self.kind}"


class Consequence(ScopedRecord):
    """A consequence or reward of one unit, entered by one person and confirmed by another."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="consequences", verbose_name=_("unit"))
    kind = models.ForeignKey(ConsequenceKind, models.PROTECT, related_name="consequences", verbose_name=_("kind"))
    day = models.DateField(_("day of the paper"))
    year = models.PositiveSmallIntegerField(_("year"))  # to whose assessment it belongs
    until = models.DateField(_("holds until"), null=True, blank=True)
    title = models.CharField(pgettext_lazy("consequence", "for what"), max_length=200)
    issuer = models.CharField(_("issuing body"), max_length=80, blank=True)
    paper = models.CharField(_("document number"), max_length=80, blank=True)
    notice = models.ForeignKey(SupervisionNotice, models.PROTECT, null=True, blank=True, related_name="consequences")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="+")
    problem = models.ForeignKey(Problem, models.PROTECT, null=True, blank=True, related_name="+")
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, blank=True, related_name="+")
    story = models.ForeignKey(Story, models.PROTECT, null=True, blank=True, related_name="+")
    award = models.ForeignKey(Title, models.PROTECT, null=True, blank=True, related_name="+")
    event = models.ForeignKey(VetoEvent, models.PROTECT, null=True, blank=True, related_name="+")
    rule = models.ForeignKey(LinkRule, models.PROTECT, null=True, blank=True, related_name="consequences")
    found = models.PositiveIntegerField(default=0)  # the figure by which the rule held
    state = models.CharField(_("state"), max_length=10, choices=ConsequenceState, default=ConsequenceState.REPORTED)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    view_permission = "supervision.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["rule", "unit", "year"], condition=models.Q(rule__isnull=False), name="consequence_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "rejected"]) | ~(models.Q(issuer="") | models.Q(paper="")),
                name="consequence_paper",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit", "state", "day"], name="consequence_unit"),
            models.Index(fields=["region", "day"], name="consequence_day"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def basis(self) -> tuple[str, Any]:
        """From what it comes: the field's name and the row; ("", None) where it has no basis in the program."""
        name = next((one for one in BASES if getattr(self, f"{one}_id")), "")
        return name, getattr(self, name) if name else None

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """A unit sees what was confirmed; what is only proposed or entered is the office's."""
        inside = models.Q(region_id__in=scope.regions)
        if scope.unit_ids:
            shown = [ConsequenceState.CONFIRMED, ConsequenceState.LIFTED]
            inside |= models.Q(unit_id__in=scope.unit_ids, state__in=shown)
        return inside


class ConsequenceReply(ScopedRecord):
    """What the unit says to a consequence, or its appeal, and what was decided of that."""

    consequence = models.ForeignKey(Consequence, models.CASCADE, related_name="replies")
    text = models.TextField(_("reply"))
    is_appeal = models.BooleanField(_("appeal"), default=False)
    at = models.DateTimeField()
    on_behalf = models.CharField(max_length=120, blank=True)
    decision = models.TextField(pgettext_lazy("appeal", "decided"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    view_permission = "supervision.view"
    scope_units = ("consequence__unit_id",)

    class Meta:
        verbose_name_plural = "consequence replies"
        ordering: ClassVar[list[str]] = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]
