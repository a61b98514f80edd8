"""Proposes notices: the program every working day by the rules, a person by hand. Nothing leaves the house here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.access import require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.core.numbering import next_number
from chuangwen.core.workdays import default_calendar
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import WITH_UNIT
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import OPEN as OPEN_PROBLEM
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.queries.tasks import OPEN as OPEN_TASK
from chuangwen.supervision.enums import Colour, NoticeState, Signer
from chuangwen.supervision.ladder import COLOURS, RANK, Finding, Step, proposals
from chuangwen.supervision.models import LagLine, MeetingLine, NoticeItem, NoticeStep, SupervisionNotice
from chuangwen.supervision.queries.addressees import addressed, signers
from chuangwen.supervision.queries.matters import (
    Facts,
    facts_of_items,
    is_pressing,
    rules_in_force,
    running_matters,
    units_with_matters,
)
from chuangwen.supervision.queries.rows import Row, due_of, target_of, unit_of
from chuangwen.supervision.services.reminding import remind
from chuangwen.supervision.workflow import EDIT, NOTICE_WORKFLOW, SIGNING, is_own_office
from chuangwen.workflow.services import advance, note_step

PORTION = 60  # units whose matters are read at once


def propose_notices(region: Region, *, actor: Any = None) -> list[SupervisionNotice]:
    """Look at all that is late and propose what the rules ask for; remind of what is due. Nothing on a day off.

    What was put right since it was proposed leaves the proposal; a proposal without matters is not sent. Run twice a
    day it proposes nothing more. Units are looked at some at a time, so that what is in hand stays small however much
    is late. Returns the notices that are new or have grown.
    """
    require_region(actor, EDIT, region.pk)
    now, calendar = clock.now(), default_calendar()
    if not calendar.is_workday(clock.today()):
        return []
    steps = {row.step: row for row in NoticeStep.objects.filter(region=region)}
    made: list[SupervisionNotice] = []
    with transaction.atomic():
        _alone(region)
        _tidy_proposals(region)
        units = units_with_matters(region, now)
        rules = rules_in_force(region)
        for first in range(0, len(units), PORTION):
            matters = running_matters(region, now, units=units[first : first + PORTION])
            rows = {one.matter.key: one for one in matters}
            sheets = proposals((one.matter for one in matters), rules, now, calendar)
            remind(region, [one for (_unit, step), of in sheets.items() if step == Step.REMINDER for one in of], rows)
            for (_unit, step), found in sorted(sheets.items(), key=lambda pair: (pair[0][0], -RANK[pair[0][1]])):
                if step in COLOURS and step in steps and (notice := _propose(steps[step], found, rows)):
                    made.append(notice)
        _drop_empty(region)
        _tell_signers(region, made)
    return made


def propose_by_hand(
    unit: Unit,
    *,
    colour: str,
    problems: Collection[Problem] = (),
    tasks: Collection[Task] = (),
    dossiers: Collection[Dossier] = (),
    reason: str,
    actor: Any,
) -> SupervisionNotice:
    """A person proposes a notice; an urgent matter may start at red. It is signed like any other.

    The matters are the unit's and open. Who proposes yellow or red does not sign it in person.
    """
    region = unit.region
    require_region(actor, EDIT, unit.region_id)
    step = NoticeStep.objects.filter(region=region, step=colour).first()
    if step is None or colour not in Colour.values:
        raise Refusal(_("The ladder of notices is not written yet."), _("Open the page of rules and write it."))
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It stands on the sheet."))
    matters: list[Row] = [*problems, *tasks, *dossiers]
    _check_matters(unit, matters)
    with transaction.atomic():
        _alone(region)
        notice = _open_proposal(unit, step)
        if notice is None:
            notice = _make(unit, step, reason=reason, urgent=colour == Colour.RED, actor=actor)
        elif _has_signature(notice):
            raise Refusal(
                _("A body has signed the sheet of this colour as it stands."), _("Sign and send that one first.")
            )
        elif notice.proposed_by_id is None or not notice.reason:
            SupervisionNotice.objects.filter(pk=notice.pk).update(reason=reason, proposed_by=actor)
        _add(notice, [NoticeItem(**target_of(one), due_at=due_of(one)) for one in matters])
        note_step(notice, "propose", actor=actor, note=reason, data={"matters": [str(one) for one in matters]})
    notice.refresh_from_db()
    return notice


def put_on_notice(line: MeetingLine | LagLine, unit: Unit, *, actor: Any, **proposed: Any) -> SupervisionNotice:
    """A line of a frozen list goes on a notice to `unit`, once; `proposed` as for `propose_by_hand`."""
    if line.notice_id is not None:
        raise Refusal(_("“%s” stands on a notice already.") % line, _("Open that one."))
    with transaction.atomic():
        notice = propose_by_hand(unit, actor=actor, **proposed)
        type(line).objects.filter(pk=line.pk).update(notice=notice, updated_at=clock.now())
    line.notice = notice
    return notice


def drop_notice(notice: SupervisionNotice, *, reason: str, actor: Any) -> None:
    """The proposal is not sent, with the reason. The rules propose its matters again only at a sharper step."""
    with transaction.atomic():
        advance(notice, NOTICE_WORKFLOW, "drop", actor=actor, note=reason)


def _alone(region: Region) -> None:
    """One look at a region at a time: two at once would both find no open proposal of a unit."""
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)


def _tell_signers(region: Region, made: Iterable[SupervisionNotice]) -> None:
    """One line a day to each who has something new to sign."""
    counted = Counter(SIGNING.get(Signer(notice.signer), "") for notice in made)
    for permission, count in counted.items():
        words = ngettext("%d notice to be signed", "%d notices to be signed", count) % count
        url = f"{reverse('supervision:register')}?tab=sign"
        key = f"sign-{permission}-{clock.today()}"
        notify(signers(region, permission), "supervision", words, region=region, url=url, key=key)


def _propose(step: NoticeStep, found: list[Finding], rows: dict[str, Facts]) -> SupervisionNotice | None:
    """The unit's sheet of the colour with these matters; None where a body has signed it as it stands: they wait."""
    unit = unit_of(rows[found[0].key].row)
    notice = _open_proposal(unit, step)
    if notice is not None and _has_signature(notice):
        return None
    notice = notice or _make(unit, step, actor=None)
    items = [
        NoticeItem(
            **target_of(rows[one.key].row), due_at=due_of(rows[one.key].row), rule_id=one.rule.key,
            ground=one.rule.condition, found=one.found,
        )
        for one in found
    ]  # fmt: skip
    added = _add(notice, items)
    note_step(notice, "propose", actor=None, data={"matters": [str(one.matter) for one in items], "new": added})
    return notice


