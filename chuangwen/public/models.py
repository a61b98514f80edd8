"""Whether a region's pages are open, and the slips of those who objected there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangwen.core.models import RegionRecord, StoredFile
from chuangwen.honors.models import Objection
from chuangwen.reports.enums import STANDING_RELEASES
from chuangwen.reports.models import ReleaseRecord
from chuangwen.scoring.models import Run


class PublicSite(RegionRecord):
    """What a region shows without an account: nothing until its office opens the pages."""

    is_open = models.BooleanField(_("the public pages are open"), default=False)
    office_name = models.CharField(_("name of the office"), max_length=80, blank=True)
    telephone = models.CharField(_("telephone of the office"), max_length=40, blank=True)
    address = models.CharField(_("address of the office"), max_length=160, blank=True)
    is_found = models.BooleanField(_("search engines may list the pages"), default=False)

    view_permission = "public.arrange"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region"], name="public_site_once"),
        ]

    def __str__(self) -> str:
        return str(self.region)


class ObjectionSlip(RegionRecord):
    """The number that whoever objected on the public page got, kept as its digest alone."""

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="slip")
    digest = models.CharField(max_length=64, unique=True)

    view_permission = "honors.award"

    def __str__(self) -> str:
        return str(self.objection)


class ScoreRelease(ReleaseRecord):
    """A round's frozen score for everybody: `edition` is a scores.ScoreEdition as JSON; units stand in it only where
    the office asked for that table."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="releases")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["run"], condition=models.Q(state__in=STANDING_RELEASES), name="score_release_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "state", "-released_at"], name="score_release_shown"),
        ]

    def __str__(self) -> str:
        return str(self.run.round)


class ReleasedFile(RegionRecord):
    """A file with which everybody computes a released score again, kept byte by byte as it was when it was proposed.

    `source` is the hash of the run's frozen file that it was made from, "" for the standard. It holds the same rows
    with the specification's columns alone, the column of units emptied where units are not shown.
    """

    release = models.ForeignKey(ScoreRelease, models.PROTECT, related_name="files")
    name = models.CharField(max_length=30)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    source = models.CharField(max_length=64, blank=True)

    view_permission = "reports.release"

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["release", "name"], name="released_file_once"),
        ]

    def __str__(self) -> str:
        return self.name
