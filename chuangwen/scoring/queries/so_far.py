"""What a running round comes to so far (暂计): computed while answers arrive, shown, and never kept.

The rows and the places are those that a run would freeze, so that the last figure of a round is its score's. Each
process holds the sums of the rounds that somebody looks at; a look adds what has arrived since the one before, and
reads all anew where something was taken back. Who loses what is left out: a round that runs blames nobody.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Max, Q

from chuangwen.campaigns.models import Round, RoundState
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.inspections.enums import VisitKind, VisitState
from chuangwen.inspections.models import Observation, Visit
from chuangwen.scoring.engine import BadInput
from chuangwen.scoring.models import NodeResult
from chuangwen.scoring.queries.results import Part
from chuangwen.scoring.queries.strata import frame_sizes, places_of_round, strata_of_draws
from chuangwen.standards.models import Node, StandardVersion
from chuangwen.standards.queries import tree_of

if TYPE_CHECKING:
    import polars as pl

    from chuangwen.scoring.engine.scores import Scores
    from chuangwen.scoring.engine.tally import LiveScores

SUBJECT: Final = "round"
ROUNDS_HELD: Final = 8  # by a process: a site has one or two that run
HELD_MINUTES: Final = 10  # then places and pools are read again, which may have changed
PER_PLACE = ("pk", "code", "place_type__code")


@dataclass(frozen=True, slots=True)
class SoFar:
    """The figures of this moment. `total` None: nothing that counts was seen; `fault`: a row cannot be scored yet."""

    rows: int
    total: float | None = None
    low: float | None = None
    high: float | None = None
    se_partial: bool = False
    vetoed: bool = False
    bonus: float = 0.0
    penalty: float = 0.0
    sections: tuple[Part, ...] = ()
    points: float = 0.0  # of the criteria that were assessed
    every: float = 0.0  # of all criteria
    fault: bool = False


@dataclass(frozen=True, slots=True)
class Visited:
    """How many of the drawn places were visited, and how many were chosen on the spot."""

    drawn: int
    done: int
    ad_hoc: int

    @property
    def whole(self) -> bool:
        return self.done == self.drawn


@dataclass(frozen=True, slots=True)
class _Mark:
    """By what it is seen that rows arrived or were taken back: all rows, those taken back, the last one."""

    rows: int
    withdrawn: int
    last: int
    at: datetime | None


@dataclass(slots=True)
class _Held:
    live: LiveScores
    mark: _Mark
    since: datetime


_held: OrderedDict[tuple[Any, ...], _Held] = OrderedDict()
_lock = threading.Lock()


def may_see(user: Any, round_: Round) -> bool:
    """Who sees the whole region's scores and its fieldwork: never a unit, which would learn who was visited."""
    return may(user, "scoring.view", round_) and may(user, "inspections.view", round_)


def running_round(user: Any, campaign: Any) -> Round | None:
    """The campaign's round that runs, the newest of several, where the person may see what it comes to. One query."""
    rounds = Round.objects.filter(campaign=campaign, state=RoundState.RUNNING).order_by("-starts", "-pk")
    found: Round | None = rounds.first()
    return found if found is not None and may_see(user, found) else None


def visited(round_: Round) -> Visited:
    """One query."""
    seen, ad_hoc = Q(state=VisitState.FINISHED), Q(kind=VisitKind.AD_HOC)
    counts = Visit.objects.filter(round=round_).aggregate(
        drawn=Count("pk", filter=~ad_hoc & ~Q(state=VisitState.SKIPPED)),
        done=Count("pk", filter=~ad_hoc & seen),
        ad_hoc=Count("pk", filter=ad_hoc & seen),
    )
    return Visited(**counts)


def so_far(round_: Round, version: StandardVersion) -> SoFar:
    """What the round comes to at this moment under one of its standards, unassessed criteria left out.

    One query where nothing has arrived since the last look, two where rows did, five at the first; and the sections.
    """
    mark = _mark(round_, version)
    if mark.rows == mark.withdrawn:
        return SoFar(0)
    try:
        with _lock:
            scores = _live(round_, version, mark).scores
    except BadInput:
        return SoFar(mark.rows - mark.withdrawn, fault=True)
    return _figures(scores, version, mark.rows - mark.withdrawn)