def _open_proposal(unit: Unit, step: NoticeStep) -> SupervisionNotice | None:
    rows = SupervisionNotice.objects.select_for_update(of=("self",)).select_related("unit", "region")
    found: SupervisionNotice | None = rows.filter(unit=unit, colour=step.step, state=NoticeState.PROPOSED).first()
    return found


def _has_signature(notice: SupervisionNotice) -> bool:
    """Whether a body of a joint notice has signed: what it signed does not grow afterwards."""
    return notice.bodies.filter(signed_at__isnull=False).exists()


def _make(unit: Unit, step: NoticeStep, *, actor: Any, reason: str = "", urgent: bool = False) -> SupervisionNotice:
    now, today = clock.now(), clock.today()
    who = addressed(unit, step)
    number = next_number(unit.region, f"notices-{today.year}")
    made: SupervisionNotice = SupervisionNotice.objects.create(
        region=unit.region, unit=unit, number=f"{today.year}-{number:04d}", colour=step.step, day=today,
        is_urgent=urgent, reason=reason, signer=_signer(unit, step), addressee=who.to[:200], copy_to=who.copy[:200],
        proposed_by=actor, proposed_at=now, due_at=default_calendar().deadline(now, step.answer_within),
    )  # fmt: skip
    return made


def _signer(unit: Unit, step: NoticeStep) -> str:
    """Who signs: nobody presses the own office, so that a sheet to the leading group's office is the deputy head's."""
    return Signer.DEPUTY if is_own_office(unit.pk) else step.signer


def _add(notice: SupervisionNotice, items: list[NoticeItem]) -> int:
    """List the matters that are not listed yet, and take them from milder proposals of the same unit."""
    known = {one.target for one in notice.items.all()}
    new = [one for one in items if one.target not in known]
    for one in new:
        one.notice, one.region = notice, notice.region
    targets = {one.target for one in new}
    waiting = NoticeItem.objects.filter(notice__unit=notice.unit_id, notice__state=NoticeState.PROPOSED)
    milder = [
        former.pk
        for former in waiting.exclude(notice=notice).select_related("notice")
        if former.target in targets and RANK[Step(former.notice.colour)] < RANK[Step(notice.colour)]
    ]
    NoticeItem.objects.filter(pk__in=milder).delete()
    NoticeItem.objects.bulk_create(new, batch_size=500)
    return len(new)


def _tidy_proposals(region: Region) -> None:
    """What was put right meanwhile leaves its proposal; an empty one is not sent. Lines by hand stay."""
    waiting = list(SupervisionNotice.objects.filter(region=region, state=NoticeState.PROPOSED).order_by("pk"))
    now = clock.now()
    for first in range(0, len(waiting), PORTION):
        items = list(NoticeItem.objects.filter(notice__in=waiting[first : first + PORTION]).exclude(ground=""))
        facts = facts_of_items(items)
        done = [item.pk for item in items if not is_pressing(facts[item.pk], now)]
        NoticeItem.objects.filter(pk__in=done).delete()


def _drop_empty(region: Region) -> None:
    """A proposal whose matters were put right or went on to a sharper one is not sent."""
    waiting = SupervisionNotice.objects.filter(region=region, state=NoticeState.PROPOSED, items__isnull=True)
    for notice in waiting.select_related("region"):
        advance(notice, NOTICE_WORKFLOW, "drop", actor=None, note=_("No matters are left on it."))


def _check_matters(unit: Unit, matters: Sequence[Row]) -> None:
    if not matters:
        raise Refusal(_("A notice lists at least one matter."), _("Choose a problem, a task or a dossier of the unit."))
    others = [one for one in matters if unit_of(one).pk != unit.pk]
    if others:
        raise Refusal(_("“%s” is not a matter of this unit.") % others[0], _("Choose matters of one unit."))
    closed = [one for one in matters if not _is_open(one)]
    if closed:
        raise Refusal(_("“%s” is closed.") % closed[0], _("Choose matters that are open."))


def _is_open(row: Row) -> bool:
    """Whether the matter still waits for something, as the database has it now."""
    wanted = OPEN_PROBLEM if isinstance(row, Problem) else WITH_UNIT if isinstance(row, Dossier) else OPEN_TASK
    return type(row).objects.filter(wanted, pk=row.pk).exists()
