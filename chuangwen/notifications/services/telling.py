"""Tells people things: into the inbox at once, outward once a day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.notifications.models import Notice


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
    """Put one line into each person's inbox; returns how many people know it now.

    Called inside the transaction of what it tells about, so that nothing is told that did not
    happen. With `key` the same matter is told to the same person once. With `matter` the address
    stands for one matter: the newest line about it takes the place of older unread ones, so that
    nobody reads through the stages of what is already further on.
    """
    people = {user.pk: user for user in users}
    known = len(people)
    if key:
        for told in Notice.objects.filter(user__in=people, key=key).values_list("user", flat=True):
            del people[told]
    if matter:
        Notice.objects.filter(user__in=people, url=url, read_at__isnull=True).update(read_at=clock.now())
    rows = [
        Notice(user=user, kind=kind, title=title[:200], body=body, url=url, key=key, urgent=urgent, region=region)
        for user in people.values()
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=bool(key))
    return known
