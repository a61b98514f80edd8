"""A task's own plan: written by its unit, done step by step with proof; progress is counted from it alone.

Also whom a task waits for, and a unit's own list (自建清单).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.settings import keep_setting
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import may, require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.evidence.models import Link
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.milestones import MOST_STEPS, Planned, closes_circle
from chuangwen.responsibilities.models import Book, Origin, Task, TaskMilestone, TaskState
from chuangwen.responsibilities.queries.milestones import Warn, proved_progress
from chuangwen.responsibilities.services.answers import check_voice
from chuangwen.responsibilities.services.papers import Scan, keep_paper
from chuangwen.responsibilities.services.tasks import draft_task
from chuangwen.responsibilities.workflow import TASK_WORKFLOW
from chuangwen.workflow.services import advance, note_step

LONGEST_STEP = 80


def write_plan(
    task: Task, *, steps: Sequence[Planned], actor: Any, on_behalf: str = "", at: datetime | None = None
) -> None:
    """The unit's plan for an accepted task: `steps` replace those that are not done yet.

    The shares of all steps, those done included, make 100; no step lies after the deadline. Raises Refusal.
    """
    check_voice(task, actor, on_behalf, at)
    with transaction.atomic():
        task = _running(task)
        kept = list(task.milestones.exclude(done_at=None))
        _check(task, kept, steps)
        task.milestones.filter(done_at=None).delete()
        TaskMilestone.objects.bulk_create(
            TaskMilestone(region=task.region, task=task, name=one.name.strip(), share=one.share, due_on=one.due_on)
            for one in steps
        )
        _recount(task)
        told = [f"{one.due_on:%Y-%m-%d} {one.name.strip()}" for one in steps]
        note_step(task, "plan", actor=actor, data={"steps": told}, on_behalf=on_behalf, at=at)


def finish_milestone(
    milestone: TaskMilestone,
    *,
    actor: Any,
    proof: str = "",
    paper: Scan | None = None,
    in_ledger: bool = False,
    on_behalf: str = "",
    at: datetime | None = None,
) -> None:
    """A step is done, proved by a file, or by what the ledger of the task's criterion holds already (`in_ledger`).

    Nobody claims a share without either: progress is what was proved. Raises Refusal.
    """
    task = milestone.task
    check_voice(task, actor, on_behalf, at)
    if in_ledger and not ledger_holds(task):
        raise Refusal(_("The ledger holds nothing for this task's criterion yet."), _("Give a photo or a paper."))
    if paper is None and not in_ledger:
        raise Refusal(_("A step is done once it is proved."), _("Give a photo or a paper, or name the ledger."))
    with transaction.atomic():
        task = _running(task)
        words = proof.strip() or (_("In the ledger") if in_ledger else "")
        row = TaskMilestone.objects.filter(pk=milestone.pk, done_at=None)
        if not row.update(done_at=at or clock.now(), proof=words[:300], updated_at=clock.now()):
            raise Refusal(_("“%s” is done already.") % milestone.name)
        if paper:
            keep_paper(task, paper, actor=actor)
        _recount(task)
        data = {"name": milestone.name, "percent": task.progress}
        note_step(task, "milestone", actor=actor, note=words, data=data, on_behalf=on_behalf, at=at)
    milestone.refresh_from_db()


def ledger_holds(task: Task) -> bool:
    """Whether a dossier of the task's criterion and unit holds anything."""
    if task.node_id is None:
        return False
    mine = {"dossier__campaign": task.campaign_id, "dossier__node": task.node_id, "dossier__unit": task.unit_id}
    return Link.objects.filter(**mine).exists()


def set_waits(task: Task, *, others: Iterable[Task], actor: Any) -> None:
    """Say for which other tasks of the campaign this one waits; a circle is refused."""
    if actor is not None and not (
        may(actor, "responsibilities.edit", task) or may(actor, "responsibilities.answer", task)
    ):
        raise PermissionDenied("responsibilities.edit")
    chosen = list(others)
    if any(one.campaign_id != task.campaign_id for one in chosen):
        raise Refusal(_("A task waits only for tasks of the same campaign."))
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=task.campaign_id)  # two people could close a circle together
        edges = Task.waits_for.through.objects.filter(from_task__campaign=task.campaign_id)
        waits = edges.exclude(from_task=task).values_list("from_task_id", "to_task_id")
        if closes_circle(waits, task.pk, [one.pk for one in chosen]):
            raise Refusal(_("These tasks would wait for one another."), _("Leave out the one that waits for this."))
        task.waits_for.set(chosen)
        note_step(task, "waits", actor=actor, data={"tasks": [one.number for one in chosen]})


