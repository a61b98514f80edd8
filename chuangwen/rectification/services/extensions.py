"""A unit asks for more time in its own words (延期); the office grants it with a day, or refuses it with a reason.

The documents are silent on it, so these are proposed: it is asked before the deadline passes, once for each time
the problem was handed out, and for no more than 30 days; what needs months goes on the long-term list. The old
deadline holds until the decision, which is due within a working day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.templatetags.wording import day
from chuangwen.core.workdays import default_calendar
from chuangwen.rectification.enums import PhotoRole
from chuangwen.rectification.models import Extension, Problem
from chuangwen.rectification.queries import extension_refused, open_extension
from chuangwen.rectification.services.assigning import change_deadline
from chuangwen.rectification.services.handling import behalf, check_time
from chuangwen.rectification.services.photos import add_uploads
from chuangwen.rectification.services.telling import tell_office, tell_unit
from chuangwen.rectification.workflow import of_the_lead
from chuangwen.workflow.services import StaleState, note_step

DECISION_WITHIN = "1d"
MOST_DAYS = 30


def ask_extension(
    problem: Problem,
    *,
    until: date,
    reason: str,
    actor: Any,
    on_behalf: str = "",
    scans: Iterable[Upload] = (),
    at: datetime | None = None,
) -> Extension:
    """The lead asks for time until the end of the day `until`. State and clock stay; the office is told."""
    if actor is not None:
        require(actor, "rectification.answer", problem)
    if refused := of_the_lead(actor, problem):
        raise Refusal(refused)
    moment = check_time(problem, at)
    if refused := extension_refused(problem, moment):
        raise Refusal(refused, _("Talk to the campaign office."))
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It is shown to the other side."))
    _check_day(problem, until)
    with transaction.atomic():
        # Of two who ask at the same moment the second waits here, and then finds the first one's request.
        Problem.objects.select_for_update().get(pk=problem.pk)
        if open_extension(problem):
            raise StaleState(problem)
        extension: Extension = Extension.objects.create(
            region=problem.region, problem=problem, by_unit=problem.lead, reason=reason, until=until,
            asked_at=moment, decide_by=default_calendar().deadline(moment, DECISION_WITHIN),
        )  # fmt: skip
        note_step(
            problem, "ask_extension", actor=actor, note=reason, at=moment, data={"until": until},
            on_behalf=behalf(problem, actor, on_behalf),
        )  # fmt: skip
        add_uploads(problem, scans, role=PhotoRole.PROOF, actor=actor, at=at)
        tell_office(problem, _("More time asked for: %s") % problem.title, "rectification.assign")
    return extension


def grant_extension(problem: Problem, *, until: date, reason: str = "", actor: Any) -> None:
    """The office lets the unit have until the end of the day `until`, which may be another day than was asked for."""
    extension = _to_decide(problem, actor)
    _check_day(problem, until)
    words = reason.strip() or _("Extension granted as asked for: %s") % extension.reason
    with transaction.atomic():
        change_deadline(problem, due_at=default_calendar().end_of_day(until), reason=words, actor=actor)


def refuse_extension(problem: Problem, *, reason: str, actor: Any) -> None:
    """The old deadline holds; the unit reads why."""
    extension = _to_decide(problem, actor)
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It is shown to the other side."))
    with transaction.atomic():
        undecided = Extension.objects.filter(pk=extension.pk, decided_at__isnull=True)
        if undecided.update(decided_at=clock.now(), answer=reason) != 1:
            raise StaleState(problem)
        note_step(problem, "refuse_extension", actor=actor, note=reason)
        tell_unit(problem, _("No more time: %s") % problem.title)


def _to_decide(problem: Problem, actor: Any) -> Extension:
    if actor is not None:
        require(actor, "rectification.assign", problem)
    extension = open_extension(problem)
    if extension is None:
        raise Refusal(_("Nobody waits for more time on this problem."), _("Open it again to see its present state."))
    return extension


def _check_day(problem: Problem, until: date) -> None:
    due = default_calendar().end_of_day(until)
    if due <= problem.due_at or due <= clock.now():
        raise Refusal(_("The new deadline must be later than %s.") % day(problem.due_at), _("Choose a later day."))
    if until > clock.local(problem.due_at).date() + timedelta(days=MOST_DAYS):
        raise Refusal(
            _("That is more than %d days after the deadline.") % MOST_DAYS,
            _("What takes months goes on the long-term list; the office puts it there."),
        )
