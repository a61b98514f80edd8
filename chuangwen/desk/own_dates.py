"""What falls due among a person's decisions (需要我…), as it stands in the calendar of a leader and of the office.

Units' people find theirs in the calendar as matters of their units.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.http import HttpRequest

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.access import roles_held
from chuangwen.core.panels import OwnDate, desk_items, register_own_dates

OWN: Final = ("decide", "mine")


def decisions(user: Any, first: date, last: date) -> Iterator[OwnDate]:
    """The lines of the start page that wait for the person until a day, as the page has them."""
    if not roles_held(user).intersection({Role.OFFICE, Role.LEADER}):
        return
    request: Any = HttpRequest()
    request.method, request.user, request.session = "GET", user, {}
    for item in desk_items(request):
        day = clock.local(item.due).date() if item.due else None
        if item.due and day and item.group in OWN and first <= day <= last:
            key = hashlib.sha256(item.url.encode()).hexdigest()[:16]
            yield OwnDate("i", key, str(item.title), item.url, item.due, clock.midnight(min(day, clock.today())))


register_own_dates(decisions)
