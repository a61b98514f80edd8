"""Signs and sends notices. The only way out of the house: a named person, a working day, once a day and colour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.numbering import next_number
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.queries import titles_of
from chuangwen.supervision.enums import RUNNING_STATES, UNSENT_STATES, Colour
from chuangwen.supervision.ladder import RANK, Step
from chuangwen.supervision.models import NoticeItem, NoticeStep, SupervisionNotice
from chuangwen.supervision.queries.addressees import Addressed, addressed, users_of
from chuangwen.supervision.queries.matters import facts_of_items, is_pressing
from chuangwen.supervision.queries.notices import signed_in_year
from chuangwen.supervision.services.joint import refuse_unsigned
from chuangwen.supervision.services.papers import keep_papers, true_time
from chuangwen.supervision.services.telling import tell
from chuangwen.supervision.workflow import NOTICE_WORKFLOW, may_sign
from chuangwen.workflow.services import advance


def sign_notice(
    notice: SupervisionNotice,
    *,
    actor: Any,
    signed_name: str = "",
    scans: Iterable[Upload] = (),
    at: datetime | None = None,
) -> None:
    """Sign in person, or enter the signature that stands on paper, and send.

    On paper: `signed_name` says who signed, and the scan of the signed sheet is kept. Refused on a day off, for a
    second sheet of the colour to the unit on that day, before all bodies of a joint notice have signed, and where
    nothing is left to press for. Milder notices whose
    matters all go on in this one are escalated to it.
    """
    papers = list(scans)
    moment = true_time(notice, at)
    day = clock.local(moment).date()
    if not default_calendar().is_workday(day):
        raise Refusal(_("No notice goes out on a day off."), _("Sign it on the next working day."))
    name, behalf = _signature(notice, actor, signed_name, papers)
    step = _step(notice)
    who = _addressed(notice, step)
    refuse_unsigned(notice)
    with transaction.atomic():
        left_out = _leave_out_done(notice)
        _check_day(notice, day)
        calendar = default_calendar()
        values = {
            "day": day, "serial": next_number(notice.region, signed_in_year(notice.colour, day.year)),
            "signed_by": actor, "signed_name": name, "signed_at": moment, "addressee": who.to[:200],
            "copy_to": who.copy[:200], "due_at": calendar.deadline(moment, step.answer_within),
            "talk_due_on": calendar.deadline(moment, step.talk_within).date() if step.talk_within else None,
        }  # fmt: skip
        kept = {"left_out": left_out, "scans": keep_papers(notice, papers, actor=actor), "to": who.to}
        try:
            with transaction.atomic():
                advance(notice, NOTICE_WORKFLOW, "sign", actor=actor, at=moment, on_behalf=behalf, data=kept, **values)
        except IntegrityError as error:  # the same colour was signed for the unit in the same moment
            raise _twice(notice) from error
        _escalate_milder(notice)
        title = _("%(colour)s for %(unit)s") % {"colour": notice.get_colour_display(), "unit": notice.unit}
        tell(users_of(who.people), notice, title, urgent=notice.colour != Colour.WHITE)


def _signature(notice: SupervisionNotice, actor: Any, signed_name: str, papers: list[Upload]) -> tuple[str, str]:
    """(name on the sheet, for whom it is entered). Raises Refusal."""
    if actor is not None and may_sign(actor, notice) and not signed_name.strip():
        if notice.proposed_by_id == actor.pk and notice.colour != Colour.WHITE:
            raise Refusal(_("You proposed this notice yourself."), _("Another person signs it."))
        return titles_of({actor.pk}).get(actor.pk) or str(actor), ""
    name = signed_name.strip()
    if not name:
        raise Refusal(
            _("This colour is signed by: %s.") % notice.get_signer_display(),
            _("Enter who signed the sheet, with its scan."),
        )
    if not papers:
        raise Refusal(_("The scan of the signed sheet is missing."), _("Add it; without it nobody has signed."))
    return name[:80], name[:80]


def _step(notice: SupervisionNotice) -> NoticeStep:
    step: NoticeStep | None = NoticeStep.objects.filter(region=notice.region_id, step=notice.colour).first()
    if step is None:
        raise Refusal(_("The ladder of notices is not written yet."), _("Open the page of rules and write it."))
    return step


def _addressed(notice: SupervisionNotice, step: NoticeStep) -> Addressed:
    who = addressed(notice.unit, step)
    if who.missing:
        raise Refusal(who.missing, _("Name one of them on the unit's page; then sign."))
    return who


def _leave_out_done(notice: SupervisionNotice) -> list[str]:
    """Matters that rules listed and that were put right since leave the sheet; returns them in words."""
    items = list(notice.items.select_related("problem", "task", "dossier__node"))
    facts, now = facts_of_items(items), clock.now()
    done = [one for one in items if one.ground and not is_pressing(facts[one.pk], now)]
    if len(done) == len(items):
        raise Refusal(_("All its matters were put right meanwhile."), _("Do not send it, with that reason."))
    NoticeItem.objects.filter(pk__in=[one.pk for one in done]).delete()
    return [str(one) for one in done]


def _check_day(notice: SupervisionNotice, day: Any) -> None:
    sent = SupervisionNotice.objects.filter(unit=notice.unit_id, colour=notice.colour, day=day)
    if sent.exclude(pk=notice.pk).exclude(state__in=UNSENT_STATES).exists():
        raise _twice(notice)


def _twice(notice: SupervisionNotice) -> Conflict:
    words = {"unit": notice.unit, "colour": notice.get_colour_display()}
    return Conflict(
        _("%(unit)s got its sheet of this colour for the day already (%(colour)s).") % words,
        _("Sign this one on the next working day."),
    )


def _escalate_milder(notice: SupervisionNotice) -> None:
    """Milder running notices of the unit, all of whose open matters stand on this sheet, go on as this one."""
    mine = {one.target for one in notice.items.all()}
    rows = SupervisionNotice.objects.filter(unit=notice.unit_id, state__in=[str(one) for one in RUNNING_STATES])
    for other in rows.exclude(pk=notice.pk).select_related("region", "unit"):
        if RANK[Step(other.colour)] >= RANK[Step(notice.colour)]:
            continue
        items = list(other.items.all())
        facts, now = facts_of_items(items), clock.now()
        left = {one.target for one in items if is_pressing(facts[one.pk], now)}
        if left and left <= mine:
            advance(
                other, NOTICE_WORKFLOW, "escalate", actor=None, escalated_to=notice,
                data={"to": notice.number, "colour": notice.colour},
            )  # fmt: skip
