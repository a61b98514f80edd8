"""Reads a run from the total down to the photo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from chuangwen.core.models import Attachment
from chuangwen.inspections.enums import ResultKind, VisitKind
from chuangwen.inspections.models import RESULT_OWNER, Answer, EnteredResult
from chuangwen.scoring.models import NodeResult, Run
from chuangwen.scoring.queries.seen import MISSED, entered_codes, observed
from chuangwen.scoring.trees import section_codes
from chuangwen.standards.enums import Method
from chuangwen.standards.models import Node
from chuangwen.standards.queries import tree_of


@dataclass(frozen=True, slots=True)
class Part:
    """A node with its figures, ready to show."""

    node: Node
    result: NodeResult

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
    ad_hoc: bool = False  # chosen on the spot: in the share, not in the interval


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


def sections(run: Run) -> list[Part]:
    """The top nodes in the order of the standard: two queries."""
    return _parts(run, Node.objects.filter(version=run.version_id, depth=1))


def section_points(run: Run) -> list[tuple[str, float, float]]:
    """(name, attained, effective points) of each section that was assessed: two queries."""
    parts = [part for part in sections(run) if part.result.assessed]
    return [(part.node.title_zh, part.result.attained or 0.0, part.result.effective or 0.0) for part in parts]


def criteria_below(run: Run, section: Node) -> list[Part]:
    """The criteria below a top node, the greatest loss first: two queries."""
    leaves = Node.objects.filter(version=run.version_id, is_leaf=True)
    codes = [code for code, top in section_codes(tree_of(run.version)).items() if top == section.code]
    parts = _parts(run, leaves.filter(code__in=codes))
    return sorted(parts, key=lambda part: (not part.result.assessed, -(part.result.lost or 0), part.node.position))


def _parts(run: Run, nodes: Iterable[Node]) -> list[Part]:
    chosen = list(nodes)
    results = {r.code: r for r in NodeResult.objects.filter(run=run, code__in=[n.code for n in chosen])}
    return [Part(n, results[n.code]) for n in chosen if n.code in results]


def places_of(run: Run, leaf: NodeResult) -> list[PlaceLoss]:
    """What each place cost at this criterion, the dearest first.

    With what was entered without a place (results_of) the parts add up to the criterion's loss.
    """
    rows = observed(run).filter(code=leaf.code, value__isnull=False)
    on_places = rows.filter(result=None).values_list(
        "answer__visit__place_id", "answer__visit__place__name", "answer__visit__kind"
    )
    sums = on_places.annotate(met=Count("pk", filter=Q(value__gte=1)), seen=Count("pk"), missed=Sum(MISSED))
    each = (leaf.lost or 0) / leaf.missed if leaf.missed > 0 else 0.0
    losses = [
        PlaceLoss(place, name or "", met, seen, each * (missed or 0), kind == VisitKind.AD_HOC)
        for place, name, kind, met, seen, missed in sums.order_by()
    ]
    return sorted(losses, key=lambda one: (-one.lost, one.name))


def answers_at(run: Run, leaf: NodeResult, place_id: int) -> list[Answer]:
    """What was answered at a place for a criterion, the unmet first, with photos: two queries."""
    rows = Answer.objects.filter(
        observations__in=observed(run).filter(code=leaf.code), visit__place_id=place_id
    ).select_related("checked", "visit", "problem")
    found = rows.prefetch_related("photos__attachment", "problem__photos__attachment").distinct()
    return sorted(found, key=lambda answer: (answer.value == "met", answer.checked.position))


def results_of(run: Run, codes: Iterable[str]) -> list[Entered]:
    """The entered results that went into the run for these codes, with their papers: two queries."""
    rows = EnteredResult.objects.filter(observations__in=observed(run).filter(code__in=codes)).distinct()
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
    for _code, method, points in _unassessed(run).exclude(_was_seen(run)):
        counts[method].append(points)
    labels = dict(Method.choices)
    rows = [
        Unassessed(method, str(labels.get(method, method)), len(found), sum(found)) for method, found in counts.items()
    ]
    return sorted(rows, key=lambda row: (-row.points, row.method))


def nothing_to_judge(run: Run) -> tuple[int, float]:
    """How many criteria were looked at and found not applicable or not observable, and their points: one query."""
    points = [row[2] for row in _unassessed(run).filter(_was_seen(run))]
    return len(points), sum(points)


def _unassessed(run: Run) -> Any:
    """(code, method, points) of the leaves without any row that has a value, whatever the policy makes of them."""
    codes = NodeResult.objects.filter(run=run, n=0).values("code")
    leaves = Node.objects.filter(version=run.version_id, is_leaf=True, code__in=codes)
    return leaves.values_list("code", "method", "points").order_by("position")


def _was_seen(run: Run) -> Exists:
    """Whether a leaf has any row in the run; asked leaf by leaf, since the rows are many and the leaves few."""
    return Exists(observed(run).filter(code=OuterRef("code")))


def adjustments_of(run: Run) -> list[Entered]:
    """The vetoes, bonuses and penalties that went into the run: four queries."""
    codes = observed(run).filter(code__in=entered_codes(run), result__isnull=False)
    return results_of(run, set(codes.exclude(result__kind=ResultKind.LEAF).values_list("code", flat=True)))
