"""Families that are recommended for titles (文明家庭): their plaque's name, who recommends them, the day of consent.

Nothing else of them is kept: no address, no numbers, no members. Nothing that is written for good (audit, history,
notifications) holds the name, so `str()` of a family is its number; pages that may show the name ask for `shown`.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.core.models import ScopedRecord
from chuangwen.organizations.models import Unit


class Family(ScopedRecord):
    """A household as the program knows it. `name` is empty once consent has been withdrawn.

    `digest` is a keyed hash of the name: it tells whether a family that comes again is one that was here before, so
    that a delisting is not left behind by withdrawing, and gives the name away to nobody.
    """

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="families", verbose_name=gettext_lazy("recommending unit")
    )
    number = models.CharField(gettext_lazy("number"), max_length=24)
    name = models.CharField(gettext_lazy("name on the plaque"), max_length=30, blank=True)
    digest = models.CharField(max_length=64)
    agreed_on = models.DateField(gettext_lazy("agreed on"), null=True, blank=True)
    withdrawn_on = models.DateField(gettext_lazy("consent withdrawn on"), null=True, blank=True)

    view_permission = "honors.view"
    scope_units = ("unit_id",)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["region", "unit"], name="family_unit")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "number"], name="family_number"),
            models.UniqueConstraint(fields=["unit", "digest"], name="family_once"),
        ]

    def __str__(self) -> str:
        return _("Family %s") % self.number

    @property
    def has_agreed(self) -> bool:
        """Whether its consent is in force: without it nothing about the family is submitted or shown outside."""
        return self.agreed_on is not None and self.withdrawn_on is None

    @property
    def shown(self) -> str:
        """What stands in place of the name on pages and papers: the plaque's name while it may be shown."""
        return self.name or _("Family %s (name withdrawn)") % self.number
