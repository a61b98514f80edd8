"""Runs the engine over a round and keeps the result, frozen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import read, store_bytes
from chuangwen.core.models import StoredFile
from chuangwen.inspections.models import Observation
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.models import Assignment, Share
from chuangwen.scoring.cells import seen_in
from chuangwen.scoring.engine import BadInput
from chuangwen.scoring.frozen import Frozen, freeze, thaw
from chuangwen.scoring.keeping import KEPT_DIGITS, same, steady
from chuangwen.scoring.models import Loss, NodeResult, Run
from chuangwen.scoring.queries.ground import NOWHERE, grounds, places_on_the_spot
from chuangwen.scoring.queries.strata import frame_sizes, places_of_round, strata_of_draws
from chuangwen.scoring.refusals import refusal_of
from chuangwen.scoring.services.cells import differing_parts, keep_parts, parts_of_run
from chuangwen.scoring.services.renamed import units_of
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.queries import is_whole, tree_of

if TYPE_CHECKING:
    import polars as pl

    from chuangwen.scoring.engine import Scores

Tell = Callable[[str], None]
FIGURES = ("total", "se", "low", "high", "bonus", "penalty")
SAID = ("vetoed", "se_partial")
NODE_FIGURES = ("share", "lost", "effective", "attained", "points", "n", "assessed")
SEEN = ("places", "missed")


@dataclass(frozen=True, slots=True)
class Seen:
    """How many drawn places a run's rows saw, and by code: places seen, weight missed."""

    drawn: int
    by_code: dict[str, tuple[int, float]]


def run_scoring(
    round_: Round, version: StandardVersion, *, actor: Any, missing: str = "exclude", tell: Tell | None = None
) -> Run:
    """Freeze what was seen in the round, score it under `version`, keep every figure.

    Refused where nothing was seen yet or where the engine finds a row it cannot score.
    """
    require_actor(actor, "scoring.run", round_)
    if not round_.versions.filter(pk=version.pk).exists():
        raise Refusal(_("This standard does not count in the round."), _("Choose one of the round's standards."))
    frozen = _freeze(round_, version)
    if frozen.rows == 0:
        raise Refusal(_("Nothing has been seen in this round yet."), _("Run it once visits are finished."))
    try:
        scores = _score(version, frozen, missing, tell)
    except BadInput as fault:
        raise refusal_of(fault, frozen, version) from fault
    parts = parts_of_run(version, frozen, scores.nodes)
    seen = _seen(frozen.seen)  # nothing is computed once the transaction has begun
    with transaction.atomic():
        run = _keep_run(round_, version, frozen, scores, seen, missing=missing, actor=actor)
        _keep_nodes(run, scores.nodes, seen)
        _keep_losses(run, scores.losses)
        if parts is not None:
            keep_parts(run, parts)
        data = {"rows": frozen.rows, "observations": run.observations.sha256, "total": str(run.total)}
        record("scoring.run", run, actor=actor, data=data)
    return run


def verify_run(run: Run) -> list[str]:
    """Compute the run again from its frozen files; returns what differs, nothing where all agrees.

    A file that is gone, or whose bytes are no longer those that its hash names, is told by its table's name, a standard
    whose document is no longer the published one as "standard"; then nothing is computed.
    """
    files = {name: _bytes_of(getattr(run, name)) for name in ("observations", "places", "frames", "leads")}
    changed = [name for name, data in files.items() if sha256(data).hexdigest() != getattr(run, name).sha256]
    if not is_whole(run.version):
        changed.append("standard")
    if changed:
        return changed
    frozen = Frozen(**files, rows=thaw(files["observations"]).height)
    scores = _score(run.version, frozen, run.missing)
    again = scores.subjects.row(0, named=True)
    differing = [name for name in (*FIGURES, *SAID) if not same(again[name], getattr(run, name))]
    counted = {"rows": frozen.rows, "drawn_places": _drawn_places(frozen.seen)}
    differing += [name for name, number in counted.items() if number != getattr(run, name)]
    differing += _differing_nodes(run, scores.nodes, frozen)
    parts, units = parts_of_run(run.version, frozen, scores.nodes), units_of(run, scores.losses)
    differing += _differing_losses(run, scores.losses, units)
    return list(dict.fromkeys([*differing, *differing_parts(run, parts, units)]))


def _bytes_of(file: StoredFile) -> bytes:
    """A file's bytes; none where it is gone, which its hash then tells."""
    try:
        return read(file)
    except FileNotFoundError:
        return b""


def _differing_nodes(run: Run, nodes: pl.DataFrame, frozen: Frozen) -> list[str]:
    """The codes of the nodes ("total": the root) that the run says otherwise, has too many or does not have."""
    kept = {node.code: node for node in run.nodes.all()}
    observations = frozen.seen
    seen = seen_in(observations) if "seen_at" in observations.columns else None
    differing = []
    for row in nodes.iter_rows(named=True):
        node = kept.pop(row["code"], None)
        if node is None or not all(same(row[name], getattr(node, name)) for name in NODE_FIGURES):
            differing.append(row["code"] or "total")
        elif seen is not None and not all(
            same(was, getattr(node, name)) for name, was in zip(SEEN, seen.get(row["code"], (0, 0.0)), strict=True)
        ):
            differing.append(row["code"])
    return [*differing, *sorted(kept)]


