"""The models every area stands on: the region, dated records, files kept once by hash, jobs, the index of words."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.access import Scope, ScopedManager, scope_of
from chuangwen.core.inserting import QuickInsert

# What the offices inside a unit are called: customary in a province's organs, a city's, a county's; in companies; in
# courts and prosecutors' offices. The first is the default.
OFFICE_WORDS = ("处室", "科室", "股室", "部门", "庭室")


class Region(models.Model):
    """A city, county or other body that runs its own campaign; the key every large table carries.

    People of one region never see another region's rows. Keeping the key in every large
    table leaves partitioning possible (design.md, Decided).
    """

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=80)
    settings = models.JSONField(_("settings"), default=dict, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def held_by(cls, user: Any, permission: str) -> Region | None:
        """The region over all of which `user` holds the permission: the own one, else the first; None for none."""
        held = scope_of(user, permission).regions
        return cls.objects.get(pk=user.region_id if user.region_id in held else min(held)) if held else None

    @property
    def office_word(self) -> str:
        """What an office inside a unit is called here; the campaign office sets it."""
        return str(self.own("office_word", OFFICE_WORDS[0]))

    def own(self, key: str, usual: Any) -> Any:
        """The region's own rule called `key` (kept by audit.settings), else what is `usual`.

        Of a rule with several parts, those that the region has not set are the usual ones.
        """
        kept = self.settings.get(key)
        if isinstance(usual, dict):
            return usual | (kept or {})
        return usual if kept is None else kept


class ClockField(models.DateTimeField[Any, Any]):
    """A time that saving sets, by the site's clock: Django's own `auto_now` looks past `clock.at`.

    Migrations know it as the plain field that it is in the database.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The value to be written: the clock's time where this save sets it, else what stands there."""
        if self.auto_now or (self.auto_now_add and add):
            value = clock.now()
            setattr(model_instance, self.attname, value)
            return value
        return super().pre_save(model_instance, add)

    def deconstruct(self) -> Any:
        """As DateTimeField."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs


class Record(QuickInsert):
    """A row that remembers when it was made and last changed."""

    created_at = ClockField(_("created"), auto_now_add=True)
    updated_at = ClockField(_("changed"), auto_now=True)

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: Any) -> str:  # noqa: N802 (Django's name for what is behind get_…_display)
        """The word of a choice. Django makes a dictionary of all choices for each row: a fifth of a list's time."""
        value = getattr(self, field.attname)
        words = field.__dict__.get("words_of_choices")
        if words is None:
            words = field.__dict__["words_of_choices"] = dict(field.flatchoices)
        return force_str(words.get(value, value), strings_only=True)


class ScopedRecord(Record):
    """A row of one region, reached by views only through `objects.visible_to(user)`.

    `view_permission` is the permission that lets a person see rows; `scope_units` names the
    foreign keys to units by which a person of one unit sees a row.
    """

    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"), related_name="+")

    view_permission: ClassVar[str] = ""
    scope_units: ClassVar[tuple[str, ...]] = ()

    objects = ScopedManager()

    class Meta:
        abstract = True

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """The rows inside `scope`; an area with another shape overrides this, never `visible_to`."""
        inside = models.Q(region_id__in=scope.regions)
        if scope.unit_ids:
            for lookup in cls.scope_units:
                inside |= models.Q(**{f"{lookup}__in": scope.unit_ids})
        return inside


class RegionRecord(ScopedRecord):
    """A row that is no secret inside its region: whoever holds the permission there sees it."""

    class Meta:
        abstract = True

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        return models.Q(region_id__in=scope.home_regions)


class StoredFile(Record):
    """Bytes kept once, named by their SHA-256. Rights hang on the attachments that point here."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("size"))
    media_type = models.CharField(_("type"), max_length=100)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    likeness = models.CharField(max_length=16, blank=True, db_index=True)  # perceptual hash of a picture

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def storage_name(self) -> str:
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"

    @property
    def is_picture(self) -> bool:
        """Whether it can be shown smaller: a kind of picture that the program can open."""
        return self.width is not None


class Attachment(ScopedRecord):
    """A file as it was given: with the giver's name for it, and the matter that it belongs to.

    Whoever may see the owner may see the file. `owner_type` is a model label ("rectification.problem").
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments")
    name = models.CharField(_("name"), max_length=200)
    owner_type = models.CharField(max_length=60)
    owner_id = models.BigIntegerField()
    given_by_id = models.BigIntegerField(null=True)  # a number, not a key: people stand above core
    given_by_name = models.CharField(_("given by"), max_length=120, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner_type", "owner_id"], name="attachment_owner"),
        ]

    def __str__(self) -> str:
        return self.name


