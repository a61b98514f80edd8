"""Where each group of criteria stands: its goal, what the last run gave, and the loss to be expected.

The forecast takes the last run and what can still be won back of its losses until the next judgement (winning.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chuangwen.campaigns.models import Campaign
from chuangwen.scoring.models import GoalGroup, NodeResult, Run
from chuangwen.scoring.queries.loss_lines import By, LossBook, loss_lines
from chuangwen.scoring.queries.runs import last_runs
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.queries import tree_of
from chuangwen.standards.tree import Node

NEAR = 1e-9


@dataclass
class GoalLine:
    """One group with its figures in points; all nought without a run."""

    group: GoalGroup
    criteria: int = 0
    unassessed: int = 0
    points: float = 0.0
    got: float = 0.0
    back: float = 0.0  # lost, and can be won back
    gone: float = 0.0  # lost, and hardly

    @property
    def goal(self) -> float:
        """Points that are to be reached: all of them where none is to be lost."""
        return self.points if self.group.goal is None else self.group.goal

    @property
    def forecast(self) -> float:
        """What it comes to when all that can be won back is."""
        return self.got + self.back

    @property
    def lost(self) -> float:
        return self.back + self.gone

    @property
    def gap(self) -> float:
        return max(0.0, self.goal - self.got)

    @property
    def reachable(self) -> bool:
        """Whether the forecast reaches the goal."""
        return self.forecast >= self.goal - NEAR


@dataclass
class Goals:
    """All groups of a campaign, what fits several of them, and what is in none."""

    run: Run | None
    lines: list[GoalLine]
    several: list[tuple[str, str]] = field(default_factory=list)  # (criterion, groups)
    none: list[str] = field(default_factory=list)


def main_version(campaign: Campaign) -> StandardVersion | None:
    """The standard by which goals are set."""
    row = campaign.standards.filter(is_main=True).select_related("version").first()
    return row.version if row else None


def goals_of(campaign: Campaign, *, forecast: bool = True) -> Goals | None:
    """Every group with its figures from the campaign's last run; None without groups. Ten queries whatever the rows.

    Without `forecast` four: `back` is nought, for a page that is opened all day and shows what was got alone.
    """
    groups, version = list(GoalGroup.objects.filter(campaign=campaign).select_related("lead")), main_version(campaign)
    if not groups or version is None:
        return None
    run = last_runs(campaign.region_id, campaign.pk).filter(total__isnull=False, version=version).first()
    goals = Goals(run, [GoalLine(group) for group in groups])
    results = {one.code: one for one in NodeResult.objects.filter(run=run)} if run else {}
    book = LossBook.whole(run) if run and forecast else None
    lost = {one.key: one for one in loss_lines(book, By.CRITERION, told=0).lines} if book else {}
    for leaf, fits in leaves_by_group(version, groups):
        words = f"{leaf.code} {leaf.title}"
        if not fits:
            goals.none.append(words)
            continue
        if len(fits) > 1:
            goals.several.append((words, "、".join(groups[at].name for at in fits)))
        _add(goals.lines[fits[0]], results.get(leaf.code), lost.get(leaf.code))
    return goals


def leaves_by_group(version: StandardVersion, groups: list[GoalGroup]) -> list[tuple[Node, list[int]]]:
    """Each criterion with the places of the groups that it fits; it belongs to the first."""
    found = []
    for top in tree_of(version).nodes:
        for leaf in (node for node in top.walk() if node.is_leaf):
            fits = [at for at, group in enumerate(groups) if _fits(group, top.code, leaf)]
            found.append((leaf, fits))
    return found


def _fits(group: GoalGroup, section: str, leaf: Node) -> bool:
    return (
        section in group.sections
        or leaf.method in group.methods
        or not set(leaf.place_types).isdisjoint(group.place_types)
    )


def _add(line: GoalLine, result: NodeResult | None, lost: Any) -> None:
    line.criteria += 1
    if result is None or not result.assessed:
        line.unassessed += 1
        return
    missing = result.lost or 0.0
    back = min(missing, lost.back) if lost else 0.0
    line.got += result.attained or 0.0
    line.points += (result.attained or 0.0) + missing
    line.back += back
    line.gone += missing - back
