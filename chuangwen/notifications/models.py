"""The inbox: what a person was told, once."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.models import Record, Region


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
