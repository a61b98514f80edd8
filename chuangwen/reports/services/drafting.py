"""Freezes figures, drafts a paper from them, and changes the draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign, Round, RoundState
from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.organizations.models import Unit
from chuangwen.reports.composing import LANGUAGE
from chuangwen.reports.drafting import body_of, round_body, round_title, title_of
from chuangwen.reports.enums import BulletinState, PaperKind
from chuangwen.reports.figures import rectification_sheet
from chuangwen.reports.ledgers import hard_sheet, instructions_sheet, superior_sheet, tasks_sheet, work_sheet
from chuangwen.reports.models import Bulletin, Snapshot
from chuangwen.reports.periods import Period
from chuangwen.reports.queries import INSTRUCTION, PROBLEM, TASK, matters_of, partner_of, span_of, unit_names
from chuangwen.reports.round_facts import findings_sheet
from chuangwen.reports.sheet import Sheet, as_json, digest, from_json
from chuangwen.reports.words import YEARLY
from chuangwen.reports.workflow import DRAFT
from chuangwen.reports.year_facts import year_end_sheet
from chuangwen.workflow.services import StaleState, note_step

LONGEST_PERIOD = 366
LONGEST_BODY = 50_000
LONGEST_NAME = 40
ADDRESSEE = "各责任单位"
SUPERIOR = "%s精神文明建设指导委员会"


def _rectification(campaign: Campaign, period: Period, as_of: datetime) -> Sheet:
    span, before = span_of(period, as_of), span_of(period.before, as_of)
    matters = matters_of(campaign.region, before.start, span.end)
    return rectification_sheet(matters, unit_names(campaign.region), span, before)


SHEETS: dict[str, tuple[Callable[[Campaign, Period, datetime], Sheet], str]] = {
    PaperKind.BULLETIN: (_rectification, PROBLEM),
    PaperKind.RECTIFICATION: (_rectification, PROBLEM),
    PaperKind.WORK: (work_sheet, TASK),
    PaperKind.SUPERIOR: (superior_sheet, PROBLEM),
    PaperKind.HARD: (hard_sheet, PROBLEM),
    PaperKind.INSTRUCTIONS: (instructions_sheet, INSTRUCTION),
    PaperKind.TASKS: (tasks_sheet, TASK),
    PaperKind.YEAR: (year_end_sheet, PROBLEM),  # each column says what stands behind it
}


def take_snapshot(campaign: Campaign, kind: str, period: Period, *, actor: Any) -> Snapshot:
    """Freeze the figures of a period as they stand now.

    Refused: a period that has not begun, or that is longer than a year.
    """
    if actor is not None:
        require(actor, DRAFT, campaign)
    if period.first > clock.today():
        raise Refusal(_("The period has not begun."), _("Choose one that has, or wait."))
    if period.days > LONGEST_PERIOD:
        raise Refusal(_("The period is longer than a year."), _("Choose a shorter one."))
    make, refers = SHEETS[kind]
    made = Snapshot(
        region=campaign.region, campaign=campaign, kind=kind, starts=period.first, ends=period.last, refers=refers
    )
    return _frozen(made, lambda as_of: make(campaign, period, as_of), actor)


def take_round_snapshot(round_: Round, *, actor: Any) -> Snapshot:
    """Freeze the findings of a finished round as they stand now. Refused: a round that is not finished."""
    if actor is not None:
        require(actor, DRAFT, round_)
    if round_.state != RoundState.CLOSED:
        raise Refusal(_("“%s” is not finished.") % round_, _("Close the round first; its findings can still change."))
    made = Snapshot(
        region=round_.region, campaign=round_.campaign, round=round_, kind=PaperKind.ROUND, starts=round_.starts,
        ends=round_.ends, refers=PROBLEM,
    )  # fmt: skip
    return _frozen(made, lambda as_of: findings_sheet(round_, as_of), actor)


def _frozen(made: Snapshot, make: Callable[[datetime], Sheet], actor: Any) -> Snapshot:
    made.as_of, made.taken_by = clock.now(), actor
    with transaction.atomic(), translation.override(LANGUAGE):
        made.sheet = as_json(make(made.as_of))
        made.sha256 = digest(made.sheet)
        made.save()
        note_step(made, "freeze", actor=actor, data={"sha256": made.sha256, "rows": len(made.sheet["rows"])})
    return made


def draft_bulletin(campaign: Campaign, kind: str, period: Period, *, actor: Any) -> Bulletin:
    """Freeze the figures and write the draft that goes with them; it is addressed to the units that stand in it.

    Where no unit has a row of its own it stays in the office; so does the year-end sheet, which is for who assesses,
    until the office names units.
    """
    with transaction.atomic():
        snapshot = take_snapshot(campaign, kind, period, actor=actor)
        sheet = from_json(snapshot.sheet)
        units = [] if kind in YEARLY else _units_in(snapshot)
        made = Bulletin.objects.create(
            region=campaign.region, campaign=campaign, kind=kind, snapshot=snapshot, title=title_of(kind, period),
            addressee=ADDRESSEE if units else "", body=body_of(kind, sheet, period), drafted_by=actor,
        )  # fmt: skip
        made.units.set(units)
        note_step(made, "draft", actor=actor, data={"snapshot": snapshot.pk, "sha256": snapshot.sha256})
    return made


def draft_round_papers(round_: Round, *, actor: Any) -> tuple[Bulletin, Bulletin]:
    """The findings of a finished round as two drafts with the same frozen figures: down to the units in it, who sign
    for it, and up to whom the office answers. Refused: a round that is not finished, one whose papers stand already."""
    standing = Bulletin.objects.filter(snapshot__round=round_).exclude(state=BulletinState.WITHDRAWN).first()
    if standing is not None:
        raise Conflict(_("The papers of “%s” are there already.") % round_, _("Open “%s”.") % standing.title)
    with transaction.atomic():
        snapshot = take_round_snapshot(round_, actor=actor)
        sheet, period = from_json(snapshot.sheet), Period(snapshot.starts, snapshot.ends)
        units = _units_in(snapshot)
        above = SUPERIOR % round_.region.name
        made = []
        for kind, addressee, receivers in (
            (PaperKind.ROUND, ADDRESSEE if units else "", units), (PaperKind.UPWARD, above, []),
        ):  # fmt: skip
            one = Bulletin.objects.create(
                region=round_.region, campaign=round_.campaign, kind=kind, snapshot=snapshot, addressee=addressee,
                title=round_title(kind, sheet), body=round_body(kind, sheet, period, snapshot.as_of), drafted_by=actor,
            )  # fmt: skip
            one.units.set(receivers)
            note_step(one, "draft", actor=actor, data={"snapshot": snapshot.pk, "sha256": snapshot.sha256})
            made.append(one)
    return made[0], made[1]


def edit_bulletin(
    bulletin: Bulletin,
    *,
    title: str,
    addressee: str,
    body: str,
    units: Iterable[Unit],
    revision: int,
    actor: Any,
    checked: Mapping[int, str] | None = None,
) -> None:
    """Change a draft's words, whom it goes to, and who checked a unit's row (`checked`: key -> name, all of them).

    `revision` is the one the person saw. Refused: what is no draft any more, no title, a text beyond all measure,
    units of another region, a checker of a row that is not there; StaleState where somebody else saved meanwhile.
    """
    if actor is not None:
        require(actor, DRAFT, bulletin)
    refuse_no_draft(bulletin)
    chosen = list(units)
    if not title.strip():
        raise Refusal(_("The paper has no title."), _("Write one."))
    if len(body) > LONGEST_BODY:
        raise Refusal(_("The paper is longer than %d characters.") % LONGEST_BODY, _("Put the rest into an enclosure."))
    if any(unit.region_id != bulletin.region_id for unit in chosen):
        raise Refusal(_("The unit belongs to another region."), _("Choose one from the list."))
    named = None if checked is None else {str(unit): name.strip()[:LONGEST_NAME] for unit, name in checked.items()}
    if named and not set(named) <= {str(row["unit"]) for row in bulletin.snapshot.sheet["rows"]}:
        raise Refusal(_("The table has no row of this unit."), _("Name units as they stand in the table."))
    changes: dict[str, Any] = {"title": title.strip(), "addressee": addressee.strip(), "body": body.strip()}
    if named is not None:
        changes["checked"] = named
    changed = [name for name, value in changes.items() if getattr(bulletin, name) != value]
    with transaction.atomic():
        hold_draft(bulletin, revision, **changes)
        bulletin.units.set(chosen)
        note_step(bulletin, "edit", actor=actor, data={"changed": changed, "units": len(chosen)})


def refresh_figures(bulletin: Bulletin, *, revision: int, anew: bool = False, actor: Any) -> None:
    """Freeze the figures of the same period again; with `anew` the text is drafted from them again too.

    The earlier snapshot stays, as its figures were what somebody read. A round's two papers stay with the same
    figures: both are refreshed, and it is refused where the other one is no draft any more.
    """
    if actor is not None:
        require(actor, DRAFT, bulletin)
    refuse_no_draft(bulletin)
    before, other = bulletin.snapshot, partner_of(bulletin)
    if other is not None and other.state != BulletinState.DRAFT:
        raise Refusal(_("“%s” rests on the same figures and is no draft any more.") % other.title,
                      _("Take it back to the draft first."))  # fmt: skip
    period = Period(before.starts, before.ends)
    with transaction.atomic():
        snapshot = (
            take_round_snapshot(before.round, actor=actor) if before.round
            else take_snapshot(bulletin.campaign, bulletin.kind, period, actor=actor)
        )  # fmt: skip
        data = {"before": before.sha256, "sha256": snapshot.sha256, "anew": anew}
        for one, seen in ((bulletin, revision), *([(other, other.revision)] if other else [])):
            changes: dict[str, Any] = {"snapshot": snapshot}
            if anew:
                changes |= {"body": _body(one.kind, snapshot, period)}
            hold_draft(one, seen, **changes)
            note_step(one, "refresh", actor=actor, data=data)


def _body(kind: str, snapshot: Snapshot, period: Period) -> str:
    sheet = from_json(snapshot.sheet)
    return round_body(kind, sheet, period, snapshot.as_of) if snapshot.round else body_of(kind, sheet, period)


def _units_in(snapshot: Snapshot) -> list[Unit]:
    """The units whose rows stand in the figures; the region itself, which holds what is to be assigned, gets none."""
    keys = [row["unit"] for row in snapshot.sheet["rows"] if row["unit"]]
    return list(Unit.objects.filter(pk__in=keys, depth__gt=1))


def refuse_no_draft(bulletin: Bulletin) -> None:
    """Refusal for what was handed in already."""
    if bulletin.state != BulletinState.DRAFT:
        raise Refusal(_("Only a draft can be changed."), _("Take it back to the draft first."))


def hold_draft(bulletin: Bulletin, revision: int, **changes: Any) -> None:
    """Write `changes` on the draft as the person saw it; StaleState where it has changed meanwhile."""
    rows = Bulletin.objects.filter(pk=bulletin.pk, revision=revision, state=BulletinState.DRAFT)
    if not rows.update(**changes, revision=revision + 1, updated_at=clock.now()):
        raise StaleState(bulletin)
    bulletin.revision = revision + 1
    for name, value in changes.items():
        setattr(bulletin, name, value)
