"""The inbox: what a person was told, once; the digest of a day, by what rules it is made, and a person's calendar."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.models import Record, Region, RegionRecord
from chuangwen.notifications.enums import Stage


class Notice(Record):
    """One line in a person's inbox. `key` keeps the same matter from being told twice."""

    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    title = models.CharField(pgettext_lazy("notice", "title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    url = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=120, blank=True)
    urgent = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)
    digested_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "read_at", "-created_at"], name="notice_inbox"),
            models.Index(fields=["digested_at", "user"], name="notice_digest"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "key"], condition=~models.Q(key=""), name="notice_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Channel(Record):
    """Where a person wants the daily digest: an apprise address that the site allows."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="channels")
    address = models.CharField(_("address"), max_length=300)
    label = models.CharField(_("name"), max_length=60)
    is_on = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.label


class Digest(Record):
    """One day's digest for one person: made once, sent once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    day = models.DateField()
    text = models.TextField()
    lines = models.JSONField(default=list)  # what its page shows (digest_lines.Line)
    is_urgent = models.BooleanField(default=False)  # holds a line that may break the quiet
    count = models.PositiveIntegerField(default=0)
    delivered = models.JSONField(default=list)  # hashes of the addresses that have taken it
    claimed_at = models.DateTimeField(null=True)  # by the worker that is sending it now
    sent_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "day"], name="digest_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.day}"


class ReminderStep(RegionRecord):
    """When a step of reminding begins in this region, and where that comes from. Without a row the default holds."""

    step = models.CharField(max_length=8, choices=Stage)
    days = models.PositiveSmallIntegerField(_("working days"))
    is_on = models.BooleanField(_("in use"), default=True)
    source = models.CharField(_("source"), max_length=160, blank=True)

    view_permission = "notifications.edit"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["region", "step"], name="reminder_step_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_step_display())


class QuietHours(Record):
    """When one person wants to be left in peace. Without a row the region's hours hold."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="quiet_hours")
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))
    days_off = models.BooleanField(_("also on days off"), default=True)

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}-{self.ends:%H:%M}"


class Reminded(models.Model):
    """That a person was reminded of a matter at one stage of one deadline: it is not told again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=60, db_index=True)  # t12-ahead-2026-11-20
    day = models.DateField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "key"], name="reminded_once"),
        ]

    def __str__(self) -> str:
        return self.key


class CalendarFeed(Record):
    """A person's calendar behind a secret address, of which only the hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(revoked_at=None), name="feed_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"
