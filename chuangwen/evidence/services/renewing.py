"""A standard is replaced: dossiers that are being filled go on under the version that replaces it.

Source: the standard file, on the diff: evidence follows kept, moved and reworded nodes; what is dropped is archived,
never deleted. Dossiers that are handed in or reviewed stay with the version by which they were judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import require_actor
from chuangwen.evidence.enums import WITH_THE_UNIT
from chuangwen.evidence.models import Dossier, Link
from chuangwen.evidence.queries.dossiers import slots_for
from chuangwen.evidence.services.figures import refresh_figures
from chuangwen.evidence.workflow import EDIT
from chuangwen.workflow.services import note_many

JOINED = ("node__version", "unit__region", "region")


def carry_dossiers(campaign: Campaign, goes: Mapping[int, Sequence[int]], *, actor: Any) -> int:
    """Take the open dossiers of old criteria to those that continue them (`goes`, by key); returns how many moved.

    Where several old ones become one, the first moves and the pieces of the others are linked in it too; the others
    stay as they are. A piece whose slot the new criterion does not have stays in the dossier, in no slot.
    """
    require_actor(actor, EDIT, campaign)
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        mine = Dossier.objects.filter(campaign=campaign, year__gte=clock.today().year)
        news = {new for some in goes.values() for new in some}
        there = {(one.node_id, one.unit_id, one.year): one.pk for one in mine.filter(node__in=news)}
        moved: list[Dossier] = []
        data: dict[int, dict[str, Any]] = {}
        copies: list[tuple[int, int]] = []
        for dossier in mine.filter(node__in=goes, state__in=WITH_THE_UNIT).select_related("region").order_by("pk"):
            old, new = dossier.node_id, next(iter(goes[dossier.node_id]), None)
            if new is None:
                continue
            key = (new, dossier.unit_id, dossier.year)
            if key in there:
                copies.append((dossier.pk, there[key]))
                continue
            there[key] = dossier.pk
            Dossier.objects.filter(pk=dossier.pk).update(node=new, updated_at=clock.now())
            moved.append(dossier)
            data[dossier.pk] = {"from": old, "to": new}
        touched = _copy_links(copies) | set(data)
        refresh_figures(Dossier.objects.filter(pk__in=touched).select_related(*JOINED))
        note_many(moved, "renew", actor=actor, data=data)
    return len(moved)


def _copy_links(copies: list[tuple[int, int]]) -> set[int]:
    """Link the pieces of the first dossier of each pair in the second; returns the keys of those that got any."""
    targets = Dossier.objects.filter(pk__in={new for _old, new in copies}, state__in=WITH_THE_UNIT)
    by_key = {one.pk: one for one in targets.select_related(*JOINED)}
    made: list[Link] = []
    for old, new in copies:
        if target := by_key.get(new):
            keys = {slot.key for slot in slots_for(target.node)}
            made += [
                Link(region_id=target.region_id, dossier=target, slot=one.slot, piece_id=one.piece_id,
                     passage=one.passage)
                for one in Link.objects.filter(dossier=old) if one.slot in keys
            ]  # fmt: skip
    Link.objects.bulk_create(made, ignore_conflicts=True)
    return {link.dossier_id for link in made}
