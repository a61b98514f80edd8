"""Takes what registered sources bring into a round, each once, and takes it back when its source does.

Two people have answered for such a row where it was entered, so it counts at once (as a reviewed dossier does) and
nobody confirms it a second time. What a person entered by hand for the same code and unit is never doubled by itself:
it is shown beside it and asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Round
from chuangwen.campaigns.result_sources import ResultSource, SourceRow
from chuangwen.core.access import require_actor
from chuangwen.inspections.enums import STANDING_RESULT_STATES, ResultKind
from chuangwen.inspections.models import EnteredResult, Observation
from chuangwen.inspections.services.results import check_running, observations_of, take_back
from chuangwen.inspections.workflow import ASSESS, RESULT_WORKFLOW
from chuangwen.standards.grading import enterable
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.queries import tree_of
from chuangwen.workflow.services import advance, note_step


@dataclass(frozen=True, slots=True)
class Brought:
    """A row that a source brings to one standard of the round, and what a person entered that may be the same."""

    version: StandardVersion
    row: SourceRow
    origin: str
    by_hand: EnteredResult | None = None

    @property
    def waits(self) -> bool:
        """Whether one press takes it: it can be taken, and nothing by hand may be the same."""
        return not self.row.why and self.by_hand is None

    @property
    def mark(self) -> str:
        """Names it in a form."""
        return f"{self.version.pk}:{self.row.key}"


@dataclass(frozen=True, slots=True)
class Offer:
    """What one source has for a round: what is not in it yet, what stands, what stands but is no more so."""

    source: ResultSource
    brought: list[Brought]
    standing: list[EnteredResult]
    lapsed: list[tuple[EnteredResult, str]]  # with the reason in words

    @property
    def waiting(self) -> list[Brought]:
        return [one for one in self.brought if one.waits]

    @property
    def doubtful(self) -> list[Brought]:
        return [one for one in self.brought if one.by_hand is not None and not one.row.why]

    @property
    def left(self) -> list[Brought]:
        return [one for one in self.brought if one.row.why]


def offer_of(source: ResultSource, round_: Round, versions: Iterable[StandardVersion]) -> Offer:
    """What `source` has for the round under these standards: two queries besides its own."""
    stands = _standing(round_)
    of_source = {one.origin: one for one in stands if one.origin.startswith(f"{source.name}/")}
    by_hand: defaultdict[tuple[int, str, int | None], list[EnteredResult]] = defaultdict(list)
    for one in stands:
        if not one.origin and one.dossier_id is None:
            by_hand[one.version_id, one.code, one.unit_id].append(one)
    offer = Offer(source, [], list(of_source.values()), [])
    for version in versions:
        held = {one.origin: one for one in of_source.values() if one.version_id == version.pk}
        for row in source.rows(round_, version):
            origin = source.origin(row.key)
            was = held.pop(origin, None)
            if was is not None and not row.why and not _differs(was, row):
                continue
            if was is not None:
                offer.lapsed.append((was, row.why or _("It has changed at its source.")))
            checked, same = _checked(version, row), _maybe_same(by_hand, version, row)
            if same is not None and row.kind == ResultKind.LEAF and not checked.why:
                checked, same = replace(checked, why=_("A person entered a result for it; that one counts.")), None
            offer.brought.append(Brought(version, checked, origin, same))
        offer.lapsed.extend((one, _("Its source does not bring it any more.")) for one in held.values())
    return offer


def take_from(
    round_: Round, source: ResultSource, *, actor: Any, also: Collection[str] = frozenset()
) -> tuple[int, int]:
    """Make the round hold what the source brings now; returns how many came and how many were taken back.

    `also`: marks of rows that a person looked at beside what was entered by hand and says are another matter. Refused
    while the round does not run. All or nothing; taking twice changes nothing.
    """
    require_actor(actor, ASSESS, round_)
    check_running(round_)
    with transaction.atomic():
        # Whoever presses at the same moment waits here, and then finds the results already there.
        Round.objects.select_for_update().get(pk=round_.pk)
        offer = offer_of(source, round_, round_.versions.all())
        for result, reason in offer.lapsed:
            lapse_result(result, reason, actor)
        chosen = [*offer.waiting, *(one for one in offer.doubtful if one.mark in also)]
        for one in chosen:
            _take(round_, one, actor)
    return len(chosen), len(offer.lapsed)


def lapse_origin(origin: str, *, reason: str, actor: Any) -> int:
    """The row was taken back at its source: so is every result that came from it, also of rounds that are over.

    What was scored before keeps its figures; the next run does not count it. Returns how many. Inside a transaction.
    """
    found = EnteredResult.objects.filter(origin=origin, state__in=STANDING_RESULT_STATES).select_related("round")
    rows = list(found)
    for result in rows:
        lapse_result(result, reason, actor)
    return len(rows)


def _standing(round_: Round) -> list[EnteredResult]:
    rows = EnteredResult.objects.filter(round=round_, state__in=STANDING_RESULT_STATES)
    return list(rows.select_related("version", "unit", "round").order_by("pk"))


def _differs(was: EnteredResult, row: SourceRow) -> bool:
    unit = row.unit.pk if row.unit else None
    return (was.kind, was.code, was.value, was.weight, was.unit_id) != (
        row.kind, row.code, row.value, row.weight, unit,
    )  # fmt: skip


def _maybe_same(by_hand: Any, version: StandardVersion, row: SourceRow) -> EnteredResult | None:
    """What somebody entered for this code, of the same unit or of the whole."""
    unit = row.unit.pk if row.unit else None
    found = [*by_hand.get((version.pk, row.code, unit), ()), *by_hand.get((version.pk, row.code, None), ())]
    return found[0] if found else None


def _checked(version: StandardVersion, row: SourceRow) -> SourceRow:
    """The row, with the reason where the standard has no such code or the second person is missing."""
    if row.why:
        return row
    standard = tree_of(version)
    codes = {
        "leaf": enterable(standard), "veto": [one.code for one in standard.vetoes],
        "bonus": [one.code for one in standard.bonuses], "penalty": [one.code for one in standard.penalties],
    }  # fmt: skip
    if row.code not in codes[row.kind]:
        return replace(row, why=_("The standard does not list “%s”.") % row.code)
    if row.entered_by is None or row.checked_by is None or row.entered_by == row.checked_by:
        return replace(row, why=_("Two people have not answered for it yet."))
    return row


def _take(round_: Round, one: Brought, actor: Any) -> None:
    row = one.row
    made = EnteredResult.objects.create(
        region=round_.region, round=round_, version=one.version, kind=row.kind, code=row.code, unit=row.unit,
        value=row.value, weight=row.weight, source=row.source[:300], judged_by=row.judged_by[:60], judged_on=row.day,
        entered_by=row.entered_by, checked_by=row.checked_by, checked_at=row.checked_at, origin=one.origin,
    )  # fmt: skip
    note_step(made, "enter", actor=actor, note=made.source, data={"origin": one.origin})
    advance(made, RESULT_WORKFLOW, "bring", actor=actor, data={"origin": one.origin})
    rows = observations_of(made)
    for seen in rows:
        seen.place = row.place
    Observation.objects.bulk_create(rows)


def lapse_result(result: EnteredResult, reason: str, actor: Any) -> None:
    """What it was taken from does not say so any more: it counts no longer. Inside a transaction."""
    data = {"dossier": result.dossier_id} if result.dossier_id else {"origin": result.origin}
    advance(result, RESULT_WORKFLOW, "lapse", actor=actor, note=reason, data=data)
    take_back(result)
