"""The morning look: every working day the rules propose, liaisons are reminded, and periods that are over are read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import time

from chuangwen.core.daily import daily
from chuangwen.core.models import Region
from chuangwen.supervision.ladder import RUN_AT
from chuangwen.supervision.models import NoticeStep, PeerNumber
from chuangwen.supervision.services import look_at_periods, propose_notices

logger = logging.getLogger(__name__)


@daily("notices", at=RUN_AT)
def propose_in_the_morning() -> None:
    """Notices and reminders of every region that has a ladder."""
    _each(Region.objects.filter(pk__in=NoticeStep.objects.values("region")), propose_notices, "notices")


@daily("periods", at=time(8, 20))
def look_in_the_morning() -> None:
    """Flags, the week's list and the meeting's, of every region that has the numbers for them."""
    _each(Region.objects.filter(pk__in=PeerNumber.objects.values("region")), look_at_periods, "flags and lists")


def _each(regions: Iterable[Region], look: Callable[[Region], object], what: str) -> None:
    """Each region by itself: one that fails does not keep the others waiting, and fails the day's work at the end."""
    failed: list[str] = []
    for region in regions:
        try:
            look(region)
        except Exception:
            logger.exception("%s of %s were not proposed", what, region.code)
            failed.append(region.code)
    if failed:
        raise RuntimeError(f"{what} were not proposed for: {', '.join(failed)}")
