"""A standard is replaced: its duties go on under the new version, and only what is new is shared out anew."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.evidence.services import carry_dossiers
from chuangwen.responsibilities.models import Assignment, Origin, Share, SplitCriterion
from chuangwen.responsibilities.queries.renewals import renewal_of
from chuangwen.responsibilities.services.breakdown import Cell, mark_split, set_shares
from chuangwen.standards.models import Node


def renew_breakdown(campaign: Campaign, *, actor: Any) -> int:
    """Give the units of each old criterion to those that continue it; returns how many cells were written.

    Where several old ones become one, a unit that led any of them leads. The old version's duties
    stay as they are, since rounds remain pinned to it; open dossiers go along. Refused where there
    is nothing to take over.
    """
    require_actor(actor, "responsibilities.edit", campaign)
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        renewal = renewal_of(campaign)
        if renewal is None:
            raise Refusal(_("There is no earlier version to take duties from."), _("Fill the matrix by hand."))
        cells: dict[tuple[int, int], str] = {}
        shares = Assignment.objects.filter(campaign=campaign, node__in=renewal.goes).order_by("pk")
        for node, unit, share in shares.values_list("node_id", "unit_id", "share"):
            for new in renewal.goes[node]:
                if share == Share.LEAD or (new, unit) not in cells:
                    cells[new, unit] = share
        wanted = [Cell(node, unit, share) for (node, unit), share in cells.items()]
        split = SplitCriterion.objects.filter(campaign=campaign, node__in=renewal.goes).values_list(
            "node_id", flat=True
        )
        for node in Node.objects.filter(pk__in={new for old in split for new in renewal.goes[old]}):
            mark_split(campaign, node, split=True, actor=actor)
        carry_dossiers(campaign, renewal.goes, actor=actor)
        return set_shares(campaign, wanted, origin=Origin.HAND, actor=actor)
