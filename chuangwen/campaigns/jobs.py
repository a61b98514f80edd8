"""Moving the assessment date where so much hangs on it that nobody should wait for it on a page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from chuangwen.campaigns.models import Campaign
from chuangwen.campaigns.queries import preview_shift
from chuangwen.campaigns.services import shift_assessment
from chuangwen.core.access import require
from chuangwen.core.jobs import Progress, job_kind


@job_kind("shift_assessment")
def shift_many(
    progress: Progress, *, owner: Any, campaign: int, to: str, expected: str, note: str, moves: int
) -> None:  # fmt: skip
    """Move all of it in one transaction; the owner's right is looked at again.

    What a transaction does is seen by nobody before it is over, so the bar counts how far everything has been
    looked through, and its second half passes at once when it is written. `moves`: how many the preview named.
    """
    found = Campaign.objects.get(pk=campaign)
    require(owner, "campaigns.edit", found)
    new, old = date.fromisoformat(to), date.fromisoformat(expected)
    if found.assessment_on == old:
        progress.total(2 * moves)
        preview_shift(found, new, step=progress.step)
    shift = shift_assessment(found, new, expected=old, actor=owner, note=note)
    progress.step(max(0, 2 * moves - progress.job.done))
    words = ngettext("%d date has moved.", "%d dates have moved.", len(shift.moves)) % len(shift.moves)
    progress.result(reverse("campaigns:plan", args=[found.pk]), words)