def forget() -> None:
    """Lets go of all that this process holds."""
    with _lock:
        _held.clear()


def _mark(round_: Round, version: StandardVersion) -> _Mark:
    rows = Observation.objects.filter(round=round_, version=version).order_by()
    return _Mark(
        **rows.aggregate(
            rows=Count("pk"), withdrawn=Count("withdrawn_at"), last=Max("pk", default=0), at=Max("created_at")
        )
    )


def _live(round_: Round, version: StandardVersion, mark: _Mark) -> LiveScores:
    """The sums of all rows up to `mark`."""
    key = (round_.pk, round_.created_at, version.pk)
    held = _held.get(key)
    if held is None or not _goes_on(held, mark) or not _add(held, round_, version, mark):
        _held.pop(key, None)  # where a row is refused, too, nothing half is held
        held = _held[key] = _Held(_whole(round_, version), mark, clock.now())
    _held.move_to_end(key)
    while len(_held) > ROUNDS_HELD:
        _held.popitem(last=False)
    return held.live


def _goes_on(held: _Held, mark: _Mark) -> bool:
    """Whether all that is held still stands."""
    fresh = timedelta() <= clock.now() - held.since < timedelta(minutes=HELD_MINUTES)
    return fresh and mark.withdrawn == held.mark.withdrawn and mark.rows >= held.mark.rows


def _add(held: _Held, round_: Round, version: StandardVersion, mark: _Mark) -> bool:
    """Adds what arrived; False where it is not simply more: a row was kept late, below the last one known."""
    if mark == held.mark:
        return True
    arrived = _rows(round_, version, after=held.mark.last, up_to=mark.last)
    if len(arrived) != mark.rows - held.mark.rows:
        return False
    held.live.add(arrived)
    held.mark = mark
    return True


def _rows(round_: Round, version: StandardVersion, *, after: int = 0, up_to: int | None = None) -> pl.DataFrame:
    """Standing observations as the engine reads them, without units: no loss is told."""
    import polars as pl  # loaded when a score is computed, not when the program starts  # noqa: PLC0415

    rows = Observation.objects.standing().filter(round=round_, version=version, pk__gt=after).order_by()
    if up_to is not None:
        rows = rows.filter(pk__lte=up_to)
    schema = {"code": pl.String, "place": pl.Int64, "value": pl.Float64, "weight": pl.Float64}
    frame = pl.DataFrame(list(rows.values_list(*schema)), schema=schema, orient="row")
    return frame.with_columns(pl.col("place").cast(pl.String), subject=pl.lit(SUBJECT))


def _whole(round_: Round, version: StandardVersion) -> LiveScores:
    import polars as pl  # noqa: PLC0415

    from chuangwen.scoring.engine.tally import LiveScores  # noqa: PLC0415

    strata = strata_of_draws(round_)
    known = [(str(pk), strata.get(code, kind)) for pk, code, kind in places_of_round(round_).values_list(*PER_PLACE)]
    places = pl.DataFrame(known, schema={"place": pl.String, "stratum": pl.String}, orient="row")
    sizes = sorted(frame_sizes(round_, strata).items())
    frames = pl.DataFrame(sizes, schema={"stratum": pl.String, "size": pl.Float64}, orient="row")
    own = pl.lit(SUBJECT).alias("subject")
    return LiveScores(
        tree_of(version), _rows(round_, version), places=places.with_columns(own), frames=frames.with_columns(own)
    )


def _figures(scores: Scores, version: StandardVersion, rows: int) -> SoFar:
    subject = scores.subjects.row(0, named=True)
    found = {
        row["code"]: {name: value for name, value in row.items() if name != "subject"}
        for row in scores.nodes.iter_rows(named=True)
    }
    tops = Node.objects.filter(version=version, depth=1, code__in=found).order_by("position")
    leaves = [leaf.code for leaf in tree_of(version).leaves()]
    points = {code: found[code]["points"] for code in leaves}
    names = ("total", "low", "high", "bonus", "penalty")
    return SoFar(
        rows,
        **{name: subject[name] for name in names},
        se_partial=bool(subject["se_partial"]),
        vetoed=bool(subject["vetoed"]),
        sections=tuple(Part(node, NodeResult(**found[node.code])) for node in tops),
        points=sum(points[code] for code in leaves if found[code]["assessed"]),
        every=sum(points.values()),
    )
