"""Sends a task by hand: what repeats an open request needs a reason, which is kept and counted (减负)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.settings import keep_setting
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.responsibilities.models import RepeatedRequest, Task
from chuangwen.responsibilities.queries.repeats import OpenRequest, RepeatRule, open_like
from chuangwen.responsibilities.services.tasks import issue_task

LONGEST_REASON = 300


class Repeated(Refusal):
    """The unit has been asked already; `found` says what is open. Sent all the same with a reason."""

    def __init__(self, found: list[OpenRequest]) -> None:
        super().__init__(
            _("The unit has been asked already: “%s”.") % found[0].title,
            _("Say why it is asked again, or leave it."),
        )
        self.found = found


def send_task(task: Task, *, actor: Any, again: str = "") -> None:
    """Issue a task; raises Repeated where a like request is open at the unit and `again` gives no reason."""
    require_actor(actor, "responsibilities.edit", task)
    found = open_like(task.unit, task.title, task.node, but=task)
    if found and not again.strip():
        raise Repeated(found)
    with transaction.atomic():
        RepeatedRequest.objects.bulk_create(
            RepeatedRequest(
                region=task.region, task=task, ground=one.ground, earlier=one.title[:300], earlier_url=one.url,
                reason=again.strip()[:LONGEST_REASON], made_by=actor,
            )
            for one in found[:1]
        )  # fmt: skip
        issue_task(task, actor=actor)


def set_repeat_rule(region: Region, *, percent: int, source: str, actor: Any) -> RepeatRule:
    """From how many per cent of like words on a request is held for the same."""
    if not 30 <= percent <= 100:
        raise Refusal(_("The rule is out of range."), _("Give 30 to 100 per cent."))
    said = {"percent": percent, "source": source}
    keep_setting(
        region, "repeats", said, action="responsibilities.repeat.rule", actor=actor, permission="responsibilities.edit"
    )
    return RepeatRule(percent, source)
