"""Refuses to decide about an application that waits for a veto event to be confirmed or dropped."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from chuangwen.core.errors import Refusal
from chuangwen.honors.models import Application
from chuangwen.honors.queries.freezing import frozen_units


def refuse_frozen(applications: Iterable[Application]) -> None:
    """Refusal where one of them is frozen; names the first. It can still be written, reviewed and put in reserve."""
    rows = {row.unit_id: row for row in applications if row.family_id is None}  # an event is its unit's alone
    if not rows:
        return
    region = next(iter(rows.values())).region
    for unit_id, why in frozen_units(region, list(rows)).items():
        raise Refusal(
            _("“%(who)s” is frozen: an event on the negative list (%(kind)s) was reported and is not decided yet.")
            % {"who": rows[unit_id].unit, "kind": why.kind},
            _("Let the event be confirmed or dropped first; until then the application can be put in reserve."),
        )
