"""The morning look: every working day the rules propose, liaisons are reminded, and periods that are over are read."""

from __future__ import annotations

from datetime import time
from operator import attrgetter

from chuangwen.core.daily import daily, one_by_one
from chuangwen.core.models import Region
from chuangwen.supervision.ladder import RUN_AT
from chuangwen.supervision.models import NoticeStep, PeerNumber
from chuangwen.supervision.services import look_at_periods, propose_notices

CODE = attrgetter("code")


@daily("notices", at=RUN_AT)
def propose_in_the_morning() -> None:
    """Notices and reminders of every region that has a ladder."""
    regions = Region.objects.filter(pk__in=NoticeStep.objects.values("region"))
    one_by_one(regions, propose_notices, "notices", CODE)


@daily("periods", at=time(8, 20))
def look_in_the_morning() -> None:
    """Flags, the week's list and the meeting's, of every region that has the numbers for them."""
    regions = Region.objects.filter(pk__in=PeerNumber.objects.values("region"))
    one_by_one(regions, look_at_periods, "flags and lists", CODE)
