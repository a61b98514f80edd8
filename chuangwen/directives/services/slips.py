"""Reply slips: a letter goes to units as tasks, each unit answers on its slip, is reminded, returned to or let off.

A slip's answer is the report on its task, so that a reply counts, is late and is confirmed as tasks are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require_actor, scope_of
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.soundness import true_time
from chuangwen.core.templatetags.wording import day as day_words
from chuangwen.directives.enums import LetterStage
from chuangwen.directives.models import Letter, LetterSlip
from chuangwen.directives.slips import (
    LONGEST_LABEL,
    LONGEST_TEXT,
    MOST_FIELDS,
    SlipError,
    SlipField,
    answer_words,
    as_data,
    sound_fields,
    sound_values,
)
from chuangwen.directives.workflow import EDIT, LETTER_WORKFLOW
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.models import OPEN_TASK_STATES, Instruction, Origin, Task, TaskState
from chuangwen.responsibilities.queries.repeats import Ask, OpenRequest, open_alike
from chuangwen.responsibilities.services.answers import accept_task, reopen_task, report_task
from chuangwen.responsibilities.services.assigning import remind_of_task
from chuangwen.responsibilities.services.instructions import Errand, pass_on_instruction
from chuangwen.responsibilities.services.papers import Scan, keep_paper
from chuangwen.responsibilities.services.repeating import FIRST, Again, keep_repeats
from chuangwen.responsibilities.services.tasks import cancel_task, draft_task, issue_task
from chuangwen.workflow.services import advance

ANSWERING = "responsibilities.answer"
LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class Routing:
    """To whom a letter goes, by when they reply, what, and on which slip, and the answer where a like one is open."""

    units: Sequence[Unit]
    due_at: datetime
    reply: str
    fields: Sequence[SlipField] = ()
    cooperating: Sequence[Unit] = ()
    again: Again = FIRST


@dataclass(frozen=True, slots=True)
class SlipAnswer:
    """What a unit sends back: its fields by key, a few words, a paper; `at` where it came on paper."""

    values: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    papers: Iterable[Upload] = ()
    at: datetime | None = None


def route_letter(letter: Letter, routing: Routing, *, actor: Any) -> list[LetterSlip]:
    """Hand the letter to units, the first or further ones: each gets a task with the slip, and is told once.

    Where a leader wrote on it, the tasks come of that instruction. The slip is fixed by who is asked first.
    Raises Repeated where the office asks for what is open at a unit already and `again` says nothing.
    """
    require_actor(actor, EDIT, letter)
    fields = letter.slip or as_data(_sound_fields(routing.fields))
    _check_routing(letter, routing)
    with transaction.atomic():
        # Of two who press at the same moment the second waits here, and then finds the first one's slips.
        now = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
        _refuse_known(now, routing.units)
        further = now.state == LetterStage.HANDLED
        instruction = letter.instructions.filter(withdrawn_at__isnull=True).select_related("post").last()
        repeats = {} if instruction is not None else _repeats(letter, routing)
        units = routing.again.still_asked(routing.units, repeats)
        data = {"units": [str(unit) for unit in units]}
        advance(letter, LETTER_WORKFLOW, "add" if further else "route", actor=actor, data=data, slip=fields,
                reply=routing.reply.strip())  # fmt: skip
        made: list[LetterSlip] = []

        def with_slip(task: Task) -> None:
            made.append(_slip(letter, task))

        if instruction is not None:
            _by_instruction(instruction, routing, with_slip, actor)
        else:
            tasks = [_by_office(letter, unit, routing, with_slip, actor) for unit in units]
            keep_repeats([(one, repeats[one.unit_id]) for one in tasks if one.unit_id in repeats], routing.again, actor)
    return made


def answer_slip(slip: LetterSlip, given: SlipAnswer, *, actor: Any) -> None:
    """The unit sends its reply back, or the office enters what came on paper with its true time: one act for the unit.

    Taking the task on and reporting on it are both in it; both stand in its history.
    """
    letter, task = slip.letter, slip.task
    by_unit = actor is None or task.unit_id in scope_of(actor, ANSWERING).unit_ids
    if letter.state != LetterStage.HANDLED:
        raise Refusal(_("The answer to this letter is made already."), _("Tell the campaign office what has changed."))
    if task.state not in (TaskState.ISSUED, TaskState.ACCEPTED):
        raise Refusal(_("This slip waits for no reply: “%s”.") % task.get_state_display(),
                      _("To change a reply, ask the campaign office to send it back."))  # fmt: skip
    values, note, papers = _sound_values(letter, given.values), given.note.strip(), list(given.papers)
    if not (values or note or papers):
        raise Refusal(_("The reply is empty."), _("Write a few words, or add the paper."))
    if len(note) > LONGEST_NOTE:
        raise Refusal(_("The words are longer than %d characters.") % LONGEST_NOTE, _("Add a longer reply as a file."))
    voice: dict[str, Any] = {"actor": actor, "on_behalf": "" if by_unit else str(task.unit)}
    if given.at is not None:
        voice["at"] = true_time(given.at)
    told = "\n".join(filter(None, (answer_words(letter.slip, values), note))) or "、".join(one.name for one in papers)
    with transaction.atomic():
        LetterSlip.objects.filter(pk=slip.pk).update(values=values, note=note, updated_at=clock.now())
        slip.values, slip.note = values, note
        if task.state == TaskState.ISSUED:
            accept_task(task, **voice)
        for one in papers:
            keep_paper(task, Scan(one.name, one.data), actor=actor)
        report_task(task, note=told, **voice)


def return_slip(slip: LetterSlip, *, reason: str, actor: Any) -> None:
    """Something is missing or wrong in it; the unit is told what and sends it again."""
    require_actor(actor, EDIT, slip)
    _check_handled(slip)
    reopen_task(slip.task, reason=reason, actor=actor)


def let_off(slip: LetterSlip, *, reason: str, actor: Any) -> None:
    """The unit need not reply."""
    require_actor(actor, EDIT, slip)
    _check_handled(slip)
    cancel_task(slip.task, reason=reason, actor=actor)


def remind_slip(slip: LetterSlip, *, actor: Any) -> None:
    """Remind a unit whose reply is not in; twice a day tells nobody twice."""
    require_actor(actor, EDIT, slip)
    if slip.task.state not in OPEN_TASK_STATES:
        raise Refusal(_("%s has nothing to reply.") % slip.task.unit, _("Nothing is to be done."))
    remind_of_task(slip.task, actor=actor)


def _slip(letter: Letter, task: Task) -> LetterSlip:
    """The slip of a task that its unit has not heard of yet; the task leads to it."""
    slip: LetterSlip = LetterSlip.objects.create(region=letter.region, letter=letter, task=task)
    task.origin_url = reverse("directives:letter_slip", args=[slip.pk])
    Task.objects.filter(pk=task.pk).update(origin_url=task.origin_url)
    return slip


def _by_instruction(instruction: Instruction, routing: Routing, with_slip: Any, actor: Any) -> None:
    errand = Errand(
        routing.units, routing.due_at, routing.reply, routing.cooperating, origin=Origin.LETTER, drafted=with_slip
    )
    pass_on_instruction(instruction, errand, actor=actor)


def _repeats(letter: Letter, routing: Routing) -> dict[int, OpenRequest]:
    """What is open at these units already, where the office asks; a leader's instruction is passed on as it is."""
    return open_alike(letter.region, {unit.pk: Ask(unit.pk, letter.title) for unit in routing.units})