def _differing_losses(run: Run, losses: pl.DataFrame, units: dict[str, int]) -> list[str]:
    """Who lost other points than the run says, as "unit code" ("-": nobody, or a unit that is not kept)."""
    kept: defaultdict[tuple[int | None, str], float] = defaultdict(float)
    for unit, code, points in run.losses.values_list("unit", "code", "points"):
        kept[unit, code] += points
    again: defaultdict[tuple[int | None, str], float] = defaultdict(float)
    for row in losses.iter_rows(named=True):
        again[units.get(row["unit"]), row["code"]] += row["points"]
    names = dict(Unit.objects.filter(region=run.region).values_list("pk", "code"))
    differing = {key for key in kept.keys() | again.keys() if not same(kept[key], again[key])}
    return sorted(f"{names.get(unit, '-')} {code}" for unit, code in differing)


def _score(version: StandardVersion, frozen: Frozen, missing: str, tell: Tell | None = None) -> Scores:
    from chuangwen.scoring.engine import score  # loads what computes; pages that only show a score go without  # noqa: PLC0415

    return score(
        tree_of(version),
        frozen.seen,
        places=thaw(frozen.places),
        frames=thaw(frozen.frames),
        leads=thaw(frozen.leads),
        missing="zero" if missing == "zero" else "exclude",
        progress=tell,
    )


def _freeze(round_: Round, version: StandardVersion) -> Frozen:
    """The round's rows in the specification's columns. The region's code is the subject."""
    subject = round_.region.code
    observations = Observation.objects.standing().filter(round=round_, version=version).order_by("pk")
    names = ("code", "place__code", "value", "weight", "unit__code", "place_id", "answer_id", "answer__problem__number")
    where, on_the_spot = grounds(round_.region), places_on_the_spot(round_)
    strata = strata_of_draws(round_)
    kept = places_of_round(round_).values_list("code", "place_type__code", "keeper__code", "territory__code")
    leads = Assignment.objects.filter(campaign=round_.campaign, node__version=version, share=Share.LEAD)
    return freeze(
        (
            (subject, *row, at.place or None, at.place_type or None, at.district or None, problem)
            for *row, place, answer, problem in observations.values_list(*names).iterator(chunk_size=5000)
            for at in (where.get(place or on_the_spot.get(answer, 0), NOWHERE),)
        ),
        ((subject, code, strata.get(code, kind), keeper or territory) for code, kind, keeper, territory in kept),
        ((subject, stratum, size) for stratum, size in sorted(frame_sizes(round_, strata).items())),
        ((subject, *row) for row in leads.order_by("node__position", "unit").values_list("node__code", "unit__code")),
    )


def _keep_run(
    round_: Round, version: StandardVersion, frozen: Frozen, scores: Scores, seen: Seen, *, missing: str, actor: Any
) -> Run:
    total = steady(scores.subjects.row(0, named=True))
    return Run.objects.create(
        region=round_.region, round=round_, version=version, missing=missing, rows=frozen.rows, made_by=actor,
        observations=store_bytes(frozen.observations), places=store_bytes(frozen.places),
        frames=store_bytes(frozen.frames), leads=store_bytes(frozen.leads), finished_at=clock.now(),
        drawn_places=seen.drawn,
        **{name: total[name] for name in (*FIGURES, "vetoed")},
        se_partial=bool(total["se_partial"]),
    )  # fmt: skip


def _seen(observations: pl.DataFrame) -> Seen:
    """Of what was scored, not of what came since."""
    return Seen(_drawn_places(observations), seen_in(observations))


def _drawn_places(observations: pl.DataFrame) -> int:
    return observations["place"].drop_nulls().n_unique()


def _keep_nodes(run: Run, nodes: pl.DataFrame, seen: Seen) -> None:
    rows = []
    for position, row in enumerate(nodes.iter_rows(named=True)):
        places, missed = seen.by_code.get(row["code"], (0, 0.0))
        figures = {name: value for name, value in steady(row).items() if name != "subject"}
        missed = round(missed, KEPT_DIGITS)
        rows.append(NodeResult(region=run.region, run=run, position=position, places=places, missed=missed, **figures))
    NodeResult.objects.bulk_create(rows)


def _keep_losses(run: Run, losses: pl.DataFrame) -> None:
    units = dict(Unit.objects.filter(region=run.region).values_list("code", "pk"))
    Loss.objects.bulk_create(
        Loss(region=run.region, run=run, unit_id=units.get(row["unit"]), code=row["code"], points=row["points"])
        for row in map(steady, losses.iter_rows(named=True))
    )
