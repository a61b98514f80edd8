"""Reads a run from the total down to the photo, and who lost what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from chuangwen.campaigns.models import Round
from chuangwen.core.models import Attachment
from chuangwen.inspections.enums import ResultKind
from chuangwen.inspections.models import RESULT_OWNER, Answer, EnteredResult, Observation
from chuangwen.organizations.models import Unit
from chuangwen.rectification.enums import ProblemClass
from chuangwen.scoring.models import Loss, NodeResult, Run
from chuangwen.standards.enums import Method
from chuangwen.standards.models import Node

CAUSES = 2  # criteria named beside a unit's loss
MISSED = F("weight") * (1 - F("value"))


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


def section_points(run: Run) -> list[tuple[str, float, float]]:
    """(name, attained, effective points) of each section that was assessed: two queries."""
    parts = [part for part in sections(run) if part.result.assessed]
    return [(part.node.title_zh, part.result.attained or 0.0, part.result.effective or 0.0) for part in parts]


def criteria_below(run: Run, section: Node) -> list[Part]:
    """The criteria below a node, the greatest loss first: three queries."""
    leaves = Node.objects.filter(version=run.version_id, is_leaf=True)
    codes = [code for code, top in _tops(run).items() if top == section.code]
    parts = _parts(run, leaves.filter(code__in=codes))
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


def _parts(run: Run, nodes: Iterable[Node]) -> list[Part]:
    chosen = list(nodes)
    results = {r.code: r for r in NodeResult.objects.filter(run=run, code__in=[n.code for n in chosen])}
    return [Part(n, results[n.code]) for n in chosen if n.code in results]


def _observed(run: Run) -> Any:
    """The observations that went into the run: those of its round that stood when it was made."""
    return Observation.objects.as_of(run.created_at).filter(round=run.round_id, version=run.version_id)


def places_of(run: Run, leaf: NodeResult) -> list[PlaceLoss]:
    """What each place cost at this criterion, the dearest first.

    With what was entered without a place (results_of) the parts add up to the criterion's loss.
    """
    rows = _observed(run).filter(code=leaf.code, value__isnull=False)
    on_places = rows.filter(result=None).values_list("answer__visit__place_id", "answer__visit__place__name")
    sums = on_places.annotate(met=Count("pk", filter=Q(value__gte=1)), seen=Count("pk"), missed=Sum(MISSED))
    found = [(place, name or "", met, seen, missed) for place, name, met, seen, missed in sums.order_by()]
    each = (leaf.lost or 0) / leaf.missed if leaf.missed > 0 else 0.0
    losses = [PlaceLoss(place, name, met, seen, each * missed) for place, name, met, seen, missed in found]
    return sorted(losses, key=lambda one: (-one.lost, one.name))


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
    return Exists(_observed(run).filter(code=OuterRef("code")))


def adjustments_of(run: Run) -> list[Entered]:
    """The vetoes, bonuses and penalties that went into the run: four queries."""
    codes = _observed(run).filter(code__in=_entered_codes(run), result__isnull=False)
    return results_of(run, set(codes.exclude(result__kind=ResultKind.LEAF).values_list("code", flat=True)))


def unit_losses(run: Run, losses: Any, most: int | None = None) -> list[UnitLoss]:
    """Losses by unit, nobody first, then the greatest; they add up to the whole loss.

    What the first `most` could win back, and where they lost it, is looked up; of the others only the points: eight
    queries. Recoverable is what hangs on problems that are not long-term (put right, they would be met) and on
    entered results: better material, better figures are judged anew in the next round.
    """
    sums = losses.order_by().values_list("unit_id").annotate(points=Sum("points"))
    totals = sorted(sums, key=lambda row: (row[0] is not None, -row[1]))
    shown = [key for key, _points in totals[:most]]
    units = Unit.objects.in_bulk([key for key in shown if key])
    causes, recoverable = _causes(run, losses, shown), _recoverable(run, shown)
    return [
        UnitLoss(units.get(key), points, min(points, recoverable.get(key, 0.0)), causes.get(key, []))
        for key, points in totals
    ]


def _of_units(shown: list[int | None]) -> Q:
    """The rows of these units; None stands for no unit."""
    found = Q(unit__in=[key for key in shown if key])
    return found | Q(unit__isnull=True) if None in shown else found


def _causes(run: Run, losses: Any, shown: list[int | None]) -> dict[int | None, list[str]]:
    """Where each of the units lost most: its two dearest criteria in words."""
    titles = dict(Node.objects.filter(version=run.version_id, is_leaf=True).values_list("code", "title_zh"))
    found: defaultdict[int | None, list[str]] = defaultdict(list)
    rows = losses.filter(_of_units(shown)).order_by("-points", "-code")
    for unit_id, code in rows.values_list("unit_id", "code"):
        if len(found[unit_id]) < CAUSES:
            found[unit_id].append(f"{code} {titles.get(code, '')}")
    return found


def _recoverable(run: Run, shown: list[int | None]) -> dict[int | None, float]:
    """Points by unit that hang on unmet rows whose problem is not long-term, or on entered results: four queries."""
    entered = _entered_codes(run)
    results = NodeResult.objects.filter(run=run, lost__gt=0, missed__gt=0).exclude(code__in=entered)
    each = {code: lost / missed for code, lost, missed in results.values_list("code", "lost", "missed")}
    rows = _observed(run).filter(_of_units(shown), value__lt=1)
    kept = rows.exclude(answer__problem__problem_class=ProblemClass.LONG_TERM).order_by()
    found: defaultdict[int | None, float] = defaultdict(float)
    for unit_id, code, missed in kept.values_list("unit_id", "code").annotate(missed=Sum(MISSED)):
        found[unit_id] += each.get(code, 0.0) * missed
    lost = Loss.objects.filter(_of_units(shown), run=run, code__in=entered)
    for unit_id, points in lost.values_list("unit_id", "points"):
        found[unit_id] += points
    return found


def _entered_codes(run: Run) -> set[str]:
    """The codes whose figures were entered rather than seen, in this run."""
    known = EnteredResult.objects.filter(round=run.round_id, version=run.version_id).values("code")
    rows = _observed(run).filter(code__in=known).exclude(result=None)
    return set(rows.order_by().values_list("code", flat=True).distinct())


def seen_at(run: Run) -> dict[str, tuple[int, float]]:
    """How many places were seen at each criterion, and the weight of what was missed there: kept with the run."""
    place = Coalesce("place_id", "answer__visit__place_id")
    rows = _observed(run).filter(value__isnull=False).order_by().values_list("code")
    sums = rows.annotate(places=Count(place, distinct=True), missed=Sum(MISSED, filter=Q(value__lt=1)))
    return {code: (places, missed or 0.0) for code, places, missed in sums}


def run_before(run: Run) -> Run | None:
    """The latest run of the round before this one, under the same standard: what a result is compared with."""
    rows = Run.objects.filter(
        region=run.region_id, round__campaign=run.round.campaign_id, version__urn=run.version.urn, total__isnull=False,
        round__starts__lt=run.round.starts,
    )  # fmt: skip
    return rows.select_related("round", "version").order_by("-round__starts", "-created_at", "-pk").first()


def losses_of_unit(run: Run, unit_id: int) -> list[tuple[str, str, float]]:
    """(code, title, points) of what one unit lost, the dearest first: two queries."""
    rows = dict(Loss.objects.filter(run=run, unit=unit_id).values_list("code").annotate(lost=Sum("points")))
    titles = dict(Node.objects.filter(version=run.version_id, code__in=rows).values_list("code", "title_zh"))
    return sorted(
        ((code, titles.get(code, ""), lost) for code, lost in rows.items()), key=lambda row: (-row[2], row[0])
    )


def last_runs(region_id: int, campaign_id: int) -> Any:
    """The runs of a campaign, the newest first."""
    rows = Run.objects.filter(region=region_id, round__campaign=campaign_id)
    return rows.select_related("round", "version").order_by("-round__starts", "-pk")


def last_run_of(round_: Round) -> Run | None:
    """The round's newest score; None where none was computed."""
    rows = Run.objects.filter(round=round_, total__isnull=False).select_related("version", "round", "region")
    return rows.order_by("-created_at", "-pk").first()


def lost_by_units(run: Run) -> dict[int | None, float]:
    """Unit (None: nobody) -> the points that it carries: one query."""
    rows = Loss.objects.filter(run=run).order_by().values_list("unit_id")
    return dict(rows.annotate(points=Sum("points")))


def lost_by_nobody(run: Run) -> float:
    """Points that no unit carries."""
    nobody = Loss.objects.filter(Q(run=run) & Q(unit__isnull=True))
    return nobody.aggregate(points=Sum("points"))["points"] or 0.0
