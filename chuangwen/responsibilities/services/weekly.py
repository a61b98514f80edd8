"""Weekly reports: opened for every unit that had anything to do, confirmed in one click, frozen from then on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign, CampaignState
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.templatetags.wording import span
from chuangwen.core.workdays import default_calendar
from chuangwen.notifications.services import notify
from chuangwen.organizations.queries import people_to_tell
from chuangwen.responsibilities.models import WeekReport, WeekState
from chuangwen.responsibilities.queries.weekly import assembled, busy_units
from chuangwen.responsibilities.services.answers import check_voice
from chuangwen.responsibilities.services.papers import Scan, keep_paper
from chuangwen.responsibilities.services.tasks import acting_post
from chuangwen.responsibilities.week_days import due_of_week, monday_of, opening_of_week
from chuangwen.responsibilities.weekly import COLUMNS
from chuangwen.responsibilities.workflow import WEEK_WORKFLOW
from chuangwen.workflow.services import advance, note_step

LONGEST_COLUMN = 2000


def open_week(campaign: Campaign, monday: date) -> int:
    """Open the week's reports of all units that had anything to do, each once, and tell their people.

    Returns how many are new; 0 for a week without a working day.
    """
    due_at = due_of_week(monday, default_calendar())
    if due_at is None:
        return 0
    known = set(WeekReport.objects.filter(campaign=campaign, monday=monday).values_list("unit", flat=True))
    fresh = sorted(busy_units(campaign, monday) - known)
    rows = [
        WeekReport(region=campaign.region, campaign=campaign, unit_id=unit, monday=monday, due_at=due_at)
        for unit in fresh
    ]
    with transaction.atomic():
        WeekReport.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
        made = WeekReport.objects.filter(campaign=campaign, monday=monday, unit__in=fresh)
        for report in made.select_related("unit", "region"):
            tell_of_week(report)
    return len(rows)


def open_weeks(today: date) -> int:
    """For every campaign that runs, this week's reports, from the day they open until they are due."""
    monday, calendar = monday_of(today), default_calendar()
    opens, due_at = opening_of_week(monday, calendar), due_of_week(monday, calendar)
    if opens is None or due_at is None or today < opens or due_at <= clock.now():
        return 0
    running = Campaign.objects.exclude(state=CampaignState.ENDED).filter(starts__lte=today, ends__gte=today)
    return sum(open_week(campaign, monday) for campaign in running.select_related("region"))


def proposed_report(report: WeekReport) -> dict[str, str]:
    """What the program says of the unit's week, a line a matter, and who checks it."""
    columns = assembled(report.campaign, [report.unit_id], report.monday)[report.unit_id]
    post = acting_post(report.unit)
    return {name: "\n".join(columns[name]) for name in COLUMNS} | {"checked_by": post.title if post else ""}


def confirm_week(
    report: WeekReport,
    *,
    actor: Any,
    changes: Mapping[str, str] | None = None,
    paper: Scan | None = None,
    on_behalf: str = "",
    at: datetime | None = None,
) -> None:
    """The unit confirms its report: as the program assembled it, with what `changes` says otherwise.

    `changes` holds columns of COLUMNS and checked_by. From then on nothing of it changes. Raises Refusal.
    """
    check_voice(report, actor, on_behalf, at)
    words = proposed_report(report) | {name: text.strip() for name, text in (changes or {}).items()}
    if unknown := set(words) - {*COLUMNS, "checked_by"}:
        raise ValueError(f"a weekly report has no column {sorted(unknown)}")
    if any(len(words[name]) > LONGEST_COLUMN for name in COLUMNS):
        raise Refusal(_("A column is longer than %d characters.") % LONGEST_COLUMN, _("Shorten it."))
    with transaction.atomic():
        changed: dict[str, Any] = {**words, "checked_by": words["checked_by"][:80]}
        changed |= {"confirmed_at": at or clock.now(), "confirmed_by": actor}
        advance(report, WEEK_WORKFLOW, "confirm", actor=actor, on_behalf=on_behalf, at=at, **changed)
        if paper:
            keep_paper(report, paper, actor=actor)


def remind_week(report: WeekReport, *, actor: Any) -> None:
    """Once more into the inbox of who answers for the unit; at most once a day."""
    require_actor(actor, "responsibilities.edit", report)
    if report.state == WeekState.CONFIRMED:
        raise Refusal(_("“%s” has confirmed already.") % report.unit)
    if report.state == WeekState.WAIVED:
        raise Refusal(_("“%s” was let off.") % report.unit)
    if report.reminded_at and clock.local(report.reminded_at).date() == clock.today():
        raise Refusal(_("“%s” was reminded today.") % report.unit)
    with transaction.atomic():
        WeekReport.objects.filter(pk=report.pk).update(reminded_at=clock.now())
        note_step(report, "remind", actor=actor)
        tell_of_week(report)


def waive_week(report: WeekReport, *, reason: str, actor: Any) -> None:
    """The office lets the unit off (免报), with the reason; it no longer counts as missing. Raises Refusal."""
    advance(report, WEEK_WORKFLOW, "waive", actor=actor, note=reason)


def words_of_week(report: WeekReport) -> str:
    """What is asked of the unit: to confirm the report of this week."""
    return _("Please confirm the weekly report of %s") % span(report.monday, report.monday + timedelta(days=6))


def tell_of_week(report: WeekReport) -> None:
    """The unit's people read that its report waits; the newest line takes the place of an unread one."""
    people = people_to_tell(report.unit, "responsibilities.answer")
    url = reverse("responsibilities:week", args=[report.pk])
    notify(people, "responsibilities", words_of_week(report), region=report.region, url=url, matter=True)
