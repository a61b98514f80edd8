"""A person's calendar behind a secret address: made, given up, and read without signing in.

Only the hash of the address is kept; it is shown once. It holds titles and deadlines of what is hers, nothing else,
and what it links to asks for the sign-in. The site can switch all of them off (CALENDAR_FEEDS).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.panels import DueSource, due_sources, own_dates
from chuangwen.notifications.addressees import directory
from chuangwen.notifications.calendars import Entry, calendar_bytes
from chuangwen.notifications.models import CalendarFeed

MOST: Final = 500  # entries
BACK, AHEAD = timedelta(days=30), timedelta(days=400)
NOTED_EVERY = timedelta(hours=1)


def make_feed(user: Any) -> str:
    """The secret part of a new address; the one before ends. Raises Refusal where the site has switched feeds off."""
    if not settings.CALENDAR_FEEDS:
        raise Refusal(_("This site gives no calendars out."), _("The administrator can allow it (CALENDAR_FEEDS)."))
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=user.pk)  # of two presses the later one's address holds
        _end(user)
        feed = CalendarFeed.objects.create(user=user, token_hash=_hash(token))
        record("notifications.feed.make", feed, actor=user, region=_region(user))
    return token


def revoke_feed(user: Any) -> None:
    """The address answers no more."""
    with transaction.atomic():
        for feed in _end(user):
            record("notifications.feed.revoke", feed, actor=user, region=_region(user))


def feed_of(token: str) -> CalendarFeed | None:
    """The feed behind an address, of an open account; None where there is none, or the site gives none out."""
    if not settings.CALENDAR_FEEDS:
        return None
    rows = CalendarFeed.objects.filter(token_hash=_hash(token), revoked_at=None, user__is_active=True)
    return rows.select_related("user__region").first()


def calendar_of(feed: CalendarFeed) -> bytes:
    """The calendar of the feed's person. That it was fetched is noted at most once an hour."""
    now = clock.now()
    if feed.last_used_at is None or feed.last_used_at < now - NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(last_used_at=now)
    with translation.override(feed.user.language or settings.LANGUAGE_CODE):
        return calendar_bytes(_("Chuangwen: what is due"), "-//Chuangwen//due//ZH", _entries(feed.user))


def _entries(user: Any) -> list[Entry]:
    """The deadlines of the person's units that she may see, and the days that concern herself: a few queries a kind."""
    units = directory().units_of(user)
    found = [entry for source in due_sources() for entry in _entries_of(source, user, units)] if units else []
    today = clock.today()
    found += [
        Entry(_uid(one.kind, one.key), one.title, one.due, f"{settings.SITE_URL}{one.url}", one.changed)
        for one in own_dates(user, today - BACK, today + AHEAD)
    ]
    once = {one.uid: one for one in reversed(found)}
    return sorted(once.values(), key=lambda one: (one.due.isoformat(), one.uid))[:MOST]


def _entries_of(source: DueSource, user: Any, units: tuple[int, ...]) -> list[Entry]:
    today = clock.today()
    rows = source.rows().visible_to(user).filter(**{f"{source.unit}__in": units})  # type: ignore[attr-defined]
    rows = source.between(rows, today - BACK, today + AHEAD)
    return [
        Entry(_uid(source.kind, one.pk), row.title, row.due, f"{settings.SITE_URL}{row.url}", one.updated_at)
        for one in rows.order_by(source.due, "pk")[:MOST]
        for row in (source.row(one),)
    ]


def _uid(kind: str, key: object) -> str:
    return f"{kind}{key}@{urlsplit(settings.SITE_URL).hostname or 'chuangwen'}"


def _end(user: Any) -> list[CalendarFeed]:
    found = list(CalendarFeed.objects.filter(user=user, revoked_at=None))
    CalendarFeed.objects.filter(pk__in=[feed.pk for feed in found]).update(revoked_at=clock.now())
    return found


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _region(user: Any) -> str:
    return user.region.code if user.region else ""
