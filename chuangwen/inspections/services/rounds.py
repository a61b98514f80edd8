"""What keeps a round open. Rounds themselves are planned, begun and closed by campaigns.services alone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.models import Round
from chuangwen.inspections.enums import OPEN_DRAW_STATES, OPEN_RESULT_STATES, WAITING_STATES
from chuangwen.inspections.models import Draw, EnteredResult, Visit


def what_keeps_open(_actor: Any, round_: Round) -> str:
    """Why a round cannot be closed yet, for whichever page closes it; "" where nothing stands in the way."""
    waiting = Visit.objects.filter(round=round_, state__in=WAITING_STATES).count()
    if waiting:
        return (
            ngettext(
                "%d visit is not finished. Finish it, or skip it and say why, then close.",
                "%d visits are not finished. Finish them, or skip them and say why, then close.",
                waiting,
            )
            % waiting
        )
    if Draw.objects.filter(round=round_, state__in=OPEN_DRAW_STATES).exists():
        return _("A draw of this round is still open. Carry it on or withdraw it, then close.")
    results = EnteredResult.objects.filter(round=round_, state__in=OPEN_RESULT_STATES).count()
    if results:
        return _("%d entered results are not confirmed. Confirm or withdraw them, then close.") % results
    return ""
