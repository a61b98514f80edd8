"""The rules that a unit made for itself (内部制度), who answers for each, and the checks of how they are kept."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.models import ScopedRecord
from chuangwen.organizations.models import Post, Unit
from chuangwen.responsibilities.enums import HouseRuleState, Keeping
from chuangwen.responsibilities.schedule import Schedule


class HouseRule(ScopedRecord):
    """One rule in a unit's catalogue: in force from `since`, up to and including `until` where an end is known.

    `office` or `post` answers for it; `checker` or `checker_post` looks whether it is kept, as often as `schedule`
    (Schedule.as_data) says. Rules outlive campaigns, so none is named. `counts_from`: dates of checks before this day
    are asked of nobody. `successor` is the rule that took its place.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="house_rules", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=120)
    number = models.CharField(pgettext_lazy("house rule", "number of the paper"), max_length=60, blank=True)
    since = models.DateField(pgettext_lazy("house rule", "in force since"))
    until = models.DateField(pgettext_lazy("house rule", "in force until"), null=True, blank=True)
    office = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("office that answers for it")
    )
    post = models.ForeignKey(
        Post, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("post that answers for it")
    )
    checker = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit that checks")
    )
    checker_post = models.ForeignKey(
        Post, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("post that checks")
    )
    schedule = models.JSONField(_("how often"), null=True, blank=True)
    counts_from = models.DateField()
    next_check = models.DateField(_("next check"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=HouseRuleState, default=HouseRuleState.HOLDS)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")

    view_permission = "responsibilities.view"
    scope_units = ("unit_id", "office_id", "checker_id")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["unit", "title"], condition=models.Q(state="holds"), name="house_rule_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "state", "next_check"], name="house_rule_due"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def plan(self) -> Schedule | None:
        """How often it is checked; None where no rhythm was set."""
        return Schedule.from_data(self.schedule) if self.schedule else None

    @property
    def is_over(self) -> bool:
        """Whether it holds no more: ended, or past its last day. One that is replaced holds until the other begins."""
        return self.state == HouseRuleState.ENDED or (self.until is not None and self.until < clock.today())

    @property
    def is_late(self) -> bool:
        """Whether a check is overdue; of a unit that is no more none is asked for."""
        if self.is_over or (self.unit.valid_to is not None and self.unit.valid_to < clock.today()):
            return False
        return self.next_check is not None and self.next_check < clock.today()


class HouseRuleCheck(ScopedRecord):
    """On `day` somebody looked whether the rule is kept. `checked_by` is what the checker was called then.

    One that was entered by mistake is taken back and counts no longer.
    """

    rule = models.ForeignKey(HouseRule, models.CASCADE, related_name="checks")
    day = models.DateField(_("day"))
    result = models.CharField(_("result"), max_length=6, choices=Keeping)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    checked_by = models.CharField(_("checked by"), max_length=160)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    view_permission = "responsibilities.view"
    scope_units = ("rule__unit_id", "rule__office_id", "rule__checker_id")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["rule", "day"], condition=models.Q(withdrawn_at__isnull=True), name="house_check_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.day:%Y-%m-%d}"
