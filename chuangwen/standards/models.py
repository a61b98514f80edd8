"""Published versions of standards, and the place types and problem types of a region.

A version's whole content is kept as the document that was imported; nodes and checks are
also rows, so that other areas can point at them. A published version never changes.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core.models import Record, RegionRecord, StoredFile
from chuangwen.standards.enums import Method, ProblemClass, Subject, UploadStatus


def in_language(zh: str, en: str) -> str:
    """The English name on English screens where the standard gives one, else the Chinese one."""
    return en if en and (get_language() or "").startswith("en") else zh


def name_in_language(path: str = "") -> Any:
    """`in_language` as an expression: the name of the type to which `path`, such as "place_type__", leads."""
    zh = models.F(f"{path}name_zh")
    if not (get_language() or "").startswith("en"):
        return zh
    return models.Case(models.When(**{f"{path}name_en": ""}, then=zh), default=models.F(f"{path}name_en"))


class VersionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class StandardVersion(RegionRecord):
    """One version of one standard."""

    urn = models.CharField(max_length=120)
    version = models.CharField(_("version"), max_length=100)
    slug = models.CharField(max_length=80)  # made of the urn's last part, for addresses; one urn's in a region
    title_zh = models.CharField(pgettext_lazy("standard", "title"), max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    subject = models.CharField(_("subject"), max_length=12, choices=Subject)
    scale = models.FloatField(_("scale"))
    criteria_count = models.PositiveIntegerField(_("criteria"), default=0)
    check_count = models.PositiveIntegerField(_("checks"), default=0)
    digest = models.CharField(max_length=64)  # SHA-256 of the document's canonical JSON
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.PUBLISHED)
    published_at = models.DateTimeField(null=True)

    view_permission = "standards.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "urn", "version"], name="version_once"),
            models.UniqueConstraint(fields=["region", "slug", "version"], name="version_address_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @property
    def title(self) -> str:
        return in_language(self.title_zh, self.title_en)


class StandardDocument(models.Model):
    """The standard file of a version as data; fileformat reads and writes it.

    A table of its own: it is large, and nearly every page that joins a version does not want it.
    """

    version = models.OneToOneField(StandardVersion, models.CASCADE, related_name="document")
    content = models.JSONField()

    def __str__(self) -> str:
        return str(self.version)


class Node(Record):
    """A node of a version's tree: section, item, criterion or whatever the standard calls it."""

    version = models.ForeignKey(StandardVersion, models.CASCADE, related_name="nodes")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    code = models.CharField(_("code"), max_length=100)
    title_zh = models.CharField(pgettext_lazy("standard", "title"), max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    position = models.PositiveIntegerField()  # order in the file, over the whole version
    depth = models.PositiveSmallIntegerField()  # 1: top
    is_leaf = models.BooleanField()
    points = models.FloatField(_("points"))
    method = models.CharField(_("method"), max_length=12, choices=Method, blank=True)
    manual = models.TextField(_("manual"), blank=True)
    lead_hints = models.JSONField(default=list)  # parties as the standard names them

    class Meta:
        ordering: ClassVar[list[str]] = ["version", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "code"], name="node_code"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["version", "is_leaf", "position"], name="node_leaf")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title_zh}"

    @property
    def title(self) -> str:
        return in_language(self.title_zh, self.title_en)


class PlaceType(RegionRecord):
    """A kind of place in a region, the same over standards and versions (by code)."""

    code = models.CharField(_("code"), max_length=100)
    name_zh = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    ad_hoc = models.BooleanField(_("visited ad hoc"), default=False)
    quota = models.PositiveIntegerField(_("drawn in a mock round"), null=True, blank=True)
    position = models.PositiveIntegerField(default=0)

    view_permission = "standards.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "code"], name="place_type_code"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


class ProblemType(RegionRecord):
    """A kind of problem with its class and deadline; editable defaults with their source."""

    code = models.CharField(_("code"), max_length=100)
    name_zh = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    problem_class = models.CharField(_("class"), max_length=10, choices=ProblemClass)
    within = models.CharField(_("within"), max_length=8)  # 2h working hours, 3d working days, 24H clock hours
    lead_hints = models.JSONField(default=list)
    source = models.CharField(_("source"), max_length=120, blank=True)  # customary: … | proposed: … | site: …
    position = models.PositiveIntegerField(default=0)

    view_permission = "standards.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "code"], name="problem_type_code"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


class Check(Record):
    """What an inspector answers at a place; feeds leaves of this version and of others."""

    version = models.ForeignKey(StandardVersion, models.CASCADE, related_name="checks")
    code = models.CharField(_("code"), max_length=100)
    text_zh = models.CharField(_("text"), max_length=300)
    text_en = models.CharField(max_length=300, blank=True)
    group = models.CharField(_("group"), max_length=60, blank=True)
    position = models.PositiveIntegerField()
    place_types = models.ManyToManyField(PlaceType, related_name="checks")
    criteria = models.ManyToManyField(Node, related_name="checks")
    also = models.JSONField(default=list)
    problem_type = models.ForeignKey(ProblemType, models.PROTECT, null=True, related_name="+")
    photo = models.CharField(max_length=12, default="if-not-met")
    quantity_label = models.CharField(max_length=60, blank=True)
    quantity_at_least = models.FloatField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["version", "position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "code"], name="check_code"),
        ]

    def __str__(self) -> str:
        return self.text_zh

    @property
    def text(self) -> str:
        return in_language(self.text_zh, self.text_en)


class StandardUpload(RegionRecord):
    """A file on its way to a version: read, looked at by a person, then published or left.

    What has a fault never becomes a version; its bytes are let go and only the faults stay.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner_id = models.BigIntegerField()
    name = models.CharField(_("name"), max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=UploadStatus, default=UploadStatus.READING)
    faults = models.JSONField(default=list)  # [place, English, Chinese], the first FAULTS_KEPT
    fault_count = models.PositiveIntegerField(default=0)
    version = models.ForeignKey(StandardVersion, models.SET_NULL, null=True, related_name="+")

    view_permission = "standards.edit"

    def __str__(self) -> str:
        return self.name
