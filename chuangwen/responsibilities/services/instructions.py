"""Takes down what a leader instructs (批示), hands it to units as urgent tasks, and withdraws it.

A leader writes from the own post. For every other leader the campaign office enters it (代录), from a sheet with
its scan or by word of mouth; both names are kept. The unit's report on its task is the reply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import may, require, require_actor, scope_of
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import SCANS, attach
from chuangwen.core.numbering import next_number
from chuangwen.notifications.services import notify
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.queries import office_people
from chuangwen.responsibilities.models import (
    OPEN_TASK_STATES,
    Instruction,
    Medium,
    Origin,
    Task,
    TaskState,
    Urgency,
)
from chuangwen.responsibilities.queries.instructions import posts_held
from chuangwen.responsibilities.queries.repeats import Ask, open_alike
from chuangwen.responsibilities.services.papers import Scan
from chuangwen.responsibilities.services.repeating import FIRST, Again, keep_repeats
from chuangwen.responsibilities.services.tasks import cancel_tasks, draft_task
from chuangwen.responsibilities.services.telling import tell_unit, tell_unit_of_many
from chuangwen.responsibilities.workflow import TASK_WORKFLOW
from chuangwen.workflow.services import StaleState, advance, note_step

LONGEST_ABOUT = 200
REPLIED = (TaskState.REPORTED, TaskState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Errand:
    """What an instruction asks of units: who leads, who cooperates, by when, and what is to be reported back.

    `origin` and `drafted` are for a higher area whose paper the instruction stands on.
    """

    leads: Sequence[Unit]
    due_at: datetime
    reply: str
    cooperating: Sequence[Unit] = ()
    origin: str = Origin.INSTRUCTION
    drafted: Callable[[Task], None] | None = None  # hears of each task before its unit does
    again: Again = FIRST  # the answer where a like request is open at a leading unit already


def write_instruction(
    campaign: Campaign,
    post: Post,
    *,
    about: str,
    content: str,
    actor: Any,
    written_on: date | None = None,
    urgency: str = Urgency.URGENT,
    medium: str = Medium.SCREEN,
    scan: Scan | None = None,
    errand: Errand | None = None,
    on_letter: bool = False,
) -> Instruction:
    """Take the instruction of `post` down and send its tasks at once.

    Without an `errand` a leader leaves it to the office who does it; the office is told. `medium` and `scan` say how
    it came where the office enters it for the leader. What stands `on_letter` may ask nothing of any unit.
    """
    own = _check_writer(post, actor)
    about, content = about.strip(), content.strip()
    written_on = written_on or clock.today()
    _check_words(campaign, post, about, content, written_on)
    medium = Medium.SCREEN if own else medium
    _check_paper(medium, scan, own=own)
    if errand is None and not own and not on_letter:
        raise Refusal(_("Say which unit it goes to."), _("Choose at least one unit in the lead."))
    year = clock.today().year
    with transaction.atomic():
        instruction: Instruction = Instruction.objects.create(
            region=campaign.region,
            campaign=campaign,
            number=f"P{year}-{next_number(campaign.region, f'instruction-{year}'):04d}",
            post=post,
            signed_as=str(post)[:160],
            written_on=written_on,
            about=about,
            content=content,
            urgency=urgency,
            medium=medium,
            entered_by=actor,
            on_letter=on_letter,
        )
        behalf = "" if own else instruction.signed_as
        note_step(instruction, "write", actor=actor, on_behalf=behalf, data={"written_on": written_on})
        if scan is not None:
            attach(scan.data, scan.name, owner=instruction, region=campaign.region, actor=actor, accept=SCANS)
        if errand is not None:
            _hand_out(instruction, errand, actor)
        elif not on_letter:
            _tell_office(instruction)
    return instruction


def pass_on_instruction(instruction: Instruction, errand: Errand, *, actor: Any) -> list[Task]:
    """Hand the instruction to units, also to further ones later. Refused for a unit that has it already."""
    _check_writer(instruction.post, actor)
    with transaction.atomic():
        # Of two who press at the same moment the second waits here, and then finds the first one's tasks.
        now = Instruction.objects.select_for_update(of=("self",)).get(pk=instruction.pk)
        if now.withdrawn_at is not None:
            raise Refusal(_("This instruction is withdrawn."), _("Write it down anew if it holds after all."))
        has = {task.unit_id: task.unit for task in _live(instruction).select_related("unit")}
        for unit in errand.leads:
            if unit.pk in has:
                raise Refusal(_("%s has this instruction already.") % unit, _("Leave it out, or open its task."))
        tasks = _hand_out(instruction, errand, actor)
        note_step(instruction, "pass_on", actor=actor, data={"units": [str(task.unit) for task in tasks]})
        return tasks


def withdraw_instruction(instruction: Instruction, *, reason: str, actor: Any) -> None:
    """What was entered by mistake or does not hold any more falls away, with its tasks. Refused once a unit replied."""
    require_actor(actor, "responsibilities.edit", instruction.post)
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It is shown to the other side."))
    with transaction.atomic():
        standing = Instruction.objects.filter(pk=instruction.pk, withdrawn_at__isnull=True)
        if standing.update(withdrawn_at=clock.now(), updated_at=clock.now()) != 1:
            raise StaleState(instruction)
        tasks = list(_live(instruction).select_related("unit", "region", "campaign", "instruction"))
        if replied := next((task for task in tasks if task.state in REPLIED), None):
            raise Refusal(
                _("%s has replied to this instruction already.") % replied.unit,
                _("Confirm the reply, or send it back to the unit."),
            )
        instruction.withdrawn_at = clock.now()
        note_step(instruction, "withdraw", actor=actor, note=reason)
        cancel_tasks(tasks, reason=reason, actor=actor)


def remind_of_instruction(instruction: Instruction, *, actor: Any) -> int:
    """Tell the units that have not replied yet once more; returns how many."""
    _check_writer(instruction.post, actor)
    waiting = list(_live(instruction).filter(state__in=OPEN_TASK_STATES).select_related("unit", "region"))
    if not waiting:
        raise Refusal(_("Nobody's reply is outstanding."), _("Open the instruction to see where it stands."))
    with transaction.atomic():
        note_step(instruction, "remind", actor=actor, data={"units": [str(task.unit) for task in waiting]})
        for task in waiting:
            tell_unit(task, _("Reply wanted, by instruction: %s") % task.title, urgent=True)
    return len(waiting)


def _hand_out(instruction: Instruction, errand: Errand, actor: Any) -> list[Task]:
    """A task for each leading unit, issued and told at once."""
    _check_errand(errand, actor)
    asked = errand.leads if errand.origin == Origin.INSTRUCTION else ()  # what a superior asks is passed on as it is
    repeats = open_alike(instruction.region, {one.pk: Ask(one.pk, instruction.about) for one in asked})
    leads = errand.again.still_asked(errand.leads, repeats)
    leading = {unit.pk for unit in errand.leads}
    helping = [unit for unit in errand.cooperating if unit.pk not in leading]
    urgent = instruction.urgency != Urgency.ORDINARY
    tasks = []
    for unit in leads:
        task = draft_task(
            instruction.campaign, unit, title=instruction.about, due_at=errand.due_at, measure=errand.reply,
            cooperating=helping, origin=errand.origin, origin_text=instruction.content, instruction=instruction,
            actor=actor,
        )  # fmt: skip
        if errand.drafted is not None:
            errand.drafted(task)
        advance(task, TASK_WORKFLOW, "instruct", actor=actor, issued_at=clock.now())
        words = {"leader": instruction.signed_as, "title": task.title}
        tell_unit(task, _("By instruction of %(leader)s: %(title)s") % words, urgent=urgent)
        tasks.append(task)
    _tell_helpers(instruction, tasks, helping, urgent=urgent)
    keep_repeats(((task, repeats[task.unit_id]) for task in tasks if task.unit_id in repeats), errand.again, actor)
    return tasks


def _tell_helpers(instruction: Instruction, tasks: Sequence[Task], helping: Sequence[Unit], *, urgent: bool) -> None:
    """Who cooperates hears once, however many units lead."""
    if not tasks:
        return
    told = {"leader": instruction.signed_as, "title": tasks[0].title}
    words = _("Cooperate, by instruction of %(leader)s: %(title)s") % told
    for helper in helping:
        if len(tasks) == 1:
            tell_unit(tasks[0], words, unit=helper, urgent=urgent)
        else:
            tell_unit_of_many(helper, tasks, words, tab="helping", urgent=urgent)


def _live(instruction: Instruction) -> Any:
    return Task.objects.filter(instruction=instruction).exclude(state=TaskState.CANCELLED)


def _check_writer(post: Post, actor: Any) -> bool:
    """Whether `actor` holds `post`. Who does not may act for it only from the campaign office."""
    if actor is None:
        return False
    require(actor, "responsibilities.instruct", post)
    if post.kind != PostKind.LIAISON and posts_held(actor).filter(pk=post.pk).exists():
        return True
    if not may(actor, "responsibilities.edit", post):
        raise Refusal(
            _("“%s” is not your post.") % post, _("The campaign office takes down what other leaders instruct.")
        )
    return False


def _check_words(campaign: Campaign, post: Post, about: str, content: str, written_on: date) -> None:
    if not about:
        raise Refusal(_("Say what it is about."), _("One short sentence is enough."))
    if len(about) > LONGEST_ABOUT:
        raise Refusal(
            _("What it is about is longer than %d characters.") % LONGEST_ABOUT,
            _("Shorten it; the instruction itself can be long."),
        )
    if not content:
        raise Refusal(_("The instruction itself is missing."), _("Write it down as the leader gave it."))
    if written_on > clock.today():
        raise Refusal(_("The day lies in the future."), _("Give the day on which it was really given."))
    if post.region_id != campaign.region_id:
        raise Refusal(_("This post does not belong to this region."), _("Choose a post of your own region."))
    if post.kind == PostKind.LIAISON:
        raise Refusal(_("A liaison gives no instructions."), _("Choose the post of a leader."))


def _check_paper(medium: str, scan: Scan | None, *, own: bool) -> None:
    if own:
        return
    if medium not in {Medium.PAPER, Medium.SPOKEN}:
        raise Refusal(_("Say how the leader gave it."), _("Choose on paper or by word of mouth."))
    if medium == Medium.PAPER and scan is None:
        raise Refusal(_("The scan of the sheet is missing."), _("Add a photo or a PDF of it."))


def _check_errand(errand: Errand, actor: Any) -> None:
    if not errand.leads:
        raise Refusal(_("Say which unit it goes to."), _("Choose at least one unit in the lead."))
    if not errand.reply.strip():
        raise Refusal(_("Say what is to be reported back."), _("One short sentence is enough."))
    if errand.due_at <= clock.now():
        raise Refusal(_("The deadline is over already."), _("Give a later deadline."))
    _check_reach((*errand.leads, *errand.cooperating), actor)


def _check_reach(units: Iterable[Unit], actor: Any) -> None:
    """A leader of one unit instructs that unit and those below it. Another region's units are refused by draft_task."""
    if actor is None:
        return
    scope = scope_of(actor, "responsibilities.instruct")
    for unit in units:
        if unit.region_id not in scope.regions and unit.pk not in scope.unit_ids:
            raise Refusal(_("“%s” is not among your units.") % unit, _("Choose your own unit or one below it."))


def _tell_office(instruction: Instruction) -> None:
    """A leader wrote without saying who does it: the office finds the units."""
    people = office_people(instruction.region, "responsibilities.edit")
    url = reverse("responsibilities:instruction", args=[instruction.pk])
    title = _("Instruction of %(leader)s to pass on: %(title)s") % {
        "leader": instruction.signed_as, "title": instruction.about,
    }  # fmt: skip
    notify(people, "responsibilities", title, region=instruction.region, url=url, urgent=True)
