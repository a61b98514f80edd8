"""Which applications wait for a veto event that is reported and not yet decided (一票否决: 任一发生即冻结申报).

Entered by one person, confirmed or dropped by another: in between nobody knows, so nothing is decided for or against
the unit. Whatever was reported of a unit is taken along by whom its matters went to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.honors.enums import ApplicationState
from chuangwen.honors.models import Application
from chuangwen.honors.queries import elsewhere
from chuangwen.honors.queries.facts import predecessors

RUNNING = (
    ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.REVIEWED, ApplicationState.RECOMMENDED,
    ApplicationState.RESERVE, ApplicationState.NOTICED,
)  # fmt: skip
UNDECIDED = Q(state__in=RUNNING, family__isnull=True)  # an event is of the unit, not of families it recommends


@dataclass(frozen=True, slots=True)
class Frozen:
    """Why an application waits: the kind of the event, its day, since when, and where it stands."""

    kind: str
    day: date
    since: date
    event: int


def frozen_units(region: Region, unit_ids: Collection[int]) -> Mapping[int, Frozen]:
    """Unit -> why its applications wait; units that nothing was reported of are left out: two queries."""
    before = predecessors(region, unit_ids)
    events = elsewhere.reported_events(region, {one for pk in before for one in (pk, *before[pk])})
    found = {}
    for pk, olds in before.items():
        event = next((events[one] for one in (pk, *sorted(olds)) if one in events), None)
        if event:
            since = clock.local(event.created_at).date()
            found[pk] = Frozen(event.kind.name, event.day, since, event.pk)
    return found


def frozen(application: Application) -> Frozen | None:
    """Why this application waits, None where it does not or where it is over."""
    if application.state not in RUNNING or application.family_id is not None:
        return None
    return frozen_units(application.region, [application.unit_id]).get(application.unit_id)


def frozen_of(user: Any) -> dict[int, Frozen]:
    """The frozen applications that a person sees, by key: one query where nothing is reported, else four."""
    region = user.region
    if region is None or not elsewhere.anything_reported(region):
        return {}
    rows = Application.objects.visible_to(user).filter(UNDECIDED, region=region)
    units = dict(rows.values_list("pk", "unit"))
    why = frozen_units(region, set(units.values()))
    return {pk: why[unit] for pk, unit in units.items() if unit in why}
