"""Takes in scores that others gave, corrects and withdraws them. Each act is kept with its history."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign, RoundKind
from chuangwen.core import clock
from chuangwen.core.access import require_region
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import attach, hang
from chuangwen.core.models import Region, StoredFile
from chuangwen.inspections.services.results import PROOFS
from chuangwen.scoring.models import OutsideResult, OutsideRow
from chuangwen.scoring.printed import PARTS, PrintedRow, own_place
from chuangwen.scoring.queries.outside import own_names
from chuangwen.scoring.workflow import OUTSIDE_WORKFLOW, SCORE
from chuangwen.standards.models import StandardVersion
from chuangwen.workflow.services import StaleState, advance, note_step

FIRST_YEAR = 2003  # the first national assessment of civilized cities was prepared then
HIGHEST = 1000  # points: a scale beyond it is a slip of the pen


@dataclass(frozen=True, slots=True)
class Head:
    """What a sheet is: of which year and kind of round, its name, who issued it and when."""

    year: int
    kind: str
    name: str
    issued_by: str
    issued_on: date
    campaign: Campaign | None = None
    standard: str = ""
    version: StandardVersion | None = None
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paper:
    """The sheet itself: fresh bytes with their name, or a file that the program has already."""

    name: str
    data: bytes = b""
    stored: StoredFile | None = None


def enter_outside(
    region: Region, head: Head, rows: Sequence[PrintedRow], *, actor: Any, paper: Paper | None = None
) -> OutsideResult:
    """Keep a sheet with its rows; ours is the one that bears the region's name, or the only one.

    Refused: a year or day ahead, no name or issuer, no row, a total that is no number of points, a region twice in a
    group, a sheet of the same year, kind and name that stands already.
    """
    require_region(actor, SCORE, region.pk)
    values = checked_head(region, head)
    checked_rows(rows)
    try:
        with transaction.atomic():
            made = OutsideResult.objects.create(region=region, entered_by=actor, **values)
            _keep_rows(made, rows)
            if paper is not None:
                _hang(paper, made, actor)
            note_step(made, "enter", actor=actor, note=made.issued_by, data={"rows": len(rows), **_told(made, values)})
    except IntegrityError as error:
        raise _twice(head) from error
    return made


def correct_outside(
    result: OutsideResult,
    head: Head,
    rows: Sequence[PrintedRow],
    *,
    reason: str,
    revision: int,
    actor: Any,
    paper: Paper | None = None,
) -> OutsideResult:
    """Write down another head or other rows; what stood before stays in the history.

    `rows` are those that are new or said otherwise, known by region and group: the others stay. `revision` is the one
    that the person saw.
    """
    values = checked_head(result.region, head, but=result.pk)
    checked_rows(rows, some=False)
    before = {name: getattr(result, name) for name in values}
    changed = {name: [_plain(before[name]), _plain(now)] for name, now in values.items() if before[name] != now}
    with transaction.atomic():
        if not OutsideResult.objects.filter(pk=result.pk, revision=revision).update(updated_at=clock.now()):
            raise StaleState(result)
        moved = _rewrite(result, rows)
        advance(
            result, OUTSIDE_WORKFLOW, "correct", actor=actor, note=reason, data={**changed, **moved},
            revision=revision + 1, **values,
        )  # fmt: skip
        if paper is not None:
            _hang(paper, result, actor)
    return result


def withdraw_outside(result: OutsideResult, *, reason: str, revision: int, actor: Any) -> OutsideResult:
    """It counts nowhere any more; it stays readable with the reason."""
    with transaction.atomic():
        if not OutsideResult.objects.filter(pk=result.pk, revision=revision).update(updated_at=clock.now()):
            raise StaleState(result)
        advance(result, OUTSIDE_WORKFLOW, "withdraw", actor=actor, note=reason)
    return result


def choose_own_row(result: OutsideResult, row: OutsideRow | None, *, actor: Any) -> OutsideResult:
    """Say which row is ours, or that none is; the program asks where no name on the sheet is ours."""
    require_region(actor, SCORE, result.region_id)
    if row is not None and row.result_id != result.pk:
        raise Refusal(_("This row stands on another sheet."), _("Choose one of this sheet."))
    with transaction.atomic():
        OutsideRow.objects.filter(result=result, own=True).update(own=False)
        if row is not None:
            OutsideRow.objects.filter(pk=row.pk).update(own=True)
        note_step(result, "own", actor=actor, note=row.subject if row else "", data={"row": row.pk if row else None})
    return result


def checked_head(region: Region, head: Head, *, but: int | None = None) -> dict[str, Any]:
    """The columns that `head` fills; raises Refusal. `but`: the sheet that is being corrected. Writes nothing."""
    today = clock.today()
    if not FIRST_YEAR <= head.year <= today.year:
        raise Refusal(
            _("The year %s has no score yet, or none any more.") % head.year, _("Give the year of the assessment.")
        )
    if head.issued_on > today:
        raise Refusal(_("The day of issue lies ahead."), _("Give the day printed on the sheet."))
    if head.kind not in RoundKind.values:
        raise Refusal(_("This is no kind of round."), _("Choose one from the list."))
    name, issued_by = head.name.strip(), head.issued_by.strip()
    if not name or not issued_by:
        raise Refusal(_("It does not say what was assessed and by whom."), _("Give the name and who issued it."))
    if {head.campaign and head.campaign.region_id, head.version and head.version.region_id} - {None, region.pk}:
        raise Refusal(_("Campaign or standard belongs to another region."), _("Choose one from the list."))
    _checked_weights(head.weights)
    same = OutsideResult.objects.filter(region=region, year=head.year, kind=head.kind, name=name)
    if same.exclude(pk=but).exclude(state="withdrawn").exists():
        raise _twice(head)
    return {
        "year": head.year, "kind": head.kind, "name": name, "issued_by": issued_by, "issued_on": head.issued_on,
        "campaign": head.campaign, "standard": head.standard.strip(), "version": head.version,
        "weights": dict(head.weights),
    }  # fmt: skip


def _checked_weights(weights: Mapping[str, float]) -> None:
    sound = all(name in PARTS and math.isfinite(weight) and 0 < weight <= 1 for name, weight in weights.items())
    if weights and not (sound and abs(sum(weights.values()) - 1) < 1e-6):
        raise Refusal(_("The weights of the parts do not make 100 per cent."), _("Correct them or leave them empty."))


def checked_rows(rows: Sequence[PrintedRow], *, some: bool = True) -> None:
    """Raises Refusal for rows that no sheet can have."""
    if some and not rows:
        raise Refusal(_("There is no score to keep."), _("Give at least one row with its total."))
    seen: set[tuple[str, str]] = set()
    for row in rows:
        figures = (row.total, *row.parts.values())
        if not row.subject.strip() or not all(math.isfinite(one) and 0 <= one <= HIGHEST for one in figures):
            words = {"subject": row.subject, "most": HIGHEST}
            raise Refusal(_("“%(subject)s”: a score lies between 0 and %(most)d.") % words, _("Check the number."))
        if (key := (row.subject, row.group)) in seen:
            raise Refusal(_("“%s” stands twice on the sheet.") % row.subject, _("Keep one of the rows."))
        seen.add(key)


def _keep_rows(result: OutsideResult, rows: Sequence[PrintedRow]) -> None:
    ours = 0 if len(rows) == 1 else own_place([row.subject for row in rows], own_names(result.region))
    OutsideRow.objects.bulk_create(
        OutsideRow(
            region_id=result.region_id, result=result, position=place, own=place == ours, subject=row.subject,
            total=row.total, parts=dict(row.parts), rank=row.rank, group=row.group,
        )
        for place, row in enumerate(rows)
    )  # fmt: skip


def _rewrite(result: OutsideResult, rows: Sequence[PrintedRow]) -> dict[str, Any]:
    """Write what the rows say now; returns old and new totals of those that changed, by region."""
    known = {(row.subject, row.group): row for row in result.rows.all()}
    told: dict[str, Any] = {}
    fresh: list[OutsideRow] = []
    for row in rows:
        values = {"total": row.total, "parts": dict(row.parts), "rank": row.rank}
        old = known.get((row.subject, row.group))
        if old is None:
            told[row.subject] = [None, row.total]
            fresh.append(
                OutsideRow(
                    region_id=result.region_id, result=result, position=len(known) + len(fresh), subject=row.subject,
                    group=row.group, **values,
                )
            )  # fmt: skip
        elif any(getattr(old, name) != value for name, value in values.items()):
            told[row.subject] = [_figures(old.total, old.parts, old.rank), _figures(row.total, row.parts, row.rank)]
            OutsideRow.objects.filter(pk=old.pk).update(**values)
    OutsideRow.objects.bulk_create(fresh)
    return {"rows": told} if told else {}


def _figures(total: float, parts: Mapping[str, float], rank: int | None) -> list[Any]:
    return [total, dict(parts), rank]


def _hang(paper: Paper, result: OutsideResult, actor: Any) -> None:
    if paper.stored is None:
        attach(paper.data, paper.name, owner=result, region=result.region, actor=actor, accept=PROOFS)
    else:
        hang(paper.stored, paper.name, owner=result, region=result.region, actor=actor)


def _told(result: OutsideResult, values: Mapping[str, Any]) -> dict[str, Any]:
    own = OutsideRow.objects.filter(result=result, own=True).first()
    kept = {name: _plain(value) for name, value in values.items() if value not in (None, "", {})}
    return {**kept, "total": own.total if own else None}


def _plain(value: Any) -> Any:
    return value.pk if hasattr(value, "pk") else value.isoformat() if isinstance(value, date) else value


def _twice(head: Head) -> Conflict:
    return Conflict(
        _("“%(name)s” of %(year)s is here already.") % {"name": head.name.strip(), "year": head.year},
        _("Open that one and correct it."),
    )


def as_printed(row: OutsideRow) -> PrintedRow:
    """The row as a sheet says it."""
    return PrintedRow(row.subject, row.total, dict(row.parts), row.rank, row.group)


def head_of(result: OutsideResult) -> Head:
    """What stands as the head of a sheet."""
    return Head(**{one.name: getattr(result, one.name) for one in fields(Head)})