class JobState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class Job(Record):
    """Long work that a person started: it shows progress and can be left and returned to."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    owner_id = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    result_url = models.CharField(max_length=600, blank=True)
    result_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    result_name = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["owner_id", "-created_at"], name="job_owner")]

    def __str__(self) -> str:
        return self.title

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def is_over(self) -> bool:
        return self.status in {JobState.DONE, JobState.FAILED}

    def seconds_left(self, now: datetime) -> int | None:
        """What remains at the pace so far; None before anything can be said."""
        if self.started_at is None or self.done < 1 or self.is_over:
            return None
        return round((now - self.started_at).total_seconds() * (self.total - self.done) / self.done)


class DailyRun(models.Model):
    """One piece of daily work on one day: its key lets one worker through."""

    name = models.CharField(max_length=60)
    day = models.DateField()
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name", "day"], name="daily_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"


class ColumnMapping(ScopedRecord):
    """How an office's own workbook maps on an importer's fields, kept for next time."""

    importer = models.CharField(max_length=60)
    signature = models.CharField(max_length=64)  # of the headers, so that the same paper is known again
    mapping = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "importer", "signature"], name="mapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.importer} {self.signature[:8]}"


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    MAPPED = "mapped", _("Mapped")
    IMPORTED = "imported", _("Imported")
    DROPPED = "dropped", _("Dropped")


class WorkbookImport(ScopedRecord):
    """One upload of an office's workbook on its way through the import wizard.

    It belongs to who uploaded it and is reached through imports.queries.own_import alone.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    importer = models.CharField(max_length=60)
    context = models.JSONField(default=dict)  # what the importer needs to know, e.g. the campaign
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    owner_id = models.BigIntegerField()
    sheet = models.PositiveIntegerField(default=0)
    header_rows = models.JSONField(default=list)  # zero-based, one or two neighbours
    mapping = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    summary = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner_id", "importer", "-created_at"], name="import_owner"),
        ]

    def __str__(self) -> str:
        return self.name


class TableForm(RegionRecord):
    """An authority's own Excel form for one kind of table, which is filled instead of the built-in workbook.

    `table` is the key under which the table is registered (workbook_templates.registry). `layout` says where its rows
    go; {} where the form has placeholders for them. It waits for a person to look at it until `used_from`. Reached
    through workbook_templates.queries, since each table has permissions of its own.
    """

    table = models.CharField(max_length=60)
    name = models.CharField(_("name of the form"), max_length=60)
    file = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    layout = models.JSONField(default=dict)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    used_from = models.DateTimeField(_("used from"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["region", "table", "name"],
                condition=models.Q(used_from__isnull=False, withdrawn_at__isnull=True),
                name="table_form_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def workbook(self) -> Attachment:
        """The file as it was taken; only for a moment, while it is taken, there is none."""
        assert self.file is not None  # noqa: S101 (services.take_form hangs it on the row in the same transaction)
        return self.file


class RememberedName(ScopedRecord):
    """What a person once said a word in a workbook means, where no area keeps such aliases itself.

    `realm` says among what the word is looked up ("places.place_type"); `value` is its key there.
    """

    realm = models.CharField(max_length=60)
    text = models.CharField(max_length=200)
    value = models.JSONField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "realm", "text"], name="name_once"),
        ]

    def __str__(self) -> str:
        return self.text


class Sequence(models.Model):
    """A counter of one region: numbers of problems, tasks, sheets. Raised by numbering.next_number alone."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    value = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "name"], name="sequence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


class SearchGram(models.Model):
    """Two neighbouring characters that a row's words hold: the index by which words are found (gram_index).

    Written by the database's own triggers and by nothing else; what is lost can be made anew from the rows.
    """

    pk = models.CompositePrimaryKey("kind", "gram", "region", "object_id")
    kind = models.SmallIntegerField()  # the number under which the row's table was registered
    gram = models.CharField(max_length=2)
    region = models.ForeignKey(Region, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    object_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.gram} {self.kind}/{self.object_id}"


def label_of(obj: models.Model) -> str:
    """The name under which attachments, history and audit know an object's model."""
    return obj._meta.label_lower


def as_json(value: Any) -> Any:
    """`value` as plain JSON types: dates as ISO text, decimals as text, lazy strings resolved."""
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [as_json(item) for item in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value)
