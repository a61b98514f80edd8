"""Enters results that no visit gives, has them confirmed by a second person, corrects and withdraws them.

An entered result never touches an observation before it is confirmed, and a confirmed one never
changes: a correction takes its observations back and asks the second person anew.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Round, RoundState
from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import attach
from chuangwen.core.files.sniffing import DOCX, PDF, XLSX
from chuangwen.core.models import Attachment, StoredFile, label_of
from chuangwen.inspections.enums import STANDING_RESULT_STATES, ResultKind
from chuangwen.inspections.models import EnteredResult, Observation
from chuangwen.inspections.queries import own_units
from chuangwen.inspections.workflow import ASSESS, RESULT_WORKFLOW
from chuangwen.organizations.models import Unit
from chuangwen.standards.grading import MOST_ANSWERS, Asked, WrongValue, asked_of, enterable, seen
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.queries import tree_of
from chuangwen.standards.tree import Standard
from chuangwen.workflow.services import StaleState, advance, note_step

PROOFS = frozenset(
    {
        "image/jpeg", "image/png", "image/webp", PDF, "text/plain", DOCX, XLSX, "application/msword",
        "application/vnd.ms-excel",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """What an assessor says of one leaf, veto, bonus or penalty.

    `grade` or `value` for a leaf, neither where it is not applicable; `value` in points for a bonus or
    penalty; nothing for a veto, which occurred. `weight`: of how many answers a survey's value is.
    `source`: which papers, whose figures, which notice.
    """

    version: StandardVersion
    code: str
    source: str
    judged_by: str
    judged_on: date
    kind: str = ResultKind.LEAF
    grade: str = ""
    value: float | None = None
    weight: float = 1
    unit: Unit | None = None
    not_applicable: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """The paper: fresh bytes with their name, or a file that the program has already."""

    name: str
    data: bytes = b""
    stored: StoredFile | None = None


def enter_result(round_: Round, judged: Judged, *, actor: Any, proof: Proof) -> EnteredResult:
    """Write down one result; it counts once a second person confirms it.

    Refused: a round that is not running, a standard or code that does not count there, a value that the
    leaf's rule does not know, no source, no judge, a day ahead, the own unit, a second result for the same
    leaf and unit (correct the first one instead).
    """
    if actor is not None:
        require(actor, ASSESS, round_)
    values = checked_values(round_, judged, actor=actor)
    if judged.kind == ResultKind.LEAF and standing(round_, judged).exists():
        raise _twice(judged)
    try:
        with transaction.atomic():
            made = EnteredResult.objects.create(
                region=round_.region, round=round_, version=judged.version, kind=judged.kind, code=judged.code,
                entered_by=actor, **values,
            )  # fmt: skip
            _keep(proof, made, actor)
            behalf = _behalf(judged, actor)
            note_step(made, "enter", actor=actor, note=made.source, data=_said(values), on_behalf=behalf)
    except IntegrityError as error:  # somebody else entered it in the same moment
        raise _twice(judged) from error
    return made


def correct_result(
    result: EnteredResult, judged: Judged, *, reason: str, revision: int, actor: Any, proof: Proof | None = None
) -> EnteredResult:
    """Write down another value; what stood before stays in the history and its observations are taken back.

    The code and its kind stay: what was entered at the wrong place is withdrawn. `revision` is the one the
    person saw.
    """
    judged = _same_place(result, judged)
    values = checked_values(result.round, judged, actor=actor)
    if result.kind == ResultKind.LEAF and standing(result.round, judged).exclude(pk=result.pk).exists():
        raise _twice(judged)
    before = {name: getattr(result, name) for name in values}
    changed = {name: [before[name], now] for name, now in values.items() if before[name] != now}
    with transaction.atomic():
        _hold(result, revision)
        advance(
            result, RESULT_WORKFLOW, "correct", actor=actor, note=reason, data=changed,
            on_behalf=_behalf(judged, actor), revision=revision + 1, entered_by=actor, checked_by=None,
            checked_at=None, **values,
        )  # fmt: skip
        take_back(result)
        if proof is not None:
            _keep(proof, result, actor)
    return result


def confirm_result(result: EnteredResult, *, revision: int, actor: Any) -> EnteredResult:
    """A second person has compared it with its paper: from now on it counts."""
    with transaction.atomic():
        _hold(result, revision)
        advance(
            result, RESULT_WORKFLOW, "confirm", actor=actor, data={"revision": revision}, checked_by=actor,
            checked_at=clock.now(),
        )  # fmt: skip
        Observation.objects.bulk_create(observations_of(result))
    return result


def return_result(result: EnteredResult, *, reason: str, revision: int, actor: Any) -> EnteredResult:
    """The second person does not agree and says why; who entered it corrects it."""
    with transaction.atomic():
        _hold(result, revision)
        advance(result, RESULT_WORKFLOW, "return", actor=actor, note=reason)
    return result


def withdraw_result(result: EnteredResult, *, reason: str, revision: int, actor: Any) -> EnteredResult:
    """It does not count any more and is never counted again; it stays readable with the reason."""
    with transaction.atomic():
        _hold(result, revision)
        advance(result, RESULT_WORKFLOW, "withdraw", actor=actor, note=reason)
        take_back(result)
    return result


def check_running(round_: Round) -> None:
    """Raises Refusal where the round takes no results: before it begins, once it is closed."""
    if round_.state != RoundState.RUNNING:
        raise Refusal(_("The round “%s” is not running.") % round_, _("Results are entered while it runs."))


def checked_values(round_: Round, judged: Judged, *, actor: Any) -> dict[str, Any]:
    """The columns that `judged` fills; raises Refusal with the fault and the way out. Writes nothing."""
    check_running(round_)
    if not round_.versions.filter(pk=judged.version.pk).exists():
        raise Refusal(_("This standard does not count in the round."), _("Choose one of the round's standards."))
    _refuse_words(judged)
    if judged.unit is not None:
        if judged.unit.region_id != round_.region_id:
            raise Refusal(_("The unit belongs to another region."), _("Choose one from the list."))
        if actor is not None and judged.unit.pk in own_units(actor):
            raise Refusal(_("Nobody judges the own unit."), _("Leave it to another assessor."))
    grade, value, weight = _measured(tree_of(judged.version), judged)
    return {
        "unit": judged.unit, "grade": grade, "value": value, "weight": weight, "source": judged.source.strip(),
        "judged_by": judged.judged_by.strip(), "judged_on": judged.judged_on,
    }  # fmt: skip


def standing(round_: Round, judged: Judged) -> Any:
    """Results that stand already for the same leaf and unit."""
    return EnteredResult.objects.filter(
        round=round_, version=judged.version, code=judged.code, unit=judged.unit, kind=ResultKind.LEAF,
        state__in=STANDING_RESULT_STATES,
    )  # fmt: skip


def _refuse_words(judged: Judged) -> None:
    if not judged.source.strip():
        raise Refusal(_("The source is missing."), _("Name the papers, the figures or the notice it rests on."))
    if not judged.judged_by.strip():
        raise Refusal(_("It does not say who judged."), _("Give the name of the assessor."))
    if judged.judged_on > clock.today():
        raise Refusal(_("The day of the judgement lies ahead."), _("Give today or an earlier day."))


def _measured(standard: Standard, judged: Judged) -> tuple[str, float | None, float]:
    """(grade, value, weight) as the standard's rule wants them."""
    if judged.kind == ResultKind.LEAF:
        leaf = enterable(standard).get(judged.code)
        if leaf is None:
            raise Refusal(
                _("“%s” is no criterion whose result is entered.") % judged.code,
                _("Criteria that checks at places feed are inspected, not entered."),
            )
        return _of_leaf(asked_of(leaf, standard.grades), judged)
    if judged.kind == ResultKind.VETO:
        _known(judged.code, [veto.code for veto in standard.vetoes])
        return "", 1.0, 1.0
    listed = standard.bonuses if judged.kind == ResultKind.BONUS else standard.penalties
    _known(judged.code, [one.code for one in listed])
    points = judged.value
    if points is None or not math.isfinite(points) or points <= 0:
        raise Refusal(_("A bonus or penalty has more than nought points."), _("Give the points."))
    cap = next(one.cap for one in listed if one.code == judged.code)
    if points > cap:
        raise Refusal(_("“%(code)s” has at most %(cap)g points.") % {"code": judged.code, "cap": cap},
                      _("Give fewer points."))  # fmt: skip
    return "", points, 1.0