def _by_office(letter: Letter, unit: Unit, routing: Routing, with_slip: Any, actor: Any) -> Task:
    task: Task = draft_task(
        letter.campaign, unit, title=letter.title, due_at=routing.due_at, measure=routing.reply,
        cooperating=routing.cooperating, origin=Origin.LETTER, actor=actor,
        origin_text=f"{letter.sender}《{letter.title}》（{letter.paper_number}）",
    )  # fmt: skip
    with_slip(task)
    issue_task(task, actor=actor)
    return task


def _check_routing(letter: Letter, routing: Routing) -> None:
    if not routing.units:
        raise Refusal(_("Say which unit it goes to."), _("Choose at least one unit in the lead."))
    if not routing.reply.strip():
        raise Refusal(_("Say what is to be reported back."), _("One short sentence is enough."))
    if letter.due_on is not None and clock.local(routing.due_at).date() > letter.due_on:
        raise Refusal(
            _("The units would reply after the answer is due on %s.") % day_words(letter.due_on),
            _("Give an earlier day, so that the office can put the replies together."),
        )


def _refuse_known(letter: Letter, units: Iterable[Unit]) -> None:
    known = {
        slip.task.unit_id
        for slip in letter.slips.exclude(task__state=TaskState.CANCELLED).select_related("task")
    }  # fmt: skip
    if has := next((unit for unit in units if unit.pk in known), None):
        raise Refusal(_("%s has this letter already.") % has, _("Leave it out, or open its slip."))


def _check_handled(slip: LetterSlip) -> None:
    if slip.letter.state != LetterStage.HANDLED:
        raise Refusal(_("The answer to this letter is made already."), _("Take the signed answer back first."))


def _sound_fields(fields: Iterable[SlipField]) -> list[SlipField]:
    try:
        return sound_fields(fields)
    except SlipError as fault:
        raise Refusal(slip_fault(fault), _("Change the slip.")) from None


def _sound_values(letter: Letter, values: Mapping[str, Any]) -> dict[str, str]:
    try:
        return sound_values(letter.slip, values)
    except SlipError as fault:
        raise Refusal(slip_fault(fault), _("Fill in the slip as it asks.")) from None


def slip_fault(fault: SlipError) -> str:
    """Why a slip or an answer cannot be taken, in words."""
    words = {
        "many": _("A slip has at most %d fields.") % MOST_FIELDS,
        "label": _("“%(label)s” is longer than %(n)d characters.") % {"label": fault.label, "n": LONGEST_LABEL},
        "kind": _("“%s” is of no known kind.") % fault.label,
        "double": _("“%s” stands on the slip twice.") % fault.label,
        "choices": _("“%s” needs two to eight choices of a few characters each.") % fault.label,
        "missing": _("“%s” is not filled in.") % fault.label,
        "number": _("“%s” wants a whole number.") % fault.label,
        "choice": _("“%s” wants one of its choices.") % fault.label,
        "day": _("“%s” wants a day.") % fault.label,
        "long": _("“%(label)s” is longer than %(n)d characters.") % {"label": fault.label, "n": LONGEST_TEXT},
    }
    return words[fault.code]
