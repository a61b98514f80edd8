"""A campaign's scores over its rounds: our own runs and the scores from outside, on one line of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from chuangwen.campaigns.models import Campaign
from chuangwen.scoring.models import NodeResult, OutsideRow, Run
from chuangwen.scoring.queries.outside import own_rows
from chuangwen.standards.models import Node


@dataclass(frozen=True, slots=True)
class Point:
    """One score: of a round by its newest run, or from outside. `version` None: of a standard that is not here."""

    name: str
    kind: str
    kind_label: str
    day: date
    total: float
    low: float | None = None
    high: float | None = None
    run: Run | None = None
    outside: OutsideRow | None = None
    version: int | None = None
    standard: str = ""
    sections: dict[tuple[str, str], float] = field(default_factory=dict)  # (code, title) -> attained


@dataclass(frozen=True, slots=True)
class Break:
    """Between two rounds the standard became another one."""

    before: Point
    after: Point


def urns_of(campaign: Campaign, user: Any) -> list[tuple[str, str]]:
    """(urn, title) of the standards under which the campaign has scores, the main one first: two queries."""
    main = campaign.standards.filter(is_main=True).values_list("version__urn", flat=True).first()
    rows = Run.objects.visible_to(user).filter(round__campaign=campaign, total__isnull=False).order_by("version_id")
    found = dict(rows.values_list("version__urn", "version__title_zh"))
    return sorted(found.items(), key=lambda one: (one[0] != main, one[0]))


def points_of(campaign: Campaign, urn: str, user: Any) -> list[Point]:
    """Every round scored under a standard, and the scores from outside, in the order of days: four queries.

    Scores from outside that name another standard of ours are left out; those that name none are shown apart.
    """
    rows = Run.objects.visible_to(user).filter(round__campaign=campaign, version__urn=urn, total__isnull=False)
    newest = {run.round_id: run for run in rows.select_related("round", "version").order_by("created_at", "pk")}
    sections = _sections(list(newest.values()))
    points = [
        Point(
            run.round.name, run.round.kind, str(run.round.get_kind_display()), run.round.ends, float(run.total or 0),
            run.low, run.high, run=run, version=run.version_id, standard=str(run.version), sections=sections[run.pk],
        )
        for run in newest.values()
    ]  # fmt: skip
    for row in own_rows(campaign.pk):
        sheet = row.result
        if sheet.version is None or sheet.version.urn == urn:
            points.append(
                Point(
                    sheet.name, sheet.kind, str(sheet.get_kind_display()), sheet.issued_on, row.total, outside=row,
                    version=sheet.version_id, standard=str(sheet.version or sheet.standard),
                )
            )  # fmt: skip
    return sorted(points, key=lambda one: (one.day, one.name))


def _sections(runs: Sequence[Run]) -> dict[int, dict[tuple[str, str], float]]:
    """Run -> what each section of its standard attained: two queries."""
    nodes = Node.objects.filter(version__in={run.version_id for run in runs}, depth=1).order_by("position")
    titles = {(version, code): title for version, code, title in nodes.values_list("version_id", "code", "title_zh")}
    codes = {code for _version, code in titles}
    rows = NodeResult.objects.filter(run__in=[run.pk for run in runs], code__in=codes, attained__isnull=False)
    held = {(run, code): attained for run, code, attained in rows.values_list("run_id", "code", "attained")}
    return {
        run.pk: {
            (code, title): held[run.pk, code]
            for (version, code), title in titles.items()
            if version == run.version_id and (run.pk, code) in held
        }
        for run in runs
    }


def stretches(points: Sequence[Point]) -> list[list[int]]:
    """The places of the points that one line joins: neighbours of one version, those of no version left out."""
    found: list[list[int]] = []
    last: int | None = None
    for place, point in enumerate(points):
        if point.version is None:
            continue
        if point.version != last:
            found.append([])
        found[-1].append(place)
        last = point.version
    return found


def breaks(points: Sequence[Point]) -> list[Break]:
    """Where a line breaks because the standard changed."""
    runs = stretches(points)
    return [Break(points[one[-1]], points[other[0]]) for one, other in pairwise(runs)]