def _known(code: str, codes: list[str]) -> None:
    if code not in codes:
        raise Refusal(_("The standard does not list “%s”.") % code, _("Choose one from the list."))


def _of_leaf(asked: Asked, judged: Judged) -> tuple[str, float | None, float]:
    if judged.not_applicable:
        return "", None, 1.0
    try:
        if judged.grade:
            grade, value = judged.grade.strip().upper(), asked.graded(judged.grade)
        else:
            grade, value = "", asked.checked(judged.value)
    except WrongValue as wrong:
        raise Refusal(*wrong_words(wrong, asked)) from wrong
    if not asked.weighed:
        return grade, value, 1.0
    if not (math.isfinite(judged.weight) and 1 <= judged.weight <= MOST_ANSWERS):
        raise Refusal(_("A survey has at least one answer."), _("Give the number of valid answers."))
    return grade, value, judged.weight


def wrong_words(wrong: WrongValue, asked: Asked) -> tuple[str, str]:
    """The fault of a value and the way out, in words."""
    letters = "、".join(asked.grades)
    return {
        "unknown": (
            _("This is no result of this criterion."),
            _("Give one of %s or a number.") % letters if letters else _("Give a number."),
        ),
        "empty": (_("The result is missing."), _("Give it, or mark the criterion as not applicable.")),
        "share": (_("A rate lies between 0 and 100 per cent."), _("Check the number.")),
        "whole": (_("A count is a whole number, nought or more."), _("Check the number.")),
        "many": (_("More than a thousand cannot be counted here."), _("Check the number.")),
        "finite": (_("This is no number."), _("Check the number.")),
    }[wrong.reason]


