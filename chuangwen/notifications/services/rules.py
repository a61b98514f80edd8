"""When people are reminded, and when they are left in peace: the region's rules, and each person's own hours."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.audit.settings import keep_setting
from chuangwen.core.access import require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.notifications.enums import Stage
from chuangwen.notifications.models import QuietHours, ReminderStep
from chuangwen.notifications.queries import steps_of

EDIT = "notifications.edit"
MOST_AHEAD, MOST_LATE = 14, 60  # working days


def save_reminder_step(region: Region, step: str, *, days: int, is_on: bool, source: str, actor: Any) -> ReminderStep:
    """From now on the step begins so many working days before or after the deadline. Later steps come later."""
    require_region(actor, EDIT, region.pk)
    most = MOST_AHEAD if step == Stage.AHEAD else MOST_LATE
    if step not in Stage.values or not 1 <= days <= most:
        raise Refusal(_("The days are out of range."), _("Give 1 to %d working days.") % most)
    late = [Stage.LATE, Stage.FIRST, Stage.ABOVE]
    if step in late and is_on:
        known = {row.step: row.days for row in steps_of(region) if row.is_on} | {step: days}
        order = [known[one] for one in late if one in known]
        if order != sorted(order):
            raise Refusal(_("The steps would not follow one another."), _("A later step begins no earlier."))
    with transaction.atomic():
        values = {"days": days, "is_on": is_on, "source": source}
        row, _made = ReminderStep.objects.update_or_create(region=region, step=step, defaults=values)
        record("notifications.step.set", row, actor=actor, data={"step": step, **values})
    return row


def set_region_quiet(
    region: Region, *, starts: time, ends: time, days_off: bool, urgent: bool, source: str, actor: Any
) -> None:
    """The hours in which nobody of the region is disturbed, unless the person has set own ones."""
    rule = {
        "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}", "days_off": days_off, "urgent": urgent, "source": source,
    }  # fmt: skip
    keep_setting(region, "quiet", rule, action="notifications.quiet.set", actor=actor, permission=EDIT)


def choose_quiet(user: Any, *, starts: time, ends: time, days_off: bool) -> None:
    """A person's own quiet hours; the same time twice means no quiet hours at night."""
    region = user.region.code if user.region else ""
    with transaction.atomic():
        values = {"starts": starts, "ends": ends, "days_off": days_off}
        row, _made = QuietHours.objects.update_or_create(user=user, defaults=values)
        record("notifications.quiet.choose", row, actor=user, region=region)


def forget_quiet(user: Any) -> None:
    """The region's hours hold for the person again."""
    region = user.region.code if user.region else ""
    with transaction.atomic():
        for row in QuietHours.objects.filter(user=user):
            record("notifications.quiet.forget", row, actor=user, region=region)
            row.delete()
