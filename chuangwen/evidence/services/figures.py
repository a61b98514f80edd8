"""Keeps a dossier's figures. Nothing else writes them, so that a matrix can trust them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from chuangwen.core import clock
from chuangwen.core.asking import Question
from chuangwen.core.updating import update_row
from chuangwen.evidence.models import Dossier, Link
from chuangwen.evidence.queries.dossiers import completeness_for, slots_for

KEPT = ("slots_needed", "slots_filled", "missing_since", "months", "updated_at")
LINKS = Question(lambda dossier: Link.objects.filter(dossier=dossier).select_related("piece"))


def refresh_figures(dossiers: Iterable[Dossier]) -> None:
    """Count anew what these dossiers hold and write it; their criteria and versions are joined. Two queries."""
    chosen = list(dossiers)
    links: defaultdict[int, list[Link]] = defaultdict(list)
    alone = len(chosen) == 1  # mostly: one dossier that was just given something
    for link in LINKS(chosen[0]) if alone else Link.objects.filter(dossier__in=chosen).select_related("piece"):
        links[link.dossier_id].append(link)
    for dossier in chosen:
        found = completeness_for(slots_for(dossier.node), links[dossier.pk], dossier.year)
        dossier.slots_needed, dossier.slots_filled, dossier.months = found.needed, found.filled, found.months
        dossier.missing_since = None if found.is_complete else dossier.missing_since or clock.today()
        dossier.updated_at = clock.now()
    if alone:
        update_row(chosen[0], {name: getattr(chosen[0], name) for name in KEPT})
    else:
        Dossier.objects.bulk_update(chosen, KEPT, batch_size=500)


def refresh_of_piece(piece_id: int) -> None:
    """The figures of every dossier in which a piece stands."""
    refresh_figures(Dossier.objects.filter(links__piece=piece_id).distinct().select_related("node__version"))
