"""The ladder of titles, what an office sets, programmes and their conditions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Title
from chuangwen.core.models import RegionRecord
from chuangwen.honors.enums import (
    ProgrammeState,
    RuleKind,
)
from chuangwen.standards.models import StandardVersion


def points_field(label: Any, **options: Any) -> Any:
    """Points or per cent with two places."""
    return models.DecimalField(label, max_digits=6, decimal_places=2, **options)


PERSON = settings.AUTH_USER_MODEL


class LadderStep(RegionRecord):
    """A title's place on its ladder (申报阶梯): the higher the rank, the higher the title of that subject."""

    title = models.OneToOneField(Title, models.CASCADE, related_name="ladder_step")
    rank = models.PositiveSmallIntegerField(_("rank"))
    reverify_months = models.PositiveSmallIntegerField(_("re-verified every so many months"), default=12)
    source = models.CharField(_("source"), max_length=160)

    view_permission = "honors.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["title__subject", "rank", "pk"]

    def __str__(self) -> str:
        return f"{self.title} {self.rank}"


class HonorSetting(RegionRecord):
    """A number that the office sets for its region; `source` is shown as its label."""

    key = models.CharField(max_length=24)
    value = models.PositiveSmallIntegerField(_("value"))
    source = models.CharField(_("source"), max_length=160)

    view_permission = "honors.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "key"], name="honor_setting_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Aspect(RegionRecord):
    """One of the aspects by which offices (文明处室六方面标准) or families (十星) are judged in a contest."""

    subject = models.CharField(max_length=12, default="office")  # office | family
    code = models.CharField(max_length=24)
    name = models.CharField(_("aspect"), max_length=40)
    weight = points_field(_("weight"))
    position = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(_("source"), max_length=160)

    view_permission = "honors.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "code"], name="aspect_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Programme(RegionRecord):
    """One call for applications for one title (评选办法): its rules, quota and timetable."""

    title = models.ForeignKey(
        Title, models.PROTECT, related_name="programmes", verbose_name=pgettext_lazy("honour", "title")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    name = models.CharField(_("name"), max_length=80)
    authority = models.CharField(_("granted by"), max_length=60)
    basis = models.CharField(_("rules followed"), max_length=160, blank=True)
    standard = models.ForeignKey(
        StandardVersion, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("standard of the self-assessment"),
    )  # fmt: skip
    quota = models.PositiveIntegerField(_("quota"), null=True, blank=True)  # None: no limit
    unit_quota = models.PositiveSmallIntegerField(_("quota of each unit"), null=True, blank=True)  # families alone
    reviewers = models.PositiveSmallIntegerField(_("reviewers for each application"), default=3)
    trimmed = models.BooleanField(_("without the highest and the lowest score"), default=True)
    apply_from = models.DateField(_("applications from"))
    apply_until = models.DateField(_("applications until"))
    review_until = models.DateField(_("reviewed until"))
    deliberate_on = models.DateField(_("deliberated on"))
    notice_from = models.DateField(_("public notice from"))
    notice_until = models.DateField(_("public notice until"))
    award_on = models.DateField(_("awarded on"))
    state = models.CharField(max_length=12, choices=ProgrammeState, default=ProgrammeState.PREPARING)

    view_permission = "honors.view"

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "-apply_until"], name="programme_deadline"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "name"], name="programme_name"),
        ]

    def __str__(self) -> str:
        return self.name


class EligibilityRule(RegionRecord):
    """A condition as data. Of a programme; without one it is the default for the title `of_title`."""

    programme = models.ForeignKey(Programme, models.CASCADE, null=True, related_name="rules")
    of_title = models.ForeignKey(Title, models.CASCADE, null=True, related_name="default_rules")
    kind = models.CharField(pgettext_lazy("rule", "kind"), max_length=16, choices=RuleKind)
    threshold = points_field(_("at least"), default=Decimal(0))
    months = models.PositiveSmallIntegerField(_("months"), default=0)
    lower = models.ForeignKey(
        Title, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("title to be held")
    )
    words = models.CharField(_("in words"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=160)
    position = models.PositiveSmallIntegerField(default=0)

    view_permission = "honors.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(programme__isnull=True) ^ models.Q(of_title__isnull=True), name="rule_of_one"
            ),
        ]

    def __str__(self) -> str:
        return self.words or str(self.get_kind_display())
