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
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.workdays import default_calendar
from chuangwen.rectification.deadlines import resumed
from chuangwen.supervision.models import NoticeStep, SupervisionNotice
from chuangwen.supervision.queries.matters import facts_of_items, is_pressing
from chuangwen.supervision.services.papers import keep_papers, true_time
from chuangwen.supervision.services.telling import tell_office, tell_unit
from chuangwen.supervision.workflow import NOTICE_WORKFLOW, answers_for_unit
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
        tell_office(notice, _("%s answered a notice") % notice.unit)


def return_answer(notice: SupervisionNotice, *, reason: str, actor: Any, at: datetime | None = None) -> None:
    """The answer does not do: back to the unit with the reason, and with the time that the office took."""
    moment = true_time(notice, at, since=notice.answered_at)
    within = _within(notice)
    due = resumed(
        default_calendar(), notice.due_at, since=notice.answered_at or moment, until=moment, within=within
    )  # fmt: skip
    with transaction.atomic():
        advance(
            notice, NOTICE_WORKFLOW, "return", actor=actor, note=reason, at=moment, data={"due": due}, due_at=due,
            answered_at=None, returned_times=F("returned_times") + 1,
        )  # fmt: skip
        notice.refresh_from_db(fields=["returned_times"])
        tell_unit(notice, _("The answer to a notice was returned"), urgent=True)


def settle_notice(notice: SupervisionNotice, *, actor: Any, note: str = "", at: datetime | None = None) -> None:
    """All its matters are done: the notice leaves the ladder (办结). Refused while one of them still presses."""
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
        advance(notice, NOTICE_WORKFLOW, "settle", actor=actor, note=note, at=moment, settled_at=moment)
        tell_unit(notice, _("A notice is settled"))


def withdraw_notice(notice: SupervisionNotice, *, reason: str, actor: Any) -> None:
    """It was sent in error: it ends and counts for nothing; the sheet keeps its number and the reason."""
    with transaction.atomic():
        advance(notice, NOTICE_WORKFLOW, "withdraw", actor=actor, note=reason)
        tell_unit(notice, _("A notice was withdrawn"))


def behalf(notice: SupervisionNotice, actor: Any) -> str:
    """For whom a step is entered: the office enters the unit's from paper (代录)."""
    return "" if actor is None or answers_for_unit(actor, notice) else str(notice.unit)


def _within(notice: SupervisionNotice) -> str:
    step = NoticeStep.objects.filter(region=notice.region_id, step=notice.colour).first()
    return step.answer_within if step else "1d"