def _same_place(result: EnteredResult, judged: Judged) -> Judged:
    if (judged.version.pk, judged.kind, judged.code) != (result.version_id, result.kind, result.code):
        raise Refusal(_("A correction stays with its criterion."), _("Withdraw this one and enter another."))
    return judged


def _hold(result: EnteredResult, revision: int) -> None:
    """Take the row as the person saw it; StaleState where somebody has corrected it meanwhile."""
    if not EnteredResult.objects.filter(pk=result.pk, revision=revision).update(updated_at=clock.now()):
        raise StaleState(result)


def _twice(judged: Judged) -> Conflict:
    return Conflict(
        _("“%s” has a result for this unit already.") % judged.code, _("Open that one and correct it.")
    )  # fmt: skip


def observations_of(result: EnteredResult) -> list[Observation]:
    """The rows that scoring reads of a confirmed result."""
    values: list[float | None] = [result.value]
    if result.kind == ResultKind.LEAF and result.value is not None:
        standard = tree_of(result.version)
        form = asked_of(enterable(standard)[result.code], standard.grades).form
        values = [*seen(form, result.value)]
    return [
        Observation(
            region_id=result.region_id, round_id=result.round_id, version_id=result.version_id, code=result.code,
            unit_id=result.unit_id, value=value, weight=result.weight, result=result, note=result.source,
        )
        for value in values
    ]  # fmt: skip


def take_back(result: EnteredResult) -> None:
    """Its observations count no more.

    By the database's clock, like created_at, so that an earlier run still finds what stood then.
    """
    Observation.objects.standing().filter(result=result).update(withdrawn_at=timezone.now())


def _keep(proof: Proof, result: EnteredResult, actor: Any) -> None:
    if proof.stored is None:
        attach(proof.data, proof.name, owner=result, region=result.region, actor=actor, accept=PROOFS)
        return
    Attachment.objects.create(
        region=result.region, file=proof.stored, name=proof.name, owner_type=label_of(result), owner_id=result.pk,
        given_by_id=actor.pk if actor else None, given_by_name=str(actor) if actor else "",
    )  # fmt: skip


def _behalf(judged: Judged, actor: Any) -> str:
    """Whose judgement somebody else writes down (代录)."""
    name = judged.judged_by.strip()
    return "" if actor is None or name == str(actor) else name


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in {None, ""}}
