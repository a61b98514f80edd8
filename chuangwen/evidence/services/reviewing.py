"""Hands a dossier in, grades it, approves it: two reviews by two people (材料审核把关).

Who is not of the unit hands in for it on behalf (代录); the office enters a leader's signature from the signed sheet,
whose scan it attaches. `at` is when it was really said or signed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import may, require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import SCANS, Upload, attach
from chuangwen.evidence.enums import DossierState
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import grade_asked
from chuangwen.evidence.services.telling import tell_office, tell_unit
from chuangwen.evidence.workflow import APPROVE, DOSSIER_WORKFLOW, GIVE, REVIEW, speaks_for
from chuangwen.standards.grading import WrongValue
from chuangwen.workflow.services import StaleState, advance

LONGEST_CONCLUSION = 2000


def submit_dossier(
    dossier: Dossier,
    *,
    conclusion: str,
    actor: Any,
    note: str = "",
    on_behalf: str = "",
    at: datetime | None = None,
    scan: Upload | None = None,
) -> None:
    """The unit hands the dossier in with its conclusion (结论说明).

    An incomplete one needs a note that says what is missing and why; an empty one is refused.
    """
    require_actor(actor, GIVE, dossier)
    if actor is not None and not on_behalf.strip() and not speaks_for(actor, dossier):
        raise Refusal(_("You enter this for “%s”: say who handed it in.") % dossier.unit, _("Name the unit's post."))
    _refuse_future(at)
    said = conclusion.strip()
    if not said:
        raise Refusal(_("The conclusion is missing."), _("Say in one or two sentences what the material shows."))
    if len(said) > LONGEST_CONCLUSION:
        raise Refusal(_("The conclusion is longer than %d characters.") % LONGEST_CONCLUSION, _("Shorten it."))
    with transaction.atomic():
        now = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
        _refuse_gaps(now, note)
        advance(
            dossier, DOSSIER_WORKFLOW, "submit", actor=actor, note=note.strip(), on_behalf=on_behalf.strip(), at=at,
            conclusion=said, submitted_by=(on_behalf.strip() or str(actor or ""))[:120],
            submitted_at=at or clock.now(), revision=now.revision + 1, grade="", value=None,
            data={"filled": now.slots_filled, "needed": now.slots_needed},
        )  # fmt: skip
        _keep_scan(dossier, scan, actor)
        tell_office(dossier, _("Handed in: %(dossier)s, %(unit)s") % {"dossier": dossier, "unit": dossier.unit})


def take_back_dossier(dossier: Dossier, *, actor: Any) -> None:
    """The unit takes it back before anybody has reviewed it."""
    advance(dossier, DOSSIER_WORKFLOW, "take-back", actor=actor)


def accept_dossier(dossier: Dossier, *, result: str, revision: int, actor: Any, note: str = "") -> None:
    """The first review: a grade of the standard, or a figure where the criterion has none (0.9, 90%, 12).

    `revision` is the one that the reviewer saw.
    """
    grade, value = _graded(dossier, result)
    with transaction.atomic():
        _hold(dossier, revision)
        advance(
            dossier, DOSSIER_WORKFLOW, "accept", actor=actor, note=note.strip(), data={"grade": grade, "value": value},
            grade=grade, value=value, accepted_by=actor, accepted_at=clock.now(), approved_by=None, approved_at=None,
        )  # fmt: skip


def return_dossier(dossier: Dossier, *, reason: str, revision: int, actor: Any) -> None:
    """Back to the unit with the reason, which the unit reads."""
    with transaction.atomic():
        _hold(dossier, revision)
        advance(dossier, DOSSIER_WORKFLOW, "return", actor=actor, note=reason.strip())
        tell_unit(dossier, _("Returned: %s") % dossier)


def approve_dossier(
    dossier: Dossier,
    *,
    revision: int,
    actor: Any,
    note: str = "",
    on_behalf: str = "",
    at: datetime | None = None,
    scan: Upload | None = None,
) -> None:
    """The second review, by the group leader; the office enters it from the signed sheet and attaches the scan."""
    _refuse_future(at)
    if is_by_hand_of_office(actor, dossier):
        if not on_behalf.strip():
            raise Refusal(_("The second review is the group leader's."), _("Say who signed the sheet."))
        if scan is None:
            raise Refusal(_("The signed sheet is missing."), _("Attach its scan or a photo of it."))
    with transaction.atomic():
        _hold(dossier, revision)
        advance(
            dossier, DOSSIER_WORKFLOW, "approve", actor=actor, note=note.strip(), on_behalf=on_behalf.strip(), at=at,
            approved_by=actor, approved_at=at or clock.now(),
        )  # fmt: skip
        _keep_scan(dossier, scan, actor)
        tell_unit(dossier, _("Approved: %s") % dossier)


def send_back_dossier(dossier: Dossier, *, reason: str, revision: int, actor: Any) -> None:
    """The second reviewer does not agree: the first review is made again."""
    with transaction.atomic():
        _hold(dossier, revision)
        advance(
            dossier, DOSSIER_WORKFLOW, "send-back", actor=actor, note=reason.strip(), grade="", value=None,
            data={"grade": dossier.grade, "value": dossier.value},
        )  # fmt: skip
        tell_office(dossier, _("Sent back to the first review: %s") % dossier)


def reopen_dossier(dossier: Dossier, *, reason: str, actor: Any) -> None:
    """A graded dossier turns out wrong: back to the unit; a running round takes its result back with its next press."""
    with transaction.atomic():
        advance(
            dossier, DOSSIER_WORKFLOW, "reopen", actor=actor, note=reason.strip(), grade="", value=None,
            approved_by=None, approved_at=None, data={"grade": dossier.grade, "value": dossier.value},
        )  # fmt: skip
        tell_unit(dossier, _("Opened again: %s") % dossier)


def is_by_hand_of_office(actor: Any, dossier: Dossier) -> bool:
    """Whether who approves is the office, which does so only from a signed sheet, and not the leader in person."""
    return actor is not None and may(actor, APPROVE, dossier) and may(actor, REVIEW, dossier)


def _graded(dossier: Dossier, result: str) -> tuple[str, float | None]:
    asked = grade_asked(dossier.node)
    if asked is None:
        raise Refusal(_("The criterion is no longer in its standard."), _("Return the dossier with this reason."))
    try:
        return asked.read(result)
    except WrongValue as wrong:
        letters = "、".join(asked.grades)
        way_out = _("Give one of %s or a number.") % letters if letters else _("Give a number.")
        if wrong.reason == "share":
            way_out = _("A rate lies between 0 and 100 per cent.")
        elif wrong.reason == "whole":
            way_out = _("A count is a whole number, nought or more.")
        raise Refusal(_("This is no grade of the criterion."), way_out) from wrong


def _refuse_gaps(dossier: Dossier, note: str) -> None:
    if dossier.state == DossierState.SUBMITTED:
        raise StaleState(dossier)
    if dossier.slots_needed and not dossier.slots_filled and not dossier.links.exists():
        raise Refusal(_("The dossier is empty."), _("Give at least one piece first."))
    if not dossier.is_complete and not note.strip():
        told = {"n": dossier.lacking, "all": dossier.slots_needed}
        raise Refusal(
            _("%(n)d of %(all)d slots are not filled.") % told,
            _("Fill them, or say what is missing and why."),
        )


def _hold(dossier: Dossier, revision: int) -> None:
    """Take the row as the reviewer saw it; StaleState where the unit has handed in another one meanwhile."""
    if not Dossier.objects.filter(pk=dossier.pk, revision=revision).update(updated_at=clock.now()):
        raise StaleState(dossier)


def _refuse_future(at: datetime | None) -> None:
    if at is not None and at > clock.now():
        raise Refusal(_("The time given lies in the future."), _("Give the time at which it was really said."))


def _keep_scan(dossier: Dossier, scan: Upload | None, actor: Any) -> None:
    if scan is not None:
        attach(scan.data, scan.name, owner=dossier, region=dossier.region, actor=actor, accept=SCANS)
