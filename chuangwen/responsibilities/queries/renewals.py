"""Which duties of an earlier version can be taken over by the version that replaces it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from chuangwen.campaigns.models import Campaign
from chuangwen.responsibilities.models import Assignment
from chuangwen.standards.comparison import compare
from chuangwen.standards.models import Node, StandardVersion
from chuangwen.standards.queries import tree_of


@dataclass(frozen=True, slots=True)
class Renewal:
    """A new version without any duty yet, and the earlier one whose duties it can take over.

    `goes` says for each old criterion which new ones continue it, by key; `changed` counts those
    whose words, points or place changed, `fresh` are new criteria that continue nothing.
    """

    old: StandardVersion
    new: StandardVersion
    goes: dict[int, list[int]]
    changed: int
    fresh: int

    @property
    def continued(self) -> int:
        return len({new for news in self.goes.values() for new in news})


def renewal_of(campaign: Campaign) -> Renewal | None:
    """The first of the campaign's versions that has no duty while an earlier one of its standard has some."""
    counted = Assignment.objects.filter(campaign=campaign).order_by().values_list("node__version").distinct()
    filled = set(counted.values_list("node__version", flat=True))
    if not filled:
        return None
    wanted = StandardVersion.objects.filter(pk__in=campaign.standards.values("version")).exclude(pk__in=filled)
    for new in wanted.order_by("pk"):
        earlier = StandardVersion.objects.filter(pk__in=filled, urn=new.urn, published_at__lt=new.published_at)
        if old := earlier.order_by("-published_at", "-pk").first():
            return _renewal(old, new)
    return None


def _renewal(old: StandardVersion, new: StandardVersion) -> Renewal:
    comparison = compare(tree_of(old), tree_of(new))
    before, after = _leaves(old), _leaves(new)
    goes: defaultdict[int, list[int]] = defaultdict(list)
    changed = set()
    for pair in comparison.pairs:
        if pair.old.code in before and pair.new.code in after:
            goes[before[pair.old.code]].append(after[pair.new.code])
            if pair.changes:
                changed.add(pair.new.code)
    continued = {one for news in goes.values() for one in news}
    return Renewal(old, new, dict(goes), len(changed), len(set(after.values()) - continued))


def _leaves(version: StandardVersion) -> dict[str, int]:
    """Criteria by code."""
    return dict(Node.objects.filter(version=version, is_leaf=True).values_list("code", "pk"))
