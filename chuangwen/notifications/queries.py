"""Reads by what rules a region reminds, and when a person is left in peace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.core.workdays import default_calendar
from chuangwen.notifications.enums import Stage
from chuangwen.notifications.models import ReminderStep
from chuangwen.notifications.quiet import Quiet
from chuangwen.notifications.stages import StepRule

# practice.md: a reminder goes to the liaison; white 1 day late, yellow 3 days after white, red 3 days after yellow.
LADDER: Final = "proposed: 与督办单的节奏一致（迟1天，再过3天，再过3天）"
DEFAULTS: Final[dict[str, tuple[int, str]]] = {
    Stage.AHEAD: (3, "proposed: 到期前三个工作日，还来得及办"),
    Stage.LATE: (1, LADDER),
    Stage.FIRST: (4, LADDER),
    Stage.ABOVE: (7, LADDER),
}
QUIET_SOURCE: Final = "proposed: 晚上和休息日不打扰"
QUIET: Final = {"starts": "21:00", "ends": "08:00", "days_off": True, "urgent": False, "source": QUIET_SOURCE}


@dataclass(frozen=True, slots=True)
class RegionQuiet:
    """The region's quiet hours, whether urgent matters may break them, and where the rule comes from."""

    hours: Quiet
    urgent: bool
    source: str


def steps_of(region: Region) -> list[ReminderStep]:
    """The region's steps in order; where it has not written one, the default, unsaved: one query."""
    kept = {row.step: row for row in ReminderStep.objects.filter(region=region)}
    return [
        kept.get(stage) or ReminderStep(region=region, step=stage, days=days, source=source)
        for stage, (days, source) in DEFAULTS.items()
    ]


def rules_of(region: Region) -> list[StepRule]:
    """The steps in use, as stages.py reads them."""
    return [StepRule(row.step, row.days, row.step == Stage.AHEAD) for row in steps_of(region) if row.is_on]


def region_quiet(region: Region | None) -> RegionQuiet:
    kept: dict[str, Any] = region.own("quiet", QUIET) if region else QUIET
    hours = Quiet(time.fromisoformat(kept["starts"]), time.fromisoformat(kept["ends"]), kept["days_off"])
    return RegionQuiet(hours, kept["urgent"], kept["source"])


def quiet_of(user: Any) -> Quiet:
    """The person's own hours, else the region's. Reads `quiet_hours` and `region` of the user."""
    own = getattr(user, "quiet_hours", None)
    return Quiet(own.starts, own.ends, own.days_off) if own else region_quiet(user.region).hours


def is_quiet(user: Any, moment: datetime | None = None) -> bool:
    """Whether the person is to be left in peace now."""
    now = clock.local(moment or clock.now())
    return quiet_of(user).holds(now, workday=default_calendar().is_workday(now.date()))


def urgent_breaks(user: Any) -> bool:
    """Whether an urgent line may reach the person in quiet hours."""
    return region_quiet(user.region).urgent
