"""Tells people things: into the inbox at once, outward once a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.notifications.models import Notice

# Spelled out, since nearly every step of every matter runs it
READ = "UPDATE notifications_notice SET read_at = %s WHERE user_id IN ({people}) AND url = %s AND read_at IS NULL"


def notify(
    users: Iterable[Any],
    kind: str,
    title: str,
    *,
    region: Region | None,
    url: str = "",
    body: str = "",
    key: str = "",
    urgent: bool = False,
    matter: bool = False,
) -> int:
    """Put one line into the inbox of each of `users` (accounts, or their keys); returns how many people know it now.

    Called inside the transaction of what it tells about, so that nothing is told that did not
    happen. With `key` the same matter is told to the same person once. With `matter` the address
    stands for one matter: the newest line about it takes the place of older unread ones, so that
    nobody reads through the stages of what is already further on.
    """
    people = _keys(users)
    known = len(people)
    if key:
        told = set(Notice.objects.filter(user__in=people, key=key).values_list("user", flat=True))
        people = [one for one in people if one not in told]
    if matter and people:
        _read(people, url)
    rows = [
        Notice(user_id=one, kind=kind, title=title[:200], body=body, url=url, key=key, urgent=urgent, region=region)
        for one in people
    ]
    Notice.insert_all(rows, unless_there=bool(key))
    return known


def _keys(users: Iterable[Any]) -> list[int]:
    """Each account's key, once."""
    if isinstance(users, QuerySet):
        users = users.values_list("pk", flat=True)
    return list(dict.fromkeys(one if isinstance(one, int) else one.pk for one in users))


def _read(people: Collection[int], url: str) -> None:
    """Older lines about the matter count as read."""
    now = Notice._meta.get_field("read_at").get_db_prep_save(clock.now(), connection=connection)
    with transaction.mark_for_rollback_on_error(), connection.cursor() as cursor:
        cursor.execute(READ.format(people=", ".join(["%s"] * len(people))), [now, *people, url])
