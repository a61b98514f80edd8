"""Work of duties that takes longer than a page may, and what is done each day: tasks of recurring duties."""

from __future__ import annotations

from datetime import datetime, time
from operator import attrgetter
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.daily import daily, one_by_one
from chuangwen.core.jobs import Progress, job_kind
from chuangwen.responsibilities.queries import ready_pairs
from chuangwen.responsibilities.services import freeze_periods, issue_breakdown, open_occurrences, open_weeks
from chuangwen.responsibilities.services.burden import count_burdens
from chuangwen.responsibilities.services.claims import settle_due_pools
from chuangwen.responsibilities.services.following import follow_house_rules, follow_tasks
from chuangwen.responsibilities.services.recurring import follow_successors
from chuangwen.responsibilities.services.repeating import Again


@job_kind("issue_breakdown")
def issue_chosen(
    progress: Progress, *, owner: Any, campaign: int, due_at: str, measure: str, nodes: list[int], reason: str = "",
    leave_out: bool = False,
) -> None:  # fmt: skip
    """Issue the chosen part of the breakdown; the owner's right is looked at again."""
    found = Campaign.objects.get(pk=campaign)
    require(owner, "responsibilities.edit", found)
    progress.total(len(ready_pairs(found, nodes)))
    made = issue_breakdown(
        found, due_at=datetime.fromisoformat(due_at), measure=measure, nodes=nodes, actor=owner,
        again=Again(reason, leave_out), step=progress.step,
    )  # fmt: skip
    words = ngettext("%d task issued.", "%d tasks issued.", made) % made if made else _("Nothing was left to issue.")
    progress.result(reverse("responsibilities:tasks") + "?tab=accept", words)


@daily("successors", at=time(6, 25))
def follow_units() -> int:
    """Before duties open: duties, tasks and house rules of units that ended go on at the one unit that follows."""
    today = clock.today()
    several = (follow_successors, follow_tasks, follow_house_rules)
    return sum(one_by_one(several, lambda follow: follow(today), "successors", attrgetter("__name__")))


@daily("duties", at=time(6, 30))
def open_recurring() -> int:
    """Before the day's digest goes out: tasks of recurring duties open whose date comes near."""
    return open_occurrences(clock.today())


@daily("claims", at=time(6, 40))
def settle_claims() -> int:
    """When the day of a pool is over: sole claims are given, the office is told of the rest."""
    return settle_due_pools()


@daily("weekly-reports", at=time(7, 0))
def open_weekly_reports() -> int:
    """From the day before the deadline each unit finds its report of the week; so does who gets its first task then."""
    return open_weeks(clock.today())


@daily("burden", at=time(6, 20))
def count_what_is_asked() -> int:
    """How much is asked of each unit this month."""
    return count_burdens(clock.today())


@daily("levels", at=time(6, 10))
def freeze_marks() -> int:
    """When a month or quarter is over: what the ledgers say of each unit is kept, and the unit above may judge."""
    return freeze_periods(clock.today())