def add_own_task(
    campaign: Campaign, unit: Unit, *, title: str, measure: str, due_at: datetime, measures: str, people: str,
    actor: Any, book: str = Book.CAMPAIGN,
) -> Task:  # fmt: skip
    """A unit puts a task on its own list: nobody has to issue it; the office sees it and confirms it in the end."""
    require_actor(actor, "responsibilities.answer", unit)
    if due_at <= clock.now():
        raise Refusal(_("The deadline of “%s” is over already.") % title, _("Give a later deadline."))
    if not measure.strip() or not measures.strip() or not people.strip():
        raise Refusal(_("One of the five fixings is missing."), _("Give measure, measures and people."))
    with transaction.atomic():
        task = draft_task(
            campaign, unit, title=title, due_at=due_at, measure=measure, origin=Origin.OWN, actor=actor, book=book
        )
        advance(
            task, TASK_WORKFLOW, "take_on", actor=actor, measures=measures.strip(), people=people.strip(),
            issued_at=clock.now(), accepted_at=clock.now(),
        )  # fmt: skip
    return task


def plan_rule(region: Region) -> list[tuple[str, int]] | None:
    """The region's own steps for proposed plans; None where it has set none."""
    kept = region.own("task_plan", [])
    return [(str(name), int(done)) for name, done in kept] or None


def set_plan_rule(region: Region, *, steps: Sequence[tuple[str, int]], actor: Any) -> None:
    """Which steps the program proposes: names with how much is done by then, ascending to 100."""
    shares = [done for _name, done in steps]
    if not steps or len(steps) > MOST_STEPS or shares != sorted(set(shares)) or shares[0] < 1 or shares[-1] != 100:
        raise Refusal(_("The shares must rise and end with 100."), _("One line a step, with a figure at its end."))
    if any(not name.strip() or len(name.strip()) > LONGEST_STEP for name, _done in steps):
        raise Refusal(_("Every step needs a name of at most %d characters.") % LONGEST_STEP)
    said = [[name.strip(), done] for name, done in steps]
    keep_setting(
        region, "task_plan", said, action="responsibilities.plan.rule", actor=actor, permission="responsibilities.edit"
    )


def set_warn_rule(region: Region, rule: Warn, *, actor: Any) -> None:
    """From how many working days on a task wants a plan, and how far apart its steps should lie."""
    if not 1 <= rule.plan_after <= 120 or not 1 <= rule.least_gap <= 20:
        raise Refusal(_("The rule is out of range."), _("Give 1 to 120 and 1 to 20 working days."))
    said, edit = asdict(rule), "responsibilities.edit"
    keep_setting(region, "plan_warnings", said, action="responsibilities.plan.warnings", actor=actor, permission=edit)


def _running(task: Task) -> Task:
    """The task as it is now, held until the transaction ends; refused unless its unit has accepted it."""
    found = Task.objects.select_for_update(of=("self",)).select_related("region", "unit").get(pk=task.pk)
    if found.state != TaskState.ACCEPTED:
        raise Refusal(_("Accept the task first."), _("Then plan its steps."))
    return found


def _check(task: Task, kept: Sequence[TaskMilestone], steps: Sequence[Planned]) -> None:
    if not steps or len(steps) + len(kept) > MOST_STEPS:
        raise Refusal(_("A plan has from one to %d steps.") % MOST_STEPS)
    if any(not one.name.strip() or len(one.name.strip()) > LONGEST_STEP for one in steps):
        raise Refusal(_("Every step needs a name of at most %d characters.") % LONGEST_STEP)
    whole = sum(one.share for one in kept) + sum(one.share for one in steps)
    if whole != 100 or any(one.share < 1 for one in steps):
        raise Refusal(_("The shares come to %d per cent.") % whole, _("They have to make 100, the done ones included."))
    due = clock.local(task.due_at).date()
    if late := next((one for one in steps if one.due_on > due), None):
        raise Refusal(
            _("“%s” lies after the deadline.") % late.name, _("Choose an earlier day, or ask for a later deadline.")
        )


def _recount(task: Task) -> None:
    task.progress = proved_progress(task)
    Task.objects.filter(pk=task.pk).update(progress=task.progress, updated_at=clock.now())
