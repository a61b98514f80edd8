"""The morning look: every working day the rules propose, and liaisons are reminded."""

from __future__ import annotations

import logging

from chuangwen.core.daily import daily
from chuangwen.core.models import Region
from chuangwen.supervision.ladder import RUN_AT
from chuangwen.supervision.models import NoticeStep
from chuangwen.supervision.services import propose_notices

logger = logging.getLogger(__name__)


@daily("notices", at=RUN_AT)
def propose_in_the_morning() -> None:
    """Each region by itself: one that fails does not keep the others waiting, and fails the day's work at the end."""
    failed: list[str] = []
    for region in Region.objects.filter(pk__in=NoticeStep.objects.values("region")):
        try:
            propose_notices(region)
        except Exception:
            logger.exception("notices of %s were not proposed", region.code)
            failed.append(region.code)
    if failed:
        raise RuntimeError(f"notices were not proposed for: {', '.join(failed)}")
