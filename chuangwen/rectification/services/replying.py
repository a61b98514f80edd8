"""How the office answered a superior about a problem: the number of its document (回复文号)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Refusal
from chuangwen.rectification.enums import Source
from chuangwen.rectification.models import Problem
from chuangwen.rectification.services.finding import LONGEST_ANSWER_NUMBER
from chuangwen.workflow.services import note_step


def enter_answer_number(problem: Problem, *, number: str, actor: Any) -> None:
    """Keep the number of the document that answered the superior; one document may answer many problems.

    A later number takes the place of the former, which stays in the history. Refused: a problem that no superior fed
    back, no number, one that is too long, the number that stands there already.
    """
    if actor is not None:
        require(actor, "rectification.assign", problem)
    number = " ".join(number.split())
    if problem.source != Source.SUPERIOR:
        raise Refusal(_("No superior fed this problem back."), _("Choose problems whose source is the superior."))
    if not number:
        raise Refusal(_("The number is missing."), _("Write the number of the document that was sent."))
    if len(number) > LONGEST_ANSWER_NUMBER:
        raise Refusal(_("The number is longer than %d characters.") % LONGEST_ANSWER_NUMBER, _("Write it shorter."))
    former = problem.answer_number
    if number == former:
        raise Refusal(_("This number stands there already."))
    with transaction.atomic():
        Problem.objects.filter(pk=problem.pk).update(answer_number=number, updated_at=clock.now())
        note_step(problem, "answer_number", actor=actor, data={"from": former, "to": number})
    problem.answer_number = number
