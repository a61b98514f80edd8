"""The rank among peers on the result page, with a plain word where it says nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from chuangwen.scoring.models import Run
from chuangwen.scoring.queries.peers import standing_of
from chuangwen.scoring.standing import Standing, runs_of

PEERS_SHOWN = 60


def peers_of(request: HttpRequest, run: Run) -> dict[str, Any]:
    """Context of scoring/parts/peers.html; nothing where there are no peers."""
    found = standing_of(run, request.user)
    if found is None:
        return {}
    stands, group = found
    return {"standing": stands, "standing_words": rank_words(stands, group), "peers": stands.placed[:PEERS_SHOWN]}


def rank_words(stands: Standing, group: str = "") -> str:
    """Of 12 in the group rank 3; overlaps with ranks 2 and 4, so they cannot be told apart."""
    words = {"of": stands.of, "rank": stands.own.rank, "group": group}
    text = _("Rank %(rank)d of %(of)d in the group “%(group)s”") if group else _("Rank %(rank)d of %(of)d")
    said = text % words
    if stands.shared:
        said += _(", shared with %d other") % stands.shared
    if stands.unclear:
        ranks = [
            _("%(first)d to %(last)d") % {"first": first, "last": last} if first != last else _("no. %d") % first
            for first, last in runs_of(stands.unclear)
        ]
        said += _("; the intervals overlap with %s: they cannot be told apart") % _(" and ").join(ranks)
    elif stands.plain:
        said += _("; no interval is known, so nobody can say how much of it is luck of the draw")
    else:
        said += _("; no interval overlaps")
    return said
