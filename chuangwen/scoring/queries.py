"""Reads a run from the total down to the photo, and who lost what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, Sum

from chuangwen.core.models import Attachment
from chuangwen.inspections.enums import ResultKind
from chuangwen.inspections.models import RESULT_OWNER, Answer, EnteredResult, Observation
from chuangwen.organizations.models import Unit
from chuangwen.scoring.models import Loss, NodeResult, Run
from chuangwen.standards.enums import Method
from chuangwen.standards.models import Node

NOBODY = 0  # the key of losses that no unit carries


@dataclass(frozen=True, slots=True)
class Part:
    """A node with its figures, ready to show."""

    node: Node
    result: NodeResult
    places: int = 0

    @property
    def width(self) -> float:
        """Points that the bar stands for: effective where the node was assessed."""
        return self.result.effective if self.result.effective is not None else self.result.points


@dataclass(frozen=True, slots=True)
class PlaceLoss:
    """What one place cost at one criterion."""

    place_id: int | None
    name: str
    met: int
    seen: int
    lost: float


@dataclass(frozen=True, slots=True)
class Entered:
    """An entered result that went into a run, with the papers it rests on."""

    result: EnteredResult
    papers: list[Attachment]


@dataclass(frozen=True, slots=True)
class Unassessed:
    """What of one method a run says nothing about: how many criteria, and their points as the standard states them."""

    method: str
    label: str
    criteria: int
    points: float


@dataclass
class UnitLoss:
    """What one unit carries; `unit` None is nobody, a gap."""

    unit: Unit | None
    points: float
    recoverable: float
    causes: list[str] = field(default_factory=list)

    @property
    def unrecoverable(self) -> float:
        return self.points - self.recoverable


def sections(run: Run) -> list[Part]:
    """The top nodes in the order of the standard: two queries."""
    return _parts(run, Node.objects.filter(version=run.version_id, depth=1))


def criteria_below(run: Run, section: Node) -> list[Part]:
    """The criteria below a node, the greatest loss first; with how many places were seen: three queries."""
    leaves = Node.objects.filter(version=run.version_id, is_leaf=True)
    codes = [code for code, top in _tops(run).items() if top == section.code]
    parts = _parts(run, leaves.filter(code__in=codes), places=_places_seen(run, codes))
    return sorted(parts, key=lambda part: (not part.result.assessed, -(part.result.lost or 0), part.node.position))


def _tops(run: Run) -> dict[str, str]:
    """Leaf code -> code of the top node above it: one query."""
    nodes = Node.objects.filter(version=run.version_id).values_list("pk", "code", "parent_id", "is_leaf")
    rows = {pk: (code, parent, leaf) for pk, code, parent, leaf in nodes}
    found = {}
    for pk, (code, _parent, leaf) in rows.items():
        if leaf:
            above = pk
            while rows[above][1] is not None:
                above = rows[above][1]
            found[code] = rows[above][0]
    return found


def _parts(run: Run, nodes: Iterable[Node], places: dict[str, int] | None = None) -> list[Part]:
    chosen = list(nodes)
    results = {r.code: r for r in NodeResult.objects.filter(run=run, code__in=[n.code for n in chosen])}
    return [Part(n, results[n.code], (places or {}).get(n.code, 0)) for n in chosen if n.code in results]


def _observed(run: Run) -> Any:
    """The observations that went into the run: those of its round that stood when it was made."""
    return Observation.objects.as_of(run.created_at).filter(round=run.round_id, version=run.version_id)


def _places_seen(run: Run, codes: list[str]) -> dict[str, int]:
    seen: defaultdict[str, set[int]] = defaultdict(set)
    rows = _observed(run).filter(code__in=codes, value__isnull=False)
    for code, place, visited in rows.values_list("code", "place_id", "answer__visit__place_id"):
        if place or visited:
            seen[code].add(place or visited)
    return {code: len(found) for code, found in seen.items()}


def places_of(run: Run, leaf: NodeResult) -> list[PlaceLoss]:
    """What each place cost at this criterion, the dearest first.

    With what was entered without a place (results_of) the parts add up to the criterion's loss.
    """
    rows = _observed(run).filter(code=leaf.code, value__isnull=False)
    fields = ("answer__visit__place_id", "answer__visit__place__name", "value", "weight")
    by_place: defaultdict[tuple[int | None, str], list[tuple[float, float]]] = defaultdict(list)
    for place, name, value, weight in rows.filter(result=None).values_list(*fields):
        by_place[place, name or ""].append((value, weight))
    entered = rows.exclude(result=None).values_list("value", "weight")
    missed = sum(w * (1 - v) for seen in (*by_place.values(), entered) for v, w in seen)
    each = (leaf.lost or 0) / missed if missed > 0 else 0.0
    found = [
        PlaceLoss(place, name, sum(v >= 1 for v, _w in seen), len(seen), each * sum(w * (1 - v) for v, w in seen))
        for (place, name), seen in by_place.items()
    ]
    return sorted(found, key=lambda one: (-one.lost, one.name))


def answers_at(run: Run, leaf: NodeResult, place_id: int) -> list[Answer]:
    """What was answered at a place for a criterion, the unmet first, with photos: two queries."""
    rows = Answer.objects.filter(
        observations__in=_observed(run).filter(code=leaf.code), visit__place_id=place_id
    ).select_related("checked", "visit", "problem")
    found = rows.prefetch_related("photos__attachment", "problem__photos__attachment").distinct()
    return sorted(found, key=lambda answer: (answer.value == "met", answer.checked.position))


def results_of(run: Run, codes: Iterable[str]) -> list[Entered]:
    """The entered results that went into the run for these codes, with their papers: two queries."""
    rows = EnteredResult.objects.filter(observations__in=_observed(run).filter(code__in=codes)).distinct()
    found = list(rows.select_related("unit", "entered_by", "checked_by", "version").order_by("code", "pk"))
    papers: defaultdict[int, list[Attachment]] = defaultdict(list)
    kept = Attachment.objects.filter(
        owner_type=RESULT_OWNER, owner_id__in=[one.pk for one in found], created_at__lte=run.created_at
    )
    for attachment in kept.order_by("-pk"):
        papers[attachment.owner_id].append(attachment)
    return [Entered(one, papers[one.pk]) for one in found]


def unassessed_by_method(run: Run) -> list[Unassessed]:
    """The criteria of which nothing at all was seen, by method, the most points first: two queries."""
    counts: defaultdict[str, list[float]] = defaultdict(list)
    for _code, method, points in _unassessed(run).exclude(code__in=_codes_seen(run)):
        counts[method].append(points)
    labels = dict(Method.choices)
    rows = [
        Unassessed(method, str(labels.get(method, method)), len(found), sum(found)) for method, found in counts.items()
    ]
    return sorted(rows, key=lambda row: (-row.points, row.method))


def nothing_to_judge(run: Run) -> tuple[int, float]:
    """How many criteria were looked at and found not applicable or not observable, and their points: one query."""
    points = [row[2] for row in _unassessed(run).filter(code__in=_codes_seen(run))]
    return len(points), sum(points)


def _unassessed(run: Run) -> Any:
    """(code, method, points) of the leaves without any row that has a value, whatever the policy makes of them."""
    codes = NodeResult.objects.filter(run=run, n=0).values("code")
    leaves = Node.objects.filter(version=run.version_id, is_leaf=True, code__in=codes)
    return leaves.values_list("code", "method", "points").order_by("position")


def _codes_seen(run: Run) -> Any:
    return _observed(run).values("code")


def adjustments_of(run: Run) -> list[Entered]:
    """The vetoes, bonuses and penalties that went into the run: three queries."""
    codes = _observed(run).filter(result__isnull=False).exclude(result__kind=ResultKind.LEAF)
    return results_of(run, set(codes.values_list("code", flat=True)))


def unit_losses(run: Run, losses: Any) -> list[UnitLoss]:
    """Losses by unit, nobody first, then the greatest; they add up to the whole loss.

    Recoverable is what hangs on problems that are not long-term (put right, they would be met) and on
    entered results: better material, better figures are judged anew in the next round.
    """
    totals: defaultdict[int, float] = defaultdict(float)
    causes: defaultdict[int, list[tuple[float, str]]] = defaultdict(list)
    for unit_id, code, points in losses.values_list("unit_id", "code", "points"):
        totals[unit_id or NOBODY] += points
        causes[unit_id or NOBODY].append((points, code))
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=totals)}
    titles = dict(Node.objects.filter(version=run.version_id, is_leaf=True).values_list("code", "title_zh"))
    recoverable = _recoverable(run)
    rows = [
        UnitLoss(
            units.get(key), points, min(points, recoverable.get(key, 0.0)),
            [f"{code} {titles.get(code, '')}" for _points, code in sorted(causes[key], reverse=True)[:2]],
        )
        for key, points in totals.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.unit is not None, -row.points))


def _recoverable(run: Run) -> dict[int, float]:
    """Points by unit that hang on unmet rows whose problem is not long-term, or on entered results: four queries."""
    lost = dict(NodeResult.objects.filter(run=run, lost__gt=0).values_list("code", "lost"))
    entered = set(_observed(run).exclude(result=None).values_list("code", flat=True).distinct())
    rows = _observed(run).filter(value__lt=1, code__in=lost.keys() - entered)
    missed: defaultdict[str, float] = defaultdict(float)
    winnable: defaultdict[tuple[int, str], float] = defaultdict(float)
    fields = ("code", "unit_id", "value", "weight", "answer__problem__problem_class")
    for code, unit_id, value, weight, problem_class in rows.values_list(*fields):
        missed[code] += weight * (1 - value)
        if problem_class != "long-term":
            winnable[unit_id or NOBODY, code] += weight * (1 - value)
    found: defaultdict[int, float] = defaultdict(float)
    for (unit_id, code), amount in winnable.items():
        found[unit_id] += lost[code] * amount / missed[code]
    for unit, points in Loss.objects.filter(run=run, code__in=entered).values_list("unit_id", "points"):
        found[unit or NOBODY] += points
    return found


def last_runs(region_id: int, campaign_id: int) -> Any:
    """The runs of a campaign, the newest first."""
    rows = Run.objects.filter(region=region_id, round__campaign=campaign_id)
    return rows.select_related("round", "version").order_by("-round__starts", "-pk")


def lost_by_nobody(run: Run) -> float:
    """Points that no unit carries."""
    nobody = Loss.objects.filter(Q(run=run) & Q(unit__isnull=True))
    return nobody.aggregate(points=Sum("points"))["points"] or 0.0
