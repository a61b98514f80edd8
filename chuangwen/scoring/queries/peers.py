"""Who our peers are: other regions' runs that the reader may see, and totals that others gave, of one year and kind."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from chuangwen.scoring.models import Run
from chuangwen.scoring.queries.outside import PeerTotal, peer_totals
from chuangwen.scoring.standing import Peer, Standing, standing


def standing_of(run: Run, user: Any) -> tuple[Standing, str] | None:
    """Where the run stands among its peers, and the name of their group; None without any, or under a veto.

    A region that is in the program and on the sheet stands once, by its run, which has an interval. Three queries.
    """
    if run.total is None or run.vetoed:
        return None
    inside = _runs_beside(run, user)
    group, outside = _group_of(peer_totals(run.region, run.round.year, run.round.kind))
    peers = [Peer(run.region.name, run.total, run.low, run.high, own=True)]
    for one in inside:
        url = reverse("scoring:run", args=[one.pk])
        peers.append(Peer(one.region.name, one.total or 0.0, one.low, one.high, url=url))
    known = {one.name for one in peers}
    peers += [Peer(one.subject, one.total) for one in outside if one.subject not in known]
    found = standing(peers)
    return (found, group) if found else None


def _runs_beside(run: Run, user: Any) -> list[Run]:
    """The newest run of each other region under the same standard, of the same year and kind of round.

    Where that one is vetoed or has no total the region has no rank, whatever an older run said.
    """
    rows = Run.objects.visible_to(user).filter(
        round__year=run.round.year, round__kind=run.round.kind,
        version__urn=run.version.urn, version__version=run.version.version,
    ).exclude(region=run.region_id)  # fmt: skip
    newest: dict[int, Run] = {}
    for one in rows.select_related("region").order_by("created_at", "pk"):
        newest[one.region_id] = one
    return [one for one in newest.values() if one.total is not None and not one.vetoed]


def _group_of(rows: list[PeerTotal]) -> tuple[str, list[PeerTotal]]:
    """Of a sheet those of our group: the one in which it names us, else its only one; nothing where that is open."""
    groups = {one.group for one in rows if one.own} or {one.group for one in rows}
    if len(groups) != 1:
        return "", []
    group = groups.pop()
    return group, [one for one in rows if one.group == group and not one.own]
