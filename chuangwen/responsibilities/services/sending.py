"""Sends a task by hand: what repeats an open request needs a reason, which is kept and counted (减负)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.settings import keep_setting
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.models import Duty, Task
from chuangwen.responsibilities.queries.repeats import Ask, RepeatRule, open_alike, open_like
from chuangwen.responsibilities.services.recurring import open_duty
from chuangwen.responsibilities.services.repeating import Again, keep_repeats
from chuangwen.responsibilities.services.tasks import issue_task
from chuangwen.workflow.services import note_step


def send_task(task: Task, *, actor: Any, again: str = "") -> None:
    """Issue a task; raises Repeated where a like request is open at the unit and `again` gives no reason."""
    require_actor(actor, "responsibilities.edit", task)
    found = open_like(task.unit, task.title, task.node, but=task)
    said = Again(again)
    said.left_out(dict(enumerate(found[:1])))
    with transaction.atomic():
        keep_repeats(((task, one) for one in found[:1]), said, actor)
        issue_task(task, actor=actor)


def send_draft(
    task: Task, *, actor: Any, again: Again, together: Collection[int] = (), tell: bool = True
) -> None:  # fmt: skip
    """Issue one of many drafts. `again` answers for what is open at its unit in like words, those that go out
    `together` aside; raises Repeated where it says nothing, Refusal where such drafts are left out.
    """
    require_actor(actor, "responsibilities.edit", task)
    found = open_alike(task.region, {task.pk: Ask(task.unit_id, task.title, task.node_id)}, but=[task.pk, *together])
    again.check_one(task.unit, found)
    with transaction.atomic():
        keep_repeats(((task, one) for one in found.values()), again, actor)
        issue_task(task, actor=actor, tell=tell)


def send_duty(campaign: Campaign, unit: Unit, *, title: str, actor: Any, again: str = "", **fields: Any) -> Duty:
    """Open a recurring duty by hand (see open_duty); raises Repeated where a like task or duty runs and no reason is
    given. The reason stays with the duty, and is counted with its first task where that opens at once.
    """
    require_actor(actor, "responsibilities.edit", campaign)
    node = fields.get("node")
    found = open_alike(campaign.region, {unit.pk: Ask(unit.pk, title, node.pk if node else None)})
    said = Again(again)
    said.left_out(found)
    with transaction.atomic():
        duty = open_duty(campaign, unit, title=title, actor=actor, **fields)
        if found:
            note_step(duty, "again", actor=actor, note=again, data={"like": found[unit.pk].title})
            keep_repeats(((task, found[unit.pk]) for task in duty.tasks.all()[:1]), said, actor)
    return duty


def set_repeat_rule(region: Region, *, percent: int, source: str, actor: Any) -> RepeatRule:
    """From how many per cent of like words on a request is held for the same."""
    if not 30 <= percent <= 100:
        raise Refusal(_("The rule is out of range."), _("Give 30 to 100 per cent."))
    said = {"percent": percent, "source": source}
    keep_setting(
        region, "repeats", said, action="responsibilities.repeat.rule", actor=actor, permission="responsibilities.edit"
    )
    return RepeatRule(percent, source)
