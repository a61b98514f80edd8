"""Writes and issues tasks: unit, post, measure and deadline come from above (practice.md)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import require, require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.numbering import next_number
from chuangwen.evidence.services import open_dossiers
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Post, Unit
from chuangwen.responsibilities.models import Book, Duty, Instruction, Origin, Task, TaskState
from chuangwen.responsibilities.queries.breakdown import Ready, ready_to_issue, repeats_of
from chuangwen.responsibilities.queries.repeats import OpenRequest
from chuangwen.responsibilities.services.breakdown import Cell, set_shares
from chuangwen.responsibilities.services.moving import move_milestones
from chuangwen.responsibilities.services.news import News, tell_helpers, tell_of_deadline, tell_of_end
from chuangwen.responsibilities.services.repeating import FIRST, Again, keep_repeats
from chuangwen.responsibilities.services.roles import check_supervisor, usual_roles
from chuangwen.responsibilities.services.telling import tell_unit
from chuangwen.responsibilities.workflow import TASK_WORKFLOW
from chuangwen.standards.models import Node
from chuangwen.workflow.services import StaleState, advance, note_step

LONGEST_TITLE = 300
LONGEST_MEASURE = 300


def draft_task(
    campaign: Campaign,
    unit: Unit,
    *,
    title: str,
    due_at: datetime,
    actor: Any,
    measure: str = "",
    post: Post | None = None,
    node: Node | None = None,
    cooperating: Iterable[Unit] = (),
    frequency: str = "",
    detail: str = "",
    origin: str = Origin.HAND,
    origin_text: str = "",
    origin_url: str = "",
    instruction: Instruction | None = None,
    duty: Duty | None = None,
    occurrence: str = "",
    supervisor: Post | None = None,
    book: str = Book.CAMPAIGN,
) -> Task:
    """Write a task down without sending it. `post` says who at the unit: its acting responsible by default;
    `supervisor` who sees to it: by default the leading group's office. Who does it is the unit's liaison post.

    A title too long for one line is cut and kept whole in the detail.
    """
    _check_writer(campaign, unit, origin, instruction, actor)
    title = title.strip()
    _check_draft(campaign, unit, title, measure, post)
    post = post or acting_post(unit)
    check_supervisor(unit.pk, post, supervisor)
    if len(title) > LONGEST_TITLE:
        title, detail = title[: LONGEST_TITLE - 1] + "…", f"{title}\n{detail}".strip()
    year = clock.today().year
    with transaction.atomic():
        task = Task.objects.create(
            region=campaign.region,
            campaign=campaign,
            number=f"R{year}-{next_number(campaign.region, f'task-{year}'):04d}",
            title=title,
            detail=detail,
            unit=unit,
            post=post,
            **usual_roles(unit, post, supervisor),
            node=node,
            measure=measure.strip(),
            due_at=due_at,
            frequency=frequency[:80],
            origin=origin,
            origin_text=origin_text,
            origin_url=origin_url,
            made_by=actor,
            instruction=instruction,
            duty=duty, occurrence=occurrence, book=book,
        )  # fmt: skip
        task.cooperating.set([one for one in cooperating if one.pk != unit.pk])
        note_step(task, "draft", actor=actor)
    return task


def issue_task(task: Task, *, actor: Any, at: datetime | None = None, tell: bool = True) -> None:
    """Send the task to its unit. Refused without a measure, or when its deadline is over already."""
    if task.due_at <= (at or clock.now()):
        raise Refusal(_("The deadline of “%s” is over already.") % task.title, _("Give a later deadline."))
    with transaction.atomic():
        advance(task, TASK_WORKFLOW, "issue", actor=actor, at=at, issued_at=at or clock.now())
        if tell:
            tell_unit(task, _("New task: %s") % task.title)
            tell_helpers(task, task.cooperating.all())


def issue_breakdown(
    campaign: Campaign,
    *,
    due_at: datetime,
    measure: str,
    actor: Any,
    nodes: Collection[int] | None = None,
    again: Again = FIRST,
    step: Callable[[], None] = lambda: None,
) -> int:
    """Issue a task for each criterion that has exactly one lead and no task yet; returns how many.

    Split criteria become one task for each leading unit. Where a criterion asks for evidence, its dossier is opened
    along with the task. `nodes` narrows to these criteria. `again` answers for those of which a like request is open
    at the unit; raises Repeated where it says nothing. Each unit is told once, whatever it leads or cooperates in.
    All or nothing.
    """
    require_actor(actor, "responsibilities.edit", campaign)
    news = News()
    with transaction.atomic():
        # Whoever presses at the same moment waits here, and then finds the tasks already out.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        ready = ready_to_issue(campaign, nodes)
        repeats = repeats_of(campaign, ready)
        away = again.left_out(repeats)
        ready = [one for one in ready if (one.node.pk, one.unit.pk) not in away]
        _check_people({one.unit for one in ready})
        kept: list[tuple[Task, OpenRequest]] = []
        for one in ready:
            task = draft_task(
                campaign, one.unit, title=one.node.title_zh, node=one.node, due_at=due_at, measure=measure,
                cooperating=one.cooperating, origin=Origin.BREAKDOWN, actor=actor,
            )  # fmt: skip
            issue_task(task, actor=actor, tell=False)
            news.lead(task, one.cooperating)
            if (like := repeats.get((one.node.pk, one.unit.pk))) is not None:
                kept.append((task, like))
            step()
        keep_repeats(kept, again, actor)
        _open_dossiers(campaign, ready, due_at, actor)
        news.tell(_from_breakdown)
    return len(ready)


def _from_breakdown(tasks: Sequence[Task], _duties: Sequence[Duty]) -> str:
    return ngettext("%d new task from the breakdown", "%d new tasks from the breakdown", len(tasks)) % len(tasks)


def _check_people(units: Collection[Unit]) -> None:
    """Every unit names somebody before anything goes out (mechanism 18), and all that do not are named at once."""
    kinds = [PostKind.ACTING, PostKind.FIRST]
    known = set(Post.objects.filter(unit__in=units, kind__in=kinds).values_list("unit_id", flat=True))
    if missing := sorted(str(unit) for unit in units if unit.pk not in known):
        raise Refusal(
            _("No responsible person is named at: %s") % "、".join(missing),
            _("Name the acting responsible on the page of each unit."),
        )


def _open_dossiers(campaign: Campaign, issued: Sequence[Ready], due_at: datetime, actor: Any) -> None:
    """What a task of the breakdown asks for in writing: its dossier is open from the same moment, due the same day."""
    due_on = clock.local(due_at).date()
    if issued and campaign.starts.year <= due_on.year <= campaign.ends.year:
        pairs = [(one.node.pk, one.unit.pk) for one in issued]
        open_dossiers(campaign, due_on.year, pairs, due_on=due_on, actor=actor, tell=False)


def cancel_task(task: Task, *, reason: str, actor: Any, tell: bool = True) -> None:
    """The task falls away; a unit that had it is told, and who cooperates."""
    cancel_tasks([task], reason=reason, actor=actor, tell=tell)


def cancel_tasks(tasks: Iterable[Task], *, reason: str, actor: Any, tell: bool = True) -> None:
    """They fall away for one reason, all or none; each unit is told once of what it had and cooperates in."""
    sent = []
    with transaction.atomic():
        for task in tasks:
            was_sent = task.state != TaskState.DRAFT
            advance(task, TASK_WORKFLOW, "cancel", actor=actor, note=reason)
            if was_sent:
                sent.append(task)
        if tell:
            tell_of_end(sent)


def postpone_task(task: Task, *, due_at: datetime, reason: str, actor: Any, tell: bool = True) -> None:
    """Move the deadline of a task that still runs, with the reason kept; the unit is told, and who cooperates."""
    postpone_tasks([task], due_at=due_at, reason=reason, actor=actor, tell=tell)


def postpone_tasks(tasks: Iterable[Task], *, due_at: datetime, reason: str, actor: Any, tell: bool = True) -> None:
    """One deadline for all of them, all or none; each unit is told once of what it has and cooperates in."""
    with transaction.atomic():
        moved = []
        for task in tasks:
            _postpone(task, due_at, reason, actor)
            if task.state != TaskState.DRAFT:  # nobody knows of a draft yet
                moved.append(task)
        if tell:
            tell_of_deadline(moved)


def _postpone(task: Task, due_at: datetime, reason: str, actor: Any) -> None:
    if actor is not None:
        require(actor, "responsibilities.edit", task)
    if due_at <= clock.now():
        raise Refusal(_("The new deadline is over already."), _("Choose a later day."))
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It is shown to the other side."))
    with transaction.atomic():
        old = task.due_at
        running = Task.objects.filter(pk=task.pk, state__in=POSTPONABLE)
        if running.update(due_at=due_at, updated_at=clock.now()) != 1:
            raise StaleState(task)
        task.due_at = due_at
        move_milestones({task.pk: (clock.local(old).date(), clock.local(due_at).date())})
        note_step(task, "postpone", actor=actor, note=reason, data={"from": old.isoformat(), "to": due_at.isoformat()})


POSTPONABLE = (TaskState.DRAFT, TaskState.ISSUED, TaskState.ACCEPTED, TaskState.OBJECTED)


def uphold_task(task: Task, *, reason: str, actor: Any, unit: Unit | None = None) -> None:
    """Decide an objection: the task stays with its unit or goes to another, which is then told as well.

    Where the task came from the breakdown, its lead in the matrix goes along, so that the next
    issue does not give it back to the unit that was let off.
    """
    old = task.unit
    new = unit or old
    if new.region_id != task.region_id:
        raise Refusal(_("A unit does not belong to this region."), _("Choose a unit of your own region."))
    with transaction.atomic():
        data = {"unit": str(new), "before": str(old), "former": old.pk} if new.pk != old.pk else {}
        roles = roles_at(task, new)
        if new.pk == old.pk:
            roles |= {"post": task.post, "implementer": task.implementer}
        advance(task, TASK_WORKFLOW, "uphold", actor=actor, note=reason, data=data, unit=new, **roles)
        if new.pk != old.pk:
            take_along(task, old, new, actor)
            tell_unit(task, _("No longer yours: %s") % task.title, unit=old)
        tell_unit(task, _("Decided: %s") % task.title)


def roles_at(task: Task, new: Unit) -> dict[str, Any]:
    """Who answers for the task and sees to it once it goes to the unit `new`."""
    stays = task.supervisor if task.supervisor and task.supervisor.unit_id != new.pk else None
    post = acting_post(new)
    return {"post": post, **usual_roles(new, post, stays)}


def take_along(task: Task, old: Unit, new: Unit, actor: Any) -> None:
    """What goes to another unit with its task: the lead in the matrix, the coming occurrences of its duty."""
    task.cooperating.remove(new)
    take_lead_along(task, old, new, actor)
    _take_duty_along(task, new, actor)


def take_lead_along(task: Task, old: Unit, new: Unit, actor: Any) -> None:
    """The lead in the matrix of a task that came from there; none where its standard counts no longer."""
    node = task.node
    if task.origin != Origin.BREAKDOWN or node is None:
        return
    if task.campaign.standards.filter(version=node.version_id).exists():
        cells = [Cell(node.pk, old.pk, ""), Cell(node.pk, new.pk, "lead")]
        set_shares(task.campaign, cells, origin=Origin.HAND, actor=actor)


def _take_duty_along(task: Task, unit: Unit, actor: Any) -> None:
    """Where the task was one occurrence of a recurring duty, the coming ones go to the new unit too."""
    duty = task.duty
    if duty is None or (duty.source and duty.campaign.recurring_duties.filter(unit=unit, source=duty.source).exists()):
        return
    Duty.objects.filter(pk=duty.pk).update(unit=unit, post=None, updated_at=clock.now())
    note_step(duty, "unit", actor=actor, data={"unit": str(unit), "before": str(duty.unit)})


def acting_post(unit: Unit) -> Post | None:
    """The post that answers for a unit's tasks where none is named: 具体责任人, else the first responsible."""
    posts = {post.kind: post for post in Post.objects.filter(unit=unit, kind__in=[PostKind.ACTING, PostKind.FIRST])}
    return posts.get(PostKind.ACTING) or posts.get(PostKind.FIRST)


def _check_writer(campaign: Campaign, unit: Unit, origin: str, instruction: Instruction | None, actor: Any) -> None:
    """The office writes tasks; a leader those of the own instruction; a unit those of its own list."""
    if origin == Origin.OWN:
        require_actor(actor, "responsibilities.answer", unit)
    elif instruction is None:
        require_actor(actor, "responsibilities.edit", campaign)
    else:
        require_actor(actor, "responsibilities.instruct", instruction.post)


def _check_draft(campaign: Campaign, unit: Unit, title: str, measure: str, post: Post | None) -> None:
    if not title:
        raise Refusal(_("Say what is to be done."), _("One short sentence is enough."))
    if len(measure.strip()) > LONGEST_MEASURE:
        raise Refusal(
            _("The measure of success is longer than %d characters.") % LONGEST_MEASURE,
            _("Shorten it; more can stand in the detail."),
        )
    if unit.region_id != campaign.region_id:
        raise Refusal(_("A unit does not belong to this region."), _("Choose a unit of your own region."))
    if post is not None and post.unit_id != unit.pk:
        raise Refusal(_("This post belongs to another unit."), _("Choose a post of the unit itself."))
