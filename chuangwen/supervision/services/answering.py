"""What a unit does with a notice, and what the office does with the answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.workdays import default_calendar
from chuangwen.rectification.deadlines import resumed
from chuangwen.supervision.enums import Signer
from chuangwen.supervision.models import NoticeStep, SupervisionNotice
from chuangwen.supervision.queries.matters import facts_of_items, is_pressing
from chuangwen.supervision.services.papers import keep_papers, true_time
from chuangwen.supervision.services.telling import tell_judges, tell_unit
from chuangwen.supervision.workflow import EDIT, NOTICE_WORKFLOW, answers_for_unit, is_own_office, may_judge
from chuangwen.workflow.services import advance


def acknowledge_notice(
    notice: SupervisionNotice, *, actor: Any, scans: Iterable[Upload] = (), at: datetime | None = None
) -> None:
    """The unit confirms receipt (签收), or the office enters it from the signed receipt."""
    moment = true_time(notice, at, since=notice.signed_at)
    with transaction.atomic():
        kept = {"scans": keep_papers(notice, scans, actor=actor)}
        advance(
            notice, NOTICE_WORKFLOW, "acknowledge", actor=actor, at=moment, on_behalf=behalf(notice, actor), data=kept,
            acknowledged_at=moment,
        )  # fmt: skip


def answer_notice(
    notice: SupervisionNotice, *, text: str, actor: Any, scans: Iterable[Upload] = (), at: datetime | None = None
) -> None:
    """The unit says what it did and does, with papers where it has them. An answer also confirms receipt."""
    moment = true_time(notice, at, since=notice.signed_at)
    if not text.strip():
        raise Refusal(_("There is no text."), _("Say what was done, and by when the rest is done."))
    with transaction.atomic():
        kept = {"scans": keep_papers(notice, scans, actor=actor)}
        advance(
            notice, NOTICE_WORKFLOW, "answer", actor=actor, note=text, at=moment, on_behalf=behalf(notice, actor),
            data=kept, answer=text, answered_at=moment, acknowledged_at=notice.acknowledged_at or moment,
        )  # fmt: skip
        tell_judges(notice, _("%s answered a notice") % notice.unit)


def return_answer(
    notice: SupervisionNotice, *, reason: str, actor: Any, judged_name: str = "", scans: Iterable[Upload] = (),
    at: datetime | None = None,
) -> None:  # fmt: skip
    """The answer does not do: back to the unit with the reason, and with the time that the office took.

    `judged_name` and `scans`: as for `settle_notice`.
    """
    papers = list(scans)
    behalf_of = _judge(notice, actor, judged_name, papers)
    moment = true_time(notice, at, since=notice.answered_at)
    within = _within(notice)
    due = resumed(
        default_calendar(), notice.due_at, since=notice.answered_at or moment, until=moment, within=within
    )  # fmt: skip
    with transaction.atomic():
        advance(
            notice, NOTICE_WORKFLOW, "return", actor=actor, note=reason, at=moment, on_behalf=behalf_of,
            data={"due": due, **_scans(notice, papers, actor)}, due_at=due, answered_at=None,
            returned_times=F("returned_times") + 1,
        )  # fmt: skip
        notice.refresh_from_db(fields=["returned_times"])
        tell_unit(notice, _("The answer to a notice was returned"), urgent=True)


def settle_notice(
    notice: SupervisionNotice, *, actor: Any, note: str = "", judged_name: str = "", scans: Iterable[Upload] = (),
    at: datetime | None = None,
) -> None:  # fmt: skip
    """All its matters are done: the notice leaves the ladder (办结). Refused while one of them still presses.

    The answer of the campaign office itself is judged by the deputy head, in person or on paper: then `judged_name`
    says who decided, and the scan of the signed sheet is kept.
    """
    papers = list(scans)
    behalf_of = _judge(notice, actor, judged_name, papers)
    moment = true_time(notice, at, since=notice.answered_at)
    items = list(notice.items.select_related("problem", "task", "dossier__node"))
    facts, now = facts_of_items(items), clock.now()
    left = [one for one in items if is_pressing(facts[one.pk], now)]
    if left:
        words = ngettext(
            "%(n)d matter is still open: %(first)s.", "%(n)d matters are still open: %(first)s.", len(left)
        )
        raise Refusal(
            words % {"n": len(left), "first": left[0]}, _("Return the answer, or wait until they are put right.")
        )
    with transaction.atomic():
        advance(
            notice, NOTICE_WORKFLOW, "settle", actor=actor, note=note, at=moment, on_behalf=behalf_of,
            data=_scans(notice, papers, actor), settled_at=moment,
        )  # fmt: skip
        tell_unit(notice, _("A notice is settled"))


def withdraw_notice(notice: SupervisionNotice, *, reason: str, actor: Any) -> None:
    """It was sent in error: it ends and counts for nothing; the sheet keeps its number and the reason."""
    with transaction.atomic():
        advance(notice, NOTICE_WORKFLOW, "withdraw", actor=actor, note=reason)
        tell_unit(notice, _("A notice was withdrawn"))


def behalf(notice: SupervisionNotice, actor: Any) -> str:
    """For whom a step is entered: the office enters the unit's from paper (代录)."""
    return "" if actor is None or answers_for_unit(actor, notice) else str(notice.unit)


def _judge(notice: SupervisionNotice, actor: Any, judged_name: str, papers: list[Upload]) -> str:
    """For whom the judgement is entered, "" in person. Raises PermissionDenied and Refusal."""
    if actor is None:
        return ""
    if not is_own_office(notice.unit_id):
        require(actor, EDIT, notice)
        return ""
    name = judged_name.strip()[:80]
    if may_judge(actor, notice) and not name:
        return ""
    require(actor, EDIT, notice)
    if not name:
        raise Refusal(
            _("This is the answer of the campaign office itself. It is judged by: %s.") % Signer.DEPUTY.label,
            _("Enter who judged it, with the scan of the sheet."),
        )
    if not papers:
        raise Refusal(_("The scan of the signed sheet is missing."), _("Add it; without it nobody has judged."))
    return name


def _scans(notice: SupervisionNotice, papers: list[Upload], actor: Any) -> dict[str, Any]:
    return {"scans": keep_papers(notice, papers, actor=actor)} if papers else {}


def _within(notice: SupervisionNotice) -> str:
    step = NoticeStep.objects.filter(region=notice.region_id, step=notice.colour).first()
    return step.answer_within if step else "1d"
