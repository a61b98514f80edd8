"""When a problem is due again after its clock stood still. Pure.

The office's time is never the unit's (practice.md, Rate closed in time): while a reported fix waits to be
verified, or an objection to be ruled on, the clock stands. A return gives back just the time that the
office used, so a fix reported only to win time wins none, and one reported late stays late.
"""

from __future__ import annotations

from datetime import datetime

from chuangwen.core.workdays import ZONE, WorkCalendar


def resumed(calendar: WorkCalendar, due: datetime, *, since: datetime, until: datetime, within: str) -> datetime:
    """`due` moved on by the time from `since` to `until`, counted as the type's time limit counts.

    `within` is the type's limit: "2h" working hours, "3d" working days, "24H" clock hours. What was
    already late at `since` keeps its deadline, and so does what was stopped for no time at all.
    """
    if since > due or until <= since:
        return due
    unit = within[-1]
    if unit == "H":
        return due + (until - since)
    if unit == "h":
        hours = calendar.worktime_between(since, until).total_seconds() / 3600
        return calendar.add_workhours(due, hours) if hours else due
    local = due.astimezone(ZONE)
    days = calendar.workdays_between(since.astimezone(ZONE).date(), until.astimezone(ZONE).date())
    return datetime.combine(calendar.add_workdays(local.date(), days), local.timetz())
