"""Papers, the figures frozen for them, who received them, and how a site's papers look."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Campaign, Round
from chuangwen.core.access import Scope
from chuangwen.core.models import Attachment, RegionRecord, ScopedRecord
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem, ProblemPhoto
from chuangwen.reports.enums import STANDING_RELEASES, BulletinState, PaperKind, ReleaseState


class Snapshot(ScopedRecord):
    """Figures as they stood at one moment, with the rows behind each; never changed.

    `sheet` is figures.Sheet as JSON. `refers` names the model whose keys stand behind the figures. `sha256` is that
    of the sheet, so that it can be shown that the paper's figures are those that were frozen.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="snapshots")
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="snapshots")  # of whose findings
    kind = models.CharField(_("kind"), max_length=16, choices=PaperKind)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"))  # its last day
    as_of = models.DateTimeField(_("data as of"))
    refers = models.CharField(max_length=60)
    sheet = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "reports.view"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts:%Y-%m-%d} – {self.ends:%Y-%m-%d}"


class Bulletin(ScopedRecord):
    """One paper on its way: drafted from a snapshot, approved by another person, issued with a number.

    Units see it once it was issued to them.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="bulletins")
    kind = models.CharField(_("kind"), max_length=16, choices=PaperKind)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="bulletins")
    title = models.CharField(pgettext_lazy("paper", "title"), max_length=200)
    number = models.CharField(_("number"), max_length=60, blank=True)  # given when it is issued
    addressee = models.CharField(_("addressed to"), max_length=300, blank=True)
    body = models.TextField(_("text"), blank=True)
    units = models.ManyToManyField(Unit, related_name="+", blank=True, verbose_name=_("receiving units"))
    checked = models.JSONField(default=dict)  # 审核人 of a row where the office entered another: unit's key -> name
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(_("state"), max_length=10, choices=BulletinState, default=BulletinState.DRAFT)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signatory = models.CharField(pgettext_lazy("paper", "signed by"), max_length=60, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    word = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    pdf = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    pdf_fault = models.CharField(max_length=300, blank=True)  # why the last try gave none; "" before the first
    pdf_tried_at = models.DateTimeField(null=True)
    pdf_next_at = models.DateTimeField(null=True)  # when the worker tries it again

    view_permission = "reports.view"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["region", "kind", "number"], condition=~models.Q(number=""), name="bulletin_number"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "state", "-created_at"], name="bulletin_state"),
            models.Index(fields=["region", "kind", "-created_at"], name="bulletin_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """A whole region's people see every paper, a unit's people those that were issued to it."""
        inside = models.Q(region_id__in=scope.regions)
        if scope.unit_ids:
            theirs = Receipt.objects.filter(unit_id__in=scope.unit_ids)
            inside |= models.Q(pk__in=theirs.values("bulletin_id"))
        return inside


class PhotoPair(ScopedRecord):
    """A problem that a paper shows before and after. The photos are the ledger's own; printed are smaller copies."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="pairs")
    problem = models.ForeignKey(Problem, models.PROTECT, related_name="+")
    before = models.ForeignKey(ProblemPhoto, models.PROTECT, related_name="+")
    after = models.ForeignKey(ProblemPhoto, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    view_permission = "reports.view"

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["bulletin", "problem"], name="photo_pair_once"),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin}: {self.problem}"

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """Whoever sees the paper sees its photos."""
        return models.Q(bulletin__in=Bulletin.objects.filter(Bulletin.scope_filter(scope)).values("pk"))


class Receipt(ScopedRecord):
    """That a paper was issued to a unit, and whether it was signed for (签收)."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="receipts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "reports.view"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["bulletin", "unit"], name="receipt_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["unit"], name="receipt_waiting", condition=models.Q(received_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin} → {self.unit}"


class ReleaseRecord(RegionRecord):
    """That something is shown to everybody: proposed by one person, released by another, or taken back.

    `edition` is what is shown, frozen when it was proposed, so that the second person decides about the very words.
    """

    edition = models.JSONField(default=dict)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ReleaseState, default=ReleaseState.PROPOSED)

    view_permission = "reports.release"

    class Meta:
        abstract = True


class Release(ReleaseRecord):
    """An issued paper for everybody: `edition` is an edition.Edition as JSON; `word` and `pdf` are the same without the
    name of who signed the paper."""

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="releases")
    word = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    pdf = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["bulletin"], condition=models.Q(state__in=STANDING_RELEASES), name="release_standing_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "state", "-released_at"], name="release_shown"),
        ]

    def __str__(self) -> str:
        return str(self.bulletin)


class PaperForm(RegionRecord):
    """How one kind of paper looks at a site: who issues it, its letters, who gets a copy, its Word template.

    `source` says where the default comes from (practice.md): customary, proposed, or the site itself.
    """

    kind = models.CharField(_("kind"), max_length=16, choices=PaperKind)
    issuer = models.CharField(pgettext_lazy("paper", "issuing body"), max_length=80)
    letters = models.CharField(_("document letters"), max_length=20, blank=True)  # 机关代字: 云创建办
    copy_to = models.CharField(_("copy to"), max_length=300, blank=True)
    template = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    placeholders = models.JSONField(default=list)
    source = models.CharField(_("source"), max_length=120)

    view_permission = "reports.arrange"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "kind"], name="paper_form_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class SiteFont(RegionRecord):
    """A font that the site owns (仿宋_GB2312, 方正小标宋), for its PDF files."""

    family = models.CharField(_("font"), max_length=80)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")

    view_permission = "reports.arrange"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "family"], name="font_once"),
        ]

    def __str__(self) -> str:
        return self.family
